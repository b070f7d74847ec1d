-- What `grow.sql` copies, kept while a ledger grows: its copies are not copied again.
-- Read by bench/growth.rs.
CREATE TABLE grow_entry AS
SELECT kind, once, record, learner, activity, mark, at, line,
       CASE WHEN record IS NULL THEN substr(mark, 5) ELSE substr(record, 1, 64) END AS kid
FROM entry WHERE kind IN ('received', 'bound', 'decided', 'credited', 'receipted') ORDER BY seq;
CREATE TABLE grow_person AS SELECT * FROM person;
CREATE TABLE grow_word AS SELECT * FROM name_word;
CREATE TABLE grow_identifier AS SELECT * FROM identifier;
CREATE TABLE grow_standing AS SELECT * FROM standing;
CREATE TABLE grow_attempt AS SELECT * FROM first_attempt;
