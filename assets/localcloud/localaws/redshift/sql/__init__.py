"""Redshift's SQL, said in PostgreSQL's."""
