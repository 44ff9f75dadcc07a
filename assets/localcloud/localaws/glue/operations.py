"""Every operation of Glue that is handled."""

from __future__ import annotations

from localaws.glue import (
    bookmarks,
    catalog,
    classifiers,
    connections,
    crawlers,
    databases,
    functions,
    jobs,
    partitions,
    runs,
    tables,
    tags,
    triggers,
    workflows,
)
from localaws.glue.operation import Operation

OPERATIONS: dict[str, Operation] = {
    **databases.OPERATIONS,
    **tables.OPERATIONS,
    **partitions.OPERATIONS,
    **functions.OPERATIONS,
    **catalog.OPERATIONS,
    **connections.OPERATIONS,
    **classifiers.OPERATIONS,
    **jobs.OPERATIONS,
    **runs.OPERATIONS,
    **bookmarks.OPERATIONS,
    **crawlers.OPERATIONS,
    **triggers.OPERATIONS,
    **workflows.OPERATIONS,
    **tags.OPERATIONS,
}
