package configs

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

// hidden is what stands in for a secret wherever one would be printed.
const hidden = "[secret]"

// Secret is a setting that must not be seen: fmt, encoding/json, text
// templates and log/slog all print it as "[secret]", whatever the verb. The
// value itself is had by Reveal.
type Secret string

// Reveal gives the value. Use it where the value is handed on, and nowhere
// that prints.
func (s Secret) Reveal() string { return string(s) }

// IsSet reports whether there is a value.
func (s Secret) IsSet() bool { return s != "" }

// String is "[secret]", or empty where nothing is set.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// Format prints the secret's stand-in for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText gives the secret's stand-in, to JSON among others.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue gives the secret's stand-in to log/slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// String is "[secret]": all that a channel holds is.
func (c Channel) String() string { return hidden }

// Format prints "[secret]" for every verb.
func (c Channel) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// MarshalJSON gives "[secret]".
func (c Channel) MarshalJSON() ([]byte, error) { return json.Marshal(hidden) }

// LogValue gives "[secret]" to log/slog.
func (c Channel) LogValue() slog.Value { return slog.StringValue(hidden) }
