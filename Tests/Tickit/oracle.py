"""What should come of TICKIT's files, computed by DuckDB straight from them: nothing of the jobs is used."""

from pathlib import Path

import duckdb

FILES = {
    "category": "category_pipe.txt", "date": "date2008_pipe.txt", "venue": "venue_pipe.txt",
    "event": "allevents_pipe.txt", "users": "allusers_pipe.txt", "listing": "listings_pipe.txt",
    "sales": "sales_tab.txt",
}

TOP_SELLERS = """
    select sellerid, sum(qtysold) as tickets, sum(pricepaid) as paid, any_value(firstname || ' ' || lastname),
        any_value(city)
    from valid_sales join valid_users on userid = sellerid
    where dateid in (select dateid from valid_date where year = $year)
    group by sellerid order by tickets desc, paid desc, sellerid limit 10"""

VENUE_STATES = """
    select venuestate, sum(pricepaid), sum(qtysold), count(*)
    from valid_sales join valid_event using (eventid) join valid_venue using (venueid)
    where valid_sales.dateid in (select dateid from valid_date where year = $year)
    group by venuestate"""

SELLER_STATES = """
    select state, sum(commission), sum(pricepaid), count(distinct sellerid)
    from valid_sales join valid_users on userid = sellerid
    where dateid in (select dateid from valid_date where year = $year)
    group by state"""


class Oracle:
    """The files of a directory, judged."""

    def __init__(self, directory):
        self.database = duckdb.connect()
        for table, name in FILES.items():
            delimiter = "\t" if table == "sales" else "|"
            self.database.execute(f"""
                create table fields_{table} as
                select line, len(parts) as n, list_transform(parts, lambda part: nullif(nullif(part, ''), '\\N')) as f
                from (
                    select line, string_split(text, '{delimiter}') as parts
                    from (
                        select unnest(lines) as text, generate_subscripts(lines, 1) as line
                        from (
                            select string_split(rtrim(replace(content, '\r\n', '\n'), '\n'), '\n') as lines
                            from read_text('{directory}/{name}'))))""")
        self.database.execute((Path(__file__).parent / "oracle.sql").read_text())

    def rows(self, sql, **parameters):
        return self.database.execute(sql, parameters).fetchall()

    def count(self, table):
        return self.rows(f"select count(*) from valid_{table}")[0][0]

    def rejected(self, table):
        """Lines of the rows that are not valid."""
        lines = self.rows(f"select line from fields_{table} where line not in (select line from valid_{table})")
        return {line for line, in lines}
