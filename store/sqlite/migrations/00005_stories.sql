-- +goose Up

-- How an article came to its story: the article that it joined (0: none), and
-- whether an analyst put it where it is. What came before this was joined as the
-- same text only.
ALTER TABLE articles ADD COLUMN relation TEXT NOT NULL DEFAULT 'first';
ALTER TABLE articles ADD COLUMN joined INTEGER NOT NULL DEFAULT 0;
ALTER TABLE articles ADD COLUMN score REAL NOT NULL DEFAULT 0;
ALTER TABLE articles ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;

UPDATE articles SET relation = 'same-text', joined = f.first
FROM (SELECT story, min(id) AS first FROM articles GROUP BY story HAVING count(*) > 1) f
WHERE f.story = articles.story AND articles.id <> f.first;

-- merged is the story that this one is part of now, 0: it stands. The row stays,
-- so that links to it lead there and its number isn't given again.
ALTER TABLE stories ADD COLUMN merged INTEGER NOT NULL DEFAULT 0;

CREATE INDEX stories_merged ON stories (merged) WHERE merged <> 0;

-- Stories that an analyst has parted, a < b: the program joins them no more.
CREATE TABLE stories_apart (
    a INTEGER NOT NULL REFERENCES stories (id),
    b INTEGER NOT NULL REFERENCES stories (id),
    PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;

-- What was merged and split after it was filed; articles is a JSON list of those
-- that changed their story.
CREATE TABLE story_acts (
    id       INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL CHECK (kind IN ('merge', 'split')),
    story    INTEGER NOT NULL REFERENCES stories (id),
    other    INTEGER NOT NULL REFERENCES stories (id),
    articles TEXT NOT NULL,
    actor    TEXT NOT NULL,
    why      TEXT NOT NULL,
    at       TEXT NOT NULL
) STRICT;

CREATE INDEX story_acts_story ON story_acts (story);
CREATE INDEX story_acts_other ON story_acts (other);

-- What later articles are compared with, until it is out of the window. at is
-- when the article was published. Apart from the texts, so that it is small.
CREATE TABLE sketches (
    revision INTEGER PRIMARY KEY,
    article  INTEGER NOT NULL,
    at       TEXT NOT NULL,
    sketch   BLOB NOT NULL
) STRICT;

INSERT INTO sketches (revision, article, at, sketch)
SELECT r.id, a.id, CASE WHEN a.published = '' OR a.published > a.seen THEN a.seen ELSE a.published END, r.print
FROM revisions r JOIN articles a ON a.id = r.article WHERE length(r.print) > 0;

ALTER TABLE revisions DROP COLUMN print;

-- An index over the terms of sketches, as story_keys is one over their prints.
CREATE TABLE event_keys (
    key      INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    weight   INTEGER NOT NULL,
    PRIMARY KEY (key, revision)
) STRICT, WITHOUT ROWID;
