/// How a value is written in a protocol, where that differs from the protocol's defaults.
///
/// A type says so by `WireShaped`, for those of its members that need it:
/// ```swift
/// struct Tagging: Codable, WireShaped {
///     var tagSet: [Tag]
///     static let shape: Shape = ["TagSet": .items("Tag")]
/// }
/// ```
/// Members are named as they would be sent without the shape.
public struct Shape: Sendable, ExpressibleByDictionaryLiteral {
    /// What kind of value this is, as far as it is known.
    package indirect enum Form: Sendable {
        /// Whatever the document is.
        case any
        /// `payload` is the member that is the whole body; `root` the name of the XML element around it, where the
        /// type has one of its own.
        case structure([String: Shape], payload: String? = nil, root: String? = nil)
        case list(Shape)
        case map(key: Shape, value: Shape)
        case string
        case boolean
        case integer
        case double
        case blob
        case timestamp
        /// A shape that is looked up when it is needed, as a type may contain itself.
        case reference(@Sendable () -> Shape)
    }

    /// Where a member of a REST request or response is.
    package enum Location: Sendable, Equatable {
        case header
        /// A map, whose keys follow the prefix.
        case headers(prefix: String)
        case query
        case uri
        case status
    }

    /// An XML namespace.
    package struct Namespace: Sendable, Equatable {
        package var uri: String
        package var prefix: String?
    }

    package var form: Form = .any
    /// What it is called on the wire, where that is not its own name.
    package var name: String?
    /// A list or map whose items stand beside the other members, not inside an element of their own.
    package var isFlattened = false
    /// An attribute of the XML element around it.
    package var isAttribute = false
    package var namespace: Namespace?
    /// How a date is written.
    package var timestampFormat: TimestampFormat?
    package var location: Location?
    /// Filled with a random UUID where it is missing.
    package var isIdempotencyToken = false
    /// Part of the host name.
    package var isHostLabel = false

    /// Nothing is known.
    package init(_ form: Form = .any) {
        self.form = form
    }

    /// A structure, with what is to be known about some of its members.
    public init(dictionaryLiteral members: (String, Shape)...) {
        form = .structure(Dictionary(members) { first, _ in first })
    }
}

extension Shape {
    /// A list, set, or map whose items stand beside the other members, each by the given name (else by the member's).
    /// Query: `Name.1`. XML: `<Name>…</Name><Name>…</Name>`.
    public static func flattened(_ name: String? = nil) -> Shape {
        var shape = Shape(.list(Shape()))
        shape.name = name
        shape.isFlattened = true
        return shape
    }

    /// A list whose items have the given name instead of `member`.
    /// Query: `Tags.Tag.1`. XML: `<TagSet><Tag>…</Tag></TagSet>`.
    public static func items(_ name: String) -> Shape {
        var item = Shape()
        item.name = name
        return Shape(.list(item))
    }

    /// A member that has another name on the wire, such as `ID`.
    public static func named(_ name: String) -> Shape {
        var shape = Shape()
        shape.name = name
        return shape
    }

    /// An attribute of the XML element around it, such as `xsi:type`.
    public static func attribute(_ name: String? = nil) -> Shape {
        var shape = Shape()
        shape.name = name
        shape.isAttribute = true
        return shape
    }

    /// The value of a header.
    public static func header(_ name: String) -> Shape {
        var shape = Shape()
        shape.name = name
        shape.location = .header
        return shape
    }

    /// An item of the query string.
    public static func query(_ name: String) -> Shape {
        var shape = Shape()
        shape.name = name
        shape.location = .query
        return shape
    }

    /// A token by which the service knows a request that is sent again. Where the member is `nil`, each call gets a new UUID,
    /// the same for all of its attempts.
    public static let idempotencyToken: Shape = {
        var shape = Shape(.string)
        shape.isIdempotencyToken = true
        return shape
    }()

    /// A dictionary of all headers that begin with `prefix`, such as `x-amz-meta-`.
    public static func headers(prefix: String) -> Shape {
        var shape = Shape(.map(key: Shape(.string), value: Shape(.string)))
        shape.location = .headers(prefix: prefix)
        return shape
    }

    /// A date that is not written in the protocol's own format.
    public static func timestamp(_ format: TimestampFormat) -> Shape {
        var shape = Shape(.timestamp)
        shape.timestampFormat = format
        return shape
    }

    /// A structure whose element declares a namespace.
    /// - Parameter prefix: such as `xsi`; without one it is the default namespace of the element.
    public func namespace(_ uri: String, prefix: String? = nil) -> Shape {
        var shape = self
        shape.namespace = Namespace(uri: uri, prefix: prefix)
        return shape
    }
}

extension Shape {
    /// This shape with references followed.
    package var resolved: Shape {
        guard case .reference(let find) = form else { return self }
        var shape = self
        shape.form = find().resolved.form
        return shape
    }

    /// This shape, completed by what a structure's own type says about it.
    package func completed(by document: Document) -> Shape {
        var shape = resolved
        guard case .any = shape.form, case .structure(let members) = document, let own = members.shape?.resolved else {
            return shape
        }
        shape.form = own.form
        shape.namespace = shape.namespace ?? own.namespace
        return shape
    }

    /// The shapes of a structure's members.
    package var memberShapes: [String: Shape] {
        if case .structure(let members, _, _) = resolved.form { members } else { [:] }
    }
}

/// A type that says how its members are written, where a protocol's defaults do not fit.
public protocol WireShaped {
    /// Usually a dictionary literal with the members that need it.
    static var shape: Shape { get }
}
