"""GlueContext: frames read from and written to S3, the catalogue and databases."""

import re

import boto3
from pyspark.sql import SparkSession, SQLContext

from awsglue import bookmark
from awsglue.dynamicframe import DynamicFrame


class GlueContext(SQLContext):
    """Spark's context with Glue's readers and writers."""

    def __init__(self, sparkContext=None, **options):
        session = SparkSession.builder.getOrCreate() if sparkContext is None else SparkSession(sparkContext)
        self.spark_session = session
        self.create_dynamic_frame = _Reader(self)
        self.create_data_frame = _FrameReader(self)
        self.write_dynamic_frame = _Writer(self)
        self.write_data_frame = _FrameWriter(self)
        super().__init__(session.sparkContext, session)

    def get_logger(self):
        return self.spark_session.sparkContext._jvm.org.apache.log4j.LogManager.getLogger("GlueLogger")

    def create_dynamic_frame_from_rdd(self, data, name, schema=None, sample_ratio=None, transformation_ctx=""):
        return DynamicFrame(self.spark_session.createDataFrame(data, schema, sample_ratio), self, name)

    def create_dynamic_frame_from_catalog(
        self, database, table_name, redshift_tmp_dir="", transformation_ctx="", push_down_predicate="",
        additional_options=None, catalog_id=None, **options,
    ):  # fmt: skip
        table = self._table(database, table_name)
        parameters = table.get("Parameters", {})
        if connection := parameters.get("connectionName"):
            name = table["StorageDescriptor"]["Location"]
            frame = self._read_jdbc({**self.extract_jdbc_conf(connection), "dbtable": name.split(".", 1)[-1]})
            return DynamicFrame(frame, self, table_name)
        return DynamicFrame(self._read_table(table, push_down_predicate, transformation_ctx), self, table_name)

    def create_dynamic_frame_from_options(
        self, connection_type, connection_options=None, format=None, format_options=None, transformation_ctx="",
        push_down_predicate="", **options,
    ):  # fmt: skip
        given = connection_options or {}
        if connection_type != "s3":
            return DynamicFrame(self._read_database(connection_type, given), self, transformation_ctx)
        paths = given.get("paths") or [given["path"]]
        files = self._files(paths, given.get("recurse", True), transformation_ctx)
        if not files:
            return DynamicFrame(self._nothing(), self, transformation_ctx)
        frame = _configured(self.spark_session.read, format, format_options or {}).load(files)
        return DynamicFrame(frame, self, transformation_ctx)

    def write_dynamic_frame_from_options(
        self, frame, connection_type, connection_options=None, format=None, format_options=None, transformation_ctx="",
        **options,
    ):  # fmt: skip
        given = connection_options or {}
        if connection_type != "s3":
            self._write_database(frame.toDF(), connection_type, given)
            return frame
        df = frame.toDF()
        writer = _configured(
            df.write.mode("append"),
            (format or "json").replace("glueparquet", "parquet"),
            format_options or {},
            writing=True,
        )
        if keys := given.get("partitionKeys"):
            writer = writer.partitionBy(*keys)
        if compression := given.get("compression") or (format_options or {}).get("compression"):
            writer = writer.option("compression", compression)
        if df.columns:
            writer.save(given["path"])
        return frame

    def write_dynamic_frame_from_catalog(
        self, frame, database, table_name, redshift_tmp_dir="", transformation_ctx="", additional_options=None,
        catalog_id=None, **options,
    ):  # fmt: skip
        table = self._table(database, table_name)
        if connection := table.get("Parameters", {}).get("connectionName"):
            name = table["StorageDescriptor"]["Location"].split(".", 1)[-1]
            _jdbc(frame.toDF().write.mode("append"), {**self.extract_jdbc_conf(connection), "dbtable": name}).save()
            return frame
        keys = (additional_options or {}).get("partitionKeys") or [
            one["Name"] for one in table.get("PartitionKeys", [])
        ]
        form, format_options = _format(table)
        given = {"path": table["StorageDescriptor"]["Location"], "partitionKeys": keys}
        return self.write_dynamic_frame_from_options(frame, "s3", given, form, format_options)

    def write_dynamic_frame_from_jdbc_conf(
        self, frame, catalog_connection, connection_options=None, redshift_tmp_dir="", transformation_ctx="", **options
    ):
        given = {**self.extract_jdbc_conf(catalog_connection), **(connection_options or {})}
        if "database" in given and "fullUrl" not in given:
            given["url"] = given["url"].rstrip("/") + "/" + given["database"]
        _jdbc(frame.toDF().write.mode("append"), given).save()
        return frame

    def getSink(self, connection_type, format=None, transformation_ctx="", **options):
        return _Sink(self, connection_type, format, options)

    def extract_jdbc_conf(self, connection_name, catalog_id=None):
        """User, password and address of a connection of the catalogue."""
        found = boto3.client("glue").get_connection(Name=connection_name)["Connection"]
        properties = found["ConnectionProperties"]
        user, password = properties.get("USERNAME", ""), properties.get("PASSWORD", "")
        if secret := properties.get("SECRET_ID"):
            import json

            value = json.loads(boto3.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"])
            user, password = value.get("username", ""), value.get("password", "")
        url = properties["JDBC_CONNECTION_URL"]
        return {"fullUrl": url, "url": url.rsplit("/", 1)[0], "user": user, "password": password,
                "vendor": url.split(":")[1]}  # fmt: skip

    def purge_s3_path(self, s3_path, options=None, transformation_ctx="", catalog_id=None):
        """Delete the objects below a path; `retentionPeriod` (hours) keeps younger ones, a week unless told."""
        import datetime

        hours = float((options or {}).get("retentionPeriod", 168))
        before = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=hours)
        bucket, prefix = _parsed(s3_path)
        s3 = boto3.client("s3")
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            old = [{"Key": one["Key"]} for one in page.get("Contents", []) if one["LastModified"] <= before]
            if old:
                s3.delete_objects(Bucket=bucket, Delete={"Objects": old})

    def purge_table(self, database, table_name, options=None, transformation_ctx="", catalog_id=None):
        self.purge_s3_path(self._table(database, table_name)["StorageDescriptor"]["Location"], options)

    def _table(self, database, table_name):
        return boto3.client("glue").get_table(DatabaseName=database, Name=table_name)["Table"]

    def _read_table(self, table, predicate, context):
        """A table of the catalogue: its files, with its columns and partitions."""
        descriptor = table["StorageDescriptor"]
        form, options = _format(table)
        reader = _configured(self.spark_session.read, form, options)
        columns = ", ".join(f"`{one['Name']}` {one['Type']}" for one in descriptor["Columns"])
        if form in ("csv", "json"):
            reader = reader.schema(columns)
        keys = table.get("PartitionKeys") or []
        if not keys:
            files = self._files([descriptor["Location"]], True, context)
            return reader.load(files) if files else self.spark_session.createDataFrame([], columns)
        return self._read_partitions(table, reader, keys, predicate, context)

    def _read_partitions(self, table, reader, keys, predicate, context):
        from functools import reduce

        from pyspark.sql import functions as F

        where = {"Expression": predicate} if predicate else {}
        pages = (
            boto3.client("glue")
            .get_paginator("get_partitions")
            .paginate(DatabaseName=table["DatabaseName"], TableName=table["Name"], **where)
        )
        frames = []
        for part in (part for page in pages for part in page["Partitions"]):
            files = self._files([part["StorageDescriptor"]["Location"]], True, context, share=True)
            if files:
                frame = reader.load(files)
                for key, value in zip(keys, part["Values"], strict=True):
                    frame = frame.withColumn(key["Name"], F.lit(value).cast(key["Type"]))
                frames.append(frame)
        if frames:
            return reduce(lambda one, other: one.unionByName(other, allowMissingColumns=True), frames)
        columns = [*table["StorageDescriptor"]["Columns"], *keys]
        return self.spark_session.createDataFrame([], ", ".join(f"`{one['Name']}` {one['Type']}" for one in columns))

    def _files(self, paths, recurse, context, share=False):
        """The files below paths that a bookmark has not seen; without bookmarks, the paths themselves."""
        if not bookmark.enabled() or not context:
            return [path for path in paths if share is False or self._any(path)]
        s3 = boto3.client("s3")
        fresh = []
        for path in paths:
            bucket, prefix = _parsed(path)
            found = []
            for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
                for one in page.get("Contents", []):
                    name = one["Key"].rsplit("/", 1)[-1]
                    if one["Size"] and not name.startswith(("_", ".")):
                        found.append((f"s3://{bucket}/{one['Key']}", one["LastModified"].timestamp()))
            fresh += bookmark.fresh(f"{context}:{path}" if share or len(paths) > 1 else context, found)
        return fresh

    def _any(self, path):
        bucket, prefix = _parsed(path)
        return bool(boto3.client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1).get("Contents"))

    def _nothing(self):
        from pyspark.sql.types import StructType

        return self.spark_session.createDataFrame([], StructType([]))

    def _read_database(self, connection_type, given):
        if name := given.get("connectionName"):
            given = {**self.extract_jdbc_conf(name), **given}
        return self._read_jdbc(given)

    def _read_jdbc(self, given):
        return _jdbc(self.spark_session.read, given).load()

    def _write_database(self, df, connection_type, given):
        if name := given.get("connectionName"):
            given = {**self.extract_jdbc_conf(name), **given}
        _jdbc(df.write.mode("append"), given).save()


class _Reader:
    """`glueContext.create_dynamic_frame`."""

    def __init__(self, context):
        self._context = context

    def from_catalog(self, database=None, table_name=None, name_space=None, **options):
        return self._context.create_dynamic_frame_from_catalog(database or name_space, table_name, **options)

    def from_options(self, connection_type, connection_options=None, format=None, format_options=None, **options):
        return self._context.create_dynamic_frame_from_options(
            connection_type, connection_options, format, format_options, **options
        )

    def from_rdd(self, data, name, schema=None, sampleRatio=None, transformation_ctx=""):
        return self._context.create_dynamic_frame_from_rdd(data, name, schema, sampleRatio, transformation_ctx)


class _FrameReader(_Reader):
    """`glueContext.create_data_frame`."""

    def from_catalog(self, *arguments, **options):
        return super().from_catalog(*arguments, **options).toDF()

    def from_options(self, *arguments, **options):
        return super().from_options(*arguments, **options).toDF()


class _Writer:
    """`glueContext.write_dynamic_frame`."""

    def __init__(self, context):
        self._context = context

    def from_options(
        self, frame, connection_type, connection_options=None, format=None, format_options=None, **options
    ):
        return self._context.write_dynamic_frame_from_options(
            frame, connection_type, connection_options, format, format_options, **options
        )

    def from_catalog(self, frame, database=None, table_name=None, name_space=None, **options):
        return self._context.write_dynamic_frame_from_catalog(frame, database or name_space, table_name, **options)

    def from_jdbc_conf(self, frame, catalog_connection, connection_options=None, **options):
        return self._context.write_dynamic_frame_from_jdbc_conf(
            frame, catalog_connection, connection_options, **options
        )


class _FrameWriter(_Writer):
    """`glueContext.write_data_frame`."""

    def from_options(self, frame, *arguments, **options):
        return super().from_options(DynamicFrame(frame, self._context), *arguments, **options)

    def from_catalog(self, frame, *arguments, **options):
        return super().from_catalog(DynamicFrame(frame, self._context), *arguments, **options)


class _Sink:
    """What `getSink` answers: files written, and the catalogue brought up to date when it is told to."""

    def __init__(self, context, connection_type, format, options):
        self._context = context
        self._kind = connection_type
        self._format = format
        self._format_options = {}
        self._options = options
        self._catalog = None

    def setFormat(self, format, **options):
        self._format, self._format_options = format, options

    def setCatalogInfo(self, catalogDatabase="", catalogTableName="", catalogId=""):
        self._catalog = (catalogDatabase, catalogTableName)

    def setAccumulableSize(self, size):
        return None

    def writeFrame(self, frame, info=""):
        self._context.write_dynamic_frame_from_options(
            frame, self._kind, self._options, self._format, self._format_options
        )
        if self._catalog and self._options.get("enableUpdateCatalog"):
            self._update_catalog(frame)
        return frame

    def _update_catalog(self, frame):
        database, name = self._catalog
        glue = boto3.client("glue")
        keys = self._options.get("partitionKeys") or []
        fields = {field.name: field.dataType.simpleString() for field in frame.toDF().schema.fields}
        columns = [{"Name": one, "Type": kind} for one, kind in fields.items() if one not in keys]
        form = (self._format or "json").replace("glueparquet", "parquet")
        descriptor = {"Columns": columns, "Location": self._options["path"], **_CATALOG.get(form, {})}
        try:
            glue.get_table(DatabaseName=database, Name=name)
        except glue.exceptions.EntityNotFoundException:
            table = {
                "Name": name,
                "TableType": "EXTERNAL_TABLE",
                "Parameters": {"classification": form},
                "StorageDescriptor": descriptor,
                "PartitionKeys": [{"Name": key, "Type": fields[key]} for key in keys],
            }
            glue.create_table(DatabaseName=database, TableInput=table)
        for row in frame.toDF().select(*keys).distinct().collect() if keys else []:
            values = [str(row[key]) for key in keys]
            place = "/".join(f"{key}={value}" for key, value in zip(keys, values, strict=True))
            location = f"{self._options['path'].rstrip('/')}/{place}/"
            part = {"Values": values, "StorageDescriptor": {**descriptor, "Location": location}}
            try:
                glue.create_partition(DatabaseName=database, TableName=name, PartitionInput=part)
            except glue.exceptions.AlreadyExistsException:
                continue


_HIVE = "org.apache.hadoop.hive"
_CATALOG = {
    "parquet": {
        "InputFormat": f"{_HIVE}.ql.io.parquet.MapredParquetInputFormat",
        "OutputFormat": f"{_HIVE}.ql.io.parquet.MapredParquetOutputFormat",
        "SerdeInfo": {"SerializationLibrary": f"{_HIVE}.ql.io.parquet.serde.ParquetHiveSerDe"},
    },
    "json": {
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "OutputFormat": f"{_HIVE}.ql.io.HiveIgnoreKeyTextOutputFormat",
        "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"},
    },
    "csv": {
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "OutputFormat": f"{_HIVE}.ql.io.HiveIgnoreKeyTextOutputFormat",
        "SerdeInfo": {
            "SerializationLibrary": f"{_HIVE}.serde2.lazy.LazySimpleSerDe",
            "Parameters": {"field.delim": ","},
        },
    },
}


def _format(table):
    """The format of a table of the catalogue and its options."""
    descriptor = table["StorageDescriptor"]
    serde = descriptor.get("SerdeInfo", {})
    library = serde.get("SerializationLibrary", "").lower()
    parameters = {**table.get("Parameters", {}), **serde.get("Parameters", {})}
    form = parameters.get("classification") or next(
        (name for name in ("parquet", "orc", "avro", "json") if name in library), "csv"
    )
    if form != "csv":
        return form, {}
    separator = parameters.get("field.delim") or parameters.get("separatorChar") or parameters.get("delimiter", ",")
    header = parameters.get("skip.header.line.count", "0") != "0"
    return "csv", {"withHeader": header, "separator": separator}


def _configured(io, form, options, writing=False):
    """Spark's reader or writer with Glue's format options."""
    io = io.format({"glueparquet": "parquet"}.get(form, form))
    if form == "csv":
        header = options.get("writeHeader", True) if writing else options.get("withHeader", False)
        io = io.option("header", header).option("sep", options.get("separator", ","))
        quote = options.get("quoteChar", '"')
        io = io.option("quote", "" if quote in (-1, "-1") else quote).option("escape", options.get("escaper", '"'))
        if not writing:
            io = io.option("inferSchema", True).option(
                "multiLine", options.get("multiline", options.get("multiLine", False))
            )
    elif form == "json" and not writing:
        io = io.option("multiLine", options.get("multiline", False))
    elif form == "xml":
        raise ValueError("XML is not read by the local Glue")
    return io


def _jdbc(io, given):
    url = given.get("fullUrl") or given["url"]
    vendor = url.split(":")[1]
    drivers = {"mysql": "org.mariadb.jdbc.Driver", "mariadb": "org.mariadb.jdbc.Driver"}
    io = io.format("jdbc").option("url", re.sub(r"^jdbc:(mariadb|redshift):", _dialect, url))
    io = io.option("driver", drivers.get(vendor, "org.postgresql.Driver"))
    for name in ("user", "password", "dbtable", "query"):
        if given.get(name):
            io = io.option(name, given[name])
    return io


def _dialect(found):
    """Spark has no dialect for MariaDB, and PostgreSQL stands behind Redshift here."""
    return {"mariadb": "jdbc:mysql:", "redshift": "jdbc:postgresql:"}[found[1]]


def _parsed(path):
    found = re.fullmatch(r"s3[an]?://([^/]+)/?(.*)", path)
    return found[1], found[2]
