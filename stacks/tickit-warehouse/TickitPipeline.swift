import Slipway

extension Tickit {
    /// A question about a year, and the file that asks it.
    static let answers: [(name: String, title: String, file: String)] = [
        ("top-sellers", "The ten sellers who sold most tickets", "answers/top-sellers.sql"),
        ("sales-by-state", "Sales by state of the venue", "answers/sales-by-venue-state.sql"),
        ("commission-by-state", "Commission by state", "answers/commission-by-state.sql"),
    ]

    /// From the sources to the answers.
    static func refresh(
        _ settings: Settings, origin: Handle<S3.Bucket>, lake: Handle<S3.Bucket>,
        warehouse: Handle<Redshift.Cluster>, _ jobs: Jobs, _ crawlers: Crawlers
    ) -> Pipeline {
        let database = SQLDatabase.redshift(warehouse)
        var refresh = Pipeline("refresh")
        let files = files(settings, in: origin)
        var data: TaskHandle
        if settings[.data].isEmpty {
            data = refresh.add("data", RunGlueJob(jobs.generate))
        } else {
            // What was there of another directory must not pass for this one's.
            data = refresh.add(
                "data", Upload(.local(Text(verbatim: settings[.data])), to: files, deletesOthers: true))
            if settings[.fill] {
                data = refresh.add("fill", RunGlueJob(jobs.generate, arguments: ["--beside": files]), after: [data])
            }
        }
        let extracted = refresh.add("extract", RunGlueJob(jobs.extract), after: [data])
        let validated = refresh.add("validate", RunGlueJob(jobs.validate), after: [extracted])
        refresh.add("catalogue-raw", RunCrawlers([crawlers.raw]), after: [extracted])
        refresh.add("catalogue-validated", RunCrawlers([crawlers.validated]), after: [validated])
        let loaded = refresh.add("load", RunGlueJob(jobs.transform), after: [validated])
        let checked = refresh.add(
            "check", Expect(rows: "fact_sales", atLeast: 1, on: database, "there are sales"), after: [loaded])
        // One after the other, so that they are shown in order.
        var last = checked
        for answer in answers {
            last = refresh.add(
                answer.name,
                Query(
                    Text(verbatim: "\(answer.title), \(settings[.year])"), file: .asset("tickit-warehouse/\(answer.file)"),
                    on: database, parameters: ["year": Text(verbatim: String(settings[.year]))]),
                after: [last])
        }
        refresh.add(
            "report", Report(job: jobs.report, from: "s3://\(lake.name)/\(report)"), after: [checked])
        return refresh
    }
}
