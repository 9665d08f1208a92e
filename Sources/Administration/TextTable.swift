/// Columns of text under their titles, two spaces apart; the last one has no trailing space.
struct TextTable {
    /// One column.
    struct Column {
        let title: String
        /// For numbers, so that their digits stand below each other.
        let isFlushRight: Bool

        static func text(_ title: String) -> Column { Column(title: title, isFlushRight: false) }
        static func number(_ title: String) -> Column { Column(title: title, isFlushRight: true) }
    }

    private struct Row {
        let cells: [String]
        let details: [String]
    }

    private let columns: [Column]
    private var rows: [Row] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row; an empty cell is shown as `-`, so that a line can be cut into its columns by a script.
    ///
    /// - Parameter details: Lines that stand below the row, set in.
    mutating func add(_ cells: [String], details: [String] = []) {
        rows.append(
            Row(
                cells: cells.map { $0.isEmpty ? "-" : DisplayText.escaped($0) },
                details: details.map(DisplayText.escaped)))
    }

    /// The lines, titles first.
    func lines() -> [String] {
        var widths = columns.map { DisplayText.width(of: $0.title) }
        for row in rows {
            for (index, cell) in row.cells.enumerated() where index < widths.count {
                widths[index] = max(widths[index], DisplayText.width(of: cell))
            }
        }
        var lines = [line(columns.map(\.title), widths)]
        for row in rows {
            lines.append(line(row.cells, widths))
            lines += row.details.map { "    " + $0 }
        }
        return lines
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() where index < columns.count {
            if index > 0 { line += "  " }
            let isLast = index == columns.count - 1
            let flushRight = columns[index].isFlushRight
            line += isLast && !flushRight ? cell : DisplayText.padded(cell, to: widths[index], flushRight: flushRight)
        }
        return line
    }
}
