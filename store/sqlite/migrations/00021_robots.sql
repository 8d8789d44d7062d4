-- +goose Up

-- What the robots files of servers say to us, for the next run.
CREATE TABLE robots_files (
    server TEXT NOT NULL PRIMARY KEY,
    rules  TEXT NOT NULL,
    until  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
