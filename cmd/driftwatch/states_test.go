package main

import (
	"cmp"
	"fmt"
	"os"
	"strings"
	"testing"

	"driftwatch/watch"
)

// TestDocsListTheStates: the table of states is that of the program.
func TestDocsListTheStates(t *testing.T) {
	doc, err := os.ReadFile("../../docs/operators.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var table strings.Builder
	for _, s := range watch.States() {
		if seen[s.Word] {
			t.Errorf("the state %q is there twice", s.Word)
		}
		seen[s.Word] = true
		fmt.Fprintf(&table, "| `%s` | %s | %s |\n", s.Word, s.Means, cmp.Or(s.Advice, "–"))
	}
	if !strings.Contains(string(doc), table.String()) {
		t.Errorf("docs/operators.md has another table of states than this:\n%s", &table)
	}
}
