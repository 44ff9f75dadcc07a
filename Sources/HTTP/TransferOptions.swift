internal import CCurl

/// Sets options of a handle, and remembers the first failure.
struct TransferOptions {
    let handle: UnsafeMutableRawPointer
    private(set) var failure = CURLE_OK

    init(handle: UnsafeMutableRawPointer) { self.handle = handle }

    mutating func set(_ option: CURLoption, _ value: Int) { note(ccurl_set_long(handle, option, value)) }
    mutating func set(_ option: CURLoption, _ value: String) { note(ccurl_set_string(handle, option, value)) }
    mutating func set(_ option: CURLoption, offset: Int64) {
        note(ccurl_set_offset(handle, option, curl_off_t(offset)))
    }
    mutating func set(_ option: CURLoption, pointer: UnsafeRawPointer?) { note(ccurl_set_pointer(handle, option, pointer)) }
    mutating func set(_ option: CURLoption, _ callback: ccurl_bytes_callback) {
        note(ccurl_set_bytes_callback(handle, option, callback))
    }
    mutating func setSeek(_ callback: ccurl_seek_callback) { note(ccurl_set_seek_callback(handle, callback)) }

    private mutating func note(_ code: CURLcode) {
        if failure == CURLE_OK { failure = code }
    }
}
