-- +goose Up

-- Counts what each silence keeps back, which is asked for with each message.
CREATE INDEX deliveries_silence ON deliveries (silence, state);
