-- A file can belong to a draft: nobody else sees it until the draft is sent. Throwing the draft away leaves the file with
-- the survivor alone.

ALTER TABLE evidence_files ADD COLUMN draft_id BLOB REFERENCES incident_drafts (id) ON DELETE SET NULL CHECK (length(draft_id) = 16);
CREATE INDEX evidence_files_by_incident ON evidence_files (incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX evidence_files_by_draft ON evidence_files (draft_id) WHERE draft_id IS NOT NULL;
