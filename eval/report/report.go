package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"driftwatch/eval/section"
)

// report writes figures into a file.
type report struct {
	run      func(ctx context.Context, out, log io.Writer, name string, args ...string) error
	out, log io.Writer
	stamp    string // when and on what it was measured
}

// errNoData is returned by a program that has nothing to read.
var errNoData = errors.New("no data")

// marked is a section with its name, its arguments and what stands in it.
var marked = regexp.MustCompile(`(?ms)^<!-- measured: (\S+)([^\n]*?)( \(by hand\))? -->\n(.*?)^<!-- end: (\S+) -->$`)

// update runs the programs that the file names and writes their figures.
func (r report) update(ctx context.Context, file string, names []string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := checkMarks(file, string(old), names); err != nil {
		return err
	}
	var failed []string
	updated := marked.ReplaceAllStringFunc(string(old), func(s string) string {
		m := marked.FindStringSubmatch(s)
		name, args, byHand, stands := m[1], strings.Fields(m[2]), m[3], m[4]
		if ctx.Err() != nil || !wanted(name, byHand != "", names) {
			return s
		}
		figures, err := r.figures(ctx, name, args)
		switch {
		case errors.Is(err, errNoData):
			fmt.Fprintf(r.log, "report: the figures of %s are left as they stand\n", name)
			return s
		case err != nil:
			fmt.Fprintf(r.log, "report: %s: %v; its figures are left as they stand\n", name, err)
			failed = append(failed, name)
			return s
		}
		return strings.TrimSuffix(s, stands+"<!-- end: "+m[5]+" -->") + figures + "<!-- end: " + name + " -->"
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if updated != string(old) {
		if err := os.WriteFile(file, []byte(updated), 0o644); err != nil {
			return err
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("failed: %s", strings.Join(failed, ", "))
	}
	return nil
}

// checkMarks finds what would be passed over in silence: marks without their
// other half, and names that the file doesn't have.
func checkMarks(file, text string, names []string) error {
	var have []string
	for _, m := range marked.FindAllStringSubmatch(text, -1) {
		if m[1] != m[5] {
			return fmt.Errorf("%s: section %s ends as %s", file, m[1], m[5])
		}
		have = append(have, m[1])
	}
	if n := strings.Count(text, "<!-- measured: "); n != len(have) || n != strings.Count(text, "<!-- end: ") {
		return fmt.Errorf("%s: a line \"<!-- measured: NAME -->\" lacks its \"<!-- end: NAME -->\", or the reverse", file)
	}
	for _, n := range names {
		if !slices.Contains(have, n) {
			return fmt.Errorf("%s has no section %q; it has %s", file, n, strings.Join(have, ", "))
		}
	}
	return nil
}

func wanted(name string, byHand bool, names []string) bool {
	if len(names) > 0 {
		return slices.Contains(names, name)
	}
	return !byHand
}

// figures runs one program and gives what is to stand in its section.
func (r report) figures(ctx context.Context, name string, args []string) (string, error) {
	fmt.Fprintf(r.out, "%s\n\n", name)
	var printed bytes.Buffer
	if err := r.run(ctx, io.MultiWriter(r.out, &printed), r.log, name, args...); err != nil {
		return "", err
	}
	text := strings.TrimSpace(printed.String())
	if text == "" {
		return "", errors.New("it printed nothing")
	}
	if strings.Contains(text, "<!-- ") {
		return "", errors.New("it printed a comment, which the sections are told by")
	}
	return "\n" + text + "\n\n" + r.stamp + "\n", nil
}

// program runs a program of this module and copies what it prints.
func program(ctx context.Context, out, log io.Writer, name string, args ...string) error {
	dir, err := os.MkdirTemp("", "driftwatch-eval-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	// built and then run, so that its exit code is its own
	binary := dir + "/" + name
	build := exec.CommandContext(ctx, "go", "build", "-tags", "sqlite_fts5", "-o", binary, "./"+name)
	build.Stderr = log
	if err := build.Run(); err != nil {
		return fmt.Errorf("build it: %w", err)
	}
	c := exec.CommandContext(ctx, binary, args...)
	c.Stdout, c.Stderr = out, log
	err = c.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == section.NoData {
		return errNoData
	}
	return err
}

// stamp says when and on what something was measured.
func stamp(ctx context.Context, now time.Time) string {
	commit := ""
	if out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty=, with changes").Output(); err == nil {
		commit = ", commit " + strings.TrimSpace(string(out))
	}
	return fmt.Sprintf("_Measured on %s%s, %s, %d processors%s._", now.Format(time.DateOnly), commit, runtime.Version(), runtime.NumCPU(), processor())
}

// processor names the machine's processor, where the system tells.
func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	m := regexp.MustCompile(`(?m)^model name\s*: (.*)$`).FindSubmatch(info)
	if m == nil {
		return ""
	}
	return " (" + string(m[1]) + ")"
}
