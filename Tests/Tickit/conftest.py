"""One local AWS with a Redshift cluster for all tests, and TICKIT's jobs deployed on it as often as a test wants."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "assets" / "tickit-warehouse"
LOCALCLOUD = ROOT / "assets" / "localcloud"
REAL = Path(os.environ.get("SLIPWAY_SHARED_DATA") or next(
    (found for found in (ROOT.parent / "shared" / "data", ROOT.parent.parent / "shared" / "data") if found.is_dir()),
    ROOT.parent / "shared" / "data")) / "tickit"
"""Where four of the real files are, on machines that have them."""

ENDED = ("STOPPED", "SUCCEEDED", "FAILED", "TIMEOUT", "ERROR", "EXPIRED")


def local(*arguments):
    """Run a command of the local AWS."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run([sys.executable, "-m", "localaws", *arguments], cwd=LOCALCLOUD, env=environment,
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Cloud:
    """A running local AWS."""

    def __init__(self, state):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.state = state
        self.record = json.loads(local("up", "--state", str(state), "--port", str(port), "--detach"))
        self.account = self.record["account"]
        self.region = self.record["region"]
        self.clients = {}

    def client(self, service):
        """A client of the administrator."""
        if service not in self.clients:
            self.clients[service] = boto3.client(
                service, endpoint_url=self.record["endpoint"], region_name=self.region,
                aws_access_key_id=self.record["access_key_id"],
                aws_secret_access_key=self.record["secret_access_key"],
                config=Config(retries={"total_max_attempts": 1}, read_timeout=120))
        return self.clients[service]

    def bucket(self):
        name = unique("tickit")
        self.client("s3").create_bucket(Bucket=name)
        return name

    def role(self, service, statements):
        """ARN of a new role that a service may assume, with these permissions."""
        name, iam = unique("role"), self.client("iam")
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document([trust]))
        self.allow(name, statements)
        return made["Role"]["Arn"]

    def allow(self, role, statements):
        """Give a role these permissions instead of those that it has."""
        self.client("iam").put_role_policy(
            RoleName=role.rpartition("/")[2], PolicyName="own", PolicyDocument=document(statements))

    def secret(self, **values):
        made = self.client("secretsmanager").create_secret(Name=unique("secret"), SecretString=json.dumps(values))
        return made["ARN"]


def document(statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def unique(prefix):
    return f"{prefix}-{uuid.uuid4().hex[:10]}"


def wait_for(what, seconds=60):
    """Wait until `what` answers something true, and answer it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := what():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


@pytest.fixture(scope="session")
def cloud(tmp_path_factory):
    cloud = Cloud(tmp_path_factory.mktemp("cloud") / "state")
    yield cloud
    local("down", "--state", str(cloud.state))


@pytest.fixture(scope="session")
def cluster(cloud):
    return Cluster(cloud)


class Cluster:
    """A Redshift cluster with a managed password."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.redshift = cloud.client("redshift")
        self.name = unique("warehouse")
        self.redshift.create_cluster(
            ClusterIdentifier=self.name, NodeType="ra3.large", MasterUsername="admin", ManageMasterPassword=True,
            DBName="tickit", ClusterType="single-node")
        self.wait("available")
        self.secret = self.described()["MasterPasswordSecretArn"]
        self.arn = f"arn:aws:redshift:{cloud.region}:{cloud.account}:cluster:{self.name}"

    def described(self):
        return self.redshift.describe_clusters(ClusterIdentifier=self.name)["Clusters"][0]

    def wait(self, status):
        def reached():
            found = self.described()["ClusterStatus"]
            assert found != "hardware-failure", "the cluster's engine did not start: see the local AWS's log"
            return found == status

        wait_for(reached)

    def make_database(self):
        """A database of its own, so that tests do not see each other's tables."""
        name = unique("tickit").replace("-", "_")
        self.query("tickit", f"create database {name}")
        return name

    def query(self, database, sql, **parameters):
        """Rows of a statement of the administrator's."""
        data = self.cloud.client("redshift-data")
        given = {"Parameters": [{"name": name, "value": str(value)} for name, value in parameters.items()]}
        made = data.execute_statement(ClusterIdentifier=self.name, Database=database, SecretArn=self.secret, Sql=sql,
                                      **(given if parameters else {}))
        done = wait_for(lambda: (one := data.describe_statement(Id=made["Id"]))["Status"] in (
            "FINISHED", "FAILED", "ABORTED") and one)
        assert done["Status"] == "FINISHED", done.get("Error")
        if not done["HasResultSet"]:
            return []
        pages = data.get_paginator("get_statement_result").paginate(Id=made["Id"])
        records = [row for page in pages for row in page["Records"]]
        return [tuple(None if "isNull" in field else next(iter(field.values())) for field in row) for row in records]


MODULES = {
    job: re.findall(r"tickit_\w+\.py", line)
    for line in (ASSETS / "README.md").read_text().splitlines()
    if (found := re.match(r"\| (\w+) \| (Python shell 3\.9|Spark, Glue 5\.0) \| ", line)) and (job := found[1])
}
"""Which modules the README says that each job needs."""

ADDITIONAL = {
    found[1]: found[2]
    for line in (ASSETS / "README.md").read_text().splitlines()
    if (found := re.fullmatch(r"\| (\w+) \| Python shell 3\.9 \|.*\| `([\w=.,]+)` \|", line))
}
"""Which packages the README says that each job needs."""

DRIVERS = dict(re.findall(r"\n\| `(\w+)://SECRET/[^|]*\| by `([^`]+)`", (ASSETS / "README.md").read_text()))
"""Which package the README says that extract needs for each engine."""


def permissions():
    """`(job, actions, resources)` of each line of the README's table of permissions that needs no condition."""
    text = (ASSETS / "README.md").read_text().split("## Permissions")[1]
    job, found = "", []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| ") or len(cells) != 3 or "`" not in cells[1] or cells[1].startswith("with "):
            continue
        job = cells[0].split()[0] if cells[0] else job
        found.append((job, re.findall(r"`([\w-]+:\w+)`", cells[1]), re.findall(r"`([^`]+)`", cells[2])))
    return found


class Deployment:
    """Buckets, roles and jobs of a stack, with the permissions that the README says and no other."""

    def __init__(self, cloud, cluster):
        self.cloud = cloud
        self.cluster = cluster
        self.database = cluster.make_database()
        self.lake, self.origin, self.code = cloud.bucket(), cloud.bucket(), cloud.bucket()
        self.secret = cluster.secret
        self.places = {
            "LAKE": f"arn:aws:s3:::{self.lake}", "ORIGIN": f"arn:aws:s3:::{self.origin}", "CLUSTER": cluster.arn,
            "SECRET": self.secret, "CODE": f"arn:aws:s3:::{self.code}",
            "LOGS": f"arn:aws:logs:{cloud.region}:{cloud.account}:log-group:/aws-glue/*",
        }
        for file in [*ASSETS.glob("*.py"), *ASSETS.glob("*.sql"), *ASSETS.glob("answers/*.sql")]:
            cloud.client("s3").upload_file(str(file), self.code, file.name)
        self.roles = {}
        for job in MODULES:
            self.roles[job] = cloud.role("glue.amazonaws.com", self.statements(job))
            self.make(job)
        self.copy_role = cloud.role("redshift.amazonaws.com", self.statements("COPY's"))
        cluster.redshift.modify_cluster_iam_roles(ClusterIdentifier=cluster.name, AddIamRoles=[self.copy_role])

    def statements(self, job, without=None):
        """The policy of a job's role, as the README has it, without one action on one resource."""
        lines = [line for line in permissions() if line[0] in (job, "all" if job != "COPY's" else "")]
        return [
            {"Effect": "Allow", "Action": action, "Resource": self.resource(place)}
            for _, actions, places in lines
            for action in actions
            for place in places
            if (action, place) != without
        ]

    def resource(self, place):
        name, _, rest = place.partition("/")
        return self.places.get(name, name) + (f"/{rest}" if rest else "")

    def make(self, job, role=None, name=None, script=None):
        """Define a Glue job as a stack would; answers its name."""
        address = f"s3://{self.code}/"
        arguments = {"--extra-py-files": ",".join(address + name for name in MODULES[job])}
        if job in ADDITIONAL:
            arguments["--additional-python-modules"] = ADDITIONAL[job]
        warehouse = {"--cluster": self.cluster.name, "--database": self.database, "--secret": self.secret}
        answers = ",".join(f"{address}{file.name}" for file in sorted(ASSETS.glob("answers/*.sql")))
        arguments |= {
            "generate": {"--out": f"s3://{self.origin}/"},
            "extract": {"--lake": self.lake, "--origin": self.origin},
            "validate": {"--lake": self.lake},
            "transform": {"--lake": self.lake, "--schema": f"{address}schema.sql", **warehouse},
            "report": {"--lake": self.lake, "--answers": answers, **warehouse},
        }[job]
        spark = job == "transform"
        name = name or self.name(job)
        self.cloud.client("glue").create_job(
            Name=name, Role=role or self.roles[job], DefaultArguments=arguments, Timeout=10,
            Command={"Name": "glueetl" if spark else "pythonshell", "PythonVersion": "3" if spark else "3.9",
                     "ScriptLocation": f"{address}{script or job}.py"},
            **({"GlueVersion": "5.0", "WorkerType": "G.1X", "NumberOfWorkers": 2} if spark else {"MaxCapacity": 1.0}))
        return name

    def name(self, job):
        return f"{self.lake}-{job}"

    def upload(self, directory):
        """Put the files of a directory into the origin."""
        for file in sorted(Path(directory).iterdir()):
            self.cloud.client("s3").upload_file(str(file), self.origin, file.name)

    def run(self, job, name=None, **arguments):
        """Run a job to its end; answers its JobRun."""
        name = name or self.name(job)
        given = {f"--{option.replace('_', '-')}": str(value) for option, value in arguments.items()}
        if job == "transform":
            given.setdefault("--copy-role", self.copy_role)
        glue = self.cloud.client("glue")
        begun = time.monotonic()
        run = glue.start_job_run(JobName=name, Arguments=given)["JobRunId"]
        done = wait_for(lambda: (one := glue.get_job_run(JobName=name, RunId=run)["JobRun"])[
            "JobRunState"] in ENDED and one, seconds=240)
        print(f"{job}: {done['JobRunState']} after {time.monotonic() - begun:.1f} s {done.get('ErrorMessage', '')}")
        return done

    def succeed(self, job, **arguments):
        done = self.run(job, **arguments)
        assert done["JobRunState"] == "SUCCEEDED", done.get("ErrorMessage")
        return done

    def fail(self, job, **arguments):
        """Run a job that must fail; answers what it says."""
        done = self.run(job, **arguments)
        assert done["JobRunState"] == "FAILED"
        return done["ErrorMessage"]

    def log(self, job, run):
        """What a run printed."""
        group = "/aws-glue/jobs/output" if job == "transform" else "/aws-glue/python-jobs/output"
        events = self.cloud.client("logs").get_log_events(logGroupName=group, logStreamName=run["Id"])["events"]
        return [one["message"] for one in events]

    def object(self, key, bucket=None):
        return self.cloud.client("s3").get_object(Bucket=bucket or self.lake, Key=key)["Body"].read()

    def summary(self, name):
        return json.loads(self.object(f"summary/{name}.json"))

    def etags(self, prefix):
        """What the lake has below a prefix, and in what state."""
        pages = self.cloud.client("s3").get_paginator("list_objects_v2").paginate(Bucket=self.lake, Prefix=prefix)
        return {one["Key"]: one["ETag"] for page in pages for one in page.get("Contents", [])}

    def rejected(self, table):
        """The rejected rows of a table, by line."""
        lines = self.object(f"rejected/{table}/{table}.jsonl").decode().split("\n")
        return {row["line"]: row for row in map(json.loads, filter(None, lines))}

    def rows(self, sql, **parameters):
        return self.cluster.query(self.database, sql, **parameters)


@pytest.fixture(scope="session")
def deploy(cloud, cluster):
    """Makes deployments."""
    return lambda: Deployment(cloud, cluster)


def generate(directory, *arguments):
    """Run the generator as a program; answers what it says cannot be valid."""
    subprocess.run([sys.executable, ASSETS / "generate.py", "--out", directory, *map(str, arguments)], check=True,
                   capture_output=True, text=True, timeout=60)
    return json.loads((directory / "spoilt.json").read_text())
