"""Each rule of validation, by rows that break it, one at a time."""

import datetime
import io

import pyarrow
import pytest
from pyarrow import parquet

from conftest import generate
from oracle import FILES, Oracle

USER = "1|ABC12DEF|Ann|Example|Hilltown|TX|ann@hill.example|(200) 555-0100" + "|TRUE" * 10
VENUE = "1|Hall|Hilltown|TX|100"
EVENT = "1|1|9|1827|Concert|2008-01-01 20:00:00"
DATE = "1827|2008-01-01|TU|1|JAN|1|2008|TRUE"
CATEGORY = "9|Concerts|Pop|Rock and pop"
LISTING = "1|1|1|1827|4|25.50|102.00|2008-01-01 10:00:00"
SALE = "1|1|1|2|1|1827|2|51|7.65|1/1/2008 11:00:00"
GOOD = {
    "users": USER, "venue": VENUE, "event": EVENT, "date": DATE, "category": CATEGORY, "listing": LISTING,
    "sales": SALE,
}

RULES = [
    ("users", 0, "0", "userid: is not from 1 to 2147483647"),
    ("users", 0, "2147483648", "userid: is not from 1 to 2147483647"),
    ("users", 0, "1.0", "userid: is not a whole number"),
    ("users", 0, " 7", "userid: is not a whole number"),
    ("users", 0, "\u0667", "userid: is not a whole number"),
    ("users", 0, "", "userid: is missing"),
    ("users", 0, "1", "userid: a row before has it"),
    ("users", 1, "ABC12DEFG", "username: has more than 8 bytes"),
    ("users", 1, "ÄBC12DEF", "username: has more than 8 bytes"),
    ("users", 2, "\\N", "firstname: is missing"),
    ("users", 4, "x" * 31, "city: has more than 30 bytes"),
    ("users", 5, "Tx", "state: is not two capital letters"),
    ("users", 6, "nowhere", "email: is not an address of at most 100 bytes"),
    ("users", 6, f"{'x' * 99}@y", "email: is not an address of at most 100 bytes"),
    ("users", 7, "(200) 555-01000", "phone: has more than 14 bytes"),
    ("users", 8, "maybe", "likesports: is neither TRUE nor FALSE"),
    ("venue", 0, "32768", "venueid: is not from 1 to 32767"),
    ("venue", 3, "", "venuestate: is missing"),
    ("venue", 4, "-1", "venueseats: is not from 0 to 1000000"),
    ("date", 1, "2008-02-30", "caldate: is not a date like 2008-02-18"),
    ("date", 1, "2/18/2008", "caldate: is not a date like 2008-02-18"),
    ("date", 1, "0008-02-18", "caldate: is not of the years 1900 to 2100"),
    ("date", 1, "2101-01-01", "caldate: is not of the years 1900 to 2100"),
    ("date", 2, "XX", "day: is none of MO TU WE TH FR SA SU"),
    ("date", 3, "54", "week: is not from 1 to 53"),
    ("date", 4, "JANUARY", "month: is none of JAN"),
    ("date", 5, "5", "qtr: is not from 1 to 4"),
    ("date", 6, "20008", "year: is not from 1900 to 2100"),
    ("category", 1, "ConcertsAndMore", "catgroup: has more than 10 bytes"),
    ("event", 1, "2", "venueid: no valid row of venue has it"),
    ("event", 2, "8", "catid: no valid row of category has it"),
    ("event", 3, "1828", "dateid: no valid row of date has it"),
    ("event", 4, "", "eventname: is missing"),
    ("event", 5, "2008-01-01 24:00:00", "starttime: is not a time"),
    ("event", 5, "2008-01-01", "starttime: is not a time"),
    ("event", 5, "1899-12-31 23:59:59", "starttime: is not of the years 1900 to 2100"),
    ("listing", 1, "77", "sellerid: no valid row of users has it"),
    ("listing", 4, "0", "numtickets: is not from 1 to 32767"),
    ("listing", 5, "-25.50", "priceperticket: is not an amount from 0 to 999999.99"),
    ("listing", 5, "25.505", "priceperticket: is not an amount from 0 to 999999.99"),
    ("listing", 5, "1e3", "priceperticket: is not an amount from 0 to 999999.99"),
    ("listing", 6, "1000000", "totalprice: is not an amount from 0 to 999999.99"),
    ("listing", 6, "102.01", "totalprice is not numtickets times priceperticket"),
    ("listing", 7, "13/1/2008 10:00:00", "listtime: is not a time"),
    ("sales", 1, "2", "listid: no valid row of listing has it"),
    ("sales", 3, "77", "buyerid: no valid row of users has it"),
    ("sales", 6, "1.5", "qtysold: is not a whole number"),
    ("sales", 7, "", "pricepaid: is missing"),
    ("sales", 8, "51.01", "commission is more than pricepaid"),
    ("sales", 9, "2/30/2008 11:00:00", "saletime: is not a time"),
    ("sales", 9, "2/18/0008 11:00:00", "saletime: is not of the years 1900 to 2100"),
]

ACCEPTED = [
    ("users", 4, ""), ("users", 5, "\\N"), ("users", 7, ""), ("users", 8, ""), ("users", 8, "f"), ("users", 8, "1"),
    ("users", 1, "ÄBC12DE"), ("venue", 4, "\\N"), ("venue", 4, "0"), ("category", 3, ""),
    ("event", 5, "2008-01-09T20:00:00"), ("listing", 5, "25.5"), ("listing", 5, "25.5000"),
    ("listing", 7, "1/1/2008 9:00:00"), ("sales", 8, "51"), ("sales", 9, "2008-01-01 11:00:00.5"),
    ("date", 1, "1900-01-01"), ("date", 1, "2100-12-31"), ("event", 5, "1900-01-01 00:00:00"),
    ("sales", 9, "12/31/2100 23:59:59"),
]


def row(table, key, place=None, value=None):
    fields = GOOD[table].split("|")
    fields[0] = str(key)
    if place is not None:
        fields[place] = value
    return fields


@pytest.fixture(scope="module")
def judged(deploy, tmp_path_factory):
    """All broken and all accepted rows, judged in one run; answers what was rejected of each table, by line."""
    tables = {table: [row(table, GOOD[table].split("|")[0])] for table in GOOD}
    tables["users"].append(row("users", 2))
    lines = {}
    for number, (table, place, value, *_) in enumerate([*RULES, *ACCEPTED]):
        tables[table].append(row(table, 100 + number, place, value))
        lines[number] = (table, len(tables[table]))
    tables["venue"].append([*row("venue", 99), "more"])
    deployment = deploy()
    directory = tmp_path_factory.mktemp("rules")
    generate(directory, "--scale", 0.001, "--spoil", 0)
    for table, rows in tables.items():
        delimiter = "\t" if table == "sales" else "|"
        (directory / FILES[table]).write_text("".join(delimiter.join(fields) + "\n" for fields in rows))
    deployment.upload(directory)
    deployment.succeed("extract")
    deployment.succeed("validate", max_rejects="100%")
    return deployment, lines, tables, directory


def test_each_broken_rule_is_the_reason_of_a_rejection(judged):
    deployment, lines, _, _ = judged
    rejected = {table: deployment.rejected(table) for table in GOOD}
    for number, (table, place, value, reason) in enumerate(RULES):
        found = rejected[table].get(lines[number][1])
        assert found, f"{table} with {value!r} was not rejected for {reason}"
        assert any(one.startswith(reason) for one in found["reasons"]), (table, place, value, found["reasons"])


def test_no_other_row_is_rejected(judged):
    deployment, lines, tables, _ = judged
    for table in GOOD:
        broken = {lines[number][1] for number, rule in enumerate(RULES) if rule[0] == table}
        more = {len(tables["venue"])} if table == "venue" else set()
        assert deployment.rejected(table).keys() == broken | more


def test_the_oracle_judges_the_same(judged):
    deployment, _, _, directory = judged
    oracle = Oracle(directory)
    assert {table: oracle.rejected(table) for table in GOOD} == {
        table: set(deployment.rejected(table)) for table in GOOD}


def test_a_rejected_row_is_kept_as_it_was(judged):
    deployment, lines, tables, _ = judged
    found = deployment.rejected("listing")[lines[[rule[2] for rule in RULES].index("25.505")][1]]
    assert list(found["row"].values())[1:] == ["1", "1", "1827", "4", "25.505", "102.00", "2008-01-01 10:00:00"]
    whole = deployment.rejected("venue")[len(tables["venue"])]
    assert whole == {"line": len(tables["venue"]), "reasons": ["6 fields instead of 5"],
                     "row": {"whole": "99|Hall|Hilltown|TX|100|more"}}


def test_valid_rows_are_typed(judged):
    deployment, *_ = judged
    schema = parquet.read_schema(io.BytesIO(deployment.object("validated/listing/listing.parquet")))
    assert [str(field.type) for field in schema] == [
        "int32", "int32", "int32", "int16", "int16", "decimal128(8, 2)", "decimal128(8, 2)", "timestamp[us]"]
    users = parquet.read_table(io.BytesIO(deployment.object("validated/users/users.parquet"))).to_pylist()
    assert users[0]["likesports"] is True and users[0]["userid"] == 1


def test_the_first_and_the_last_year_reach_the_warehouse(judged):
    deployment, *_ = judged
    deployment.succeed("transform")
    assert deployment.rows("select min(caldate), max(caldate) from dim_date") == [("1900-01-01", "2100-12-31")]
    assert deployment.rows("select min(starttime) from dim_event") == [("1900-01-01 00:00:00",)]
    assert deployment.rows("select max(saletime) from fact_sales") == [("2100-12-31 23:59:59",)]


def test_older_times_are_written_as_they_are(judged):
    deployment, *_ = judged
    key = "validated/event/event.parquet"
    before = deployment.object(key)
    events = parquet.read_table(io.BytesIO(before))
    place = events.schema.get_field_index("starttime")
    old = pyarrow.array([datetime.datetime(1800, 2, 28, 1, 2, 3)] * len(events), events.schema.field(place).type)
    changed = io.BytesIO()
    parquet.write_table(events.set_column(place, events.schema.field(place), old), changed)
    s3 = deployment.cloud.client("s3")
    s3.put_object(Bucket=deployment.lake, Key=key, Body=changed.getvalue())
    try:
        deployment.succeed("transform")
    finally:
        s3.put_object(Bucket=deployment.lake, Key=key, Body=before)
    assert deployment.rows("select distinct starttime from dim_event") == [("1800-02-28 01:02:03",)]


def test_what_was_not_extracted_cannot_be_validated(deploy):
    deployment = deploy()
    said = deployment.fail("validate")
    assert said.startswith("NotExtracted: category: ")
    assert f"s3://{deployment.lake}/raw/category/category.csv" in said
    assert "does not exist; " in said or ("AccessDenied" in said and "it may also be missing" in said)
    assert "the job that extracts has not run" in said
