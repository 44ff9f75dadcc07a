private import CLibXML2
package import FoundationEssentials

/// Reads XML, with libxml2.
///
/// Nothing outside the bytes is ever read, and a document type is refused: AWS sends none, and entities are only good for
/// attacks.
package enum XMLParser {
    /// Why bytes are not a document.
    package struct Failure: Error, Sendable, Equatable {
        /// In libxml2's words, or ours.
        package let reason: String
    }

    /// - Returns: the outermost element.
    package static func parse(_ data: Data) throws(Failure) -> XMLElement {
        _ = libxml2IsReady
        guard let size = Int32(exactly: data.count) else { throw Failure(reason: "longer than two gigabytes") }
        guard let context = xmlNewParserCtxt() else { throw Failure(reason: "no memory for a parser") }
        defer { xmlFreeParserCtxt(context) }
        // No NOENT: entities stay references. No DTDLOAD, no NONET off: nothing is fetched. No HUGE: libxml2's limits hold.
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOCDATA.rawValue | XML_PARSE_NOERROR.rawValue
        let quiet = XML_PARSE_NOWARNING.rawValue | XML_PARSE_COMPACT.rawValue
        let document = data.withUnsafeBytes { bytes in
            xmlCtxtReadMemory(context, bytes.bindMemory(to: CChar.self).baseAddress, size, nil, nil, Int32(options | quiet))
        }
        guard let document else { throw Failure(reason: reason(context)) }
        defer { xmlFreeDoc(document) }
        if document.pointee.intSubset != nil || document.pointee.extSubset != nil {
            throw Failure(reason: "a document type is not accepted")
        }
        guard let root = xmlDocGetRootElement(document) else { throw Failure(reason: "no element") }
        return element(root)
    }

    private static func reason(_ context: xmlParserCtxtPtr) -> String {
        guard let error = xmlCtxtGetLastError(context), let message = error.pointee.message else { return "not XML" }
        let text = String(cString: message)
        return String(text.last == "\n" ? text.dropLast() : text[...])
    }

    // libxml2 gives up beyond 256 levels, so recursion is safe.
    private static func element(_ node: xmlNodePtr) -> XMLElement {
        var result = XMLElement(string(node.pointee.name))
        var attribute = node.pointee.properties
        while let current = attribute {
            var name = string(current.pointee.name)
            if let prefix = current.pointee.ns?.pointee.prefix { name = "\(string(prefix)):\(name)" }
            var value = ""
            var part = current.pointee.children
            while let text = part {
                value += string(text.pointee.content)
                part = text.pointee.next
            }
            result.attributes.append(.init(name: name, value: value))
            attribute = current.pointee.next
        }
        var child = node.pointee.children
        while let current = child {
            switch current.pointee.type {
            case XML_ELEMENT_NODE: result.children.append(element(current))
            case XML_TEXT_NODE, XML_CDATA_SECTION_NODE: result.text += string(current.pointee.content)
            default: break
            }
            child = current.pointee.next
        }
        return result
    }

    private static func string(_ text: UnsafePointer<xmlChar>?) -> String {
        text.map { String(cString: $0) } ?? ""
    }
}

/// Prepares libxml2, once for the process: parsers may run in any thread afterwards.
private let libxml2IsReady: Void = xmlInitParser()
