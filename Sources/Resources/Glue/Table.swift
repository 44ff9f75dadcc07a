public import SlipwayDeclaration
public import SlipwayProvider

extension Glue {
    /// A table of the catalogue: what data looks like and where it is. A view is one, too.
    ///
    /// ```swift
    /// Glue.Table(
    ///     database: catalog.name, columns: [.init("userid", "int"), .init("name", "string")],
    ///     location: "s3://\(lake.name)/raw/users/", format: .csv(delimiter: "|"))
    /// ```
    ///
    /// Tables have no tags: whose a table is stands among its parameters, which begin with `slipway:`.
    ///
    /// An update replaces the whole description and makes a new version. What is not declared is sent along: parameters
    /// that a crawler wrote, the place of an Iceberg table's metadata. What *is* declared and changed by a crawler is a
    /// difference; `ignoreChanges` leaves it to the crawler.
    ///
    /// Source: <https://docs.aws.amazon.com/glue/latest/webapi/API_CreateTable.html>,
    /// <https://docs.aws.amazon.com/glue/latest/webapi/API_UpdateTable.html>
    public struct Table: ResourceKind {
        public static let type = "AWS::Glue::Table"

        /// The catalogue that it is in; the account's own when it is left out.
        @CreateOnly public var catalogId: Text?
        /// The database that it is in.
        @CreateOnly public var databaseName: Text
        /// 1 to 255 characters, in lower case; one is made from the address when it is left out.
        @CreateOnly public var name: Text?
        public var tableInput: TableInput
        /// For a table of Iceberg whose metadata AWS is to make.
        @CreateOnly @WriteOnly public var openTableFormatInput: OpenTableFormatInput?

        public struct Attributes: Codable, Hashable, Sendable {
            public let name: String
            public let databaseName: String
            /// `arn:aws:glue:<region>:<account>:table/<database>/<name>`
            public let arn: String
        }

        /// - Parameter database: Name of the database that it is in.
        public init(
            database: Text, input: TableInput = TableInput(), iceberg: IcebergInput? = nil, catalog: Text? = nil,
            name: Text? = nil
        ) {
            catalogId = catalog
            databaseName = database
            self.name = name
            tableInput = input
            openTableFormatInput = iceberg.map { OpenTableFormatInput(icebergInput: $0) }
        }

        /// A table of files in S3.
        /// - Parameters:
        ///   - database: Name of the database that it is in.
        ///   - location: The folder, such as `s3://lake/raw/users/`.
        ///   - partitionKeys: Columns whose values are in the names of folders.
        public init(
            database: Text, columns: [Column], location: Text, format: Format, partitionKeys: [Column]? = nil,
            parameters: [String: Text]? = nil, description: Text? = nil, catalog: Text? = nil, name: Text? = nil
        ) {
            let storage = StorageDescriptor(
                columns: columns, location: location, inputFormat: format.input, outputFormat: format.output,
                serde: format.serde)
            let input = TableInput(
                description: description, storage: storage, partitionKeys: partitionKeys,
                tableType: "EXTERNAL_TABLE", parameters: format.parameters.merging(parameters ?? [:]) { $1 })
            self.init(database: database, input: input, catalog: catalog, name: name)
        }

        public static let identification = Identification.marked
        // Query engines want quotes around a name that has a hyphen.
        public static let naming = Naming(limit: 255, allowsUppercase: false, separator: "_")
        public static let patience = Patience.none
        public static let permissions = Permissions(
            create: ["glue:CreateTable"],
            read: ["glue:GetTable"],
            update: ["glue:GetTable", "glue:UpdateTable"],
            delete: ["glue:DeleteTable"],
            list: ["glue:GetTables"])

        /// Glue keeps names in lower case, whatever it is sent.
        public var fixedName: Text? { name?.lowercased() }

        public func identity(_ name: String) -> Text? {
            CatalogPath.identity(catalogId, databaseName.lowercased(), fixedName ?? Text(verbatim: name).lowercased())
        }

        public func foreseen(_ identity: String, at location: Location) -> Foreseen<Attributes> {
            let attributes = Self.attributes(identity, at: location)
            return Foreseen {
                $0[\.name] = attributes.name
                $0[\.databaseName] = attributes.databaseName
                $0[\.arn] = attributes.arn
            }
        }

        static func attributes(_ identity: String, at location: Location) -> Attributes {
            let path = CatalogPath(identity, depth: 2)
            return Attributes(
                name: path.name, databaseName: path.names.first ?? "", arn: path.arn("table", at: location))
        }

        public func canonical() -> Table {
            var table = self
            table.databaseName = databaseName.lowercased()
            table.name = fixedName
            return table
        }

        // Source: https://docs.aws.amazon.com/glue/latest/webapi/API_TableInput.html
        public func check() -> [Problem] {
            var found: [Problem] = []
            func length(_ property: String, _ text: Text?, _ limit: Int) {
                guard let count = text?.literal?.count, !(1...limit).contains(count) else { return }
                let hint = count == 0 ? "leave it out" : nil
                found.append(Problem(property, "it has \(count) characters, and 1 to \(limit) are allowed", hint: hint))
            }
            length("CatalogId", catalogId, 255)
            length("DatabaseName", databaseName, 255)
            length("Name", name, 255)
            length("TableInput.Description", tableInput.description, 2048)
            length("TableInput.Owner", tableInput.owner, 255)
            if let retention = tableInput.retention, retention < 0 {
                found.append(Problem("TableInput.Retention", "\(retention) is negative"))
            }
            for name in (tableInput.parameters ?? [:]).keys.sorted() where name.hasPrefix(Self.mark) {
                found.append(
                    Problem("TableInput.Parameters.\(name)", "parameters that begin with \(Self.mark) say whose a table is"))
            }
            var seen: Set<String> = []
            let columns = (tableInput.storageDescriptor?.columns ?? []).map { ("StorageDescriptor.Columns", $0) }
            let keys = (tableInput.partitionKeys ?? []).map { ("PartitionKeys", $0) }
            for (property, column) in columns + keys {
                guard let name = column.name.literal else { continue }
                if !(1...255).contains(name.count) {
                    found.append(Problem("TableInput.\(property)", "a column's name has 1 to 255 characters, not \(name.count)"))
                }
                if !seen.insert(name.lowercased()).inserted {
                    found.append(Problem("TableInput.\(property)", "there are two columns '\(name)'"))
                }
            }
            return found
        }

        /// What the parameters that say whose a table is begin with.
        static let mark = "slipway:"
    }
}
