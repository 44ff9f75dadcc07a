private import CCurl
private import Synchronization

/// The one thread on which all transfers of a client run, and the queue by which others talk to it.
///
/// Only that thread touches a handle of libcurl, except for `curl_multi_wakeup`, which may be called from anywhere.
final class TransferLoop: Sendable {
    /// How a transfer's caller is told its result.
    typealias Continuation = CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>

    private enum Command: Sendable {
        case start(Ticket, HTTPRequest, Continuation)
        case cancel(Ticket)
        case stop
    }

    /// A handle of libcurl's multi interface.
    ///
    /// Unchecked: the loop's thread is the only one to use it, but for `wakeUp`, which libcurl declares thread-safe.
    /// Source: https://curl.se/libcurl/c/curl_multi_wakeup.html
    private struct Multi: @unchecked Sendable {
        let raw: UnsafeMutableRawPointer

        func wakeUp() { curl_multi_wakeup(raw) }
    }

    private struct Mailbox {
        var commands: [Command] = []
        /// After `stop` the multi handle may be gone at any time, and nothing may wake it up.
        var isStopped = false
    }

    private let multi: Multi
    private let mailbox = Mutex(Mailbox())

    /// - Throws: `other` where there is no handle or thread to be had.
    init(_ settings: HTTPClient.Settings) throws(HTTPError) {
        guard curlIsReady, let raw = curl_multi_init() else {
            throw .other(code: Int(CURLE_FAILED_INIT.rawValue), text: "libcurl does not start", endpoint: "", sent: false)
        }
        multi = Multi(raw: raw)
        // Connections that are kept although idle. Without this the limit is four times the transfers in flight.
        _ = ccurl_multi_set_long(raw, CURLMOPT_MAXCONNECTS, settings.connectionsPerHost * 8)
        let code = LoopThread.start { [self] in run(TransferPool(multi: multi.raw, settings: settings)) }
        guard code == 0 else {
            curl_multi_cleanup(raw)
            throw .other(code: Int(code), text: "no thread for transfers", endpoint: "", sent: false)
        }
    }

    /// Begins a transfer; `continuation` is resumed exactly once.
    func start(_ ticket: Ticket, _ request: HTTPRequest, _ continuation: Continuation) {
        post(.start(ticket, request, continuation))
    }

    /// Ends a transfer that is under way or still to be started.
    func cancel(_ ticket: Ticket) {
        ticket.cancel()
        post(.cancel(ticket))
    }

    /// Ends the thread. No transfer can be under way: each holds its client while it is.
    func stop() {
        post(.stop)
    }

    private func post(_ command: Command) {
        // Waking up happens under the lock: once the thread has taken a `stop` out, it destroys the multi handle.
        mailbox.withLock { mailbox in
            if mailbox.isStopped { return }
            if case .stop = command { mailbox.isStopped = true }
            mailbox.commands.append(command)
            multi.wakeUp()
        }
    }

    private func run(_ pool: TransferPool) {
        while true {
            let commands = mailbox.withLock { mailbox in
                let commands = mailbox.commands
                mailbox.commands = []
                return commands
            }
            for command in commands {
                switch command {
                case .start(let ticket, let request, let continuation):
                    pool.start(Transfer(ticket: ticket, request: request, continuation: continuation))
                case .cancel(let ticket):
                    pool.cancel(ticket)
                case .stop:
                    pool.close()
                    return
                }
            }
            pool.perform()
            if mailbox.withLock({ $0.commands.isEmpty }) {
                pool.wait()
            }
        }
    }
}

/// Prepares libcurl, once for the process.
private let curlIsReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
