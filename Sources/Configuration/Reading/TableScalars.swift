/// Strings, numbers and choices.
extension TableReader {
    /// A string; `nil` when it is not set or is something else, which is reported.
    func string(_ key: String) -> String? {
        guard let value = value(key) else { return nil }
        guard case .string(let text) = value.content else {
            wrongType(key, value, needed: "a string", mend: "write \(key) = \"…\"")
            return nil
        }
        return text
    }

    /// A string that has to be there and must not be empty.
    func requiredString(_ key: String, mend: String) -> String? {
        guard isSet(key) else {
            _ = value(key)
            error(key, "is missing", mend: mend)
            return nil
        }
        guard let text = string(key) else { return nil }
        guard !text.isEmpty else {
            error(key, "is empty", mend: mend)
            return nil
        }
        return text
    }

    /// True or false.
    func boolean(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        guard case .boolean(let answer) = value.content else {
            var mend = "write \(key) = true or \(key) = false"
            if case .string(let text) = value.content, text == "true" || text == "false" {
                mend = "write \(key) = \(text), without quotation marks"
            }
            wrongType(key, value, needed: "true or false", mend: mend)
            return nil
        }
        return answer
    }

    /// True or false, with a default.
    func boolean(_ key: String, default fallback: Bool) -> Bool {
        boolean(key) ?? fallback
    }

    /// A whole number; `nil` when it is not set or is something else, which is reported.
    func integer(_ key: String) -> Int64? {
        guard let value = value(key) else { return nil }
        guard case .integer(let number) = value.content else {
            wrongType(key, value, needed: "a whole number", mend: "write \(key) = 1")
            return nil
        }
        return number
    }

    /// A whole number within `range`.
    func integer(_ key: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
        guard let value = value(key) else { return fallback }
        return integer(key, value, in: range, example: fallback) ?? fallback
    }

    /// A limit, where 0 means that there is none.
    func limit(_ key: String, default fallback: Int?) -> Int? {
        let largestLimit = 1 << 50
        let number = integer(key, default: fallback ?? 0, in: 0...largestLimit)
        return number == 0 ? nil : number
    }

    /// A list of whole numbers, each once.
    func integers(_ key: String, in range: ClosedRange<Int>) -> [Int]? {
        let example = range.map(String.init).joined(separator: ", ")
        guard let elements = elements(key, mend: "write \(key) = [\(example)]") else { return nil }
        let numbers = elements.compactMap { integer(key, $0, in: range, example: range.lowerBound) }
        if elements.isEmpty { error(key, "is an empty list", mend: "write \(key) = [\(example)]") }
        if Set(numbers).count < numbers.count { error(key, "holds a number twice", mend: "name each once") }
        return numbers
    }

    /// One of a few words.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: String) -> Choice? {
        let words = Choice.allCases.map(\.rawValue)
        let mend = "write \(words.map { "\"\($0)\"" }.joined(separator: " or "))"
        guard let value = value(key) else { return nil }
        guard case .string(let word) = value.content else {
            wrongType(key, value, needed: "a string", mend: mend)
            return nil
        }
        guard let choice = Choice(rawValue: word) else {
            error(key, "\"\(word)\" is not a choice", mend: mend)
            return nil
        }
        return choice
    }

    /// One of a few words, with a default.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: String, default fallback: Choice) -> Choice {
        choice(key) ?? fallback
    }

    /// A list of words out of `known`, each once.
    func words(_ key: String, among known: [String]) -> [String]? {
        let choices = known.map { "\"\($0)\"" }.joined(separator: ", ")
        let words = list(key) { (word: String) -> ElementReading<String> in
            if known.contains(word) { return .accepted(word) }
            let meant = KeySuggestion.nearest(to: word, among: known).map { "did you mean \"\($0)\"?" }
            return .refused("is not a choice", mend: meant ?? "choose from \(choices)")
        }
        if let words, Set(words).count < words.count { error(key, "holds a word twice", mend: "name each once") }
        return words
    }

    /// A list of strings, each read by `read`; `nil` when it is not set or is no list. Refused elements are left out.
    func list<Element>(_ key: String, _ read: (String) -> ElementReading<Element>) -> [Element]? {
        elements(key, mend: "write \(key) = [\"…\"]")?.compactMap { element in
            guard case .string(let text) = element.content else {
                error(
                    at: place(of: element), key, "holds \(element.kind), but strings are needed",
                    mend: "write \(key) = [\"…\"]")
                return nil
            }
            switch read(text) {
            case .accepted(let value): return value
            case .refused(let reason, let mend):
                error(at: place(of: element), key, "\"\(text)\" \(reason)", mend: mend)
                return nil
            }
        }
    }

    /// The elements of a list.
    func elements(_ key: String, mend: String) -> [TOMLValue]? {
        guard let value = value(key) else { return nil }
        guard case .array(let elements) = value.content else {
            wrongType(key, value, needed: "a list", mend: mend)
            return nil
        }
        return elements
    }

    /// Reports that `value` is of another type than `needed`.
    func wrongType(_ key: String, _ value: TOMLValue, needed: String, mend: String) {
        let isElement = value.line != self.value(key)?.line || value.column != self.value(key)?.column
        error(
            at: isElement ? place(of: value) : place(of: key), key,
            "\(isElement ? "holds" : "is") \(value.kind), but \(needed) is needed", mend: mend)
    }

    private func integer(_ key: String, _ value: TOMLValue, in range: ClosedRange<Int>, example: Int) -> Int? {
        guard case .integer(let number) = value.content else {
            var mend = "write \(key) = \(example)"
            if case .string(let text) = value.content, let number = Int(text), range.contains(number) {
                mend = "write \(key) = \(number), without quotation marks"
            }
            wrongType(key, value, needed: "a whole number", mend: mend)
            return nil
        }
        guard let whole = Int(exactly: number), range.contains(whole) else {
            error(
                key, "is \(number), which is \(number < range.lowerBound ? "too small" : "too large")",
                mend: "choose from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return whole
    }
}
