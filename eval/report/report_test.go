package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const before = `# How well

By hand.

<!-- measured: words -->
old words
<!-- end: words -->

More by hand.

<!-- measured: speed -runs 5 (by hand) -->
old speed
<!-- end: speed -->

<!-- measured: pages -->
<!-- end: pages -->
`

// write runs a report over a file and gives what stands in it then, and what was
// run.
func write(t *testing.T, text string, names []string, fails map[string]error) (after, log string, ran []string, err error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "evaluation.md")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	r := report{out: io.Discard, log: &said, stamp: "_Measured today._"}
	r.run = func(_ context.Context, out, _ io.Writer, name string, args ...string) error {
		ran = append(ran, strings.Join(append([]string{name}, args...), " "))
		fmt.Fprintf(out, "new %s\n\n", name)
		return fails[name]
	}
	err = r.update(t.Context(), file, names)
	got, readErr := os.ReadFile(file)
	if readErr != nil {
		t.Fatal(readErr)
	}
	return string(got), said.String(), ran, err
}

func TestFiguresGoBetweenTheirMarks(t *testing.T) {
	after, _, ran, err := write(t, before, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"words", "pages"}; !slices.Equal(ran, want) {
		t.Errorf("ran %q, not %q: what is run by hand isn't run unnamed", ran, want)
	}
	want := strings.NewReplacer(
		"old words\n", "\nnew words\n\n_Measured today._\n",
		"pages -->\n<!-- end", "pages -->\n\nnew pages\n\n_Measured today._\n<!-- end",
	).Replace(before)
	if after != want {
		t.Errorf("got:\n%s\nwant:\n%s", after, want)
	}
	if again, _, _, _ := write(t, after, nil, nil); again != after {
		t.Errorf("a second run changed it:\n%s", again)
	}
}

func TestOnlyWhatIsNamedIsRun(t *testing.T) {
	after, _, ran, err := write(t, before, []string{"speed"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"speed -runs 5"}; !slices.Equal(ran, want) {
		t.Errorf("ran %q, not %q", ran, want)
	}
	if !strings.Contains(after, "old words") || !strings.Contains(after, "new speed") {
		t.Errorf("got:\n%s", after)
	}
}

func TestFiguresStandWhereThereIsNoData(t *testing.T) {
	after, log, _, err := write(t, before, nil, map[string]error{"words": errNoData, "pages": errNoData})
	if err != nil || after != before {
		t.Errorf("error %v, and:\n%s", err, after)
	}
	if !strings.Contains(log, "figures of words are left") {
		t.Errorf("said %q", log)
	}
}

func TestAFailureLeavesTheOthers(t *testing.T) {
	after, _, _, err := write(t, before, nil, map[string]error{"words": errors.New("exit status 1")})
	if err == nil || !strings.Contains(err.Error(), "words") {
		t.Errorf("error %v", err)
	}
	if !strings.Contains(after, "old words") || !strings.Contains(after, "new pages") {
		t.Errorf("got:\n%s", after)
	}
}

func TestWrongMarksAreFaults(t *testing.T) {
	for text, want := range map[string]string{
		"<!-- measured: a -->\n":                                        "lacks its",
		"<!-- measured: a -->\n<!-- end: b -->\n":                       "ends as b",
		"<!-- end: a -->\n":                                             "lacks its",
		"<!-- measured: a -->\n<!-- measured: b -->\n<!-- end: b -->\n": "",
		"<!-- measured: other -->\n<!-- end: other -->\n":               "",
	} {
		_, _, ran, err := write(t, text, []string{"a"}, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
		if len(ran) > 0 {
			t.Errorf("%q: ran %q", text, ran)
		}
	}
}
