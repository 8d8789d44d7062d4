package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"

	"driftwatch/guard"
)

// logger writes to stderr: text, or JSON Lines with --log-format json.
func (a *app) logger() *slog.Logger {
	level := slog.LevelWarn
	if a.verbose {
		level = slog.LevelDebug
	}
	if a.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(a.stderr, &slog.HandlerOptions{Level: level, ReplaceAttr: harmless(guard.Text)}))
	}
	return slog.New(newTextLog(a.stderr, level))
}

// harmless keeps what outlets and servers say from acting in a terminal that shows
// the log.
func harmless(clean func(string) string) func([]string, slog.Attr) slog.Attr {
	return func(_ []string, at slog.Attr) slog.Attr {
		if text, ok := said(at); ok {
			at.Value = slog.StringValue(clean(text))
		}
		return at
	}
}

// said is what a text or an error says.
func said(at slog.Attr) (string, bool) {
	switch v := at.Value.Any().(type) {
	case string:
		return v, true
	case error:
		return v.Error(), true
	}
	return "", false
}

// textLog is a log for people: an entry is a line of slog's text. Of what has
// several lines, as the faults of a pack, the first stands in it and the others
// below, as they are, for a caret to stand under its fault. Each begins with a bar,
// so that nothing in them can be taken for an entry.
type textLog struct {
	slog.Handler // writes to entry
	shared       *textOut
}

// textOut is what the handlers of one log share.
type textOut struct {
	mu    sync.Mutex
	entry bytes.Buffer
	out   io.Writer
}

// belowMost is how many lines stand below an entry at most.
const belowMost = 200

func newTextLog(out io.Writer, level slog.Level) *textLog {
	shared := &textOut{out: out}
	return &textLog{slog.NewTextHandler(&shared.entry, &slog.HandlerOptions{Level: level, ReplaceAttr: harmless(guard.Line)}), shared}
}

// Handle writes an entry and what stands below it at once.
func (t *textLog) Handle(ctx context.Context, r slog.Record) error {
	first := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	var below []string
	r.Attrs(func(at slog.Attr) bool {
		text, _ := said(at)
		if line, more, several := strings.Cut(strings.TrimRight(guard.Text(text), "\n"), "\n"); several {
			at.Value = slog.StringValue(line)
			below = append(below, strings.Split(more, "\n")...)
		}
		first.AddAttrs(at)
		return true
	})
	t.shared.mu.Lock()
	defer t.shared.mu.Unlock()
	entry := &t.shared.entry
	entry.Reset()
	if err := t.Handler.Handle(ctx, first); err != nil {
		return err
	}
	for i, line := range below {
		if i == belowMost {
			fmt.Fprintf(entry, "  | … and %d lines more\n", len(below)-i)
			break
		}
		fmt.Fprintln(entry, strings.TrimRight("  | "+line, " "))
	}
	_, err := entry.WriteTo(t.shared.out)
	return err
}

// WithAttrs and WithGroup give handlers of the same log.
func (t *textLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &textLog{t.Handler.WithAttrs(attrs), t.shared}
}

func (t *textLog) WithGroup(name string) slog.Handler {
	return &textLog{t.Handler.WithGroup(name), t.shared}
}
