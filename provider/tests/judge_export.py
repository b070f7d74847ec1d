"""Reads an export with DuckDB, which is not ours, and says what is in it as JSON."""

import json
import sys

import duckdb

folder = sys.argv[1]
db = duckdb.connect()
db.execute("SET TimeZone = 'UTC'")
told = {}


def rows(select):
    return db.sql(select).fetchall()


for table in ("records", "answers", "decisions"):
    file = f"'{folder}/{table}.parquet'"
    db.sql(f"CREATE VIEW {table} AS SELECT * FROM {file}")
    metadata = {
        bytes(key).decode(): bytes(value).decode()
        for key, value in rows(f"SELECT key, value FROM parquet_kv_metadata({file})")
    }
    schema = rows(f"SELECT name, repetition_type FROM parquet_schema({file})")
    optional = {name for name, repetition in schema if repetition == "OPTIONAL"}
    told[table] = {
        "rows": rows(f"SELECT count(*) FROM {table}")[0][0],
        "columns": [
            [name, kind + (" NULL" if name in optional else "")]
            for name, kind, *_ in rows(f"DESCRIBE {table}")
        ],
        "metadata": metadata,
        "compression": [found for (found,) in rows(f"SELECT DISTINCT compression FROM parquet_metadata({file})")],
        "groups": rows(f"SELECT count(DISTINCT row_group_id) FROM parquet_metadata({file})")[0][0],
    }
told["points"] = rows(
    "SELECT part, sum(points)::BIGINT, sum(possible)::BIGINT, count(*), count(answer), sum(active_ms)::BIGINT "
    "FROM answers WHERE first GROUP BY part ORDER BY part"
)
told["attempts"] = rows(
    "SELECT id, part, attempt, sum(points)::BIGINT, bool_and(passed) FROM answers "
    "GROUP BY ALL ORDER BY id, part, attempt"
)
told["records_by_id"] = rows(
    "SELECT r.kid, r.id, r.learner, r.completed::VARCHAR, epoch_ms(r.completed_at), epoch_ms(r.received_at), "
    "r.active_ms, r.events, r.standing, r.reasons, "
    "r.attempts = (SELECT count(DISTINCT (part, attempt)) FROM answers a WHERE a.kid = r.kid AND a.id = r.id) "
    "FROM records r ORDER BY id"
)
told["answers_of_first"] = rows(
    "SELECT part, item, answer, points, certainty, active_ms, place FROM answers "
    "WHERE id = (SELECT min(id) FROM answers) AND first ORDER BY part, place"
)
told["decisions_in_order"] = rows(
    "SELECT kind, id, \"by\", decision, reasons, credit, accreditor, number, amount, completed::VARCHAR, \"after\", "
    "epoch_ms(\"at\") FROM decisions ORDER BY seq"
)
print(json.dumps(told))
