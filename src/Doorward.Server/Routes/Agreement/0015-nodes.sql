-- needs: 1

-- Which configuration each node serves, as it last said. Nothing is decided by it: an operator is told where they differ.
CREATE TABLE IF NOT EXISTS nodes (
    name text NOT NULL PRIMARY KEY,
    configuration text NOT NULL,
    at bigint NOT NULL);
CREATE INDEX IF NOT EXISTS nodes_at ON nodes (at);
