package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"driftwatch/configs"
	"driftwatch/eval/section"
	"driftwatch/rules"
	"driftwatch/text"
)

// article is one translation of a document.
type article struct {
	ID, Lang, Doc, Title, Text string
}

// found says which concepts were found in which articles: concept → document →
// languages.
type found map[string]map[string][]string

func (f found) add(concept, doc, lang string) {
	if f[concept] == nil {
		f[concept] = map[string][]string{}
	}
	if !slices.Contains(f[concept][doc], lang) {
		f[concept][doc] = append(f[concept][doc], lang)
	}
}

// enough is in how many English articles a concept has to be found.
const enough = 5

func reportConcepts(w io.Writer, data string, verbose bool) error {
	articles, err := readArticles(filepath.Join(data, "language", "ntrex.jsonl"))
	if err != nil {
		return err
	}
	listed, err := lexiconConcepts(filepath.Join(data, "..", "lexicon.csv"), articles)
	switch {
	case errors.Is(err, fs.ErrNotExist): // it isn't part of the data
	case err != nil:
		return err
	default:
		parity(w, "Terms of the first word list", listed, articles, true)
	}
	packed, err := packConcepts(articles)
	if err != nil {
		return err
	}
	parity(w, "Terms of the packs", packed, articles, verbose)
	return nil
}

func readArticles(path string) ([]article, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all []article
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 8<<20)
	for lines.Scan() {
		var a article
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		all = append(all, a)
	}
	return all, lines.Err()
}

// lexiconConcepts finds the concepts of a table with the columns concept, lang,
// script, term, pos. Abbreviations count in capitals only.
func lexiconConcepts(path string, articles []article) (found, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	terms, names := map[string][]text.Term{}, map[string][]string{}
	for _, r := range rows[1:] {
		t := text.Term{Text: r[3], Lang: r[1], CaseSensitive: r[4] == "abbr"}
		if _, err := text.NewMatcher([]text.Term{t}); err != nil {
			continue // a note, not a term
		}
		terms[r[1]], names[r[1]] = append(terms[r[1]], t), append(names[r[1]], r[0])
	}
	out := found{}
	for lang, list := range terms {
		m, err := text.NewMatcher(list)
		if err != nil {
			return nil, err
		}
		for _, a := range articles {
			if a.Lang != lang {
				continue
			}
			r := text.Read(a.Title, a.Text, a.Lang)
			for _, f := range []*text.Field{&r.Title, &r.Body} {
				for _, h := range m.Match(f, lang, nil) {
					out.add(names[lang][h.Term], a.Doc, lang)
				}
			}
		}
	}
	return out, nil
}

// packConcepts finds the concepts of the program's own packs.
func packConcepts(articles []article) (found, error) {
	engine, err := rules.Load(configs.FS())
	if err != nil {
		return nil, err
	}
	out := found{}
	for _, a := range articles {
		for _, p := range engine.Places(text.Read(a.Title, a.Text, a.Lang)) {
			out.add(p.Concept, a.Doc, a.Lang)
		}
	}
	return out, nil
}

var translations = []string{"ru", "kk", "ky", "uz", "tg", "tk"}

// parity prints in how many translations concepts are found: for each language,
// and for each concept where all are asked for.
func parity(w io.Writer, title string, f found, articles []article, all bool) {
	has := map[string]bool{} // doc and language
	for _, a := range articles {
		has[a.Doc+" "+a.Lang] = true
	}
	counted := map[string]int{} // concept → English articles
	for concept, docs := range f {
		for _, langs := range docs {
			if slices.Contains(langs, "en") {
				counted[concept]++
			}
		}
	}
	maps.DeleteFunc(counted, func(_ string, n int) bool { return n < enough })
	fmt.Fprintf(w, "%s: %d concepts.\n\n", title, len(counted))
	missed := map[string]int{}
	rows := [][]string{{"language", "concept found"}}
	for _, lang := range translations {
		k, n := 0, 0
		for concept := range counted {
			for doc, langs := range f[concept] {
				if !slices.Contains(langs, "en") || !has[doc+" "+lang] {
					continue
				}
				n++
				if slices.Contains(langs, lang) {
					k++
				} else {
					missed[lang+" "+concept]++
				}
			}
		}
		rows = append(rows, []string{lang, section.Percent(k, n)})
	}
	section.Table(w, rows...)
	if !all {
		return
	}
	rows = [][]string{append([]string{"concept", "en"}, translations...)}
	for _, concept := range slices.Sorted(maps.Keys(counted)) {
		row := []string{concept, strconv.Itoa(counted[concept])}
		for _, lang := range translations {
			row = append(row, strconv.Itoa(counted[concept]-missed[lang+" "+concept]))
		}
		rows = append(rows, row)
	}
	section.Table(w, rows...)
}
