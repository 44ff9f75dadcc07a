import SlipwayDeclaration
import SlipwayProvider

/// The input of operations that are about a role as a whole.
struct RoleName: Encodable {
    let roleName: String
    init(_ name: String) { roleName = name }
}

/// A managed policy that is attached to a role.
struct AttachedPolicy: Decodable {
    let policyArn: String
}

/// A policy inside of a role.
struct PolicyDetail: Decodable {
    let policyName: String
    /// JSON, URL-encoded.
    let policyDocument: String
}

struct RoleOutput: Decodable {
    let role: RoleAnswer
}

/// A role as IAM describes it. Which of the optional members there are depends on the operation.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html> and `API_RoleDetail.html`
struct RoleAnswer: Decodable {
    struct Boundary: Decodable { let permissionsBoundaryArn: String }

    let roleName, roleId, arn, path: String
    let assumeRolePolicyDocument: String
    let description: Text?
    let maxSessionDuration: Int?
    let permissionsBoundary: Boundary?
    let tags: [ResourceTags.Tag]
    /// Only of `GetAccountAuthorizationDetails`.
    let rolePolicyList: [PolicyDetail]
    /// Only of `GetAccountAuthorizationDetails`.
    let attachedManagedPolicies: [AttachedPolicy]

    /// `nil` while the role's ARN is not known everywhere: AWS then gives its id (`AROA…`) in the ARN's place.
    ///
    /// Source: <https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/role.go>
    var attributes: IAM.Role.Attributes? {
        arn.hasPrefix("arn:") ? IAM.Role.Attributes(name: roleName, arn: arn, roleID: roleId) : nil
    }

    /// What every operation tells of a role.
    func properties() throws -> IAM.Role {
        let trust = try IAM.PolicyDocument(encoded: assumeRolePolicyDocument)
        let all = Dictionary(tags.map { ($0.key, $0.value) }) { _, last in last }
        return IAM.Role(
            trusting: .policy(trust),
            permissionsBoundary: permissionsBoundary.map { Text(verbatim: $0.permissionsBoundaryArn) },
            path: Text(verbatim: path), name: Text(verbatim: roleName),
            tags: Ownership.declared(all).mapValues { Text(verbatim: $0) })
    }

    func observation(_ properties: IAM.Role, unread: Set<String> = []) -> Observation<IAM.Role> {
        guard let attributes else { return .settling("its ARN is still \(arn)") }
        let all = Dictionary(tags.map { ($0.key, $0.value) }) { _, last in last }
        return .present(Found(properties, attributes, tags: all, immutableID: roleId, unread: unread))
    }
}
