-- Copies the records of `grow_from.sql`, each under other names, until a ledger has as many rows
-- as a provider's in years. Read by bench/growth.rs, which puts in what {…} stands for.
-- Only for measuring: links have no true hash, and there is no proof to the copies.
CREATE TEMPORARY TABLE copies AS
WITH RECURSIVE copy (n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM copy WHERE n < {to})
SELECT n, {hex} AS name FROM copy;

INSERT INTO entry (kind, once, record, learner, activity, mark, at, line)
SELECT kind,
       replace(replace(once, kid, name || substr(kid, 9)), learner, name || substr(learner, 9)),
       name || substr(record, 9),
       name || substr(learner, 9),
       activity,
       CASE WHEN mark LIKE 'pace:%' THEN 'pace:' || name || substr(mark, 14)
            ELSE replace(replace(mark, kid, name || substr(kid, 9)), learner, name || substr(learner, 9)) END,
       at - n * 60000,
       replace(replace(line, kid, name || substr(kid, 9)), learner, name || substr(learner, 9))
FROM copies CROSS JOIN grow_entry;

INSERT INTO link (n, seq, hash)
SELECT (SELECT COALESCE(MAX(n), 0) FROM link) + ROW_NUMBER() OVER (ORDER BY seq), seq, {hash}
FROM entry WHERE seq > (SELECT COALESCE(MAX(seq), 0) FROM link);

INSERT INTO person (learner, first_name, last_name, folded, birth_month, birth_day, profession, roster)
SELECT name || substr(learner, 9), first_name, last_name || name, folded || name, birth_month, birth_day, profession, roster
FROM copies CROSS JOIN grow_person;
INSERT INTO name_word (word, learner)
SELECT word || name, name || substr(learner, 9) FROM copies CROSS JOIN grow_word;
INSERT INTO identifier (learner, kind, value)
SELECT name || substr(learner, 9), kind, value || name FROM copies CROSS JOIN grow_identifier;

INSERT INTO standing (record, learner, activity, at, completed, state, waits, reversed, session)
SELECT name || substr(record, 9), name || substr(learner, 9), activity, at - n * 60000, completed, state, waits, reversed,
       name || substr(session, 9)
FROM copies CROSS JOIN grow_standing;
INSERT INTO first_attempt (activity, part, record, passed)
SELECT activity, part, name || substr(record, 9), passed FROM copies CROSS JOIN grow_attempt;

DROP TABLE copies;
