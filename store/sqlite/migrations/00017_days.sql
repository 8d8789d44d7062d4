-- +goose Up

-- How many articles of each source were first seen on each day, UTC, kept as they
-- come and go: a page of the sources counts a month of them.
CREATE TABLE article_days (
    day    TEXT NOT NULL,
    source TEXT NOT NULL,
    n      INTEGER NOT NULL,
    PRIMARY KEY (day, source)
) STRICT, WITHOUT ROWID;

INSERT INTO article_days SELECT substr(seen, 1, 10), source, count(*) FROM articles GROUP BY 1, 2;

-- +goose StatementBegin
CREATE TRIGGER article_days_more AFTER INSERT ON articles BEGIN
    INSERT INTO article_days (day, source, n) VALUES (substr(new.seen, 1, 10), new.source, 1)
        ON CONFLICT (day, source) DO UPDATE SET n = n + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER article_days_less AFTER DELETE ON articles BEGIN
    UPDATE article_days SET n = n - 1 WHERE day = substr(old.seen, 1, 10) AND source = old.source;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER article_days_moved AFTER UPDATE OF seen, source ON articles BEGIN
    UPDATE article_days SET n = n - 1 WHERE day = substr(old.seen, 1, 10) AND source = old.source;
    INSERT INTO article_days (day, source, n) VALUES (substr(new.seen, 1, 10), new.source, 1)
        ON CONFLICT (day, source) DO UPDATE SET n = n + 1;
END;
-- +goose StatementEnd
