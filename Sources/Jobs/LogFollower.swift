package import SlipwayAWS
import SlipwayDeclaration

/// Reads logs in CloudWatch from where it stopped the last time.
///
/// A group and a stream are there only after the first line was written to them, so one that is missing is asked for
/// again. Tokens make sure that no line comes twice and none is left out.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html>
package struct LogFollower: Sendable {
    private var cursors: [Cursor]

    private struct Cursor: Sendable {
        let source: LogSource
        /// The stream that was found to be there.
        var stream: String?
        var token: String?
        /// Why it is no longer read.
        var problem: AWSError?
    }

    /// What one reading gave.
    package struct Reading: Sendable {
        package var lines: [LogLine] = []
        /// Logs that cannot be read, and will not be asked for again.
        package var problems: [(group: String, error: AWSError)] = []
    }

    /// How many pages of one stream a reading goes through, so that whoever also watches something else gets back to
    /// it: 10,000 lines or 1 MB each.
    private static let pages = 10

    package init(_ sources: [LogSource]) { cursors = sources.map { Cursor(source: $0) } }

    /// Reads what is new. Lines of different streams are put in the order of their times.
    package mutating func read(_ aws: AWSClient) async -> Reading {
        var reading = Reading()
        for index in cursors.indices where cursors[index].problem == nil {
            do throws(AWSError) {
                reading.lines += try await LogFollower.read(&cursors[index], aws)
            } catch {
                // What usually passes is asked for again; whoever watches a job must not fail for want of its log.
                switch error.kind {
                case .throttled, .transient, .unreachable, .cancelled, .busy: continue
                default:
                    cursors[index].problem = error
                    reading.problems.append((cursors[index].source.group, error))
                }
            }
        }
        reading.lines = reading.lines.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
        return reading
    }

    private static func read(_ cursor: inout Cursor, _ aws: AWSClient) async throws(AWSError) -> [LogLine] {
        var lines: [LogLine] = []
        for stream in cursor.stream.map({ [$0] }) ?? cursor.source.streams {
            for _ in 0..<pages {
                guard let page = try await page(cursor, stream, aws) else { break }
                cursor.stream = stream
                let mark = cursor.source.mark
                lines += page.events.filter { event in mark.map { event.message.contains($0) } ?? true }.map { event in
                    var text = event.message
                    while text.last?.isNewline == true { text.removeLast() }
                    return LogLine(cursor.source.channel, time: event.timestamp / 1000, text)
                }
                // The end of a stream is where the token stays the same.
                let isEnd = page.nextForwardToken == nil || page.nextForwardToken == cursor.token
                cursor.token = page.nextForwardToken ?? cursor.token
                if isEnd { break }
            }
            if cursor.stream != nil { break }
        }
        return lines
    }

    private struct Page: Decodable, Sendable {
        let events: [Event]
        let nextForwardToken: String?
    }

    private struct Event: Decodable, Sendable {
        /// Milliseconds since 1970.
        let timestamp: Double
        let message: String
    }

    /// A page; `nil` when the stream is not there.
    private static func page(_ cursor: Cursor, _ stream: String, _ aws: AWSClient) async throws(AWSError) -> Page? {
        struct Input: Encodable, Sendable {
            let logGroupName: String
            let logStreamName: String
            let startFromHead = true
            /// Milliseconds since 1970.
            let startTime: Int?
            let nextToken: String?
        }
        let input = Input(
            logGroupName: cursor.source.group, logStreamName: stream, startTime: cursor.source.since.map { Int($0 * 1000) },
            nextToken: cursor.token)
        do { return try await aws.call(.logs, "GetLogEvents", input, as: Page.self) } catch {
            if error.kind == .notFound { return nil }
            throw error
        }
    }
}
