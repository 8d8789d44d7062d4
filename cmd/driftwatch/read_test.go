package main

import (
	"strings"
	"testing"

	"driftwatch/configs"
	"driftwatch/text"
)

// On a terminal terms are underlined, and nothing but our own marks acts there.
func TestShowReadingOnATerminal(t *testing.T) {
	engine, err := loadEngine(&configs.Config{})
	if err != nil {
		t.Fatal(err)
	}
	r := text.Read("", "Бишкек отменил учения \x1b[2JОДКБ.", "ru")
	var b strings.Builder
	showReading(&b, r, placesIn(engine, nil, r), true)
	got := b.String()
	if !strings.Contains(got, "\x1b[4mучения\x1b[24m") {
		t.Errorf("no term is underlined in %q", got)
	}
	for _, m := range []string{markedTerminal.open, markedTerminal.close, markedTerminal.dim, markedTerminal.plain} {
		got = strings.ReplaceAll(got, m, "")
	}
	if strings.Contains(got, "\x1b") {
		t.Errorf("an escape of the text got through: %q", got)
	}
}
