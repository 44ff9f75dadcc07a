"""TICKIT's seven tables: their columns, their files, and what refers to what."""

FILES = {
    "category": "category_pipe.txt",
    "date": "date2008_pipe.txt",
    "venue": "venue_pipe.txt",
    "event": "allevents_pipe.txt",
    "users": "allusers_pipe.txt",
    "listing": "listings_pipe.txt",
    "sales": "sales_tab.txt",
}
"""Each table's own file, which no other line of it names; parents come before what refers to them."""

TABLES = tuple(FILES)

_COLUMNS = {
    "category": "catid catgroup catname catdesc",
    "date": "dateid caldate day week month qtr year holiday",
    "venue": "venueid venuename venuecity venuestate venueseats",
    "event": "eventid venueid catid dateid eventname starttime",
    "users": "userid username firstname lastname city state email phone likesports liketheatre likeconcerts likejazz "
    "likeclassical likeopera likerock likevegas likebroadway likemusicals",
    "listing": "listid sellerid eventid dateid numtickets priceperticket totalprice listtime",
    "sales": "salesid listid sellerid buyerid eventid dateid qtysold pricepaid commission saletime",
}

COLUMNS = {table: names.split() for table, names in _COLUMNS.items()}
"""Columns in the order of the files. The first is the table's key."""

REFERENCES = {
    "event": {"venueid": "venue", "catid": "category", "dateid": "date"},
    "listing": {"sellerid": "users", "eventid": "event", "dateid": "date"},
    "sales": {"listid": "listing", "sellerid": "users", "buyerid": "users", "eventid": "event", "dateid": "date"},
}
"""Which columns name a row of which table."""
