import FoundationEssentials

/// A local AWS that runs, as it says of itself when it is ready.
package struct RunningCloud: Hashable, Sendable, Decodable {
    /// Such as `http://127.0.0.1:4566`.
    package let endpoint: String
    package let accessKeyID: String
    package let secretAccessKey: String
    package let region: String
    /// 12 digits.
    package let account: String
    /// Made with its data: what tells it from others whose accounts have the same number.
    package let uuid: String
    package let pid: Int32
    /// The path of its log.
    package let log: String

    private enum CodingKeys: String, CodingKey {
        case endpoint, region, account, uuid, pid, log
        case accessKeyID = "access_key_id"
        case secretAccessKey = "secret_access_key"
    }

    /// Reads the ready line: one JSON object.
    /// - Throws: ``LocalCloudError/unreadable(_:)``.
    package init(line: String) throws(LocalCloudError) {
        do { self = try JSONDecoder().decode(RunningCloud.self, from: Data(line.utf8)) } catch {
            // The line holds a secret key, so that it is not repeated here.
            throw .unreadable("its ready line lacks something: \(error)")
        }
    }

    /// The variables that point AWS's SDKs and CLI at it, in the order in which they are shown.
    package var variables: [(name: String, value: String)] {
        [
            ("AWS_ENDPOINT_URL", endpoint), ("AWS_ACCESS_KEY_ID", accessKeyID),
            ("AWS_SECRET_ACCESS_KEY", secretAccessKey), ("AWS_REGION", region), ("AWS_DEFAULT_REGION", region),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ]
    }
}
