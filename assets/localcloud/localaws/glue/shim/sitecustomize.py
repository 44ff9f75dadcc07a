"""Python runs this at its start. In a job with `--enable-glue-datacatalog` it gives Spark SQL the catalogue."""

import os

if os.environ.get("LOCALAWS_CATALOG") == "1":
    from awsglue import catalog

    catalog.install()
