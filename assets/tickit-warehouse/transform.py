"""Builds the dimensional tables of TICKIT and one table of all, and loads them into Redshift.

Reads   s3://<lake>/validated/<table>/<table>.parquet
Writes  s3://<lake>/curated/<table>/, s3://<lake>/curated/_manifests/<table>.json, s3://<lake>/summary/transform.json,
        and the tables of schema.sql in the warehouse

COPY fills tables in a schema of their own. When all have as many rows as were written, one transaction replaces the
rows of the real tables: readers see the old rows or the new, and a failure leaves the old. Rows are replaced, and not
tables, so that views and grants stay; only a table whose columns schema.sql has changed is made anew.
"""

import argparse
import json
import re
from concurrent.futures import ThreadPoolExecutor

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

from tickit_lake import Lake, read_text
from tickit_redshift import Warehouse
from tickit_tables import TABLES

STAGING = "tickit_staging"

BUILT = (
    "dim_date", "dim_user", "dim_venue", "dim_category", "dim_event", "fact_listing", "fact_sales",
    "consolidated_sales",
)
"""The tables of the warehouse."""

AT_ONCE = 4
"""Tables that are written at the same time."""


class SchemaError(Exception):
    """schema.sql and the tables that are built do not belong together."""


class CountError(Exception):
    """COPY loaded another number of rows than were written."""


def options():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for name in ("lake", "cluster", "database", "secret", "copy-role", "schema"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--slipway-run-token", default="")
    # Glue adds arguments of its own.
    return parser.parse_known_args()[0]


def main():
    given = options()
    lake = Lake(given.lake)
    schema = tables_of(read_text(given.schema))
    if set(schema) != set(BUILT):
        raise SchemaError(f"{given.schema} has the tables {', '.join(schema)}; expected {', '.join(BUILT)}")
    warehouse = Warehouse(given.cluster, given.database, given.secret)
    changed = stage(warehouse, schema)  # before the long work: a warehouse that cannot be loaded is known at once
    spark = session()
    frames = built(*(spark.read.parquet(f"s3://{lake.bucket}/{lake.validated(table)}") for table in TABLES))
    counts = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for table, count in zip(frames, pool.map(lambda table: write(spark, lake, table, frames[table]), frames)):
            counts[table] = count
            print(f"{table}: {count} rows in s3://{lake.bucket}/curated/{table}/")
    load(warehouse, lake, schema, given.copy_role)
    compare(warehouse, counts)
    swap(warehouse, schema, changed)
    lake.write_summary("transform", given.slipway_run_token, {"tables": {
        table: {"rows": count} for table, count in counts.items()
    }})
    print(f"{given.database} has the new rows")


def session():
    """Spark, writing Parquet as Redshift reads it: times as INT96, decimals as byte arrays, old days as they are.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
    Source: https://spark.apache.org/docs/3.5.4/sql-data-sources-parquet.html (else it refuses times before 1900)
    """
    spark = SparkSession.builder.appName("tickit-transform").getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    spark.conf.set("spark.sql.parquet.writeLegacyFormat", "true")
    spark.conf.set("spark.sql.parquet.outputTimestampType", "INT96")
    for kind in ("int96", "datetime"):
        for way in ("InRead", "InWrite"):
            spark.conf.set(f"spark.sql.parquet.{kind}RebaseMode{way}", "CORRECTED")
    spark.sparkContext._jsc.hadoopConfiguration().set("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
    return spark


def built(category, date, venue, event, users, listing, sales):
    """The tables of the warehouse, with their columns in the order of schema.sql."""
    event, listing, sales = with_times(event), with_times(listing), with_times(sales)
    place = event.select("eventid", "venueid", "catid")
    sold = sales.groupBy("listid").agg(f.count("*").alias("sales"), f.sum("qtysold").alias("ticketssold"))
    none = f.lit(0)
    fact_listing = listing.join(place, "eventid").join(sold, "listid", "left").select(
        "listid", "sellerid", "eventid", "venueid", "catid", "dateid", "numtickets", "priceperticket", "totalprice",
        "listtime", f.coalesce("sales", none).cast("int").alias("sales"),
        f.coalesce("ticketssold", none).cast("int").alias("ticketssold"))
    fact_sales = sales.join(place, "eventid").select(
        "salesid", "listid", "sellerid", "buyerid", "eventid", "venueid", "catid", "dateid", "qtysold", "pricepaid",
        "commission", "saletime")
    whole = consolidated(fact_sales, category, date, venue, event, users, listing)
    return dict(zip(BUILT, (date, users, venue, category, event, fact_listing, fact_sales, whole)))


def write(spark, lake, table, frame):
    """Replace a table's files; answers how many rows they have."""
    address = f"s3://{lake.bucket}/curated/{table}/"
    frame.coalesce(2).write.mode("overwrite").parquet(address)
    write_manifest(lake, table)
    return spark.read.parquet(address).count()


def with_times(frame):
    """Times with a zone, which is UTC: Spark writes those without one in a form that COPY does not know."""
    return frame.select([
        f.col(name).cast("timestamp").alias(name) if kind.startswith("timestamp") else f.col(name)
        for name, kind in frame.dtypes
    ])


def consolidated(sales, category, date, venue, event, users, listing):
    """Each sale with its day, listing, seller, buyer, event, category and venue."""
    days = date.select("dateid", *(
        f.col(name).alias(f"sale{name.replace('caldate', 'date')}") for name in date.columns if name != "dateid"))
    listings = listing.select("listid", "listtime", "numtickets", "priceperticket", "totalprice")
    events = event.select("eventid", "eventname", "starttime")
    return (
        sales.join(f.broadcast(days), "dateid")
        .join(listings, "listid")
        .join(person(users, "seller"), "sellerid")
        .join(person(users, "buyer"), "buyerid")
        .join(f.broadcast(events), "eventid")
        .join(f.broadcast(category.drop("catdesc")), "catid")
        .join(f.broadcast(venue), "venueid")
        .select(
            "salesid", "saletime", "qtysold", "pricepaid", "commission", "saledate", "saleday", "saleweek",
            "salemonth", "saleqtr", "saleyear", "saleholiday", "listid", "listtime", "numtickets", "priceperticket",
            "totalprice", "sellerid", "sellerusername", "sellername", "sellercity", "sellerstate", "buyerid",
            "buyerusername", "buyername", "buyercity", "buyerstate", "eventid", "eventname", "starttime", "catid",
            "catgroup", "catname", "venueid", "venuename", "venuecity", "venuestate", "venueseats")
    )


def person(users, part):
    """Users as sellers or as buyers."""
    return users.select(
        f.col("userid").alias(f"{part}id"), f.col("username").alias(f"{part}username"),
        f.concat_ws(" ", "firstname", "lastname").alias(f"{part}name"), f.col("city").alias(f"{part}city"),
        f.col("state").alias(f"{part}state"))


def write_manifest(lake, table):
    """Say which files COPY loads, so that it takes these and no other.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html (a columnar file needs
    its length)
    """
    pages = lake.s3.get_paginator("list_objects_v2").paginate(Bucket=lake.bucket, Prefix=f"curated/{table}/")
    files = [one for page in pages for one in page.get("Contents", []) if one["Key"].endswith(".parquet")]
    entries = [
        {"url": f"s3://{lake.bucket}/{one['Key']}", "mandatory": True, "meta": {"content_length": one["Size"]}}
        for one in files
    ]
    lake.write(f"curated/_manifests/{table}.json", json.dumps({"entries": entries}).encode(), "application/json")


def tables_of(sql):
    """The statement of each table in schema.sql."""
    statements = [text.strip() for text in re.sub(r"--.*", "", sql).split(";")]
    return {re.match(r"create table if not exists (\w+)", text, re.IGNORECASE)[1]: text for text in statements if text}


def stage(warehouse, schema):
    """Make the staging tables; answers those whose columns in the warehouse are not what schema.sql says now."""
    warehouse.run("making the staging tables", [
        f"drop schema if exists {STAGING} cascade", f"create schema {STAGING}", f"set search_path to {STAGING}",
        *schema.values(),
    ])
    return changed_tables(warehouse, schema)


def load(warehouse, lake, schema, role):
    """Fill the staging tables, all or none."""
    warehouse.run("loading the staging tables", [
        f"copy {STAGING}.{table} from 's3://{lake.bucket}/curated/_manifests/{table}.json' iam_role '{role}' "
        "format as parquet manifest"
        for table in schema
    ])


def swap(warehouse, schema, changed):
    """Put the staged rows in the place of the old ones, all at once."""
    warehouse.run("replacing the rows", [
        "set search_path to public",
        *(f"drop table public.{table}" for table in changed),
        *schema.values(),
        *(f"delete from public.{table}" for table in schema if table not in changed),
        *(f"insert into public.{table} select * from {STAGING}.{table}" for table in schema),
        f"drop schema {STAGING} cascade",
    ])


def compare(warehouse, counts):
    """Raise CountError unless each staging table has the rows that were written."""
    sql = " union all ".join(f"select '{table}' as name, count(*) as loaded from {STAGING}.{table}" for table in counts)
    loaded = dict(warehouse.query("counting what was loaded", sql)[1])
    wrong = [f"{table}: {counts[table]} rows were written and {loaded.get(table)} loaded" for table in counts
             if loaded.get(table) != counts[table]]
    if wrong:
        raise CountError("; ".join(wrong))


def changed_tables(warehouse, schema):
    """The tables of the warehouse whose columns are not those of schema.sql any more."""
    names = ", ".join(f"'{table}'" for table in schema)
    _, rows = warehouse.query("comparing columns", f"""
        select table_schema, table_name, column_name, data_type, character_maximum_length, numeric_precision,
            numeric_scale, is_nullable
        from svv_columns where table_schema in ('public', '{STAGING}') and table_name in ({names})
        order by table_name, ordinal_position""")
    shapes = {}
    for where, table, *column in rows:
        shapes.setdefault((where, table), []).append(column)
    return [table for table in schema
            if ("public", table) in shapes and shapes["public", table] != shapes[STAGING, table]]


if __name__ == "__main__":
    main()
