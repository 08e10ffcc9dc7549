-- needs: 40

-- What was said to be over: whatever authenticated until then. A sign-in that was under way when it was said finds it here.
-- whose: a person, or a provider and a slash for anybody of its; provider_session and device: empty where the word was about any.
CREATE TABLE IF NOT EXISTS session_ends (
    whose text NOT NULL,
    provider_session text NOT NULL,
    device text NOT NULL,
    until bigint NOT NULL,
    PRIMARY KEY (whose, provider_session, device));
CREATE INDEX IF NOT EXISTS session_ends_device ON session_ends (device);
CREATE INDEX IF NOT EXISTS session_ends_until ON session_ends (until);
