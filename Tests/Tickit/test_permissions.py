"""Least privilege: with what the README says each job works, and with one action less on one resource it does not."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import ASSETS, MODULES, permissions, unique

JOBS = ("generate", "extract", "validate", "transform", "report")

CASES = [
    (job, action, place)
    for line, actions, places in permissions()
    for job in (JOBS if line == "all" else [line])
    for action in actions
    for place in places
    # A job whose logs are refused goes on without them; COPY lists nothing where a manifest names the files; report
    # goes on without summaries (below).
    if place != "LOGS" and (job, action) != ("COPY's", "s3:ListBucket") and (job, place) != ("report", "LAKE/summary/*")
]


@pytest.fixture(scope="module")
def whole(deploy):
    """The chain, run once from generated data to the report with the permissions of the README."""
    deployment = deploy()
    for job in JOBS:
        if job == "extract":
            s3, name = deployment.cloud.client("s3"), "category_pipe.txt"
            s3.copy_object(Bucket=deployment.origin, Key=f"copies/{name}", CopySource=f"{deployment.origin}/{name}")
        deployment.succeed(job, **arguments(deployment, job))
    return deployment


def arguments(deployment, job):
    return {
        "generate": {"scale": 0.002, "spoil": 9},
        "extract": {"source_category": f"s3://{deployment.origin}/copies/"},  # a prefix, so that a listing is needed
    }.get(job, {})


@pytest.fixture(scope="module")
def refusals(whole):
    """What each job says with each permission taken away. Spark jobs write to the same place: one at a time."""
    spark = threading.Lock()

    def run(case):
        job, action, place = case
        if job == "COPY's":
            role = whole.cloud.role("redshift.amazonaws.com", whole.statements(job, (action, place)))
            whole.cluster.redshift.modify_cluster_iam_roles(ClusterIdentifier=whole.cluster.name, AddIamRoles=[role])
            with spark:
                return whole.run("transform", copy_role=role)
        role = whole.cloud.role("glue.amazonaws.com", whole.statements(job, (action, place)))
        name = whole.make(job, role, unique(job))
        if job != "transform":
            return whole.run(job, name, **arguments(whole, job))
        with spark:
            return whole.run(job, name)

    with ThreadPoolExecutor(3) as pool:
        return dict(zip(CASES, pool.map(run, CASES)))


def test_the_readme_names_every_job():
    assert {job for job, *_ in CASES} == {*JOBS, "COPY's"}
    assert len(CASES) > 30


def test_with_all_permissions_the_chain_works(whole):
    assert whole.rows("select count(*) from fact_sales")[0][0] > 300
    assert b"<svg" in whole.object("reports/tickit.html")


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_without_one_permission_the_job_fails_with_the_error_of_aws(refusals, case):
    done = refusals[case]
    assert done["JobRunState"] == "FAILED", case
    said = done["ErrorMessage"]
    assert any(word in said for word in ("AccessDenied", "Access Denied", "Forbidden")), said


WITHOUT_MODULES = """
import glob, os, sys
removed = [os.remove(file) for folder in sys.path for file in glob.glob(f"{folder}/tickit_*.py")]
print(f"{len(removed)} modules taken away")
"""


@pytest.mark.parametrize("job", [job for job in JOBS if job != "transform"])
def test_a_script_whose_modules_are_not_on_its_path_brings_them_itself(whole, job):
    script = WITHOUT_MODULES + (ASSETS / f"{job}.py").read_text()
    whole.cloud.client("s3").put_object(Bucket=whole.code, Key=f"bare-{job}.py", Body=script.encode())
    name = whole.make(job, name=unique(job), script=f"bare-{job}")
    done = whole.run(job, name, **arguments(whole, job))
    assert done["JobRunState"] == "SUCCEEDED", done.get("ErrorMessage")
    assert f"{len(MODULES[job])} modules taken away" in whole.log(job, done)


def test_a_report_that_may_not_read_the_summaries_goes_on_and_says_so(whole):
    role = whole.cloud.role("glue.amazonaws.com", whole.statements("report", ("s3:GetObject", "LAKE/summary/*")))
    done = whole.run("report", whole.make("report", role, unique("report")))
    assert done["JobRunState"] == "SUCCEEDED", done.get("ErrorMessage")
    assert b"Nothing was validated." in whole.object("reports/tickit.html")
    lines = [line for line in whole.log("report", done) if line.startswith("going on without the summary of")]
    assert [line.split(": ")[0].split()[-1] for line in lines] == ["validate", "transform"]
    assert all("AccessDenied" in line for line in lines)


def test_a_copy_that_may_not_read_says_of_which_table_and_file(whole, refusals):
    said = refusals["COPY's", "s3:GetObject", "LAKE/curated/*"]["ErrorMessage"]
    assert "loading the staging tables" in said and "copy tickit_staging.dim_date" in said and "403" in said


def test_what_was_in_the_warehouse_is_still_there(whole, refusals):
    assert whole.rows("select count(*) from fact_sales")[0][0] > 300
    assert whole.rows("select count(*) from consolidated_sales") == whole.rows("select count(*) from fact_sales")
