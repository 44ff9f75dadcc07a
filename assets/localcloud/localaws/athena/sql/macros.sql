-- Trino's functions that DuckDB lacks, or has with another meaning.
-- Source: https://trino.io/docs/current/functions.html
create macro trino_step(part, n) as case lower(part)
  when 'millisecond' then to_milliseconds(n::double) when 'second' then to_seconds(n::double)
  when 'minute' then to_minutes(n::bigint) when 'hour' then to_hours(n::bigint) when 'day' then to_days(n::integer)
  when 'week' then to_days(n::integer * 7) when 'month' then to_months(n::integer)
  when 'quarter' then to_months(n::integer * 3) when 'year' then to_years(n::integer) end;
create macro trino_plus(t date, i) as (t + i)::date, (t, i) as t + i;
create macro trino_minus(t date, i) as (t - i)::date, (t, i) as t - i;
create macro trino_date_trunc(part, t date) as date_trunc(part, t)::date, (part, t) as date_trunc(part, t);
create macro trino_divide(a bigint, b bigint) as case when b = 0 then 'Division by zero'::bigint else a // b end,
  (a, b) as a / b;
create macro trino_width_bucket(x, low, high, n) as
  case when x < low then 0 when x >= high then n + 1 else floor((x - low) / (high - low) * n)::bigint + 1 end;
create macro trino_date_diff(part, a, b) as date_sub(part, a::timestamp, b::timestamp);
create macro trino_date_add(part, n, t date) as (t + trino_step(part, n))::date, (part, n, t) as t + trino_step(part, n);
create macro trino_regexp_extract(t, p) as case when regexp_matches(t, p) then regexp_extract(t, p) end,
  (t, p, g) as case when regexp_matches(t, p) then regexp_extract(t, p, g) end;
create macro trino_regexp_replace(t, p) as regexp_replace(t, p, '', 'g'),
  (t, p, r) as regexp_replace(t, p, regexp_replace(r, '\$(\d)', '\\\1', 'g'), 'g');
create macro trino_regexp_like(t, p) as regexp_matches(t, p);
create macro trino_regexp_split(t, p) as regexp_split_to_array(t, p);
create macro trino_regexp_count(t, p) as len(regexp_extract_all(t, p));
create macro trino_from_unixtime(n) as to_timestamp(n), (n, zone) as to_timestamp(n);
create macro trino_to_unixtime(t) as epoch(t)::double;
create macro trino_to_iso8601(t date) as strftime(t, '%Y-%m-%d'), (t) as strftime(t, '%Y-%m-%dT%H:%M:%S.%gZ');
create macro trino_from_iso8601_timestamp(t) as t::timestamptz;
create macro trino_from_iso8601_date(t) as t::date;
create macro trino_md5(b) as unhex(md5(b));
create macro trino_sha1(b) as unhex(sha1(b));
create macro trino_sha256(b) as unhex(sha256(b));
create macro trino_to_utf8(t) as encode(t);
create macro trino_from_utf8(b) as decode(b);
create macro trino_to_hex(b) as hex(b);
create macro trino_from_hex(t) as unhex(t);
create macro trino_to_base64(b) as to_base64(b);
create macro trino_from_base64(t) as from_base64(t);
create macro trino_slice(a, start, n) as a[start:start + n - 1];
create macro trino_url_extract_protocol(u) as nullif(regexp_extract(u, '^([a-zA-Z][a-zA-Z0-9+.-]*)://', 1), '');
create macro trino_url_extract_host(u) as nullif(regexp_extract(u, '^[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^@/]*@)?([^:/?#]+)', 1), '');
create macro trino_url_extract_port(u) as try_cast(regexp_extract(u, '^[a-zA-Z][a-zA-Z0-9+.-]*://[^:/?#]+:(\d+)', 1) as bigint);
create macro trino_url_extract_path(u) as regexp_extract(u, '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*([^?#]*)', 1);
create macro trino_url_extract_query(u) as regexp_extract(u, '\?([^#]*)', 1);
create macro trino_url_extract_parameter(u, n) as nullif(regexp_extract(u, '[?&]' || n || '=([^&#]*)', 1), '');
create macro trino_url_encode(t) as url_encode(t);
create macro trino_url_decode(t) as url_decode(t);
create macro trino_bitwise_and(a, b) as a & b;
create macro trino_bitwise_or(a, b) as a | b;
create macro trino_bitwise_xor(a, b) as xor(a, b);
create macro trino_bitwise_not(a) as ~a;
create macro trino_truncate(a) as trunc(a), (a, n) as trunc(a * 10 ** n) / 10 ** n;
create macro trino_log(base, x) as ln(x) / ln(base);
create macro trino_format(f, a) as printf(f, a), (f, a, b) as printf(f, a, b), (f, a, b, c) as printf(f, a, b, c);
create macro trino_array_join(a, s) as array_to_string(list_filter(a, lambda x: x is not null), s),
  (a, s, n) as array_to_string(list_transform(a, lambda x: coalesce(x::varchar, n)), s);
create macro trino_split_to_map(t, e, k) as map_from_entries(list_transform(string_split(t, e),
  lambda x: {'key': split_part(x, k, 1), 'value': split_part(x, k, 2)}));
create macro trino_json_array_length(j) as json_array_length(j)::bigint;
create macro trino_json_size(j, p) as coalesce(json_array_length(j, p), len(json_keys(j, p)))::bigint;
create macro trino_json_array_get(j, n) as json_extract(j, '$[' || n || ']');
create macro trino_json_extract(j, p) as json_extract(j, p);
create macro trino_json_extract_scalar(j, p) as
  case when json_type(j, p) not in ('OBJECT', 'ARRAY') then json_extract_string(j, p) end;
create macro trino_json_format(j) as json(j)::varchar;
create macro trino_json_parse(t) as t::json;
create macro trino_map_agg(k, v) as map(list(k), list(v));
create macro trino_map_keys(m) as map_keys(m);
create macro trino_map_values(m) as map_values(m);
create macro trino_map_concat(a, b) as map_concat(a, b);
create macro trino_histogram(x) as histogram(x);
create macro trino_is_finite(x) as isfinite(x);
create macro trino_is_nan(x) as isnan(x);
create macro trino_is_infinite(x) as isinf(x);
create macro trino_infinity() as 'infinity'::double;
create macro trino_nan() as 'nan'::double;
create macro trino_e() as exp(1.0::double);
create macro trino_rand() as random(), (n) as floor(random() * n)::bigint;
create macro trino_codepoint(t) as unicode(t);
create macro trino_date(t) as t::date;
create macro trino_with_timezone(t, zone) as timezone(zone, t);
create macro trino_at_timezone(t, zone) as timezone(zone, t);
create macro trino_current_timezone() as 'UTC';
create macro trino_concat_ws(s, a) as array_to_string(a, s);
create macro trino_day_of_week(t) as isodow(t);
create macro trino_dow(t) as isodow(t);
create macro trino_day_of_month(t) as day(t);
create macro trino_day_of_year(t) as dayofyear(t);
create macro trino_doy(t) as dayofyear(t);
create macro trino_week_of_year(t) as weekofyear(t);
create macro trino_year_of_week(t) as isoyear(t);
create macro trino_yow(t) as isoyear(t);
create macro trino_millisecond(t) as millisecond(t) % 1000;
create macro trino_last_day_of_month(t) as last_day(t);
create macro trino_levenshtein_distance(a, b) as levenshtein(a, b);
create macro trino_hamming_distance(a, b) as hamming(a, b);
create macro trino_arrays_overlap(a, b) as list_has_any(a, b);
create macro trino_array_position(a, x) as coalesce(list_position(a, x), 0)::bigint;
create macro trino_array_remove(a, x) as list_filter(a, lambda y: y <> x);
create macro trino_contains(a, x) as list_contains(a, x);
create macro trino_repeat(x, n) as list_transform(range(n), lambda i: x);
create macro trino_geometric_mean(x) as geomean(x);
create macro trino_every(x) as bool_and(x);
create macro trino_array_min(a) as list_min(a);
create macro trino_array_max(a) as list_max(a);
create macro trino_array_sum(a) as list_sum(a);
create macro trino_array_average(a) as list_avg(a);
create macro trino_array_distinct(a) as list_transform(list_sort(list_transform(list_distinct(a),
  lambda x: {'at': list_position(a, x), 'value': x})), lambda y: y.value);
create macro trino_flatten(a) as flatten(a);
create macro trino_sequence(a date, b date) as list_transform(generate_series(a, b, interval 1 day), lambda x: x::date),
  (a, b) as generate_series(a, b), (a, b, s) as generate_series(a, b, s);
create macro trino_split(t, s) as string_split(t, s),
  (t, s, n) as list_concat(string_split(t, s)[:n - 1], [array_to_string(string_split(t, s)[n:], s)]);
create macro trino_strpos(t, s) as instr(t, s)::bigint;
create macro trino_starts_with(t, s) as starts_with(t, s);
create macro trino_normalize(t) as nfc_normalize(t);
create macro trino_zip(a, b) as list_zip(a, b);
create macro trino_typeof(x) as lower(typeof(x));
