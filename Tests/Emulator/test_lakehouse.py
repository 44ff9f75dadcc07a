"""The example stack, whole, against an emulator that checks signatures, and what boto3 does behind its back."""

import json
import re

STACK = "lakehouse"


def changes(slipway):
    """The operations of a plan, as (address, action, changed properties)."""
    lines = slipway.run("plan", STACK, "--json").stdout.splitlines()
    found = []
    for line in lines:
        event = json.loads(line)
        if event["type"] == "operation":
            paths = sorted(change["path"] for change in event.get("changes", []))
            found.append((event["address"], event["action"], paths))
    return found


def outputs(slipway):
    return json.loads(slipway.run("outputs", STACK, "--json").stdout.splitlines()[-1])


def test_the_whole_life_of_a_stack(slipway, emulator):
    assert slipway.run("plan", STACK, "--detailed-exitcode", expect=2)
    slipway.run("apply", STACK, "--yes")
    again = slipway.run("plan", STACK, "--detailed-exitcode", expect=0)
    assert "No changes" in again.stdout

    state = json.loads(slipway.run("state", "pull", STACK).stdout)
    rows = {row["address"]: row for row in state["resources"]}
    job = next(row["identity"] for row in rows.values() if row["kind"] == "AWS::Glue::Job")
    role = next(row["identity"] for row in rows.values() if row["kind"] == "AWS::IAM::Role")
    address = {row["identity"]: row["address"] for row in rows.values()}

    # One attribute, changed behind its back: that attribute and nothing else.
    iam = emulator.client("iam")
    iam.update_role(RoleName=role, Description="somebody else's words", MaxSessionDuration=7200)
    drift = slipway.run("drift", STACK, expect=2)
    assert address[role] in drift.stdout
    slipway.run("apply", STACK, "--yes")
    slipway.run("plan", STACK, "--detailed-exitcode", expect=0)

    # A resource, deleted behind its back: created again, and nothing else.
    emulator.client("glue").delete_job(JobName=job)
    plan = slipway.run("plan", STACK, "--detailed-exitcode", expect=2)
    assert re.search(rf"{address[job]}\b", plan.stdout)
    slipway.run("apply", STACK, "--yes")
    slipway.run("plan", STACK, "--detailed-exitcode", expect=0)

    slipway.run("destroy", STACK, "--yes")
    for row in rows.values():
        if row["kind"] == "AWS::S3::Bucket":
            assert row["identity"] not in [b["Name"] for b in emulator.client("s3").list_buckets()["Buckets"]]
    jobs = emulator.client("glue").get_jobs()["Jobs"]
    assert not [found for found in jobs if found["Name"] in address]
    roles = iam.list_roles()["Roles"]
    assert not [found for found in roles if found["RoleName"] in address]


def test_a_foreign_bucket_is_left_untouched(slipway, emulator):
    plan = slipway.run("plan", STACK, "--json", "--env", "taken")
    name = re.search(r'"identity": ?"(lakehouse-taken-lake[^"]*)"', plan.stdout).group(1)
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket=name, Key="theirs.txt", Body=b"theirs")
    result = slipway.run("apply", STACK, "--env", "taken", "--yes", expect=5)
    assert name in result.stderr
    assert s3.get_object(Bucket=name, Key="theirs.txt")["Body"].read() == b"theirs"
    assert not [r for r in emulator.client("iam").list_roles()["Roles"] if "-taken-" in r["RoleName"]]


def test_a_wrong_secret_key_is_refused(slipway):
    result = slipway.run("plan", STACK, expect=4, AWS_SECRET_ACCESS_KEY="wrong")
    assert "hint:" in result.stderr


def test_a_server_that_is_not_there_is_named(slipway):
    result = slipway.run("plan", STACK, expect=1, AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert "http://127.0.0.1:9" in result.stderr
