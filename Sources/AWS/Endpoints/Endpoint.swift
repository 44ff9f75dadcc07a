/// Where a service is, and for which region its requests are signed.
package struct Endpoint: Sendable, Equatable {
    /// `http` or `https`.
    package var scheme: String
    /// With a port where it is not the scheme's own.
    package var host: String
    /// Encoded, without a slash at its end; empty for most. Where a bucket is part of the path, it is here.
    package var path: String
    package var signingRegion: String
    /// Whether it is AWS's own, and not one that somebody configured.
    package var isAWS: Bool

    /// Scheme, host and path.
    package var url: String { "\(scheme)://\(host)\(path)" }
}

/// In what the endpoints of a service differ from those of other services.
package enum EndpointQuirk: Sendable {
    /// Its FIPS endpoints in GovCloud are its usual ones.
    case plainFIPSInGovCloud
    /// Its endpoints with IPv6 are its usual ones.
    case dualStackUnderPlainNames
}

/// Why there is no endpoint.
package struct EndpointProblem: Error, Sendable, Equatable {
    /// What is wrong with the settings.
    package let reason: String
}

extension Endpoint {
    /// What an endpoint depends on.
    package struct Question: Sendable {
        package var service: Service
        /// `nil` where no region is configured.
        package var region: String?
        package var useFIPS = false
        package var useDualStack = false
        /// A URL that stands for AWS's.
        package var custom: String?
        /// For S3.
        package var bucket: String?
        /// For S3: the bucket is never made part of the host name.
        package var pathStyle = false

        package init(service: Service, region: String?) {
            self.service = service
            self.region = region
        }
    }

    /// Where to go.
    ///
    /// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html and the rules that AWS publishes
    /// with its SDKs (endpoint-rule-set-1.json).
    package init(_ question: Question) throws(EndpointProblem) {
        if question.custom != nil, question.useFIPS {
            throw EndpointProblem(reason: "an endpoint of your own cannot be combined with AWS_USE_FIPS_ENDPOINT")
        }
        if question.custom != nil, question.useDualStack {
            throw EndpointProblem(reason: "an endpoint of your own cannot be combined with AWS_USE_DUALSTACK_ENDPOINT")
        }
        let isS3 = question.service.name == "s3"
        guard let region = question.region, !region.isEmpty else {
            if let custom = question.custom, !isS3 {
                // What is behind an endpoint of one's own may not care for regions.
                self = try Self.parse(custom, region: "us-east-1")
                return
            }
            throw EndpointProblem(reason: "no region is configured")
        }
        guard Self.isHostLabel(region) else { throw EndpointProblem(reason: "`\(region)` is not the name of a region") }
        if let custom = question.custom {
            self = try Self.parse(custom, region: region)
            if question.service.isGlobal { signingRegion = Partition.of(region: region).iam.signingRegion }
        } else {
            self = try Self.standard(question, region)
        }
        if isS3, let bucket = question.bucket { place(bucket, pathStyle: question.pathStyle) }
    }

    private static func standard(_ question: Question, _ region: String) throws(EndpointProblem) -> Endpoint {
        let partition = Partition.of(region: region)
        let service = question.service
        var host: String
        var signingRegion = region
        switch (question.useFIPS, question.useDualStack) {
        case _ where service.isGlobal:
            let global = partition.iam
            signingRegion = global.signingRegion
            host =
                question.useFIPS
                ? (question.useDualStack ? global.fipsDualStack : global.fips)
                : (question.useDualStack ? global.dualStack : global.host)
        case (let fips, let dualStack) where service.name == "s3":
            if fips, partition.id == "aws-cn" {
                throw EndpointProblem(reason: "S3 has no FIPS endpoints in \(partition.id)")
            }
            host = "s3\(fips ? "-fips" : "").\(dualStack ? "dualstack." : "")\(region).\(partition.dnsSuffix)"
        case (true, false) where partition.id == "aws-us-gov" && service.endpointQuirks.contains(.plainFIPSInGovCloud):
            host = "\(service.endpointPrefix).\(region).\(partition.dnsSuffix)"
        case (let fips, let dualStack):
            // China has no FIPS endpoints, which AWS's rules have no exception for.
            let isPlain = service.endpointQuirks.contains(.dualStackUnderPlainNames) && !(fips && partition.id == "aws-cn")
            let suffix = dualStack && !isPlain ? partition.dualStackSuffix : partition.dnsSuffix
            host = "\(service.endpointPrefix)\(fips ? "-fips" : "").\(region).\(suffix)"
        }
        return Endpoint(scheme: "https", host: host, path: "", signingRegion: signingRegion, isAWS: true)
    }

    private static func parse(_ url: String, region: String) throws(EndpointProblem) -> Endpoint {
        for scheme in ["http", "https"] where url.lowercased().hasPrefix("\(scheme)://") {
            let rest = url.dropFirst(scheme.count + 3)
            if rest.contains(where: { $0 == "?" || $0 == "#" || $0 == "@" || $0.isWhitespace }) { break }
            let host = rest.prefix { $0 != "/" }
            var path = rest.dropFirst(host.count)
            while path.last == "/" { path.removeLast() }
            if host.isEmpty { break }
            return Endpoint(scheme: scheme, host: String(host), path: String(path), signingRegion: region, isAWS: false)
        }
        throw EndpointProblem(reason: "`\(url)` is not the URL of an endpoint")
    }

    private mutating func place(_ bucket: String, pathStyle: Bool) {
        if !pathStyle, isVirtualHostable(bucket), !hostIsAddress {
            host = "\(bucket).\(host)"
        } else {
            path += "/" + PercentEncoding.encode(bucket)
        }
    }

    /// Dots are no part of what a wildcard certificate covers, so they only go without TLS.
    private func isVirtualHostable(_ bucket: String) -> Bool {
        let labels = scheme == "http" ? bucket.split(separator: ".", omittingEmptySubsequences: false) : [bucket[...]]
        return (3...63).contains(bucket.utf8.count)
            && labels.allSatisfy { label in
                Self.isHostLabel(String(label)) && label.allSatisfy { !$0.isUppercase }
            }
    }

    private var hostIsAddress: Bool {
        if host.hasPrefix("[") { return true }
        let labels = host.prefix { $0 != ":" }.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count == 4 && labels.allSatisfy { UInt8($0) != nil }
    }

    private static func isHostLabel(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 63 && text.first != "-" && text.last != "-"
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }
}
