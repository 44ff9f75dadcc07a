public import SlipwayDeclaration

extension Redshift.Cluster {
    // Source: https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html
    public func check() -> [Problem] {
        var found = Problems()
        checkNames(&found)
        checkPassword(&found)
        checkNodes(&found)
        checkNetwork(&found)
        checkSecurity(&found)
        checkSnapshots(&found)
        checkLogging(&found)
        return found.all
    }

    private struct Problems {
        var all: [Problem] = []
        mutating func add(_ property: String, _ message: String, hint: String? = nil) {
            all.append(Problem(property, message, hint: hint))
        }
    }

    private func checkNames(_ found: inout Problems) {
        if let name = clusterIdentifier?.literal, !Self.isHyphenated(name, limit: 63) {
            found.add(
                "ClusterIdentifier",
                "an identifier has 1 to 63 small letters, digits and single hyphens, and begins with a letter")
        }
        if let name = dbName.literal {
            let begins = name.first.map { $0.isASCII && ($0.isLetter || $0 == "_") } ?? false
            if !begins || name.count > 64 || !name.allSatisfy(Self.isOfName) {
                let message = "a database's name has 1 to 64 small letters, digits and _+.@-, and begins with a letter"
                found.add("DBName", message, hint: name == name.lowercased() ? nil : "try '\(name.lowercased())'")
            }
        }
        if let name = masterUsername.literal {
            let begins = name.first.map { $0.isASCII && $0.isLetter } ?? false
            if !begins || name.count > 128 || !name.allSatisfy(Self.isOfName) {
                found.add(
                    "MasterUsername",
                    "a user's name has 1 to 128 small letters, digits and _+.@-, and begins with a letter")
            }
            if name == "public" { found.add("MasterUsername", "'public' means everybody") }
        }
        if let window = preferredMaintenanceWindow?.literal?.lowercased(), !Self.isWindow(window) {
            found.add("PreferredMaintenanceWindow", "'\(window)' is no window", hint: "such as sun:06:30-sun:07:00")
        }
    }

    private func checkPassword(_ found: inout Problems) {
        if manageMasterPassword == true, masterUserPassword != nil {
            found.add("MasterUserPassword", "the password is declared and managed by AWS", hint: "leave one of them out")
        }
        if manageMasterPassword != true, masterUserPassword == nil {
            found.add(
                "MasterUserPassword", "there is no password", hint: "let AWS make it: manageMasterPassword = true")
        }
        if masterPasswordSecretKmsKeyId != nil, manageMasterPassword != true {
            found.add("MasterPasswordSecretKmsKeyId", "only a managed password is kept under a key")
        }
    }

    private func checkNodes(_ found: inout Problems) {
        if let nodes = numberOfNodes, !(1...128).contains(nodes) {
            found.add("NumberOfNodes", "a cluster has 1 to 128 nodes, not \(nodes)")
        }
        // Source: https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html
        let large: Set<Text> = ["ra3.4xlarge", "ra3.16xlarge", "dc2.8xlarge"]
        if large.contains(nodeType), (numberOfNodes ?? 1) < 2 {
            found.add("NumberOfNodes", "clusters of \(nodeType.spelling) have two nodes or more")
        }
        if multiAZ == true {
            if (numberOfNodes ?? 1) < 2 { found.add("MultiAZ", "a cluster in two zones has two nodes or more") }
            if isOld { found.add("MultiAZ", "clusters of \(nodeType.spelling) are in one zone") }
        }
    }

    private func checkNetwork(_ found: inout Problems) {
        if let port, nodeType.literal != nil {
            let allowed = isOld ? [1150...65_535] : [5431...5455, 8191...8215]
            if !allowed.contains(where: { $0.contains(port) }) {
                let ports = isOld ? "1150 to 65535" : "5431 to 5455 and 8191 to 8215"
                found.add("Port", "clusters of \(nodeType.spelling) listen on the ports \(ports), not \(port)")
            }
        }
        if publiclyAccessible == true, availabilityZoneRelocation == true {
            found.add("AvailabilityZoneRelocation", "a cluster that is publicly accessible cannot be moved")
        }
        if elasticIp != nil, publiclyAccessible != true {
            found.add("ElasticIp", "only a cluster that is publicly accessible has one")
        }
        if vpcSecurityGroupIds?.isEmpty == true {
            found.add("VpcSecurityGroupIds", "a cluster has one group or more", hint: "leave it out for the VPC's own")
        }
    }

    private func checkSecurity(_ found: inout Problems) {
        if let key = kmsKeyId?.literal, key != Self.awsOwnedKey, !key.hasPrefix("arn:") {
            found.add("KmsKeyId", "'\(key)' is no ARN", hint: "AWS answers with the ARN, whatever it was given")
        }
        if kmsKeyId != nil, encrypted == false { found.add("KmsKeyId", "the cluster is not encrypted") }
        if let count = iamRoles?.count, count > 50 {
            found.add("IamRoles", "a cluster has at most 50 roles, not \(count)")
        }
        for arn in (iamRoles ?? []).compactMap(\.literal) where !arn.hasPrefix("arn:") {
            found.add("IamRoles", "'\(arn)' is no ARN")
        }
        if let role = defaultIamRoleArn, role != "", !(iamRoles ?? []).contains(role) {
            found.add("DefaultIamRoleArn", "it is none of the cluster's roles")
        }
    }

    private func checkSnapshots(_ found: inout Problems) {
        if let days = automatedSnapshotRetentionPeriod {
            if !(0...35).contains(days) {
                found.add("AutomatedSnapshotRetentionPeriod", "\(days) days are not between 0 and 35")
            }
            if days == 0, nodeType.literal != nil, !isOld {
                found.add(
                    "AutomatedSnapshotRetentionPeriod", "clusters of \(nodeType.spelling) always have snapshots",
                    hint: "1 day is the least")
            }
        }
        if let days = manualSnapshotRetentionPeriod, days != -1, !(1...3653).contains(days) {
            found.add(
                "ManualSnapshotRetentionPeriod", "\(days) days are not between 1 and 3653", hint: "-1 means for ever")
        }
        if destinationRegion == nil {
            if snapshotCopyGrantName != nil { found.add("SnapshotCopyGrantName", "no snapshot is copied") }
            if snapshotCopyRetentionPeriod != nil { found.add("SnapshotCopyRetentionPeriod", "no snapshot is copied") }
        }
        if let days = snapshotCopyRetentionPeriod, !(1...35).contains(days) {
            found.add("SnapshotCopyRetentionPeriod", "\(days) days are not between 1 and 35")
        }
        guard let finalSnapshot else { return }
        if let prefix = finalSnapshot.prefix?.literal, !Self.isHyphenated(prefix.lowercased(), limit: 230) {
            found.add(
                "FinalSnapshot.Prefix",
                "a snapshot's name has letters, digits and single hyphens, and begins with a letter")
        }
        if let days = finalSnapshot.retentionPeriod, days != -1, !(1...3653).contains(days) {
            found.add("FinalSnapshot.RetentionPeriod", "\(days) days are not between 1 and 3653")
        }
    }

    private func checkLogging(_ found: inout Problems) {
        guard let logging = loggingProperties else { return }
        if let type = logging.logDestinationType, type.literal != nil, type != "s3", type != "cloudwatch" {
            found.add("LoggingProperties.LogDestinationType", "logs go to s3 or cloudwatch, not to '\(type.spelling)'")
        }
        if logging.isToCloudWatch {
            if logging.bucketName != nil { found.add("LoggingProperties.BucketName", "the logs go to CloudWatch") }
            if logging.logExports?.isEmpty ?? true {
                found.add(
                    "LoggingProperties.LogExports", "no log is named",
                    hint: "connectionlog, userlog and useractivitylog")
            }
        } else if logging.bucketName == nil {
            found.add("LoggingProperties.BucketName", "logs that go to S3 need a bucket")
        }
    }

    /// Of nodes that were before RA3.
    private var isOld: Bool { nodeType.literal.map { $0.hasPrefix("dc") || $0.hasPrefix("ds") } ?? false }

    /// Small letters, digits and single hyphens, beginning with a letter and not ending in a hyphen.
    private static func isHyphenated(_ name: String, limit: Int) -> Bool {
        (1...limit).contains(name.count) && name.first?.isLetter == true && name.last != "-" && !name.contains("--")
            && name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    }

    private static func isOfName(_ character: Character) -> Bool {
        character.isASCII && (character.isLowercase || character.isNumber || "_+.@-".contains(character))
    }

    /// Such as `sun:06:30-sun:07:00`.
    private static func isWindow(_ text: String) -> Bool {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        return ends.count == 2
            && ends.allSatisfy { end in
                let parts = end.split(separator: ":", omittingEmptySubsequences: false)
                guard parts.count == 3, let hour = Int(parts[1]), let minute = Int(parts[2]) else { return false }
                return ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].contains(String(parts[0]))
                    && (0...23).contains(hour) && (0...59).contains(minute)
            }
    }
}
