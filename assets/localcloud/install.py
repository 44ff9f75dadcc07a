#!/usr/bin/env python3.11
"""Install what the local AWS needs into a cache directory; quick when it is there already.

    python3.11 install.py --cache DIR [--dev]

makes `DIR/venv` with the pinned packages of pyproject.toml, `DIR/jars` with S3A, a Java runtime where the machine has
none, and Spark's class-data archive. Prints the path of the Python to run `-m localaws` with. Packages come from
wherever pip is configured to find them.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
JARS = "sagemaker-pyspark==1.4.5"
"""S3A and the AWS SDK for Java; without its dependencies, whose pins would break Spark's."""


def main() -> int:
    """Install and answer the exit status."""
    parser = argparse.ArgumentParser(description="Install what the local AWS needs.")
    parser.add_argument("--cache", type=Path, required=True, help="where everything goes")
    parser.add_argument("--dev", action="store_true", help="also what its tests need")
    parser.add_argument("--no-archive", action="store_true", help="do not make Spark's class-data archive")
    options = parser.parse_args()
    if sys.version_info[:2] != (3, 11):
        print(f"error: Python 3.11 is needed, this is {sys.version.split()[0]}", file=sys.stderr)
        return 3
    cache: Path = options.cache.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "install.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two installations at once take turns
        python = cache / "venv" / "bin" / "python"
        wanted, more = requirements()
        stamp = cache / "installed.json"
        try:
            if not python.exists() or not satisfied(_read(stamp), wanted, more if options.dev else []):
                install(cache, python, [*wanted, *(more if options.dev else [])])
                stamp.write_text(json.dumps(stamped(wanted, more if options.dev else [])))
            _point(cache)
            if not options.no_archive:
                environment = {**os.environ, "LOCALAWS_CACHE": str(cache)}
                make = [python, "-m", "localaws.glue.archive"]
                subprocess.run(make, check=True, stdout=subprocess.DEVNULL, env=environment)
        except subprocess.CalledProcessError as error:
            print(f"error: {' '.join(map(str, error.cmd[:6]))} ... failed", file=sys.stderr)
            return 1
    print(python)
    return 0


def requirements() -> tuple[list[str], list[str]]:
    """The packages to install, pinned, and what the tests need besides."""
    project = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    return [*project["dependencies"], *([] if has_java() else extras["java"])], extras["dev"]


def stamped(wanted: list[str], more: list[str]) -> dict[str, str]:
    """What tells one installation from another; `more` is what the tests need, or nothing."""

    def digest(*lines: str) -> str:
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    return {"key": digest(sys.version, JARS, *wanted), "dev": digest(*more) if more else ""}


def satisfied(stamp: dict[str, str], wanted: list[str], more: list[str]) -> bool:
    """Whether the installation of a stamp has all of it; one with the tests' packages will do for everybody."""
    asked = stamped(wanted, more)
    return stamp.get("key") == asked["key"] and (not more or stamp.get("dev") == asked["dev"])


def has_java() -> bool:
    """Whether the machine has a Java that Spark 3.5 runs on."""
    homes = [Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    if found := shutil.which("java"):
        homes.append(Path(found).resolve().parent.parent)
    for home in homes:
        try:
            if re.search(r'JAVA_VERSION="(11|17)\b', (home / "release").read_text()):
                return True
        except OSError:
            continue
    return False


def install(cache: Path, python: Path, wanted: list[str]) -> None:
    """Make the virtual environment and fetch the jars, both at once."""
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", cache / "venv"], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    jars = cache / "jars"
    fetching = None
    if not (jars / "sagemaker_pyspark").is_dir():
        fetching = subprocess.Popen([*pip, "--no-deps", "--target", str(jars), JARS], stdout=sys.stderr)
    try:
        subprocess.run([*pip, *wanted], check=True, stdout=sys.stderr)
    finally:
        if fetching and fetching.wait():
            raise subprocess.CalledProcessError(fetching.returncode, [*pip, JARS])


def _point(cache: Path) -> None:
    """Let the environment find this source; another checkout may have used the cache since."""
    packages = next((cache / "venv" / "lib").glob("python*/site-packages"))
    pointer = packages / "localaws.pth"
    if not pointer.exists() or pointer.read_text() != f"{HERE}\n":
        pointer.write_text(f"{HERE}\n")


def _read(stamp: Path) -> dict[str, str]:
    try:
        told: dict[str, str] = json.loads(stamp.read_text())
        return told
    except (FileNotFoundError, ValueError):
        return {}


if __name__ == "__main__":
    sys.exit(main())
