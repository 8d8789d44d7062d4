-- +goose Up

-- The keys of late revisions, in a row each: eight bytes a key, the lowest byte first. The
-- writer keeps them in memory too, where they are looked up, so that a row goes to
-- the end of the table and not into pages all over it.
INSERT OR IGNORE INTO story_keys (key, revision) SELECT key, revision FROM late_keys;

DROP TABLE late_keys;
CREATE TABLE late_keys (
    revision INTEGER PRIMARY KEY,
    keys     BLOB NOT NULL
) STRICT;
