-- needs: 1

-- What is denied everywhere at once, whatever policies say.
CREATE TABLE IF NOT EXISTS locks (
    kind text NOT NULL,
    key text NOT NULL,
    reason text,
    set_by text,
    at bigint NOT NULL,
    PRIMARY KEY (kind, key));
