/// What became of one string that had to be read as something else.
enum ElementReading<Value> {
    case accepted(Value)
    /// `reason` continues a sentence that begins with the string itself.
    case refused(_ reason: String, mend: String)
}
