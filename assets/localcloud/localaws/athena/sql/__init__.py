"""Athena's SQL: Trino's queries said in DuckDB's, and Hive's DDL parsed."""
