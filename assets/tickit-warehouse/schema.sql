-- The warehouse of TICKIT: dimensions, facts, and one table of all. Columns are in the order of the Parquet files,
-- which COPY takes by position. The names are unqualified: they are made in tickit_staging, and then in public.

create table if not exists dim_date (
    dateid smallint not null,
    caldate date not null,
    day varchar(3) not null,
    week smallint not null,
    month varchar(5) not null,
    qtr smallint not null,
    year smallint not null,
    holiday boolean not null,
    primary key (dateid)
) diststyle all sortkey (dateid);

create table if not exists dim_user (
    userid integer not null,
    username varchar(8) not null,
    firstname varchar(30) not null,
    lastname varchar(30) not null,
    city varchar(30),
    state varchar(2),
    email varchar(100) not null,
    phone varchar(14),
    likesports boolean,
    liketheatre boolean,
    likeconcerts boolean,
    likejazz boolean,
    likeclassical boolean,
    likeopera boolean,
    likerock boolean,
    likevegas boolean,
    likebroadway boolean,
    likemusicals boolean,
    primary key (userid)
) diststyle all sortkey (userid);

create table if not exists dim_venue (
    venueid smallint not null,
    venuename varchar(100) not null,
    venuecity varchar(30) not null,
    venuestate varchar(2) not null,
    venueseats integer,
    primary key (venueid)
) diststyle all sortkey (venueid);

create table if not exists dim_category (
    catid smallint not null,
    catgroup varchar(10) not null,
    catname varchar(10) not null,
    catdesc varchar(50),
    primary key (catid)
) diststyle all sortkey (catid);

-- starttime may be on another day than dateid: that is so in TICKIT.
create table if not exists dim_event (
    eventid integer not null,
    venueid smallint not null,
    catid smallint not null,
    dateid smallint not null,
    eventname varchar(200) not null,
    starttime timestamp not null,
    primary key (eventid)
) diststyle all sortkey (dateid);

-- Listings and their sales lie together, and are sorted by the day: questions are about listings' sales in a time.
create table if not exists fact_listing (
    listid integer not null,
    sellerid integer not null,
    eventid integer not null,
    venueid smallint not null,
    catid smallint not null,
    dateid smallint not null,
    numtickets smallint not null,
    priceperticket decimal(8, 2) not null,
    totalprice decimal(8, 2) not null,
    listtime timestamp not null,
    sales integer not null,
    ticketssold integer not null,
    primary key (listid)
) distkey (listid) sortkey (dateid, listid);

create table if not exists fact_sales (
    salesid integer not null,
    listid integer not null,
    sellerid integer not null,
    buyerid integer not null,
    eventid integer not null,
    venueid smallint not null,
    catid smallint not null,
    dateid smallint not null,
    qtysold smallint not null,
    pricepaid decimal(8, 2) not null,
    commission decimal(8, 2) not null,
    saletime timestamp not null,
    primary key (salesid)
) distkey (listid) sortkey (dateid, listid);

-- A row is a sale, with all that the seven tables know of it.
create table if not exists consolidated_sales (
    salesid integer not null,
    saletime timestamp not null,
    qtysold smallint not null,
    pricepaid decimal(8, 2) not null,
    commission decimal(8, 2) not null,
    saledate date not null,
    saleday varchar(3) not null,
    saleweek smallint not null,
    salemonth varchar(5) not null,
    saleqtr smallint not null,
    saleyear smallint not null,
    saleholiday boolean not null,
    listid integer not null,
    listtime timestamp not null,
    numtickets smallint not null,
    priceperticket decimal(8, 2) not null,
    totalprice decimal(8, 2) not null,
    sellerid integer not null,
    sellerusername varchar(8) not null,
    sellername varchar(61) not null,
    sellercity varchar(30),
    sellerstate varchar(2),
    buyerid integer not null,
    buyerusername varchar(8) not null,
    buyername varchar(61) not null,
    buyercity varchar(30),
    buyerstate varchar(2),
    eventid integer not null,
    eventname varchar(200) not null,
    starttime timestamp not null,
    catid smallint not null,
    catgroup varchar(10) not null,
    catname varchar(10) not null,
    venueid smallint not null,
    venuename varchar(100) not null,
    venuecity varchar(30) not null,
    venuestate varchar(2) not null,
    venueseats integer,
    primary key (salesid)
) distkey (listid) sortkey (saledate, venuestate);
