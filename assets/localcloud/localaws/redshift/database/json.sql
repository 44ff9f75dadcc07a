-- JSON in text, and SUPER. Source: https://docs.aws.amazon.com/redshift/latest/dg/json-functions.html
-- and https://docs.aws.amazon.com/redshift/latest/dg/c_Type_Info_Functions.html
set search_path = pg_catalog;

create or replace function is_valid_json(t text) returns boolean language plpgsql immutable strict as $$
begin
  return jsonb_typeof(t::jsonb) = 'object';
exception when others then return false;
end $$;
create or replace function can_json_parse(t text) returns boolean language plpgsql immutable strict as $$
begin
  perform t::jsonb;
  return true;
exception when others then return false;
end $$;
create or replace function is_valid_json_array(t text) returns boolean language plpgsql immutable strict as $$
begin
  return jsonb_typeof(t::jsonb) = 'array';
exception when others then return false;
end $$;
create or replace function rs_json(t text, lenient boolean) returns jsonb language plpgsql immutable strict as $$
begin
  return t::jsonb;
exception when others then
  if lenient then return null; end if;
  raise exception 'JSON parsing error' using detail = 'invalid json object ' || left(t, 200);
end $$;
create or replace function rs_json_path(t text, lenient boolean, variadic keys text[]) returns text language sql immutable as
  $$ select rs_json(t, lenient) #>> keys $$;
create or replace function rs_json_path(t jsonb, lenient boolean, variadic keys text[]) returns text language sql immutable as
  $$ select t #>> keys $$;
create or replace function json_extract_array_element_text(t text, at int, lenient boolean default false) returns text
  language sql immutable strict as $$ select rs_json(t, lenient) ->> at $$;
create or replace function rs_json_array_length(t text, lenient boolean default false) returns int
  language sql immutable strict as $$ select jsonb_array_length(rs_json(t, lenient)) $$;
create or replace function json_parse(t text) returns jsonb language sql immutable strict as $$ select rs_json(t, false) $$;
-- JSON without the spaces that PostgreSQL writes.
create or replace function rs_compact(j jsonb) returns text language sql immutable strict as $$
  select case jsonb_typeof(j)
    when 'object' then '{' || coalesce((select string_agg(to_json(key)::text || ':' || rs_compact(value), ',')
      from jsonb_each(j)), '') || '}'
    when 'array' then '[' || coalesce((select string_agg(rs_compact(value), ',' order by n)
      from jsonb_array_elements(j) with ordinality as e(value, n)), '') || ']'
    else j::text end $$;

create or replace function json_size(j jsonb) returns int language sql immutable strict as
  $$ select octet_length(rs_compact(j)) $$;

create or replace function rs_text(j jsonb) returns text language sql immutable strict as
  $$ select case when jsonb_typeof(j) in ('object', 'array') then rs_compact(j) else j #>> '{}' end $$;
create or replace function rs_text(j text) returns text language sql immutable strict as $$ select j $$;
create or replace function rs_number(j jsonb) returns numeric language sql immutable strict as
  $$ select case when jsonb_typeof(j) = 'number' then (j #>> '{}')::numeric end $$;
create or replace function rs_elements(j jsonb) returns setof jsonb language sql immutable strict as
  $$ select value from jsonb_array_elements(case when jsonb_typeof(j) = 'array' then j else '[]' end) $$;
create or replace function rs_indexed_elements(j jsonb) returns table(element jsonb, at bigint) language sql immutable as
  $$ select value, n - 1 from jsonb_array_elements(case when jsonb_typeof(j) = 'array' then j else '[]' end)
     with ordinality as e(value, n) $$;

create or replace function get_array_length(j jsonb) returns int language sql immutable strict as
  $$ select case when jsonb_typeof(j) = 'array' then jsonb_array_length(j) end $$;
create or replace function array_concat(a jsonb, b jsonb) returns jsonb language sql immutable strict as $$ select a || b $$;
create or replace function array_flatten(j jsonb) returns jsonb language sql immutable strict as $$
  select coalesce(jsonb_agg(inner_value order by n, m), '[]') from jsonb_array_elements(j) with ordinality as o(value, n),
    jsonb_array_elements(case when jsonb_typeof(value) = 'array' then value else jsonb_build_array(value) end)
    with ordinality as i(inner_value, m) $$;
create or replace function subarray(j jsonb, start int, n int default 2147483647) returns jsonb language sql immutable strict as
  $$ select coalesce(jsonb_agg(value order by at), '[]') from jsonb_array_elements(j) with ordinality as e(value, at)
     where at - 1 >= start and at - 1 < start::bigint + n $$;
create or replace function split_to_array(t text, separator text default ',') returns jsonb language sql immutable strict as
  $$ select to_jsonb(string_to_array(t, separator)) $$;
create or replace function array_to_string(j jsonb, separator text) returns text language sql immutable strict as
  $$ select string_agg(rs_text(value), separator order by n) from jsonb_array_elements(j) with ordinality as e(value, n) $$;
create or replace function is_array(j jsonb) returns boolean language sql immutable strict as
  $$ select jsonb_typeof(j) = 'array' $$;
create or replace function is_object(j jsonb) returns boolean language sql immutable strict as
  $$ select jsonb_typeof(j) = 'object' $$;
create or replace function is_scalar(j jsonb) returns boolean language sql immutable strict as
  $$ select jsonb_typeof(j) not in ('object', 'array') $$;
create or replace function is_varchar(j jsonb) returns boolean language sql immutable strict as
  $$ select jsonb_typeof(j) = 'string' $$;
create or replace function is_boolean(j jsonb) returns boolean language sql immutable strict as
  $$ select jsonb_typeof(j) = 'boolean' $$;
create or replace function is_integer(j jsonb) returns boolean language sql immutable strict as
  $$ select jsonb_typeof(j) = 'number' and j::text !~ '[.eE]' $$;
create or replace function is_bigint(j jsonb) returns boolean language sql immutable strict as $$ select is_integer(j) $$;
create or replace function is_decimal(j jsonb) returns boolean language sql immutable strict as
  $$ select jsonb_typeof(j) = 'number' $$;
