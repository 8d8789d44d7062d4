// Command terms looks for each term of the embedded packs in texts by native
// writers, and writes which were found: lexicon/verified/LANG.txt of the packs, by
// which rules check says what of a claimed language is verified.
//
// A term is verified in a language where a text of $DRIFTWATCH_EVAL_DATA in it has
// it in one of its forms, or where the lexicon given (lexicon.csv beside the data)
// has it as verified; the forms of a verified term that is no stem are verified too
// ("went dark" with "go dark"). The digests of flags aren't read: they are restatements.
//
//	go run -tags sqlite_fts5 ./terms [-o ../configs/lexicon/verified] [-unseen LANG]
//
// With -unseen it lists the terms of a language that were not found, and writes
// nothing.
package main

import (
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"driftwatch/configs"
	"driftwatch/eval/section"
	"driftwatch/rules"
	"driftwatch/rules/theme"
	"driftwatch/text"
)

func main() {
	to := flag.String("o", "../configs/lexicon/verified", "folder to write to")
	unseen := flag.String("unseen", "", "list the terms of this language that were not found")
	sources := flag.String("sources", "", "look for terms in the texts and dictionaries of terms/sources.tsv too, which this folder holds, and write terms/attested")
	flag.Parse()
	section.Main("terms", func(w io.Writer, data string) error {
		t, err := count(data)
		if err != nil {
			return err
		}
		if *sources != "" {
			if err := attest(*sources, "terms/sources.tsv", "terms/attested", data, t); err != nil {
				return err
			}
		}
		if err := t.elsewhere("terms/attested", "terms/pages.tsv"); err != nil {
			return err
		}
		if *unseen != "" {
			return t.list(w, *unseen)
		}
		if err := t.write(*to); err != nil {
			return err
		}
		t.table(w)
		return nil
	})
}

// terms are those of the packs by language, each with whether it was found.
type terms map[string]map[string]bool

// count looks for the packs' terms in the texts, and in the lexicon given.
func count(data string) (terms, error) {
	c := corpus{data: data}
	counts, err := rules.CountTerms(c.each, configs.FS())
	if err = errors.Join(err, c.err); err != nil {
		return nil, err
	}
	given, err := lexicon(filepath.Join(data, "..", "lexicon.csv"))
	if err != nil {
		return nil, err
	}
	t := terms{}
	for _, one := range counts {
		if t[one.Lang] == nil {
			t[one.Lang] = map[string]bool{}
		}
		t[one.Lang][one.Term] = t[one.Lang][one.Term] || one.Texts > 0 || given[one.Lang][bare(one.Term)]
	}
	return t, nil
}

// elsewhere adds the terms that texts and dictionaries outside the data bear out, and
// the forms of all that are verified.
func (t terms) elsewhere(dir, pages string) error {
	all, err := readAttested(dir, pages)
	if err != nil {
		return err
	}
	for lang := range t {
		for term := range t[lang] {
			t[lang][term] = t[lang][term] || all[lang][term].grade > byNothing
		}
		if err := t.forms(lang); err != nil {
			return err
		}
	}
	return nil
}

// forms takes the forms of a language's verified terms for verified. A verified stem
// stands for the forms that it has as a word: what only begins like it may be another.
func (t terms) forms(lang string) error {
	var sure []text.Term
	for _, term := range t.of(lang, true) {
		if term = strings.TrimRight(term, "*"); !strings.Contains(term, "*") {
			sure = append(sure, text.Term{Text: term, Lang: strings.Replace(lang, "any", "", 1)})
		}
	}
	m, err := text.NewMatcher(sure)
	if err != nil {
		return err
	}
	for _, term := range t.of(lang, false) {
		bare := strings.TrimRight(term, "*")
		if strings.Contains(bare, "*") || bare != term && utf8.RuneCountInString(bare) < longStem {
			continue
		}
		r := text.Read("", bare, lang)
		last := int32(len(r.Body.Words) - 1)
		t[lang][term] = slices.ContainsFunc(m.Match(&r.Body, lang, nil), func(at text.Match) bool { return at.First == 0 && at.Last == last })
	}
	return nil
}

// bare is a term as both lists write it: without the sign of a stem, in small
// letters.
func bare(term string) string { return strings.ToLower(strings.TrimRight(term, "*")) }

// lexicon reads the terms that the lexicon given has as verified, by language.
func lexicon(name string) (map[string]map[string]bool, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	out := map[string]map[string]bool{}
	at := func(column string) int { return slices.Index(rows[0], column) }
	lang, term, verified := at("lang"), at("term"), at("verified")
	if lang < 0 || term < 0 || verified < 0 {
		return nil, fmt.Errorf("read %s: no columns lang, term and verified", name)
	}
	for _, r := range rows[1:] {
		if r[verified] != "yes" {
			continue
		}
		if out[r[lang]] == nil {
			out[r[lang]] = map[string]bool{}
		}
		out[r[lang]][bare(r[term])] = true
	}
	return out, nil
}

// write writes a file for each language.
func (t terms) write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, lang := range theme.Languages {
		var b strings.Builder
		fmt.Fprintf(&b, "# Terms of the lexicon in this language that stand in texts by native writers, or in a\n# lexicon that one has checked. Written by eval/terms.\n")
		for _, term := range t.of(lang, true) {
			b.WriteString(term + "\n")
		}
		if err := os.WriteFile(filepath.Join(dir, lang+".txt"), []byte(b.String()), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// of lists a language's terms that were found, or those that weren't, in order.
func (t terms) of(lang string, found bool) []string {
	var out []string
	for term, is := range t[lang] {
		if is == found {
			out = append(out, term)
		}
	}
	slices.Sort(out)
	return out
}

func (t terms) list(w io.Writer, lang string) error {
	if t[lang] == nil {
		return fmt.Errorf("the packs have no terms in %s", lang)
	}
	for _, term := range t.of(lang, false) {
		fmt.Fprintln(w, term)
	}
	return nil
}

// table shows how many terms were found.
func (t terms) table(w io.Writer) {
	rows := [][]string{{"language", "terms", "verified"}}
	for _, lang := range theme.Languages {
		found := len(t.of(lang, true))
		rows = append(rows, []string{lang, fmt.Sprint(len(t[lang])), section.Share(found, len(t[lang]))})
	}
	section.Table(w, rows...)
}
