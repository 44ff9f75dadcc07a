/// How a resource is told from others. It decides how a create whose outcome is not known is settled: no create is
/// ever sent again blindly.
public enum Identification: Hashable, Sendable {
    /// The name identifies it and the create tags it (role, Glue job): read, and compare the nonce.
    case named
    /// As `named`, in a name space that all accounts share, where a create can succeed on what exists (bucket in
    /// us-east-1): look first, create with tags, read them back.
    case namedGlobally
    /// AWS assigns the identity and the create takes a client token: send again with the same token.
    case token
    /// AWS assigns the identity and there is no token (VPC, security group): find by nonce among the tags. Absence
    /// counts only once `visibleWithin` has passed since the call could last have succeeded.
    case tagged(visibleWithin: Duration)
    /// Part of a parent and not tagged itself (object, inline policy, route): no ownership of its own, put again.
    case child
    /// It stands alone and cannot be tagged (Glue table, classifier): ownership is a marker among its parameters.
    case marked
}
