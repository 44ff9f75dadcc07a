"""What the stack declares is what the README says: jobs, modules, packages, arguments and permissions."""

import json
import os
import re
import subprocess

import pytest

from conftest import ADDITIONAL, ASSETS, DRIVERS, MODULES, ROOT, permissions
from tool import BINARY, STACK

README = (ASSETS / "README.md").read_text()

READ_BY_SCRIPT = {
    "transform": ["schema.sql"],
    "report": [f"answers/{file.name}" for file in ASSETS.glob("answers/*.sql")],
}
"""What a script reads from the code's bucket beside itself and its modules."""


def declared(*variables):
    """The stack's resources by address, without a call of AWS: all that it would look up is given."""
    given = [word for one in ("vpc=vpc-1", "subnets=subnet-1,subnet-2", *variables) for word in ("--var", one)]
    done = subprocess.run(
        [BINARY, "export", STACK, "--region", "eu-west-1", *given], cwd=ROOT, capture_output=True, text=True,
        timeout=60, env={**os.environ, "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"})
    assert done.returncode == 0, done.stderr
    return {one["address"]: one["properties"] for one in json.loads(done.stdout)["resources"]}


@pytest.fixture(scope="module")
def stack():
    return declared()


def plain(value):
    """A text of the stack's, with each reference as `{address.attribute}`."""
    parts = value["$text"] if isinstance(value, dict) else [value]
    return "".join(part if isinstance(part, str) else f"{{{part['$of']}.{part['$attribute']}}}" for part in parts)


def allowed(stack, role):
    """Every action of a role and what it is allowed on, in the words of the README."""
    return {
        (action, place(plain(resource)))
        for policy in stack[role]["Policies"].values()
        for statement in policy["Statement"]
        for action in statement["Action"]
        for resource in statement["Resource"]
    }


def place(resource):
    for begin, name in (
        ("{lake.Arn}/{code/", "CODE/{code/"),
        ("{lake.Arn}", "LAKE"), ("{origin.Arn}", "ORIGIN"), ("{warehouse.MasterPasswordSecretArn}", "SECRET"),
        ("{warehouse.Arn}", "CLUSTER"), ("arn:aws:logs:*:*:log-group:/aws-glue/*", "LOGS"),
    ):
        if resource.startswith(begin):
            resource = name + resource.removeprefix(begin)
            break
    return "CODE/*" if resource.startswith("CODE/") else resource


def said(job):
    """What the README allows a job without a condition."""
    return {
        (action, place)
        for line, actions, places in permissions() if line in (job, "all" if job != "COPY's" else "")
        for action in actions
        for place in places
    }


@pytest.mark.parametrize("job", MODULES)
def test_the_role_of_a_job_may_do_what_the_readme_says_and_nothing_else(stack, job):
    assert allowed(stack, f"{job}/role") == said(job)


def test_the_role_of_copy_may_do_what_the_readme_says_and_nothing_else(stack):
    assert allowed(stack, "copier") == said("COPY's")


@pytest.mark.parametrize("job", MODULES)
def test_a_job_may_read_its_own_code_and_no_other(stack, job):
    found = stack[f"{job}/role"]["Policies"]["code"]["Statement"]
    names = [re.fullmatch(r"\{lake\.Arn\}/\{(code/[\w-]+)\.Key\}", plain(one))[1] for one in found[0]["Resource"]]
    files = {stack[name]["Content"]["$asset"].removeprefix(f"{STACK}/") for name in names}
    assert len(found) == 1
    assert files == {f"{job}.py", *MODULES[job], *READ_BY_SCRIPT.get(job, [])}


@pytest.mark.parametrize("job", MODULES)
def test_a_job_is_declared_as_the_readme_says(stack, job):
    found = stack[f"{job}/job"]
    line = next(line for line in README.splitlines() if line.startswith(f"| {job} | "))
    command = {"Python shell": "pythonshell", "Spark": "glueetl"}[re.split(r" 3\.9|, Glue", line.split(" | ")[1])[0]]
    assert found["Command"]["Name"] == command
    assert found["Command"].get("PythonVersion") == ("3.9" if command == "pythonshell" else "3")
    assert found.get("GlueVersion") == ("5.0" if command == "glueetl" else None)
    assert stack[named(found["Command"]["ScriptLocation"])[0]]["Content"] == {"$asset": f"{STACK}/{job}.py"}
    modules = named(found["DefaultArguments"]["--extra-py-files"])
    assert [stack[name]["Content"]["$asset"].removeprefix(f"{STACK}/") for name in modules] == MODULES[job]
    assert found["DefaultArguments"].get("--additional-python-modules") == ADDITIONAL.get(job)


def named(value):
    """The addresses of the objects whose URIs are in a text."""
    return re.findall(r"\{([^{}]+)\.Uri\}", plain(value))


@pytest.mark.parametrize("job", MODULES)
def test_a_job_is_given_only_arguments_that_the_readme_names(stack, job):
    table = README.split("## Arguments")[1].split("\n## ")[0]
    known, current = set(), ""
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.split(" | ")]
        if line.startswith("| ") and len(cells) > 1:
            current = cells[0].strip("| ") or current
            known |= set(re.findall(r"--[\w-]+", cells[1])) if current == job else set()
    assert known
    assert set(stack[f"{job}/job"]["DefaultArguments"]) - {"--extra-py-files", "--additional-python-modules"} <= known


def test_all_scripts_bring_their_modules_in_the_same_way():
    """Nothing can be shared before it is there, so each script has these lines."""
    scripts = [(ASSETS / f"{job}.py").read_text() for job in MODULES if job != "transform"]
    form = re.compile(r"\nexcept ImportError:.*?sys\.path\.insert\(0, modules\)\n", re.DOTALL)
    lines = [form.search(text)[0] for text in scripts]
    assert len(lines) == 4 and len(set(lines)) == 1


@pytest.mark.parametrize("engine", DRIVERS)
def test_a_source_that_is_a_database_brings_the_driver_that_the_readme_names(engine):
    found = declared(f"source-users={engine}://secret/app.users")
    assert found["extract/job"]["DefaultArguments"]["--additional-python-modules"] == DRIVERS[engine]
    more = allowed(found, "extract/role") - said("extract")
    assert more == {("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:secret-??????")}


@pytest.mark.parametrize(("variables", "folder"), [
    ([], "generated"), (["data=files"], "given"), (["data=files", "fill=true"], "given"),
])
def test_extract_reads_where_generate_writes(variables, folder):
    found = declared(*variables)
    place = f"s3://{{origin.Name}}/{folder}/"
    assert plain(found["generate/job"]["DefaultArguments"]["--out"]) == place
    assert plain(found["extract/job"]["DefaultArguments"]["--origin"]) == place


def test_only_who_fills_in_what_is_missing_reads_the_origin():
    more = {("s3:GetObject", "ORIGIN/*"), ("s3:ListBucket", "ORIGIN")}
    assert allowed(declared("data=files", "fill=true"), "generate/role") - said("generate") == more
    assert allowed(declared("data=files"), "generate/role") == said("generate")


def test_another_bucket_as_a_source_may_be_read_and_listed():
    found = declared("source-users=s3://other/users.csv")
    assert allowed(found, "extract/role") - said("extract") == {
        ("s3:GetObject", "arn:aws:s3:::other/*"), ("s3:ListBucket", "arn:aws:s3:::other")}
