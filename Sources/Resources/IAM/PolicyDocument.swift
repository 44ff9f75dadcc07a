public import SlipwayDeclaration

extension IAM {
    /// A policy: statements of what is allowed and denied.
    ///
    /// It is kept as a structure, so that a plan shows which statement changed, and compared by meaning. It is written
    /// as a list of statements, or as the JSON that AWS's documentation shows:
    ///
    /// ```swift
    /// let read: IAM.PolicyDocument = [.allow("s3:GetObject", on: "\(lake.arn)/*")]
    /// let same = IAM.PolicyDocument(
    ///     json: """
    ///         {"Version": "2012-10-17",
    ///          "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "\(lake.arn)/*"}}
    ///         """)
    /// ```
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>
    public struct PolicyDocument: Hashable, Sendable, ExpressibleByArrayLiteral {
        /// The version of the policy language, `2012-10-17` or `2008-10-17`; what AWS takes a policy without one for is
        /// the older.
        public var version: String?
        public var id: Text?
        @Unordered public var statements: [Statement]
        /// Why JSON that was given is no policy; such a document is never sent.
        package var problem: String?

        public init(_ statements: [Statement], version: String? = "2012-10-17", id: Text? = nil) {
            self.version = version
            self.id = id
            self.statements = statements
        }

        public init(arrayLiteral statements: Statement...) { self.init(statements) }
    }
}

/// Encodes as IAM's JSON. A single statement need not be in a list.
extension IAM.PolicyDocument: Codable {
    private enum CodingKeys: String, CodingKey {
        case version, id
        case statements = "Statement"
        case problem = "$problem"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        version = try container.decodeIfPresent(String.self, forKey: .version)
        id = try container.decodeIfPresent(Text.self, forKey: .id)
        let found = try container.decodeIfPresent(OneOrMany<IAM.Statement>.self, forKey: .statements)
        _statements = Unordered(wrappedValue: found?.values ?? [])
        problem = try container.decodeIfPresent(String.self, forKey: .problem)
    }
}

/// A list that IAM lets one write as its only element.
struct OneOrMany<Value: Decodable>: Decodable {
    let values: [Value]

    init(from decoder: any Decoder) throws {
        if var list = try? decoder.unkeyedContainer() {
            var values: [Value] = []
            while !list.isAtEnd { values.append(try list.decode(Value.self)) }
            self.values = values
        } else {
            values = [try Value(from: decoder)]
        }
    }
}

/// A value of a condition, which IAM lets one write as a number or boolean too.
struct Scalar: Decodable {
    let text: Text

    init(from decoder: any Decoder) throws {
        if let single = try? decoder.singleValueContainer() {
            if let bool = try? single.decode(Bool.self) {
                text = Text(verbatim: String(bool))
                return
            }
            if let int = try? single.decode(Int.self) {
                text = Text(verbatim: String(int))
                return
            }
            if let double = try? single.decode(Double.self) {
                text = Text(verbatim: "\(double)")
                return
            }
        }
        text = try Text(from: decoder)
    }
}
