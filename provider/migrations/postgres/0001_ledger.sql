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

-- For finding people by the beginning of any word of their name.
CREATE TABLE name_word (
    word TEXT COLLATE "C" NOT NULL,
    learner TEXT NOT NULL REFERENCES person (learner) ON DELETE CASCADE,
    PRIMARY KEY (word, learner)
);
CREATE INDEX name_word_learner ON name_word (learner);

-- What lists are made from without reading rows: copies of what the rows say, written
-- with them. What is decided is always decided on the rows.
CREATE INDEX entry_kind_at ON entry (kind, at, seq);
CREATE TABLE standing (
    record TEXT PRIMARY KEY,
    learner TEXT NOT NULL,
    activity TEXT NOT NULL,
    at BIGINT NOT NULL,
    completed TEXT NOT NULL,
    state TEXT NOT NULL,
    waits TEXT,
    reversed BIGINT NOT NULL,
    session TEXT NOT NULL
);
CREATE INDEX standing_session ON standing (session);
CREATE INDEX standing_waits ON standing (waits, at, record) WHERE waits IS NOT NULL;
CREATE INDEX standing_activity ON standing (activity, state, at, record);
CREATE INDEX standing_at ON standing (at, record);
CREATE TABLE reason (
    record TEXT NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (record, code)
);
CREATE TABLE first_attempt (
    activity TEXT NOT NULL,
    part TEXT NOT NULL,
    record TEXT NOT NULL,
    passed BIGINT NOT NULL,
    PRIMARY KEY (activity, part, record)
);
CREATE TABLE deed (
    seq BIGINT PRIMARY KEY REFERENCES entry (seq),
    staff TEXT NOT NULL
);
CREATE INDEX deed_staff ON deed (staff, seq);

CREATE TABLE staff (
    name TEXT PRIMARY KEY,
    password TEXT NOT NULL,
    role TEXT NOT NULL,
    active BIGINT NOT NULL,
    temporary BIGINT NOT NULL
);
CREATE TABLE desk_session (
    token TEXT PRIMARY KEY,
    staff TEXT NOT NULL REFERENCES staff (name) ON DELETE CASCADE,
    began BIGINT NOT NULL,
    seen BIGINT NOT NULL
);
CREATE INDEX desk_session_staff ON desk_session (staff);
CREATE TABLE sign_in (
    who TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    until BIGINT NOT NULL
);
