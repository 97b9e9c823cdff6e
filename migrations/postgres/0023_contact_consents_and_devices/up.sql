-- Whether and how it is safe to be in touch, acts under duress, who recorded a consent, lawful bases, the phone's battery.

ALTER TABLE check_ins ADD COLUMN battery integer;
ALTER TABLE consent_entries ADD COLUMN recorded_how text;

-- What a survivor last said about being contacted; the latest counts.
CREATE TABLE contact_answers (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    is_safe boolean NOT NULL,
    contact_by jsonb,
    said_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX contact_answers_by_survivor ON contact_answers (survivor_id, said_at);
INSERT INTO contact_answers (id, survivor_id, is_safe, contact_by, said_at)
    SELECT id, survivor_id, safe_to_contact, contact_by, received_at FROM check_ins
    WHERE safe_to_contact IS NOT NULL AND received_at IS NOT NULL AND NOT is_duress;

-- What a session under duress was shown as done: the next act there is answered as if it had been.
CREATE TABLE shown_acts (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    subject_id uuid NOT NULL,
    act text NOT NULL,
    minutes bigint NOT NULL,
    shown_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX shown_acts_by_subject ON shown_acts (subject_id, id);

-- On which lawful basis an organisation discloses, for each purpose; the latest version counts.
CREATE TABLE lawful_bases (
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    purpose text NOT NULL,
    version integer NOT NULL,
    basis text NOT NULL,
    set_by uuid NOT NULL REFERENCES staff (id),
    set_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, purpose, version)
);

-- When an agreement is to be talked about again, before it lapses.
CREATE TABLE consent_reviews (
    entry_id uuid NOT NULL REFERENCES consent_entries (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    act_at timestamptz,
    reminded_at timestamptz,
    PRIMARY KEY (entry_id)
);
CREATE INDEX consent_reviews_due ON consent_reviews (act_at) WHERE act_at IS NOT NULL;
INSERT INTO consent_reviews (entry_id, survivor_id, act_at)
    SELECT id, survivor_id, expires_at - interval '30 days' FROM consent_entries
    WHERE granted AND expires_at IS NOT NULL;
