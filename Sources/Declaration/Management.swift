/// How the engine is to treat a resource, whatever its kind: the arguments of ``Stack/add(_:_:protect:retain:ignoreChanges:createBeforeDestroy:after:replaceWhen:file:line:)``.
public struct Management: Hashable, Sendable, Codable {
    /// Refuses every plan that would delete or replace the resource.
    public var protect: Bool
    /// Leaves the resource in AWS when it leaves the stack, and forgets it.
    public var retain: Bool
    /// Stored names or paths (`Tags`, `Command.ScriptLocation`) of properties that others change.
    public var ignoreChanges: [String]
    /// Makes a replacement before the old resource is deleted; names then get a suffix.
    public var createBeforeDestroy: Bool
    /// Resources that must be there first although no property refers to them.
    public var after: [Address]
    /// Replaces the resource whenever one of these values is another than at its creation.
    public var replaceWhen: [Text]

    public init(
        protect: Bool = false, retain: Bool = false, ignoreChanges: [String] = [], createBeforeDestroy: Bool = false,
        after: [Address] = [], replaceWhen: [Text] = []
    ) {
        self.protect = protect
        self.retain = retain
        self.ignoreChanges = ignoreChanges
        self.createBeforeDestroy = createBeforeDestroy
        self.after = after
        self.replaceWhen = replaceWhen
    }
}
