-- needs: 1

-- Messages from outside that were taken: by who sent them and their own id, so that one sent twice counts once, on whichever node.
CREATE TABLE IF NOT EXISTS signals_taken (
    issuer text NOT NULL,
    id text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (issuer, id));
CREATE INDEX IF NOT EXISTS signals_taken_at ON signals_taken (at);

-- When the newest word about something was true, by its sender's clock: an older one that comes late changes nothing.
CREATE TABLE IF NOT EXISTS signal_marks (
    source text NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (source, kind, subject));
CREATE INDEX IF NOT EXISTS signal_marks_at ON signal_marks (at);

-- How each source does. heard: when anything it said was taken. asked, state: the last verification that was asked for, and how its echo
-- will be known; echoed: when it came. status: as the transmitter last told, null for enabled.
CREATE TABLE IF NOT EXISTS signal_sources (
    source text NOT NULL PRIMARY KEY,
    taken bigint NOT NULL,
    unmatched bigint NOT NULL,
    heard bigint,
    last_event text,
    asked bigint,
    state text,
    echoed bigint,
    status text,
    reason text);

-- The last level of risk told of a person, session or device, by each source: the highest counts. level: 0 low, 1 medium, 2 high.
CREATE TABLE IF NOT EXISTS risk_levels (
    kind text NOT NULL,
    key text NOT NULL,
    source text NOT NULL,
    level bigint NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (kind, key, source));
