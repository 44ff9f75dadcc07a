"""Writes the three answers as one HTML page with charts, which needs nothing else to be looked at.

Reads   the warehouse, by the statements of answers/, and s3://<lake>/summary/
Writes  s3://<lake>/reports/tickit.html
"""

import argparse
from decimal import Decimal

try:
    import tickit_lake  # noqa: F401
except ImportError:  # Python shell is documented to take .egg and .whl files alone: bring the plain ones ourselves
    import sys
    import tempfile

    import boto3

    if "--extra-py-files" not in sys.argv:
        raise
    modules = tempfile.mkdtemp()
    for uri in sys.argv[sys.argv.index("--extra-py-files") + 1].split(","):
        bucket, _, key = uri.strip()[len("s3://"):].partition("/")
        boto3.client("s3").download_file(bucket, key, f"{modules}/{key.rpartition('/')[2]}")
    sys.path.insert(0, modules)

import tickit_charts as charts
from tickit_lake import Lake, now, read_text
from tickit_page import amount, number, page, section, table
from tickit_redshift import Warehouse

ANSWERS = ("top-sellers", "sales-by-venue-state", "commission-by-state")

SHOWN = 10
"""Rows of a table of states that are seen at once."""


class MissingAnswer(Exception):
    """A statement that the report needs was not given."""


def options():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for name in ("lake", "cluster", "database", "secret", "answers"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--year", type=int, default=2008)
    parser.add_argument("--slipway-run-token", default="")
    # Glue adds arguments of its own.
    return parser.parse_known_args()[0]


def main():
    given = options()
    lake = Lake(given.lake)
    files = {uri.rpartition("/")[2]: uri for uri in given.answers.split(",")}
    if lacking := [name for name in ANSWERS if f"{name}.sql" not in files]:
        raise MissingAnswer(f"--answers has no {lacking[0]}.sql; it has {', '.join(files)}")
    warehouse = Warehouse(given.cluster, given.database, given.secret)
    answers = {}
    for name in ANSWERS:
        columns, rows = warehouse.query(name, read_text(files[f"{name}.sql"]), year=given.year)
        answers[name] = [dict(zip(columns, row)) for row in rows]
        print(f"{name}: {len(rows)} rows")
    validated, loaded = lake.read_summary("validate"), lake.read_summary("transform")
    text = report(answers, given.year, given.slipway_run_token, validated, loaded)
    lake.write("reports/tickit.html", text.encode(), "text/html; charset=utf-8")
    print(f"s3://{lake.bucket}/reports/tickit.html: {len(text.encode())} bytes")


def report(answers, year, run, validated, loaded):
    """The page."""
    sellers, venues, commissions = (answers[name] for name in ANSWERS)
    facts = [
        ("Tickets sold", number(total(venues, "tickets"))),
        ("Sales", amount(total(venues, "amount"), cents=False)),
        ("Commission", amount(total(commissions, "commission"), cents=False)),
    ]
    origin = [f"Made {now()}"]
    if run:
        origin.append(f"run {run}")
    if loaded:
        origin.append(f"warehouse loaded {loaded['when']}")
    return page(f"TICKIT in {year}", origin, facts, [
        top_sellers(sellers, year), venue_states(venues, year), seller_states(commissions, year), rows_read(validated),
    ])


def top_sellers(rows, year):
    labels = [f"{row['name']}, {row['city'] or 'unknown'}" for row in rows]
    chart = charts.across(labels, [row["tickets"] for row in rows], "Tickets sold")
    return section(
        "Top sellers",
        f"The ten sellers who sold most tickets in {year}; of two with as many, the one with higher sales.",
        chart, table(
            [("Rank", "number"), ("Seller", ""), ("User name", ""), ("City", ""), ("State", ""), ("Tickets", "number"),
             ("Sales", "number")],
            [(number(rank), row["name"], row["username"], row["city"], row["state"], number(row["tickets"]),
              amount(row["sales"])) for rank, row in enumerate(rows, 1)]),
        f"Nothing was sold in {year}.")


def venue_states(rows, year):
    whole = total(rows, "amount")
    chart = charts.upright([row["state"] for row in rows], [row["amount"] for row in rows], "Sales")
    return section(
        "Sales by state of the venue", f"What was paid in {year} for tickets to events in each state.", chart, table(
            [("State", ""), ("Sales", "number"), ("Share", "number"), ("Tickets", "number"),
             ("Transactions", "number")],
            [(row["state"], amount(row["amount"]), share(row["amount"], whole), number(row["tickets"]),
              number(row["sales"])) for row in rows], SHOWN),
        f"Nothing was sold in {year}.", even=True)


def seller_states(rows, year):
    whole = total(rows, "commission")
    labels = [row["state"] or "none" for row in rows]
    chart = charts.upright(labels, [row["commission"] for row in rows], "Commission")
    return section(
        "Commission by state of the seller",
        f"What sellers of each state paid in {year} for selling their tickets: the state is the seller's.",
        chart, table(
            [("State", ""), ("Commission", "number"), ("Share", "number"), ("Sales", "number"), ("Sellers", "number")],
            [(row["state"] or "none", amount(row["commission"]), share(row["commission"], whole), amount(row["amount"]),
              number(row["sellers"])) for row in rows], SHOWN),
        f"No commission was earned in {year}.", even=True)


def rows_read(validated):
    """How many rows were right, and why the others were not."""
    about = "Rows that were read, and those that were rejected: they are in no answer above."
    tables = validated["tables"] if validated else {}
    rows = [
        (name, number(one["rows"]), number(one["valid"]), number(one["rejected"]),
         "; ".join(f"{reason} ({many})" for reason, many in list(one["reasons"].items())[:3]))
        for name, one in tables.items()
    ]
    if rows:
        sums = (number(sum(one[name] for one in tables.values())) for name in ("rows", "valid", "rejected"))
        rows.append(("all", *sums, ""))
    return section("Rows", about, "", table(
        [("Table", ""), ("Read", "number"), ("Valid", "number"), ("Rejected", "number"), ("Commonest reasons", "")],
        rows), "Nothing was validated.")


def total(rows, name):
    return sum((Decimal(str(row[name])) for row in rows), Decimal(0))


def share(part, whole):
    return f"{Decimal(part) / whole * 100:.1f} %" if whole else ""


if __name__ == "__main__":
    main()
