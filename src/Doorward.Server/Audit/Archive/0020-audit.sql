-- needs: 1

-- One row a chain: how far its records are in the store. Records carry the number, which is shorter than the name.
CREATE TABLE IF NOT EXISTS audit_nodes (
    node text NOT NULL PRIMARY KEY,
    number bigint NOT NULL UNIQUE,
    sequence bigint NOT NULL,
    chain bytea NOT NULL);

-- One row a day (UTC, counted from 1970-01-01) whose records have a table of their own, audit_blocks_<day>: a day is dropped
-- in an instant, on every engine.
CREATE TABLE IF NOT EXISTS audit_days (
    day bigint NOT NULL PRIMARY KEY);

-- Every checkpoint, as it was signed; they also go outside, where whoever holds this store cannot change them.
CREATE TABLE IF NOT EXISTS audit_checkpoints (
    at bigint NOT NULL,
    node text NOT NULL,
    signed text NOT NULL,
    PRIMARY KEY (at, node));
