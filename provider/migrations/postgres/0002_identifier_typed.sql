-- A number as it was typed, beside `value`, which is for comparing. Rows from before have none.
ALTER TABLE identifier ADD COLUMN typed TEXT;
