-- +goose Up

-- The versions of the rules that articles were read with, as the files that
-- they were made of (a zip), and what each changed over the one before, in an
-- author's words.
CREATE TABLE packs (
    id      INTEGER PRIMARY KEY,
    digest  TEXT NOT NULL UNIQUE,
    first   TEXT NOT NULL,
    changes TEXT NOT NULL,
    files   BLOB NOT NULL
) STRICT;

CREATE INDEX articles_seen ON articles (seen);
