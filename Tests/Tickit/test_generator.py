"""The generator, as a program."""

import collections
import json
import re
import subprocess
import sys

import pytest

from conftest import ASSETS, REAL, generate
from oracle import FILES, Oracle

SIZES = {
    "category": 11, "date": 365, "venue": 202, "event": 8_798, "users": 49_990, "listing": 192_497, "sales": 172_456,
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """TICKIT at its own size."""
    directory = tmp_path_factory.mktemp("whole")
    return directory, generate(directory, "--seed", 7)


def lines(directory, table):
    return (directory / FILES[table]).read_bytes().decode().split("\r\n")[:-1]


def test_all_tables_have_the_sizes_of_the_original(whole):
    directory, said = whole
    assert {table: len(lines(directory, table)) for table in FILES} == SIZES == said["rows"]


def test_listings_have_as_many_sales_as_in_the_original(tmp_path):
    generate(tmp_path, "--spoil", 0)
    listings = collections.Counter(line.split("\t")[1] for line in lines(tmp_path, "sales"))
    found = collections.Counter(listings.values())
    wanted = {1: 48_029, 2: 36_570, 3: 14_665, 4: 1_808, 5: 12}
    assert found.keys() == wanted.keys()
    assert all(abs(found[count] - many) <= 0.001 * SIZES["sales"] for count, many in wanted.items())


def test_rows_have_the_forms_of_the_original(whole):
    directory, _ = whole
    formats = {
        "category": r"[0-9]+\|\w+\|\w+\|.+",
        "date": r"[0-9]{4}\|2008-[0-9]{2}-[0-9]{2}\|[A-Z]{2}\|[0-9]+\|[A-Z]{3}\|[1-4]\|2008\|(TRUE|FALSE)",
        "users": r"[0-9]+\|[A-Z]{3}[0-9]{2}[A-Z]{3}\|\w+\|\w+\|\w+\|[A-Z]{2}\|[^@|]+@[^@|]+\|"
        r"(\([0-9]{3}\) 555-[0-9]{4})?(\|(TRUE|FALSE|)){10}",
        "venue": r"[0-9]+\|[\w ]+\|\w+\|[A-Z]{2}\|([0-9]+|\\N)",
        "event": r"[0-9]+\|[0-9]+\|[0-9]+\|[0-9]{4}\|[\w ]+\|2008-[0-9]{2}-[0-9]{2} [0-9:]{8}",
        "listing": r"([0-9]+\|){7}2008-[0-9]{2}-[0-9]{2} [0-9:]{8}",
        "sales": r"([0-9]+\t){8}[0-9]+([.][0-9]{1,2})?\t[0-9]{1,2}/[0-9]{1,2}/2008 [0-9:]{8}",
    }
    for table, form in formats.items():
        wrong = [line for line in lines(directory, table) if not re.fullmatch(form, line)]
        assert len(wrong) < 60, wrong[:3]
        assert wrong == [] or table not in ("category", "date")


def test_the_data_has_what_is_odd_in_the_original(whole):
    directory, _ = whole
    venues = [line.split("|") for line in lines(directory, "venue")]
    days = dict(line.split("|")[:2] for line in lines(directory, "date"))
    assert sum(row[4] == "\\N" for row in venues) == 14
    assert 100 < sum(row[4] == "0" for row in venues) < 150
    events = [line.split("|") for line in lines(directory, "event")]
    other_day = sum(row[5][:10] != days.get(row[3]) for row in events)
    assert 500 < other_day < 900
    assert "2008-02-29" not in days.values()


def test_commission_is_fifteen_percent(whole):
    directory, said = whole
    spoilt = {row["line"] for row in said["spoilt"] if row["table"] == "sales"}
    for number, line in enumerate(lines(directory, "sales"), 1):
        if number not in spoilt:
            paid, commission = (round(float(text) * 100) for text in line.split("\t")[7:9])
            assert paid * 15 == commission * 100


def test_one_seed_makes_one_data_set(tmp_path):
    one, same, other = (tmp_path / name for name in ("one", "same", "other"))
    for directory, seed in ((one, 3), (same, 3), (other, 4)):
        generate(directory, "--seed", seed, "--scale", 0.01)
    for name in [*FILES.values(), "spoilt.json"]:
        assert (one / name).read_bytes() == (same / name).read_bytes()
    assert (one / FILES["sales"]).read_bytes() != (other / FILES["sales"]).read_bytes()


@pytest.mark.parametrize("spoil", [0, 1, 40, 120])
def test_what_cannot_be_valid_is_named_and_nothing_else(tmp_path, spoil):
    said = generate(tmp_path, "--scale", 0.02, "--spoil", spoil)
    oracle = Oracle(tmp_path)
    for table in FILES:
        assert oracle.rejected(table) == {row["line"] for row in said["spoilt"] if row["table"] == table}
    direct = [row for row in said["spoilt"] if not row["reason"].endswith("is missing or not valid")]
    assert len(direct) == spoil


def test_given_files_stay_and_the_others_refer_to_them(tmp_path):
    given, made = tmp_path / "given", tmp_path / "made"
    generate(given, "--seed", 1, "--scale", 0.02, "--spoil", 0)
    for table in ("users", "listing", "sales"):
        (given / FILES[table]).unlink()
    kept = {table: (given / FILES[table]).read_bytes() for table in ("category", "date", "venue", "event")}
    said = generate(made, "--seed", 2, "--scale", 0.02, "--beside", given)
    assert said["given"] == ["category", "date", "event", "venue"]
    assert {table: (made / FILES[table]).read_bytes() for table in kept} == kept
    oracle = Oracle(made)
    for table in FILES:
        assert oracle.rejected(table) == {row["line"] for row in said["spoilt"] if row["table"] == table}
    assert oracle.count("sales") > 3_300


def test_sales_alone_are_made_beside_all_other_files(tmp_path):
    generate(tmp_path, "--scale", 0.02, "--spoil", 0)
    before = (tmp_path / FILES["listing"]).read_bytes()
    (tmp_path / FILES["sales"]).unlink()
    said = generate(tmp_path, "--scale", 0.01, "--spoil", 9, "--beside", tmp_path)
    assert (tmp_path / FILES["listing"]).read_bytes() == before
    assert said["rows"]["sales"] == 1_725
    assert Oracle(tmp_path).rejected("sales") == {row["line"] for row in said["spoilt"] if row["table"] == "sales"}


@pytest.mark.parametrize("missing", FILES)
def test_a_table_that_is_missing_is_made_beside_the_six_others(tmp_path, missing):
    generate(tmp_path, "--scale", 0.01, "--spoil", 0)
    before = {table: (tmp_path / name).read_bytes() for table, name in FILES.items()}
    (tmp_path / FILES[missing]).unlink()
    said = generate(tmp_path, "--scale", 0.01, "--spoil", 3, "--beside", tmp_path)
    assert said["given"] == sorted(FILES.keys() - {missing})
    assert all((tmp_path / FILES[table]).read_bytes() == data for table, data in before.items() if table != missing)
    assert said["rows"][missing] == len(lines(tmp_path, missing)) > 0
    oracle = Oracle(tmp_path)
    for table in FILES:
        assert oracle.rejected(table) == {row["line"] for row in said["spoilt"] if row["table"] == table}


@pytest.mark.skipif(not REAL.is_dir(), reason=f"the real files are not in {REAL}")
def test_the_real_events_without_a_venue_are_named(tmp_path):
    said = generate(tmp_path, "--scale", 0.02, "--beside", REAL)
    assert said["invalid"]["event"] == 139
    assert said["rows"]["event"] == 8_798


def test_a_scale_that_makes_no_sense_is_refused(tmp_path):
    done = subprocess.run([sys.executable, ASSETS / "generate.py", "--out", tmp_path, "--scale", "0"],
                          capture_output=True, text=True)
    assert done.returncode == 2
    assert "--scale is above 0" in done.stderr
    assert not list(tmp_path.iterdir())


def test_arguments_that_glue_adds_are_left_alone(tmp_path):
    done = subprocess.run([sys.executable, ASSETS / "generate.py", "--out", tmp_path, "--scale", "0.001",
                           "--job-bookmark-option", "job-bookmark-disable", "--scriptLocation", "s3://b/generate.py"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "spoilt.json").read_text())["rows"]["sales"] == 172
