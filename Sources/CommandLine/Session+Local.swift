import SlipwayAWS
import SlipwayEngine
import SlipwayLocalCloud

extension Session {
    /// The local AWS of this folder.
    func localCloud() throws -> LocalCloud {
        let places = try LocalCloudPlaces(
            assets: [assets(nil).path], environment: program.environment, directory: program.directory)
        return LocalCloud(places: places, environment: program.environment) { [report] in tell($0, report) }
    }

    /// How to call the local AWS, which is started where it does not run.
    func localConfiguration(_ options: AWSOptions) async throws -> AWSConfiguration {
        guard options.profile == nil else {
            throw CommandLineError.contradiction("--local has credentials of its own, so --profile has nothing to say")
        }
        let cloud = try await localCloud().up()
        let credentials = Credentials(accessKeyID: cloud.accessKeyID, secretAccessKey: cloud.secretAccessKey)
        return AWSConfiguration(
            region: options.region ?? cloud.region,
            credentials: FixedCredentials(credentials, name: "the local AWS"), endpoints: ["": cloud.endpoint],
            installation: cloud.uuid)
    }

    private func tell(_ event: LocalCloud.Event, _ report: Reporter) {
        switch event {
        case .installing(let cache, let log, true):
            report.note("installing the local AWS into \(cache): this is done once and takes one to three minutes (log: \(log))")
        case .installing(let cache, let log, false):
            report.note("bringing the local AWS in \(cache) up to date; this may take a minute (log: \(log))")
        case .stillInstalling(let elapsed): report.note("still installing (\(elapsed.components.seconds) s)")
        case .installed(let elapsed): report.note("installed in \(elapsed.components.seconds) s")
        case .starting: break
        case .started(let cloud, _):
            report.note("the local AWS runs at \(cloud.endpoint); `slipway local down` stops it")
        }
    }
}
