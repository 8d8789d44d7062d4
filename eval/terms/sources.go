package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"driftwatch/configs"
	"driftwatch/rules"
)

// grade says how a term of a language is borne out. The higher the better.
type grade int

const (
	byNothing    grade = iota
	byWords            // each of its words stands in a text or dictionary, and one of them is translated by a word of its concept
	byDictionary       // it is one word, and a dictionary has it
	byText             // a text by a native writer has it
)

// gradeNames are the grades as attested/LANG.tsv has them.
var gradeNames = [...]string{byNothing: "", byWords: "words", byDictionary: "dictionary", byText: "text"}

// source is a public text or dictionary outside the measuring data, as sources.tsv
// names it: NAME/LANG.txt in the folder of -sources has a text, a word, or a word and
// its translation in English or Russian behind a tab, a line.
type source struct {
	name, kind string
	langs      []string
}

// attestation is what bears a term out, and where.
type attestation struct {
	grade   grade
	sources []string
}

// attested are the attestations of one language's terms.
type attested map[string]attestation

// add keeps the best grade, with all sources of it.
func (a attested) add(term string, g grade, sources ...string) {
	one := a[term]
	if g < one.grade {
		return
	}
	if g > one.grade {
		one = attestation{grade: g}
	}
	for _, s := range sources {
		if !slices.Contains(one.sources, s) {
			one.sources = append(one.sources, s)
		}
	}
	a[term] = one
}

// readSources reads sources.tsv.
func readSources(name string) ([]source, error) {
	var out []source
	return out, tsv(name, 5, func(cells []string) error {
		if !slices.Contains([]string{"text", "words", "glosses"}, cells[1]) {
			return fmt.Errorf("%s is text, words or glosses, found %q", cells[0], cells[1])
		}
		out = append(out, source{cells[0], cells[1], strings.Fields(cells[2])})
		return nil
	})
}

// tsv gives the cells of each line that isn't a comment.
func tsv(name string, columns int, take func(cells []string) error) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for n := 1; s.Scan(); n++ {
		if s.Text() == "" || s.Text()[0] == '#' {
			continue
		}
		cells := strings.Split(s.Text(), "\t")
		if len(cells) != columns {
			return fmt.Errorf("%s:%d: %d columns are expected, found %d", name, n, columns, len(cells))
		}
		if err := take(cells); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	return s.Err()
}

// linesOf gives each line of a source in a language.
func (s source) linesOf(dir, lang string, take func(line string)) error {
	f, err := os.Open(filepath.Join(dir, s.name, lang+".txt"))
	if err != nil {
		return fmt.Errorf("source %s: %w", s.name, err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 8<<20)
	for lines.Scan() {
		take(lines.Text())
	}
	return lines.Err()
}

// attest looks for the packs' terms in the sources in dir, and writes a file for each
// of their languages to out: the term, its grade, and the sources that have it. What
// is verified without them bears out the words of other terms.
func attest(dir, list, out, data string, sure terms) error {
	sources, err := readSources(list)
	if err != nil {
		return err
	}
	counts, err := rules.CountTerms(func(func(rules.Text) bool) {}, configs.FS())
	if err != nil {
		return err
	}
	langs := map[string]attested{}
	for _, s := range sources {
		for _, lang := range s.langs {
			if langs[lang] == nil {
				langs[lang] = attested{}
			}
			if s.kind == "text" {
				if err := s.inTexts(dir, lang, langs[lang]); err != nil {
					return err
				}
			}
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(langs)) {
		w, err := newWords(lang, counts, langs[lang])
		if err != nil {
			return err
		}
		w.verified(sure.of(lang, true))
		if err := w.data(&corpus{data: data}); err != nil {
			return err
		}
		for _, s := range sources {
			if slices.Contains(s.langs, lang) {
				if err := w.read(s, dir); err != nil {
					return err
				}
			}
		}
		if err := w.lemmas(); err != nil {
			return err
		}
		w.grade(langs[lang])
		if err := langs[lang].write(filepath.Join(out, lang+".tsv")); err != nil {
			return err
		}
	}
	return nil
}

// inTexts counts the terms in the texts of a source.
func (s source) inTexts(dir, lang string, to attested) error {
	var read error
	counts, err := rules.CountTerms(func(yield func(rules.Text) bool) {
		read = s.linesOf(dir, lang, func(line string) { yield(rules.Text{Body: line, Lang: lang}) })
	}, configs.FS())
	if err := errors.Join(err, read); err != nil {
		return err
	}
	for _, c := range counts {
		if c.Lang == lang && c.Texts > 0 {
			to.add(c.Term, byText, s.name)
		}
	}
	return nil
}

// write writes the attestations, in the order of the terms.
func (a attested) write(name string) error {
	var b strings.Builder
	b.WriteString("# Terms of the lexicon in this language, what bears them out, and which of sources.tsv.\n# Written by eval/terms.\n")
	for _, term := range slices.Sorted(maps.Keys(a)) {
		fmt.Fprintf(&b, "%s\t%s\t%s\n", term, gradeNames[a[term].grade], strings.Join(a[term].sources, " "))
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(b.String()), 0o644)
}

// readAttested reads what attest wrote, and pages.tsv: terms with the address of a
// page by a native writer that has them. Languages without a file have none.
func readAttested(dir, pages string) (map[string]attested, error) {
	out := map[string]attested{}
	names, err := filepath.Glob(filepath.Join(dir, "*.tsv"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		lang := strings.TrimSuffix(filepath.Base(name), ".tsv")
		out[lang] = attested{}
		if err := tsv(name, 3, func(cells []string) error {
			g := slices.Index(gradeNames[:], cells[1])
			if g <= 0 {
				return fmt.Errorf("unknown grade %q", cells[1])
			}
			out[lang].add(cells[0], grade(g), strings.Fields(cells[2])...)
			return nil
		}); err != nil {
			return nil, err
		}
	}
	err = tsv(pages, 3, func(cells []string) error {
		if out[cells[0]] == nil {
			out[cells[0]] = attested{}
		}
		out[cells[0]].add(cells[1], byText, cells[2])
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return out, err
}
