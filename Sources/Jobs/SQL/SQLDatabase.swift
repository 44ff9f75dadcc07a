public import SlipwayDeclaration
public import SlipwayResources

/// A database that SQL runs on.
///
/// ```swift
/// let warehouse = SQLDatabase.redshift(cluster)
/// RunSQL("analyze", on: warehouse)
/// ```
///
/// It is made by functions, so that another engine is one function more and no change to whoever uses this.
public struct SQLDatabase: Codable, Hashable, Sendable {
    /// Redshift through its Data API, which needs no connection from here to the database.
    package var redshift: Warehouse?

    /// A database of Redshift's, and as whom it is spoken to.
    package struct Warehouse: Codable, Hashable, Sendable {
        /// The cluster's identifier; else there is a workgroup.
        package var cluster: Text?
        /// The name of a workgroup of Redshift Serverless.
        package var workgroup: Text?
        package var database: Text
        /// ARN of the secret with user and password.
        package var secret: Text?
        /// The user for whom temporary credentials are asked for.
        package var user: Text?

        /// `warehouse/dev`
        var label: String { "\(cluster?.literal ?? workgroup?.literal ?? "")/\(database.literal ?? "")" }
    }

    /// A cluster of a stack, as the user whose name and password are in a secret.
    /// - Parameters:
    ///   - database: Without one, the cluster's first.
    ///   - secret: ARN of a secret in Secrets Manager; without one, that of the master user, whose password Redshift has to
    ///     manage for it.
    public static func redshift(
        _ cluster: Handle<Redshift.Cluster>, database: Text? = nil, secret: Text? = nil
    ) -> SQLDatabase {
        redshift(
            cluster: cluster.id, database: database ?? cluster.databaseName, secret: secret ?? cluster.masterPasswordSecretArn)
    }

    /// A cluster of a stack, by temporary credentials.
    /// - Parameters:
    ///   - user: A user of the database.
    ///   - database: Without one, the cluster's first.
    public static func redshift(_ cluster: Handle<Redshift.Cluster>, user: Text, database: Text? = nil) -> SQLDatabase {
        redshift(cluster: cluster.id, database: database ?? cluster.databaseName, user: user)
    }

    /// A cluster, as the user whose name and password are in a secret.
    /// - Parameters:
    ///   - cluster: The cluster's identifier.
    ///   - secret: ARN of a secret in Secrets Manager, such as a cluster's `masterPasswordSecretArn`.
    public static func redshift(cluster: Text, database: Text, secret: Text) -> SQLDatabase {
        SQLDatabase(redshift: Warehouse(cluster: cluster, database: database, secret: secret))
    }

    /// A cluster, by temporary credentials.
    /// - Parameters:
    ///   - cluster: The cluster's identifier.
    ///   - user: A user of the database; without one, the user that belongs to whoever calls AWS.
    public static func redshift(cluster: Text, database: Text, user: Text? = nil) -> SQLDatabase {
        SQLDatabase(redshift: Warehouse(cluster: cluster, database: database, user: user))
    }

    /// A workgroup of Redshift Serverless.
    /// - Parameters:
    ///   - secret: ARN of a secret; without one, as the user that belongs to whoever calls AWS.
    public static func redshift(workgroup: Text, database: Text, secret: Text? = nil) -> SQLDatabase {
        SQLDatabase(redshift: Warehouse(workgroup: workgroup, database: database, secret: secret))
    }

    func check() -> [Problem] {
        guard let redshift else { return [Problem("Database", "it names no database")] }
        if redshift.database.literal == "" { return [Problem("Database", "the name of the database is missing")] }
        if redshift.secret != nil, redshift.user != nil {
            return [Problem("Database", "a secret and a user exclude each other", hint: "the secret has the user's name")]
        }
        return []
    }

    /// The IAM actions that running SQL takes, whoever it is run as.
    ///
    /// Source: <https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-access.html>
    static let permissions: Set<String> = [
        "redshift-data:ExecuteStatement", "redshift-data:BatchExecuteStatement", "redshift-data:DescribeStatement",
        "redshift-data:CancelStatement", "redshift-data:ListStatements", "secretsmanager:GetSecretValue",
        "redshift:GetClusterCredentials", "redshift:GetClusterCredentialsWithIAM", "redshift-serverless:GetCredentials",
    ]
}
