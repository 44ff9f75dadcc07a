public import SlipwayDeclaration

extension Glue.Job {
    /// What a job runs.
    public struct Command: Codable, Hashable, Sendable {
        /// `glueetl`, `gluestreaming`, `pythonshell` or `glueray`.
        public var name: Text
        /// `s3://bucket/key` of the script.
        public var scriptLocation: Text
        /// `3`, or `3.9` for Python shell jobs.
        public var pythonVersion: Text?
        /// Of Ray jobs, such as `Ray2.4`.
        public var runtime: Text?

        public init(name: Text, scriptLocation: Text, pythonVersion: Text? = nil, runtime: Text? = nil) {
            self.name = name
            self.scriptLocation = scriptLocation
            self.pythonVersion = pythonVersion
            self.runtime = runtime
        }

        /// Spark, on data that is there.
        /// - Parameter script: `s3://bucket/key`
        public static func spark(script: Text) -> Command {
            Command(name: "glueetl", scriptLocation: script, pythonVersion: "3")
        }
        /// Spark, on data as it comes.
        public static func streaming(script: Text) -> Command {
            Command(name: "gluestreaming", scriptLocation: script, pythonVersion: "3")
        }
        /// Python on one machine.
        public static func pythonShell(script: Text, version: Text = "3.9") -> Command {
            Command(name: "pythonshell", scriptLocation: script, pythonVersion: version)
        }
        /// Ray.
        public static func ray(script: Text, runtime: Text = "Ray2.4") -> Command {
            Command(name: "glueray", scriptLocation: script, pythonVersion: "3.9", runtime: runtime)
        }

        var isSpark: Bool { name == "glueetl" || name == "gluestreaming" }
    }

    /// How many workers of which type a run has.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/dg/worker-types.html>. AWS adds types now and then: another one
    /// is `Workers("G.64X", 2)`.
    public struct Workers: Hashable, Sendable {
        public var type: Text
        public var count: Int

        public init(_ type: Text, _ count: Int) {
            self.type = type
            self.count = count
        }

        /// A quarter of a processing unit each; for streaming jobs.
        public static func g025x(_ count: Int) -> Workers { Workers("G.025X", count) }
        public static func g1x(_ count: Int) -> Workers { Workers("G.1X", count) }
        public static func g2x(_ count: Int) -> Workers { Workers("G.2X", count) }
        public static func g4x(_ count: Int) -> Workers { Workers("G.4X", count) }
        public static func g8x(_ count: Int) -> Workers { Workers("G.8X", count) }
        public static func g12x(_ count: Int) -> Workers { Workers("G.12X", count) }
        public static func g16x(_ count: Int) -> Workers { Workers("G.16X", count) }
        /// With twice the memory, as all of `R`.
        public static func r1x(_ count: Int) -> Workers { Workers("R.1X", count) }
        public static func r2x(_ count: Int) -> Workers { Workers("R.2X", count) }
        public static func r4x(_ count: Int) -> Workers { Workers("R.4X", count) }
        public static func r8x(_ count: Int) -> Workers { Workers("R.8X", count) }
        /// For Ray jobs.
        public static func z2x(_ count: Int) -> Workers { Workers("Z.2X", count) }
        /// For Glue 1.0 and before.
        public static func standard(_ count: Int) -> Workers { Workers("Standard", count) }
    }

    /// Names of Glue connections.
    public struct Connections: Codable, Hashable, Sendable {
        @Unordered public var connections: [Text]
        public init(connections: [Text]) { self.connections = connections }

        /// An answer may leave the list out where there is none.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.init(connections: try container.decodeIfPresent([Text].self, forKey: .connections) ?? [])
        }

        private enum CodingKeys: String, CodingKey { case connections }
    }

    public struct NotificationProperty: Codable, Hashable, Sendable {
        /// Minutes after which AWS tells that a run takes long.
        public var notifyDelayAfter: Int
        public init(notifyDelayAfter: Int) { self.notifyDelayAfter = notifyDelayAfter }
    }

    public struct ExecutionProperty: Codable, Hashable, Sendable {
        /// How many runs there may be at the same time. AWS's own is 1.
        public var maxConcurrentRuns: Int
        public init(maxConcurrentRuns: Int) { self.maxConcurrentRuns = maxConcurrentRuns }
    }

    /// Whether runs start at once or when there is room.
    public struct ExecutionClass: RawRepresentable, Codable, Hashable, Sendable {
        public var rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let standard = ExecutionClass(rawValue: "STANDARD")
        /// Cheaper, for jobs that can wait.
        public static let flex = ExecutionClass(rawValue: "FLEX")
    }

    /// Which of AWS's editors a job is for.
    public struct Mode: RawRepresentable, Codable, Hashable, Sendable {
        public var rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let script = Mode(rawValue: "SCRIPT")
        public static let visual = Mode(rawValue: "VISUAL")
        public static let notebook = Mode(rawValue: "NOTEBOOK")
    }

    /// The repository that a job is kept in.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_SourceControlDetails.html>
    public struct SourceControlDetails: Codable, Hashable, Sendable {
        /// `GITHUB`, `GITLAB`, `BITBUCKET` or `AWS_CODE_COMMIT`.
        public var provider: Text?
        public var repository: Text?
        public var owner: Text?
        public var branch: Text?
        public var folder: Text?
        public var lastCommitId: Text?
        /// `PERSONAL_ACCESS_TOKEN` or `AWS_SECRETS_MANAGER`.
        public var authStrategy: Text?
        @WriteOnly public var authToken: Secret?

        public init(
            provider: Text? = nil, repository: Text? = nil, owner: Text? = nil, branch: Text? = nil,
            folder: Text? = nil, lastCommitID: Text? = nil, authStrategy: Text? = nil, authToken: Secret? = nil
        ) {
            self.provider = provider
            self.repository = repository
            self.owner = owner
            self.branch = branch
            self.folder = folder
            lastCommitId = lastCommitID
            self.authStrategy = authStrategy
            self.authToken = authToken
        }
    }
}
