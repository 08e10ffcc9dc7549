-- needs: 1

-- Machines. A secret is known by its hash alone; an account has two of them while it is rotated. routes: names, one a line; null: all.
CREATE TABLE IF NOT EXISTS service_accounts (
    id text NOT NULL PRIMARY KEY,
    name text NOT NULL UNIQUE,
    role text NOT NULL,
    routes text,
    created bigint NOT NULL,
    expires bigint,
    revoked bigint);

CREATE TABLE IF NOT EXISTS service_account_secrets (
    hash bytea NOT NULL PRIMARY KEY,
    account text NOT NULL,
    created bigint NOT NULL,
    expires bigint);
CREATE INDEX IF NOT EXISTS service_account_secrets_account ON service_account_secrets (account);
