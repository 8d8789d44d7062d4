-- +goose Up

-- A delivery may be about one story, a digest, a note, or the stories that a cap
-- had no room for; only the first has a story. told is what a message said of
-- its story (JSON, '' while nothing was said), content what a digest or note
-- says. silence and folded_into are 0 for none.
CREATE TABLE deliveries_anew (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL DEFAULT 'story' CHECK (kind IN ('story', 'digest', 'note', 'more')),
    route       TEXT NOT NULL,
    channel     TEXT NOT NULL,
    story       INTEGER REFERENCES stories (id) CHECK ((story IS NULL) = (kind <> 'story')),
    version     INTEGER NOT NULL,
    key         TEXT NOT NULL UNIQUE,
    state       TEXT NOT NULL CHECK (state IN ('pending', 'leased', 'sent', 'failed', 'silenced', 'folded', 'cancelled')),
    next_at     TEXT NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    lease_until TEXT NOT NULL DEFAULT '',
    receipt     TEXT NOT NULL DEFAULT '',
    problem     TEXT NOT NULL DEFAULT '',
    created     TEXT NOT NULL,
    sent        TEXT NOT NULL DEFAULT '',
    waits       TEXT NOT NULL DEFAULT '',
    silence     INTEGER NOT NULL DEFAULT 0,
    folded_into INTEGER NOT NULL DEFAULT 0,
    told        TEXT NOT NULL DEFAULT '',
    content     TEXT NOT NULL DEFAULT '',
    UNIQUE (story, route, channel, version)
) STRICT;

INSERT INTO deliveries_anew (id, route, channel, story, version, key, state, next_at, attempts, lease_until, receipt, problem, created, sent)
    SELECT id, route, channel, story, version, key, state, next_at, attempts, lease_until, receipt, problem, created, sent FROM deliveries;

DROP TABLE deliveries;
ALTER TABLE deliveries_anew RENAME TO deliveries;

CREATE INDEX deliveries_owed ON deliveries (channel, next_at) WHERE state IN ('pending', 'leased');
CREATE INDEX deliveries_sent ON deliveries (sent) WHERE state = 'sent';
CREATE INDEX deliveries_route ON deliveries (route, channel, sent) WHERE state = 'sent';
CREATE INDEX revisions_later ON revisions (seen) WHERE revision > 1;
CREATE INDEX deliveries_folded ON deliveries (folded_into) WHERE folded_into <> 0;

-- Lists are JSON; an empty one takes everything.
CREATE TABLE silences (
    id        INTEGER PRIMARY KEY,
    themes    TEXT NOT NULL,
    countries TEXT NOT NULL,
    signals   TEXT NOT NULL,
    sources   TEXT NOT NULL,
    stories   TEXT NOT NULL,
    reason    TEXT NOT NULL,
    author    TEXT NOT NULL,
    begins    TEXT NOT NULL,
    ends      TEXT NOT NULL
) STRICT;

-- What a digest said last of a story, so that the next one says what is new.
CREATE TABLE digest_told (
    digest TEXT NOT NULL,
    story  INTEGER NOT NULL REFERENCES stories (id),
    at     TEXT NOT NULL,
    told   TEXT NOT NULL,
    PRIMARY KEY (digest, story)
) STRICT, WITHOUT ROWID;
