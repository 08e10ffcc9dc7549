-- needs: 1

-- A person is one subject of one provider. groups: null where no source has told; else JSON. version is raised when a fact changes.
CREATE TABLE IF NOT EXISTS persons (
    id text NOT NULL PRIMARY KEY,
    provider text NOT NULL,
    subject text NOT NULL,
    name text,
    email text,
    email_verified bigint NOT NULL,
    groups text,
    attributes text NOT NULL,
    active bigint NOT NULL,
    end_date bigint,
    version bigint NOT NULL,
    UNIQUE (provider, subject));

-- One person in one browser. series is raised when cookies are renewed: those of an older series no longer count. epoch is the store's
-- (see feed) at sign-in: after a restored backup, which may have forgotten that a session was ended, none of before counts.
CREATE TABLE IF NOT EXISTS sessions (
    id text NOT NULL PRIMARY KEY,
    person text NOT NULL,
    provider_session text,
    started bigint NOT NULL,
    expires bigint NOT NULL,
    last_activity bigint NOT NULL,
    series bigint NOT NULL,
    epoch bigint NOT NULL,
    version bigint NOT NULL,
    facts text NOT NULL,
    user_agent text,
    address text);
CREATE INDEX IF NOT EXISTS sessions_person ON sessions (person);
CREATE INDEX IF NOT EXISTS sessions_provider_session ON sessions (provider_session);
CREATE INDEX IF NOT EXISTS sessions_expires ON sessions (expires);
CREATE INDEX IF NOT EXISTS sessions_last_activity ON sessions (last_activity);

-- A cookie counts at exactly one host. It is known by its hash alone.
CREATE TABLE IF NOT EXISTS session_cookies (
    hash bytea NOT NULL PRIMARY KEY,
    session text NOT NULL,
    host text NOT NULL,
    series bigint NOT NULL);
CREATE INDEX IF NOT EXISTS session_cookies_session ON session_cookies (session);

-- The provider's tokens, encrypted. refresh_at: when to ask the provider anew; claimed_until: one node does so at a time.
CREATE TABLE IF NOT EXISTS session_tokens (
    session text NOT NULL PRIMARY KEY,
    tokens bytea NOT NULL,
    refresh_at bigint,
    claimed_until bigint NOT NULL);
CREATE INDEX IF NOT EXISTS session_tokens_refresh ON session_tokens (refresh_at);

-- Codes that hand a session over to a route's host: one use, a minute.
CREATE TABLE IF NOT EXISTS hand_overs (
    hash bytea NOT NULL PRIMARY KEY,
    session text NOT NULL,
    host text NOT NULL,
    nonce bytea NOT NULL,
    expires bigint NOT NULL);
