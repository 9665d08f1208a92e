extension Array {
    /// Appends an element, and makes room for an eighth more where there is none: an array of thousands that grows by
    /// doubling stands half empty, and each of these may hold a domain pair.
    package mutating func appendSparingly(_ element: Element) {
        if count == capacity, count >= 64 { reserveCapacity(count + count / 8) }
        append(element)
    }
}
