import SlipwayDeclaration
import SlipwayProvider
import SlipwayState

extension Planning {
    /// Decides what is to be done for one declared resource.
    mutating func decide(_ resource: DeclaredResource) throws {
        let address = resource.address
        guard let kind = kinds[type: resource.kind] else { throw EngineError.unknownKind(resource.kind, address) }
        let resolved = resolve(resource.properties, subject: address, place: resource.place)
        let desired = fingerprinted(resolved).withDigests(input.digests)
        guard let row = current[address] else {
            return try decideWithoutRow(resource, kind, desired)
        }
        if row.kind != resource.kind {
            // Another kind at the same address is another resource.
            replace(resource, kind, desired, row, .changed, changes: [])
            return
        }
        let observation = input.observations[row.key]
        switch observation {
        case .absent:
            create(resource, kind, desired, generation: row.generation, .vanished)
            return
        case .failed(let reason):
            replace(resource, kind, desired, row, .failed(reason), changes: [])
            return
        case .present(let found):
            if let refusal = ownershipRefusal(found, resource, row) {
                refusals.append(refusal)
                return
            }
        case .settling(let status):
            warnings.append(Warning(subject: address.description, cause: .settling(status)))
        case nil: break
        }
        if row.tainted {
            replace(resource, kind, desired, row, .failed("its last operation failed"), changes: [])
        } else if input.options.replace.contains(address) {
            replace(resource, kind, desired, row, .requested, changes: [])
        } else {
            try compare(resource, kind, desired, row, observation)
        }
    }

    private mutating func decideWithoutRow(
        _ resource: DeclaredResource, _ kind: AnyKind, _ desired: JSON
    ) throws {
        let address = resource.address
        guard case .present(let found) = input.strangers[address], kind.identification != .child else {
            return create(resource, kind, desired, generation: 1, .new)
        }
        let identity = try identity(of: desired, kind, address, generation: 1).identity
        let owner = found.tags.flatMap(Ownership.init)
        if let owner, owner.lineage == input.header.lineage {
            guard owner.address == address else {
                refusals.append(
                    Refusal(
                        subject: address.description, kind: kind.type, identity: identity,
                        cause: .ownedAtOtherAddress(owner.address), place: resource.place))
                return
            }
            warnings.append(Warning(subject: address.description, cause: .stateRolledBack))
            adopt(resource, kind, desired, found, identity, .ownedButUnknown)
        } else if input.options.adopt {
            adopt(resource, kind, desired, found, identity, .adopted)
        } else {
            refusals.append(
                Refusal(
                    subject: address.description, kind: kind.type, identity: identity,
                    cause: .foreign(owner: owner?.lineage), place: resource.place))
        }
    }

    /// Whether what AWS has under a row's identity is not the row's resource.
    private mutating func ownershipRefusal(
        _ found: AnyFound, _ resource: DeclaredResource, _ row: ResourceRow
    ) -> Refusal? {
        let owner = found.tags.flatMap(Ownership.init)
        if isOther(found, row), !input.options.adopt {
            return Refusal(
                subject: resource.address.description, kind: resource.kind, identity: row.identity,
                cause: .foreign(owner: owner?.lineage), place: resource.place)
        }
        if let owner, owner.lineage == input.header.lineage, owner.nonce != row.nonce {
            warnings.append(Warning(subject: resource.address.description, cause: .stateRolledBack))
        }
        return nil
    }

    /// Whether something is another than the one that a row is about.
    private func isOther(_ found: AnyFound, _ row: ResourceRow) -> Bool {
        if let owner = found.tags.flatMap(Ownership.init) { return owner.lineage != input.header.lineage }
        guard found.tags != nil, let now = found.immutableID, let then = row.immutableID else { return false }
        return now != then
    }

    private mutating func compare(
        _ resource: DeclaredResource, _ kind: AnyKind, _ desired: JSON, _ row: ResourceRow,
        _ observation: AnyObservation?
    ) throws {
        let address = resource.address
        let management = stored(resource.management)
        let isSame = row.declared.text == desired.text && row.schemaVersion == kind.schemaVersion
        if isSame, !observation.isPresent, management == row.management, row.settling == nil {
            // Nothing was observed and nothing was declared otherwise: there is nothing to compare.
            unchanged.append(address)
            attributes.set(address, row.attributes)
            return
        }
        let isSettling = row.settling != nil && !observation.isPresent
        let stored = kind.upgrade(try row.declared.tree(), row.schemaVersion)
        let previous = try kind.normal(stored)
        let wanted = try kind.normal(desired)
        var found = AnyFound(properties: previous.tree, attributes: try row.attributes.tree())
        if case .present(let seen) = observation { found = seen }
        let comparison = Comparison(
            desired: wanted, observed: found.properties, previous: previous, removals: kind.removals,
            ignored: resource.management.ignoreChanges, unread: found.unread)
        var difference = Difference(comparison)
        for change in difference.changes where change.effect == .stays {
            warnings.append(
                Warning(
                    subject: address.description,
                    cause: .cannotClear(property: change.path.joined(separator: "."))))
        }
        if observation.isPresent {
            for index in difference.changes.indices {
                difference.changes[index].isOutside = difference.changes[index].differs(
                    from: previous.tree, where: found.unread)
            }
        }
        if !difference.isEmpty {
            for problem in try kind.replaces(difference.target, comparison.current) {
                let path = problem.property.split(separator: ".").map(String.init)
                for index in difference.changes.indices where difference.changes[index].path.starts(with: path) {
                    difference.changes[index].replaces = true
                    difference.changes[index].reason = problem.message
                }
            }
        }
        if difference.changes.contains(where: \.replaces) {
            return replace(resource, kind, desired, row, .changed, changes: difference.changes)
        }
        let whenChanged = !row.management.replaceWhen.isEmpty && management.replaceWhen != row.management.replaceWhen
        if whenChanged {
            return replace(resource, kind, desired, row, .replaceWhen, changes: difference.changes)
        }
        var operation = operation(
            .update, resource, kind, row.key, desired, .changed, identity: row.identity, changes: difference.changes)
        operation.current = comparison.current
        operation.previousDependencies = row.dependencies
        operation.immutableID = found.immutableID ?? row.immutableID
        operation.version = found.version ?? row.version
        operation.attributes = found.attributes.object ?? [:]
        attributes[address] = found.attributes
        if !difference.isEmpty {
            unknownAttributes[address] = kind.volatileAttributes
            operations.append(operation)
            return
        }
        if isSettling {
            // It is waited for, and looked at: until then nobody knows more of it than can be foreseen.
            operation.reason = .settling
            attributes[address] = .object((try? kind.foreseen(desired, row.identity, input.location)) ?? [:])
            operations.append(operation)
            return
        }
        let isAttributeStale = try found.attributes != row.attributes.tree()
        if isRecorded(row, desired, management, resource), !isAttributeStale {
            unchanged.append(address)
        } else {
            operation.verb = .record
            operation.reason = .stale
            operations.append(operation)
        }
    }

    /// Whether a row says what is declared.
    private func isRecorded(
        _ row: ResourceRow, _ desired: JSON, _ management: StoredManagement, _ resource: DeclaredResource
    ) -> Bool {
        row.declared.text == desired.text && management == row.management && row.settling == nil
            && row.dependencies == resource.dependencies
    }

    // MARK: Operations

    private mutating func create(
        _ resource: DeclaredResource, _ kind: AnyKind, _ desired: JSON, generation: Int, _ reason: Reason
    ) {
        let address = resource.address
        var planned = operation(
            .create, resource, kind, RowKey(address: address, generation: generation), desired, reason)
        // A name that refers to what is not known yet is made when it is.
        if let named = try? identity(of: desired, kind, address, generation: generation) {
            planned.name = named.name
            planned.identity = named.identity
            if let identity = named.identity {
                planned.attributes = (try? kind.foreseen(desired, identity, input.location)) ?? [:]
            }
        }
        attributes[address] = .object(planned.attributes)
        operations.append(planned)
    }

    private mutating func adopt(
        _ resource: DeclaredResource, _ kind: AnyKind, _ desired: JSON, _ found: AnyFound, _ identity: String?,
        _ reason: Reason
    ) {
        let key = RowKey(address: resource.address, generation: 1)
        var planned = operation(.adopt, resource, kind, key, desired, reason, identity: identity)
        planned.current = found.properties
        planned.immutableID = found.immutableID
        planned.version = found.version
        if reason == .ownedButUnknown { planned.nonce = found.tags.flatMap(Ownership.init)?.nonce }
        planned.attributes = found.attributes.object ?? [:]
        if let wanted = try? kind.normal(desired) {
            planned.changes = Difference(Comparison(desired: wanted, observed: found.properties)).changes
        }
        attributes[resource.address] = found.attributes
        operations.append(planned)
    }

    private mutating func replace(
        _ resource: DeclaredResource, _ kind: AnyKind, _ desired: JSON, _ row: ResourceRow, _ reason: Reason,
        changes: [Change]
    ) {
        let address = resource.address
        guard !resource.management.protect, !row.management.protect else {
            refusals.append(
                Refusal(
                    subject: address.description, kind: resource.kind, identity: row.identity, cause: .protected,
                    place: resource.place))
            attributes.set(address, row.attributes)
            return
        }
        replaced.insert(address)
        let createsFirst = creatingFirst.contains(address)
        let next = try? identity(of: desired, kind, address, generation: row.generation + 1).identity
        if createsFirst, next == row.identity {
            refusals.append(
                Refusal(
                    subject: address.description, kind: resource.kind, identity: row.identity,
                    cause: .fixedNameCoexists(name: row.identity), place: resource.place))
        }
        remove(row, reason, replacedBy: row.kind == resource.kind ? desired : .object([:]))
        create(resource, kind, desired, generation: createsFirst ? row.generation + 1 : row.generation, reason)
        operations[operations.count - 1].isReplacement = true
        operations[operations.count - 1].changes = changes
        operations[operations.count - 1].previousDependencies = row.dependencies
    }

    /// Plans that a row's resource goes.
    ///
    /// - Parameter replacement: What is declared in its place, for a replacement; empty when that is of another kind.
    mutating func remove(_ row: ResourceRow, _ reason: Reason, replacedBy replacement: JSON? = nil) {
        let subject = row.address.description
        let isReplacement = replacement != nil
        if row.management.protect, !isReplacement, reason != .deposed {
            refusals.append(
                Refusal(subject: subject, kind: row.kind, identity: row.identity, cause: .protected))
            return
        }
        if case .present(let found) = input.observations[row.key], isOther(found, row), !row.management.retain,
            !(isReplacement && input.options.adopt)
        {
            let owner = found.tags.flatMap(Ownership.init)?.lineage
            refusals.append(
                Refusal(subject: subject, kind: row.kind, identity: row.identity, cause: .foreign(owner: owner)))
            return
        }
        let retains = row.management.retain && !isReplacement && reason != .deposed
        let isGone = input.observations[row.key] == .absent
        let (properties, problem) = deletion(of: row, replacedBy: replacement)
        if let problem, !retains, !isGone {
            refusals.append(
                Refusal(
                    subject: subject, kind: row.kind, identity: row.identity,
                    cause: .undeletable(reason: problem.message, hint: problem.hint)))
            return
        }
        operations.append(
            Operation(
                verb: retains || isGone ? .forget : .delete, key: row.key, kind: row.kind, identity: row.identity,
                name: nil, desired: properties, current: nil, changes: [],
                reason: isGone && !isReplacement ? .vanished : reason, isReplacement: isReplacement, attributes: [:],
                management: row.management, ignoreChanges: [], replaceWhen: [], dependencies: row.dependencies,
                previousDependencies: row.dependencies, after: [], place: nil, immutableID: row.immutableID,
                version: row.version))
    }

    /// What a deletion goes by: what was declared last and, where that does not allow it, what is declared in its place.
    /// Also why it cannot be deleted all the same. A row that cannot be read stops no plan: deleting it will say so.
    private func deletion(
        of row: ResourceRow, replacedBy replacement: JSON?
    ) -> (properties: JSON, problem: Problem?) {
        let declared = (try? row.declared.tree()) ?? .object([:])
        guard let kind = kinds[type: row.kind] else { return (declared, nil) }
        var properties = kind.upgrade(declared, row.schemaVersion)
        for problem in (try? kind.undeletable(properties)) ?? [] {
            guard let value = replacement?[problem.property], !value.hasExpressions else { return (properties, problem) }
            properties = properties.setting([problem.property], to: value)
        }
        return (properties, (try? kind.undeletable(properties))?.first)
    }

    private func operation(
        _ verb: Operation.Verb, _ resource: DeclaredResource, _ kind: AnyKind, _ key: RowKey, _ desired: JSON,
        _ reason: Reason, identity: String? = nil, changes: [Change] = []
    ) -> Operation {
        Operation(
            verb: verb, key: key, kind: kind.type, identity: identity, name: nil, desired: desired, current: nil,
            changes: changes, reason: reason, isReplacement: false, attributes: [:],
            management: stored(resource.management), ignoreChanges: resource.management.ignoreChanges,
            replaceWhen: resource.management.replaceWhen, dependencies: resource.dependencies,
            previousDependencies: [], after: [], place: resource.place, immutableID: nil, version: nil)
    }

    private func stored(_ management: Management) -> StoredManagement {
        StoredManagement(
            protect: management.protect, retain: management.retain,
            createBeforeDestroy: management.createBeforeDestroy,
            replaceWhen: management.replaceWhen.map { text in
                text.resolved { expression in
                    if case .attribute(let reference) = expression { return attributes[reference] }
                    if case .digest(let asset) = expression { return input.digests[asset] }
                    return nil
                }.spelling
            })
    }

    /// The name and the identity that a resource will have.
    private func identity(
        of desired: JSON, _ kind: AnyKind, _ address: Address, generation: Int
    ) throws -> (name: String, identity: String?) {
        let made = PhysicalName.make(
            stack: input.key.stack, environment: input.key.environment, address: address, generation: generation,
            location: input.location, kind: kind)
        return (try kind.fixedName(desired)?.literal ?? made, try kind.identity(desired, made)?.literal)
    }

    /// The tree with the fingerprints of its secrets filled in.
    private func fingerprinted(_ tree: JSON) -> JSON {
        guard !input.fingerprints.isEmpty else { return tree }
        return tree.withFingerprints(input.fingerprints)
    }
}

extension AnyObservation? {
    fileprivate var isPresent: Bool { if case .present = self { true } else { false } }
}
