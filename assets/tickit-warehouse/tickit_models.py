"""What a right row of each of TICKIT's tables is, as pydantic models of rows whose values are texts.

Lengths are bytes of UTF-8, as Redshift counts them; whole numbers and amounts have the ranges of SMALLINT, INTEGER and
DECIMAL(8, 2).
"""

import datetime
import re
from decimal import Decimal
from typing import Annotated, Optional

from pydantic import BaseModel, BeforeValidator, model_validator
from pydantic_core import PydanticCustomError

YEARS = (1900, 2100)
"""The first and the last year of what is valid: Spark refuses to write times of earlier ones as Redshift reads them."""

_AMOUNT = re.compile(r"[0-9]{1,6}(\.[0-9]{1,2}0*)?", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]{1,10}", re.ASCII)
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_ISO_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[ T]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]{1,6})?")
_US_TIME = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}) ([0-9]{1,2}):([0-9]{2}):([0-9]{2})")
_FLAGS = {"true": True, "t": True, "1": True, "yes": True, "false": False, "f": False, "0": False, "no": False}


def _wrong(reason):
    return PydanticCustomError("tickit", "{reason}", {"reason": reason})


def _whole(text):
    if not _WHOLE.fullmatch(text):
        raise _wrong("is not a whole number")
    return int(text)


def _amount(text):
    if not _AMOUNT.fullmatch(text):
        raise _wrong("is not an amount from 0 to 999999.99")
    return Decimal(text)


def _flag(text):
    try:
        return _FLAGS[text.lower()]
    except KeyError:
        raise _wrong("is neither TRUE nor FALSE") from None


def _day(text):
    found = _DAY.fullmatch(text)
    try:
        day = datetime.date(*map(int, found.groups()))
    except (AttributeError, ValueError):
        raise _wrong("is not a date like 2008-02-18") from None
    return _within_years(day)


def _time(text):
    found = _ISO_TIME.fullmatch(text)
    try:
        if found:
            year, month, day, *clock = map(int, found.groups())
        else:
            month, day, year, *clock = map(int, _US_TIME.fullmatch(text).groups())
        time = datetime.datetime(year, month, day, *clock)
    except (AttributeError, ValueError):
        raise _wrong("is not a time like 2008-02-18 02:36:48 or 2/18/2008 02:36:48") from None
    return _within_years(time)


def _within_years(found):
    if not YEARS[0] <= found.year <= YEARS[1]:
        raise _wrong(f"is not of the years {YEARS[0]} to {YEARS[1]}")
    return found


def _text(most):
    def check(text):
        if len(text.encode()) > most:
            raise _wrong(f"has more than {most} bytes")
        return text

    return Annotated[str, BeforeValidator(check)]


def _one_of(names):
    known = set(names.split())

    def check(text):
        if text not in known:
            raise _wrong(f"is none of {names}")
        return text

    return Annotated[str, BeforeValidator(check)]


def _number(least, most):
    def check(number):
        number = _whole(number)
        if not least <= number <= most:
            raise _wrong(f"is not from {least} to {most}")
        return number

    return Annotated[int, BeforeValidator(check)]


def _state(text):
    if not re.fullmatch(r"[A-Z]{2}", text):
        raise _wrong("is not two capital letters")
    return text


def _email(text):
    name, _, host = text.partition("@")
    if not name or not host or "@" in host or len(text.encode()) > 100:
        raise _wrong("is not an address of at most 100 bytes")
    return text


SmallKey = _number(1, 32_767)
Key = _number(1, 2_147_483_647)
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Time = Annotated[datetime.datetime, BeforeValidator(_time)]
State = Annotated[str, BeforeValidator(_state)]


class Category(BaseModel):
    catid: SmallKey
    catgroup: _text(10)
    catname: _text(10)
    catdesc: Optional[_text(50)] = None


class Date(BaseModel):
    dateid: SmallKey
    caldate: Annotated[datetime.date, BeforeValidator(_day)]
    day: _one_of("MO TU WE TH FR SA SU")
    week: _number(1, 53)
    month: _one_of("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")
    qtr: _number(1, 4)
    year: _number(*YEARS)
    holiday: Flag


class Venue(BaseModel):
    venueid: SmallKey
    venuename: _text(100)
    venuecity: _text(30)
    venuestate: State
    venueseats: Optional[_number(0, 1_000_000)] = None


class Event(BaseModel):
    eventid: Key
    venueid: SmallKey
    catid: SmallKey
    dateid: SmallKey
    eventname: _text(200)
    starttime: Time


class Users(BaseModel):
    userid: Key
    username: _text(8)
    firstname: _text(30)
    lastname: _text(30)
    city: Optional[_text(30)] = None
    state: Optional[State] = None
    email: Annotated[str, BeforeValidator(_email)]
    phone: Optional[_text(14)] = None
    likesports: Optional[Flag] = None
    liketheatre: Optional[Flag] = None
    likeconcerts: Optional[Flag] = None
    likejazz: Optional[Flag] = None
    likeclassical: Optional[Flag] = None
    likeopera: Optional[Flag] = None
    likerock: Optional[Flag] = None
    likevegas: Optional[Flag] = None
    likebroadway: Optional[Flag] = None
    likemusicals: Optional[Flag] = None


class Listing(BaseModel):
    listid: Key
    sellerid: Key
    eventid: Key
    dateid: SmallKey
    numtickets: _number(1, 32_767)
    priceperticket: Amount
    totalprice: Amount
    listtime: Time

    @model_validator(mode="after")
    def total(self):
        if self.totalprice != self.numtickets * self.priceperticket:
            raise _wrong("totalprice is not numtickets times priceperticket")
        return self


class Sales(BaseModel):
    salesid: Key
    listid: Key
    sellerid: Key
    buyerid: Key
    eventid: Key
    dateid: SmallKey
    qtysold: _number(1, 32_767)
    pricepaid: Amount
    commission: Amount
    saletime: Time

    @model_validator(mode="after")
    def share(self):
        if self.commission > self.pricepaid:
            raise _wrong("commission is more than pricepaid")
        return self


MODELS = {
    "category": Category, "date": Date, "venue": Venue, "event": Event, "users": Users, "listing": Listing,
    "sales": Sales,
}
"""The model of each table; its fields are the table's columns, in their order."""


def reasons(error):
    """What a ValidationError says is wrong with a row, one text for each fault."""
    found = []
    for one in error.errors(include_url=False, include_context=False, include_input=False):
        text = "is missing" if one["type"] == "missing" else one["msg"]
        column = one["loc"][0] if one["loc"] else ""
        found.append(f"{column}: {text}" if column else text)
    return found
