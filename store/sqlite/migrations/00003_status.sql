-- +goose Up

-- How far what a hit tells of has come, who does it, which way each country moves,
-- whose names stand in the evidence, and what the score is made of; lists are JSON.
ALTER TABLE hits ADD COLUMN status TEXT NOT NULL DEFAULT '';
ALTER TABLE hits ADD COLUMN actor TEXT NOT NULL DEFAULT '';
ALTER TABLE hits ADD COLUMN acts TEXT NOT NULL DEFAULT '[]';
ALTER TABLE hits ADD COLUMN entities TEXT NOT NULL DEFAULT '[]';
ALTER TABLE hits ADD COLUMN parts TEXT NOT NULL DEFAULT '[]';
