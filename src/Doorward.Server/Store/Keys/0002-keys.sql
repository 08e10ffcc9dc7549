-- needs: 1

-- Keys that nodes share, each sealed under the root key, which is never in the store. root names the root key by a fingerprint:
-- a start with another one is refused instead of failing later. A key counts from starts until its successor does.
CREATE TABLE IF NOT EXISTS keys (
    purpose text NOT NULL,
    number bigint NOT NULL,
    id text NOT NULL,
    root text NOT NULL,
    sealed bytea NOT NULL,
    starts bigint NOT NULL,
    PRIMARY KEY (purpose, number));
