-- +goose Up

-- The part of the outlet that an article is in, as its page names it; '' where it
-- doesn't, and for articles that were read before.
ALTER TABLE articles ADD COLUMN section TEXT NOT NULL DEFAULT '';
