"""What extract reads: addresses of sources, and rows of files."""

import gzip
import io
import sys

import pytest

from conftest import ASSETS

sys.path.insert(0, str(ASSETS))

import tickit_files
import tickit_sources
from tickit_sources import SourceError

COLUMNS = ["catid", "catgroup", "catname", "catdesc"]


def rows(data, file_format="pipe", **options):
    data = data.encode() if isinstance(data, str) else data
    return list(tickit_files.rows(io.BytesIO(data), "s3://b/k", file_format, COLUMNS, options))


def values(data, file_format="pipe", **options):
    found = rows(data, file_format, **options)
    assert all(row.values for row in found), [row.problem for row in found]
    return [tuple(row.values) for row in found]


TWO = [("1", "Shows", "Opera", "All of it"), ("2", "Shows", "Plays", None)]


@pytest.mark.parametrize(("data", "file_format", "options"), [
    ("1|Shows|Opera|All of it\r\n2|Shows|Plays|\\N\r\n", "pipe", {}),
    ("1|Shows|Opera|All of it\n2|Shows|Plays|", "pipe", {}),
    ("1|Shows|Opera|All of it\r2|Shows|Plays|\r", "pipe", {}),
    ("\n1|Shows|Opera|All of it\n\n2|Shows|Plays|\\N\n\n", "pipe", {}),
    ("\ufeff1|Shows|Opera|All of it\n2|Shows|Plays|\\N\n", "pipe", {}),
    ("1\tShows\tOpera\tAll of it\n2\tShows\tPlays\t\\N\n", "tsv", {}),
    ('1,Shows,"Opera","All of it"\n2,Shows,Plays,""\n', "csv", {}),
    ("CatID,CatGroup,CatName,CatDesc\n1,Shows,Opera,All of it\n2,Shows,Plays,\n", "csv", {}),
    ("catname,catdesc,more,catid,catgroup\nOpera,All of it,x,1,Shows\nPlays,,y,2,Shows\n", "csv", {}),
    ("1,Shows,Opera,All of it\n2,Shows,Plays,nil\n", "csv", {"null": "nil"}),
    ("1|'Shows'|Opera|'All of it'\n2|Shows|Plays|\n", "pipe", {"quote": "'"}),
    ("1|Shows|Opera|All of it\n2|Shows|Plays|\n".encode("utf-16"), "pipe", {"encoding": "utf-16"}),
    (gzip.compress(b"1|Shows|Opera|All of it\n2|Shows|Plays|\\N\n"), "pipe", {}),
    ('[{"catid": 1, "CATGROUP": "Shows", "catname": "Opera", "catdesc": "All of it"},'
     ' {"catid": 2, "catgroup": "Shows", "catname": "Plays", "catdesc": null}]', "json", {}),
    ('{"catid": 1, "catgroup": "Shows", "catname": "Opera", "catdesc": "All of it", "x": 1}\n\n'
     '{"catid": "2", "catgroup": "Shows", "catname": "Plays"}', "json", {}),
    ('{"category": [{"catid": 1, "catgroup": "Shows", "catname": "Opera", "catdesc": "All of it"},'
     ' {"catid": 2, "catgroup": "Shows", "catname": "Plays"}]}', "json", {}),
    ("<c><r><catid>1</catid><catgroup>Shows</catgroup><catname>Opera</catname><catdesc>All of it</catdesc></r>"
     "<r><catid>2</catid><catgroup>Shows</catgroup><catname>Plays</catname><catdesc/></r></c>", "xml", {}),
    ('<c><g><r catid="1" catgroup="Shows" catname="Opera" catdesc="All of it"/></g>'
     '<g><r catid="2" catgroup="Shows" catname="Plays"/></g></c>', "xml", {"row": "r"}),
])
def test_a_file_is_read_in_the_form_that_it_has(data, file_format, options):
    assert values(data, file_format, **options) == TWO


def test_values_are_kept_as_they_are_written():
    assert values(' 1 |"Shows"|a\rb|007\n') == [(" 1 ", '"Shows"', "a\rb", "007")]
    assert values('[{"catid": 1.50, "catgroup": true, "catname": 1e3, "catdesc": {"a": [1]}}]', "json") == [
        ("1.50", "TRUE", "1e3", '{"a": ["1"]}')]


def test_quoted_fields_may_hold_delimiters_and_ends_of_lines():
    found = rows('1,Shows,"a ""b"", c","x\r\ny"\n2,Shows,Plays,z\n', "csv")
    assert [row.values for row in found] == [["1", "Shows", 'a "b", c', "x\ny"], ["2", "Shows", "Plays", "z"]]
    assert [row.line for row in found] == [1, 3]


@pytest.mark.parametrize("after", [1, 3, tickit_files.LONGEST_QUOTE + 5])
def test_lines_after_a_quote_that_is_not_closed_keep_their_numbers(after):
    good = ["2,Shows,Opera,x"] * after
    found = rows("\n".join(['1,Shows,"Plays,x', *good, '3,"y', *good]), "csv")
    assert [row.line for row in found] == list(range(1, 2 * after + 3))
    assert [row.line for row in found if row.problem] == [1, after + 2]


@pytest.mark.parametrize(("bad", "file_format", "problem"), [
    ("2|Shows|Plays", "pipe", "3 fields instead of 4"),
    ("2|Shows|Plays|x|y", "pipe", "5 fields instead of 4"),
    ("2|Shows|Pl\0ays|x", "pipe", "a NUL character"),
    (b"2|Shows|Pl\xff|x", "pipe", "bytes that are not UTF-8"),
    ('2,Shows,"Plays,x', "csv", "a quote is not closed"),
    ('2,Shows,"Plays"x,y', "csv", "expected after"),
    ('{"catid": 2,', "json", "not JSON"),
    ("[2]", "json", "not an object"),
    ('{"userid": 2}', "json", "none of the table's columns"),
])
def test_a_malformed_row_is_kept_whole_with_the_reason(bad, file_format, problem):
    good = {"pipe": b"1|Shows|Opera|x", "csv": b"1,Shows,Opera,x",
            "json": b'{"catid": 1, "catgroup": "Shows", "catname": "Opera"}'}[file_format]
    bad = bad.encode() if isinstance(bad, str) else bad
    found = rows(b"\n".join([good, bad, good, good, good]), file_format)
    assert [bool(row.values) for row in found] == [True, False, True, True, True]
    assert problem in found[1].problem
    assert [row.line for row in found] == [1, 2, 3, 4, 5]
    assert found[1].whole == bad.replace(b"\0", b"\\0").decode("utf-8", "backslashreplace")


@pytest.mark.parametrize(("data", "file_format", "options", "message"), [
    ("", "pipe", {}, "the file is empty"),
    (gzip.compress(b""), "pipe", {}, "the file is empty"),
    (gzip.compress(b"1|a|b|c\n" * 99)[:-12], "pipe", {}, "the gzip data is damaged"),
    ("1,Shows,Opera,x\n2,Shows,Plays,y\n", "pipe", {},
     "expected rows of 4 fields in the format pipe; 2 of 2 rows are not, the first in line 1: 1 fields instead of 4: "
     "'1,Shows,Opera,x'; it looks like csv: say ?format=csv"),
    ("catid|catgroup|catname|catdesc\n1|a|b|c", "csv", {"header": "yes"}, "it looks like pipe"),
    ("catid,catgroup,name\n1,a,b", "csv", {}, "the header has no catname, catdesc; it has catid, catgroup, name"),
    ("<c><r>", "xml", {}, "expected XML; after 0 rows"),
    ("<c><r/></c>", "xml", {"row": "x"}, "expected elements named 'x'"),
    ('"text"', "json", {}, "expected an array of objects"),
    ("not json", "json", {}, "not JSON"),
    ("1|a|b|c".encode("utf-16"), "pipe", {"encoding": "utf-32"}, "the text is not utf-32"),
    ("1|a|b|c", "pipe", {"encoding": "klingon"}, "klingon"),
])
def test_a_file_that_is_not_what_it_should_be_says_what_was_expected_and_found(data, file_format, options, message):
    with pytest.raises(SourceError) as raised:
        rows(data, file_format, **options)
    assert message in str(raised.value)
    assert "s3://b/k" in str(raised.value)


def test_a_file_with_a_header_alone_is_an_empty_table():
    assert rows("catid,catgroup,catname,catdesc\n", "csv") == []
    assert rows("[]", "json") == []
    assert rows("<c/>", "xml") == []


@pytest.mark.parametrize(("text", "expected"), [
    ("", "s3://origin/sales_tab.txt tsv"),
    ("more/s.csv.gz", "s3://origin/more/s.csv.gz csv"),
    ("s3://other/a/b_pipe.txt", "s3://other/a/b_pipe.txt pipe"),
    ("s3://other/a/b?format=json", "s3://other/a/b json"),
    ("postgresql://db/public.sales", "postgresql://db/public.sales"),
    ("mysql://arn:aws:secretsmanager:eu-west-1:1:secret:prod/db-AbCdEf/sales",
     "mysql://arn:aws:secretsmanager:eu-west-1:1:secret:prod/db-AbCdEf/sales"),
])
def test_a_source_is_an_address(text, expected):
    found = tickit_sources.source("sales", text, "origin")
    shown = f"{found} {found.format(found.key)}" if text[:5] != "postg" and text[:5] != "mysql" else str(found)
    assert shown == expected


@pytest.mark.parametrize(("text", "message"), [
    ("ftp://host/x", "begins with s3://, postgresql://, mysql://, sqlserver://"),
    ("s3://b/k?fromat=csv", "unknown option 'fromat'"),
    ("s3://b/k?format=avro", "format is one of csv, tsv, pipe, json, xml, not 'avro'"),
    ("s3://b/k.csv?header=maybe", "header is yes or no"),
    ("s3://b/k.csv?quote=xx", "quote is one character or none"),
    ("postgresql://only", "expected postgresql://SECRET/schema.table"),
    ("postgresql://s/t;drop table x", "expected postgresql://SECRET/schema.table"),
])
def test_a_source_that_makes_no_sense_is_refused(text, message):
    with pytest.raises(SourceError) as raised:
        tickit_sources.source("sales", text, "origin")
    assert message in str(raised.value)


def test_a_name_that_does_not_tell_its_format_asks_for_it():
    with pytest.raises(SourceError) as raised:
        tickit_sources.source("sales", "s3://b/data.bin", "").format("data.bin")
    assert "?format= with one of csv, tsv, pipe, json, xml" in str(raised.value)
