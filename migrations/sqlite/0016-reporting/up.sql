-- Reports: what a commissioner may see figures of, as an administrator set it. A row is one force or one partner
-- organisation.
CREATE TABLE commissioner_reaches (
    id BLOB NOT NULL CHECK (length(id) = 16),
    commissioner_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(commissioner_id) = 16),
    force_id TEXT,
    partner_id BLOB REFERENCES organisations (id) CHECK (length(partner_id) = 16),
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by BLOB REFERENCES staff (id) CHECK (length(ended_by) = 16),
    PRIMARY KEY (id),
    CHECK ((force_id IS NULL) <> (partner_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX commissioner_reaches_force ON commissioner_reaches (commissioner_id, force_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX commissioner_reaches_partner ON commissioner_reaches (commissioner_id, partner_id) WHERE ended_at IS NULL;
