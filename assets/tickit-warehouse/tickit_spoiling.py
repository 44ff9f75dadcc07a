"""Spoils rows of TICKIT, and knows which rows can then not be valid."""

import random

from tickit_tables import COLUMNS, REFERENCES

SPOILS = {
    "users": ["username=", "username=TOOLONGNAME", "likejazz=MAYBE", "email=nowhere", "-", "userid=first"],
    "venue": ["venueseats=-5", "venuename=\\N", "+"],
    "event": ["venueid=orphan", "catid=orphan", "dateid=orphan", "starttime=2008-13-45 25:00:00", "eventname=\\N"],
    "listing": [
        "sellerid=orphan", "eventid=orphan", "numtickets=0", "priceperticket=free", "totalprice=0.01", "-",
        "listtime=yesterday",
    ],
    "sales": [
        "listid=orphan", "buyerid=orphan", "qtysold=0", "pricepaid=\\N", "commission=99999.99", "+", "sellerid=orphan",
        "saletime=13/45/2008 99:00:00", "salesid=first",
    ],
}
"""How rows are spoilt: a column gets a value, a field is lacking (-), or there is one too many (+)."""

SHARES = {"users": 0.25, "listing": 0.25, "event": 0.15, "venue": 0.05, "sales": 0.3}
"""What part of the spoilt rows is in which table. The last takes what others have no room for: nothing refers to it."""


class Spoiling:
    """Spoils rows, and finds all that can then not be valid: `rows`, in the order of tables and lines."""

    def __init__(self, tickit, wanted, tables):
        self.tickit = tickit
        self.chance = random.Random(f"{tickit.seed}/spoil")
        self.spoilt = {}
        chosen = [table for table in SHARES if table in tables]
        whole = sum(SHARES[table] for table in chosen)
        for table in chosen:
            left = wanted - len(self.spoilt)
            self.spoil(table, left if table == chosen[-1] else min(left, round(wanted * SHARES[table] / whole)))
        self.rows = list(self.invalid())

    def spoil(self, table, count):
        """Spoil rows that nothing refers to, but one in twenty: rows that refer to it fall with it."""
        rows = self.tickit.rows[table]
        used = self.referred(table)
        free = [place for place in range(1, len(rows)) if rows[place][0] not in used]
        bound = [place for place in range(1, len(rows)) if rows[place][0] in used]
        many = min(len(bound), count // 20 + 1) if table in ("event", "listing") and count > 1 else 0
        chosen = self.chance.sample(free, min(count - many, len(free))) + self.chance.sample(bound, many)
        for number, place in enumerate(chosen):
            recipe = SPOILS[table][number % len(SPOILS[table])]
            self.spoilt[table, place] = self.carry_out(table, rows[place], recipe, rows[0][0])

    def carry_out(self, table, row, recipe, first):
        """Change a row; answer the column that is wrong, None where its number of fields is, and why."""
        if recipe == "-":
            row.pop()
            return None, f"{len(row)} fields"
        if recipe == "+":
            row.append("more")
            return None, f"{len(row)} fields"
        column, value = recipe.split("=", 1)
        place = COLUMNS[table].index(column)
        if value == "orphan":
            parent = self.tickit.rows[REFERENCES[table][column]]
            value = str(max(int(one[0]) for one in parent if one[0].isdigit()) + self.chance.randrange(10, 999))
        row[place] = first if value == "first" else value
        return column, f"{column} is {row[place] or 'empty'}"

    def referred(self, table):
        """Keys of a table that rows of others name."""
        rows = self.tickit.rows
        places = [
            (child, COLUMNS[child].index(column))
            for child, references in REFERENCES.items()
            for column, parent in references.items()
            if parent == table
        ]
        return {row[place] for child, place in places for row in rows[child] if place < len(row)}

    def invalid(self):
        """All rows that cannot be valid."""
        keys = {}
        for table, rows in self.tickit.rows.items():
            keys[table] = set()
            names = COLUMNS[table]
            references = [(names.index(column), column, keys[parent])
                          for column, parent in REFERENCES.get(table, {}).items()]
            for place, row in enumerate(rows):
                if (table, place) in self.spoilt:
                    column, reason = self.spoilt[table, place]
                    yield {"table": table, "line": place + 1, "column": column, "reason": reason}
                    continue
                lost = [column for at, column, parent in references if at >= len(row) or row[at] not in parent]
                if len(row) != len(names):
                    yield {"table": table, "line": place + 1, "column": None, "reason": f"{len(row)} fields"}
                elif lost:
                    reason = f"{lost[0]} refers to a row that is missing or not valid"
                    yield {"table": table, "line": place + 1, "column": lost[0], "reason": reason}
                else:
                    keys[table].add(row[0])
