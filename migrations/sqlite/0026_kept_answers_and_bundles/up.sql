-- Answers that are kept for repeats are forgotten in the order of their age.
CREATE INDEX idempotency_keys_kept ON idempotency_keys (created_at) WHERE answer IS NOT NULL;

-- What stands in a bundle, and for whom: asked again at each fetch. A bundle of before cannot be fetched any more.
ALTER TABLE evidence_bundles ADD COLUMN contents TEXT CHECK (contents IS NULL OR json_valid(contents));
