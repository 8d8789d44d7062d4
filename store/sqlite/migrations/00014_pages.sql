-- +goose Up

-- What pages of the desk ask for. Each index holds the rows of a value in the order
-- of their ids, so that the latest of them are found without a sort.
CREATE INDEX cycles_started ON cycles (started);
CREATE INDEX deliveries_state ON deliveries (state);
CREATE INDEX audit_who ON audit (who);
CREATE INDEX audit_did ON audit (did);

-- Articles are counted by the kinds of their hits from this index alone.
CREATE INDEX hits_kind ON hits (article, withdrawn, theme, countries);
