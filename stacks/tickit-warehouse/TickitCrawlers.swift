import Slipway

extension Tickit {
    /// What puts the raw and the validated tier into the catalogue.
    struct Crawlers {
        let raw, validated: Handle<Glue.Crawler>

        init(lake: Handle<S3.Bucket>, catalog: Handle<Glue.Database>, _ stack: inout Stack) {
            (raw, validated) = stack.within("crawlers") { stack in
                let role = stack.add("role", Crawlers.role(lake, catalog))
                func crawler(_ tier: String) -> Handle<Glue.Crawler> {
                    stack.add(
                        tier,
                        Glue.Crawler(
                            role: role.arn, database: catalog.name,
                            s3: Tickit.tables.map { "s3://\(lake.name)/\(tier)/\($0)/" },
                            tablePrefix: "\(tier)_",
                            description: "TICKIT's \(tier) tables"))
                }
                return (crawler("raw"), crawler("validated"))
            }
        }

        private static func role(_ lake: Handle<S3.Bucket>, _ catalog: Handle<Glue.Database>) -> IAM.Role {
            IAM.Role(
                trusting: .service("glue.amazonaws.com"),
                policies: [
                    "lake": [
                        .allow("s3:GetObject", on: "\(lake.arn)/raw/*", "\(lake.arn)/validated/*"),
                        .allow("s3:ListBucket", on: lake.arn),
                    ],
                    "catalog": [
                        .allow(
                            "glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:CreateTable", "glue:UpdateTable",
                            "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition", "glue:BatchCreatePartition",
                            "glue:CreatePartition", "glue:UpdatePartition",
                            on: "arn:aws:glue:*:*:catalog", catalog.arn, "arn:aws:glue:*:*:table/\(catalog.name)/*")
                    ],
                    "logs": [.allow(Tickit.logging, on: ["arn:aws:logs:*:*:log-group:/aws-glue/*"])],
                ],
                description: "Lets crawlers read the raw and the validated tier and write their tables; nothing else")
        }
    }
}
