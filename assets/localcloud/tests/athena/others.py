"""`python -m tests.athena.others DIRECTORY`: runs the SQL that others wrote, and says what does not run and why.

The directory holds Markdown, such as AWS's own guide; every statement in its code blocks is run by a local AWS, those
of one file after one another in a database of their own. A statement whose tables, databases or buckets the file does
not make says nothing about the dialect and is left out, and so is one that shows a syntax (`...`, `[a|b]`).
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.conftest import Cloud, free_port, run, start, unique, wait_for
from tests.others import blocks, report

_STATEMENT = re.compile(
    r"^(select|with|insert|update|delete|merge|create|alter|drop|msck|show|describe|explain|prepare|execute|deallocate|"
    r"values|unload|vacuum|optimize)\b",
    re.IGNORECASE,
)
_SYNTAX = re.compile(r"\.\.\.|…|\[\s*,|\|\s*\w+\s*[\]}]|<[a-z_ -]+>|^\s*\[|\b\w+_name\b|\[[A-Z ]+\]", re.MULTILINE)
_ELSEWHERE = re.compile(
    "NoSuchBucket|AccessDenied|not found|does not exist|NOT_FOUND|AlreadyExists|already exists|PERMISSION|"
    "InvalidBucketName|Invalid bucket name|not allowed to list|Not the address"
)


def main() -> None:
    directory = Path(tempfile.mkdtemp(prefix="localaws-"))
    cloud = start(directory / "state", "--port", str(free_port()))
    bucket = cloud.bucket()
    cloud.client("athena")
    try:
        report(results(cloud, bucket, sorted(Path(sys.argv[1]).rglob("*.md"))))
    finally:
        run("down", "--state", str(directory / "state"), check=False)
        shutil.rmtree(directory, ignore_errors=True)


def results(cloud: Cloud, bucket: str, files: list[Path]) -> Iterator[tuple[str, str, str, str]]:
    """What came of every statement of the files."""
    with ThreadPoolExecutor(3) as pool:
        for file, found in zip(files, pool.map(lambda one: tried(cloud, bucket, one), files), strict=True):
            for statement, reason in found:
                outcome = "runs" if reason is None else "elsewhere" if _ELSEWHERE.search(reason) else "fails"
                yield file.name, statement, outcome, str(reason)[:120]


def statements(text: str) -> Iterator[str]:
    """The statements in the code blocks of a Markdown text."""
    for block in blocks(text):
        if _SYNTAX.search(block):
            continue
        for one in re.split(r";\s*(?:\n|\Z)", block):
            bare = re.sub(r"\A(\s*(--|/\*)[^\n]*\n)*\s*", "", one).strip()
            if _STATEMENT.match(bare):
                yield bare


def tried(cloud: Cloud, bucket: str, file: Path) -> list[tuple[str, str | None]]:
    """Each statement of a file, and why it failed, or None where it ran."""
    athena, database = cloud.client("athena"), unique("db").replace("-", "_")
    wanted = list(statements(file.read_text(errors="replace")))
    if wanted:
        cloud.client("glue").create_database(DatabaseInput={"Name": database})
    found: list[tuple[str, str | None]] = []
    for one in wanted:
        try:
            query = athena.start_query_execution(
                QueryString=one, QueryExecutionContext={"Database": database},
                ResultConfiguration={"OutputLocation": f"s3://{bucket}/r/"},
            )["QueryExecutionId"]  # fmt: skip
        except Exception as error:
            found.append((one, str(error)))
            continue

        def ended(query: str = query) -> Any:
            status = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
            return status if status["State"] in ("SUCCEEDED", "FAILED", "CANCELLED") else None

        status = wait_for(ended)
        found.append((one, None if status["State"] == "SUCCEEDED" else status.get("StateChangeReason", "")))
    return found


if __name__ == "__main__":
    main()
