"""Arguments of a job, as AWS Glue passes them."""

import argparse
import sys


class GlueArgumentError(Exception):
    """An argument that the job needs was not given, or one that is reserved was asked for."""


_RESERVED = (
    "job-bookmark-option",
    "job-bookmark-from",
    "job-bookmark-to",
    "JOB_ID",
    "JOB_RUN_ID",
    "JOB_NAME",
    "SECURITY_CONFIGURATION",
    "encryption-type",
    "enable-data-lineage",
    "TempDir",
    "RedshiftTempDir",
)
_BOOKMARKS = ("job-bookmark-enable", "job-bookmark-pause", "job-bookmark-disable")


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise GlueArgumentError(message)


def getResolvedOptions(args, options):
    """The values of `options` among the arguments `args` (sys.argv), and those of the arguments Glue itself passes.

    Each option must be there: a missing one raises GlueArgumentError. Dashes in names become underscores.
    """
    parser = _Parser(prog=args[0] if args else "job", allow_abbrev=False, add_help=False)
    for name in options:
        if name.startswith("--"):
            raise GlueArgumentError(f"{name}: give the name without dashes")
        if name in _RESERVED and name not in ("JOB_NAME", "TempDir", "JOB_RUN_ID", "JOB_ID"):
            raise GlueArgumentError(f"{name} is reserved")
        parser.add_argument("--" + name, required=True)
    for name in _RESERVED:
        if name not in options:
            parser.add_argument("--" + name, required=False)
    found, _ = parser.parse_known_args(args[1:])
    resolved = {name: value for name, value in vars(found).items() if value is not None}
    bookmark = resolved.setdefault("job_bookmark_option", "job-bookmark-disable")
    if bookmark not in _BOOKMARKS:
        raise GlueArgumentError(f"job-bookmark-option must be one of {', '.join(_BOOKMARKS)}")
    resolved.setdefault("TempDir", "")
    return resolved


def makeOptions(sc, options):
    """Connection options as they are given; the name is kept for scripts that call it."""
    return dict(options)


if __name__ == "__main__":
    print(getResolvedOptions(sys.argv, []))
