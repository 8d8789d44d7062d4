-- +goose Up

-- The latest rows of story_keys, before they are moved there: many at a time and
-- in its order, so that each of its pages is written once for many of them.
CREATE TABLE late_keys (
    key      INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (key, revision)
) STRICT, WITHOUT ROWID;
