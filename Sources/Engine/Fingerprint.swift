import Crypto
import FoundationEssentials
package import SlipwayDeclaration

/// Reads secrets' values and fingerprints them.
package enum Fingerprint {
    /// A keyed hash of a secret's value: 32 hexadecimal digits that tell nothing of the value without the state's key.
    /// A generated secret is another each time it is generated, and only its declaration tells whether it changed.
    ///
    /// - Parameter key: The state's key, in hexadecimal.
    package static func make(_ value: String, of source: Secret.Source, key: String) -> String {
        if case .generated(let length) = source { return "generated-\(length)" }
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(value.utf8), using: SymmetricKey(data: Array(key.utf8)))
        return Digest.hexadecimal(code).prefix(32).description
    }
}

/// Digests in hexadecimal.
package enum Digest {
    package static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// SHA-256 of a text: 64 hexadecimal digits.
    package static func sha256(_ text: String) -> String { hexadecimal(SHA256.hash(data: Array(text.utf8))) }
}

/// Random identifiers, from the system's generator.
package enum Identifier {
    /// 32 hexadecimal digits.
    package static func make() -> String {
        Digest.hexadecimal((0..<16).map { _ in UInt8.random(in: .min ... .max) })
    }
}

extension JSON {
    /// The tree with the fingerprints of its secrets filled in.
    package func withFingerprints(_ fingerprints: [Secret.Source: String]) -> JSON {
        switch self {
        case .object(let members):
            if Secret.isEncoded(members), var secret = try? PropertyDecoder().decode(Secret.self, from: self) {
                secret.fingerprint = fingerprints[secret.source]
                // A secret's source and fingerprint always encode.
                return (try? PropertyEncoder().encode(secret).tree) ?? self
            }
            return .object(members.mapValues { $0.withFingerprints(fingerprints) })
        case .array(let elements): return .array(elements.map { $0.withFingerprints(fingerprints) })
        default: return self
        }
    }
}
