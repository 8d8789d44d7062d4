package main

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// TestTextLog: what has several lines is readable, and nothing in it can act in a
// terminal or be taken for an entry.
func TestTextLog(t *testing.T) {
	for _, c := range []struct {
		name string
		log  func(*slog.Logger)
		want string
	}{
		{"one line", func(l *slog.Logger) { l.Error("failed", "problem", errors.New("no such host"), "after", time.Second) },
			`level=ERROR msg=failed problem="no such host" after=1s`},
		{"a refused pack", func(l *slog.Logger) {
			l.Error("rules not changed", "problem", errors.New("refused: a.yaml:2:3: unknown key \"termz\"\n\ttermz:\n\t^\ndid you mean terms?\n"))
		}, `level=ERROR msg="rules not changed" problem="refused: a.yaml:2:3: unknown key \"termz\""
  | 	termz:
  | 	^
  | did you mean terms?`},
		{"two such values", func(l *slog.Logger) { l.With("room", "a\nb").WithGroup("g").Warn("w", "x", "1\n2", "y", "3\r\n4") },
			`level=WARN msg=w room="a b" g.x=1 g.y=3
  | 2
  | 4`},
		{"what looks like an entry", func(l *slog.Logger) {
			l.Warn("odd", "said", "x\ntime=2026-01-01T00:00:00Z level=ERROR msg=\x1b[31mfake")
		},
			`level=WARN msg=odd said=x
  | time=2026-01-01T00:00:00Z level=ERROR msg=␛[31mfake`},
		{"too much", func(l *slog.Logger) { l.Warn("long", "said", "0"+strings.Repeat("\n1", 203)) },
			"level=WARN msg=long said=0" + strings.Repeat("\n  | 1", 200) + "\n  | … and 3 lines more"},
		{"below the level", func(l *slog.Logger) { l.Info("quiet", "said", "a\nb") }, ""},
	} {
		var out bytes.Buffer
		c.log(slog.New(newTextLog(&out, slog.LevelWarn)))
		got := strings.TrimSuffix(out.String(), "\n")
		if got != "" {
			_, got, _ = strings.Cut(got, " ") // the time
		}
		if got != c.want {
			t.Errorf("%s:\ngot\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// TestJSONLog: JSON keeps the lines of what has several.
func TestJSONLog(t *testing.T) {
	var out bytes.Buffer
	a := &app{stderr: &out, logFormat: "json"}
	a.logger().Error("refused", "problem", fmt.Errorf("a.yaml:2:3: unknown\n\ttermz:\n\t^\x1b"))
	if want := `"problem":"a.yaml:2:3: unknown\n\ttermz:\n\t^␛"}`; !strings.Contains(out.String(), want) {
		t.Errorf("%s lacks %s", out.String(), want)
	}
}
