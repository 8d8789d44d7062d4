package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"driftwatch/store"
	"driftwatch/store/sqlite"
	"driftwatch/store/storetest"
)

func TestMain(m *testing.M) {
	storetest.Child(func(name string) (store.Store, error) {
		return sqlite.Open(context.Background(), name, sqlite.Options{})
	})
	goleak.VerifyTestMain(m)
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Place {
		file := filepath.Join(t.TempDir(), "watch.db")
		return storetest.Place{
			Name: file,
			Open: func() (store.Store, error) { return sqlite.Open(context.Background(), file, sqlite.Options{}) },
			OpenSmall: func() (store.Store, error) {
				return sqlite.Open(context.Background(), file, sqlite.Options{MaxPages: 256})
			},
		}
	})
}
