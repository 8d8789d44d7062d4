package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"driftwatch/configs"
	"driftwatch/rules"
	"driftwatch/store"
)

// Rulebook is the rules of a configuration. They are read when they are first
// asked for, and again when a file of the configuration's folders has changed;
// what is broken is refused, and the rules stay as they were.
type Rulebook struct {
	load    func() (*rules.Engine, error)
	fits    func(*rules.Engine) error // reports what of the configuration the rules don't fit
	folders []string

	mu      sync.Mutex
	engine  *rules.Engine // nil: not read yet
	seen    string        // the folders' files when they were last read
	written string        // digest of the version that was last recorded
}

// NewRulebook makes a rulebook of the embedded packs and a configuration's
// folders. It reads nothing yet.
func NewRulebook(c *configs.Config) *Rulebook {
	return &Rulebook{load: func() (*rules.Engine, error) { return LoadRules(c) }, fits: func(e *rules.Engine) error { return fitsRoutes(c, e) }, folders: c.Themes}
}

// Engine gives the rules as they were last read, and reads them the first time.
// The error is a configs.Errors with every fault.
func (b *Rulebook) Engine() (*rules.Engine, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.engine == nil {
		b.seen = b.files()
		engine, err := b.load()
		if err != nil {
			b.seen = ""
			return nil, err
		}
		b.engine = engine
	}
	return b.engine, nil
}

// Look reads the rules again where a file has changed since they were last read,
// and says what that changes; changed is false where no file has. An error says
// why the new ones were refused; they aren't looked at again before a file
// changes.
func (b *Rulebook) Look() (changes []rules.Change, changed bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.engine == nil {
		return nil, false, nil // will be read when asked for
	}
	seen := b.files()
	if seen == b.seen {
		return nil, false, nil
	}
	b.seen = seen
	engine, err := b.load()
	if err != nil {
		return nil, true, fmt.Errorf("the changed rules are refused, those before them go on: %w", err)
	}
	changes = rules.Diff(b.engine, engine)
	b.engine = engine
	return changes, true, nil
}

// files names what decides whether the rules are read again: every file with its
// size and time.
func (b *Rulebook) files() string {
	var out strings.Builder
	for _, dir := range b.folders {
		filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
			if err != nil {
				fmt.Fprintf(&out, "%s: %v\n", name, err)
				return nil
			}
			stamp(&out, name)
			return nil
		})
	}
	return out.String()
}

// Record keeps the version of the rules that articles are about to be read with,
// once, with what it changed over the one before.
func (b *Rulebook) Record(ctx context.Context, st store.Store, engine *rules.Engine, now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if engine.Digest() == b.written {
		return nil
	}
	files, err := engine.Archive()
	if err != nil {
		return err
	}
	changes, err := overLast(ctx, st, engine)
	if err != nil {
		return err
	}
	if _, err := st.PutPack(ctx, store.Pack{Digest: engine.Digest(), First: now, Changes: changes, Files: files}); err != nil {
		return err
	}
	b.written = engine.Digest()
	return nil
}

// overLast says what an engine changes over the version that was recorded last.
func overLast(ctx context.Context, st store.Store, engine *rules.Engine) (string, error) {
	packs, err := st.Packs(ctx)
	if err != nil || len(packs) == 0 {
		return "", err
	}
	before, err := st.Pack(ctx, packs[0].Digest)
	if err != nil {
		return "", err
	}
	was, err := rules.Unpack(before.Files)
	if err != nil {
		return fmt.Sprintf("the version before, %s, can't be read by this program", before.Digest), nil
	}
	return Lines(rules.Diff(was, engine)), nil
}

// Lines is a list of changes as text.
func Lines(changes []rules.Change) string {
	parts := make([]string, len(changes))
	for i, c := range changes {
		parts[i] = c.String()
	}
	return strings.Join(parts, "\n")
}

// SinceThen says what the rules changed since a version that made an earlier
// hit. ErrNotFound of store where that version isn't known.
func SinceThen(ctx context.Context, st store.Store, digest string, now *rules.Engine) ([]rules.Change, error) {
	if digest == now.Digest() {
		return nil, nil
	}
	p, err := st.Pack(ctx, digest)
	if err != nil {
		return nil, err
	}
	was, err := rules.Unpack(p.Files)
	if err != nil {
		return nil, errors.Join(errors.New("the rules of then can't be read by this program"), err)
	}
	return rules.Diff(was, now), nil
}
