package storetest

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"driftwatch/news"
	"driftwatch/store"
)

// person makes the n-th made-up name.
func person(n int) news.Name {
	return news.Name{
		ID: fmt.Sprintf("NK-%d", n), Kind: []string{"person", "company"}[n%2], Countries: [][]string{{"RU"}, {"KZ", "RU"}, nil}[n%3],
		Spellings: []string{fmt.Sprintf("Имя %d", n), fmt.Sprintf(`"Имя" %d`, n)}, Respelled: []string{fmt.Sprintf("Imya %d", n)},
	}
}

// persons gives made-up names, then err.
func persons(from, n int, err error) func() (news.Name, error) {
	return func() (news.Name, error) {
		if n == 0 {
			return news.Name{}, err
		}
		from, n = from+1, n-1
		return person(from - 1), nil
	}
}

func (s *suite) importNames(source string, next func() (news.Name, error)) (news.NameSource, error) {
	return s.ImportNames(s.Context(), news.NameSource{Name: source, File: source + ".csv", Imported: day}, next,
		func() time.Time { return day.AddDate(0, 0, -1) })
}

// ids lists the names that pass a filter.
func (s *suite) ids(f store.NameFilter) (ids []string) {
	s.Helper()
	s.ok(s.EachName(s.Context(), f, func(n news.Name) error {
		ids = append(ids, n.ID)
		return nil
	}))
	return ids
}

func names(s *suite) {
	if got := s.ids(store.NameFilter{}); got != nil {
		s.Errorf("an empty store has %v", got)
	}
	made, err := s.importNames("list", persons(0, 5000, io.EOF))
	s.ok(err)
	want := news.NameSource{Name: "list", File: "list.csv", Date: day.AddDate(0, 0, -1), Imported: day, Names: 5000, Spellings: 15000}
	if made != want {
		s.Errorf("made %+v, want %+v", made, want)
	}
	_, err = s.importNames("another", persons(100_000, 3, io.EOF))
	s.ok(err)
	sources, err := s.NameSources(s.Context())
	s.ok(err)
	if len(sources) != 2 || sources[0].Name != "another" || sources[1] != want {
		s.Errorf("sources %+v", sources)
	}
	var got []news.Name
	s.ok(s.EachName(s.Context(), store.NameFilter{ID: "NK-7"}, func(n news.Name) error { got = append(got, n); return nil }))
	wanted := person(7)
	wanted.SourceName = "list"
	if len(got) != 1 || fmt.Sprint(got[0]) != fmt.Sprint(wanted) {
		s.Errorf("got %+v, want %+v", got, wanted)
	}
	stop := errors.New("stop")
	s.is(s.EachName(s.Context(), store.NameFilter{}, func(news.Name) error { return stop }), stop)
	s.sound()
}

func nameFilters(s *suite) {
	_, err := s.importNames("list", persons(0, 12, io.EOF))
	s.ok(err)
	_, err = s.importNames("more", persons(12, 2, io.EOF))
	s.ok(err)
	for _, c := range []struct {
		filter store.NameFilter
		want   []string
	}{
		{store.NameFilter{Sources: []string{"more"}}, []string{"NK-12", "NK-13"}},
		{store.NameFilter{Kinds: []string{"company"}, Countries: []string{"KZ"}}, []string{"NK-1", "NK-7", "NK-13"}},
		{store.NameFilter{Contains: "ИМЯ 1", Limit: 3}, []string{"NK-1", "NK-10", "NK-11"}},
		{store.NameFilter{Contains: "imya 13"}, []string{"NK-13"}},
		{store.NameFilter{ID: "nobody"}, nil},
	} {
		if got := s.ids(c.filter); !slices.Equal(got, c.want) {
			s.Errorf("%+v: %v, want %v", c.filter, got, c.want)
		}
	}
}

func namesReplaced(s *suite) {
	_, err := s.importNames("list", persons(0, 3000, io.EOF))
	s.ok(err)
	// While another list of the source is read, and where that fails, the
	// earlier one stands.
	broken := errors.New("broken")
	next := persons(5000, 4500, broken)
	_, err = s.importNames("list", func() (news.Name, error) {
		n, err := next()
		if n.ID == "NK-9400" {
			if got := len(s.ids(store.NameFilter{})); got != 3000 {
				s.Errorf("%d names while a list is read, want 3000", got)
			}
		}
		return n, err
	})
	s.is(err, broken)
	if got := s.ids(store.NameFilter{}); len(got) != 3000 || got[0] != "NK-0" {
		s.Errorf("%d names after a list that failed, want 3000", len(got))
	}
	_, err = s.importNames("list", persons(2999, 2, io.EOF))
	s.ok(err)
	if got := s.ids(store.NameFilter{}); !slices.Equal(got, []string{"NK-2999", "NK-3000"}) {
		s.Errorf("names %v after another list", got)
	}
	// Twice the same ID.
	twice := append([]news.Name{}, person(1), person(2), person(1))
	made, err := s.importNames("list", func() (news.Name, error) {
		if len(twice) == 0 {
			return news.Name{}, io.EOF
		}
		n := twice[0]
		twice = twice[1:]
		return n, nil
	})
	s.ok(err)
	if made.Names != 2 {
		s.Errorf("%d names, want 2", made.Names)
	}
	s.sound()
}

// namesMeet imports a source while another import of it is under way.
func namesMeet(s *suite) {
	next := persons(0, 10, io.EOF)
	_, err := s.importNames("list", func() (news.Name, error) {
		n, err := next()
		if n.ID == "NK-5" {
			_, inner := s.importNames("list", persons(100, 3, io.EOF))
			s.ok(inner)
		}
		return n, err
	})
	s.is(err, store.ErrExists)
	if got := s.ids(store.NameFilter{}); !slices.Equal(got, []string{"NK-100", "NK-101", "NK-102"}) {
		s.Errorf("names %v", got)
	}
	s.sound()
}

// namesLetWrite sees that an update goes on while a list is read.
func namesLetWrite(s *suite) {
	next := persons(0, 5000, io.EOF)
	_, err := s.importNames("list", func() (news.Name, error) {
		n, err := next()
		if n.ID == "NK-4500" {
			s.must(func(tx store.Tx) error { return tx.SetMeta("meanwhile", "yes") })
		}
		return n, err
	})
	s.ok(err)
}

func namesRemoved(s *suite) {
	_, err := s.importNames("list", persons(0, 30, io.EOF))
	s.ok(err)
	_, err = s.importNames("more", persons(0, 1, io.EOF))
	s.ok(err)
	n, err := s.RemoveNames(s.Context(), "list")
	s.ok(err)
	if got := s.ids(store.NameFilter{}); n != 30 || len(got) != 1 {
		s.Errorf("removed %d, left %v", n, got)
	}
	_, err = s.RemoveNames(s.Context(), "list")
	s.is(err, store.ErrNotFound)
	s.sound()
}
