"""Converts the CSV files of every source in the lake to Parquet.

Reads   s3://<lake>/raw/<source>/*.csv
Writes  s3://<lake>/curated/<source>/
"""

import argparse

import boto3
from pyspark.sql import SparkSession


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lake", required=True)
    parser.add_argument("--codec", default="snappy")
    # Glue adds arguments of its own.
    return parser.parse_known_args()[0]


def sources(bucket):
    pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="raw/", Delimiter="/")
    for page in pages:
        for found in page.get("CommonPrefixes", []):
            yield found["Prefix"].split("/")[1]


def main():
    given = options()
    spark = SparkSession.builder.appName("lakehouse-convert").getOrCreate()
    for source in sources(given.lake):
        frame = spark.read.csv(f"s3://{given.lake}/raw/{source}/", header=True, inferSchema=True)
        target = f"s3://{given.lake}/curated/{source}/"
        frame.write.mode("overwrite").option("compression", given.codec).parquet(target)
        print(f"{source}: {frame.count()} rows")


if __name__ == "__main__":
    main()
