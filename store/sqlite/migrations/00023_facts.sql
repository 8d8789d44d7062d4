-- +goose Up

-- What the lists count of stories with hits, many stories in a row, packed. Each has the
-- number that it had in story_changes: under another one it has changed since. It is
-- filled while the desk is served, so that the next start needn't read all stories.
CREATE TABLE story_facts (
    part  INTEGER PRIMARY KEY,
    facts BLOB NOT NULL
) STRICT;
