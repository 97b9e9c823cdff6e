-- Reports: what a commissioner may see figures of, as an administrator set it. A row is one force or one partner
-- organisation.
CREATE TABLE commissioner_reaches (
    id uuid NOT NULL,
    commissioner_id uuid NOT NULL REFERENCES organisations (id),
    force_id text,
    partner_id uuid REFERENCES organisations (id),
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by uuid REFERENCES staff (id),
    PRIMARY KEY (id),
    CHECK ((force_id IS NULL) <> (partner_id IS NULL))
);
CREATE UNIQUE INDEX commissioner_reaches_force ON commissioner_reaches (commissioner_id, force_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX commissioner_reaches_partner ON commissioner_reaches (commissioner_id, partner_id) WHERE ended_at IS NULL;
