import SlipwayDeclaration

/// Identity and Access Management: roles.
///
/// Source of codes and words: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html> and its
/// neighbours.
package struct FakeIAM: Sendable {
    /// Everything that exists, by name.
    package var roles: [String: Role] = [:]
    /// ARNs of managed policies of the account's own that are only referred to; AWS's all exist.
    package var policies: Set<String> = []
    /// The account's own managed policies, by ARN, as far as they were made here.
    package var managed: [String: ManagedPolicy] = [:]
    /// By name.
    package var users: [String: Principal] = [:]
    /// By name.
    package var groups: [String: Principal] = [:]
    /// How many roles there may be.
    package var roleQuota = 1000
    /// How many items a page has at most, whatever is asked for.
    package var pageSize = 1000
    /// How many reads of a new role still give its id as its ARN.
    package var unknownARNs = 0
    /// How many calls still refuse principals that exist, as they were made a moment ago.
    package var unseenPrincipals = 0

    package struct Role: Sendable {
        package var name: String
        package var id: String
        package var path: String
        package var created: Int
        /// The trust policy as JSON.
        package var trust: String
        package var description: String?
        package var session = 3600
        package var boundary: String?
        package var tags: [String: String] = [:]
        /// JSON by name.
        package var inline: [String: String] = [:]
        package var attached: [String] = []
        package var profiles: [String] = []
        /// How many reads still give the id as the ARN.
        var unknownARNs = 0

        package var arn: String { "arn:aws:iam::\(FakeAWS.account):role\(path)\(name)" }
    }

    /// Carries a call out.
    package mutating func handle(_ call: FakeCall) -> FakeAnswer {
        do {
            return .ok(try carryOut(call))
        } catch let refusal as Refused {
            return refusal.answer
        } catch {
            return .error("ServiceFailure", "\(error)", status: 500)
        }
    }

    private mutating func carryOut(_ call: FakeCall) throws -> JSON {
        switch call.operation {
        case "CreateRole": return try createRole(call)
        case "GetRole": return try getRole(call)
        case "ListRoles": return listRoles(call)
        case "GetAccountAuthorizationDetails": return accountDetails(call)
        case "ListRolePolicies": return page(call, try role(call).inline.keys.sorted().map { .string($0) }, "PolicyNames")
        case "GetRolePolicy": return try getRolePolicy(call)
        case "ListAttachedRolePolicies":
            return page(call, try role(call).attached.map(attachment), "AttachedPolicies")
        case "ListInstanceProfilesForRole":
            return page(
                call, try role(call).profiles.map { ["InstanceProfileName": .string($0)] }, "InstanceProfiles")
        case "ListRoleTags": return page(call, tags(try role(call)), "Tags")
        default:
            if isAboutPolicies(call.operation) { return try policyCall(call) }
            try change(call)
            return [:]
        }
    }

    /// Makes a role that trusts nobody in particular.
    package mutating func addRole(_ name: String) {
        roles[name] = Role(
            name: name, id: "AROA\(name)", path: "/", created: 0, trust: #"{"Statement": []}"#)
    }

    private mutating func change(_ call: FakeCall) throws {
        var role = try role(call)
        switch call.operation {
        case "UpdateAssumeRolePolicy":
            role.trust = try trust(call["PolicyDocument"] ?? "")
        case "UpdateRole":
            // What is left out is kept.
            if let description = call["Description"] { role.description = description }
            if let session = call["MaxSessionDuration"].flatMap({ Int($0) }) { role.session = session }
        case "PutRolePolicy":
            let document = call["PolicyDocument"] ?? ""
            _ = try policy(document)
            role.inline[call["PolicyName"] ?? ""] = document
            if role.inline.values.reduce(0, { $0 + $1.filter { !$0.isWhitespace }.count }) > 10_240 {
                throw Refused("LimitExceeded", "Maximum policy size of 10240 bytes exceeded for role \(role.name)", 409)
            }
        case "DeleteRolePolicy":
            let name = call["PolicyName"] ?? ""
            guard role.inline.removeValue(forKey: name) != nil else {
                throw Refused("NoSuchEntity", "The role policy with name \(name) cannot be found.", 404)
            }
        case "AttachRolePolicy":
            let arn = try existingPolicy(call["PolicyArn"] ?? "")
            if !role.attached.contains(arn) { role.attached.append(arn) }
            if role.attached.count > 10 {
                throw Refused("LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10", 409)
            }
        case "DetachRolePolicy":
            guard let index = role.attached.firstIndex(of: call["PolicyArn"] ?? "") else {
                throw Refused("NoSuchEntity", "Policy \(call["PolicyArn"] ?? "") was not found.", 404)
            }
            role.attached.remove(at: index)
        case "PutRolePermissionsBoundary":
            role.boundary = try existingPolicy(call["PermissionsBoundary"] ?? "")
        case "DeleteRolePermissionsBoundary":
            guard role.boundary != nil else {
                throw Refused("NoSuchEntity", "Role \(role.name) does not have a permissions boundary set", 404)
            }
            role.boundary = nil
        case "TagRole":
            role.tags.merge(try newTags(call)) { $1 }
        case "UntagRole":
            for key in call.input["TagKeys"]?.array ?? [] { role.tags[key.string ?? ""] = nil }
        case "RemoveRoleFromInstanceProfile":
            role.profiles.removeAll { $0 == call["InstanceProfileName"] }
        case "DeleteRole":
            try deleteRole(role)
            return
        default:
            throw Refused(answer: .unknown(call))
        }
        roles[role.name] = role
    }

    private mutating func deleteRole(_ role: Role) throws {
        func conflict(_ words: String) -> Refused { Refused("DeleteConflict", "Cannot delete entity, must \(words)", 409) }
        if !role.profiles.isEmpty { throw conflict("remove roles from instance profile first.") }
        if !role.attached.isEmpty { throw conflict("detach all policies first.") }
        if !role.inline.isEmpty { throw conflict("delete policies first.") }
        roles[role.name] = nil
        // Whoever trusted the role now trusts an id that nobody will ever have again.
        roles = roles.mapValues { other in
            var other = other
            other.trust = other.trust.replacing("\"\(role.arn)\"", with: "\"\(role.id)\"")
            return other
        }
    }
}

/// Why a call is not carried out.
struct Refused: Error {
    let answer: FakeAnswer

    init(answer: FakeAnswer) { self.answer = answer }
    init(_ code: String, _ message: String, _ status: Int = 400) {
        answer = .error(code, message, status: status)
    }
}

extension FakeIAM {
    func role(_ call: FakeCall) throws -> Role {
        let name = call["RoleName"] ?? ""
        guard let role = roles[name] else {
            throw Refused("NoSuchEntity", "The role with name \(name) cannot be found.", 404)
        }
        return role
    }

    func newTags(_ call: FakeCall) throws -> [String: String] {
        var tags: [String: String] = [:]
        for tag in call.input["Tags"]?.array ?? [] {
            let key = tag["Key"]?.string ?? ""
            if key.lowercased().hasPrefix("aws:") {
                throw Refused("InvalidInput", "aws: prefixed tag key names are not allowed for external use.")
            }
            tags[key] = tag["Value"]?.string ?? ""
        }
        if tags.count > 50 { throw Refused("LimitExceeded", "Cannot exceed quota for TagsPerRole: 50", 409) }
        return tags
    }

    func existingPolicy(_ arn: String) throws -> String {
        guard arn.hasPrefix("arn:aws:iam::aws:policy/") || policies.contains(arn) || managed[arn] != nil else {
            throw Refused("NoSuchEntity", "Policy \(arn) does not exist or is not attachable.", 404)
        }
        return arn
    }

    /// A policy document, read.
    func policy(_ text: String) throws -> JSON {
        guard let tree = try? JSON(parsing: text), let statements = tree["Statement"] else {
            throw Refused("MalformedPolicyDocument", "Syntax errors in policy.")
        }
        for statement in statements.array ?? [statements] {
            guard ["Allow", "Deny"].contains(statement["Effect"]?.string ?? "") else {
                throw Refused("MalformedPolicyDocument", "Syntax errors in policy.")
            }
        }
        return tree
    }

    /// A trust policy, whose principals must exist.
    mutating func trust(_ text: String) throws -> String {
        let tree = try policy(text)
        guard let statements = tree["Statement"] else { return text }
        for statement in statements.array ?? [statements] {
            if statement["Resource"] != nil {
                throw Refused("MalformedPolicyDocument", "Has prohibited field Resource")
            }
            let principals = statement["Principal"]?["AWS"]
            for principal in (principals?.array ?? [principals].compactMap { $0 }).compactMap(\.string) {
                guard principal.contains(":role/"), principal.contains(FakeAWS.account) else { continue }
                let exists = roles.values.contains { $0.arn == principal }
                if exists, unseenPrincipals > 0 { unseenPrincipals -= 1 } else if exists { continue }
                throw Refused("MalformedPolicyDocument", "Invalid principal in policy: \"AWS\":\"\(principal)\"")
            }
        }
        return text
    }
}
