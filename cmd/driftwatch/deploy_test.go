package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// units are the systemd units, as `make install` writes them, by name.
func units(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(repository, "deploy", "systemd", "*"))
	if err != nil || len(files) != 3 {
		t.Fatalf("%d units, %v; want 3", len(files), err)
	}
	all := map[string]string{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(f)] = strings.ReplaceAll(string(text), "@PREFIX@", "/usr/local")
	}
	return all
}

var (
	started  = regexp.MustCompile(`(?m)^ExecStart=(.*)$`)
	inImage  = regexp.MustCompile(`(?m)(?:^|\s)(ENTRYPOINT|CMD) (\[.*\])$`)
	ofSource = regexp.MustCompile(`(?m)^COPY --from=build (\S+) (\S+)$`)
)

// What systemd and the image start is a command of the program.
func TestUnitsAndImageCallWhatThereIs(t *testing.T) {
	n := 0
	for name, text := range units(t) {
		for _, m := range started.FindAllStringSubmatch(text, -1) {
			n++
			for _, c := range callsIn(t, name, m[1], true) {
				if _, err := c.check(); err != nil {
					t.Errorf("%s: %s: %v", name, m[1], err)
				}
			}
		}
	}
	image, err := os.ReadFile(filepath.Join(repository, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	if m := ofSource.FindStringSubmatch(string(image)); m == nil || filepath.Base(m[2]) != "driftwatch" || !strings.Contains(string(image), "-o "+m[1]+" ") {
		t.Errorf("the image copies %q: not what it has built, or under another name", m)
	}
	for _, m := range inImage.FindAllStringSubmatch(string(image), -1) {
		n++
		var args []string
		if err := json.Unmarshal([]byte(m[2]), &args); err != nil {
			t.Fatalf("%s: %v", m[0], err)
		}
		if args[0] != "driftwatch" {
			args = append([]string{"driftwatch"}, args...) // after the entrypoint
		}
		c := call{"Dockerfile", args[1:], m[1] == "CMD"}
		if _, err := c.check(); err != nil {
			t.Errorf("%s: %v", m[0], err)
		}
	}
	if n != 5 {
		t.Errorf("%d calls found, want 5: two of systemd, three of the image", n)
	}
}

// systemd finds no fault in the units, where it is installed.
func TestUnitsAreSound(t *testing.T) {
	verify, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("no systemd-analyze")
	}
	dir := t.TempDir()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for name, text := range units(t) {
		files = append(files, filepath.Join(dir, name))
		text = strings.ReplaceAll(text, "/usr/local/bin/driftwatch", program) // which is there
		if err := os.WriteFile(files[len(files)-1], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, _ := exec.CommandContext(t.Context(), verify, append([]string{"verify"}, files...)...).CombinedOutput()
	if strings.Contains(string(out), "driftwatch") { // other lines are about the machine's own units
		t.Errorf("%s", out)
	}
}
