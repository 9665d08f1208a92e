internal import XMPPModel

/// The work of ``XMLStreamParser``. It is a value because a class would check its accesses to itself for each stanza.
struct StreamReading {
    var limits: XMLLimits
    var pausesAfterElement = false

    private let contentNamespace: String
    private let contentBytes: [UInt8]
    private var phase = Phase.prologue(declaration: nil)
    private var context: LibXMLContext?
    private var scanner = MarkupScanner(stopsAfterTag: true)
    /// How much of the first-level element libxml2 has seen.
    private var parsed = 0
    /// The beginning of a first-level element whose rest has not come.
    private var pending: [UInt8] = []
    /// The header's tag, to open a context that takes over.
    private var openingTag: [UInt8] = []
    private var run: [Stanza] = []

    private enum Phase {
        /// - Parameter declaration: The size of the XML declaration, once that is known.
        case prologue(declaration: Int?)
        case open
        case finished
    }

    private enum Progress {
        case incomplete
        /// - Parameter end: Behind the first-level element.
        case complete(end: Int, isPause: Bool)
    }

    init(limits: XMLLimits, contentNamespace: String) {
        self.limits = limits
        self.contentNamespace = contentNamespace
        contentBytes = Array(contentNamespace.utf8)
    }

    var isFinished: Bool {
        if case .finished = phase { true } else { false }
    }

    var isBetweenElements: Bool { pending.isEmpty }

    mutating func feed(_ bytes: UnsafeRawBufferPointer, into events: inout [XMLStreamEvent]) -> Int {
        var taken = 0
        var isPaused = false
        while taken < bytes.count, !isFinished, !isPaused {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[taken...])
            if pending.isEmpty {
                taken += feedWhole(rest, &isPaused, &events)
            } else {
                taken += feedPending(rest, &isPaused, &events)
            }
        }
        endRun(&events)
        return isFinished ? bytes.count : taken
    }

    mutating func releaseIdleMemory() {
        guard pending.isEmpty, case .open = phase else { return }
        context = nil
        pending = []
        run = []
    }

    // MARK: - Elements, whole and in pieces

    /// Reads elements where they are; the last one, if it is not complete, is put by.
    private mutating func feedWhole(
        _ bytes: UnsafeRawBufferPointer, _ isPaused: inout Bool, _ events: inout [XMLStreamEvent]
    ) -> Int {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
        var start = 0
        while !isFinished, !isPaused {
            while start < bytes.count, base[start].isXMLSpace { start += 1 }
            guard start < bytes.count else { return start }
            switch advance(base + start, count: bytes.count - start, &events) {
            case .incomplete:
                if !isFinished { pending.append(contentsOf: bytes[start...]) }
                return bytes.count
            case .complete(let end, let pauses):
                start += end
                isPaused = pauses
            }
        }
        return start
    }

    /// Goes on with the element that was put by, in pieces, since what follows it in `bytes` is not copied.
    private mutating func feedPending(
        _ bytes: UnsafeRawBufferPointer, _ isPaused: inout Bool, _ events: inout [XMLStreamEvent]
    ) -> Int {
        let before = pending.count
        let piece = min(bytes.count, LibXMLContext.piece)
        pending.append(contentsOf: bytes[..<piece])
        var buffer: [UInt8] = []
        swap(&buffer, &pending)
        let progress = buffer.withUnsafeBufferPointer { whole -> Progress in
            guard let base = whole.baseAddress else { return .incomplete }
            return advance(base, count: whole.count, &events)
        }
        switch progress {
        case .incomplete:
            if !isFinished { swap(&buffer, &pending) }
            return piece
        case .complete(let end, let pauses):
            isPaused = pauses
            // The buffer of an unusually large element is not kept for the next.
            if buffer.capacity <= 4 * LibXMLContext.piece {
                buffer.removeAll(keepingCapacity: true)
                swap(&buffer, &pending)
            }
            return end - before
        }
    }

    /// Goes on with the element that begins at `base`.
    private mutating func advance(
        _ base: UnsafePointer<UInt8>, count: Int, _ events: inout [XMLStreamEvent]
    ) -> Progress {
        switch phase {
        case .prologue(let declaration): return open(base, count: count, declaration: declaration, &events)
        case .open: return advanceElement(base, count: count, &events)
        case .finished: return .incomplete
        }
    }

    // MARK: - The header

    private mutating func open(
        _ base: UnsafePointer<UInt8>, count: Int, declaration: Int?, _ events: inout [XMLStreamEvent]
    ) -> Progress {
        let prologue = StreamPrologue(base, count: count, declaration: declaration, limit: limits.headerBytes)
        let start: Int
        switch prologue {
        case .incomplete(let declaration):
            phase = .prologue(declaration: declaration)
            return .incomplete
        case .fault(let fault): return fail(fault, &events)
        case .tag(let declaration, let position):
            phase = .prologue(declaration: declaration)
            start = position
        }
        var tagLimits = limits
        tagLimits.tagBytes = limits.headerBytes
        let outcome = scanner.scan(
            base + start, count: count - start, parsed: 0, bound: limits.headerBytes - start, limits: tagLimits)
        switch outcome {
        case .exhausted: return .incomplete
        case .fault(.tooBig), .fault(.tagTooLong): return fail(.headerTooBig, &events)
        case .fault(let fault): return fail(fault, &events)
        case .complete, .checkpoint, .longText, .longCharacterData: break
        }
        let end = start + scanner.cursor
        guard let context = makeContext() else { return fail(.outOfMemory, &events) }
        if let fault = context.parse(base, count: end) { return fail(fault, &events) }
        guard let header = context.header, context.isDrained else { return fail(.malformed, &events) }
        events.append(.header(header))
        if scanner.depth == 0 { return close(&events) }
        openingTag = Array(UnsafeBufferPointer(start: base + start, count: end - start))
        phase = .open
        self.context = context.isWornOut ? nil : context
        scanner = MarkupScanner()
        return .complete(end: end, isPause: false)
    }

    private func makeContext() -> LibXMLContext? { LibXMLContext(contentNamespace: contentNamespace) }

    /// The context of the stream, or one that takes over in the middle of it.
    private mutating func currentContext() -> LibXMLContext? {
        if let context { return context }
        let successor = makeContext()
        guard let successor, successor.parse(openingTag, count: openingTag.count) == nil else { return nil }
        context = successor
        return successor
    }

    // MARK: - First-level elements

    private mutating func advanceElement(
        _ base: UnsafePointer<UInt8>, count: Int, _ events: inout [XMLStreamEvent]
    ) -> Progress {
        guard base[0] == UInt8(ascii: "<") else {
            guard let fault = FirstLevelText.fault(base, count: count) else { return .incomplete }
            return fail(fault, &events)
        }
        guard let context = currentContext() else { return fail(.outOfMemory, &events) }
        while true {
            let outcome = scanner.scan(
                base, count: count, parsed: parsed, bound: limits.elementBytes, limits: limits)
            var fault: MarkupFault?
            switch outcome {
            case .checkpoint: fault = parse(base, to: scanner.cursor, in: context)
            case .longText:
                fault =
                    parse(base, to: scanner.tagEnd, in: context) ?? parseText(base, to: scanner.cursor, in: context)
            case .longCharacterData:
                fault =
                    parse(base, to: scanner.tokenStart, in: context)
                    ?? parseText(base, to: scanner.cursor, by: LibXMLContext.characterDataPiece, in: context)
            case .complete:
                fault = parse(base, to: scanner.cursor, in: context)
                if fault == nil { return finishElement(base, context, &events) }
            case .exhausted:
                fault = parseAhead(base, in: context)
                if fault == nil { return .incomplete }
            case .fault(let reason): fault = parseBefore(reason, base, in: context)
            }
            if let fault { return fail(fault, &events) }
        }
    }

    private mutating func finishElement(
        _ base: UnsafePointer<UInt8>, _ context: LibXMLContext, _ events: inout [XMLStreamEvent]
    ) -> Progress {
        let end = scanner.cursor
        if scanner.depth < 0 { return context.openElements == 0 ? close(&events) : fail(.malformed, &events) }
        // The scanner and libxml2 have to agree that here an element ends, or the slice would not be one.
        guard context.openElements == 1, context.isDrained else { return fail(.malformed, &events) }
        let raw = UnsafeRawBufferPointer(start: base, count: end)
        var isPause = false
        if let stanza = context.stanza(raw, contentNamespace: contentBytes) {
            run.append(stanza)
        } else if let element = context.takeElement() {
            endRun(&events)
            events.append(.element(element))
            isPause = pausesAfterElement
        } else {
            return fail(.malformed, &events)
        }
        scanner = MarkupScanner()
        parsed = 0
        if context.isWornOut { self.context = nil }
        return .complete(end: end, isPause: isPause)
    }

    // MARK: - Feeding libxml2

    private mutating func parse(_ base: UnsafePointer<UInt8>, to end: Int, in context: LibXMLContext) -> MarkupFault? {
        guard end > parsed else { return nil }
        defer { parsed = end }
        return context.parse(base + parsed, count: end - parsed)
    }

    private mutating func parseText(
        _ base: UnsafePointer<UInt8>, to end: Int, by size: Int = LibXMLContext.piece, in context: LibXMLContext
    ) -> MarkupFault? {
        while end - parsed > size {
            let cut = UTF8Sequence.cut(base, from: parsed, to: parsed + size)
            if let fault = parse(base, to: max(cut, parsed + 1), in: context) { return fault }
        }
        return parse(base, to: end, in: context)
    }

    /// Shows libxml2 what is complete, so that a fault is not found only when the element ends.
    private mutating func parseAhead(_ base: UnsafePointer<UInt8>, in context: LibXMLContext) -> MarkupFault? {
        if let fault = parse(base, to: scanner.tagEnd, in: context) { return fault }
        guard scanner.isInText, scanner.cursor - parsed >= LibXMLContext.piece else { return nil }
        return parseLoose(base, in: context)
    }

    /// Feeds text whose end has not come, as far as it can be cut.
    private mutating func parseLoose(_ base: UnsafePointer<UInt8>, in context: LibXMLContext) -> MarkupFault? {
        var size = LibXMLContext.piece
        if scanner.isInCharacterData {
            if let fault = parse(base, to: scanner.tokenStart, in: context) { return fault }
            size = LibXMLContext.characterDataPiece
        }
        let end = UTF8Sequence.cut(base, from: parsed, to: scanner.cursor)
        return parseText(base, to: end, by: size, in: context)
    }

    /// What was wrong before the scanner found its own fault comes first, however the bytes were divided.
    private mutating func parseBefore(
        _ reason: MarkupFault, _ base: UnsafePointer<UInt8>, in context: LibXMLContext
    ) -> MarkupFault {
        guard scanner.tagEnd > 0 else { return reason }
        let earlier =
            scanner.isInText
            ? parse(base, to: scanner.tagEnd, in: context) ?? parseLoose(base, in: context)
            : parse(base, to: scanner.tokenStart, in: context)
        if let earlier { return earlier }
        // libxml2 keeps text until it sees what ends it.
        let end: [UInt8] = Array((scanner.isInCharacterData ? "]]><" : "<").utf8)
        return context.parse(end, count: end.count) ?? reason
    }

    // MARK: - Ends

    private mutating func endRun(_ events: inout [XMLStreamEvent]) {
        guard !run.isEmpty else { return }
        events.append(.stanzas(run))
        run = []
    }

    private mutating func close(_ events: inout [XMLStreamEvent]) -> Progress {
        finish(.closed, &events)
        return .incomplete
    }

    private mutating func fail(_ fault: MarkupFault, _ events: inout [XMLStreamEvent]) -> Progress {
        finish(.failed(fault.streamError), &events)
        return .incomplete
    }

    private mutating func finish(_ event: XMLStreamEvent, _ events: inout [XMLStreamEvent]) {
        endRun(&events)
        events.append(event)
        phase = .finished
        context = nil
        pending = []
        openingTag = []
    }
}
