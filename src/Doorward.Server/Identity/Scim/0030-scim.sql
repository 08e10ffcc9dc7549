-- needs: 1

-- What SCIM clients sent, as they sent it; what follows from it for people stands in directory. name_key: userName or displayName, in
-- lower case. person: whom a user is, by the client's join; null where that cannot be told. A deleted user is gone here, and inactive there.
CREATE TABLE IF NOT EXISTS scim_resources (
    client text NOT NULL,
    type text NOT NULL,
    id text NOT NULL,
    name_key text NOT NULL,
    external_id text,
    person text,
    json text NOT NULL,
    version bigint NOT NULL,
    created bigint NOT NULL,
    modified bigint NOT NULL,
    PRIMARY KEY (client, type, id));
CREATE UNIQUE INDEX IF NOT EXISTS scim_resources_name ON scim_resources (client, type, name_key);
CREATE INDEX IF NOT EXISTS scim_resources_external ON scim_resources (client, type, external_id);

CREATE TABLE IF NOT EXISTS scim_members (
    client text NOT NULL,
    group_id text NOT NULL,
    user_id text NOT NULL,
    PRIMARY KEY (client, group_id, user_id));
CREATE INDEX IF NOT EXISTS scim_members_user ON scim_members (client, user_id);
