import SlipwayDeclaration

/// CloudWatch Logs: groups, streams and events.
///
/// Source of codes and words:
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html> and its neighbours.
package struct FakeLogs: Sendable {
    /// Groups by name.
    package var groups: [String: Group] = [:]
    /// How many groups there may be.
    package var groupQuota = 10_000
    /// How many items a page has at most, whatever is asked for.
    package var pageSize = 10_000

    package struct Group: Sendable {
        package var arn: String
        /// Milliseconds since 1970.
        package var created: Int
        package var retention: Int?
        package var key: String?
        package var kind = "STANDARD"
        package var isProtected = false
        package var tags: [String: String] = [:]
        /// Events by the name of their stream, in the order of their time.
        package var streams: [String: [Event]] = [:]
    }

    package struct Event: Sendable, Hashable {
        /// Milliseconds since 1970.
        package var timestamp: Int
        package var message: String
        /// Another one for each event.
        package var serial: Int
    }

    /// Writes events as a job does: group and stream are made where they are missing.
    package mutating func write(_ messages: [String], to group: String, stream: String, at timestamp: Int = 0) {
        var found = groups[group] ?? Group(arn: Self.arn(group, region: "us-east-1"), created: timestamp)
        var events = found.streams[stream] ?? []
        let count = found.streams.values.reduce(0) { $0 + $1.count }
        for (index, message) in messages.enumerated() {
            events.append(Event(timestamp: timestamp + index, message: message, serial: count + index))
        }
        found.streams[stream] = events.sorted { ($0.timestamp, $0.serial) < ($1.timestamp, $1.serial) }
        groups[group] = found
    }

    /// Carries a call out.
    package mutating func handle(_ call: FakeCall) -> FakeAnswer {
        do {
            return .ok(try carryOut(call))
        } catch let refusal as Refused {
            return refusal.answer
        } catch {
            return .error("ServiceUnavailableException", "\(error)", status: 500)
        }
    }

    private mutating func carryOut(_ call: FakeCall) throws -> JSON {
        switch call.operation {
        case "CreateLogGroup": return try createGroup(call)
        case "DescribeLogGroups": return try describeGroups(call)
        case "DescribeLogStreams": return try describeStreams(call)
        case "GetLogEvents": return try getEvents(call)
        case "FilterLogEvents": return try filterEvents(call)
        case "ListTagsForResource":
            return ["tags": .object(try group(ofARN: call).group.tags.mapValues { .string($0) })]
        case "TagResource", "UntagResource":
            var (name, group) = try group(ofARN: call)
            for (key, value) in call.input["tags"]?.object ?? [:] { group.tags[key] = value.string }
            for key in call.input["tagKeys"]?.array ?? [] { group.tags[key.string ?? ""] = nil }
            if group.tags.count > 50 { throw Refused("TooManyTagsException", "a group has at most 50 tags") }
            groups[name] = group
            return [:]
        default:
            let name = call["logGroupName"] ?? call["logGroupIdentifier"] ?? ""
            groups[name] = try changed(try group(name), name, call)
            return [:]
        }
    }

    /// The group as a call leaves it; `nil` when it is deleted.
    private func changed(_ group: Group, _ name: String, _ call: FakeCall) throws -> Group? {
        var group = group
        switch call.operation {
        case "DeleteLogGroup":
            if group.isProtected {
                throw Refused("ValidationException", "Log group \(name) is protected from deletion")
            }
            return nil
        case "PutRetentionPolicy":
            let days = call.input["retentionInDays"]?.int ?? 0
            let allowed = [
                1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
            ]
            guard allowed.contains(days) else {
                let message = "1 validation error detected: Value '\(days)' at 'retentionInDays'"
                throw Refused("InvalidParameterException", message)
            }
            group.retention = days
        case "DeleteRetentionPolicy": group.retention = nil
        case "AssociateKmsKey": group.key = call["kmsKeyId"]
        case "DisassociateKmsKey": group.key = nil
        case "PutLogGroupDeletionProtection":
            group.isProtected = call.input["deletionProtectionEnabled"]?.bool ?? false
        case "CreateLogStream":
            let stream = call["logStreamName"] ?? ""
            if group.streams[stream] != nil {
                throw Refused("ResourceAlreadyExistsException", "The specified log stream already exists")
            }
            group.streams[stream] = []
        case "PutLogEvents":
            let stream = call["logStreamName"] ?? ""
            guard group.streams[stream] != nil else { throw FakeLogs.missing("log stream") }
            let count = group.streams.values.reduce(0) { $0 + $1.count }
            for (index, event) in (call.input["logEvents"]?.array ?? []).enumerated() {
                group.streams[stream]?.append(
                    Event(
                        timestamp: event["timestamp"]?.int ?? 0, message: event["message"]?.string ?? "",
                        serial: count + index))
            }
            group.streams[stream]?.sort { ($0.timestamp, $0.serial) < ($1.timestamp, $1.serial) }
        default:
            throw Refused(answer: .unknown(call))
        }
        return group
    }

    static func missing(_ what: String) -> Refused {
        Refused("ResourceNotFoundException", "The specified \(what) does not exist.")
    }

    static func arn(_ name: String, region: String) -> String {
        "arn:aws:logs:\(region):\(FakeAWS.account):log-group:\(name)"
    }

    func group(_ name: String) throws -> Group {
        guard let group = groups[name] else { throw Self.missing("log group") }
        return group
    }

    private func group(ofARN call: FakeCall) throws -> (name: String, group: Group) {
        guard let found = groups.first(where: { $0.value.arn == call["resourceArn"] }) else {
            throw Self.missing("resource")
        }
        return (found.key, found.value)
    }
}

extension FakeLogs {
    private mutating func createGroup(_ call: FakeCall) throws -> JSON {
        let name = call["logGroupName"] ?? ""
        if groups[name] != nil {
            throw Refused("ResourceAlreadyExistsException", "The specified log group already exists")
        }
        if groups.count >= groupQuota { throw Refused("LimitExceededException", "Resource limit exceeded.") }
        groups[name] = Group(
            arn: Self.arn(name, region: call.region), created: call.date * 1000, key: call["kmsKeyId"],
            kind: call["logGroupClass"] ?? "STANDARD",
            isProtected: call.input["deletionProtectionEnabled"]?.bool ?? false,
            tags: (call.input["tags"]?.object ?? [:]).compactMapValues(\.string))
        return [:]
    }

    /// In the order of their names; with identifiers, those of them that exist.
    private func describeGroups(_ call: FakeCall) throws -> JSON {
        let identifiers = call.input["logGroupIdentifiers"]?.array?.compactMap(\.string)
        if let identifiers, identifiers.count > 50 {
            throw Refused("InvalidParameterException", "logGroupIdentifiers has at most 50 items")
        }
        let prefix = call["logGroupNamePrefix"] ?? ""
        let found = groups.filter { identifiers?.contains($0.key) ?? $0.key.hasPrefix(prefix) }
        let items: [JSON] = found.sorted { $0.key < $1.key }.map { name, group in
            var members: [String: JSON] = [
                "logGroupName": .string(name), "arn": .string(group.arn + ":*"), "logGroupArn": .string(group.arn),
                "creationTime": .int(group.created), "metricFilterCount": 0, "storedBytes": 0,
                "logGroupClass": .string(group.kind), "deletionProtectionEnabled": .bool(group.isProtected),
            ]
            if let retention = group.retention { members["retentionInDays"] = .int(retention) }
            if let key = group.key { members["kmsKeyId"] = .string(key) }
            return .object(members)
        }
        return page(call, items, "logGroups", limit: call.input["limit"]?.int ?? 50)
    }

    func page(_ call: FakeCall, _ items: [JSON], _ member: String, limit: Int) -> JSON {
        let start = call["nextToken"].flatMap { Int($0) } ?? 0
        let end = min(items.count, start + min(pageSize, limit))
        var output: [String: JSON] = [member: .array(Array(items[min(start, end)..<end]))]
        if end < items.count { output["nextToken"] = .string(String(end)) }
        return .object(output)
    }
}
