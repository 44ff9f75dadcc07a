"""Queries carried out: tables fetched from S3 as the caller, DuckDB closed to everything else, results written."""
