/// The exit codes of both programs, from sysexits.h.
public enum ExitStatus: Int32, Hashable, Sendable, Codable {
    /// EX_OK.
    case success = 0
    /// EX_USAGE: the command line is wrong.
    case usage = 64
    /// EX_DATAERR: a file that was handed over is wrong.
    case dataError = 65
    /// EX_NOINPUT: a file that was named cannot be read.
    case noInput = 66
    /// EX_NOHOST: a name that was given is not known, such as a domain that is not hosted or a stream that is gone.
    case noHost = 68
    /// EX_UNAVAILABLE: no daemon answers, or the peer does not.
    case unavailable = 69
    /// EX_SOFTWARE: an error of our own.
    case software = 70
    /// EX_OSERR: the system refused something.
    case systemError = 71
    /// EX_CANTCREAT: a file could not be written.
    case cannotCreate = 73
    /// EX_IOERR: reading or writing broke off.
    case inputOutputError = 74
    /// EX_TEMPFAIL: it did not work now and may work later, such as a ping with no answer in time.
    case temporaryFailure = 75
    /// EX_PROTOCOL: the other side does not speak our protocol.
    case protocolError = 76
    /// EX_NOPERM: not allowed.
    case noPermission = 77
    /// EX_CONFIG: the configuration is wrong.
    case configuration = 78
}
