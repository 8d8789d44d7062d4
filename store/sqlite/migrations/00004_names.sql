-- +goose Up

-- A list of names is written row by row beside the one that it replaces; live
-- says which of those of a name is in force.
CREATE TABLE name_sources (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL,
    file      TEXT NOT NULL,
    dated     TEXT NOT NULL,
    imported  TEXT NOT NULL,
    names     INTEGER NOT NULL DEFAULT 0,
    spellings INTEGER NOT NULL DEFAULT 0,
    live      INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE UNIQUE INDEX name_sources_live ON name_sources (name) WHERE live;

-- spellings are as read, respelled those made by transliteration: JSON lists.
CREATE TABLE names (
    source    INTEGER NOT NULL REFERENCES name_sources (id),
    row       INTEGER NOT NULL,
    id        TEXT NOT NULL,
    kind      TEXT NOT NULL,
    countries TEXT NOT NULL,
    spellings TEXT NOT NULL,
    respelled TEXT NOT NULL,
    PRIMARY KEY (source, row)
) STRICT, WITHOUT ROWID;
