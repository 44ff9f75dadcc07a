import SlipwayDeclaration

extension FakeLogs {
    func describeStreams(_ call: FakeCall) throws -> JSON {
        let group = try group(call["logGroupName"] ?? "")
        let prefix = call["logStreamNamePrefix"] ?? ""
        let found = group.streams.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }
        let items: [JSON] = found.map { name, events in
            var members: [String: JSON] = [
                "logStreamName": .string(name), "arn": .string("\(group.arn):log-stream:\(name)"),
                "creationTime": .int(group.created),
            ]
            if let first = events.first, let last = events.last {
                members["firstEventTimestamp"] = .int(first.timestamp)
                members["lastEventTimestamp"] = .int(last.timestamp)
            }
            return .object(members)
        }
        return page(call, items, "logStreams", limit: call.input["limit"]?.int ?? 50)
    }

    /// The token of the end is given again and again until there is more.
    func getEvents(_ call: FakeCall) throws -> JSON {
        let group = try group(call["logGroupName"] ?? call["logGroupIdentifier"] ?? "")
        guard let all = group.streams[call["logStreamName"] ?? ""] else { throw Self.missing("log stream") }
        let events = all.filter { isWanted($0, call) }
        let limit = min(pageSize, call.input["limit"]?.int ?? 10_000)
        let isForward = call["nextToken"]?.hasPrefix("f/") ?? (call.input["startFromHead"]?.bool ?? false)
        let token = call["nextToken"].flatMap { Int($0.dropFirst(2)) }
        let range: Range<Int>
        if isForward {
            let start = min(token ?? 0, events.count)
            range = start..<min(events.count, start + limit)
        } else {
            let end = min(token ?? events.count, events.count)
            range = max(0, end - limit)..<end
        }
        return [
            "events": .array(events[range].map { .object(described($0)) }),
            "nextForwardToken": .string("f/\(range.upperBound)"),
            "nextBackwardToken": .string("b/\(range.lowerBound)"),
        ]
    }

    /// The events of several streams in the order of their time. A page may be empty although there are more.
    func filterEvents(_ call: FakeCall) throws -> JSON {
        let group = try group(call["logGroupName"] ?? call["logGroupIdentifier"] ?? "")
        let names = call.input["logStreamNames"]?.array?.compactMap(\.string)
        let prefix = call["logStreamNamePrefix"] ?? ""
        if let missing = names?.first(where: { group.streams[$0] == nil }) {
            throw Refused("ResourceNotFoundException", "The specified log stream \(missing) does not exist.")
        }
        var found: [(stream: String, event: Event)] = []
        for (stream, events) in group.streams where names?.contains(stream) ?? stream.hasPrefix(prefix) {
            found += events.filter { isWanted($0, call) }.map { (stream, $0) }
        }
        if let pattern = call["filterPattern"]?.filter({ $0 != "\"" }), !pattern.isEmpty {
            found = found.filter { $0.event.message.contains(pattern) }
        }
        found.sort { ($0.event.timestamp, $0.event.serial) < ($1.event.timestamp, $1.event.serial) }
        let items: [JSON] = found.map { stream, event in
            var members = described(event)
            members["logStreamName"] = .string(stream)
            members["eventId"] = .string(FakeCall.identifier(event.serial, length: 56))
            return .object(members)
        }
        return page(call, items, "events", limit: call.input["limit"]?.int ?? 10_000)
    }

    private func isWanted(_ event: Event, _ call: FakeCall) -> Bool {
        let start = call.input["startTime"]?.int ?? 0
        let end = call.input["endTime"]?.int ?? .max
        return event.timestamp >= start && event.timestamp < end
    }

    private func described(_ event: Event) -> [String: JSON] {
        [
            "timestamp": .int(event.timestamp), "message": .string(event.message),
            "ingestionTime": .int(event.timestamp),
        ]
    }
}
