# ruff: noqa: E501 - statements and rows are easier to read in one line
"""Statements in Redshift's dialect, over tables of our own: what AWS's documentation says is possible, and its answer.

A case is a statement and the rows it answers, or None where it is enough that it runs.
"""

from __future__ import annotations

from typing import Any

SETUP = """
create schema if not exists shop;
create table shop.customers (
  id integer identity(1, 1) not null encode az64,
  name varchar(60) not null encode lzo,
  city varchar encode zstd,
  joined date encode raw,
  vip boolean default false,
  primary key (id)
) diststyle key distkey (id) compound sortkey (joined, id);
create table shop.orders (
  id bigint not null distkey sortkey,
  customer_id integer references shop.customers (id),
  placed timestamp without time zone,
  amount decimal(10, 2),
  items int,
  note varchar(max),
  status char(8) default 'new'
);
create table visits (page varchar(20), seen timestamptz, seconds real, details super) diststyle even;
create temp table #staging (id int, label text);
insert into shop.customers (name, city, joined, vip) values
  ('Ada', 'London', '2020-01-15', true), ('Grace', 'New York', '2020-02-29', false), ('Linus', null, '2021-12-31', false),
  ('Ada', 'Paris', '2021-03-01', true);
insert into shop.orders values
  (1, 1, '2022-01-31 10:20:30', 10.50, 1, 'a|b', 'paid'), (2, 1, '2022-02-01 00:00:00', 20.25, 2, 'x-y-z', 'paid'),
  (3, 2, '2022-02-28 23:59:59', 5.00, 4, null, default), (4, 3, '2022-12-31 12:00:00', 99.99, 10, 'Fox 42 fox', 'sent');
insert into visits values
  ('home', '2022-03-04 05:06:07+00', 1.5, json_parse('{"user":{"name":"ada","tags":["x","y"]},"n":3}')),
  ('cart', '2022-03-05 15:00:00+00', 2.5, json_parse('{"user":{"name":"bob","tags":[]},"n":7.5}'));
insert into #staging values (1, 'one'), (2, 'two'), (2, 'deux');
"""

_DATES: list[tuple[str, list[tuple[Any, ...]] | None]] = [
    ("select datediff(month, '2022-01-31', '2022-02-01')", [(1,)]),
    ("select datediff(qtr, '1998-07-01', '2000-04-01')", [(7,)]),
    ("select datediff(year, date '2021-12-31', date '2022-01-01')", [(1,)]),
    ("select datediff(day, '2022-01-01 23:59:59', '2022-01-02 00:00:00')", [(1,)]),
    ("select datediff(hour, '2022-01-01 00:59:00'::timestamp, '2022-01-01 01:01:00'::timestamp)", [(1,)]),
    ("select datediff('minutes', '2022-01-01 00:00:59', '2022-01-01 00:01:00')", [(1,)]),
    ("select datediff(week, '2009-01-01', '2009-12-31') as numweeks", [(52,)]),
    ("select datediff(day, '2022-03-01', '2022-02-01')", [(-28,)]),
    ("select datediff(ms, '2022-01-01 00:00:00', '2022-01-01 00:00:01.5')", [(1500,)]),
    ("select datediff(h, time '12:30:00', time '14:00:00')", [(2,)]),
    ("select datediff(day, placed, getdate()) > 0 from shop.orders where id = 1", [(True,)]),
    ("select date_diff('day', '2022-01-01', '2022-01-31')", [(30,)]),
    ("select dateadd(day, 30, '2022-01-01')", [("2022-01-31 00:00:00",)]),
    ("select dateadd(month, 1, '2008-01-31')", [("2008-02-29 00:00:00",)]),
    ("select dateadd(mon, 18, date '2008-02-28')", [("2009-08-28 00:00:00",)]),
    ("select dateadd(hour, -2, timestamp '2022-01-01 01:00:00')", [("2021-12-31 23:00:00",)]),
    ("select dateadd(minute, 5, time '13:24:55')", [("13:29:55",)]),
    ("select dateadd(week, 1, placed) from shop.orders where id = 2", [("2022-02-08 00:00:00",)]),
    ("select add_months('2008-02-29', 1), add_months('2008-01-31', 1)",
     [("2008-03-31 00:00:00", "2008-02-29 00:00:00")]),
    ("select months_between('1969-01-18', '1969-03-18')", [(-2.0,)]),
    ("select last_day(date '2008-02-10')", [("2008-02-29",)]),
    ("select next_day('2014-08-20', 'Tuesday')", [("2014-08-26",)]),
    ("select date_trunc('month', placed) from shop.orders where id = 1", [("2022-01-01 00:00:00",)]),
    ("select date_trunc('week', '2022-01-02')", [("2021-12-27 00:00:00",)]),
    ("select date_trunc('qtr', timestamp '2022-05-17 11:00:00')", [("2022-04-01 00:00:00",)]),
    ("select trunc(placed) from shop.orders where id = 1", [("2022-01-31",)]),
    ("select date_part(dow, placed), date_part('yr', placed) from shop.orders where id = 1", [(1.0, 2022.0)]),
    ("select date_part(w, timestamp '2008-06-17 09:44:54')", [(25.0,)]),
    ("select extract(month from placed), extract(epoch from timestamp '1970-01-01 00:01:00') from shop.orders where id = 3",
     [(2, 60)]),
    ("select extract(dayofweek from date '2022-01-02'), extract(week from date '2022-01-03')", [(0, 1)]),
    ("select to_char(timestamp '2009-12-31 23:15:59', 'MONTH-DY-DD-YYYY HH12:MIPM')", [("DECEMBER -THU-31-2009 11:15PM",)]),
    ("select to_char(125.8, '999.99'), to_char(-125.8, '999D99S')", [(" 125.80", "125.80-")]),
    ("select to_date('01 Jan 2000', 'DD Mon YYYY')", [("2000-01-01",)]),
    ("select to_timestamp('05 Dec 2000', 'DD Mon YYYY')", [("2000-12-05 00:00:00+00",)]),
    ("select convert_timezone('EST', 'UTC', timestamp '2022-01-01 12:00:00')", [("2022-01-01 17:00:00",)]),
    ("select convert_timezone('America/New_York', '2013-02-01 08:00:00')", [("2013-02-01 03:00:00",)]),
    ("select timezone('Europe/Berlin', timestamptz '2022-07-01 10:00:00+00')", [("2022-07-01 12:00:00",)]),
    ("select seen at time zone 'Asia/Tokyo' from visits where page = 'home'", [("2022-03-04 14:06:07",)]),
    ("select getdate() is not null, sysdate is not null, current_date = trunc(sysdate)", [(True, True, True)]),
    ("select count(*) from shop.orders where placed > getdate() - 7", [(0,)]),
    ("select date_cmp('2008-01-01', '2008-01-04'), timestamp_cmp(timestamp '2008-01-02', timestamp '2008-01-01')", [(-1, 1)]),
    ("select interval '1 day 2 hours', interval '52' minute", [("1 day 02:00:00", "00:52:00")]),
    ("select timestamp '2022-01-31 00:00:00' + interval '1 month'", [("2022-02-28 00:00:00",)]),
    ("select date '2022-01-05' - date '2022-01-01', date '2022-01-01' + 3", [(4, "2022-01-04")]),
    ("select datepart_year from (select date_part_year(date '2022-06-01') as datepart_year)", [(2022,)]),
]

_TEXT: list[tuple[str, list[tuple[Any, ...]] | None]] = [
    ("select len('français'), length('abc'), octet_length('français'), textlen('ab')", [(8, 3, 9, 2)]),
    ("select charindex('dog', 'a dog'), strpos('abc', 'c'), position('b' in 'abc')", [(3, 3, 2)]),
    ("select 'a' || 'b', concat('a', 'b'), concat('a', null)", [("ab", "ab", None)]),
    ("select left('abcdef', 2), right('abcdef', 2), substring('caterpillar', 6, 4), substr('abc', 2)",
     [("ab", "ef", "pill", "bc")]),
    ("select lpad('7', 3, '0'), rpad('7', 3, 'x'), replicate('ab', 2), repeat('x', 3)", [("007", "7xx", "abab", "xxx")]),
    ("select btrim('  abc  '), ltrim('xxabc', 'x'), rtrim('abc   '), trim('\"' from '\"dog\"')", [("abc", "abc", "abc", "dog")]),
    ("select initcap('nibh.enim@sem.org'), upper('a'), lower('B')", [("Nibh.Enim@Sem.Org", "A", "b")]),
    ("select split_part('abc$def$ghi', '$', 2), reverse('abc'), translate('mint tea', 'inea', 'osin')",
     [("def", "cba", "most tin")]),
    ("select replace('most tin', 't', 'd'), chr(65), ascii('A')", [("mosd din", "A", 65)]),
    ("select regexp_count('abcdefghijklmnopqrstuvwxyz', '[a-z]{3}')", [(8,)]),
    (r"select regexp_substr('user@host.org', '@[a-z]+\\.[a-z]+'), regexp_substr('abc', '[0-9]+')", [("@host.org", "")]),
    (r"select regexp_replace('user@host.org', '@.*\\.(org|com)$'), regexp_replace('a1b2', '[0-9]', 'x')", [("user", "axbx")]),
    ("select regexp_instr('the fox', 'fox'), regexp_instr('the fox', 'FOX', 1, 1, 0, 'i')", [(5, 5)]),
    (r"select regexp_substr('a fox', '(\\w+) (\\w+)', 1, 1, 'e')", [("a",)]),
    ("select note from shop.orders where note similar to '%(f|F)ox%'", [("Fox 42 fox",)]),
    ("select note from shop.orders where note ~ '^[a-z]-' and note !~ 'q'", [("x-y-z",)]),
    ("select name from shop.customers where name ilike 'gr%' and name not like '%z%'", [("Grace",)]),
    (r"select count(*) from shop.orders where note like 'a\\|%'", [(1,)]),
    ("select md5('Amazon Redshift')", [("f7415e33f972c03abd4f3fed36748f7a",)]),
    ("select sha1('abc'), func_sha1('abc') = sha('abc')", [("a9993e364706816aba3e25717850c26c9cd0d89d", True)]),
    ("select sha2('abc', 256)", [("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",)]),
    ("select fnv_hash('Amazon Redshift')", [(7783490368944507294,)]),
    ("select strtol('abcd1234', 16), strtol('1234567', 10), strtol('110101', 2), to_hex(2147676847)",
     [(2882343476, 1234567, 53, "8002f2af")]),
    ("select soundex('Amazon'), quote_ident('a b'), quote_literal('it''s')", [("A525", '"a b"', "'it''s'")]),
    ("select listagg(name, ', ') within group (order by name, id) from shop.customers", [("Ada, Ada, Grace, Linus",)]),
    ("select listagg(distinct name, '|') within group (order by name) from shop.customers", [("Ada|Grace|Linus",)]),
    ("select listagg(id) from shop.orders where id < 2", [("1",)]),
    ("select distinct listagg(id, ',') within group (order by id desc) over (partition by customer_id) from shop.orders "
     "where customer_id = 1", [("2,1",)]),
    ("select 'a' 'b' is not null", None),
    ("select name || ' of ' || nvl(city, 'nowhere') from shop.customers where id = 3", [("Linus of nowhere",)]),
    ("select bit_length('abc'), octetindex('q', 'Amazon Redshift'), octetindex('d', 'Redshift')", [(24, 0, 3)]),
]
_TEXT = [case for case in _TEXT if case[0] != "select 'a' 'b' is not null"]

_CONDITIONS: list[tuple[str, list[tuple[Any, ...]] | None]] = [
    ("select nvl(null, 1), coalesce(null, null, 2), isnull(null, 3), ifnull(null, 4)", [(1, 2, 3, 4)]),
    ("select nvl2(city, 'has', 'has not') from shop.customers order by id", [("has",), ("has",), ("has not",), ("has",)]),
    ("select decode(items, 1, 'one', 2, 'two', 'many') from shop.orders order by id", [("one",), ("two",), ("many",), ("many",)]),
    ("select decode(null, null, 'same', 'other'), decode(5, 1, 'x')", [("same", None)]),
    ("select nullif('a', 'a'), greatest(1, null, 3), least(2, 1)", [(None, 3, 1)]),
    ("select case when vip then 'v' else 'n' end from shop.customers where id = 1", [("v",)]),
    ("select case city when 'Paris' then 1 else 0 end from shop.customers where id = 4", [(1,)]),
    ("select name from shop.customers where vip is true and city in ('Paris', 'Rome')", [("Ada",)]),
    ("select 10 between 1 and 10, not (1 = 2), 1 <> 2, 1 != 2", [(True, True, True, True)]),
    ("select count(*) from shop.customers where city is null or (joined >= '2021-01-01' and joined < '2022-01-01')", [(2,)]),
    ("select cast('123' as int), '4.5'::decimal(4, 1), convert(integer, '7'), 1::bool", [(123, "4.5", 7, True)]),
    ("select cast(12.5 as varchar), 12.345::numeric(5, 2), '2022-01-01'::date", [("12.5", "12.35", "2022-01-01")]),
]

_NUMBERS: list[tuple[str, list[tuple[Any, ...]] | None]] = [
    ("select abs(-1), ceil(1.2), ceiling(1.2), floor(1.8), round(2.567, 2), trunc(2.567, 1)",
     [(1, "2", "2", "1", "2.57", "2.5")]),
    ("select mod(7, 3), 7 % 3, power(2, 10), sqrt(9), round(cbrt(27)), sign(-3)", [(1, 1, 1024.0, 3.0, 3.0, -1.0)]),
    ("select ln(1), log(100), dlog10(1000), dexp(0), exp(0), pi() > 3.14", [(0.0, 2.0, 3.0, 1.0, 1.0, True)]),
    ("select 7 / 2, -7 / 2, 7.0 / 2 > 3.4", [(3, -3, True)]),
    ("select degrees(pi()), radians(180) = pi(), random() < 1", [(180.0, True, True)]),
    ("select 5 & 3, 5 | 3, ~1, 1 << 3", [(1, 7, -2, 8)]),
    ("select to_number('12,454.8-', '99G999D9S')", [("-12454.8",)]),
    ("select avg(items) from shop.orders", [(4,)]),
    ("select avg(amount) from shop.orders", [("33.94",)]),
    ("select customer_id, avg(items) over (partition by customer_id) from shop.orders order by id limit 1", [(1, 1)]),
    ("select avg(items) filter (where items < 4), avg(distinct items) from shop.orders", [(1, 4)]),
    ("select sum(items), sum(amount), min(placed), max(status) from shop.orders",
     [(17, "135.74", "2022-01-31 10:20:30", "sent    ")]),
    ("select count(*), count(note), count(distinct customer_id), approximate count(distinct customer_id) from shop.orders",
     [(4, 3, 3, 3)]),
    ("select median(items) from shop.orders", [(3.0,)]),
    ("select percentile_cont(0.5) within group (order by amount) from shop.orders", [(15.375,)]),
    ("select percentile_disc(0.5) within group (order by items) from shop.orders", [(2,)]),
    ("select approximate percentile_disc(0.25) within group (order by items) from shop.orders", [(1,)]),
    ("select stddev_samp(items) > 4, var_pop(items) > 10, stddev(items) is not null, variance(items) > 0 from shop.orders",
     [(True, True, True, True)]),
    ("select bool_and(vip), bool_or(vip), any_value(name) is not null from shop.customers", [(False, True, True)]),
    ("select bit_and(items), bit_or(items) from shop.orders", [(0, 15)]),
    ("select width_bucket(5.35, 0.024, 10.06, 5)", [(3,)]),
]

_QUERIES: list[tuple[str, list[tuple[Any, ...]] | None]] = [
    ("select top 2 id from shop.orders order by id desc", [(4,), (3,)]),
    ("select id from shop.orders order by id limit 2 offset 1", [(2,), (3,)]),
    ("select id from shop.orders qualify row_number() over (partition by customer_id order by id desc) = 1 order by id",
     [(2,), (3,), (4,)]),
    ("select customer_id, rank() over (order by amount desc), dense_rank() over (order by customer_id), "
     "ntile(2) over (order by id) from shop.orders order by id limit 1", [(1, 3, 1, 1)]),
    ("select id, lag(id) over (order by id), lead(id, 1) over (order by id) from shop.orders order by id limit 1", [(1, None, 2)]),
    ("select sum(items) over (order by id rows unbounded preceding) from shop.orders order by id", [(1,), (3,), (7,), (17,)]),
    ("select first_value(note) ignore nulls over (order by id desc rows between unbounded preceding and unbounded following) "
     "from shop.orders limit 1", [("Fox 42 fox",)]),
    ("select last_value(note ignore nulls) over (order by id rows between unbounded preceding and current row) "
     "from shop.orders where id = 3", [(None,)]),
    ("select nth_value(id, 2) over (order by id rows between unbounded preceding and unbounded following) "
     "from shop.orders limit 1", [(2,)]),
    ("select cume_dist() over (order by id), percent_rank() over (order by id) from shop.orders limit 1", [(0.25, 0.0)]),
    ("select id, ratio_to_report(items) over (partition by customer_id) from shop.orders order by id limit 2",
     [(1, 1 / 3), (2, 2 / 3)]),
    ("with recent as (select * from shop.orders where placed > '2022-02-01'), sums as (select sum(items) s from recent) "
     "select s from sums", [(14,)]),
    ("with recursive n(i) as (select 1 union all select i + 1 from n where i < 4) select max(i) from n", [(4,)]),
    ("select name from shop.customers union select page from visits order by 1 limit 1", [("Ada",)]),
    ("select customer_id from shop.orders minus select 1 order by 1", [(2,), (3,)]),
    ("select customer_id from shop.orders intersect select 1", [(1,)]),
    ("select c.name, count(o.id) from shop.customers c left outer join shop.orders o on c.id = o.customer_id "
     "group by 1 having count(o.id) > 1", [("Ada", 2)]),
    ("select o.id from shop.orders o join shop.customers c on o.customer_id = c.id and c.vip where o.amount > all "
     "(select 5.00) order by 1", [(1,), (2,)]),
    ("select name from shop.customers c where exists (select 1 from shop.orders where customer_id = c.id and items > 5)",
     [("Linus",)]),
    ("select city, count(*) from shop.customers group by rollup (city) order by 2 desc limit 1", [(None, 4)]),
    ("select vip, city, grouping(city) from shop.customers group by grouping sets ((vip), (vip, city)) limit 1", None),
    ("select vip, count(*) from shop.customers group by cube (vip) order by 2 desc limit 1", [(None, 4)]),
    ("select \"Name\" from shop.Customers where ID = 2", [("Grace",)]),
    ("select * from (select customer_id, status, items from shop.orders) pivot (sum(items) for status in ('paid', 'sent' as out)) "
     "order by customer_id", [(1, 3, None), (2, None, None), (3, None, 10)]),
    ("select * from (select 1 as id, 10 as a, 20 as b) unpivot (v for k in (a, b)) order by v", [(1, "a", 10), (1, "b", 20)]),
    ("select distinct status from shop.orders order by status", [("new     ",), ("paid    ",), ("sent    ",)]),
    ("select s.label from #staging s where s.id = 2 order by 1", [("deux",), ("two",)]),
    ("select 1 as value, 2 as year, 'x' as \"Mixed Case\"", [(1, 2, "x")]),
    ("select o.* from shop.orders o where o.customer_id in (select id from shop.customers where vip) and id = 1", None),
    ("select /*+ hint */ 1 -- end", [(1,)]),
    ("select current_user, user, session_user is not null, current_database(), current_schema()",
     [("awsuser", "awsuser", True, "dev", "public")]),
    ("select version() like '%Redshift%', pg_backend_pid() > 0", [(True, True)]),
    ("select count(*) from shop.customers a, shop.customers b where a.id < b.id", [(6,)]),
    ("select a.id from shop.orders a natural join (select 1::bigint as id) b", [(1,)]),
    ("select id from shop.orders where (customer_id, items) in ((1, 2), (2, 4)) order by id", [(2,), (3,)]),
    ("explain select * from shop.orders", None),
    ("select has_table_privilege('awsuser', 'shop.orders', 'select')", [(True,)]),
]

_SUPER: list[tuple[str, list[tuple[Any, ...]] | None]] = [
    ("select v.details.user.name from visits v where v.page = 'home'", [('"ada"',)]),
    ("select details.user.name::varchar from visits where page = 'home'", [("ada",)]),
    ("select v.details.user.tags[0] from visits v where v.page = 'home'", [('"x"',)]),
    ("select page from visits v where v.details.user.name = 'bob'", [("cart",)]),
    ("select page from visits v where v.details.n > 5", [("cart",)]),
    ("select v.page, t from visits v, v.details.user.tags t order by 2", [("home", '"x"'), ("home", '"y"')]),
    ("select v.page, t, i from visits v, v.details.user.tags as t at i where v.page = 'home' order by i",
     [("home", '"x"', 0), ("home", '"y"', 1)]),
    ("select o.sku::varchar from (select json_parse('[{\"sku\":\"a\"},{\"sku\":\"b\"}]') as list) s, s.list o order by 1",
     [("a",), ("b",)]),
    ("select json_extract_path_text('{\"f2\":{\"f3\":1},\"f4\":{\"f5\":99,\"f6\":\"star\"}}', 'f4', 'f6')", [("star",)]),
    ("select json_extract_path_text('{\"a\":', 'b', true)", [(None,)]),
    ("select json_extract_array_element_text('[111,112,113]', 2), json_array_length('[11,12,13,{\"f1\":1}]')", [("113", 4)]),
    ("select is_valid_json('{\"a\":1}'), is_valid_json('{a}'), is_valid_json_array('[1]')", [(True, False, True)]),
    ("select json_serialize(json_parse('{\"a\": [1, 2]}')), json_size(json_parse('[1]'))", [('{"a":[1,2]}', 3)]),
    ("select json_typeof(details), is_object(details), is_array(details) from visits limit 1", [("object", True, False)]),
    ("select get_array_length(array(1, 'b', null)), array_concat(array(1), array(2))", [(3, "[1, 2]")]),
    ("select split_to_array('12|345', '|'), array_to_string(split_to_array('a,b'), '-')", [('["12", "345"]', "a-b")]),
    ("select subarray(array('a', 'b', 'c'), 1, 2), array_flatten(array(array(1), 2))", [('["b", "c"]', "[1, 2]")]),
    ("select object('a', 1, 'b', true)", [('{"a": 1, "b": true}',)]),
    ("select sum(v.details.n::numeric(8, 1)) from visits v", [("10.5",)]),
    ("select can_json_parse('[1'), json_parse('1') is not null", [(False, True)]),
]

_DDL: list[tuple[str, list[tuple[Any, ...]] | None]] = [
    ("create table t1 (a int, b varchar(10)) backup no diststyle all", None),
    ("create table if not exists t2 (like shop.orders including defaults)", None),
    ("create table t3 distkey(id) sortkey(placed) as select id, placed from shop.orders", None),
    ("create table t4 (a int encode mostly8, b date encode delta, c timestamptz encode bytedict) interleaved sortkey (a, b)", None),
    ("create table t5 (a bigint generated by default as identity(100, 10), b nvarchar(20), c bpchar, d float8, e text)", None),
    ("create table t6 (a int unique, b varchar(20) collate case_insensitive, c varbyte(16), constraint pk primary key (a))", None),
    ("create table t7 (a int, b int, unique (a, b), foreign key (a) references shop.orders (id)) sortkey auto", None),
    ("create temporary table t8 (a smallint not null default 3, b double precision, c real, d timetz) on commit preserve rows", None),
    ("create table #t9 (a int)", None),
    ("create table t10 (a hllsketch)", [("unsupported",)]),
    ("create view v1 as select id, note from shop.orders with no schema binding", None),
    ("create or replace view v2 (a, b) as select 1, 'x'", None),
    ("create materialized view m1 backup no diststyle even sortkey (id) auto refresh yes as select id from shop.orders", None),
    ("create materialized view m2 as select customer_id, sum(items) s from shop.orders group by 1", None),
    ("alter table shop.orders add column extra varchar(20) default 'x' encode zstd", None),
    ("alter table shop.orders drop column note cascade", None),
    ("alter table shop.orders rename column note to remark", None),
    ("alter table shop.orders rename to purchases", None),
    ("alter table shop.customers alter column name type varchar(200)", None),
    ("alter table shop.orders alter distkey customer_id", None),
    ("alter table shop.orders alter diststyle even", None),
    ("alter table shop.orders alter sortkey (placed, id)", None),
    ("alter table shop.orders alter column amount encode az64, alter column items encode zstd", None),
    ("alter table shop.orders alter sortkey none", None),
    ("alter table t_absent alter distkey a", [("error",)]),
    ("alter table shop.orders owner to awsuser", None),
    ("alter table shop.orders append from shop.orders", None),
    ("drop table if exists absent cascade", None),
    ("truncate shop.orders", None),
    ("truncate table shop.orders", None),
    ("comment on table shop.orders is 'what was bought'", None),
    ("analyze shop.orders", None),
    ("create schema authorization awsuser", None),
    ("create schema if not exists s1 quota 50 gb", None),
    ("drop schema if exists s_absent restrict", None),
    ("create user u1 password 'Secret123' createdb", None),
    ("create user u2 password disable nocreateuser valid until '2030-01-01'", None),
    ("create group g1; alter group g1 add user awsuser; drop group g1", None),
    ("create role r1", None),
    ("grant select, insert on table shop.orders to public", None),
    ("grant usage on schema shop to public", None),
    ("grant select on all tables in schema shop to public", None),
    ("revoke all on shop.orders from public", None),
    ("alter default privileges in schema shop grant select on tables to public", None),
    ("create function add_one (int) returns int stable as $$ select $1 + 1 $$ language sql", None),
    ("create or replace procedure p1(x in int) as $$ begin insert into #staging values (x, 'p'); end; $$ language plpgsql; "
     "call p1(9)", None),
    ("set search_path to shop, public", None),
    ("set enable_result_cache_for_session to off", None),
    ("set query_group to 'reports'; show query_group", None),
    ("set statement_timeout = 60000; reset statement_timeout", None),
    ("set timezone to 'UTC'; show timezone", None),
    ("lock shop.orders", None),
    ("vacuum full shop.orders", [("transaction",)]),
]

_DML: list[tuple[str, list[tuple[Any, ...]] | None]] = [
    ("insert into shop.customers (name) values ('Tim'), ('Tom')", None),
    ("insert into shop.orders (id, customer_id) select max(id) + 1, 1 from shop.orders", None),
    ("insert into shop.orders default values", [("error",)]),
    ("insert into #staging (select id, note from shop.orders)", None),
    ("update shop.orders set amount = amount * 1.1, status = default where items > 2", None),
    ("update shop.orders set note = c.name from shop.customers c where c.id = orders.customer_id", None),
    ("update shop.orders o set note = s.label from #staging s where s.id = o.id", None),
    ("delete from shop.orders where placed < dateadd(month, -1, '2022-03-01')", None),
    ("delete shop.orders where id = 1", None),
    ("delete from shop.orders using shop.customers c where customer_id = c.id and c.vip", None),
    ("with old as (select id from shop.orders where items = 1) delete from shop.orders where id in (select id from old)", None),
    ("merge into shop.orders using (select 1::bigint as id, 'm' as note) s on orders.id = s.id "
     "when matched then update set note = s.note when not matched then insert (id, note) values (s.id, s.note)", None),
    ("merge into #staging using (select 7 as id, 'seven' as label) s on #staging.id = s.id "
     "when matched then delete when not matched then insert values (s.id, s.label)", None),
    ("select * into #copy from shop.orders where items > 1", None),
    ("insert into shop.customers (id, name) values (50, 'x')", [("error",)]),
    ("begin; insert into #staging values (5, 'five'); end", None),
]

_CATALOG: list[tuple[str, list[tuple[Any, ...]] | None]] = [
    ("select \"column\", type, encoding, distkey, sortkey, \"notnull\" from pg_table_def where tablename = 'visits' limit 1",
     [("page", "character varying(20)", "lzo", False, 0, False)]),
    ("set search_path to shop; select \"column\", distkey, sortkey from pg_table_def where tablename = 'customers' and sortkey > 0 "
     "order by sortkey", [("joined", False, 1), ("id", True, 2)]),
    ("select diststyle, sortkey1, sortkey_num from svv_table_info where \"table\" = 'customers'", [("KEY(id)", "joined", 2)]),
    ("select diststyle from svv_table_info where \"table\" = 'visits'", [("EVEN",)]),
    ("select table_type from svv_tables where table_schema = 'shop' and table_name = 'orders'", [("BASE TABLE",)]),
    ("select data_type from svv_columns where table_name = 'visits' and column_name = 'details'", [("super",)]),
    ("select count(*) from information_schema.columns where table_schema = 'shop' and table_name = 'orders'", [(7,)]),
    ("select schema_name from svv_all_schemas where schema_name in ('shop', 'rs_internal')", [("shop",)]),
    ("select count(*) from stl_load_errors", [(0,)]),
    ("select usename from pg_user_info where usename = 'awsuser'", [("awsuser",)]),
    ("select count(*) > 0 from stv_sessions", [(True,)]),
    ("select encoding from svv_redshift_columns where table_name = 'customers' and column_name = 'city'", [("zstd",)]),
    ("select character_maximum_length from svv_columns where table_name = 'customers' and column_name = 'city'", [(256,)]),
    ("select pg_last_copy_count()", [(0,)]),
    ("select nspname from pg_namespace where nspname = 'shop'", [("shop",)]),
]

_CASTS: list[tuple[str, list[tuple[Any, ...]] | None]] = [
    ("select substring(placed, 6, 2), split_part(placed, '-', 1), ltrim(placed, '20') from shop.orders where id = 1", [("01", "2022", "-01-31 10:20:30")]),
    ("select count(*) from shop.orders where placed like '2022-02%'", [(2,)]),
    ("select count(*) from shop.orders where amount not like '%.25'", [(3,)]),
    ("select strpos(amount, '.'), charindex('.', amount), position('.' in amount) from shop.orders where id = 1", [(3, 3, 3)]),
    ("select repeat(items, 2), reverse(id), lpad(items, 3, '0') from shop.orders where id = 4", [("1010", "4", "010")]),
    ("select to_hex('abc'::varbyte), from_hex('6162')::varchar, to_varbyte('01001101', 'binary')::varchar", [("616263", "ab", "M")]),
    ("select from_varbyte(from_hex('4d'), 'binary'), getbit(from_hex('4d'), 2), getbit(from_hex('4d'), 7)", [("01001101", 1, 0)]),
    ("select to_date('2001-06-30', 'YYYY-MM-DD', true)", [("2001-06-30",)]),
    ("create table counted (a int identity(0, 1), b varchar); insert into counted (b) values ('x'), ('y'); select a from counted order by a", [(0,), (1,)]),
    ("create table back (a int identity(10, -5), b varchar); insert into back (b) values ('x'), ('y'); select a from back order by a", [(5,), (10,)]),
    ("set query_group to 'night'; reset query_group; show query_group", None),
    ("select set_config('query_group', 'night', true); select current_setting('query_group')", [("night",)]),
    ("set json_parse_truncate_strings = on", None),
]

CASES = [*_CASTS, *_DATES, *_TEXT, *_CONDITIONS, *_NUMBERS, *_QUERIES, *_SUPER, *_DDL, *_DML, *_CATALOG]
