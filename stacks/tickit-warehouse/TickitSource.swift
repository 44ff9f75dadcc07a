import Slipway

extension Tickit {
    /// Where a table comes from, as the parameter `source-<table>` says it.
    enum Source {
        /// A key of the origin.
        case origin(key: String)
        /// An object of another bucket, or all below a prefix.
        case bucket(String)
        /// A table of a database whose credentials are in a secret, named by its name or ARN.
        case database(Driver, secret: String)

        /// What a database is reached by.
        enum Driver: String, CaseIterable {
            case postgresql, mysql, sqlserver

            /// As pip knows it.
            var module: String {
                switch self {
                case .postgresql: "psycopg[binary]==3.2.13"
                case .mysql: "PyMySQL==1.1.2"
                case .sqlserver: "pymssql==2.3.4"
                }
            }
        }

        /// `nil` for what is no source.
        init?(_ text: String) {
            guard let found = text.firstRange(of: "://") else {
                if text.isEmpty { return nil }
                self = .origin(key: text)
                return
            }
            let (scheme, rest) = (text[..<found.lowerBound], text[found.upperBound...])
            if scheme == "s3" {
                let bucket = rest.prefix { $0 != "/" }
                guard !bucket.isEmpty, bucket.count < rest.count else { return nil }
                self = .bucket(String(bucket))
                return
            }
            // The name of a secret may have slashes; the table has none.
            guard let driver = Driver(rawValue: String(scheme)), let slash = rest.lastIndex(of: "/"),
                slash != rest.startIndex, rest.index(after: slash) != rest.endIndex
            else { return nil }
            self = .database(driver, secret: String(rest[..<slash]))
        }

        /// What a job that reads it must be allowed, beside the origin.
        var statements: [IAM.Statement] {
            switch self {
            case .origin: []
            case .bucket(let name):
                [
                    .allow("s3:GetObject", on: Text(verbatim: "arn:aws:s3:::\(name)/*")),
                    .allow("s3:ListBucket", on: Text(verbatim: "arn:aws:s3:::\(name)")),
                ]
            case .database(_, let secret):
                [
                    .allow(
                        "secretsmanager:GetSecretValue",
                        // Secrets Manager puts six characters behind a name.
                        on: Text(
                            verbatim: secret.hasPrefix("arn:") ? secret : "arn:aws:secretsmanager:*:*:secret:\(secret)-??????"))
                ]
            }
        }

        var driver: Driver? { if case .database(let driver, _) = self { driver } else { nil } }
    }
}
