internal import CCurl
private import FoundationEssentials

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Darwin)
    private import Darwin
#endif

/// One request on its way: its body being read, its response being gathered. Used by the loop's thread only.
final class Transfer {
    let ticket: Ticket
    /// `host:port` as the URL has them: what the limit of connections is for, and what an error names.
    let endpoint: String

    private let request: HTTPRequest
    private let continuation: TransferLoop.Continuation
    private var source: BodySource
    private var sink: BodySink
    private var headers = HTTPHeaders()
    private var headerLines: UnsafeMutablePointer<curl_slist>?
    private var errorText: UnsafeMutablePointer<CChar>?
    private var result: Result<HTTPResponse, HTTPError>?

    init(ticket: Ticket, request: HTTPRequest, continuation: TransferLoop.Continuation) {
        self.ticket = ticket
        self.request = request
        self.continuation = continuation
        endpoint = Self.endpoint(of: request.url)
        source = BodySource(request.body)
        sink = BodySink(request.responseBody)
    }

    deinit {
        curl_slist_free_all(headerLines)
        errorText?.deallocate()
    }

    /// Tells the caller that there will be no response.
    func fail(_ error: HTTPError) {
        result = .failure(error)
        reply()
    }

    /// Hands the result to the caller.
    func reply() {
        let text = "the transfer ended without a result"
        let missing = HTTPError.other(code: 0, text: text, endpoint: endpoint, sent: true)
        continuation.resume(returning: result ?? .failure(missing))
    }

    /// Whether any byte of the request was written to a connection.
    func hasSentAnything(_ handle: UnsafeMutableRawPointer) -> Bool {
        var size = 0
        _ = ccurl_get_long(handle, CURLINFO_REQUEST_SIZE, &size)
        return size > 0
    }

    /// Sets a fresh handle up for this request.
    ///
    /// - Returns: an error where that is not possible.
    func configure(_ handle: UnsafeMutableRawPointer, _ settings: HTTPClient.Settings) -> HTTPError? {
        if let error = source.open() { return error }
        let context = Unmanaged.passUnretained(self).toOpaque()
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        text.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        errorText = text

        var options = TransferOptions(handle: handle)
        options.set(CURLOPT_URL, request.url)
        options.set(CURLOPT_CUSTOMREQUEST, request.method)
        options.set(CURLOPT_PATH_AS_IS, 1)
        options.set(CURLOPT_NOSIGNAL, 1)
        options.set(CURLOPT_FOLLOWLOCATION, 0)
        options.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        options.set(CURLOPT_SSL_VERIFYPEER, 1)
        options.set(CURLOPT_SSL_VERIFYHOST, 2)
        options.set(CURLOPT_TCP_NODELAY, 1)
        options.set(CURLOPT_TCP_KEEPALIVE, 1)
        // AWS closes idle connections after about 20 s; a request written to one that is closing is a request in doubt.
        options.set(CURLOPT_MAXAGE_CONN, 15)
        if let caBundle = settings.caBundle { options.set(CURLOPT_CAINFO, caBundle) }
        // A proxy cannot reach this machine's loopback.
        if Transfer.isLoopback(request.url) { options.set(CURLOPT_NOPROXY, "*") }
        let timeouts = request.timeouts
        options.set(CURLOPT_CONNECTTIMEOUT_MS, Int(timeouts.connect * 1000))
        options.set(CURLOPT_LOW_SPEED_LIMIT, 1)
        options.set(CURLOPT_LOW_SPEED_TIME, Int(timeouts.idle.rounded(.up)))
        if let total = timeouts.total { options.set(CURLOPT_TIMEOUT_MS, max(1, Int(total * 1000))) }
        setBody(&options)
        setHeaders(&options, settings)
        options.set(CURLOPT_ERRORBUFFER, pointer: text)
        options.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            Transfer.from(context)?.received(bytes, size * count) ?? 0
        }
        options.set(CURLOPT_WRITEDATA, pointer: context)
        options.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            Transfer.from(context)?.receivedHeader(bytes, size * count) ?? 0
        }
        options.set(CURLOPT_HEADERDATA, pointer: context)
        guard options.failure == CURLE_OK else {
            return error(for: options.failure, phase: .connecting, sent: false)
        }
        return nil
    }

    private static func isLoopback(_ url: String) -> Bool {
        ["http://127.0.0.1", "http://localhost", "http://[::1]"].contains { start in
            url.hasPrefix(start) && (url.dropFirst(start.count).first.map { ":/?".contains($0) } ?? true)
        }
    }

    /// Makes the result out of what libcurl says about a transfer that is over.
    func finish(_ handle: UnsafeMutableRawPointer, _ code: CURLcode) {
        var status = 0
        _ = ccurl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        if let failure = sink.close() ?? source.failure {
            result = .failure(failure)
        } else if code == CURLE_OK {
            result = .success(HTTPResponse(status: status, headers: headers, body: sink.memory))
        } else {
            result = .failure(error(for: code, phase: phase(handle, status), sent: hasSentAnything(handle)))
        }
    }

    private func setBody(_ options: inout TransferOptions) {
        guard source.length > 0 || request.method == "POST" || request.method == "PUT" || request.method == "PATCH" else {
            options.set(request.method == "HEAD" ? CURLOPT_NOBODY : CURLOPT_HTTPGET, 1)
            return
        }
        options.set(CURLOPT_UPLOAD, 1)
        options.set(CURLOPT_INFILESIZE_LARGE, offset: source.length)
        // Nothing of an empty body was written that would need rewinding, so the only way to be sure that libcurl does not
        // send such a request twice is a connection that cannot have died.
        if source.length == 0, !request.mayBeSentTwice { options.set(CURLOPT_FRESH_CONNECT, 1) }
        let context = Unmanaged.passUnretained(self).toOpaque()
        options.set(CURLOPT_READFUNCTION) { bytes, size, count, context in
            Transfer.from(context)?.source.read(into: bytes, size * count) ?? Int(CURL_READFUNC_ABORT)
        }
        options.set(CURLOPT_READDATA, pointer: context)
        options.setSeek { context, offset, origin in
            guard let transfer = Transfer.from(context), origin == SEEK_SET, offset == 0 else { return CURL_SEEKFUNC_FAIL }
            return transfer.rewind() ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
        }
        options.set(CURLOPT_SEEKDATA, pointer: context)
    }

    private func setHeaders(_ options: inout TransferOptions, _ settings: HTTPClient.Settings) {
        // An empty value takes a header out that libcurl would add by itself.
        var lines = ["Expect:", "Transfer-Encoding:"]
        if request.headers["Accept"] == nil { lines.append("Accept:") }
        if request.headers["User-Agent"] == nil { lines.append("User-Agent: \(settings.userAgent)") }
        for field in request.headers.fields where !HTTPHeaders.same(field.name, "Content-Length") {
            // `Name;` is how libcurl is told to send a header without a value.
            lines.append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        for line in lines { headerLines = curl_slist_append(headerLines, line) ?? headerLines }
        options.set(CURLOPT_HTTPHEADER, pointer: headerLines)
    }

    private func rewind() -> Bool {
        request.mayBeSentTwice || !source.isStarted ? source.rewind() : false
    }

    private func received(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        sink.write(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
    }

    private func receivedHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            // A new response begins: the one before was interim (1xx) or a proxy's.
            headers = HTTPHeaders()
            let status = line.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0) } ?? 0
            sink.begin(status: status)
        } else if let colon = line.firstIndex(of: ":") {
            var value = line[line.index(after: colon)...].drop { $0.isWhitespace }
            while value.last?.isWhitespace == true { value.removeLast() }
            headers.append(String(line[..<colon]), String(value))
        }
        return count
    }

    private func phase(_ handle: UnsafeMutableRawPointer, _ status: Int) -> HTTPError.Phase {
        if !hasSentAnything(handle) { return .connecting }
        if status != 0 { return .receiving }
        return source.isExhausted ? .waiting : .sending
    }

    private func error(for code: CURLcode, phase: HTTPError.Phase, sent: Bool) -> HTTPError {
        let detail = errorText.map { String(cString: $0) } ?? ""
        let reason = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            return .cannotResolve(host: endpoint)
        case CURLE_COULDNT_CONNECT:
            return .cannotConnect(endpoint: endpoint, reason: reason)
        case CURLE_OPERATION_TIMEDOUT:
            return .timedOut(phase, endpoint: endpoint)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR:
            return sent
                ? .connectionClosed(endpoint: endpoint, sent: true, reason: reason)
                : .tls(endpoint: endpoint, reason: reason)
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SEND_FAIL_REWIND:
            return .connectionClosed(endpoint: endpoint, sent: sent, reason: reason)
        default:
            return .other(code: Int(code.rawValue), text: reason, endpoint: endpoint, sent: sent)
        }
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func endpoint(of url: String) -> String {
        let afterScheme = url.drop { $0 != "/" }.dropFirst(2)
        let authority = afterScheme.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.split(separator: "@").last.map(String.init) ?? ""
        let hasPort = host.last != "]" && host.contains(":")
        return hasPort ? host : host + (url.hasPrefix("https") ? ":443" : ":80")
    }
}
