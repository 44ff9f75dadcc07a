package import SlipwayAWS
package import SlipwayDeclaration
package import SlipwayEngine

/// A kind of task with its type erased: trees go in. This is the one place where trees and kinds' types meet.
package struct AnyTask: Sendable {
    package let type: String
    package let permissions: Set<String>
    package let check: @Sendable (JSON) throws -> [Problem]
    package let inputs: @Sendable (JSON, String) throws -> [String: String]
    package let run: @Sendable (JSON, SecretValues, TaskContext) async throws -> TaskOutcome
    package let isActive: @Sendable (TaskNotes, String, AWSClient) async throws -> Bool

    package init<Kind: TaskKind>(_ kind: Kind.Type) {
        type = kind.type
        permissions = kind.permissions
        check = { try PropertyDecoder().decode(Kind.self, from: $0).check() }
        inputs = { try PropertyDecoder().decode(Kind.self, from: $0).inputs(in: $1) }
        run = { tree, secrets, context in
            try await PropertyDecoder(secrets: secrets).decode(Kind.self, from: tree).run(context)
        }
        isActive = { try await kind.isActive($0, token: $1, $2) }
    }
}

/// The kinds of task that a tool knows, by their names.
package struct TaskTable: Sendable {
    private let kinds: [String: AnyTask]

    package init(_ kinds: [any TaskKind.Type]) {
        var table: [String: AnyTask] = [:]
        for kind in kinds { table[kind.type] = TaskTable.erase(kind) }
        self.kinds = table
    }

    package subscript(type type: String) -> AnyTask? { kinds[type] }
    package var types: [String] { kinds.keys.sorted() }

    /// What validation asks the kinds of task.
    package var checks: TaskChecks { kinds.mapValues(\.check) }

    private static func erase(_ kind: any TaskKind.Type) -> AnyTask { AnyTask(kind) }
}
