-- needs: 40

-- What is known of devices, each fact by itself, because sources tell of different ones: the newest word counts, by its source's clock.
-- value: JSON. A Doorward that does not read this would overlook the lock on a device: needs 40.
CREATE TABLE IF NOT EXISTS device_facts (
    device text NOT NULL,
    name text NOT NULL,
    value text NOT NULL,
    source text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (device, name));

-- The device that a session was begun on, where its provider told.
ALTER TABLE sessions ADD COLUMN device text;
CREATE INDEX IF NOT EXISTS sessions_device ON sessions (device);
