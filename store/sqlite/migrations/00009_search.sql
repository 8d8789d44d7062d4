-- +goose Up

-- What the articles' words are found by: of each word its key (text.AppendKey), and
-- in about the language, the source and the month. Nothing of the text is kept here
-- a second time.
CREATE VIRTUAL TABLE found USING fts5 (title, body, about, content='', contentless_delete=1, tokenize="ascii tokenchars '-_:.'");

-- Articles that can't be found yet, or not by their latest revision.
CREATE TABLE unindexed (article INTEGER PRIMARY KEY) STRICT;

INSERT INTO unindexed SELECT id FROM articles;

-- +goose StatementBegin
CREATE TRIGGER revisions_made AFTER INSERT ON revisions BEGIN
    INSERT OR IGNORE INTO unindexed (article) VALUES (new.article);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER articles_gone AFTER DELETE ON articles BEGIN
    DELETE FROM unindexed WHERE article = old.id;
    DELETE FROM found WHERE rowid = old.id;
END;
-- +goose StatementEnd

-- Counting the articles of each source and day reads this index alone.
DROP INDEX articles_seen;
CREATE INDEX articles_seen ON articles (seen, source);
