internal import Administration
internal import ArgumentParser
internal import Glibc

/// Standard output and standard error.
enum Output {
    /// Prints a reply.
    static func write(_ reply: AdministrationReply, asJSON: Bool) throws(AdministrationFailure) {
        guard asJSON else { return write(ReplyText.render(reply)) }
        do throws(ControlFailure) {
            try write(ControlCodec.document(of: reply) + "\n")
        } catch {
            throw AdministrationFailure("\(error)", exitCode: .software)
        }
    }

    /// Prints what a command that needs no daemon found: as one JSON document, or as `text`.
    static func write(_ report: some Encodable, text: String, asJSON: Bool) throws {
        guard asJSON else { return write(text) }
        do throws(ControlFailure) {
            write(try ControlCodec.document(of: report) + "\n")
        } catch {
            throw exit(after: AdministrationFailure("\(error)", exitCode: .software))
        }
    }

    /// Says what goes with the output and is no part of it.
    static func note(_ text: String) {
        write("ligasectl: \(text)\n", to: STDERR_FILENO)
    }

    /// Says what an operator should know, beside the output.
    static func warn(_ text: String) {
        write("ligasectl: warning: \(text)\n", to: STDERR_FILENO)
    }

    /// How wide the terminal is; 100 columns where nobody knows.
    static var columns: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 100 }
        return Int(size.ws_col)
    }

    /// Prints text; a reader that has gone away ends the program by SIGPIPE, as usual.
    static func write(_ text: String) {
        write(text, to: STDOUT_FILENO)
    }

    /// Prints text for a program that has something to clear away in the end: what nobody reads any more is lost.
    static func writeUnlessUnread(_ text: String) {
        write(text, to: STDOUT_FILENO, endsUnread: false)
    }

    /// Says what went wrong, and makes the error that ends the program with the fitting code.
    static func exit(after failure: AdministrationFailure) -> ExitCode {
        write("ligasectl: " + ReplyText.render(.failed(failure)), to: STDERR_FILENO)
        return ExitCode(failure.exitCode.rawValue)
    }

    private static func write(_ text: String, to descriptor: Int32, endsUnread: Bool = true) {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            if count < 0 && errno == EPIPE && endsUnread {
                signal(SIGPIPE, SIG_DFL)
                raise(SIGPIPE)
            }
            // Nothing is left to say it with.
            guard count > 0 else { return }
            written += count
        }
    }
}
