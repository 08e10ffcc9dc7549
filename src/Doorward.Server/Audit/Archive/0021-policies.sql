-- needs: 1

-- Every policy that decided something, once, as the canonical text whose SHA-256 its records name; seen: when a node last served it.
CREATE TABLE IF NOT EXISTS audit_policies (
    digest text NOT NULL PRIMARY KEY,
    policy text NOT NULL,
    seen bigint NOT NULL);
