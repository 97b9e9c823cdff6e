-- Messages, household, safety plan, assessments of risk.

-- Secure messages between a survivor and their advocates, one thread for each survivor.
CREATE TABLE messages (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    author_kind TEXT NOT NULL,
    author_id BLOB NOT NULL CHECK (length(author_id) = 16),
    body BLOB NOT NULL,
    sent_at INTEGER NOT NULL,
    read_at INTEGER,
    read_by BLOB CHECK (length(read_by) = 16),
    is_duress INTEGER NOT NULL CHECK (is_duress IN (0, 1)),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX messages_by_survivor ON messages (survivor_id, id);
CREATE INDEX messages_unread ON messages (survivor_id, id) WHERE read_at IS NULL;

-- Who lives with a survivor: each amendment is a row, and the one before it says when it was replaced.
CREATE TABLE household_versions (
    id BLOB NOT NULL CHECK (length(id) = 16),
    member_id BLOB NOT NULL CHECK (length(member_id) = 16),
    version INTEGER NOT NULL,
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    kind TEXT NOT NULL,
    relation TEXT NOT NULL,
    name BLOB,
    born BLOB,
    school BLOB,
    lives_with TEXT,
    is_at_risk INTEGER NOT NULL CHECK (is_at_risk IN (0, 1)),
    note BLOB,
    author_kind TEXT NOT NULL,
    author_id BLOB NOT NULL CHECK (length(author_id) = 16),
    created_at INTEGER NOT NULL,
    superseded_at INTEGER,
    removed_by BLOB REFERENCES staff (id) CHECK (length(removed_by) = 16),
    is_duress INTEGER NOT NULL CHECK (is_duress IN (0, 1)),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX household_versions_live ON household_versions (survivor_id, id) WHERE superseded_at IS NULL;
CREATE INDEX household_versions_by_member ON household_versions (member_id, version);

-- Safety plans: versions that never change. What was written under duress has no version.
CREATE TABLE safety_plan_versions (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    version INTEGER,
    sections BLOB NOT NULL,
    review_by_on TEXT,
    author_kind TEXT NOT NULL,
    author_id BLOB NOT NULL CHECK (length(author_id) = 16),
    created_at INTEGER NOT NULL,
    is_duress INTEGER NOT NULL CHECK (is_duress IN (0, 1)),
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX safety_plan_versions_version ON safety_plan_versions (survivor_id, version);
CREATE INDEX safety_plan_versions_by_survivor ON safety_plan_versions (survivor_id, id);

-- Who agreed to which version of a safety plan.
CREATE TABLE safety_plan_agreements (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    version INTEGER NOT NULL,
    author_kind TEXT NOT NULL,
    author_id BLOB NOT NULL CHECK (length(author_id) = 16),
    agreed_at INTEGER NOT NULL,
    is_duress INTEGER NOT NULL CHECK (is_duress IN (0, 1)),
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX safety_plan_agreements_by_survivor ON safety_plan_agreements (survivor_id, version);

-- By when a safety plan and an assessment are looked at again.
CREATE TABLE safety_reviews (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    kind TEXT NOT NULL,
    review_by_on TEXT NOT NULL,
    next_action_at INTEGER,
    reminded_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX safety_reviews_kind ON safety_reviews (survivor_id, kind);
CREATE INDEX safety_reviews_due ON safety_reviews (next_action_at) WHERE next_action_at IS NOT NULL;

-- The tools by which an organisation assesses risk, in the wording that it holds a licence for.
CREATE TABLE risk_tools (
    id BLOB NOT NULL CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id) CHECK (length(organisation_id) = 16),
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    tool TEXT NOT NULL CHECK (json_valid(tool)),
    created_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(created_by) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE UNIQUE INDEX risk_tools_version ON risk_tools (organisation_id, code, version);
CREATE INDEX risk_tools_by_organisation ON risk_tools (organisation_id, id);

-- Assessments of risk. Never changed.
CREATE TABLE risk_assessments (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    tool_id BLOB NOT NULL REFERENCES risk_tools (id) CHECK (length(tool_id) = 16),
    tool_code TEXT NOT NULL,
    tool_version INTEGER NOT NULL,
    answers BLOB NOT NULL,
    score INTEGER,
    tool_rating TEXT NOT NULL,
    judgement TEXT,
    judgement_note BLOB,
    rating TEXT NOT NULL,
    rating_before TEXT NOT NULL,
    rating_after TEXT NOT NULL,
    lowering_reason BLOB,
    incidents_counted INTEGER NOT NULL,
    prompts TEXT NOT NULL CHECK (json_valid(prompts)),
    review_by_on TEXT NOT NULL,
    assessed_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(assessed_by) = 16),
    assessed_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX risk_assessments_by_survivor ON risk_assessments (survivor_id, id);

-- What a person decided about referring to a Marac.
CREATE TABLE marac_decisions (
    id BLOB NOT NULL CHECK (length(id) = 16),
    assessment_id BLOB NOT NULL REFERENCES risk_assessments (id) CHECK (length(assessment_id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    decision TEXT NOT NULL,
    reason BLOB NOT NULL,
    decided_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(decided_by) = 16),
    decided_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX marac_decisions_by_assessment ON marac_decisions (assessment_id, id);

-- Each change of a survivor's rating: from what, to what, by whom and why; by an assessment or without one.
CREATE TABLE risk_changes (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    rating_before TEXT NOT NULL,
    rating_after TEXT NOT NULL,
    reason BLOB,
    assessment_id BLOB REFERENCES risk_assessments (id) CHECK (length(assessment_id) = 16),
    changed_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(changed_by) = 16),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX risk_changes_by_survivor ON risk_changes (survivor_id, id);

-- Whom a survivor reports, as their own side keeps it: whether or not any programme works with that person.
CREATE TABLE reported_persons (
    id BLOB NOT NULL CHECK (length(id) = 16),
    survivor_id BLOB NOT NULL REFERENCES survivors (id) CHECK (length(survivor_id) = 16),
    name BLOB NOT NULL,
    relationship TEXT NOT NULL,
    date_of_birth BLOB,
    address BLOB,
    vehicles BLOB,
    note BLOB,
    is_of_police INTEGER NOT NULL CHECK (is_of_police IN (0, 1)),
    recorded_by BLOB NOT NULL REFERENCES staff (id) CHECK (length(recorded_by) = 16),
    recorded_at INTEGER NOT NULL,
    removed_at INTEGER,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX reported_persons_by_survivor ON reported_persons (survivor_id, id);
