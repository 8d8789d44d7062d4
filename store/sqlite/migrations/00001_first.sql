-- +goose Up

-- Times are RFC 3339 in UTC with milliseconds, of one width so that they sort
-- as text; '' is unknown. Lists and evidence are JSON.

PRAGMA application_id = 1148348020;  -- "Drft"

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE source_states (
    source        TEXT NOT NULL PRIMARY KEY,
    url           TEXT NOT NULL,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    last_poll     TEXT NOT NULL,
    last_success  TEXT NOT NULL,
    next_poll     TEXT NOT NULL,
    failures      INTEGER NOT NULL,
    problem       TEXT NOT NULL,
    gone          INTEGER NOT NULL,
    format        TEXT NOT NULL,
    items         INTEGER NOT NULL,
    newest_item   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row for each cycle; a cycle that was killed has no end.
CREATE TABLE cycles (
    id      INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    ended   TEXT NOT NULL,
    summary TEXT NOT NULL
) STRICT;

CREATE TABLE stories (
    id      INTEGER PRIMARY KEY,
    title   TEXT NOT NULL,
    created TEXT NOT NULL
) STRICT;

-- An article as it is now; its texts are in revisions.
CREATE TABLE articles (
    id        INTEGER PRIMARY KEY,
    story     INTEGER NOT NULL REFERENCES stories (id),
    source    TEXT NOT NULL,
    url       TEXT NOT NULL UNIQUE,
    link      TEXT NOT NULL,
    title     TEXT NOT NULL,
    lang      TEXT NOT NULL,
    authors   TEXT NOT NULL,
    site      TEXT NOT NULL,
    published TEXT NOT NULL,
    modified  TEXT NOT NULL,
    seen      TEXT NOT NULL,
    revision  INTEGER NOT NULL,
    hash      INTEGER NOT NULL,
    origin    TEXT NOT NULL
) STRICT;

CREATE INDEX articles_story ON articles (story);

-- The print comes before the text, so that reading it never touches the pages
-- that a long text spills to.
CREATE TABLE revisions (
    id       INTEGER PRIMARY KEY,
    article  INTEGER NOT NULL REFERENCES articles (id),
    revision INTEGER NOT NULL,
    seen     TEXT NOT NULL,
    hash     INTEGER NOT NULL,
    print    BLOB,
    title    TEXT NOT NULL,
    text     TEXT NOT NULL,
    UNIQUE (article, revision)
) STRICT;

-- An index over the prints of revisions. It holds nothing that can't be made
-- again from them, so no foreign key is checked for each of its many rows.
CREATE TABLE story_keys (
    key      INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (key, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE items (
    source  TEXT NOT NULL,
    key     TEXT NOT NULL,
    hash    INTEGER NOT NULL,
    article INTEGER REFERENCES articles (id),
    first   TEXT NOT NULL,
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

-- withdrawn is the revision that no longer carries the hit, 0 while it stands.
CREATE TABLE hits (
    id         INTEGER PRIMARY KEY,
    article    INTEGER NOT NULL,
    revision   INTEGER NOT NULL,
    withdrawn  INTEGER NOT NULL DEFAULT 0,
    theme      TEXT NOT NULL,
    signal     TEXT NOT NULL,
    direction  TEXT NOT NULL,
    title      TEXT NOT NULL,
    why        TEXT NOT NULL,
    level      INTEGER NOT NULL,
    countries  TEXT NOT NULL,
    score      REAL NOT NULL,
    background INTEGER NOT NULL,
    quiet      TEXT NOT NULL,
    pack       TEXT NOT NULL,
    found      TEXT NOT NULL,
    evidence   TEXT NOT NULL,
    UNIQUE (article, signal, direction),
    FOREIGN KEY (article, revision) REFERENCES revisions (article, revision)
) STRICT;

CREATE INDEX hits_found ON hits (found);

CREATE TABLE verdicts (
    id    INTEGER PRIMARY KEY,
    hit   INTEGER NOT NULL REFERENCES hits (id),
    says  TEXT NOT NULL CHECK (says IN ('relevant', 'irrelevant', 'unsure')),
    judge TEXT NOT NULL,
    note  TEXT NOT NULL,
    given TEXT NOT NULL
) STRICT;

CREATE INDEX verdicts_hit ON verdicts (hit);

CREATE TABLE misses (
    id       INTEGER PRIMARY KEY,
    url      TEXT NOT NULL,
    theme    TEXT NOT NULL,
    country  TEXT NOT NULL,
    reporter TEXT NOT NULL,
    note     TEXT NOT NULL,
    given    TEXT NOT NULL
) STRICT;

-- What is owed, and the history of what was told. Channels are names; their
-- addresses are never stored.
CREATE TABLE deliveries (
    id          INTEGER PRIMARY KEY,
    route       TEXT NOT NULL,
    channel     TEXT NOT NULL,
    story       INTEGER NOT NULL REFERENCES stories (id),
    version     INTEGER NOT NULL,
    key         TEXT NOT NULL UNIQUE,
    state       TEXT NOT NULL CHECK (state IN ('pending', 'leased', 'sent', 'failed')),
    next_at     TEXT NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    lease_until TEXT NOT NULL DEFAULT '',
    receipt     TEXT NOT NULL DEFAULT '',
    problem     TEXT NOT NULL DEFAULT '',
    created     TEXT NOT NULL,
    sent        TEXT NOT NULL DEFAULT '',
    UNIQUE (story, route, channel, version)
) STRICT;

CREATE INDEX deliveries_owed ON deliveries (channel, next_at) WHERE state IN ('pending', 'leased');
CREATE INDEX deliveries_sent ON deliveries (sent) WHERE state = 'sent';
