package theme

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Verified are the terms of a pack, by language, that stand in texts by native
// writers or in a list that one has checked.
type Verified map[string]map[string]bool

// ReadVerified reads which terms of a pack are verified: lexicon/verified/LANG.txt
// has them as the lexicon writes them, one a line, or verified/LANG.txt of a pack that
// is a folder of concepts alone; lines that begin with # and empty ones say nothing. A
// pack without such files gives nil: there the concepts say which of their languages
// are unverified.
func ReadVerified(pack fs.FS) (Verified, error) {
	var v Verified
	for _, lang := range Languages {
		data, err := fs.ReadFile(pack, path.Join("lexicon", "verified", lang+".txt"))
		if errors.Is(err, fs.ErrNotExist) {
			data, err = fs.ReadFile(pack, path.Join("verified", lang+".txt"))
		}
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read which terms are verified: %w", err)
		}
		if v == nil {
			v = Verified{}
		}
		v[lang] = map[string]bool{}
		for line := range strings.Lines(string(data)) {
			if line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff")); line != "" && line[0] != '#' {
				v[lang][line] = true
			}
		}
	}
	return v, nil
}

// Has reports whether a term of a concept is verified in a language.
func (v Verified) Has(c *Concept, lang string, t Term) bool {
	if v == nil {
		return !slices.Contains(c.Unverified, lang)
	}
	return v[lang][t.Text]
}
