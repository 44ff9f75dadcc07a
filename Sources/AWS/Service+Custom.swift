extension Service {
    /// A service that speaks JSON, for kinds of one's own.
    ///
    /// - Parameters:
    ///   - name: As AWS's tools call it, such as `ssm`; also the first part of its host names and the name in signatures.
    ///   - version: `1.0` or `1.1`: `jsonVersion` in AWS's model of the service.
    ///   - target: What stands before the operation in the header `X-Amz-Target`: `targetPrefix` in the model.
    ///   - endpointPrefix: The first part of its host names, where that is another.
    ///   - memberCase: How the service writes the names of its members.
    public static func json(
        _ name: String, version: String = "1.1", target: String, endpointPrefix: String? = nil,
        memberCase: MemberCase = .capitalised
    ) -> Service {
        Service(
            name, endpointPrefix: endpointPrefix, signingName: name, wire: .json(version: version, target: target),
            memberCase: memberCase)
    }

    /// A service that speaks the query protocol, for kinds of one's own.
    ///
    /// - Parameter version: `apiVersion` in AWS's model of the service, such as `2010-03-31`.
    public static func query(_ name: String, version: String, endpointPrefix: String? = nil) -> Service {
        Service(name, endpointPrefix: endpointPrefix, signingName: name, wire: .query(version: version))
    }
}
