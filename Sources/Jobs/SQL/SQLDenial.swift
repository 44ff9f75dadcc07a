import SlipwayDeclaration
import SlipwayResources

/// Reads what Redshift lacked from its words: COPY and UNLOAD go to S3 by a role of the cluster's.
enum SQLDenial {
    /// What to try after a statement failed.
    ///
    /// Source: <https://docs.aws.amazon.com/redshift/latest/dg/s3serviceexception-error.html> and
    /// <https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html>
    static func hints(
        for words: String, in statement: String, _ parameters: [String: String], _ context: TaskContext
    ) -> [String] {
        let names = literals(of: statement, parameters)
        let role = names.first { $0.hasPrefix("arn:") && $0.contains(":role/") }.map { roleName($0) }
        if let denial = Denial(in: words) { return [context.remedy(denial, of: nil, named: denial.role ?? role)] }
        if words.contains("S3ServiceException"), words.contains("Denied") || words.contains("403") {
            return places(names, statement).map { context.remedy($0, of: nil, named: role) }
        }
        // Source: <https://docs.aws.amazon.com/redshift/latest/mgmt/copy-unload-iam-role.html>
        if let start = words.firstRange(of: "is not authorized to assume IAM Role ") {
            let arn = String(words[start.upperBound...].prefix { !$0.isWhitespace && $0 != "," })
            return [
                "the cluster must have \(arn) among its roles, and the role must trust redshift.amazonaws.com"
                    + (context.place(ofRole: roleName(arn)).map { ": it is \($0)" } ?? "")
            ]
        }
        for (view, columns, time) in errorViews where words.contains(view) {
            return ["`select \(columns) from \(view) order by \(time) desc limit 10` tells why"]
        }
        return []
    }

    /// Where Redshift tells of lines that could not be loaded: its columns that say which and why.
    private static let errorViews = [
        ("sys_load_error_detail", "file_name, line_number, column_name, error_message", "start_time"),
        ("stl_load_errors", "filename, line_number, colname, err_reason", "starttime"),
    ]

    /// What COPY or UNLOAD needs at the place in S3 that the statement names.
    private static func places(_ literals: [String], _ statement: String) -> [Denial] {
        guard let uri = literals.first(where: { $0.hasPrefix("s3://") }) else { return [] }
        let path = uri.dropFirst("s3://".count)
        let bucket = path.prefix { $0 != "/" }
        let action = statement.uppercased().hasPrefix("UNLOAD") ? "s3:PutObject" : "s3:GetObject"
        return [
            Denial(action: action, resource: "arn:aws:s3:::\(path)*"),
            Denial(action: "s3:ListBucket", resource: "arn:aws:s3:::\(bucket)"),
        ]
    }

    /// The strings in a statement, and the values of its parameters.
    private static func literals(of statement: String, _ parameters: [String: String]) -> [String] {
        let pieces = statement.split(separator: "'", omittingEmptySubsequences: false)
        let strings = pieces.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
        return strings + parameters.sorted { $0.key < $1.key }.map(\.value)
    }

    private static func roleName(_ arn: String) -> String { arn.split(separator: "/").last.map(String.init) ?? arn }
}
