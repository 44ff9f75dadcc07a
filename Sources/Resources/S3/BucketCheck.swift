public import SlipwayDeclaration

extension S3.Bucket {
    public func check() -> [Problem] {
        var found: [Problem] = []
        if let name = bucketName?.literal, let problem = S3.problem(ofBucketName: name) {
            found.append(Problem("BucketName", problem))
        }
        found += encryptionProblems + lifecycleProblems + objectLockProblems + websiteProblems
        if let policy { found += policy.problems(.resource, in: "BucketPolicy") }
        if acceleration?.accelerationStatus == .enabled, bucketName?.literal?.contains(".") == true {
            found.append(Problem("AccelerateConfiguration", "a bucket with dots in its name cannot be accelerated"))
        }
        if ownership?.rules.count ?? 1 != 1 { found.append(Problem("OwnershipControls", "there is exactly one rule")) }
        for (index, rule) in (cors?.corsRules ?? []).enumerated()
        where rule.allowedMethods.isEmpty || rule.allowedOrigins.isEmpty {
            found.append(
                Problem("CorsConfiguration.CorsRules[\(index)]", "a rule has at least one method and one origin"))
        }
        // Four of the fifty are ours, those of ownership.
        // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html
        if tags?.count ?? 0 > 46 { found.append(Problem("Tags", "a bucket has at most 46 tags besides those of ownership")) }
        return found
    }

    private var encryptionProblems: [Problem] {
        guard let rules = encryption?.serverSideEncryptionConfiguration else { return [] }
        guard rules.count == 1, let rule = rules.first else {
            return [Problem("BucketEncryption", "there is exactly one rule")]
        }
        if rule.serverSideEncryptionByDefault.algorithm == .aes256, rule.serverSideEncryptionByDefault.key != nil {
            return [Problem("BucketEncryption", "a key in KMS needs an algorithm of KMS", hint: "use `.kms(key)`")]
        }
        return []
    }

    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html>
    private var lifecycleProblems: [Problem] {
        guard let rules = lifecycle?.rules else { return [] }
        var found: [Problem] = []
        if rules.isEmpty || rules.count > 1000 {
            found.append(Problem("LifecycleConfiguration.Rules", "there are 1 to 1000 rules"))
        }
        var ids: Set<Text> = []
        for (index, rule) in rules.enumerated() {
            let place = "LifecycleConfiguration.Rules[\(index)]"
            func add(_ message: String) { found.append(Problem(place, message)) }
            if !rule.hasAction { add("the rule does nothing") }
            if rule.expirationInDays != nil, rule.expirationDate != nil { add("objects expire after days or on a date") }
            for transition in rule.transitions ?? []
            where (transition.transitionInDays == nil) == (transition.transitionDate == nil) {
                add("objects move either after days or on a date")
            }
            let isBySize = rule.objectSizeGreaterThan != nil || rule.objectSizeLessThan != nil
            let isFiltered = isBySize || rule.tagFilters?.isEmpty == false
            if isFiltered, rule.abortIncompleteMultipartUpload != nil {
                add("uploads have neither tags nor size, so a rule that aborts them is only about a prefix")
            }
            if rule.tagFilters?.isEmpty == false, rule.expiredObjectDeleteMarker == true {
                add("delete markers have no tags, so a rule that removes them is not about tags")
            }
            if let id = rule.id, !ids.insert(id).inserted { add("another rule has the Id '\(id.spelling)' too") }
        }
        return found
    }

    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-configure.html>
    private var objectLockProblems: [Problem] {
        var found: [Problem] = []
        if objectLockEnabled == true, versioning == .suspended {
            found.append(
                Problem("ObjectLockEnabled", "only versions can be locked", hint: "leave versioning out, or enable it"))
        }
        if objectLock != nil, objectLockEnabled != true {
            found.append(
                Problem("ObjectLockConfiguration", "versions are locked only where object lock is enabled",
                    hint: "add `objectLockEnabled: true`"))
        }
        if let retention = objectLock?.rule?.defaultRetention, (retention.days == nil) == (retention.years == nil) {
            found.append(Problem("ObjectLockConfiguration", "versions are retained for either days or years"))
        }
        return found
    }

    private var websiteProblems: [Problem] {
        guard let website else { return [] }
        let hasPages = website.indexDocument != nil || website.errorDocument != nil || website.routingRules != nil
        if (website.redirectAllRequestsTo != nil) == hasPages || (hasPages && website.indexDocument == nil) {
            return [
                Problem("WebsiteConfiguration", "a web site either redirects all requests or has an index document")
            ]
        }
        return []
    }
}

extension S3 {
    /// What is wrong with a bucket's name, or `nil`.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
    static func problem(ofBucketName name: String) -> String? {
        guard (3...63).contains(name.utf8.count) else { return "'\(name)' does not have 3 to 63 characters" }
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        func isAlphanumeric(_ byte: UInt8?) -> Bool { byte.map { letters.contains($0) || digits.contains($0) } ?? false }
        let allowed = name.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
        guard allowed else { return "'\(name)' has characters other than lower-case letters, digits, '-' and '.'" }
        guard isAlphanumeric(name.utf8.first), isAlphanumeric(name.utf8.last) else {
            return "'\(name)' does not begin and end with a letter or digit"
        }
        if name.contains("..") { return "'\(name)' has two dots in a row" }
        let parts = name.split(separator: ".")
        if parts.count == 4, parts.allSatisfy({ UInt8($0) != nil }) { return "'\(name)' looks like an IP address" }
        for prefix in ["xn--", "sthree-", "amzn-s3-demo-"] where name.hasPrefix(prefix) {
            return "'\(name)' begins with '\(prefix)', which AWS keeps for itself"
        }
        for suffix in ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"] where name.hasSuffix(suffix) {
            return "'\(name)' ends with '\(suffix)', which AWS keeps for itself"
        }
        return nil
    }
}
