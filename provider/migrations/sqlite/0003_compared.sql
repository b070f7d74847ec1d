-- By which version names and numbers are compared. A ledger without the newest one has its lists
-- made again when it is opened for writing.
CREATE TABLE compared (
    version BIGINT PRIMARY KEY
);
