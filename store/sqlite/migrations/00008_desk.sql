-- +goose Up

-- Who works at the review desk. lang, zone and look are '' where the browser or
-- the system decides.
CREATE TABLE users (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    role     TEXT NOT NULL CHECK (role IN ('reader', 'analyst', 'author', 'admin')),
    password TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0,
    epoch    INTEGER NOT NULL DEFAULT 1,
    lang     TEXT NOT NULL DEFAULT '',
    zone     TEXT NOT NULL DEFAULT '',
    look     TEXT NOT NULL DEFAULT '',
    keys     INTEGER NOT NULL DEFAULT 1,
    created  TEXT NOT NULL
) STRICT;

-- token is a hash: who reads this table can't take over a session.
CREATE TABLE sessions (
    token   TEXT NOT NULL PRIMARY KEY,
    data    BLOB NOT NULL,
    expires TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE saved_views (
    id    INTEGER PRIMARY KEY,
    user  INTEGER NOT NULL REFERENCES users (id),
    name  TEXT NOT NULL,
    query TEXT NOT NULL,
    UNIQUE (user, name)
) STRICT;

-- Append-only: nothing in it is changed or removed.
CREATE TABLE audit (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    at   TEXT NOT NULL,
    who  TEXT NOT NULL,
    came TEXT NOT NULL,
    did  TEXT NOT NULL,
    what TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER audit_kept BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_whole BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
-- +goose StatementEnd

CREATE TABLE notes (
    id    INTEGER PRIMARY KEY,
    story INTEGER NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    who   TEXT NOT NULL,
    text  TEXT NOT NULL,
    given TEXT NOT NULL
) STRICT;

CREATE INDEX notes_story ON notes (story);

-- Verdicts given by one press of a key share the id of the first of them, act. A
-- verdict that its judge took back stays, with the time of that in undone.
ALTER TABLE verdicts ADD COLUMN act INTEGER NOT NULL DEFAULT 0;
ALTER TABLE verdicts ADD COLUMN undone TEXT NOT NULL DEFAULT '';
CREATE INDEX verdicts_given ON verdicts (given);
CREATE INDEX verdicts_act ON verdicts (act) WHERE act > 0;

-- The stories with hits in the order in which something of them changed last: a
-- reader that knows up to which row it has read needs to look only at those after
-- it.
CREATE TABLE story_changes (
    seq   INTEGER PRIMARY KEY AUTOINCREMENT,
    story INTEGER NOT NULL UNIQUE
) STRICT;

INSERT INTO story_changes (story) SELECT DISTINCT a.story FROM hits h JOIN articles a ON a.id = h.article ORDER BY a.story;

-- +goose StatementBegin
CREATE TRIGGER hits_made AFTER INSERT ON hits BEGIN
    INSERT OR REPLACE INTO story_changes (story) SELECT story FROM articles WHERE id = new.article;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER hits_changed AFTER UPDATE ON hits BEGIN
    INSERT OR REPLACE INTO story_changes (story) SELECT story FROM articles WHERE id = new.article;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER verdicts_given AFTER INSERT ON verdicts BEGIN
    INSERT OR REPLACE INTO story_changes (story) SELECT a.story FROM hits h JOIN articles a ON a.id = h.article WHERE h.id = new.hit;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER verdicts_changed AFTER UPDATE ON verdicts BEGIN
    INSERT OR REPLACE INTO story_changes (story) SELECT a.story FROM hits h JOIN articles a ON a.id = h.article WHERE h.id = new.hit;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER articles_joined AFTER INSERT ON articles
    WHEN EXISTS (SELECT 1 FROM articles a JOIN hits h ON h.article = a.id WHERE a.story = new.story) BEGIN
    INSERT OR REPLACE INTO story_changes (story) VALUES (new.story);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER articles_changed AFTER UPDATE OF story, title, lang ON articles
    WHEN EXISTS (SELECT 1 FROM articles a JOIN hits h ON h.article = a.id WHERE a.story IN (new.story, old.story)) BEGIN
    INSERT OR REPLACE INTO story_changes (story) VALUES (old.story);
    INSERT OR REPLACE INTO story_changes (story) VALUES (new.story);
END;
-- +goose StatementEnd
