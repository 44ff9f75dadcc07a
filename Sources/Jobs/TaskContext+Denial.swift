import SlipwayAWS
import SlipwayDeclaration
import SlipwayResources
import SlipwayState

extension TaskContext {
    /// What to try after AWS refused a call of ours.
    func hints(for error: AWSError) -> [String] {
        guard error.kind == .denied || error.message.contains("is not authorized to perform") else { return [] }
        if let denial = Denial(in: error.message) { return [remedy(denial, of: nil, named: denial.role)] }
        // S3 says no more than that access is denied; the operation's name is then the best that is known.
        return ["whoever runs this lacks a permission for \(error.service) \(error.operation)"]
    }

    /// A call that was refused, or failed.
    /// - Parameter denial: What is lacking if that is why: S3 often does not say.
    func failure(_ what: String, _ error: AWSError, _ denial: Denial) -> TaskFailure {
        var hints = hints(for: error)
        if error.kind == .denied, Denial(in: error.message) == nil { hints = [remedy(denial, of: nil, named: nil)] }
        return TaskFailure("\(what): \(error)", hints: hints)
    }

    /// What would grant a permission, and where in the stack it belongs.
    /// - Parameters:
    ///   - role: The role that lacked it, where it is known to be of the stack.
    ///   - name: The role's name.
    ///   - otherwise: Where it belongs when no role is known.
    func remedy(
        _ denial: Denial, of role: DeclaredResource?, named name: String?, otherwise: String = "whoever runs this needs it"
    ) -> String {
        let line = "\(denial.remedy) would grant what is lacking"
        if let role = role ?? name.flatMap({ applied.role(named: $0) }) {
            return "\(line): add it to the policies of '\(role.address)'" + (role.place.map { ", \($0)" } ?? "")
        }
        if let name { return "\(line): the role '\(name)' needs it, which this stack does not declare" }
        return "\(line): \(otherwise)"
    }

    /// `'etl', stacks/lake.swift:7` of a role of the stack.
    func place(ofRole name: String) -> String? {
        applied.role(named: name).map { role in "'\(role.address)'" + (role.place.map { ", \($0)" } ?? "") }
    }
}

extension AppliedStack {
    /// The declaration of a role by the name that AWS knows it by.
    fileprivate func role(named name: String) -> DeclaredResource? {
        // An identity may have the role's path before its name.
        let row = rows.values.first { row in
            row.kind == IAM.Role.type && row.identity.split(separator: "/").last.map(String.init) == name
        }
        return row.flatMap { declaration(ofKind: IAM.Role.type, identity: $0.identity) }
    }
}
