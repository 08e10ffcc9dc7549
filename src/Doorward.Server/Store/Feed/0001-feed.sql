-- needs: 1

-- What changed, for every node to hear. The one row of feed is locked by each writer from its last statement to its commit, which
-- makes the ids of changes gapless and gives them the order of the commits. epoch is raised when history went back (a backup was
-- restored, a fail-over lost writes): what was granted under an older epoch no longer counts. The newest change is never pruned:
-- by its writer (an id of the transaction) a node knows that this is still the history it remembers.
CREATE TABLE IF NOT EXISTS feed (
    only_row bigint NOT NULL PRIMARY KEY CHECK (only_row = 1),
    last bigint NOT NULL,
    epoch bigint NOT NULL);
INSERT INTO feed (only_row, last, epoch) VALUES (1, 0, 1) ON CONFLICT (only_row) DO NOTHING;

CREATE TABLE IF NOT EXISTS changes (
    id bigint NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    key text NOT NULL,
    writer text NOT NULL,
    at bigint NOT NULL);
CREATE INDEX IF NOT EXISTS changes_at ON changes (at);
