"""The product-analytics data of the box: made inside ClickHouse from a fixed seed, the same on every machine."""

from __future__ import annotations

EVENTS, PERSONS, DAYS = 100_000, 2_000, 90
LAST_DAY = "2026-11-23"

TABLES = (
    """CREATE TABLE IF NOT EXISTS persons (
        id UUID, created_at DateTime64(6, 'UTC'), properties String, is_identified Bool
    ) ENGINE = MergeTree ORDER BY id""",
    """CREATE TABLE IF NOT EXISTS events (
        uuid UUID, event String, timestamp DateTime64(6, 'UTC'), created_at DateTime64(6, 'UTC'), distinct_id String,
        person_id UUID, `$session_id` String, properties String, person_properties String
    ) ENGINE = MergeTree ORDER BY (timestamp, uuid)""",
    """CREATE TABLE IF NOT EXISTS sessions (
        session_id String, distinct_id String, person_id UUID, `$start_timestamp` DateTime64(6, 'UTC'),
        `$end_timestamp` DateTime64(6, 'UTC'), `$session_duration` Int64, `$pageview_count` UInt64
    ) ENGINE = MergeTree ORDER BY session_id""",
)

_PERSON_ID = "reinterpretAsUUID(concat(reinterpretAsFixedString(cityHash64({n}, 'p')), reinterpretAsFixedString(cityHash64({n}, 'q'))))"
_PERSON_JSON = """concat('{{"email":"user', toString({n}), '@example.com","name":"User ', toString({n}),
    '","plan":"', ['free','free','free','team','enterprise'][1 + cityHash64({n}, 'plan') % 5],
    '","$geoip_country_code":"', ['US','DE','GB','FR','BR','IN'][1 + cityHash64({n}, 'country') % 6],
    '","seats":', toString(1 + cityHash64({n}, 'seats') % 40), '}}')"""

_INSERT_PERSONS = f"""INSERT INTO persons
    SELECT {_PERSON_ID.format(n="number")},
        toDateTime64('{LAST_DAY} 00:00:00', 6, 'UTC') - toIntervalDay(1 + cityHash64(number, 'born') % 400),
        {_PERSON_JSON.format(n="number")}, number % 3 != 0
    FROM numbers({PERSONS})"""

# Early people come more often: the square of an even distribution.
_WHO = f"toUInt64(floor({PERSONS} * pow((cityHash64(number, 'who') % 10007) / 10007, 2)))"
_WHAT = """multiIf(h < 52, '$pageview', h < 62, '$autocapture', h < 70, 'insight_created', h < 76, 'dashboard_viewed',
    h < 82, '$feature_flag_called', h < 88, 'signed_up', h < 93, 'invited_teammate', h < 97, 'purchase', 'churned')"""
_INSERT_EVENTS = f"""INSERT INTO events
    WITH {_WHO} AS who, cityHash64(number, 'what') % 100 AS h, {_WHAT} AS what,
        toDateTime64('{LAST_DAY} 00:00:00', 6, 'UTC') - toIntervalSecond(cityHash64(number, 'when') % ({DAYS} * 86400)) AS moment
    SELECT reinterpretAsUUID(concat(reinterpretAsFixedString(cityHash64(number, 'e')), reinterpretAsFixedString(cityHash64(number, 'f')))),
        what, moment, moment, concat('user-', toString(who)), {_PERSON_ID.format(n="who")},
        concat('session-', toString(who), '-', toString(toYYYYMMDD(moment))),
        concat('{{"$browser":"', ['Chrome','Chrome','Chrome','Safari','Firefox','Edge'][1 + cityHash64(who, 'browser') % 6],
            '","$os":"', ['Mac OS X','Windows','Linux','iOS'][1 + cityHash64(who, 'os') % 4],
            '","$current_url":"https://hedgebox.example', ['/','/pricing','/files','/docs','/signup'][1 + cityHash64(number, 'url') % 5],
            '","load_time_ms":', toString(80 + cityHash64(number, 'load') % 900),
            multiIf(what = 'purchase', concat(',"amount":', toString(5 + cityHash64(number, 'amount') % 200),
                        ',"items":', toString(1 + cityHash64(number, 'items') % 5)),
                    what = '$feature_flag_called', concat(',"$feature_flag":"new-onboarding","$feature_flag_response":"',
                        ['control','test'][1 + cityHash64(who, 'flag') % 2], '"'), ''), '}}'),
        {_PERSON_JSON.format(n="who")}
    FROM numbers({EVENTS})"""

_INSERT_SESSIONS = """INSERT INTO sessions
    SELECT `$session_id`, any(distinct_id), any(person_id), min(timestamp), max(timestamp),
        dateDiff('second', min(timestamp), max(timestamp)), countIf(event = '$pageview')
    FROM events GROUP BY `$session_id`"""

INSERTS = (_INSERT_PERSONS, _INSERT_EVENTS, _INSERT_SESSIONS)
