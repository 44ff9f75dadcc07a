"""Generates the seven files of TICKIT, at its own sizes and in its own formats, from a seed.

    python3 generate.py --out DIR --seed 7 --scale 1.0 --spoil 120

Beside the files it writes `spoilt.json`, which names every row that cannot be valid: the rows spoilt on purpose, and
those that refer to one. People, places and events are made up. DIR may be `s3://bucket/prefix/`; the same file is a
Glue job. `--beside DIR` takes the files of that directory as given, makes only those that are missing, and lets them
refer to the given rows.
"""

import argparse
import collections
import datetime
import json
import random
import string
from pathlib import Path

try:
    import tickit_tables  # noqa: F401
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

from tickit_spoiling import SPOILS, Spoiling
from tickit_tables import COLUMNS, FILES, REFERENCES

SIZES = {"users": 49_990, "event": 8_798, "listing": 192_497, "sales": 172_456}
"""Rows at scale 1; the other tables have one size."""

SALES_OF_A_LISTING = {1: 48_029, 2: 36_570, 3: 14_665, 4: 1_808, 5: 12}
"""How many listings have so many sales, at scale 1. They add up to the sales above."""

STATES = """AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH
OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY""".split()


def main():
    parser = argparse.ArgumentParser(description="Generate the seven files of TICKIT.", allow_abbrev=False)
    parser.add_argument("--out", required=True, help="directory, or s3://bucket/prefix/")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--scale", type=float, default=1.0, help="1 is TICKIT's own size")
    parser.add_argument("--spoil", type=int, help="how many rows to spoil; 120 at scale 1, and at least 12")
    parser.add_argument("--beside", help="where files are that are taken as given")
    given, _ = parser.parse_known_args()  # Glue adds arguments of its own
    wanted = max(12, round(120 * given.scale)) if given.spoil is None else given.spoil
    if not 0 < given.scale <= 100 or wanted < 0:
        parser.error("--scale is above 0 and at most 100, --spoil is not below 0")
    target = folder(given.out)
    beside = folder(given.beside) if given.beside else None
    found = {table: beside.read(name) for table, name in FILES.items()} if beside else {}
    found = {table: data for table, data in found.items() if data is not None}
    tickit = Tickit(given.seed, given.scale, {table: parsed(table, data) for table, data in found.items()})
    spoilt = Spoiling(tickit, wanted, [table for table in SPOILS if table not in found]).rows
    for table, name in FILES.items():
        data = found.get(table) or written(table, tickit.rows[table])
        if table not in found or target.place != beside.place:
            target.write(name, data)
        print(f"{name}: {len(tickit.rows[table])} rows, {'as given' if table in found else 'made'}")
    summary = {
        "seed": given.seed,
        "scale": given.scale,
        "given": sorted(found),
        "rows": {table: len(rows) for table, rows in tickit.rows.items()},
        "invalid": dict(collections.Counter(row["table"] for row in spoilt)),
        "spoilt": spoilt,
    }
    target.write("spoilt.json", json.dumps(summary, indent=1).encode())
    print(f"spoilt.json: {len(spoilt)} rows cannot be valid, {wanted} of them wanted so")


class Tickit:
    """All rows, as lists of fields; tables that are given are kept, the others made to refer to them."""

    def __init__(self, seed, scale, given):
        self.seed = seed
        self.scale = scale
        self.rows = dict(given)
        for table in FILES:
            if table not in self.rows:
                self.rows[table] = list(getattr(self, table)(random.Random(f"{seed}/{table}")))
        self.rows = {table: self.rows[table] for table in FILES}  # parents first, also where the child was given

    def size(self, table):
        return max(1, round(SIZES[table] * self.scale))

    def category(self, chance):
        kinds = {
            "Sports": ["Baseball:Baseball games of the league", "Hockey:Ice hockey games", "Football:Football games",
                       "Basket:Basketball games", "Soccer:Soccer games"],
            "Shows": ["Musicals:Plays with songs", "Plays:Plays without songs", "Opera:Operas and operettas"],
            "Concerts": ["Pop:Rock and pop", "Jazz:Bands and singers of jazz", "Classical:Orchestras and choirs"],
        }
        all_kinds = [(group, *kind.split(":")) for group, names in kinds.items() for kind in names]
        return ([str(number), *kind] for number, kind in enumerate(all_kinds, 1))

    def date(self, chance):
        """The days of 2008 but the leap day: TICKIT has 365."""
        holidays = {(1, 1), (5, 26), (7, 4), (9, 1), (11, 27), (12, 25), (12, 26)}
        first = datetime.date(2008, 1, 1)
        days = [first + datetime.timedelta(days=number) for number in range(366)]
        for number, day in enumerate([day for day in days if (day.month, day.day) != (2, 29)], 1827):
            week = (day.timetuple().tm_yday + 3) // 7 + (day.timetuple().tm_yday < 4)
            yield [
                str(number), day.isoformat(), ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][day.weekday()], str(week),
                day.strftime("%b").upper(), str((day.month + 2) // 3), str(day.year),
                "TRUE" if (day.month, day.day) in holidays else "FALSE",
            ]

    def venue(self, chance):
        kinds = ["Hall", "Arena", "Theatre", "Stadium", "Park", "Playhouse", "Auditorium", "Opera House"]
        for number in range(1, 203):
            seats = "0" if chance.random() < 0.64 else str(chance.randrange(8_000, 92_000))
            yield [
                str(number), f"{surname(chance)} {chance.choice(kinds)}", city(chance), chance.choice(STATES),
                "\\N" if number % 14 == 0 else seats,
            ]

    def event(self, chance):
        venues = some([row[0] for row in self.rows["venue"]], 0.95, chance)
        categories = [row[0] for row in self.rows["category"]]
        shows = [key for key in categories if int(key) >= 6] or categories
        days = self.days()
        names = [event_name(chance) for _ in range(max(5, self.size("event") // 15))]
        hours = ["14:00:00", "15:00:00", "19:00:00", "19:30:00", "14:30:00", "20:00:00"]
        for number in range(1, self.size("event") + 1):
            place = chance.randrange(len(days))
            starts = chance.randrange(len(days)) if chance.random() < 0.08 else place
            yield [
                str(number), chance.choice(venues), chance.choice(shows), days[place][0], chance.choice(names),
                f"{days[starts][1]} {chance.choice(hours)}",
            ]

    def users(self, chance):
        names = set()
        while len(names) < self.size("users"):
            letters = [chance.choice(string.ascii_uppercase) for _ in range(6)]
            names.add(f"{''.join(letters[:3])}{chance.randrange(100):02}{''.join(letters[3:])}")
        cities = [(city(chance), chance.choice(STATES)) for _ in range(max(20, self.size("users") // 40))]
        for number, name in enumerate(sorted(names, key=lambda name: name[::-1]), 1):
            first, last, (town, state) = first_name(chance), surname(chance), chance.choice(cities)
            likes = [("TRUE", "FALSE", "")[int(chance.random() * 3)] for _ in range(10)]
            email = f"{first}.{last}{number % 97}@{town.replace(' ', '').lower()}.example".lower()
            area, line = chance.randrange(200, 1000), chance.randrange(10_000)
            phone = "" if chance.random() < 0.01 else f"({area}) 555-{line:04}"
            yield [str(number), name, first, last, town, state, email, phone, *likes]

    def listing(self, chance):
        """Offers of tickets, made on some day before the event's."""
        days = self.days()
        place = {day[0]: number for number, day in enumerate(days)}
        valid = Validity(self.rows)
        events = [row for row in self.rows["event"] if not valid.missing("event", row)]
        if not events:
            raise ValueError("none of the given events has a venue, a category and a day: no listing can be made")
        events = [(row[0], place[row[3]]) for row in some(events, 0.95, chance)]
        sellers = some([row[0] for row in self.rows["users"]], 0.9, chance)
        least = self.sales_of_listings(self.size("listing"))
        draw = chance.random
        for number in range(1, self.size("listing") + 1):
            event, last = events[int(draw() * len(events))]
            key, day = days[int(draw() * (last + 1))]
            tickets = max(int(1 + draw() * draw() * 30), least[number - 1])
            price = int(20 + (draw() + draw()) * 300) if draw() > 0.005 else int(700 + draw() * 879)
            yield [
                str(number), sellers[int(draw() * len(sellers))], event, key, str(tickets), str(price),
                str(tickets * price), f"{day} {clock(draw())}",
            ]

    def sales_of_listings(self, listings):
        """How many sales each of so many listings has."""
        if "sales" in self.rows:
            return [0] * listings
        counts = [count for count, many in SALES_OF_A_LISTING.items() for _ in range(round(many * self.scale))]
        counts = (counts + [0] * listings)[:listings]
        left = min(self.size("sales"), 5 * listings) - sum(counts)
        while left:  # what rounding left, or fewer listings than the scale has
            for place, count in enumerate(counts):
                step = (left > 0 and count < 5) - (left < 0 < count)
                counts[place] += step
                left -= step
                if not left:
                    break
        random.Random(f"{self.seed}/counts").shuffle(counts)
        return counts

    def sales(self, chance):
        """What was bought of the listings, between the day of the listing and that of the event."""
        days = self.days()
        place = {day[0]: number for number, day in enumerate(days)}
        text = [f"{int(day[5:7])}/{int(day[8:])}/{day[:4]}" for _, day in days]
        ends = {row[0]: place.get(row[3]) for row in self.rows["event"] if len(row) > 3}
        buyers = some([row[0] for row in self.rows["users"]], 0.9, chance)
        valid = Validity(self.rows)
        listings = [row for row in self.rows["listing"] if not valid.missing("listing", row) and row[4].isdigit()]
        draw = chance.random
        number = owed = 0
        for row, count in zip(listings, self.sales_of_listings(len(listings))):
            left, cents, first = int(row[4]), round(float(row[5]) * 100), place[row[3]]
            last = max(first, ends[row[2]])
            count, owed = min(count + owed, left, 5), max(0, count + owed - min(left, 5))  # given ones may have too few
            for more in range(count - 1, -1, -1):
                number += 1
                quantity = 1 + int(draw() * draw() * min(8, left - more))
                left -= quantity
                paid = quantity * cents
                buyer = buyers[int(draw() * len(buyers))]
                day = first + int(draw() * (last - first + 1))
                yield [
                    str(number), row[0], row[1], buyer, row[2], days[day][0], str(quantity), money(paid),
                    money(paid * 15 // 100), f"{text[day]} {clock(draw())}",
                ]

    def days(self):
        """Identifier and date of each day, in order."""
        return sorted(((row[0], row[1]) for row in self.rows["date"] if len(row) > 1), key=lambda day: day[1])


class Validity:
    """Which rows refer to rows that are there."""

    def __init__(self, rows):
        self.rows = rows
        self.keys = {}

    def missing(self, table, row):
        """The first column of a row that refers to nothing; None when the row is whole and all refer to something."""
        names = COLUMNS[table]
        if len(row) != len(names):
            return names[0]
        for column, parent in REFERENCES.get(table, {}).items():
            if row[names.index(column)] not in self.of(parent):
                return column
        return None

    def of(self, table):
        if table not in self.keys:
            self.keys[table] = {row[0] for row in self.rows[table] if not self.missing(table, row)}
        return self.keys[table]


class Directory:
    """Files of a directory."""

    def __init__(self, path):
        self.path = Path(path)

    @property
    def place(self):
        return self.path.resolve()

    def read(self, name):
        file = self.path / name
        return file.read_bytes() if file.exists() else None

    def write(self, name, data):
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_bytes(data)


class Prefix:
    """Objects below a prefix of a bucket."""

    def __init__(self, uri):
        import boto3

        self.bucket, _, self.prefix = uri[len("s3://"):].partition("/")
        self.prefix = self.prefix.rstrip("/") + "/" if self.prefix else ""
        self.s3 = boto3.client("s3")

    @property
    def place(self):
        return self.bucket, self.prefix

    def read(self, name):
        try:
            return self.s3.get_object(Bucket=self.bucket, Key=self.prefix + name)["Body"].read()
        except self.s3.exceptions.NoSuchKey:
            return None

    def write(self, name, data):
        self.s3.put_object(Bucket=self.bucket, Key=self.prefix + name, Body=data)


def folder(place):
    return Prefix(place) if place.startswith("s3://") else Directory(place)


def parsed(table, data):
    delimiter = "\t" if table == "sales" else "|"
    return [line.split(delimiter) for line in data.decode().splitlines()]


def written(table, rows):
    delimiter = "\t" if table == "sales" else "|"
    return "".join(delimiter.join(row) + "\r\n" for row in rows).encode()


def some(values, share, chance):
    """A share of the values, at least one: nothing refers to the rest."""
    return [value for value in values if chance.random() < share] or values[:1]


def clock(share):
    second = int(share * 86_400)
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def money(cents):
    return f"{cents // 100}.{cents % 100:02}".rstrip("0").rstrip(".")


def first_name(chance):
    first = "Al Be Bran Ca Dar El Fen Gal Har Il Jo Ka Lo Mar Nel Or Pe Ro Sa Tam Ul Ve Wil Ya Zo".split()
    last = "ba dan dra fin la lena lin mar na nor ra ren rin sa son ta tor va vin wen".split()
    return chance.choice(first) + chance.choice(last)


def surname(chance):
    first = "Ald Bark Cald Dray Elm Farn Garn Holl Ing Kest Lang Marl Nor Oak Pell Quin Rav Stan Thorn Ward Yar".split()
    last = "bury by croft den er ford ham ing ington ley low man mere more ridge son stead ton well wick".split()
    return chance.choice(first) + chance.choice(last)


def city(chance):
    first = "Amber Birch Clay Deer Eagle Fox Glen Haven Iron Jasper Lake Maple New North Old Pine River South".split()
    last = "bridge brook burg dale falls field ford grove harbor hill mill point port ridge side ton view ville".split()
    return chance.choice(first) + chance.choice(last)


def event_name(chance):
    first = "The Golden Silent Winter Midnight Broken Flying Seven Last Painted Hidden Electric Velvet Distant".split()
    last = "Lanterns Harbor Sisters Garden Machine Letters River Masquerade Orchard Parade Echoes Compass Cat".split()
    return f"{chance.choice(first)} {chance.choice(last)}"


if __name__ == "__main__":
    main()
