"""The product-analytics data of the box: Hedgebox, made inside ClickHouse from fixed seeds up to the present day.

People sign up, come back less and less, more often on working days; those who see the new onboarding buy more often.
The numbers hang on the day the data were made, not on the machine.
"""

from __future__ import annotations

PERSONS, DAYS, COMPANIES = 2_500, 90, 250

TABLES = (
    """CREATE TABLE IF NOT EXISTS persons (
        id UUID, created_at DateTime64(6, 'UTC'), properties String, is_identified Bool
    ) ENGINE = MergeTree ORDER BY id""",
    """CREATE TABLE IF NOT EXISTS person_distinct_ids (
        distinct_id String, person_id UUID
    ) ENGINE = MergeTree ORDER BY distinct_id""",
    """CREATE TABLE IF NOT EXISTS groups (
        `index` UInt8, key String, created_at DateTime64(6, 'UTC'), updated_at DateTime64(6, 'UTC'), properties String
    ) ENGINE = MergeTree ORDER BY (`index`, key)""",
    """CREATE TABLE IF NOT EXISTS events (
        uuid UUID, event LowCardinality(String), timestamp DateTime64(6, 'UTC'), created_at DateTime64(6, 'UTC'),
        distinct_id String, elements_chain String, person_id UUID, `$session_id` String, `$window_id` String,
        `$group_0` String, `$group_1` String, `$group_2` String, `$group_3` String, `$group_4` String,
        properties String, person_properties String, person_created_at DateTime64(6, 'UTC'), person_is_identified Bool
    ) ENGINE = MergeTree ORDER BY (toDate(timestamp), cityHash64(distinct_id), uuid)
    SAMPLE BY cityHash64(distinct_id)""",
    """CREATE TABLE IF NOT EXISTS sessions (
        session_id String, distinct_id String, person_id UUID, `$start_timestamp` DateTime64(6, 'UTC'),
        `$end_timestamp` DateTime64(6, 'UTC'), max_inserted_at DateTime64(6, 'UTC'), `$urls` Array(String),
        `$num_uniq_urls` UInt64, `$entry_current_url` String, `$entry_pathname` String, `$entry_hostname` String,
        `$end_current_url` String, `$end_pathname` String, `$end_hostname` String, `$entry_referring_domain` String,
        `$entry_utm_source` String, `$channel_type` String, `$pageview_count` UInt64, `$autocapture_count` UInt64,
        `$screen_count` UInt64, `$session_duration` Int64, `$is_bounce` Bool
    ) ENGINE = MergeTree ORDER BY session_id""",
)


def _pick(values: str, *seed: str) -> str:
    """Return SQL that picks one of several texts, always the same for the same seed."""
    texts = values.split("|")
    listed = ", ".join(f"'{text}'" for text in texts)
    return f"[{listed}][1 + cityHash64({', '.join(seed)}) % {len(texts)}]"


def _chance(*seed: str) -> str:
    """Return SQL of an even number from 0 to 1, always the same for the same seed."""
    return f"(cityHash64({', '.join(seed)}) % 1000003) / 1000003"


def _uuid(*seed: str) -> str:
    # A version 7 look, so that whatever sorts or checks such ids finds nothing odd.
    digest = f"hex(MD5(concatWithSeparator('-', {', '.join(f'toString({part})' for part in seed)})))"
    return (
        f"toUUID(concat('0199', substring({digest}, 1, 4), '-', substring({digest}, 5, 4), '-7', "
        f"substring({digest}, 9, 3), '-8', substring({digest}, 12, 3), '-', substring({digest}, 15, 12)))"
    )


_TODAY = "toDateTime64(toDate(now('UTC')), 6, 'UTC')"
_BORN_DAYS_AGO = "toUInt32(1 + floor(170 * pow({chance}, 1.1)))".format(chance=_chance("who", "'born'"))
_BORN = f"({_TODAY} - toIntervalDay(born_days_ago) + toIntervalSecond(25000 + cityHash64(who, 'hour') % 50000))"
_PERSON_JSON = f"""concat('{{"email":"user', toString(who), '@example.com","name":"User ', toString(who),
    '","plan":"', {_pick("free|free|free|team|enterprise", "who", "'plan'")},
    '","$geoip_country_code":"', {_pick("US|US|DE|GB|FR|BR|IN|JP", "who", "'country'")},
    '","$initial_referring_domain":"', {_pick("google.com|$direct|$direct|github.com|news.ycombinator.com", "who", "'from'")},
    '","seats":', toString(1 + cityHash64(who, 'seats') % 40),
    ',"is_admin":', if(cityHash64(who, 'admin') % 4 = 0, 'true', 'false'),
    ',"signed_up_at":"', formatDateTime(born, '%Y-%m-%dT%H:%i:%SZ', 'UTC'),
    '","company":{{"name":"Company ', toString(who % {COMPANIES}), '","size":', toString(5 + cityHash64(who % {COMPANIES}, 'size') % 800),
    '}},"tags":["', {_pick("beta|power|quiet", "who", "'tag'")}, '","hedgehog"]}}')"""
_WHO = f"""number AS who, {_BORN_DAYS_AGO} AS born_days_ago, {_BORN} AS born, {_PERSON_JSON} AS person_json,
    {_uuid("who", "'person'")} AS person"""

_INSERT_PERSONS = f"""INSERT INTO persons
    WITH {_WHO} SELECT person, born, person_json, who % 5 != 0 FROM numbers({PERSONS})"""
_INSERT_DISTINCT_IDS = f"""INSERT INTO person_distinct_ids
    WITH {_WHO} SELECT arrayJoin(if(who % 5 != 0, [concat('user-', toString(who)), concat('anon-', toString(who))],
        [concat('user-', toString(who))])), person FROM numbers({PERSONS})"""
_INSERT_GROUPS = f"""INSERT INTO groups
    SELECT 0, concat('company-', toString(number)), {_TODAY} - toIntervalDay(number % 300), {_TODAY},
        concat('{{"name":"Company ', toString(number), '","employees":', toString(5 + cityHash64(number, 'size') % 800),
            ',"is_paying":', if(number % 3 = 0, 'true', 'false'), '}}') FROM numbers({COMPANIES})"""

# One row for each day on which a person came: day 0 is the sign-up, later visits get rarer, weekends are quiet.
_VISITS = f"""WITH {_WHO}
    SELECT who, born, person_json, person, born_days_ago, arrayJoin(range({DAYS})) AS days_ago,
        toInt32(born_days_ago) - toInt32(days_ago) - 1 AS age,
        {_TODAY} - toIntervalDay(days_ago + 1) AS day,
        if(age = 0, born, day + toIntervalSecond(25000 + cityHash64(who, days_ago, 'hour') % 50000)) AS started,
        {_chance("who", "days_ago", "'visit'")} AS luck,
        (0.08 + 0.3 * exp(-age / 12)) * if(toDayOfWeek(day) > 5, 0.45, 1.15) AS wish,
        if(cityHash64(who, 'flag') % 2 = 0, 'control', 'test') AS variant,
        2 + toUInt32(floor(14 * pow({_chance("who", "days_ago", "'length'")}, 2))) + if(age = 0, 2, 0) AS steps
    FROM numbers({PERSONS})
    WHERE age = 0 OR (age > 0 AND luck < wish)"""
_WHAT = """multiIf(age = 0 AND step = 0, '$pageview', age = 0 AND step = 1, 'signed_up', step = 0, '$pageview',
    step = 1, '$feature_flag_called', h < 40, '$pageview', h < 56, '$autocapture', h < 68, 'dashboard_viewed',
    h < 79, 'insight_created', h < 86, '$pageleave', h < 92, 'invited_teammate',
    h < if(variant = 'test', 98, 95), 'purchase', h >= 99 AND age > 20, 'churned', '$pageview')"""
_PAGES = _pick("/|/pricing|/files|/docs|/dashboard", "who", "days_ago", "step", "'url'")
_PATH = f"if(what = 'signed_up' OR (age = 0 AND step = 0), '/signup', {_PAGES})"
_EVENT_JSON = f"""concat('{{"$browser":"', {_pick("Chrome|Chrome|Chrome|Safari|Firefox|Edge", "who", "'browser'")},
    '","$os":"', {_pick("Mac OS X|Windows|Windows|Linux|iOS|Android", "who", "'os'")},
    '","$device_type":"', {_pick("Desktop|Desktop|Desktop|Mobile", "who", "'device'")},
    '","$lib":"web","$host":"hedgebox.example","$pathname":"', path,
    '","$current_url":"https://hedgebox.example', path,
    '","$referring_domain":"', if(step = 0, referrer, 'hedgebox.example'),
    '","utm_source":', if(source = '', 'null', concat('"', source, '"')),
    ',"$session_id":"', session, '","load_time_ms":', toString(80 + cityHash64(who, days_ago, step, 'load') % 900),
    ',"$feature/new-onboarding":"', variant, '"',
    multiIf(what = 'purchase', concat(',"amount":', toString((500 + cityHash64(who, days_ago, step, 'amount') % 20000) / 100),
            ',"items":', toString(1 + cityHash64(who, days_ago, step, 'items') % 5),
            ',"is_first_purchase":', if(age < 15, 'true', 'false'), ',"currency":"USD","renews_at":"',
            formatDateTime(moment + toIntervalMonth(1), '%Y-%m-%dT%H:%i:%SZ', 'UTC'),
            '","products":[{{"sku":"seat","count":', toString(1 + cityHash64(who, step, 'sku') % 4), '}},{{"sku":"storage","count":1}}]'),
        what = '$feature_flag_called', concat(',"$feature_flag":"new-onboarding","$feature_flag_response":"', variant, '"'),
        what = 'insight_created', concat(',"insight":"', {_pick("TRENDS|FUNNELS|RETENTION|PATHS", "who", "step")},
            '","files":', toString(cityHash64(who, step) % 9), ',"size_mb":', toString((cityHash64(who, step) % 5000) / 10),
            ',"is_shared":', if(cityHash64(who, step) % 3 = 0, 'true', 'false')),
        what = 'churned', ',"reason":"price"', ''), '}}')"""
_INSERT_EVENTS = f"""INSERT INTO events (uuid, event, timestamp, created_at, distinct_id, elements_chain, person_id,
        `$session_id`, `$window_id`, `$group_0`, properties, person_properties, person_created_at, person_is_identified)
    WITH cityHash64(who, days_ago, step, 'what') % 100 AS h, {_WHAT} AS what, {_PATH} AS path,
        started + toIntervalSecond(step * (20 + cityHash64(who, days_ago, 'pace') % 100)) AS moment,
        toString({_uuid("who", "days_ago", "'session'")}) AS session,
        {_pick("google.com|$direct|$direct|github.com|twitter.com", "who", "days_ago", "'ref'")} AS referrer,
        {_pick("|||newsletter|google|twitter", "who", "days_ago", "'utm'")} AS source
    SELECT {_uuid("who", "days_ago", "step", "'event'")}, what, moment, moment + toIntervalSecond(2),
        concat('user-', toString(who)), if(what = '$autocapture', 'button:text="Upload";div', ''), person,
        session, session, concat('company-', toString(who % {COMPANIES})), {_EVENT_JSON}, person_json, born, who % 5 != 0
    FROM (SELECT *, arrayJoin(range(steps)) AS step FROM ({_VISITS}))"""

_URL, _PATHNAME = "JSONExtractString(properties, '$current_url')", "JSONExtractString(properties, '$pathname')"
_INSERT_SESSIONS = f"""INSERT INTO sessions
    SELECT `$session_id`, any(distinct_id), any(person_id), min(timestamp) AS start, max(timestamp) AS end, max(created_at),
        groupUniqArray({_URL}) AS urls, length(urls), argMin({_URL}, timestamp), argMin({_PATHNAME}, timestamp),
        'hedgebox.example', argMax({_URL}, timestamp), argMax({_PATHNAME}, timestamp), 'hedgebox.example',
        argMin(JSONExtractString(properties, '$referring_domain'), timestamp) AS referrer,
        argMin(JSONExtractString(properties, 'utm_source'), timestamp) AS utm,
        multiIf(utm = 'newsletter', 'Email', referrer = 'google.com', 'Organic Search', referrer = '$direct', 'Direct',
            referrer = 'twitter.com', 'Organic Social', 'Referral'),
        countIf(event = '$pageview') AS views, countIf(event = '$autocapture') AS clicks, 0,
        dateDiff('second', start, end) AS seconds, views < 2 AND clicks = 0 AND seconds < 10
    FROM events GROUP BY `$session_id`"""

INSERTS = (_INSERT_PERSONS, _INSERT_DISTINCT_IDS, _INSERT_GROUPS, _INSERT_EVENTS, _INSERT_SESSIONS)
