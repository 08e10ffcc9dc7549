-- needs: 13

-- What sources other than the sign-in tell of a person: administrators ('admin'), SCIM clients ('scim/NAME'). A row may stand before its
-- person first signs in. groups: null where the source tells none. A Doorward that does not read this would overlook an end: needs 13.
CREATE TABLE IF NOT EXISTS directory (
    source text NOT NULL,
    person text NOT NULL,
    name text,
    email text,
    active bigint NOT NULL,
    end_date bigint,
    groups text,
    attributes text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (source, person));
CREATE INDEX IF NOT EXISTS directory_person ON directory (person);
