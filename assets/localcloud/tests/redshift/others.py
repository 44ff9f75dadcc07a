"""`python -m tests.redshift.others DIRECTORY`: runs the SQL that others wrote, and says what does not run and why.

The directory holds Markdown, such as AWS's own guide; every statement in it that ends with a semicolon is run, those
of one file after one another, over the tables of AWS's sample database. A statement whose tables or users the file
does not make says nothing about the dialect and is left out, and so is one that shows a syntax (`...`, `{a|b}`).
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from localaws.engines import Postgres
from localaws.engines.address import choose
from localaws.redshift import database
from localaws.redshift.execution import run
from localaws.redshift.failures import StatementFailed
from localaws.redshift.sql.statement import SyntaxProblem
from localaws.redshift.sql.tokens import split
from localaws.settings import Settings
from tests.others import blocks, report

TABLES = """
create table users (userid int not null distkey sortkey, username char(8), firstname varchar(30), lastname varchar(30),
  city varchar(30), state char(2), email varchar(100), phone char(14), likesports boolean, liketheatre boolean,
  likeconcerts boolean, likejazz boolean, likeclassical boolean, likeopera boolean, likerock boolean,
  likevegas boolean, likebroadway boolean, likemusicals boolean);
create table venue (venueid smallint not null distkey sortkey, venuename varchar(100), venuecity varchar(30),
  venuestate char(2), venueseats integer);
create table category (catid smallint not null distkey sortkey, catgroup varchar(10), catname varchar(10),
  catdesc varchar(50));
create table date (dateid smallint not null distkey sortkey, caldate date not null, day character(3) not null,
  week smallint not null, month character(5) not null, qtr character(5) not null, year smallint not null,
  holiday boolean default('N'));
create table event (eventid int not null distkey, venueid smallint not null, catid smallint not null,
  dateid smallint not null sortkey, eventname varchar(200), starttime timestamp);
create table listing (listid int not null distkey, sellerid int not null, eventid int not null,
  dateid smallint not null sortkey, numtickets smallint not null, priceperticket decimal(8, 2),
  totalprice decimal(8, 2), listtime timestamp);
create table sales (salesid int not null, listid int not null distkey, sellerid int not null, buyerid int not null,
  eventid int not null, dateid smallint not null sortkey, qtysold smallint not null, pricepaid decimal(8, 2),
  commission decimal(8, 2), saletime timestamp);
insert into users values (1, 'JSG99FHE', 'Rafael', 'Taylor', 'Kent', 'WA', 'a@example.com', '(664) 602-4412', true);
insert into venue values (1, 'Toyota Park', 'Bridgeview', 'IL', 0), (9, 'Dick''s Park', 'Denver', 'CO', null);
insert into category values (1, 'Sports', 'MLB', 'Baseball'), (9, 'Concerts', 'Pop', 'All rock and pop concerts');
insert into date values (1827, '2008-01-01', 'TUE', 1, 'JAN', '1', 2008, true);
insert into event values (1, 9, 9, 1827, 'Gotterdammerung', '2008-01-25 14:30:00');
insert into listing values (1, 1, 1, 1827, 10, 182, 1820, '2008-01-24 06:43:29');
insert into sales values (1, 1, 1, 1, 1, 1827, 4, 728, 109.2, '2008-02-18 02:36:48');
"""
_STATEMENT = re.compile(
    r"^(select|with|insert|update|delete|merge|create|alter|drop|truncate|grant|revoke|copy|unload|set|reset|show|call|"
    r"explain|analyze|vacuum|comment|prepare|execute|deallocate|declare|fetch|close|values|refresh|cancel)\b",
    re.IGNORECASE,
)
_SYNTAX = re.compile(r"\.\.\.|\{\s*\w+\s*\||\[\s*,|\|\s*\w+\s*\}|<[a-z_ -]+>|^\s*\[", re.IGNORECASE | re.MULTILINE)
_ELSEWHERE = re.compile(
    r'(relation|schema|table|view|role|user|group|column|database|procedure|cursor|prepared statement|type) "?[^"]*"? '
    r"(does not exist|doesn't exist)|already exists|missing FROM-clause|column .* does not exist|"
    r"function [^ ]*f_\w+\(.* does not exist|password|must be owner|permission denied",
)


class ReachedS3(Exception):
    """A COPY or UNLOAD that was understood: there is no S3 here."""


def main() -> None:
    directory = Path(tempfile.mkdtemp(prefix="localaws-"))
    settings = Settings(state=directory, port=0, account="123456789012", region="us-east-1", uuid="0")
    engine = Postgres(settings, "redshift", "others", choose(15438), superuser=database.SUPERUSER)
    engine.start()
    try:
        with engine.connect("template1", autocommit=True) as connection:
            database.install(connection)
        engine.make_user("awsuser", "secret", roles=("pg_read_all_data",))
        engine.make_database("dev", "awsuser")
        with engine.connect("dev", "awsuser", "secret", autocommit=True) as connection:
            for statement in split(TABLES):
                run(connection, statement, no_s3)
        report(results(engine, Path(sys.argv[1])))
    finally:
        engine.remove()
        shutil.rmtree(directory, ignore_errors=True)


def results(engine: Postgres, directory: Path) -> Iterator[tuple[str, str, str, str]]:
    """What came of every statement of the files."""
    for file in sorted(directory.rglob("*.md")):
        with engine.connect("dev", "awsuser", "secret") as connection:
            connection.execute("set statement_timeout = 5000")
            connection.commit()
            for statement in statements(file.read_text(errors="replace")):
                yield file.name, statement, *tried(connection, statement)
            connection.rollback()


def statements(text: str) -> Iterator[str]:
    """The statements in the code blocks of a Markdown text."""
    for block in blocks(text):
        if _SYNTAX.search(block) or ";" not in block:
            continue
        try:
            found = split(block[: block.rindex(";") + 1])
        except SyntaxProblem:
            continue
        for one in found:
            bare = re.sub(r"\A(\s*--[^\n]*\n)*\s*", "", one)
            if _STATEMENT.match(bare):
                yield bare


def tried(connection: Any, statement: str) -> tuple[str, str]:
    """What came of a statement: `runs`, `fails` or `elsewhere`, and the message."""
    if re.match(r"(vacuum|create database|drop database|alter database|cancel)\b", statement, re.IGNORECASE):
        return "not in a transaction", ""
    try:
        with connection.transaction():
            run(connection, statement, no_s3)
    except ReachedS3:
        return "runs", ""
    except StatementFailed as error:
        text = str(error).splitlines()[0]
        return ("elsewhere" if _ELSEWHERE.search(text) else "fails"), text
    except Exception as error:
        return "fails", f"!! {type(error).__name__}: {str(error)[:100]}"
    return "runs", ""


def no_s3(_: object) -> object:
    raise ReachedS3


if __name__ == "__main__":
    main()
