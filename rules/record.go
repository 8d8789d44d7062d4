package rules

import (
	"driftwatch/rules/theme"
)

// Change is what is different in one signal or concept of two versions of the
// packs.
type Change = theme.Change

// Archive gives the files that the engine was made of, for Unpack.
func (e *Engine) Archive() ([]byte, error) { return e.packs.Archive() }

// Unpack makes an engine of an Archive. An older version of the packs may say
// what this program doesn't understand: the error is then a configs.Errors, as
// Load's is.
func Unpack(archive []byte) (*Engine, error) {
	packs, err := theme.Unpack(archive)
	if err != nil {
		return nil, err
	}
	return Load(packs...)
}

// Diff says what b changes over a, in an author's words; what is only arranged
// otherwise isn't told.
func Diff(a, b *Engine) []Change { return theme.Diff(a.packs, b.packs) }
