"""The stack, whole, by the tool: brought up, killed, spoilt and taken down on a local AWS."""

import json
from decimal import Decimal

import pytest

from conftest import REAL, ROOT, generate, wait_for
from oracle import SELLER_STATES, TOP_SELLERS, VENUE_STATES, Oracle
from tool import STACK, Tool, outcome, rows

JOBS = ("generate", "extract", "validate", "transform", "report")
TABLES = ("dim_date", "dim_user", "dim_venue", "dim_category", "dim_event", "fact_listing", "fact_sales",
          "consolidated_sales")


@pytest.fixture
def tool(tmp_path):
    tool = Tool(tmp_path, "scale=0.02", "spoil=30")
    yield tool
    tool.run("local reset --yes")


def counts(tool):
    """Rows of each table of the warehouse."""
    data = tool.client("redshift-data")
    cluster = tool.client("redshift").describe_clusters()["Clusters"][0]
    found = {}
    for table in TABLES:
        sent = data.execute_statement(
            ClusterIdentifier=cluster["ClusterIdentifier"], Database="tickit",
            SecretArn=cluster["MasterPasswordSecretArn"], Sql=f"select count(*) from {table}")
        wait_for(lambda id=sent["Id"]: data.describe_statement(Id=id)["Status"] == "FINISHED")
        found[table] = data.get_statement_result(Id=sent["Id"])["Records"][0][0]["longValue"]
    return found


def origin(tool, prefix, directory):
    """The files that the tables come from, in a directory."""
    directory.mkdir()
    s3 = tool.client("s3")
    bucket = next(name for name in tool.inventory()["buckets"] if "-origin-" in name)
    for item in s3.list_objects_v2(Bucket=bucket, Prefix=f"{prefix}/")["Contents"]:
        s3.download_file(bucket, item["Key"], str(directory / item["Key"].rpartition("/")[2]))
    return directory


def rest(tool, status):
    """Wait until the cluster is at rest in this state."""
    redshift = tool.client("redshift")
    wait_for(lambda: redshift.describe_clusters()["Clusters"][0]["ClusterStatus"] == status)


def check_answers(events, oracle):
    year = {"year": 2008}
    sellers = [(row[0], row[5], Decimal(str(row[6]))) for row in rows(events, "top-sellers")]
    assert sellers == [(row[0], row[1], row[2]) for row in oracle.rows(TOP_SELLERS, **year)]
    venues = {(row[0], row[1], row[2], Decimal(str(row[3]))) for row in rows(events, "sales-by-state")}
    assert venues == {
        (state, sales, tickets, paid) for state, paid, tickets, sales in oracle.rows(VENUE_STATES, **year)}
    states = {
        (row[0], row[1], Decimal(str(row[2])), Decimal(str(row[3]))) for row in rows(events, "commission-by-state")}
    assert states == {
        (state, sellers, paid, commission) for state, commission, paid, sellers in oracle.rows(SELLER_STATES, **year)}


def test_up_answers_up_again_changes_nothing_and_down_leaves_nothing(tool, tmp_path):
    tool.run("local up")
    before = tool.inventory()
    first = tool.up()
    assert next(event for event in first if event["type"] == "plan")["create"] > 0
    oracle = Oracle(origin(tool, "generated", tmp_path / "source"))
    tables = tool.client("glue").get_tables(DatabaseName=tool.inventory()["databases"][0])["TableList"]
    assert {table["Name"] for table in tables} == {
        f"{tier}_{table}" for tier in ("raw", "validated")
        for table in ("users", "venue", "category", "date", "event", "listing", "sales")}
    check_answers(first, oracle)
    report = tmp_path / ".slipway" / "reports"
    pages = list(report.rglob("*.html"))
    assert len(pages) == 1 and "<svg" in pages[0].read_text()
    loaded = counts(tool)

    again = tool.up()
    assert next(event for event in again if event["type"] == "plan")["changes"] is False
    check_answers(again, oracle)
    assert counts(tool) == loaded
    assert tool.runs() == dict.fromkeys(JOBS, 2)
    tool.run(f"plan {STACK} --local --detailed-exitcode", *tool.variables)
    tool.run(f"drift {STACK} --local")

    tool.run(f"down {STACK} --local --yes")
    assert tool.inventory() == before


def test_a_kill_while_anything_is_at_work_loses_nothing_and_repeats_nothing(tool):
    """One `up` after the other, each killed at another moment, and the last one left alone."""
    made = 0

    def resource(event):
        nonlocal made
        made += event["type"] == "ended"
        return made == 7

    def begun(task):
        return lambda event: event["type"] == "task" and event["task"] == task

    def at_work(task):
        return lambda event: event["type"] == "progress" and event["task"] == task

    assert tool.up_until(resource)
    assert tool.up_until(lambda event: event["type"] == "waiting" and event["address"] == "warehouse")
    beside = {"catalogue-raw", "catalogue-validated", "top-sellers", "sales-by-state", "commission-by-state", "report"}
    hit = set()
    for task in ("data", "extract", "catalogue-raw", "validate", "catalogue-validated", "load", "check", "top-sellers",
                 "sales-by-state", "commission-by-state", "report"):
        for moment in (begun(task), at_work(task)):
            # What goes on beside another task may be over when that is killed; nothing is ever done twice for it.
            if tool.up_until(moment):
                hit.add(task)
            else:
                assert task in beside
    assert hit >= {"data", "extract", "validate", "load", "check"}
    assert hit & {"catalogue-raw", "catalogue-validated"} and hit & {"top-sellers", "sales-by-state", "report"}
    last = tool.up()
    assert next(event for event in last if event["type"] == "ran")["outcome"] == "succeeded"
    assert tool.runs() == dict.fromkeys(JOBS, 1)
    glue = tool.client("glue")
    crawlers = glue.list_crawlers()["CrawlerNames"]
    assert [len(glue.list_crawls(CrawlerName=name)["Crawls"]) for name in crawlers] == [1, 1]
    clean = counts(tool)
    tool.up("--fresh")
    assert counts(tool) == clean


def test_what_goes_wrong_is_told_with_exit_8_and_leaves_the_warehouse_as_it_was(tool, tmp_path):
    tool.up()
    loaded = counts(tool)

    # Too many rows are wrong.
    events = tool.up("--var", "max-rejects=0", expect=8)
    assert "reject" in outcome(events, "validate")["message"]
    assert counts(tool) == loaded

    # A role lacks a permission: the statement that grants it, and where it belongs.
    iam = tool.client("iam")
    role = next(name for name in tool.inventory()["roles"] if "-extract-role-" in name)
    iam.delete_role_policy(RoleName=role, PolicyName="work")
    events = tool.run(f"run {STACK} --local --fresh", *tool.variables, expect=8)
    told = outcome(events, "extract")
    assert any('.allow("s3:' in hint and "stacks/tickit-warehouse/" in hint for hint in told["hints"]), told
    assert counts(tool) == loaded

    # The cluster rests.
    redshift = tool.client("redshift")
    cluster = redshift.describe_clusters()["Clusters"][0]["ClusterIdentifier"]
    redshift.pause_cluster(ClusterIdentifier=cluster)
    rest(tool, "paused")
    events = tool.run(f"run {STACK} --local --only check", *tool.variables, expect=8)
    assert "paused" in outcome(events, "check")["message"]
    redshift.resume_cluster(ClusterIdentifier=cluster)
    # The password in the secret is not the user's.
    rest(tool, "available")
    secrets = tool.client("secretsmanager")
    secret = redshift.describe_clusters()["Clusters"][0]["MasterPasswordSecretArn"]
    good = secrets.get_secret_value(SecretId=secret)["SecretString"]
    secrets.put_secret_value(SecretId=secret, SecretString=json.dumps(json.loads(good) | {"password": "Wrong-1234"}))
    events = tool.run(f"run {STACK} --local --only check", *tool.variables, expect=8)
    assert "password" in outcome(events, "check")["message"]
    secrets.put_secret_value(SecretId=secret, SecretString=good)

    # An apply brings the role and the cluster back to what is declared, and the pipeline goes on.
    tool.up()
    assert counts(tool) == loaded

    # A file is missing, then has another delimiter.
    data = tmp_path / "data"
    generate(data, "--scale", "0.02", "--seed", "7")
    (data / "sales_tab.txt").unlink()
    given = ["--var", f"data={data}"]
    events = tool.up(*given, expect=8)
    assert "sales_tab.txt" in outcome(events, "extract")["message"]
    text = (data / "venue_pipe.txt").read_text()
    (data / "venue_pipe.txt").write_text(text.replace("|", ";"))
    events = tool.up(*given, expect=8)
    assert "venue" in outcome(events, "extract")["message"]
    assert counts(tool) == loaded


def test_a_directory_of_files_is_uploaded_and_answered(tool, tmp_path):
    data = tmp_path / "data"
    generate(data, "--scale", "0.02", "--seed", "11", "--spoil", "20")
    events = tool.up("--var", f"data={data}")
    check_answers(events, Oracle(data))
    assert next(event for event in events if event["type"] == "task" and event["task"] == "data")["kind"] == "Upload"


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not on this machine")
def test_real_files_are_answered_together_with_what_is_generated_to_fit_them(tool, tmp_path):
    events = tool.up("--var", f"data={REAL}", "--var", "fill=true")
    oracle = Oracle(origin(tool, "given", tmp_path / "source"))
    check_answers(events, oracle)
    assert counts(tool)["dim_category"] == 11
    assert oracle.rejected("event"), "events whose venue is missing"


def test_every_file_of_the_jobs_is_code_of_the_stack():
    declared = (ROOT / "stacks" / "tickit-warehouse").glob("*.swift")
    words = "".join(path.read_text() for path in declared)
    assets = ROOT / "assets" / "tickit-warehouse"
    files = [str(path.relative_to(assets)) for ending in ("py", "sql") for path in assets.rglob(f"*.{ending}")]
    assert [name for name in files if f'"{name}"' not in words] == []
