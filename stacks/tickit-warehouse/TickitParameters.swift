import Slipway

extension Parameter where Value == String {
    static var data: Parameter {
        Parameter(
            "data", default: "",
            help: "A directory with TICKIT's files in their original formats; without it they are generated")
    }
    static var maxRejects: Parameter {
        Parameter(
            "max-rejects", default: "10%", help: "How many rows of a table may be wrong: 10%, or 10%,sales=5%,users=100")
    }
    static var connection: Parameter {
        Parameter("connection", default: "", help: "A Glue connection through which sources that are databases are reached")
    }
    static var nodeType: Parameter { Parameter("node-type", default: "ra3.large", help: "The warehouse's nodes") }
    static var vpc: Parameter { Parameter("vpc", lookup: EC2.DefaultVPC(), help: "The VPC that the warehouse is in") }

    /// Where a table comes from.
    static func source(of table: String) -> Parameter {
        Parameter(
            "source-\(table)", default: "",
            help: "Where \(table) comes from: s3://…, postgresql://SECRET/TABLE, mysql://…; without it, its own file",
            validate: { text in
                guard !text.isEmpty, Tickit.Source(text) == nil else { return nil }
                return "'\(text)' is no source: s3://BUCKET/KEY, postgresql://SECRET/TABLE, mysql://…, sqlserver://… or a key of the origin"
            })
    }
}

extension Parameter where Value == Bool {
    static var fill: Parameter {
        Parameter("fill", default: false, help: "Whether tables that the directory has no file of are generated to fit it")
    }
}

extension Parameter where Value == [String] {
    static var subnets: Parameter {
        Parameter("subnets", lookup: EC2.DefaultVPCSubnets(), help: "The subnets that the warehouse may be in")
    }
}

extension Parameter where Value == Double {
    static var scale: Parameter {
        Parameter("scale", default: 1, in: 0.001...100, help: "How much is generated: 1 is TICKIT's own size")
    }
}

extension Parameter where Value == Int {
    static var seed: Parameter { Parameter("seed", default: 7, help: "Another number generates other data") }
    static var spoil: Parameter {
        Parameter("spoil", default: 120, in: 0...100_000, help: "How many of the generated rows are wrong")
    }
    static var year: Parameter { Parameter("year", default: 2008, in: 1900...9999, help: "The year that is asked about") }
    static var nodes: Parameter { Parameter("nodes", default: 1, in: 1...128, help: "How many nodes the warehouse has") }
}
