package rules_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"driftwatch/configs"
	"driftwatch/rules"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestErrors: each file of testdata/errors, loaded over the small pack, has all
// its faults reported in exactly these words: file, line, column, the line, a
// caret under the fault, and the nearest right name.
func TestErrors(t *testing.T) {
	files, err := filepath.Glob("testdata/errors/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files to test:", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = rules.Load(os.DirFS("testdata/pack"), fstest.MapFS{filepath.Base(file): {Data: data}})
			var faults configs.Errors
			if !errors.As(err, &faults) {
				t.Fatalf("no faults, but %v", err)
			}
			got, golden := err.Error()+"\n", strings.TrimSuffix(file, ".yaml")+".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}
