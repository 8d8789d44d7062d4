package langdata

import (
	_ "embed"
	"math"
	"os"
	"path/filepath"
	"strings"

	"driftwatch/text"
)

// few are sentences written for this in languages that have no text in the
// sets, which only have to be kept from being taken for another: a line each,
// behind a line "LANG:".
//
//go:embed few.txt
var few string

// drawn is how often a language is drawn from in training, beside the others.
// The seven come first: a text is mostly one of them.
var drawn = map[string]float64{
	"ru": 1.2, "kk": 1.2, "ky": 1.2, "uz": 1.2, "tg": 1.2, "tk": 1, "en": 1,
	"uz-Cyrl": 1, "tk-Cyrl": 0.6, "kk-Latn": 0.25, "kk-Arab": 1,
	"kaa-Latn": 0.3, "ug-Latn": 0.2, "az-Cyrl": 0.2, "sah": 0.2, "mn": 0.2,
}

const drawnElse = 0.5

// drawnFew is of the languages that a few sentences were written for.
const drawnFew = 0.15

// Of what is written otherwise, in the same script, this much is drawn beside
// what is written as it should be.
const drawnVariant = 0.15

// fromShares are the languages that train.jsonl has no text of, for which a
// share of the other sets is learned from.
var fromShares = map[string]bool{
	"tg": true, "tk": true, "tt": true, "ug": true, "ug-Latn": true,
	"uz-Cyrl": true, "tk-Cyrl": true, "az-Cyrl": true,
}

// Sources are what is learned from.
func Sources(data string) ([]text.LangSource, error) {
	byLang := map[string]map[string][]string{} // language → set → texts
	var langs []string
	add := func(lang, set, s string) {
		if byLang[lang] == nil {
			byLang[lang] = map[string][]string{}
			langs = append(langs, lang)
		}
		byLang[lang][set] = append(byLang[lang][set], s)
	}
	for _, set := range []string{"train", "ntrex", "sib200", "udhr"} {
		texts, err := Read(data, set)
		if err != nil {
			return nil, err
		}
		for _, t := range texts {
			if set == "train" || t.Learn && fromShares[t.Lang] {
				for p := range strings.SplitSeq(t.Title+"\n"+t.Text, "\n") {
					if strings.TrimSpace(p) != "" {
						add(t.Lang, t.Set, p)
					}
				}
			}
		}
	}
	forms, err := kyrgyzForms(data)
	if err != nil {
		return nil, err
	}
	for _, f := range forms {
		add("ky", "forms", f)
	}
	lang := ""
	for line := range strings.Lines(few) {
		line = strings.TrimSpace(line)
		if code, ok := strings.CutSuffix(line, ":"); ok && !strings.Contains(code, " ") {
			lang = code
		} else if line != "" {
			add(lang, "few", line)
		}
	}
	var out []text.LangSource
	for _, l := range langs {
		out = append(out, sourcesOf(l, byLang[l])...)
	}
	return out, nil
}

// kyrgyzForms are the word forms of forms.tsv, for the language that train.jsonl
// has least of: 500 sentences.
func kyrgyzForms(data string) ([]string, error) {
	file, err := os.ReadFile(filepath.Join(data, "language", "forms.tsv"))
	if err != nil {
		return nil, err
	}
	var out []string
	for line := range strings.Lines(string(file)) {
		if f := strings.Split(line, "\t"); len(f) > 3 && f[0] == "ky" && f[3] != "PROPN" {
			out = append(out, f[2])
		}
	}
	return out, nil
}

// sourcesOf draws from the sets of a language by the root of their size, so
// that a small set of another kind of text counts.
func sourcesOf(lang string, sets map[string][]string) []text.LangSource {
	var out []text.LangSource
	add := func(lang string, weight float64, writes func(string) string) {
		total := 0.0
		for _, texts := range sets {
			total += size(texts)
		}
		for _, set := range []string{"xwmt", "kaznerd", "uzreport", "factrueval", "lingua", "ntrex", "sib200", "udhr", "forms", "few"} {
			texts := sets[set]
			if len(texts) == 0 {
				continue
			}
			written := make([]string, len(texts))
			for i, t := range texts {
				written[i] = writes(t)
			}
			out = append(out, text.LangSource{Lang: lang, Weight: weight * size(texts) / total, Texts: written})
		}
	}
	same := func(s string) string { return s }
	if len(sets["few"]) > 0 {
		add(lang, drawnFew, same)
		return out
	}
	add(lang, weightOf(lang), same)
	for _, v := range Variants[lang] {
		w := weightOf(v.Lang)
		if v.Lang == lang || strings.Contains(v.Name, "without") {
			w *= drawnVariant
		}
		add(v.Lang, w, v.Writes)
	}
	return out
}

func weightOf(lang string) float64 {
	if w, ok := drawn[lang]; ok {
		return w
	}
	return drawnElse
}

func size(texts []string) float64 {
	n := 0
	for _, t := range texts {
		n += len(t)
	}
	return math.Sqrt(float64(n))
}
