package storetest

import (
	"errors"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

func tokens(s *suite) {
	ctx := s.Context()
	dana, err := s.AddUser(ctx, news.User{Name: "dana", Role: news.RoleAdmin, Created: day}, true)
	s.ok(err)
	timur, err := s.AddUser(ctx, news.User{Name: "timur", Role: news.RoleReader, Created: day}, false)
	s.ok(err)
	want := news.Token{User: dana.ID, Name: "board", Scope: news.ScopeJudge, Hash: "a1", Created: day, Expires: day.Add(time.Hour)}
	made, err := s.AddToken(ctx, want)
	s.ok(err)
	want.ID = made.ID
	_, err = s.AddToken(ctx, news.Token{User: timur.ID, Name: "other", Scope: news.ScopeRead, Hash: "b2", Created: day, Expires: day.Add(time.Hour)})
	s.ok(err)
	if _, err := s.AddToken(ctx, want); err == nil {
		s.Error("two tokens have one hash")
	}
	if got, err := s.TokenHashed(ctx, "a1"); err != nil || got != want {
		s.Errorf("the token is %+v (%v), want %+v", got, err, want)
	}
	if _, err := s.TokenHashed(ctx, ""); !errors.Is(err, store.ErrNotFound) {
		s.Errorf("a token that isn't there: %v", err)
	}
	own, err := s.Tokens(ctx, dana.ID)
	s.ok(err)
	all, err := s.Tokens(ctx, 0)
	s.ok(err)
	if len(own) != 1 || len(all) != 2 {
		s.Errorf("%d own tokens and %d in all, want 1 and 2", len(own), len(all))
	}
	if err := s.RevokeToken(ctx, timur.ID, made.ID, day); !errors.Is(err, store.ErrNotFound) {
		s.Errorf("somebody else revokes a token: %v", err)
	}
	s.ok(s.RevokeToken(ctx, 0, made.ID, day.Add(time.Minute)))
	if err := s.RevokeToken(ctx, 0, made.ID, day); !errors.Is(err, store.ErrNotFound) {
		s.Errorf("a token is revoked twice: %v", err)
	}
	got, err := s.TokenHashed(ctx, "a1")
	s.ok(err)
	if got.Works(day.Add(2*time.Minute)) || !got.Revoked.Equal(day.Add(time.Minute)) {
		s.Errorf("the revoked token is %+v", got)
	}
}
