-- System views and tables of Redshift's. Source: https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_system-tables.html
set search_path = pg_catalog;

create schema if not exists rs_internal;
create table if not exists rs_internal.layout (
  relation oid primary key, diststyle text, distkey text, sortkeys text[], interleaved boolean, encodings jsonb
);
create table if not exists rs_internal.load_errors (
  userid int default 100, slice int default 0, tbl int, starttime timestamp default now(), session int, query bigint,
  filename char(256), line_number bigint, colname char(127), type char(10), col_length char(10), position int,
  raw_line char(1024), raw_field_value char(1024), err_code int, err_reason char(100), is_partial int default 0,
  start_offset int default 0, copy_job_id bigint default 0
);
create table if not exists rs_internal.load_history (
  query bigint, tbl oid, started timestamp, rows bigint, bytes bigint, files bigint, source text, errors bigint
);
create sequence if not exists rs_internal.query_id start 1000;
grant usage on schema rs_internal to public;

create or replace function rs_internal.record_layout(name text, said jsonb) returns void
    language plpgsql security definer set search_path = pg_catalog as $$
declare target oid; known rs_internal.layout;
begin
  select c.oid into target from pg_class c where c.oid = (said ->> 'oid')::oid;
  select * into known from rs_internal.layout where relation = target;
  delete from rs_internal.layout where relation = target;
  insert into rs_internal.layout values (
    target,
    case when said ? 'diststyle' then said ->> 'diststyle' else known.diststyle end,
    case when said ? 'diststyle' then said ->> 'distkey' else known.distkey end,
    case when said ? 'sortkeys' then array(select jsonb_array_elements_text(said -> 'sortkeys')) else known.sortkeys end,
    case when said ? 'sortkeys' then (said ->> 'interleaved')::boolean else known.interleaved end,
    coalesce(known.encodings, '{}') || coalesce(said -> 'encodings', '{}'));
end $$;

create or replace function rs_encoding(type_name text, layout rs_internal.layout, name text) returns text
    language sql immutable as $$
  select coalesce(layout.encodings ->> name,
    case when name = any(layout.sortkeys) then 'none'
      when type_name in ('boolean', 'real', 'double precision', 'jsonb', 'bytea') then 'none'
      when type_name like 'character%' then 'lzo' else 'az64' end) $$;
create or replace function rs_type_name(type_name text) returns text language sql immutable as
  $$ select case type_name when 'jsonb' then 'super' when 'bytea' then 'binary varying(64000)' else type_name end $$;

create or replace view pg_table_def as
  select n.nspname as schemaname, c.relname as tablename, a.attname as "column",
    rs_type_name(format_type(a.atttypid, a.atttypmod)) as "type",
    rs_encoding(format_type(a.atttypid, null), l, a.attname) as encoding,
    coalesce(l.distkey = a.attname, false) as distkey,
    coalesce(array_position(l.sortkeys, a.attname::text), 0)
      * case when l.interleaved and array_position(l.sortkeys, a.attname::text) % 2 = 0 then -1 else 1 end as sortkey,
    a.attnotnull as "notnull"
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    left join rs_internal.layout l on l.relation = c.oid
  where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
    and n.nspname not in ('rs_internal', 'pg_toast') and pg_table_is_visible(c.oid);

create or replace view rs_tables as
  select current_database()::text as database_name, n.nspname::text as schema_name, c.relname::text as table_name,
    case c.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' else 'TABLE' end as table_type, c.oid as table_id,
    obj_description(c.oid) as remarks
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm') and n.nspname not in ('rs_internal', 'pg_toast')
    and n.nspname not like 'pg_temp%' and n.nspname not like 'pg_toast%';
create or replace view svv_tables as
  select database_name as table_catalog, schema_name as table_schema, table_name,
    case when table_type = 'TABLE' then 'BASE TABLE' else table_type end as table_type, remarks from rs_tables;
create or replace view svv_all_tables as
  select database_name, schema_name, table_name, null::text as table_acl, table_type, remarks from rs_tables;
create or replace view svv_redshift_tables as select * from svv_all_tables;

create or replace view rs_columns as
  select t.database_name, t.schema_name, t.table_name, a.attname::text as column_name, a.attnum::int as ordinal_position,
    pg_get_expr(d.adbin, d.adrelid) as column_default, not a.attnotnull as nullable,
    rs_type_name(format_type(a.atttypid, null)) as data_type,
    case when a.atttypid in (1042, 1043) and a.atttypmod > 0 then a.atttypmod - 4 end as character_maximum_length,
    case when a.atttypid = 1700 and a.atttypmod > 0 then ((a.atttypmod - 4) >> 16) & 65535
      when a.atttypid = 21 then 16 when a.atttypid = 23 then 32 when a.atttypid = 20 then 64 end as numeric_precision,
    case when a.atttypid = 1700 and a.atttypmod > 0 then (a.atttypmod - 4) & 65535
      when a.atttypid in (20, 21, 23) then 0 end as numeric_scale,
    col_description(t.table_id, a.attnum) as remarks, t.table_id,
    rs_encoding(format_type(a.atttypid, null), l, a.attname) as encoding,
    coalesce(l.distkey = a.attname, false) as distkey, coalesce(array_position(l.sortkeys, a.attname::text), 0) as sortkey
  from rs_tables t join pg_attribute a on a.attrelid = t.table_id
    left join pg_attrdef d on d.adrelid = t.table_id and d.adnum = a.attnum
    left join rs_internal.layout l on l.relation = t.table_id
  where a.attnum > 0 and not a.attisdropped;
create or replace view svv_columns as
  select database_name as table_catalog, schema_name as table_schema, table_name, column_name, ordinal_position,
    column_default, case when nullable then 'YES' else 'NO' end as is_nullable, data_type, character_maximum_length,
    numeric_precision, numeric_scale, remarks from rs_columns;
create or replace view svv_all_columns as
  select database_name, schema_name, table_name, column_name, ordinal_position, column_default,
    case when nullable then 'YES' else 'NO' end as is_nullable, data_type, character_maximum_length,
    numeric_precision, numeric_scale, remarks from rs_columns;
create or replace view svv_redshift_columns as
  select database_name, schema_name, table_name, column_name, ordinal_position, data_type, column_default,
    case when nullable then 'YES' else 'NO' end as is_nullable, encoding, distkey, sortkey, null::text as column_acl,
    remarks from rs_columns;

create or replace view svv_all_schemas as
  select current_database()::text as database_name, nspname::text as schema_name, nspowner as schema_owner,
    'local'::text as schema_type, null::text as schema_acl, null::text as source_database, null::text as schema_option
  from pg_namespace where nspname not in ('rs_internal', 'pg_toast') and nspname not like 'pg_temp%'
    and nspname not like 'pg_toast_temp%';
create or replace view svv_redshift_schemas as
  select database_name, schema_name, schema_owner, schema_type, schema_acl, schema_option from svv_all_schemas;
create or replace view svv_redshift_databases as
  select datname::text as database_name, datdba as database_owner, 'local'::text as database_type,
    null::text as database_acl, null::text as database_options, 'Snapshot Isolation'::text as database_isolation_level
  from pg_database where not datistemplate and datname <> 'postgres';
create or replace view svv_external_schemas as
  select 0 as esoid, 0 as eskind, null::text as schemaname, 0 as esowner, null::text as databasename,
    null::text as esoptions where false;
create or replace view svv_external_tables as
  select null::text as redshift_database_name, null::text as schemaname, null::text as tablename, null::text as location,
    null::text as input_format, null::text as output_format, null::text as serialization_lib where false;

create or replace view svv_table_info as
  select current_database()::text as "database", n.nspname::text as "schema", c.oid as table_id, c.relname::text as "table",
    case when l.encodings is null or l.encodings = '{}' then 'Y, AUTO(ENCODE)' else 'Y' end as encoded,
    coalesce(case when l.diststyle = 'KEY' then 'KEY(' || l.distkey || ')' else l.diststyle end, 'AUTO(ALL)') as diststyle,
    coalesce(l.sortkeys[1], 'AUTO(SORTKEY)') as sortkey1, cardinality(coalesce(l.sortkeys, '{}')) as sortkey_num,
    ceil(pg_relation_size(c.oid) / 1048576.0)::bigint as size, 0::numeric as pct_used, 0::numeric as unsorted,
    0::numeric as stats_off, c.reltuples::bigint as tbl_rows, 0::numeric as skew_rows,
    greatest(c.reltuples, 0)::bigint as estimated_visible_rows
  from pg_class c join pg_namespace n on n.oid = c.relnamespace left join rs_internal.layout l on l.relation = c.oid
  where c.relkind in ('r', 'p') and n.nspname not in ('rs_internal', 'pg_catalog', 'information_schema')
    and n.nspname not like 'pg_toast%' and n.nspname not like 'pg_temp%';

create or replace view stl_load_errors as select * from rs_internal.load_errors;
create or replace view stl_loaderror_detail as
  select userid, slice, session, query, filename, line_number, 0 as field, rtrim(colname) as colname, raw_field_value as value,
    (err_code <> 0)::int as is_null, type, col_length from rs_internal.load_errors;
create or replace view sys_load_error_detail as
  select userid as user_id, query as query_id, 0::bigint as transaction_id, session as session_id,
    current_database()::text as database_name, tbl as table_id, starttime as start_time, rtrim(filename) as file_name,
    line_number, rtrim(colname) as column_name, rtrim(type) as column_type, rtrim(col_length) as column_length, position,
    err_code as error_code, rtrim(err_reason) as error_message from rs_internal.load_errors;
create or replace view sys_load_history as
  select 100 as user_id, query as query_id, started as start_time, current_database()::text as database_name,
    (select relname from pg_class where oid = tbl)::text as table_name, 'completed'::text as status, source as data_source,
    rows as loaded_rows, bytes as loaded_bytes, files as source_file_count, errors as error_count
  from rs_internal.load_history;
create or replace view stl_load_commits as
  select 100 as userid, query, 0 as slice, source as filename, started as curtime, rows as lines_scanned, 0 as errors
  from rs_internal.load_history;
create or replace function pg_last_copy_count() returns bigint language sql stable security definer as
  $$ select coalesce(nullif(current_setting('redshift.last_copy_count', true), '')::bigint, 0) $$;
create or replace function pg_last_copy_id() returns bigint language sql stable security definer as
  $$ select coalesce(nullif(current_setting('redshift.last_copy_id', true), '')::bigint, -1) $$;

create or replace view svv_user_info as
  select usename as user_name, usesysid as user_id, usecreatedb as createdb, usesuper as superuser, usesuper as catalog_update,
    null::text as connection_limit from pg_user where usename <> 'rdsdb' and usename not like 'rdsdataapi%';
create or replace view pg_user_info as
  select usename, usesysid, usecreatedb, usesuper, usesuper as usecatupd, passwd, valuntil, useconfig from pg_user
  where usename <> 'rdsdb' and usename not like 'rdsdataapi%';
create or replace view stv_sessions as
  select backend_start as starttime, pid as process, usename as user_name, datname as db_name from pg_stat_activity
  where datname is not null;
create or replace view stv_recents as
  select 100 as userid, 'Running'::char(20) as status, query_start as starttime, 0::bigint as duration, usename as user_name,
    datname as db_name, query, pid from pg_stat_activity where state = 'active';
create or replace view stv_slices as select 0 as node, s as slice, s as localslice from generate_series(0, 1) s;

grant select on rs_internal.load_errors, rs_internal.layout, rs_internal.load_history, pg_table_def, rs_tables, svv_tables,
  svv_all_tables, svv_redshift_tables, rs_columns, svv_columns, svv_all_columns, svv_redshift_columns, svv_all_schemas,
  svv_redshift_schemas, svv_redshift_databases, svv_external_schemas, svv_external_tables, svv_table_info, stl_load_errors,
  stl_loaderror_detail, sys_load_error_detail, sys_load_history, stl_load_commits, svv_user_info, pg_user_info,
  stv_sessions, stv_recents, stv_slices to public;
