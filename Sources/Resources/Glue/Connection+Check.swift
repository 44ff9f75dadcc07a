public import SlipwayDeclaration

extension Glue.Connection {
    // Source: https://docs.aws.amazon.com/glue/latest/webapi/API_ConnectionInput.html and
    // https://docs.aws.amazon.com/glue/latest/dg/connection-properties.html
    public func check() -> [Problem] {
        var found: [Problem] = []
        let input = connectionInput
        func length(_ property: String, _ text: Text?, _ limit: Int) {
            guard let count = text?.literal?.count, !(1...limit).contains(count) else { return }
            let hint = count == 0 ? "leave it out" : nil
            found.append(Problem(property, "it has \(count) characters, and 1 to \(limit) are allowed", hint: hint))
        }
        length("CatalogId", catalogId, 255)
        length("ConnectionInput.Name", input.name, 255)
        length("ConnectionInput.Description", input.description, 2048)
        let properties = input.connectionProperties ?? [:]
        let secrets = input.secretProperties ?? [:]
        for name in properties.keys.sorted() where Self.isSecret(name) {
            found.append(
                Problem(
                    "ConnectionInput.ConnectionProperties.\(name)", "everybody could see it in plans and in the state",
                    hint: "keep it in Secrets Manager and name that with `secret:`, or declare it as a Secret"))
        }
        if let needed = Self.needed[input.connectionType.literal ?? ""], properties[needed] == nil {
            found.append(Problem("ConnectionInput.ConnectionProperties.\(needed)", "it is missing"))
        }
        if input.connectionType == "NETWORK", input.physicalConnectionRequirements == nil {
            found.append(
                Problem("ConnectionInput.PhysicalConnectionRequirements", "a connection to a network says to which"))
        }
        if properties["SECRET_ID"] != nil, properties["USERNAME"] != nil || secrets["PASSWORD"] != nil {
            found.append(
                Problem(
                    "ConnectionInput.ConnectionProperties.SECRET_ID", "a connection has either a secret or a password",
                    hint: "the secret holds the user's name too"))
        }
        if input.connectionType == "JDBC", (properties["USERNAME"] != nil) != (secrets["PASSWORD"] != nil) {
            let missing = secrets["PASSWORD"] == nil ? "SecretProperties.PASSWORD" : "ConnectionProperties.USERNAME"
            found.append(Problem("ConnectionInput.\(missing)", "user and password go together, and this one is missing"))
        }
        if let count = input.physicalConnectionRequirements?.securityGroupIdList?.count, count > 50 {
            found.append(
                Problem(
                    "ConnectionInput.PhysicalConnectionRequirements.SecurityGroupIdList",
                    "there are \(count) groups, and at most 50 are allowed"))
        }
        return found
    }

    /// The property without which a type of connection leads nowhere.
    private static let needed = [
        "JDBC": "JDBC_CONNECTION_URL", "KAFKA": "KAFKA_BOOTSTRAP_SERVERS", "MONGODB": "CONNECTION_URL",
    ]
}
