-- Functions of text whose first argument may be a number or a time: Redshift casts it, PostgreSQL does not.
-- And VARBYTE, which is bytea. Source: https://docs.aws.amazon.com/redshift/latest/dg/String_functions_header.html
set search_path = pg_catalog;

do $$
declare
  kind text;
  call record;
begin
  foreach kind in array array['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'date', 'timestamp', 'timestamptz']
  loop
    for call in select * from (values
      ('"substring"', ', b int', ', b', 'text'), ('"substring"', ', b int, c int', ', b, c', 'text'),
      ('rs_substring', ', b int', ', b', 'text'), ('rs_substring', ', b int, c int', ', b, c', 'text'),
      ('split_part', ', b text, c int', ', b, c', 'text'), ('strpos', ', b text', ', b', 'int'),
      ('"position"', ', b text', ', b', 'int'), ('repeat', ', b int', ', b', 'text'), ('reverse', '', '', 'text'),
      ('lpad', ', b int, c text', ', b, c', 'text'), ('rpad', ', b int, c text', ', b, c', 'text'),
      ('ltrim', ', b text', ', b', 'text'), ('rtrim', ', b text', ', b', 'text')
    ) as calls (name, takes, gives, answers)
    loop
      execute format(
        'create or replace function %s(a %s%s) returns %s language sql stable strict as $f$ select %s(a::text%s) $f$',
        call.name, kind, call.takes, call.answers, call.name, call.gives);
    end loop;
    execute format('create or replace function rs_like(a %s, b text) returns boolean language sql stable strict as
      $f$ select a::text like b $f$', kind);
    execute format('create or replace function rs_not_like(a %s, b text) returns boolean language sql stable strict as
      $f$ select a::text not like b $f$', kind);
    if to_regoperator(format('pg_catalog.~~(%s, text)', kind)) is null then
      execute format('create operator pg_catalog.~~ (leftarg = %s, rightarg = text, function = rs_like)', kind);
      execute format('create operator pg_catalog.!~~ (leftarg = %s, rightarg = text, function = rs_not_like)', kind);
    end if;
  end loop;
end $$;

create or replace function to_date(a text, b text, is_strict boolean) returns date language sql stable strict as
  $$ select to_date(a, b) $$;
create or replace function to_timestamp(a text, b text, is_strict boolean) returns timestamptz language sql stable strict as
  $$ select to_timestamp(a, b) $$;

create or replace function from_hex(a text) returns bytea language sql immutable strict as $$ select decode(a, 'hex') $$;
create or replace function to_hex(a bytea) returns text language sql immutable strict as $$ select encode(a, 'hex') $$;
create or replace function to_hex(a text) returns text language sql immutable strict as
  $$ select encode(convert_to(a, 'UTF8'), 'hex') $$;
create or replace function rs_bits(a text) returns bytea language sql immutable strict as
  $$ select decode(string_agg(lpad(to_hex(substring(a, n, 8)::bit(8)::int), 2, '0'), '' order by n), 'hex')
     from generate_series(1, length(a), 8) n $$;
create or replace function rs_text_of(a bytea) returns text language sql immutable strict as
  $$ select convert_from(a, 'UTF8') $$;
do $$ begin
  if not exists (select 1 from pg_cast where castsource = 'bytea'::regtype and casttarget = 'varchar'::regtype) then
    create cast (bytea as varchar) with function rs_text_of(bytea);
    create cast (bytea as text) with function rs_text_of(bytea);
  end if;
end $$;
create or replace function to_varbyte(a text, form text) returns bytea language sql immutable strict as $$
  select case lower(form) when 'hex' then decode(lpad(a, length(a) + length(a) % 2, '0'), 'hex')
    when 'base64' then decode(a, 'base64') when 'binary' then rs_bits(lpad(a, (length(a) + 7) / 8 * 8, '0'))
    else convert_to(a, 'UTF8') end $$;
create or replace function from_varbyte(a bytea, form text) returns text language sql immutable strict as $$
  select case lower(form) when 'hex' then encode(a, 'hex') when 'base64' then encode(a, 'base64')
    when 'binary' then (select string_agg(get_byte(a, n)::bit(8)::text, '' order by n)
                        from generate_series(0, octet_length(a) - 1) n)
    else convert_from(a, 'UTF8') end $$;
create or replace function from_varbyte(a text, form text) returns text language sql immutable strict as
  $$ select from_varbyte(convert_to(a, 'UTF8'), form) $$;
create or replace function getbit(a bytea, n int) returns int language sql immutable strict as
  $$ select get_bit(a, n) $$;
