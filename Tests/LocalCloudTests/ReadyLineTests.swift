import SlipwayLocalCloud
import Testing

@Suite struct ReadyLineTests {
    @Test func `the ready line says where and as whom to call`() throws {
        let cloud = try RunningCloud(
            line: """
                {"endpoint": "http://127.0.0.1:4566", "access_key_id": "AKIA1", "secret_access_key": "s3cret", \
                "region": "us-east-1", "account": "123456789012", "uuid": "97ec", "pid": 42, "log": "/l", "more": 1}
                """)
        #expect(cloud.endpoint == "http://127.0.0.1:4566" && cloud.accessKeyID == "AKIA1" && cloud.uuid == "97ec")
        #expect(cloud.variables.map(\.name).contains("AWS_ENDPOINT_URL"))
    }

    @Test(arguments: ["", "nonsense", "[]", #"{"endpoint": "e", "secret_access_key": "s3cret"}"#])
    func `a line that lacks something is refused without repeating it`(line: String) {
        #expect {
            try RunningCloud(line: line)
        } throws: { error in
            guard case LocalCloudError.unreadable(let reason)? = error as? LocalCloudError else { return false }
            return !reason.contains("s3cret")
        }
    }
}
