package import SlipwayAWS
import SlipwayProvider

/// Looks resources up in AWS: by lists where that takes fewer calls, else one by one.
package struct Refresher: Sendable {
    package let kinds: KindTable
    package let aws: AWSClient
    /// How many reads run at once.
    package let parallelism: Int

    package init(kinds: KindTable, aws: AWSClient, parallelism: Int = 16) {
        self.kinds = kinds
        self.aws = aws
        self.parallelism = parallelism
    }

    /// A resource to be looked up.
    package struct Subject: Hashable, Sendable {
        package let kind: String
        package let identity: String
        /// Stored names of the properties that matter.
        package let names: Set<String>
        /// The version that is known; `nil` when nothing is.
        package let version: String?

        package init(kind: String, identity: String, names: Set<String>, version: String? = nil) {
            self.kind = kind
            self.identity = identity
            self.names = names
            self.version = version
        }
    }

    /// What was found.
    package struct Findings: Sendable {
        /// By kind and identity. Subjects that are in the version that is known are not among them.
        package var observations: [SubjectKey: AnyObservation] = [:]
        /// Kinds whose list was not permitted or not known, so that each resource was read.
        package var deniedLists: [String] = []

        package subscript(_ subject: Subject) -> AnyObservation? {
            observations[SubjectKey(kind: subject.kind, identity: subject.identity)]
        }
    }

    package struct SubjectKey: Hashable, Sendable {
        package let kind: String
        package let identity: String
    }

    /// - Parameter lists: Whether lists may be used: they can lag behind what a read of its own tells.
    /// - Throws: `AWSError` when a read fails otherwise than by finding nothing.
    package func look(for subjects: [Subject], lists: Bool = true) async throws -> Findings {
        var findings = Findings()
        var toRead: [Subject] = []
        let byKind = Dictionary(grouping: Set(subjects)) { $0.kind }
        for (type, group) in byKind.sorted(by: { $0.key < $1.key }) {
            guard let kind = kinds[type: type] else { continue }
            guard lists, let calls = kind.listCalls(group.count), calls < group.count * kind.readCalls else {
                toRead += group
                continue
            }
            do {
                let wanted = group.map { (identity: $0.identity, interest: Interest.only($0.names)) }
                let sightings = try await kind.list(wanted, aws)
                for subject in group {
                    let key = SubjectKey(kind: type, identity: subject.identity)
                    switch sightings[subject.identity] {
                    case .observed(let observation): findings.observations[key] = observation
                    case .version(let version) where version == subject.version: continue
                    case .version: toRead.append(subject)
                    case nil: findings.observations[key] = .absent
                    }
                }
            } catch let error as AWSError where error.kind == .denied || error.isUnknownOperation {
                findings.deniedLists.append(type)
                toRead += group
            }
        }
        try await read(toRead, into: &findings)
        return findings
    }

    private func read(_ subjects: [Subject], into findings: inout Findings) async throws {
        let ordered = subjects.sorted { ($0.kind, $0.identity) < ($1.kind, $1.identity) }
        try await withThrowingTaskGroup(of: (SubjectKey, AnyObservation).self) { group in
            var next = ordered.makeIterator()
            func start() {
                guard let subject = next.next(), let kind = kinds[type: subject.kind] else { return }
                group.addTask {
                    let observation = try await kind.read(subject.identity, .only(subject.names), aws)
                    return (SubjectKey(kind: subject.kind, identity: subject.identity), observation)
                }
            }
            for _ in 0..<parallelism { start() }
            while let (key, observation) = try await group.next() {
                findings.observations[key] = observation
                start()
            }
        }
    }
}
