public import SlipwayAWS
import SlipwayDeclaration
public import SlipwayProvider

extension IAM.Role {
    /// `GetAccountAuthorizationDetails` and `ListRoles` give a thousand roles with each call.
    public static func listCalls(for count: Int) -> Int? { 2 * max(1, (count + 999) / 1000) }

    /// `GetRole`, and for the policies two lists and one policy.
    public static var readCalls: Int { 4 }

    public static func list(
        _ wanted: [Listed<IAM.Role>], _ aws: AWSClient
    ) async throws -> [String: Sighting<IAM.Role>] {
        let names = Set(wanted.map(\.identity))
        let unlisted = ["Description", "MaxSessionDuration"]
        let needsTexts = wanted.contains { role in unlisted.contains { role.interest.includes($0) } }
        async let details = details(names, aws)
        async let described = needsTexts ? texts(names, aws) : [:]
        let known = try await described
        var found: [String: Sighting<IAM.Role>] = [:]
        for role in try await details {
            var properties = try role.properties()
            properties.policies = Dictionary(
                try role.rolePolicyList.map { ($0.policyName, try IAM.PolicyDocument(encoded: $0.policyDocument)) }
            ) { _, last in last }
            properties.managedPolicyArns = role.attachedManagedPolicies.map { Text(verbatim: $0.policyArn) }
            let text = known[role.roleName]
            properties.description = text?.description
            properties.maxSessionDuration = text?.maxSessionDuration
            found[role.roleName] = .observed(role.observation(properties, unread: text == nil ? Set(unlisted) : []))
        }
        return found
    }

    /// What the account's details tell of these roles; no more pages are asked for than it takes to find them.
    private static func details(_ names: Set<String>, _ aws: AWSClient) async throws -> [RoleAnswer] {
        struct Input: Encodable { let filter = ["Role"], maxItems = 1000 }
        struct Page: Decodable { let roleDetailList: [RoleAnswer] }
        var found: [RoleAnswer] = []
        for try await page in aws.pages(.iam, "GetAccountAuthorizationDetails", Input(), as: Page.self) {
            found += page.roleDetailList.filter { names.contains($0.roleName) }
            if found.count == names.count { break }
        }
        return found
    }

    private struct Texts: Decodable {
        let roleName: String
        let description: Text?
        let maxSessionDuration: Int?
    }

    /// What the account's details do not tell of these roles.
    private static func texts(_ names: Set<String>, _ aws: AWSClient) async throws -> [String: Texts] {
        struct Input: Encodable { let maxItems = 1000 }
        struct Page: Decodable { let roles: [Texts] }
        var found: [String: Texts] = [:]
        for try await page in aws.pages(.iam, "ListRoles", Input(), as: Page.self) {
            for role in page.roles where names.contains(role.roleName) { found[role.roleName] = role }
            if found.count == names.count { break }
        }
        return found
    }
}
