/// The IAM actions that the operations of a kind need.
public struct Permissions: Hashable, Sendable {
    public var create, read, update, delete, list: Set<String>

    public init(
        create: Set<String>, read: Set<String>, update: Set<String>, delete: Set<String>, list: Set<String> = []
    ) {
        self.create = create
        self.read = read
        self.update = update
        self.delete = delete
        self.list = list
    }

    public var all: Set<String> { create.union(read).union(update).union(delete).union(list) }
}
