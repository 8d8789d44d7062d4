-- +goose Up

-- The signal that should have found a missed story; '' where only the theme is known.
ALTER TABLE misses ADD COLUMN signal TEXT NOT NULL DEFAULT '';

-- A token may also do what authors and admins may.
CREATE TABLE tokens_next (
    id      INTEGER PRIMARY KEY,
    user    INTEGER NOT NULL REFERENCES users (id),
    name    TEXT NOT NULL,
    scope   TEXT NOT NULL CHECK (scope IN ('read', 'judge', 'manage')),
    hash    TEXT NOT NULL UNIQUE,
    created TEXT NOT NULL,
    expires TEXT NOT NULL,
    revoked TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO tokens_next SELECT id, user, name, scope, hash, created, expires, revoked FROM tokens;
DROP TABLE tokens;
ALTER TABLE tokens_next RENAME TO tokens;
CREATE INDEX tokens_user ON tokens (user);
