"""From the sources to the report: what comes out is what the oracle says, and a failure leaves what was there."""

import re
from decimal import Decimal

import pytest

from conftest import ASSETS, REAL, generate, unique, wait_for
from oracle import FILES, SELLER_STATES, TOP_SELLERS, VENUE_STATES, Oracle

WAREHOUSE = {
    "dim_date": "date", "dim_user": "users", "dim_venue": "venue", "dim_category": "category", "dim_event": "event",
    "fact_listing": "listing", "fact_sales": "sales", "consolidated_sales": "sales",
}
"""Which valid rows each table of the warehouse has."""


class Run:
    """The chain over the files of a directory."""

    def __init__(self, deployment, directory, spoilt):
        self.deployment = deployment
        self.directory = directory
        self.spoilt = spoilt
        self.oracle = Oracle(directory)
        deployment.upload(directory)
        self.again()

    def again(self):
        for job in ("extract", "validate", "transform"):
            self.deployment.succeed(job, slipway_run_token="refresh-7")

    def answer(self, name):
        return self.deployment.rows((ASSETS / "answers" / f"{name}.sql").read_text(), year=2008)

    def counts(self):
        return {table: self.deployment.rows(f"select count(*) from {table}")[0][0] for table in WAREHOUSE}

    def check(self):
        """The answers, the counts and the rejected rows are the oracle's."""
        sellers = [(row[0], row[2], row[3], row[5], Decimal(row[6])) for row in self.answer("top-sellers")]
        wanted = self.oracle.rows(TOP_SELLERS, year=2008)
        assert sellers == [(key, name, city, tickets, paid) for key, tickets, paid, name, city in wanted]
        venues = {row[0]: (Decimal(row[3]), row[2], row[1]) for row in self.answer("sales-by-venue-state")}
        assert venues == {row[0]: row[1:] for row in self.oracle.rows(VENUE_STATES, year=2008)}
        states = {row[0]: (Decimal(row[3]), Decimal(row[2]), row[1]) for row in self.answer("commission-by-state")}
        assert states == {row[0]: row[1:] for row in self.oracle.rows(SELLER_STATES, year=2008)}
        assert self.counts() == {table: self.oracle.count(source) for table, source in WAREHOUSE.items()}
        for table in FILES:
            rejected = self.deployment.rejected(table)
            assert rejected.keys() == {row["line"] for row in self.spoilt["spoilt"] if row["table"] == table}
            assert rejected.keys() == self.oracle.rejected(table)
        for row in self.spoilt["spoilt"]:
            reasons = self.deployment.rejected(row["table"])[row["line"]]["reasons"]
            said = row["column"] or row["reason"]
            assert any(said in reason for reason in reasons), (row, reasons)


@pytest.fixture(scope="module")
def made(deploy, tmp_path_factory):
    """The chain over data that is all generated."""
    directory = tmp_path_factory.mktemp("made")
    return Run(deploy(), directory, generate(directory, "--scale", 0.02, "--spoil", 40))


def test_the_answers_and_the_rejected_rows_are_those_of_the_files(made):
    made.check()


def test_a_second_run_changes_no_count(made):
    before = made.counts(), made.deployment.summary("validate")["tables"], made.deployment.summary("extract")["tables"]
    answers = [made.answer(name) for name in ("top-sellers", "sales-by-venue-state", "commission-by-state")]
    made.again()
    after = made.counts(), made.deployment.summary("validate")["tables"], made.deployment.summary("extract")["tables"]
    assert after == before
    assert [made.answer(name) for name in ("top-sellers", "sales-by-venue-state", "commission-by-state")] == answers
    staged = "select count(*) from information_schema.tables where table_schema = 'tickit_staging'"
    assert made.deployment.rows(staged) == [(0,)]


def test_each_row_is_in_the_consolidated_table_with_all_that_is_known_of_it(made):
    found = made.deployment.rows("""
        select c.salesid, c.sellername, c.buyercity, c.eventname, c.venuename, c.catname, c.saleyear, c.saletime,
            c.pricepaid, c.listtime, c.starttime
        from consolidated_sales c order by c.salesid""")
    wanted = made.oracle.rows("""
        select salesid, s.firstname || ' ' || s.lastname, b.city, eventname, venuename, catname, year,
            strftime(saletime, '%Y-%m-%d %H:%M:%S'), cast(pricepaid as varchar),
            strftime(listtime, '%Y-%m-%d %H:%M:%S'), strftime(starttime, '%Y-%m-%d %H:%M:%S')
        from valid_sales join valid_users s on s.userid = sellerid join valid_users b on b.userid = buyerid
            join valid_event using (eventid) join valid_venue using (venueid) join valid_category using (catid)
            join valid_date on valid_date.dateid = valid_sales.dateid join valid_listing using (listid)
        order by salesid""")
    assert found == wanted


def test_listings_know_what_was_sold_of_them(made):
    found = made.deployment.rows("select listid, sales, ticketssold from fact_listing order by listid")
    wanted = made.oracle.rows("""
        select listid, count(salesid), cast(coalesce(sum(qtysold), 0) as int)
        from valid_listing left join valid_sales using (listid) group by listid order by listid""")
    assert found == wanted


def test_the_logs_have_the_counts(made):
    run = made.deployment.succeed("validate")
    lines = made.deployment.log("validate", run)
    valid = made.oracle.count("sales")
    assert f"sales: 3449 rows, {valid} valid, {3449 - valid} rejected" in lines


def test_the_summaries_name_the_run(made):
    made.deployment.succeed("validate", slipway_run_token="refresh-7")
    assert {made.deployment.summary(name)["run"] for name in ("extract", "validate", "transform")} == {"refresh-7"}


def test_raw_rows_keep_the_text_and_the_line(made):
    lines = made.deployment.object("raw/venue/venue.csv").decode().split("\n")
    first = (made.directory / FILES["venue"]).read_text().split("\n")[0].split("|")
    assert lines[0] == "line,venueid,venuename,venuecity,venuestate,venueseats,problem,whole"
    assert lines[1] == ",".join(["1", *first, "", ""])
    assert len(lines) == 204


def test_crawlers_find_one_table_in_each_folder(made):
    """Of the raw tier and of the validated one, with the names and types of the columns."""
    cloud, lake = made.deployment.cloud, made.deployment.lake
    glue, database = cloud.client("glue"), unique("catalogue")
    role = cloud.role("glue.amazonaws.com", [
        {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket", "glue:*", "logs:*"], "Resource": "*"}])
    glue.create_database(DatabaseInput={"Name": database})
    for tier in ("raw", "validated"):
        name = f"{lake}-{tier}"
        glue.create_crawler(Name=name, Role=role, DatabaseName=database, TablePrefix=f"{tier}_",
                            Targets={"S3Targets": [{"Path": f"s3://{lake}/{tier}/"}]})
        glue.start_crawler(Name=name)
        wait_for(lambda name=name: glue.get_crawler(Name=name)["Crawler"]["State"] == "READY")
        assert glue.get_crawler(Name=name)["Crawler"]["LastCrawl"]["Status"] == "SUCCEEDED"
    found = {table["Name"]: {column["Name"]: column["Type"] for column in table["StorageDescriptor"]["Columns"]}
             for table in glue.get_tables(DatabaseName=database)["TableList"]}
    assert found.keys() == {f"{tier}_{table}" for tier in ("raw", "validated") for table in FILES}
    raw = found["raw_listing"]
    assert list(raw) == ["line", *found["validated_listing"], "problem", "whole"]
    assert (raw["line"], raw["sellerid"], raw["listtime"]) == ("bigint", "bigint", "string")
    assert found["validated_listing"] == {
        "listid": "int", "sellerid": "int", "eventid": "int", "dateid": "smallint", "numtickets": "smallint",
        "priceperticket": "decimal(8,2)", "totalprice": "decimal(8,2)", "listtime": "timestamp"}


def test_the_report_has_the_answers_and_needs_no_other_file(made):
    made.deployment.succeed("report", slipway_run_token="refresh-7")
    page = made.deployment.object("reports/tickit.html").decode()
    assert not re.findall(r"(?:src|href)=[\"'](?!#)[^\"']*", re.sub(r'xlink:href="#', "", page))
    assert page.count("<svg") == 3
    for row in made.answer("top-sellers"):
        assert f"<td>{row[2]}</td>" in page and f">{row[5]}</td>" in page
    for row in made.answer("sales-by-venue-state"):
        assert f">${Decimal(row[3]):,.2f}</td>" in page
    for row in made.answer("commission-by-state"):
        assert f">${Decimal(row[3]):,.2f}</td>" in page
    assert "run refresh-7" in page
    rejected = sum(len(made.oracle.rejected(table)) for table in FILES)
    rows = sum(made.spoilt["rows"].values())
    sums = f'<td>all</td><td class="number">{rows:,}</td><td class="number">{rows - rejected:,}</td>'
    assert f'{sums}<td class="number">{rejected:,}</td>' in page
    names = re.findall(r'\bid="([^"]+)"', page)
    assert names and len(names) == len(set(names))
    assert all(re.fullmatch(r"[\w-]+", name) for name in names)
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', page)) <= set(names)


def test_a_year_without_sales_is_reported_as_such(made):
    made.deployment.succeed("report", year=1999)
    page = made.deployment.object("reports/tickit.html").decode()
    assert page.count("Nothing was sold in 1999.") == 2
    assert "<svg" not in page


@pytest.mark.skipif(not REAL.is_dir(), reason=f"the real files are not in {REAL}")
def test_the_answers_are_right_for_the_real_files_with_generated_ones(deploy, tmp_path):
    spoilt = generate(tmp_path, "--scale", 0.02, "--spoil", 40, "--beside", REAL)
    run = Run(deploy(), tmp_path, spoilt)
    run.check()
    assert len(run.deployment.rejected("event")) == 139


class TestFailures:
    """Each leaves the lake's tier and the warehouse as they were."""

    @pytest.fixture(autouse=True)
    def unchanged(self, made):
        before = made.counts(), made.answer("top-sellers")
        yield
        assert (made.counts(), made.answer("top-sellers")) == before

    @pytest.fixture
    def untouched(self, made):
        """Nothing of the lake changes."""
        before = made.deployment.etags("")
        yield
        assert made.deployment.etags("") == before

    def test_a_missing_file(self, made, untouched):
        said = made.deployment.fail("extract", source_sales="sales.txt", source_users="s3://no-such-bucket-of-ours/u.csv")
        assert f"sales: s3://{made.deployment.origin}/sales.txt does not exist; there are allevents_pipe.txt" in said
        assert "users: " in said

    def test_an_empty_file(self, made, untouched):
        made.deployment.cloud.client("s3").put_object(Bucket=made.deployment.origin, Key="none_pipe.txt", Body=b"")
        said = made.deployment.fail("extract", source_venue="none_pipe.txt")
        assert "none_pipe.txt: expected 5 columns of venueid and so on; the file is empty" in said

    def test_a_wrong_delimiter(self, made, untouched):
        text = (made.directory / FILES["listing"]).read_text().replace("|", ",")
        made.deployment.cloud.client("s3").put_object(
            Bucket=made.deployment.origin, Key="listings_pipe.txt.new_pipe.txt", Body=text.encode())
        said = made.deployment.fail("extract", source_listing="listings_pipe.txt.new_pipe.txt")
        assert "expected rows of 8 fields in the format pipe; 3850 of 3850 rows are not" in said
        assert "it looks like csv: say ?format=csv" in said

    def test_more_rejects_than_allowed(self, made, untouched):
        many = len(made.oracle.rejected("sales"))
        said = made.deployment.fail("validate", max_rejects=f"50%,sales={many - 1}")
        assert f"sales: {many} of 3449 rows are rejected, more than {many - 1}: " in said
        assert "the first is line" in said
        assert "listing:" not in said

    def test_as_many_rejects_as_allowed(self, made):
        limits = ",".join(f"{table}={len(made.oracle.rejected(table))}" for table in FILES)
        made.deployment.succeed("validate", max_rejects=limits)

    def test_a_threshold_that_makes_no_sense(self, made, untouched):
        assert "--max-rejects is like 10%" in made.deployment.fail("validate", max_rejects="sale=5%")

    def test_a_wrong_password(self, made, untouched):
        deployment = made.deployment
        wrong = deployment.cloud.secret(username="admin", password="Wrong12345")
        more = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": wrong}
        deployment.cloud.allow(deployment.roles["transform"], [*deployment.statements("transform"), more])
        said = deployment.fail("transform", secret=wrong)
        assert "password authentication failed" in said

    def test_a_secret_that_does_not_exist(self, made, untouched):
        said = made.deployment.fail("transform", secret=f"{made.deployment.secret}x")
        assert "secret" in said.lower()

    def test_a_database_that_does_not_exist(self, made, untouched):
        assert 'database "nowhere" does not exist' in made.deployment.fail("transform", database="nowhere")

    def test_a_role_that_redshift_may_not_use(self, made):
        other = made.deployment.cloud.role("redshift.amazonaws.com", made.deployment.statements("COPY's"))
        said = made.deployment.fail("transform", copy_role=other)
        assert "loading the staging tables" in said and "is not authorized to assume IAM Role" in said

    def test_a_schema_that_does_not_fit(self, made, untouched):
        key = "s3://" + made.deployment.code + "/other.sql"
        made.deployment.cloud.client("s3").put_object(
            Bucket=made.deployment.code, Key="other.sql", Body=b"create table if not exists dim_date (a int);")
        assert "has the tables dim_date; expected dim_date, dim_user" in made.deployment.fail("transform", schema=key)


def test_a_table_whose_columns_change_is_made_anew_and_a_view_of_another_stays(made):
    """After runs that failed, whose staging tables are still there."""
    deployment = made.deployment
    deployment.rows("create view sellers as select sellerid, count(*) as n from fact_sales group by sellerid")
    deployment.rows("grant select on dim_venue to public")
    schema = (ASSETS / "schema.sql").read_text().replace("catdesc varchar(50)", "catdesc varchar(60)")
    deployment.cloud.client("s3").put_object(Bucket=deployment.code, Key="wider.sql", Body=schema.encode())
    deployment.succeed("transform", schema=f"s3://{deployment.code}/wider.sql")
    width = deployment.rows("""select character_maximum_length from information_schema.columns
        where table_schema = 'public' and table_name = 'dim_category' and column_name = 'catdesc'""")
    assert width == [(60,)]
    assert int(deployment.rows("select sum(n) from sellers")[0][0]) == made.oracle.count("sales")
    grants = deployment.rows("select has_table_privilege('public', 'dim_venue', 'select')")
    assert grants == [(True,)]
    deployment.rows("drop view sellers")


def test_tables_may_be_empty(deploy, tmp_path):
    generate(tmp_path, "--scale", 0.001, "--spoil", 0)
    deployment = deploy()
    deployment.upload(tmp_path)
    for name, header in (
        ("sales.csv", b"salesid,listid,sellerid,buyerid,eventid,dateid,qtysold,pricepaid,commission,saletime\n"),
        ("listing.csv", b"listid,sellerid,eventid,dateid,numtickets,priceperticket,totalprice,listtime\n"),
    ):
        deployment.cloud.client("s3").put_object(Bucket=deployment.origin, Key=name, Body=header)
    deployment.succeed("extract", source_sales="sales.csv", source_listing="listing.csv")
    for job in ("validate", "transform", "report"):
        deployment.succeed(job)
    assert deployment.rows("select count(*) from fact_sales") == [(0,)]
    assert deployment.rows("select count(*) from dim_user") == [(50,)]
    assert "Nothing was sold in 2008." in deployment.object("reports/tickit.html").decode()


def test_a_paused_cluster(made):
    """Last of all, since it takes the cluster from the other tests."""
    cluster = made.deployment.cluster
    before = made.counts()
    cluster.redshift.pause_cluster(ClusterIdentifier=cluster.name)
    cluster.wait("paused")
    try:
        said = made.deployment.fail("transform")
        reported = made.deployment.fail("report")
    finally:
        cluster.redshift.resume_cluster(ClusterIdentifier=cluster.name)
        cluster.wait("available")
    assert "paused" in said and "paused" in reported
    assert made.counts() == before
