"""COPY and UNLOAD: rows between a cluster and S3, moved with the rights of the role that the statement names."""
