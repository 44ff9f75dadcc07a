"""Python runs this at its start: what a job can import, and the catalogue that Spark SQL sees.

A Python shell run has the libraries that AWS gives it (`LOCALAWS_LIBRARIES`) and those it asked for; the server's own
are hidden from it. A job with `--enable-glue-datacatalog` has the Data Catalog in Spark SQL.
"""

import os
import sys
from importlib.machinery import PathFinder


class _Libraries:
    """Finds some of the packages of the server's environment."""

    def __init__(self, names, places):
        self._names = frozenset(names)
        self._places = places

    def find_spec(self, name, path=None, target=None):
        return PathFinder.find_spec(name, self._places) if path is None and name in self._names else None


def _hide_others(names):
    standard = os.path.dirname(os.__file__)
    kept = {standard, os.path.join(standard, "lib-dynload"), *os.environ.get("PYTHONPATH", "").split(os.pathsep)}
    hidden = [one for one in sys.path if one not in kept and not one.endswith(".zip")]  # one: the library, zipped
    sys.path[:] = [one for one in sys.path if one not in hidden]
    sys.meta_path.append(_Libraries(names, hidden))


if os.environ.get("LOCALAWS_LIBRARIES"):
    _hide_others(os.environ["LOCALAWS_LIBRARIES"].split(","))

if os.environ.get("LOCALAWS_CATALOG") == "1":
    from awsglue import catalog

    catalog.install()
