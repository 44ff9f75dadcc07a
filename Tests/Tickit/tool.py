"""The tool's binary in a folder of its own, with a local AWS of its own."""

import json
import os
import signal
import subprocess

import boto3

from conftest import ROOT

STACK = "tickit-warehouse"
BINARY = os.environ.get("SLIPWAY_BINARY", str(ROOT / ".build" / "debug" / "slipway"))


class Tool:
    def __init__(self, folder, *variables):
        self.folder = folder
        self.variables = [word for variable in variables for word in ("--var", variable)]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        self.environment = kept | {
            "HOME": str(folder), "SLIPWAY_LOCAL": str(folder / "aws"),
            "SLIPWAY_CACHE": str(ROOT / ".cache" / "localcloud")}
        self.clients = {}

    def run(self, command, *arguments, expect=0):
        """The events of one command."""
        done = subprocess.run(
            [BINARY, *command.split(), *arguments, "--json"], cwd=self.folder, env=self.environment, text=True,
            capture_output=True, stdin=subprocess.DEVNULL, timeout=900)
        assert done.returncode == expect, f"exit {done.returncode}\n{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def up(self, *arguments, expect=0):
        return self.run(f"up {STACK} --local --yes", *self.variables, *arguments, expect=expect)

    def up_until(self, is_time):
        """Begin an `up` and kill it at the first event of which `is_time` says so; whether there was one."""
        process = subprocess.Popen(
            [BINARY, "up", STACK, "--local", "--yes", "--json", *self.variables], cwd=self.folder, env=self.environment,
            text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        found = False
        for line in process.stdout:
            if line.startswith("{") and is_time(json.loads(line)):
                found = True
                process.send_signal(signal.SIGKILL)
                break
        process.stdout.close()
        process.wait(timeout=60)
        return found

    def client(self, service):
        if service not in self.clients:
            variables = next(event for event in self.run("local env") if event["type"] == "variables")
            self.clients[service] = boto3.client(
                service, endpoint_url=variables["AWS_ENDPOINT_URL"], region_name=variables["AWS_REGION"],
                aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"])
        return self.clients[service]

    def inventory(self):
        """Everything that exists in the account, by service, but the log groups that Glue keeps for all its jobs."""
        def names(service, operation, key, name, **given):
            pages = getattr(self.client(service), operation)(**given)[key]
            return [item if name is None else item[name] for item in pages]

        groups = names("logs", "describe_log_groups", "logGroups", "logGroupName")
        return {
            "buckets": names("s3", "list_buckets", "Buckets", "Name"),
            "roles": names("iam", "list_roles", "Roles", "RoleName"),
            "policies": names("iam", "list_policies", "Policies", "Arn", Scope="Local"),
            "databases": names("glue", "get_databases", "DatabaseList", "Name"),
            "crawlers": names("glue", "list_crawlers", "CrawlerNames", None),
            "jobs": names("glue", "list_jobs", "JobNames", None),
            "triggers": names("glue", "list_triggers", "TriggerNames", None),
            "connections": names("glue", "get_connections", "ConnectionList", "Name"),
            "clusters": names("redshift", "describe_clusters", "Clusters", "ClusterIdentifier"),
            "snapshots": names("redshift", "describe_cluster_snapshots", "Snapshots", "SnapshotIdentifier"),
            "subnet groups": names(
                "redshift", "describe_cluster_subnet_groups", "ClusterSubnetGroups", "ClusterSubnetGroupName"),
            "parameter groups": names(
                "redshift", "describe_cluster_parameter_groups", "ParameterGroups", "ParameterGroupName"),
            "secrets": names("secretsmanager", "list_secrets", "SecretList", "Name", IncludePlannedDeletion=True),
            "security groups": names("ec2", "describe_security_groups", "SecurityGroups", "GroupName"),
            "log groups": [group for group in groups if not group.startswith("/aws-glue/")],
            "tagged": [
                item["ResourceARN"]
                for item in self.client("resourcegroupstaggingapi").get_resources()["ResourceTagMappingList"]],
        }

    def runs(self):
        """How many runs each job had, by the job's address."""
        glue = self.client("glue")
        return {
            name.removeprefix(f"{STACK}-dev-").removesuffix("-job"): len(glue.get_job_runs(JobName=name)["JobRuns"])
            for name in glue.list_jobs()["JobNames"]}


def rows(events, task):
    """What a query answered, as tuples."""
    found = next(event for event in events if event["type"] == "rows" and event["task"] == task)
    return [tuple(row) for row in found["rows"]]


def outcome(events, task):
    return next(event for event in events if event["type"] == "taskEnded" and event["task"] == task)
