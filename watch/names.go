package watch

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/text"
	"driftwatch/text/names"
)

// Gazetteer is the names that a Watch looks for: those written for the project,
// and those that were imported. They are loaded when the first article has to
// be read; where what is imported has changed since, the next cycle loads them
// again, and puts them in place of the earlier ones at once.
type Gazetteer struct {
	now atomic.Pointer[names.Gazetteer]

	mu      sync.Mutex
	sources []news.NameSource // of now
	checked bool              // since the cycle began
}

// get gives the names, loading them where that is due.
func (g *Gazetteer) get(ctx context.Context, st store.Store) (*names.Gazetteer, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.checked {
		return g.now.Load(), nil
	}
	sources, err := st.NameSources(ctx)
	if err != nil {
		return nil, fmt.Errorf("load the names: %w", err)
	}
	if g.now.Load() == nil || !slices.Equal(sources, g.sources) {
		loaded, err := LoadNames(func(add func(news.Name) error) error {
			return st.EachName(ctx, store.NameFilter{}, add)
		})
		if err != nil {
			return nil, fmt.Errorf("load the names: %w", err)
		}
		g.now.Store(loaded)
		g.sources = sources
	}
	g.checked = true
	return g.now.Load(), nil
}

// expire lets the next article ask whether the names have changed.
func (g *Gazetteer) expire() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.checked = false
}

// LoadNames makes a gazetteer of the names written for the project and of those
// that each calls its function with; nil: none. Spellings that can't be looked
// for are left out.
func LoadNames(each func(func(news.Name) error) error) (*names.Gazetteer, error) {
	own, err := names.Written(configs.FS())
	if err != nil {
		return nil, err
	}
	b := names.NewBuilder()
	for _, o := range own {
		if err := b.AddOwn(o); err != nil {
			return nil, err
		}
	}
	if each != nil {
		err = each(func(n news.Name) error {
			_ = b.Add(n) // an import says what can't be looked for
			return nil
		})
	}
	return b.Gazetteer(), err
}

// finders are used again: one is made of slices that grow.
var finders = sync.Pool{New: func() any { return new(names.Finder) }}

// AppendNamed appends the names in an article as the rules take them.
func AppendNamed(dst []rules.Named, g *names.Gazetteer, r *text.Reading) []rules.Named {
	fd := finders.Get().(*names.Finder) // and not put back where something fails
	found := fd.Find(g, r)
	dst = slices.Grow(dst, len(found))
	for _, m := range found {
		dst = append(dst, rules.Named{ID: g.Entity(m.Entity).ID, Title: m.Title, First: m.First, Last: m.Last})
	}
	finders.Put(fd)
	return dst
}

// ownNames are the names written for the project, by id.
var ownNames = sync.OnceValues(func() (map[string]names.Own, error) {
	own, err := names.Written(configs.FS())
	byID := make(map[string]names.Own, len(own))
	for _, o := range own {
		byID[o.ID] = o
	}
	return byID, err
})

// called says what names are called, by id: in a language where that is known, else in
// English or as the list has it that they are from. What is in no list any more is
// left out.
func (w *Watch) called(ctx context.Context, ids []string, lang string) (map[string]string, error) {
	own, err := ownNames()
	if err != nil {
		return nil, err
	}
	out := make(map[string]string, len(ids))
	for _, id := range ids {
		if o, ok := own[id]; ok {
			out[id] = spelled(o, lang)
			continue
		}
		err := w.Store.EachName(ctx, store.NameFilter{ID: id, Limit: 1}, func(n news.Name) error {
			out[id] = n.Spellings[0]
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// spelled is the first spelling of a name in a language, else in English.
func spelled(o names.Own, lang string) string {
	for _, l := range []string{lang, "en"} {
		for _, t := range o.Terms {
			if t.Lang == l {
				return t.Text
			}
		}
	}
	return o.Spellings[0]
}

// OwnNames are the names written for the project.
func OwnNames() ([]news.Name, error) {
	own, err := names.Written(configs.FS())
	if err != nil {
		return nil, err
	}
	all := make([]news.Name, len(own))
	for i, o := range own {
		all[i] = o.Name
	}
	return all, nil
}
