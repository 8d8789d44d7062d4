-- +goose Up

-- Finds a name by its id, which is how hits keep those in their evidence.
CREATE INDEX names_id ON names (id);
