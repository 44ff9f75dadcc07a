-- What is valid in the seven files of TICKIT, and the three answers, said again in SQL and straight from the files.
-- The tables `fields_<table>` (line, f: its fields, n: how many) are made by oracle.py.

create macro is_whole(text, least, most) as
    regexp_full_match(text, '-?[0-9]{1,10}') and try_cast(text as bigint) between least and most;
create macro is_small_key(text) as is_whole(text, 1, 32767);
create macro is_key(text) as is_whole(text, 1, 2147483647);
create macro is_amount(text) as regexp_full_match(text, '[0-9]{1,6}([.][0-9]{1,2}0*)?');
create macro is_text(text, most) as text is not null and strlen(text) <= most;
create macro is_flag(text) as lower(text) in ('true', 'false', 't', 'f', '1', '0', 'yes', 'no');
create macro within_years(found) as case when year(found) between 1900 and 2100 then found end;
create macro day_of(text) as within_years(try_strptime(text, '%Y-%m-%d'));
create macro time_of(text) as within_years(coalesce(
    try_strptime(text, ['%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%d %H:%M:%S.%g']),
    case when regexp_full_match(text, '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4} [0-9]{1,2}:[0-9]{2}:[0-9]{2}')
        then try_strptime(text, '%m/%d/%Y %H:%M:%S') end));
create macro good(condition) as coalesce(condition, false);

create table valid_category as
select cast(f[1] as int) as catid, f[2] as catgroup, f[3] as catname, f[4] as catdesc, line from (
    select *, row_number() over (partition by f[1] order by line) as nth from fields_category
    where n = 4 and good(is_small_key(f[1])) and good(is_text(f[2], 10)) and good(is_text(f[3], 10))
        and (f[4] is null or good(is_text(f[4], 50))))
where nth = 1;

create table valid_date as
select cast(f[1] as int) as dateid, day_of(f[2]) as caldate, cast(f[7] as int) as year, line from (
    select *, row_number() over (partition by f[1] order by line) as nth from fields_date
    where n = 8 and good(is_small_key(f[1])) and day_of(f[2]) is not null
        and good(f[3] in ('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')) and good(is_whole(f[4], 1, 53))
        and good(f[5] in ('JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'))
        and good(is_whole(f[6], 1, 4)) and good(is_whole(f[7], 1900, 2100)) and good(is_flag(f[8])))
where nth = 1;

create table valid_venue as
select cast(f[1] as int) as venueid, f[2] as venuename, f[3] as venuecity, f[4] as venuestate,
    cast(f[5] as int) as venueseats, line from (
    select *, row_number() over (partition by f[1] order by line) as nth from fields_venue
    where n = 5 and good(is_small_key(f[1])) and good(is_text(f[2], 100)) and good(is_text(f[3], 30))
        and good(regexp_full_match(f[4], '[A-Z]{2}')) and (f[5] is null or good(is_whole(f[5], 0, 1000000))))
where nth = 1;

create table valid_event as
select cast(f[1] as int) as eventid, cast(f[2] as int) as venueid, cast(f[3] as int) as catid, cast(f[4] as int) as dateid,
    f[5] as eventname, time_of(f[6]) as starttime, line from (
    select *, row_number() over (partition by f[1] order by line) as nth from fields_event
    where n = 6 and good(is_key(f[1])) and good(is_small_key(f[2])) and good(is_small_key(f[3]))
        and good(is_small_key(f[4])) and good(is_text(f[5], 200)) and time_of(f[6]) is not null
        and f[2] in (select cast(venueid as varchar) from valid_venue)
        and f[3] in (select cast(catid as varchar) from valid_category)
        and f[4] in (select cast(dateid as varchar) from valid_date))
where nth = 1;

create table valid_users as
select cast(f[1] as int) as userid, f[2] as username, f[3] as firstname, f[4] as lastname, f[5] as city, f[6] as state,
    line from (
    select *, row_number() over (partition by f[1] order by line) as nth from fields_users
    where n = 18 and good(is_key(f[1])) and good(is_text(f[2], 8)) and good(is_text(f[3], 30)) and good(is_text(f[4], 30))
        and (f[5] is null or good(is_text(f[5], 30))) and (f[6] is null or good(regexp_full_match(f[6], '[A-Z]{2}')))
        and good(regexp_full_match(f[7], '[^@]+@[^@]+')) and good(is_text(f[7], 100))
        and (f[8] is null or good(is_text(f[8], 14)))
        and len(list_filter(f[9:18], lambda flag: flag is not null and not is_flag(flag))) = 0)
where nth = 1;

create table valid_listing as
select cast(f[1] as int) as listid, cast(f[2] as int) as sellerid, cast(f[3] as int) as eventid,
    cast(f[4] as int) as dateid, cast(f[5] as int) as numtickets, cast(f[6] as decimal(8, 2)) as priceperticket,
    cast(f[7] as decimal(8, 2)) as totalprice, time_of(f[8]) as listtime, line from (
    select *, row_number() over (partition by f[1] order by line) as nth from fields_listing
    where n = 8 and good(is_key(f[1])) and good(is_key(f[2])) and good(is_key(f[3])) and good(is_small_key(f[4]))
        and good(is_whole(f[5], 1, 32767)) and good(is_amount(f[6])) and good(is_amount(f[7]))
        and time_of(f[8]) is not null
        and try_cast(f[7] as decimal(18, 2)) = try_cast(f[5] as bigint) * try_cast(f[6] as decimal(12, 2))
        and f[2] in (select cast(userid as varchar) from valid_users)
        and f[3] in (select cast(eventid as varchar) from valid_event)
        and f[4] in (select cast(dateid as varchar) from valid_date))
where nth = 1;

create table valid_sales as
select cast(f[1] as int) as salesid, cast(f[2] as int) as listid, cast(f[3] as int) as sellerid,
    cast(f[4] as int) as buyerid, cast(f[5] as int) as eventid, cast(f[6] as int) as dateid, cast(f[7] as int) as qtysold,
    cast(f[8] as decimal(8, 2)) as pricepaid, cast(f[9] as decimal(8, 2)) as commission, time_of(f[10]) as saletime,
    line from (
    select *, row_number() over (partition by f[1] order by line) as nth from fields_sales
    where n = 10 and good(is_key(f[1])) and good(is_key(f[2])) and good(is_key(f[3])) and good(is_key(f[4]))
        and good(is_key(f[5])) and good(is_small_key(f[6])) and good(is_whole(f[7], 1, 32767)) and good(is_amount(f[8]))
        and good(is_amount(f[9])) and time_of(f[10]) is not null
        and try_cast(f[9] as decimal(8, 2)) <= try_cast(f[8] as decimal(8, 2))
        and f[2] in (select cast(listid as varchar) from valid_listing)
        and f[3] in (select cast(userid as varchar) from valid_users)
        and f[4] in (select cast(userid as varchar) from valid_users)
        and f[5] in (select cast(eventid as varchar) from valid_event)
        and f[6] in (select cast(dateid as varchar) from valid_date))
where nth = 1;
