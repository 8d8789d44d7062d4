-- +goose Up

-- What stands in the way of a source ('' for nothing), when it publishes (JSON,
-- '' while nothing is known), and where its address has led to for good.
ALTER TABLE source_states ADD COLUMN status TEXT NOT NULL DEFAULT '';
ALTER TABLE source_states ADD COLUMN rhythm TEXT NOT NULL DEFAULT '';
ALTER TABLE source_states ADD COLUMN moved TEXT NOT NULL DEFAULT '';
ALTER TABLE source_states ADD COLUMN moved_polls INTEGER NOT NULL DEFAULT 0;
