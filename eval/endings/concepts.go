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

	"driftwatch/configs"
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

func reportConcepts(w io.Writer, data string) error {
	articles, err := readArticles(filepath.Join(data, "language", "ntrex.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(w, "\nNo articles in %s.\n", data)
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Fprint(w, `
## Concepts in translations

Of the articles in whose English a concept is found, in how many translations it
is found too. A translator may well have put it otherwise, so 100 % can't be
reached. Only concepts found in at least five English articles count.
`)
	listed, err := lexiconConcepts(filepath.Join(data, "..", "lexicon.csv"), articles)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		fmt.Fprintf(w, "\nNo lexicon.csv beside %s.\n", data)
	case err != nil:
		return err
	default:
		parity(w, "terms of lexicon.csv", listed, articles)
	}
	packed, err := packConcepts(articles)
	if err != nil {
		return err
	}
	parity(w, "the packs", packed, articles)
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

// parity prints, for each language, in how many translations concepts are found.
func parity(w io.Writer, title string, f found, articles []article) {
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
	fmt.Fprintf(w, "\n### %s: %d concepts\n\n| language | translations | concept found |\n|---|---|---|\n", title, len(counted))
	missed := map[string]int{}
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
		fmt.Fprintf(w, "| %s | %d | %s |\n", lang, n, share(k, n))
	}
	fmt.Fprint(w, "\n| concept | English articles | "+"ru | kk | ky | uz | tg | tk |\n|---|---|---|---|---|---|---|---|\n")
	for _, concept := range slices.Sorted(maps.Keys(counted)) {
		fmt.Fprintf(w, "| %s | %d |", concept, counted[concept])
		for _, lang := range translations {
			fmt.Fprintf(w, " %d |", counted[concept]-missed[lang+" "+concept])
		}
		fmt.Fprintln(w)
	}
}
