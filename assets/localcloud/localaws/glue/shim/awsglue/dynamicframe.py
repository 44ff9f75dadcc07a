"""DynamicFrame over a Spark DataFrame: records as the real one has them, with schemas resolved at once.

The real one keeps a type per record; here a column has one type. What needs more than that (choices within a column)
is resolved when the data is read: `resolveChoice` casts.
"""

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, NullType, StructType

_NAMES = {
    "int": "int",
    "integer": "int",
    "long": "bigint",
    "short": "smallint",
    "byte": "tinyint",
    "bool": "boolean",
    "number": "double",
    "null": "string",
}


def _spark_type(name):
    """A type as Glue writes it, as Spark writes it."""
    return _NAMES.get(name.lower(), name)


def _quoted(path):
    """A column by its path; dots lead into structs."""
    return ".".join(part if part.startswith("`") else f"`{part}`" for part in path.split("."))


class DynamicRecord(dict):
    """A record as functions of `map` and `filter` get it."""


def _plain(value):
    if isinstance(value, Row):
        return DynamicRecord({name: _plain(one) for name, one in value.asDict().items()})
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value


class DynamicFrame:
    """A distributed collection of records."""

    def __init__(self, df, glue_ctx, name=""):
        self._df = df
        self.glue_ctx = glue_ctx
        self.name = name

    @classmethod
    def fromDF(cls, dataframe, glue_ctx, name=""):
        return cls(dataframe, glue_ctx, name)

    def toDF(self, options=None):
        return self._df

    def _with(self, df, name=""):
        return DynamicFrame(df, self.glue_ctx, name or self.name)

    def count(self):
        return self._df.count()

    def schema(self):
        return self._df.schema

    def printSchema(self):
        self._df.printSchema()

    def show(self, num_rows=20):
        for row in self._df.limit(num_rows).toJSON().collect():
            print(row)

    def errorsCount(self):
        return 0

    errorsAsDynamicFrame = None

    def stageErrorsCount(self):
        return 0

    def assertErrorThreshold(self):
        return None

    def getNumPartitions(self):
        return self._df.rdd.getNumPartitions()

    def repartition(self, num_partitions, *_args, **_options):
        return self._with(self._df.repartition(num_partitions))

    def coalesce(self, num_partitions, *_args, **_options):
        return self._with(self._df.coalesce(num_partitions))

    def apply_mapping(self, mappings, case_sensitive=False, transformation_ctx="", **_options):
        """Keep, rename and cast columns: (source, source type, target, target type), shorter forms leave types."""
        columns, nested = [], {}
        for mapping in mappings:
            if len(mapping) == 4:
                source, _, target, kind = mapping
            elif len(mapping) == 3:
                source, target, kind = mapping
            else:
                source, target, kind = mapping[0], mapping[-1], None
            column = F.col(_quoted(source))
            column = column.cast(_spark_type(kind)) if kind else column
            first, _, rest = target.strip("`").partition(".")
            if rest:
                if first not in nested:
                    nested[first] = []
                    columns.append(first)
                nested[first].append(column.alias(rest))
            else:
                columns.append(column.alias(target.strip("`")))
        chosen = [F.struct(*nested[one]).alias(one) if isinstance(one, str) else one for one in columns]
        return self._with(self._df.select(*chosen))

    def select_fields(self, paths, transformation_ctx="", **_options):
        return self._with(self._df.select(*[F.col(_quoted(path)) for path in paths]))

    def drop_fields(self, paths, transformation_ctx="", **_options):
        df = self._df
        for path in paths:
            first, _, rest = path.partition(".")
            df = df.withColumn(first, F.col(first).dropFields(rest)) if rest else df.drop(first.strip("`"))
        return self._with(df)

    def rename_field(self, oldName, newName, transformation_ctx="", **_options):
        if "." in oldName:
            df = self._df.withColumn(newName, F.col(_quoted(oldName)))
            return self._with(df).drop_fields([oldName])
        return self._with(self._df.withColumnRenamed(oldName.strip("`"), newName.strip("`")))

    def filter(self, f, transformation_ctx="", **_options):
        kept = self._df.rdd.filter(lambda row: bool(f(_plain(row))))
        return self._with(self.glue_ctx.spark_session.createDataFrame(kept, self._df.schema))

    def map(self, f, preservesPartitioning=False, transformation_ctx="", **_options):
        """Apply a function to each record; the schema is that of what it answers."""
        import json

        text = self._df.rdd.map(lambda row: json.dumps(f(_plain(row)), default=str))
        return self._with(self.glue_ctx.spark_session.read.json(text))

    def join(self, paths1, paths2, frame2, transformation_ctx="", **_options):
        other = frame2.toDF()
        for name in set(self._df.columns) & set(other.columns):
            other = other.withColumnRenamed(name, "." + name)
        pairs = zip(paths1, paths2, strict=True)
        names = {one: "." + one if "." + one in other.columns else one for one in paths2}
        tests = [self._df[_quoted(one)] == other[f"`{names[two]}`"] for one, two in pairs]
        condition = tests[0]
        for test in tests[1:]:
            condition = condition & test
        return self._with(self._df.join(other, condition))

    def union(self, other, transformation_ctx="", **_options):
        return self._with(self._df.unionByName(other.toDF(), allowMissingColumns=True))

    def spigot(self, path, options=None, transformation_ctx="", **_options):
        taken = self._df.limit(int((options or {}).get("topk", 10)))
        taken.write.mode("overwrite").json(path)
        return self

    def split_fields(self, paths, name1, name2, transformation_ctx="", **_options):
        from awsglue.dynamicframe import DynamicFrameCollection

        rest = [name for name in self._df.columns if name not in paths]
        frames = {name1: self.select_fields(paths), name2: self.select_fields(rest)}
        return DynamicFrameCollection(frames, self.glue_ctx)

    def resolveChoice(self, specs=None, choice="", database=None, table_name=None, transformation_ctx="", **_options):
        """Cast columns as told (`cast:type`, `project:type`); other choices change nothing."""
        df = self._df
        if choice == "match_catalog" and database and table_name:
            wanted = self.glue_ctx._table(database, table_name)["StorageDescriptor"]["Columns"]
            specs = [(one["Name"], "cast:" + one["Type"]) for one in wanted if one["Name"] in df.columns]
        for path, action in specs or []:
            verb, _, kind = action.partition(":")
            if verb in ("cast", "project"):
                df = df.withColumn(path, F.col(_quoted(path)).cast(_spark_type(kind)))
        return self._with(df)

    def unbox(self, path, format, transformation_ctx="", **options):
        if format != "json":
            raise ValueError(f"unbox of {format} is not supported by the local Glue")
        parsed = self.glue_ctx.spark_session.read.json(self._df.select(path).rdd.map(lambda row: row[0]))
        return self._with(self._df.withColumn(path, F.from_json(F.col(path), parsed.schema)))

    def unnest(self, transformation_ctx="", **_options):
        return self._with(_unnested(self._df))

    def relationalize(self, root_table_name, staging_path=None, options=None, transformation_ctx="", **_options):
        """Structs become columns; each list becomes a table of its own, which the root refers to by an id."""
        frames = {}

        def take(df, name):
            df = _unnested(df)
            for field in df.schema.fields:
                if isinstance(field.dataType, ArrayType):
                    key = f"`{field.name}`"
                    df = df.withColumn("__id", F.monotonically_increasing_id())
                    below = df.select(F.col("__id").alias("id"), F.posexplode(F.col(key)).alias("index", "val"))
                    prefix = f"{field.name}.val"
                    below = below.withColumnRenamed("val", prefix)
                    take(below, f"{name}_{field.name}")
                    df = df.withColumn(field.name, F.col("__id")).drop("__id")
            frames[name] = self._with(df, name)

        take(self._df, root_table_name)
        return DynamicFrameCollection(frames, self.glue_ctx)

    def write(self, connection_type, connection_options=None, format=None, format_options=None, **_options):
        return self.glue_ctx.write_dynamic_frame_from_options(
            self, connection_type, connection_options or {}, format, format_options or {}
        )


class DynamicFrameCollection:
    """Frames by name."""

    def __init__(self, dynamic_frames, glue_ctx):
        self._frames = dict(dynamic_frames)
        self._glue_ctx = glue_ctx

    def __getitem__(self, key):
        return self._frames[key]

    def __len__(self):
        return len(self._frames)

    def keys(self):
        return self._frames.keys()

    def values(self):
        return self._frames.values()

    def select(self, key, transformation_ctx=""):
        return self._frames[key]

    def map(self, callable, transformation_ctx=""):
        return DynamicFrameCollection({name: callable(one) for name, one in self._frames.items()}, self._glue_ctx)


def _unnested(df: DataFrame) -> DataFrame:
    """Structs laid out as columns `a.b`, all the way down."""
    while any(isinstance(field.dataType, StructType) for field in df.schema.fields):
        columns = []
        for field in df.schema.fields:
            if isinstance(field.dataType, StructType):
                for one in field.dataType.fields:
                    columns.append(F.col(f"`{field.name}`.`{one.name}`").alias(f"{field.name}.{one.name}"))
            else:
                columns.append(F.col(f"`{field.name}`"))
        df = df.select(*columns)
    return df


def drop_nulls(frame):
    """The frame without columns that hold nothing but nulls."""
    df = frame.toDF()
    never = [field.name for field in df.schema.fields if isinstance(field.dataType, NullType)]
    others = [name for name in df.columns if name not in never]
    if others:
        counts = df.select([F.count(F.col(_quoted(name))).alias(name) for name in others]).first()
        never += [name for name in others if counts[name] == 0]
    return frame._with(df.drop(*never))
