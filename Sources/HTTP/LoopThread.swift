#if canImport(Glibc)
    private import Glibc
#elseif canImport(Darwin)
    private import Darwin
#endif

/// A detached thread of the system.
enum LoopThread {
    /// Runs `body` on a new thread that receives no signals, so that they go to threads which expect them.
    ///
    /// - Returns: 0, or the error number of the system.
    static func start(_ body: @escaping @Sendable () -> Void) -> Int32 {
        let work = Unmanaged.passRetained(Work(body)).toOpaque()
        #if canImport(Darwin)
            var thread: pthread_t?
            let code = pthread_create(&thread, nil, { threadMain($0) }, work)
            if let thread { pthread_detach(thread) }
        #else
            var thread = pthread_t()
            // A function of the file, as a closure that calls a static one makes the compiler (6.3.1) crash.
            let code = pthread_create(&thread, nil, threadMain, work)
            if code == 0 { pthread_detach(thread) }
        #endif
        if code != 0 { Unmanaged<Work>.fromOpaque(work).release() }
        return code
    }
}

/// What a thread is to do, in a form that a C function can be given.
private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func threadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
    if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
    return nil
}
