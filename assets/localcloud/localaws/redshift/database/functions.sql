-- Functions of Redshift's that PostgreSQL lacks or has with another meaning. Names with rs_ are written by the
-- translation only. Source: https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html
set search_path = pg_catalog;

-- Dates. DATEDIFF counts the boundaries of the part that lie between, not elapsed time.
create or replace function rs_boundary(part text, t timestamp) returns bigint language sql immutable strict as $$
  select case part
    when 'millennium' then extract(millennium from t)::bigint
    when 'century' then extract(century from t)::bigint
    when 'decade' then extract(decade from t)::bigint
    when 'year' then extract(year from t)::bigint
    when 'quarter' then (extract(year from t) * 4 + extract(quarter from t))::bigint
    when 'month' then (extract(year from t) * 12 + extract(month from t))::bigint
    when 'week' then floor((t::date - date '1899-12-31') / 7.0)::bigint  -- a Sunday: weeks begin on Sunday here
    when 'day' then (t::date - date '2000-01-01')::bigint
    when 'dow' then (t::date - date '2000-01-01')::bigint
    when 'doy' then (t::date - date '2000-01-01')::bigint
    when 'hour' then floor(extract(epoch from t) / 3600)::bigint
    when 'minute' then floor(extract(epoch from t) / 60)::bigint
    when 'second' then floor(extract(epoch from t))::bigint
    when 'epoch' then floor(extract(epoch from t))::bigint
    when 'millisecond' then floor(extract(epoch from t) * 1000)::bigint
    when 'microsecond' then floor(extract(epoch from t) * 1000000)::bigint
  end $$;
create or replace function rs_datediff(part text, a timestamp, b timestamp) returns bigint language sql immutable strict as
  $$ select rs_boundary(part, b) - rs_boundary(part, a) $$;
create or replace function rs_datediff(part text, a timestamptz, b timestamptz) returns bigint language sql stable strict as
  $$ select rs_boundary(part, b at time zone 'UTC') - rs_boundary(part, a at time zone 'UTC') $$;
create or replace function rs_datediff(part text, a time, b time) returns bigint language sql immutable strict as
  $$ select rs_boundary(part, date '2000-01-01' + b) - rs_boundary(part, date '2000-01-01' + a) $$;

create or replace function rs_step(part text, n bigint) returns interval language sql immutable strict as $$
  select case part
    when 'millennium' then make_interval(years => (n * 1000)::int)
    when 'century' then make_interval(years => (n * 100)::int)
    when 'decade' then make_interval(years => (n * 10)::int)
    when 'year' then make_interval(years => n::int)
    when 'quarter' then make_interval(months => (n * 3)::int)
    when 'month' then make_interval(months => n::int)
    when 'week' then make_interval(days => (n * 7)::int)
    when 'day' then make_interval(days => n::int)
    when 'dow' then make_interval(days => n::int)
    when 'doy' then make_interval(days => n::int)
    when 'hour' then n * interval '1 hour'
    when 'minute' then n * interval '1 minute'
    when 'second' then n * interval '1 second'
    when 'epoch' then n * interval '1 second'
    when 'millisecond' then n * interval '1 millisecond'
    when 'microsecond' then n * interval '1 microsecond'
  end $$;
create or replace function rs_dateadd(part text, n numeric, t timestamp) returns timestamp language sql immutable strict as
  $$ select t + rs_step(part, trunc(n)::bigint) $$;
create or replace function rs_dateadd(part text, n numeric, t timestamptz) returns timestamptz language sql stable strict as
  $$ select t + rs_step(part, trunc(n)::bigint) $$;
create or replace function rs_dateadd(part text, n numeric, t date) returns timestamp language sql immutable strict as
  $$ select t::timestamp + rs_step(part, trunc(n)::bigint) $$;
create or replace function rs_dateadd(part text, n numeric, t time) returns time language sql immutable strict as
  $$ select t + rs_step(part, trunc(n)::bigint) $$;

create or replace function getdate() returns timestamp language sql stable as
  $$ select date_trunc('second', statement_timestamp() at time zone current_setting('timezone')) $$;
create or replace function rs_sysdate() returns timestamp language sql stable as
  $$ select now() at time zone current_setting('timezone') $$;
create or replace function last_day(t timestamp) returns date language sql immutable strict as
  $$ select (date_trunc('month', t) + interval '1 month - 1 day')::date $$;
-- The last day of a month stays the last day.
create or replace function add_months(t timestamp, n bigint) returns timestamp language sql immutable strict as $$
  select case when t::date = last_day(t) then last_day(t + make_interval(months => n::int)) + t::time
    else t + make_interval(months => n::int) end $$;
create or replace function months_between(a timestamp, b timestamp) returns float8 language sql immutable strict as $$
  select ((extract(year from a) - extract(year from b)) * 12 + extract(month from a) - extract(month from b)
    + case when extract(day from a) = extract(day from b) or (a::date = last_day(a) and b::date = last_day(b)) then 0
      else (extract(day from a) - extract(day from b)
        + (extract(epoch from a::time) - extract(epoch from b::time)) / 86400.0) / 31.0 end)::float8 $$;
create or replace function next_day(t timestamp, day text) returns date language plpgsql immutable strict as $$
declare wanted int := array_position(array['su','mo','tu','we','th','fr','sa'], lower(left(day, 2))) - 1;
begin
  if wanted is null then raise exception 'Invalid day of the week: %', day; end if;
  return t::date + ((wanted - extract(dow from t)::int + 6) % 7 + 1);
end $$;
create or replace function trunc(t timestamp) returns date language sql immutable strict as $$ select t::date $$;
create or replace function trunc(t timestamptz) returns date language sql stable strict as $$ select t::date $$;
create or replace function convert_timezone(source text, target text, t timestamp) returns timestamp
  language sql immutable strict as $$ select (t at time zone source) at time zone target $$;
create or replace function convert_timezone(target text, t timestamp) returns timestamp
  language sql immutable strict as $$ select (t at time zone 'UTC') at time zone target $$;
create or replace function convert_timezone(target text, t timestamptz) returns timestamp
  language sql immutable strict as $$ select t at time zone target $$;
create or replace function date_cmp(a date, b date) returns int language sql immutable strict as $$ select sign(a - b)::int $$;
create or replace function timestamp_cmp(a timestamp, b timestamp) returns int language sql immutable strict as
  $$ select case when a < b then -1 when a > b then 1 else 0 end $$;
create or replace function date_cmp_timestamp(a date, b timestamp) returns int language sql immutable strict as
  $$ select timestamp_cmp(a::timestamp, b) $$;
create or replace function timestamp_cmp_date(a timestamp, b date) returns int language sql immutable strict as
  $$ select timestamp_cmp(a, b::timestamp) $$;
create or replace function interval_cmp(a interval, b interval) returns int language sql immutable strict as
  $$ select case when a < b then -1 when a > b then 1 else 0 end $$;
create or replace function date_part_year(t date) returns int language sql immutable strict as
  $$ select extract(year from t)::int $$;
create or replace function rs_to_char(a anyelement, format text) returns text language plpgsql stable as $$
declare answer text;
begin
  if a is null then return null; end if;
  if pg_typeof(a)::text in ('date', 'timestamp without time zone') then
    return to_char(a::timestamp, format);
  end if;
  execute 'select to_char($1, $2)' into answer using a, format;
  return answer;
end $$;
create or replace function rs_to_char(a text, format text) returns text language sql stable as
  $$ select to_char(a::timestamp, format) $$;

-- A number of days added to a timestamp.
create or replace function rs_plus_days(t timestamp, n int) returns timestamp language sql immutable strict as
  $$ select t + make_interval(days => n) $$;
create or replace function rs_minus_days(t timestamp, n int) returns timestamp language sql immutable strict as
  $$ select t - make_interval(days => n) $$;
do $$ begin
  if to_regoperator('pg_catalog.+(timestamp, int)') is null then
    create operator pg_catalog.+ (leftarg = timestamp, rightarg = int, function = rs_plus_days);
    create operator pg_catalog.- (leftarg = timestamp, rightarg = int, function = rs_minus_days);
  end if;
end $$;

-- Text.
create or replace function replicate(t text, n int) returns text language sql immutable strict as $$ select repeat(t, n) $$;
create or replace function rs_substring(t text, start int) returns text language sql immutable strict as
  $$ select substring(t from start) $$;
create or replace function rs_substring(t text, start int, n int) returns text language sql immutable strict as
  $$ select substring(t from start for n) $$;
create or replace function rs_regexp_replace(t text, pattern text, replacement text default '', start int default 1,
    parameters text default '') returns text language sql immutable strict as $$
  select left(t, start - 1) || regexp_replace(substr(t, start), pattern,
    regexp_replace(replacement, '\$([0-9])', '\\\1', 'g'), 'g' || replace(replace(parameters, 'p', ''), 'c', '')) $$;
create or replace function rs_regexp_substr(t text, pattern text, start int default 1, occurrence int default 1,
    parameters text default '') returns text language plpgsql immutable strict as $$
declare found text[]; n int := 0; flags text := replace(replace(replace(parameters, 'p', ''), 'c', ''), 'e', '');
begin
  for found in select regexp_matches(substr(t, start),
      case when position('e' in parameters) > 0 then pattern else '(' || pattern || ')' end, 'g' || flags) loop
    n := n + 1;
    if n = occurrence then return found[1]; end if;
  end loop;
  return '';
end $$;
create or replace function rs_regexp_count(t text, pattern text, start int default 1, parameters text default '')
    returns int language sql immutable strict as $$
  select count(*)::int from regexp_matches(substr(t, start), pattern,
    'g' || replace(replace(parameters, 'p', ''), 'c', '')) $$;
create or replace function rs_regexp_instr(t text, pattern text, start int default 1, occurrence int default 1,
    option int default 0, parameters text default '') returns int language sql immutable strict as $$
  select regexp_instr(t, pattern, start, occurrence, option,
    replace(replace(replace(parameters, 'p', ''), 'c', ''), 'e', '')) $$;
create or replace function strtol(t text, base int) returns bigint language plpgsql immutable strict as $$
declare digit int; answer bigint := 0; sign int := 1; rest text := lower(btrim(t));
begin
  if left(rest, 1) = '-' then sign := -1; rest := substr(rest, 2); end if;
  if base = 16 and left(rest, 2) = '0x' then rest := substr(rest, 3); end if;
  for i in 1 .. length(rest) loop
    digit := position(substr(rest, i, 1) in '0123456789abcdefghijklmnopqrstuvwxyz') - 1;
    if digit < 0 or digit >= base then
      raise exception 'The input % is not valid to be converted to base %', t, base;
    end if;
    answer := answer * base + digit;
  end loop;
  return sign * answer;
end $$;
create or replace function octetindex(part text, t text) returns int language sql immutable strict as
  $$ select octet_length(left(t, greatest(position(part in t) - 1, 0))) + sign(position(part in t))::int $$;
create or replace function sha2(t text, bits int) returns text language sql immutable strict as $$
  select encode(case bits when 224 then sha224(convert_to(t, 'UTF8')) when 384 then sha384(convert_to(t, 'UTF8'))
    when 512 then sha512(convert_to(t, 'UTF8')) when 256 then sha256(convert_to(t, 'UTF8'))
    when 0 then sha256(convert_to(t, 'UTF8')) end, 'hex') $$;
create or replace function sha1(t text) returns text language plpgsql immutable strict as $$
declare
  mask constant bigint := 4294967295;
  message bytea := convert_to(t, 'UTF8');
  bits bigint := octet_length(message) * 8;
  h bigint[] := array[1732584193, 4023233417, 2562383102, 271733878, 3285377520];
  w bigint[]; a bigint; b bigint; c bigint; d bigint; e bigint; f bigint; k bigint; x bigint; base int;
begin
  message := message || '\x80'::bytea;
  while octet_length(message) % 64 <> 56 loop message := message || '\x00'::bytea; end loop;
  message := message || int8send(bits);
  for block in 0 .. octet_length(message) / 64 - 1 loop
    w := array[]::bigint[];
    for i in 0 .. 15 loop
      base := block * 64 + i * 4;
      w[i] := (get_byte(message, base)::bigint << 24) | (get_byte(message, base + 1) << 16)
        | (get_byte(message, base + 2) << 8) | get_byte(message, base + 3);
    end loop;
    for i in 16 .. 79 loop
      x := w[i - 3] # w[i - 8] # w[i - 14] # w[i - 16];
      w[i] := ((x << 1) | (x >> 31)) & mask;
    end loop;
    a := h[1]; b := h[2]; c := h[3]; d := h[4]; e := h[5];
    for i in 0 .. 79 loop
      if i < 20 then f := (b & c) | ((~b & mask) & d); k := 1518500249;
      elsif i < 40 then f := b # c # d; k := 1859775393;
      elsif i < 60 then f := (b & c) | (b & d) | (c & d); k := 2400959708;
      else f := b # c # d; k := 3395469782; end if;
      x := ((((a << 5) | (a >> 27)) & mask) + f + e + k + w[i]) & mask;
      e := d; d := c; c := ((b << 30) | (b >> 2)) & mask; b := a; a := x;
    end loop;
    h := array[(h[1] + a) & mask, (h[2] + b) & mask, (h[3] + c) & mask, (h[4] + d) & mask, (h[5] + e) & mask];
  end loop;
  return (select string_agg(lpad(to_hex(one), 8, '0'), '' order by n) from unnest(h) with ordinality as u(one, n));
end $$;
-- FNV-1a with 64 bits.
create or replace function fnv_hash(t text, seed bigint default -3750763034362895579) returns bigint
    language plpgsql immutable strict as $$
declare h numeric := case when seed < 0 then seed + 18446744073709551616::numeric else seed end;
  message bytea := convert_to(t, 'UTF8'); low bigint;
begin
  for i in 0 .. octet_length(message) - 1 loop
    low := mod(h, 256)::bigint;
    h := mod((h - low + (low # get_byte(message, i))) * 1099511628211, 18446744073709551616);
  end loop;
  return case when h >= 9223372036854775808 then h - 18446744073709551616 else h end;
end $$;
create or replace function soundex(t text) returns text language plpgsql immutable strict as $$
declare word text := regexp_replace(upper(t), '[^A-Z]', '', 'g'); codes text; answer text; last text; code text;
begin
  if word = '' then return ''; end if;
  codes := translate(word, 'BFPVCGJKQSXZDTLMNRAEIOUYHW', '111122222222334556000000__');
  answer := left(word, 1); last := left(codes, 1);
  for i in 2 .. length(word) loop
    code := substr(codes, i, 1);
    if code = '_' then continue; end if;
    if code <> '0' and code <> last then answer := answer || code; end if;
    last := code;
    exit when length(answer) = 4;
  end loop;
  return rpad(answer, 4, '0');
end $$;
create or replace function rs_version() returns text language sql immutable as
  $$ select 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2, Redshift 1.0.115000 (slipway local)'::text $$;

-- Numbers and aggregates.
create or replace function rs_avg(mean numeric, sample bigint) returns bigint language sql immutable as
  $$ select trunc(mean)::bigint $$;
create or replace function rs_avg(mean numeric, sample int) returns bigint language sql immutable as
  $$ select trunc(mean)::bigint $$;
create or replace function rs_avg(mean numeric, sample smallint) returns bigint language sql immutable as
  $$ select trunc(mean)::bigint $$;
create or replace function rs_avg(mean numeric, sample numeric) returns numeric language sql immutable as
  $$ select round(mean, greatest(scale(sample), 0)) $$;
create or replace function rs_avg(mean float8, sample float8) returns float8 language sql immutable as $$ select mean $$;
create or replace function rs_avg(mean interval, sample interval) returns interval language sql immutable as
  $$ select mean $$;
create or replace function rs_first(state anyelement, next anyelement) returns anyelement language sql immutable strict as
  $$ select state $$;
create or replace function rs_last(state anyelement, next anyelement) returns anyelement language sql immutable strict as
  $$ select next $$;
do $$ begin
  if to_regprocedure('pg_catalog.rs_first_known(anyelement)') is null then
    create aggregate pg_catalog.rs_first_known(anyelement) (sfunc = rs_first, stype = anyelement);
    create aggregate pg_catalog.rs_last_known(anyelement) (sfunc = rs_last, stype = anyelement);
    create aggregate pg_catalog.rs_any_value(anyelement) (sfunc = rs_first, stype = anyelement);
  end if;
end $$;
