-- +goose Up

-- The words that the index has, so that those which begin in some way can be looked up
-- one by one. Words of articles that were removed stay: they find nothing.
CREATE TABLE words (word TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE temp.there USING fts5vocab (main, 'found', 'row');
INSERT INTO words SELECT term FROM temp.there WHERE term NOT GLOB '[lmo]:*';
DROP TABLE temp.there;
