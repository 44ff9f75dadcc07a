import Slipway

enum SSM {}

extension Service {
    static let ssm = Service.json("ssm", target: "AmazonSSM")
}

extension SSM {
    /// A parameter in Systems Manager's store: a kind of the team's own, in one file.
    struct Parameter: ResourceKind {
        static let type = "AWS::SSM::Parameter"
        static let identification = Identification.named
        static let patience = Patience.none
        static let permissions = Permissions(
            create: ["ssm:PutParameter", "ssm:AddTagsToResource"],
            read: ["ssm:GetParameter", "ssm:ListTagsForResource"], update: ["ssm:PutParameter"],
            delete: ["ssm:DeleteParameter"])

        struct Attributes: Codable, Hashable, Sendable { let name: String }

        @CreateOnly var name: Text
        var value: Text
        var description: String?

        init(name: Text, value: Text, description: String? = nil) {
            self.name = name
            self.value = value
            self.description = description
        }

        var fixedName: Text? { name }

        func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> {
            Foreseen { $0[\.name] = identity }
        }

        func create(_ new: Creation, _ aws: AWSClient) async throws -> Created<Parameter> {
            let tags = new.tags(nil).map { Put.Tag(key: $0.key, value: $0.value) }
            try await aws.call(
                .ssm, "PutParameter", Put(name: new.name, value: value, type: "String", overwrite: nil, tags: tags),
                repeatability: .once)
            return Created(new.name, self, Attributes(name: new.name))
        }

        static func read(
            _ identity: String, _ interest: Interest, _ aws: AWSClient
        ) async throws -> Observation<Parameter> {
            struct Output: Decodable { struct Found: Decodable { let value: String }; let parameter: Found }
            struct Tags: Decodable { let tagList: [Put.Tag] }
            do {
                let found = try await aws.call(.ssm, "GetParameter", ["Name": identity], as: Output.self)
                let tags = try await aws.call(
                    .ssm, "ListTagsForResource", ["ResourceType": "Parameter", "ResourceId": identity], as: Tags.self)
                return .present(
                    Found(
                        Parameter(name: Text(verbatim: identity), value: Text(verbatim: found.parameter.value)),
                        Attributes(name: identity),
                        tags: Dictionary(tags.tagList.map { ($0.key, $0.value) }) { first, _ in first }))
            } catch {
                guard error.code == "ParameterNotFound" else { throw error }
                return .absent
            }
        }

        func update(_ identity: String, from current: Parameter, _ aws: AWSClient) async throws {
            try await aws.call(
                .ssm, "PutParameter", Put(name: identity, value: value, type: "String", overwrite: true, tags: nil))
        }

        func delete(_ identity: String, _ aws: AWSClient) async throws {
            do {
                try await aws.call(.ssm, "DeleteParameter", ["Name": identity])
            } catch {
                guard error.code == "ParameterNotFound" else { throw error }
            }
        }

        private struct Put: Encodable {
            struct Tag: Codable { let key: String, value: String }
            let name: String, value: Text, type: String, overwrite: Bool?, tags: [Tag]?
        }
    }
}
