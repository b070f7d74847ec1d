-- The ledger. Rows are added and never changed: the triggers below refuse the rest.
-- `line` is what is chained; the other columns of `entry` are copies of what it says,
-- for finding rows, and `enduring ledger verify` compares them.
CREATE TABLE entry (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind TEXT NOT NULL,
    once TEXT UNIQUE,
    record TEXT,
    learner TEXT,
    activity TEXT,
    mark TEXT,
    at BIGINT NOT NULL,
    line TEXT NOT NULL
);
CREATE INDEX entry_record ON entry (record, seq) WHERE record IS NOT NULL;
CREATE INDEX entry_learner ON entry (learner, seq) WHERE learner IS NOT NULL;
CREATE INDEX entry_activity ON entry (activity, kind, seq) WHERE activity IS NOT NULL;
CREATE INDEX entry_mark ON entry (mark) WHERE mark IS NOT NULL;
CREATE INDEX entry_kind ON entry (kind, seq);

CREATE TABLE link (
    n BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL UNIQUE REFERENCES entry (seq),
    hash BYTEA NOT NULL
);

-- The signed record with its log and key: what a replay needs, and nothing personal.
CREATE TABLE proof (
    record TEXT PRIMARY KEY,
    jws TEXT NOT NULL,
    log TEXT NOT NULL,
    jwk TEXT NOT NULL
);

CREATE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is only added to';
END
$$;
CREATE TRIGGER entry_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
FOR EACH STATEMENT EXECUTE FUNCTION only_added_to();
CREATE TRIGGER link_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON link
FOR EACH STATEMENT EXECUTE FUNCTION only_added_to();
CREATE TRIGGER proof_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON proof
FOR EACH STATEMENT EXECUTE FUNCTION only_added_to();

-- What is personal, kept apart so that it can be erased: nothing above refers to it
-- but by digests and opaque ids.
CREATE TABLE person (
    learner TEXT PRIMARY KEY,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    folded TEXT NOT NULL,
    birth_month BIGINT,
    birth_day BIGINT,
    profession TEXT,
    roster BIGINT NOT NULL
);
CREATE INDEX person_folded ON person (folded);
CREATE TABLE identifier (
    learner TEXT NOT NULL REFERENCES person (learner) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (learner, kind)
);
CREATE INDEX identifier_value ON identifier (kind, value);
CREATE TABLE sheet (
    record TEXT NOT NULL,
    part TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (record, part)
);

CREATE TABLE staff (
    name TEXT PRIMARY KEY,
    password TEXT NOT NULL,
    role TEXT NOT NULL,
    active BIGINT NOT NULL
);
CREATE TABLE desk_session (
    token TEXT PRIMARY KEY,
    staff TEXT NOT NULL REFERENCES staff (name) ON DELETE CASCADE,
    csrf TEXT NOT NULL,
    expires BIGINT NOT NULL
);
