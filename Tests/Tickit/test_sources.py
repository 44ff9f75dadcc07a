"""Tables that come from elsewhere: databases, other buckets, other formats. What comes out is the same."""

import csv
import gzip
import io
import json
import time
from xml.sax.saxutils import escape

import psycopg
import pymysql
import pytest

from conftest import DRIVERS, generate, unique, wait_for
from oracle import FILES, Oracle

PASSWORD = "Secret123!"

USERS = ("userid integer primary key, username char(8), firstname varchar(30), lastname varchar(30), city varchar(30), "
         "state char(2), email varchar(100), phone char(14), " + ", ".join(f"{name} {{flag}}" for name in (
             "likesports liketheatre likeconcerts likejazz likeclassical likeopera likerock likevegas likebroadway "
             "likemusicals").split()))
LISTING = ("listid integer primary key, sellerid integer, eventid integer, dateid smallint, numtickets smallint, "
           "priceperticket decimal(8, 2), totalprice decimal(8, 2), listtime {time}")


class Sources:
    """A data set without spoilt rows, and a deployment."""

    def __init__(self, cloud, deployment, directory):
        generate(directory, "--scale", 0.01, "--spoil", 0)
        self.cloud, self.deployment, self.directory = cloud, deployment, directory
        self.other = cloud.bucket()

        deployment.upload(directory)
        self.instances = []

    def extract(self, **arguments):
        """Run the job with the drivers that the README names; answers the run."""
        return self.deployment.succeed("extract", **self.drivers, **arguments)

    @property
    def drivers(self):
        return {"additional_python_modules": f"{DRIVERS['postgresql']},{DRIVERS['mysql']}"}

    def rows(self, table):
        delimiter = "\t" if table == "sales" else "|"
        lines = (self.directory / FILES[table]).read_text().splitlines()
        return [[None if field in ("", "\\N") else field for field in line.split(delimiter)] for line in lines]

    def put(self, key, data):
        data = data if isinstance(data, bytes) else data.encode()
        self.cloud.client("s3").put_object(Bucket=self.other, Key=key, Body=data)
        return f"s3://{self.other}/{key}"

    def database(self, engine):
        """A new instance; answers its secret and a function that runs statements."""
        rds, name = self.cloud.client("rds"), unique("db")
        rds.create_db_instance(DBInstanceIdentifier=name, Engine=engine, DBInstanceClass="db.t3.micro", DBName="tickit",
                               AllocatedStorage=20, MasterUsername="boss", MasterUserPassword=PASSWORD)
        self.instances.append(name)
        found = wait_for(lambda: (one := rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0])[
            "DBInstanceStatus"] == "available" and one)["Endpoint"]
        place = {"host": found["Address"], "port": found["Port"], "user": "boss", "password": PASSWORD}
        secret = self.cloud.secret(host=found["Address"], port=found["Port"], username="boss", password=PASSWORD,
                                   dbname="tickit")
        if engine == "postgres":
            return secret, psycopg.connect(**place, dbname="tickit", autocommit=True)
        return secret, pymysql.connect(**place, database="tickit", autocommit=True)

    def permit(self, *secrets):
        """Let the job read the other bucket and these secrets, as the README says for such sources."""
        bucket = f"arn:aws:s3:::{self.other}"
        more = [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{bucket}/*"},
                {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": bucket}]
        more += [{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": one} for one in secrets]
        self.cloud.allow(self.deployment.roles["extract"], [*self.deployment.statements("extract"), *more])

    def raw(self, table):
        """The raw rows, without the numbers of their lines."""
        text = self.deployment.object(f"raw/{table}/{table}.csv").decode()
        return [row[1:] for row in csv.reader(io.StringIO(text, newline=""))][1:]


@pytest.fixture(scope="module")
def sources(cloud, deploy, tmp_path_factory):
    made = Sources(cloud, deploy(), tmp_path_factory.mktemp("sources"))
    yield made
    for name in made.instances:
        cloud.client("rds").delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True)


@pytest.fixture(scope="module")
def postgres(sources):
    secret, connection = sources.database("postgres")
    connection.execute("create schema app")
    connection.execute(f"create table app.users ({USERS.format(flag='boolean')})")
    rows = sources.rows("users")
    with connection.cursor() as cursor:
        cursor.executemany(f"insert into app.users values ({', '.join(['%s'] * 18)})", rows)
    connection.close()
    return secret


@pytest.fixture(scope="module")
def mysql(sources):
    secret, connection = sources.database("mysql")
    with connection.cursor() as cursor:
        cursor.execute(f"create table listing ({LISTING.format(time='datetime')})")
        cursor.executemany(f"insert into listing values ({', '.join(['%s'] * 8)})", sources.rows("listing"))
        cursor.execute("create table kinds (catid integer primary key, catgroup varchar(10), catname varchar(10), "
                       "catdesc varchar(50))")
        cursor.executemany("insert into kinds values (%s, %s, %s, %s)", [
            *sources.rows("category"), ["90", "Shows", "Pl\0ays", None]])
        cursor.execute("create table empty_sales (salesid integer primary key, listid integer)")
    connection.close()
    return secret


def test_every_kind_of_source_brings_the_same_rows(sources, postgres, mysql):
    deployment = sources.deployment
    deployment.succeed("extract")
    expected = {table: sources.raw(table) for table in FILES}
    headers = {table: deployment.object(f"raw/{table}/{table}.csv").decode().split("\n")[0] for table in FILES}
    names = {table: header.split(",")[1:-2] for table, header in headers.items()}
    objects = [dict(zip(names["category"], row)) for row in sources.rows("category")]
    days = "".join(
        f"<day>{''.join(f'<{name}>{escape(field)}</{name}>' for name, field in zip(names['date'], row))}</day>"
        for row in sources.rows("date"))
    venues = "".join(f"{','.join(field or '' for field in row)}\n" for row in sources.rows("venue"))
    events = "".join("\t".join(field or "\\N" for field in row) + "\r\n" for row in sources.rows("event"))
    sales = (sources.directory / FILES["sales"]).read_bytes().split(b"\r\n")[:-1]
    sources.put("sales/2_tab.txt", b"\n".join(sales[800:]))
    sources.put("sales/1_tab.txt", b"\n".join(sales[:800]) + b"\n")
    sources.put("sales/_SUCCESS", b"")
    sources.permit(postgres, mysql)
    run = sources.extract(
        source_users=f"postgresql://{postgres}/app.users",
        source_listing=f"mysql://{mysql}/listing",
        source_category=sources.put("category.jsonl", "\n".join(map(json.dumps, objects))),
        source_date=sources.put("days.xml", f"<?xml version='1.0'?><days>{days}</days>"),
        source_venue=sources.put("v.csv.gz", gzip.compress(f"{','.join(names['venue'])}\n{venues}".encode())),
        source_event=sources.put("events", events) + "?format=tsv",
        source_sales=f"s3://{sources.other}/sales/",
    )
    for table in ("category", "date", "venue", "event", "sales"):
        assert sources.raw(table) == expected[table], table
    for table in ("users", "listing"):
        assert [row[0] for row in sources.raw(table)] == [row[0] for row in expected[table]]
    log = deployment.log("extract", run)
    for engine, module in (("postgresql", "psycopg"), ("mysql", "pymysql")):
        assert f"{engine}:// is read by {module} {DRIVERS[engine].partition('==')[2]}" in log
    summary = deployment.summary("extract")["tables"]
    assert summary["sales"]["objects"] == [
        {"key": "sales/1_tab.txt", "lines_before": 0}, {"key": "sales/2_tab.txt", "lines_before": 800}]
    deployment.succeed("validate")
    oracle = Oracle(sources.directory)
    found = deployment.summary("validate")["tables"]
    assert {table: one["valid"] for table, one in found.items()} == {table: oracle.count(table) for table in FILES}
    assert all(one["rejected"] == 0 for one in found.values())


def test_values_of_a_database_become_what_they_are_in_the_files(sources, postgres, mysql):
    sources.permit(postgres, mysql)
    sources.extract(source_users=f"postgresql://{postgres}/app.users", source_listing=f"mysql://{mysql}/listing")
    users = [[field or "" for field in row] for row in sources.rows("users")]
    assert [row[:-2] for row in sources.raw("users")] == users
    listing = [[*row[:5], f"{row[5]}.00", f"{row[6]}.00", row[7]] for row in sources.rows("listing")]
    assert [row[:-2] for row in sources.raw("listing")] == listing


def test_a_row_of_a_database_with_a_nul_is_kept_and_rejected(sources, mysql):
    sources.permit(mysql)
    sources.extract(source_category=f"mysql://{mysql}/kinds")
    whole = json.dumps({"catid": "90", "catgroup": "Shows", "catname": "Pl\0ays", "catdesc": None})
    assert "\0" not in whole
    assert sources.raw("category")[-1] == ["", "", "", "", "a NUL character", whole]
    assert sources.deployment.summary("extract")["tables"]["category"]["malformed"] == 1
    sources.deployment.succeed("validate")
    assert sources.deployment.rejected("category") == {
        12: {"line": 12, "reasons": ["a NUL character"], "row": {"whole": whole}}}


def test_a_database_that_cannot_be_read_says_why_and_nothing_changes(sources, postgres, mysql):
    deployment = sources.deployment
    before = deployment.etags("")
    values = json.loads(sources.cloud.client("secretsmanager").get_secret_value(SecretId=postgres)["SecretString"])
    wrong = sources.cloud.secret(**{**values, "password": "Wrong12345"})
    lacking = sources.cloud.secret(host="h", username="u")
    sources.permit(postgres, mysql, wrong, lacking)
    said = deployment.fail(
        "extract", **sources.drivers, source_users=f"postgresql://{wrong}/app.users",
        source_listing=f"mysql://{mysql}/no_such_table", source_sales=f"mysql://{mysql}/empty_sales",
        source_event=f"postgresql://{lacking}/event")
    assert f"users: postgresql://{wrong}/app.users: " in said and "password authentication failed" in said
    assert "no_such_table" in said
    assert "has no column sellerid, buyerid" in said
    assert "the secret has no password" in said
    assert "Wrong12345" not in said and PASSWORD not in said
    assert deployment.etags("") == before


def test_generate_makes_in_the_origin_only_what_is_missing_there_and_extract_reads_it(sources):
    deployment, s3 = sources.deployment, sources.cloud.client("s3")
    address, origin = f"s3://{deployment.origin}/given", f"arn:aws:s3:::{deployment.origin}"
    given = [table for table in FILES if table not in ("users", "sales")]
    for table in given:
        s3.upload_file(str(sources.directory / FILES[table]), deployment.origin, f"given/{FILES[table]}")

    def written():
        found = s3.list_objects_v2(Bucket=deployment.origin, Prefix="given/")["Contents"]
        return {one["Key"]: one["LastModified"] for one in found}

    before = written()
    sources.cloud.allow(deployment.roles["generate"], [
        *deployment.statements("generate"),
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{origin}/given/*"},
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": origin}])
    time.sleep(1.1)  # S3 tells times to the second
    run = deployment.succeed("generate", out=f"{address}/", beside=address, scale=0.01, spoil=5)
    after = written()
    assert {key: after[key] for key in before} == before
    assert after.keys() - before.keys() == {"given/allusers_pipe.txt", "given/sales_tab.txt", "given/spoilt.json"}
    log = deployment.log("generate", run)
    assert {line.split(":")[0] for line in log if line.endswith("rows, as given")} == {FILES[table] for table in given}
    assert {line.split(":")[0] for line in log if line.endswith("rows, made")} == {FILES["users"], FILES["sales"]}
    deployment.succeed("extract", origin=f"{address}/")
    found = deployment.summary("extract")["tables"]
    assert {one["source"] for one in found.values()} == {f"{address}/{name}" for name in FILES.values()}
    assert found["users"]["rows"] == 500 and found["sales"]["rows"] > 1_000
    assert json.loads(deployment.object("given/spoilt.json", deployment.origin))["given"] == sorted(given)


def test_a_secret_that_may_not_be_read_is_named(sources, postgres):
    sources.permit()
    said = sources.deployment.fail(
        "extract", source_users=f"postgresql://{postgres}/app.users", additional_python_modules=DRIVERS["postgresql"])
    assert "secretsmanager:GetSecretValue" in said and "AccessDenied" in said


def test_sqlserver_needs_its_driver(sources):
    said = sources.deployment.fail("extract", source_users="sqlserver://secret/dbo.users")
    assert "--additional-python-modules pymssql" in said
