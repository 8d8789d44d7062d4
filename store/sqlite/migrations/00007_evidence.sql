-- +goose Up

-- Pages as they were received: where each lies in the archive. same is the page
-- that has the body, where it is an earlier one's.
CREATE TABLE pages (
    id      INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (id),
    url     TEXT NOT NULL,
    status  INTEGER NOT NULL,
    fetched TEXT NOT NULL,
    file    TEXT NOT NULL,
    offset  INTEGER NOT NULL,
    length  INTEGER NOT NULL,
    type    TEXT NOT NULL,
    digest  TEXT NOT NULL,
    same    INTEGER REFERENCES pages (id)
) STRICT;

CREATE INDEX pages_article ON pages (article);
CREATE INDEX pages_digest ON pages (digest);
CREATE INDEX pages_file ON pages (file);
CREATE INDEX pages_same ON pages (same) WHERE same IS NOT NULL;

-- When a flagged article's page is to be looked at again ('': no more), and what
-- it said when it was read last.
CREATE TABLE looks (
    article       INTEGER PRIMARY KEY REFERENCES articles (id),
    flagged       TEXT NOT NULL,
    due           TEXT NOT NULL,
    tries         INTEGER NOT NULL,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    down          TEXT NOT NULL,
    seen          TEXT NOT NULL,
    title         TEXT NOT NULL,
    text          TEXT NOT NULL
) STRICT;

CREATE INDEX looks_due ON looks (due) WHERE due <> '';

-- What was found to have changed on a flagged article's page, with both versions.
CREATE TABLE page_changes (
    id           INTEGER PRIMARY KEY,
    article      INTEGER NOT NULL REFERENCES articles (id),
    kind         TEXT NOT NULL,
    subject      TEXT NOT NULL,
    was          TEXT NOT NULL,
    becomes      TEXT NOT NULL,
    found        TEXT NOT NULL,
    before_title TEXT NOT NULL,
    before_text  TEXT NOT NULL,
    before_seen  TEXT NOT NULL,
    after_title  TEXT NOT NULL,
    after_text   TEXT NOT NULL
) STRICT;

CREATE INDEX page_changes_article ON page_changes (article);

-- Lets an article be removed without a look through all items.
CREATE INDEX items_article ON items (article);
