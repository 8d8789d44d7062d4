-- +goose Up

-- Keys of programs to the desk's API. hash is the SHA-256 of the token in hex: who
-- reads this table can't use one. A token that was revoked stays, with the time.
CREATE TABLE tokens (
    id      INTEGER PRIMARY KEY,
    user    INTEGER NOT NULL REFERENCES users (id),
    name    TEXT NOT NULL,
    scope   TEXT NOT NULL CHECK (scope IN ('read', 'judge')),
    hash    TEXT NOT NULL UNIQUE,
    created TEXT NOT NULL,
    expires TEXT NOT NULL,
    revoked TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX tokens_user ON tokens (user);
