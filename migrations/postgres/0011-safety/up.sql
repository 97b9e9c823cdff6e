-- Messages, household, safety plan, assessments of risk.

-- Secure messages between a survivor and their advocates, one thread for each survivor.
CREATE TABLE messages (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    author_kind text NOT NULL,
    author_id uuid NOT NULL,
    body bytea NOT NULL,
    sent_at timestamptz NOT NULL,
    read_at timestamptz,
    read_by uuid,
    is_duress boolean NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX messages_by_survivor ON messages (survivor_id, id);
CREATE INDEX messages_unread ON messages (survivor_id, id) WHERE read_at IS NULL;

-- Who lives with a survivor: each amendment is a row, and the one before it says when it was replaced.
CREATE TABLE household_versions (
    id uuid NOT NULL,
    member_id uuid NOT NULL,
    version integer NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    kind text NOT NULL,
    relation text NOT NULL,
    name bytea,
    born bytea,
    school bytea,
    lives_with text,
    is_at_risk boolean NOT NULL,
    note bytea,
    author_kind text NOT NULL,
    author_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    superseded_at timestamptz,
    removed_by uuid REFERENCES staff (id),
    is_duress boolean NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX household_versions_live ON household_versions (survivor_id, id) WHERE superseded_at IS NULL;
CREATE INDEX household_versions_by_member ON household_versions (member_id, version);

-- Safety plans: versions that never change. What was written under duress has no version.
CREATE TABLE safety_plan_versions (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    version integer,
    sections bytea NOT NULL,
    review_by_on text,
    author_kind text NOT NULL,
    author_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    is_duress boolean NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX safety_plan_versions_version ON safety_plan_versions (survivor_id, version);
CREATE INDEX safety_plan_versions_by_survivor ON safety_plan_versions (survivor_id, id);

-- Who agreed to which version of a safety plan.
CREATE TABLE safety_plan_agreements (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    version integer NOT NULL,
    author_kind text NOT NULL,
    author_id uuid NOT NULL,
    agreed_at timestamptz NOT NULL,
    is_duress boolean NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX safety_plan_agreements_by_survivor ON safety_plan_agreements (survivor_id, version);

-- By when a safety plan and an assessment are looked at again.
CREATE TABLE safety_reviews (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    kind text NOT NULL,
    review_by_on text NOT NULL,
    next_action_at timestamptz,
    reminded_at timestamptz,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX safety_reviews_kind ON safety_reviews (survivor_id, kind);
CREATE INDEX safety_reviews_due ON safety_reviews (next_action_at) WHERE next_action_at IS NOT NULL;

-- The tools by which an organisation assesses risk, in the wording that it holds a licence for.
CREATE TABLE risk_tools (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisations (id),
    code text NOT NULL,
    version integer NOT NULL,
    tool jsonb NOT NULL,
    created_by uuid NOT NULL REFERENCES staff (id),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX risk_tools_version ON risk_tools (organisation_id, code, version);
CREATE INDEX risk_tools_by_organisation ON risk_tools (organisation_id, id);

-- Assessments of risk. Never changed.
CREATE TABLE risk_assessments (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    tool_id uuid NOT NULL REFERENCES risk_tools (id),
    tool_code text NOT NULL,
    tool_version integer NOT NULL,
    answers bytea NOT NULL,
    score integer,
    tool_rating text NOT NULL,
    judgement text,
    judgement_note bytea,
    rating text NOT NULL,
    rating_before text NOT NULL,
    rating_after text NOT NULL,
    lowering_reason bytea,
    incidents_counted integer NOT NULL,
    prompts jsonb NOT NULL,
    review_by_on text NOT NULL,
    assessed_by uuid NOT NULL REFERENCES staff (id),
    assessed_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX risk_assessments_by_survivor ON risk_assessments (survivor_id, id);

-- What a person decided about referring to a Marac.
CREATE TABLE marac_decisions (
    id uuid NOT NULL,
    assessment_id uuid NOT NULL REFERENCES risk_assessments (id),
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    decision text NOT NULL,
    reason bytea NOT NULL,
    decided_by uuid NOT NULL REFERENCES staff (id),
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX marac_decisions_by_assessment ON marac_decisions (assessment_id, id);

-- Each change of a survivor's rating: from what, to what, by whom and why; by an assessment or without one.
CREATE TABLE risk_changes (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    rating_before text NOT NULL,
    rating_after text NOT NULL,
    reason bytea,
    assessment_id uuid REFERENCES risk_assessments (id),
    changed_by uuid NOT NULL REFERENCES staff (id),
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX risk_changes_by_survivor ON risk_changes (survivor_id, id);

-- Whom a survivor reports, as their own side keeps it: whether or not any programme works with that person.
CREATE TABLE reported_persons (
    id uuid NOT NULL,
    survivor_id uuid NOT NULL REFERENCES survivors (id),
    name bytea NOT NULL,
    relationship text NOT NULL,
    date_of_birth bytea,
    address bytea,
    vehicles bytea,
    note bytea,
    is_of_police boolean NOT NULL,
    recorded_by uuid NOT NULL REFERENCES staff (id),
    recorded_at timestamptz NOT NULL,
    removed_at timestamptz,
    PRIMARY KEY (id)
);
CREATE INDEX reported_persons_by_survivor ON reported_persons (survivor_id, id);
