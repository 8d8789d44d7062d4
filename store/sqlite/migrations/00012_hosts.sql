-- +goose Up

-- What hosts have shown of how often they may be asked, for the next run. Spans
-- are milliseconds.
CREATE TABLE host_paces (
    host  TEXT NOT NULL PRIMARY KEY,
    extra INTEGER NOT NULL,
    delay INTEGER NOT NULL,
    usual INTEGER NOT NULL,
    aside TEXT NOT NULL,
    seen  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
