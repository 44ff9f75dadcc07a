"""Counts the rows of a source's CSV files in the lake, and writes a summary beside them.

Reads   s3://<lake>/raw/<source>/*.csv
Writes  s3://<lake>/summary/<source>.json
"""

import argparse
import csv
import io
import json

import boto3


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lake", required=True)
    parser.add_argument("--source", required=True)
    # Glue adds arguments of its own.
    return parser.parse_known_args()[0]


def files(s3, bucket, prefix):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        for found in page.get("Contents", []):
            if found["Key"].endswith(".csv"):
                yield found["Key"]


def rows(s3, bucket, key):
    body = s3.get_object(Bucket=bucket, Key=key)["Body"]
    lines = csv.reader(io.TextIOWrapper(body, encoding="utf-8", newline=""))
    next(lines, None)  # the header
    return sum(1 for line in lines if line)


def main():
    given = options()
    s3 = boto3.client("s3")
    counts = {key: rows(s3, given.lake, key) for key in files(s3, given.lake, f"raw/{given.source}/")}
    summary = {"source": given.source, "files": counts, "rows": sum(counts.values())}
    s3.put_object(
        Bucket=given.lake, Key=f"summary/{given.source}.json", Body=json.dumps(summary, indent=2).encode(),
        ContentType="application/json")
    print(f"{given.source}: {summary['rows']} rows in {len(counts)} files")


if __name__ == "__main__":
    main()
