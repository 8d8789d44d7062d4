package watch

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"driftwatch/configs"
	"driftwatch/guard"
	"driftwatch/news"
)

// catalogue is the sources as the files named them when they were read again.
type catalogue struct {
	list []news.Source
	hide func(string) string
}

// sources are those that are read now: as they were when the Watch was opened, or
// as the files of the configuration named them since. The list isn't changed.
func (w *Watch) sources() []news.Source {
	if c := w.fresh.Load(); c != nil {
		return c.list
	}
	return w.Sources
}

// hide is text without the secrets in sources' addresses.
func (w *Watch) hide(text string) string {
	hide := w.Hide
	if c := w.fresh.Load(); c != nil {
		hide = c.hide
	}
	if hide == nil {
		return text
	}
	return hide(text)
}

// LookAtSources reads the configuration again where one of its files has changed
// since it was last read, and takes over the sources that it names: cycles poll
// those from then on. Of all else what was read at the start goes on. It says which
// sources came, went or changed; changed is false where no file has. The error says
// why the files are refused; they aren't looked at again before one changes.
func (w *Watch) LookAtSources() (changes []string, changed bool, err error) {
	if w.Reread == nil {
		return nil, false, nil
	}
	w.rereading.Lock()
	defer w.rereading.Unlock()
	seen := stamps(w.configured)
	if seen == w.seen {
		return nil, false, nil
	}
	w.seen = seen
	c, err := w.Reread()
	if err != nil {
		return nil, true, fmt.Errorf("the changed sources are refused, those before them go on: %w", err)
	}
	if files := filesOfConfig(c); !slices.Equal(files, w.configured) {
		w.configured, w.seen = files, "" // whether those have changed meanwhile isn't known
	}
	before, after := w.sources(), Sources(c)
	w.fresh.Store(&catalogue{list: after, hide: c.Hide})
	return sourceChanges(before, after), true, nil
}

// readToo takes further sources over, where the configuration isn't read again.
func (w *Watch) readToo(more []news.Source) {
	w.rereading.Lock()
	defer w.rereading.Unlock()
	next := &catalogue{list: slices.Concat(w.sources(), more), hide: w.Hide}
	if c := w.fresh.Load(); c != nil {
		next.hide = c.hide
	}
	w.fresh.Store(next)
}

// filesOfConfig are the files that say which sources there are.
func filesOfConfig(c *configs.Config) []string {
	files := c.Files
	if c.File != "" {
		files = append([]string{c.File}, files...)
	}
	return files
}

// stamps names what decides whether files are read again: their sizes and times.
func stamps(files []string) string {
	var b strings.Builder
	for _, name := range files {
		stamp(&b, name)
	}
	return b.String()
}

// stamp writes the line of a file, or of what a link leads to; of a folder none.
func stamp(b *strings.Builder, name string) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		fmt.Fprintf(b, "%s: %v\n", name, err)
	case !info.IsDir():
		fmt.Fprintf(b, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
	}
}

// sourceChanges says what differs between two lists of sources, a line each.
func sourceChanges(before, after []news.Source) []string {
	was := sourcesByID(before)
	var out []string
	for _, s := range after {
		old, known := was[s.ID]
		delete(was, s.ID)
		switch {
		case !known:
			out = append(out, "added "+s.ID)
		case old.Enabled != s.Enabled && s.Enabled:
			out = append(out, "switched on "+s.ID)
		case old.Enabled != s.Enabled:
			out = append(out, "switched off "+s.ID)
		case old.URL != s.URL:
			out = append(out, guard.Line("moved "+s.ID+" to "+s.Address()))
		}
	}
	for _, s := range before {
		if _, gone := was[s.ID]; gone {
			out = append(out, "removed "+s.ID)
		}
	}
	return out
}
