"""What a run executes: its files fetched under its role, its command line and its environment.

Source: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
import sys
import threading
import uuid
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from localaws.contract import Credentials, Settings
from localaws.glue import java, modules
from localaws.glue.store import Record

SHIM = Path(__file__).parent / "shim"
"""Where `awsglue` lies."""
_LIBRARIES = (
    *("awscli", "boto3", "botocore", "pip", "pkg_resources", "setuptools"),
    # What those need.
    *("_distutils_hack", "colorama", "dateutil", "docutils", "jmespath", "pyasn1", "rsa", "s3transfer", "six"),
    *("urllib3", "yaml"),
)
"""What every Python shell run can import besides what it asks for.

Source: https://docs.aws.amazon.com/glue/latest/dg/add-job-python.html#python-shell-supported-library
"""
_ANALYTICS = (
    *("avro", "awswrangler", "elasticsearch", "numpy", "pandas", "psycopg2", "pyarrow", "pyathena", "pymysql"),
    *("pyodbc", "pyorc", "redshift_connector", "requests", "s3fs", "scipy", "sklearn", "sqlalchemy"),
)
"""What a run with `library-set` `analytics` can import besides, as far as it is installed here. Source: as above."""


class LaunchError(Exception):
    """A run that could not begin; the text is its ErrorMessage."""


@dataclass
class Program:
    """One run's files and arguments."""

    settings: Settings
    region: str
    job: Record
    run: Record
    arguments: dict[str, str]
    credentials: Credentials
    s3: Any
    directory: Path
    errors: Path
    """Where what goes wrong is written for the run's log of errors."""
    stopping: threading.Event
    """Set when the run is to stop."""
    extra_paths: list[Path] = field(default_factory=list)
    extra_jars: list[Path] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """`glueetl`, `gluestreaming`, `pythonshell` or `glueray`."""
        return str(self.job["Command"].get("Name", "glueetl"))

    def prepare(self) -> list[str]:
        """Fetch everything and answer the command line."""
        if self.kind == "glueray":
            raise LaunchError("Ray jobs are not run by the local AWS")
        if self.arguments.get("--job-language", "python").lower() != "python":
            raise LaunchError("Scala jobs are not run by the local AWS")
        location = self.job["Command"].get("ScriptLocation") or ""
        script = self.fetch(location)
        for uri in _listed(self.arguments.get("--extra-py-files")):
            self.extra_paths.append(self._importable(self.fetch(uri)))
        for uri in _listed(self.arguments.get("--extra-files")):
            self.fetch(uri)
        for uri in _listed(self.arguments.get("--extra-jars")):
            self.extra_jars.append(self.fetch(uri))
        if wanted := _listed(self.arguments.get("--additional-python-modules")):
            self.extra_paths.insert(0, self._install(wanted))
        if self.kind == "pythonshell":
            check_syntax(script, self.job["Command"].get("PythonVersion", "3.9"))
        else:
            self._write_configuration()
        return [sys.executable, "-u", str(script), *self._script_arguments(location)]

    def environment(self) -> dict[str, str]:
        """The variables of the run: its role's credentials, our endpoint, nothing of whoever started the server."""
        kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ") if name in os.environ}
        temporary = self.directory / "tmp"
        temporary.mkdir(exist_ok=True)
        environment = {
            **kept,
            **self.credentials.environment(),
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ENDPOINT_URL": self.settings.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
            "HOME": str(self.directory),
            "TMPDIR": str(temporary),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
            "PYTHONPATH": os.pathsep.join([*map(str, self.extra_paths), str(SHIM)]),
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "LOCALAWS_BOOKMARK": str(self.directory / "bookmark.json"),
        }
        if self.kind == "pythonshell":
            analytics = "analytics" in (self.arguments.get("library-set"), self.arguments.get("--library-set"))
            environment["LOCALAWS_LIBRARIES"] = ",".join(_LIBRARIES + (_ANALYTICS if analytics else ()))
        else:
            home = java.java_home()
            if home is None:
                raise LaunchError("Spark needs Java 11 or 17, and there is none: install.py fetches one")
            environment |= {
                "JAVA_HOME": str(home),
                "SPARK_HOME": str(java.spark_home()),
                "SPARK_LOCAL_IP": "127.0.0.1",
                "PYSPARK_PYTHON": sys.executable,
                "PYSPARK_DRIVER_PYTHON": sys.executable,
                "LOCALAWS_CATALOG": "1" if self._switched("--enable-glue-datacatalog") else "0",
                "PYSPARK_SUBMIT_ARGS": f"--properties-file {self.directory / 'spark.conf'} pyspark-shell",
            }
        return environment

    def fetch(self, uri: str) -> Path:
        """Download an object into the run's directory, under the run's role."""
        found = re.fullmatch(r"s3[an]?://([^/]+)/(.+)", uri.strip())
        if not found:
            raise LaunchError(f"LAUNCH ERROR | Not the address of an S3 object: {uri!r}")
        bucket, name = found[1], found[2]
        path = self.directory / Path(name).name
        try:
            self.s3.download_file(bucket, name, str(path))
        except ClientError as error:
            detail = error.response["Error"]
            status = error.response["ResponseMetadata"].get("HTTPStatusCode")
            reason = {"403": "Access Denied", "404": "The specified key does not exist."}.get(
                detail["Code"], detail.get("Message", "")
            )
            raise LaunchError(
                f"LAUNCH ERROR | Error downloading from S3 for bucket: {bucket}, key: {name}. "
                f"{reason} (Service: Amazon S3; Status Code: {status}; Error Code: {detail['Code']})"
            ) from None
        return path

    def _importable(self, path: Path) -> Path:
        """What to put on the path of imports: an archive itself (a wheel unpacked), or the directory of a file."""
        if path.suffix == ".whl":
            target = path.with_suffix("")
            with zipfile.ZipFile(path) as wheel:
                wheel.extractall(target)
            return target
        return path if path.suffix in (".zip", ".egg") else path.parent

    def _install(self, wanted: list[str]) -> Path:
        """The directory of further modules, installed by pip where that was not done before."""
        options = self.arguments.get("--python-modules-installer-option", "").split()
        files = [str(self.fetch(one)) if one.startswith("s3://") else one for one in wanted]
        cache = java.cache() / "modules"
        if not os.access(java.cache(), os.W_OK):
            cache = self.settings.state / "modules"
        try:
            return modules.installed(files, options, cache, self.settings.pids, self.errors, self.stopping)
        except modules.NotInstalled as error:
            raise LaunchError(f"{modules.FAILED} {', '.join(wanted)}: {error}") from None

    def _script_arguments(self, location: str) -> list[str]:
        if self.kind == "pythonshell":
            given = {"--scriptLocation": location}
        else:
            job_id = "j_" + hashlib.sha256(self.job["Name"].encode()).hexdigest()
            given = {"--JOB_NAME": self.job["Name"], "--JOB_ID": job_id, "--JOB_RUN_ID": self.run["Id"]}
        given.setdefault("--job-bookmark-option", self.arguments.get("--job-bookmark-option", "job-bookmark-disable"))
        given |= {"--TempDir": self.arguments["--TempDir"]} if "--TempDir" in self.arguments else {}
        return [text for pair in (given | self.arguments).items() for text in pair]

    def _switched(self, name: str) -> bool:
        """Whether an argument that is a switch is on: it may be given without a value."""
        return self.arguments.get(name, "false").lower() in ("", "true")

    def _write_configuration(self) -> None:
        # The class path must stay the archive's own: a job's jars, and directories, are kept out of it.
        path = os.pathsep.join(map(str, java.class_path()))
        lines = spark_settings(self.settings, self.directory, path)
        if self.extra_jars:
            lines["spark.jars"] = ",".join(map(str, self.extra_jars))
        if self._switched("--enable-spark-ui") and (logs := self.arguments.get("--spark-event-logs-path")):
            lines |= {"spark.eventLog.enabled": "true", "spark.eventLog.dir": logs}
        lines |= _given(self.arguments.get("--conf", ""))
        text = "".join(f"{name} {value}\n" for name, value in lines.items())
        (self.directory / "spark.conf").write_text(text)


def spark_settings(settings: Settings, directory: Path, class_path: str) -> dict[str, str]:
    """Spark's properties for a run on this machine that reaches S3 through S3A at our endpoint."""
    archive = java.archive()
    making = os.environ.get("LOCALAWS_MAKE_ARCHIVE") == "1"
    sharing = f"-XX:ArchiveClassesAtExit={archive}.new" if making else f"-Xshare:auto -XX:SharedArchiveFile={archive}"
    if not making and not archive.exists():
        sharing = "-Xshare:auto"
    s3a = "spark.hadoop.fs.s3a"
    return {
        "spark.master": "local[2]",
        "spark.app.id": f"spark-application-{uuid.uuid4().hex}",
        "spark.ui.enabled": "false",
        "spark.driver.memory": "1g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraClassPath": class_path,
        "spark.driver.extraJavaOptions": f"-XX:TieredStopAtLevel=1 -XX:+UseSerialGC {sharing}",
        "spark.local.dir": str(directory / "tmp"),
        "spark.sql.warehouse.dir": str(directory / "warehouse"),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.shuffle.partitions": "4",
        "spark.default.parallelism": "2",
        "spark.ui.showConsoleProgress": "false",
        f"{s3a}.endpoint": settings.endpoint,
        f"{s3a}.path.style.access": "true",
        f"{s3a}.connection.ssl.enabled": "false",
        f"{s3a}.aws.credentials.provider": "com.amazonaws.auth.EnvironmentVariableCredentialsProvider",
        f"{s3a}.attempts.maximum": "3",
        f"{s3a}.fast.upload.buffer": "bytebuffer",
        f"{s3a}.bucket.probe": "0",
        "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "2",
        **{
            f"spark.hadoop.fs.{scheme}.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem"
            for scheme in ("s3", "s3a", "s3n")
        },
    }


def check_syntax(script: Path, version: str) -> None:
    """Raise LaunchError when a script uses what its declared Python does not have: the one here is newer."""
    minor = int(version.split(".")[1]) if "." in version else 9
    try:
        ast.parse(script.read_bytes(), script.name, feature_version=(3, minor))
    except SyntaxError as error:
        raise LaunchError(
            f"SyntaxError: {error.msg} ({script.name}, line {error.lineno}), in Python 3.{minor}"
        ) from None


def _listed(text: str | None) -> list[str]:
    return [one.strip() for one in (text or "").split(",") if one.strip()]


def _given(text: str) -> dict[str, str]:
    """`--conf`: `a=1 --conf b=2`, as people chain them."""
    pairs: Iterable[list[str]] = (one.strip().split("=", 1) for one in re.split(r"(?:^|\s)--conf\s+", text))
    return {pair[0].strip(): pair[1].strip() for pair in pairs if len(pair) == 2}
