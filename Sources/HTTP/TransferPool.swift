private import CCurl

/// The transfers of a loop: those under way, and those that wait for a connection to their host. Used by one thread only.
///
/// The limit for a host is kept here and not by libcurl, whose own queue lets a transfer's timeouts run while it waits.
final class TransferPool {
    private let multi: UnsafeMutableRawPointer
    private let settings: HTTPClient.Settings
    private var active: [UnsafeMutableRawPointer: Transfer] = [:]
    private var activeCount: [String: Int] = [:]
    private var waiting: [String: [Transfer]] = [:]
    /// Easy handles that are not in use. Making a new one costs more than resetting an old one.
    private var idle: [UnsafeMutableRawPointer] = []

    init(multi: UnsafeMutableRawPointer, settings: HTTPClient.Settings) {
        self.multi = multi
        self.settings = settings
    }

    /// Begins a transfer, or lets it wait while its host has as many as it may.
    func start(_ transfer: Transfer) {
        if transfer.ticket.isCancelled {
            transfer.fail(.cancelled(sent: false))
        } else if activeCount[transfer.endpoint, default: 0] >= settings.connectionsPerHost {
            waiting[transfer.endpoint, default: []].append(transfer)
        } else {
            begin(transfer)
        }
    }

    /// Closes the connection of the transfer and tells its caller.
    func cancel(_ ticket: Ticket) {
        if let (handle, transfer) = active.first(where: { $0.value.ticket === ticket }) {
            let sent = transfer.hasSentAnything(handle)
            release(handle, transfer)
            transfer.fail(.cancelled(sent: sent))
            return
        }
        for (endpoint, transfers) in waiting {
            if let index = transfers.firstIndex(where: { $0.ticket === ticket }) {
                waiting[endpoint]?.remove(at: index).fail(.cancelled(sent: false))
                return
            }
        }
    }

    /// Moves bytes, and finishes the transfers that are done.
    func perform() {
        var running: Int32 = 0
        curl_multi_perform(multi, &running)
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                let transfer = active[handle]
            else { continue }
            let code = message.pointee.data.result
            transfer.finish(handle, code)
            release(handle, transfer)
            transfer.reply()
        }
    }

    /// Sleeps until a socket is ready, a timeout of libcurl's is due, or somebody wakes the multi handle up.
    func wait() {
        curl_multi_poll(multi, nil, 0, 60_000, nil)
    }

    /// Fails whatever is left and gives everything back to libcurl.
    func close() {
        for (handle, transfer) in active {
            let sent = transfer.hasSentAnything(handle)
            curl_multi_remove_handle(multi, handle)
            curl_easy_cleanup(handle)
            transfer.fail(.cancelled(sent: sent))
        }
        for transfer in waiting.values.joined() { transfer.fail(.cancelled(sent: false)) }
        for handle in idle { curl_easy_cleanup(handle) }
        curl_multi_cleanup(multi)
    }

    private func begin(_ transfer: Transfer) {
        guard let handle = idle.popLast() ?? curl_easy_init() else {
            transfer.fail(
                .other(
                    code: Int(CURLE_OUT_OF_MEMORY.rawValue), text: "no handle for a transfer", endpoint: transfer.endpoint,
                    sent: false))
            return
        }
        var code = transfer.configure(handle, settings)
        if code == nil {
            let added = curl_multi_add_handle(multi, handle)
            if added != CURLM_OK {
                code = .other(
                    code: Int(added.rawValue), text: String(cString: curl_multi_strerror(added)),
                    endpoint: transfer.endpoint,
                    sent: false)
            }
        }
        if let code {
            curl_easy_cleanup(handle)
            transfer.fail(code)
        } else {
            active[handle] = transfer
            activeCount[transfer.endpoint, default: 0] += 1
        }
    }

    private func release(_ handle: UnsafeMutableRawPointer, _ transfer: Transfer) {
        curl_multi_remove_handle(multi, handle)
        active[handle] = nil
        curl_easy_reset(handle)
        idle.append(handle)
        let endpoint = transfer.endpoint
        activeCount[endpoint, default: 1] -= 1
        if activeCount[endpoint] == 0 { activeCount[endpoint] = nil }
        beginWaiting(endpoint)
    }

    /// Begins what may begin now. One that fails at once leaves its place to the next.
    private func beginWaiting(_ endpoint: String) {
        while activeCount[endpoint, default: 0] < settings.connectionsPerHost, var queue = waiting[endpoint], !queue.isEmpty {
            let next = queue.removeFirst()
            waiting[endpoint] = queue.isEmpty ? nil : queue
            begin(next)
        }
    }
}
