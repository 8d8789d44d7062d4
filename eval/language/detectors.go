package main

import (
	"strings"

	"github.com/abadojack/whatlanggo"
	"github.com/pemistahl/lingua-go"

	"driftwatch/text"
)

// detector tells the language of a text.
type detector struct {
	name  string
	knows func(lang string) bool
	tell  func(s string) string
	tags  bool // tells scripts apart: what it says is compared as a whole tag
}

func own() detector {
	var rd text.Reader
	var r text.Reading
	return detector{"Driftwatch", func(string) bool { return true }, func(s string) string {
		rd.Read(&r, "", s, "")
		return r.Lang
	}, true}
}

// lingua is built with the languages of this test that it has, which is the
// easiest that it can be given.
func linguaGo() detector {
	names := map[lingua.Language]string{
		lingua.English: "en", lingua.Russian: "ru", lingua.Kazakh: "kk", lingua.Turkish: "tr", lingua.Azerbaijani: "az",
		lingua.Ukrainian: "uk", lingua.Belarusian: "be", lingua.Persian: "fa", lingua.Mongolian: "mn",
	}
	var langs []lingua.Language
	has := map[string]bool{}
	for l, name := range names {
		langs = append(langs, l)
		has[name] = true
	}
	d := lingua.NewLanguageDetectorBuilder().FromLanguages(langs...).WithPreloadedLanguageModels().Build()
	return detector{"lingua-go", func(lang string) bool { return has[lang] }, func(s string) string {
		l, ok := d.DetectLanguageOf(s)
		if !ok {
			return text.Unknown
		}
		return names[l]
	}, false}
}

// whatlang likewise.
func whatlang() detector {
	names := map[whatlanggo.Lang]string{
		whatlanggo.Eng: "en", whatlanggo.Rus: "ru", whatlanggo.Uzb: "uz", whatlanggo.Tuk: "tk",
		whatlanggo.Tur: "tr", whatlanggo.Azj: "az", whatlanggo.Ukr: "uk", whatlanggo.Bel: "be", whatlanggo.Pes: "fa",
		whatlanggo.Uig: "ug",
	}
	o := whatlanggo.Options{Whitelist: map[whatlanggo.Lang]bool{}}
	has := map[string]bool{}
	for l, name := range names {
		o.Whitelist[l] = true
		has[name] = true
	}
	return detector{"whatlanggo", func(lang string) bool { return has[lang] }, func(s string) string {
		return names[whatlanggo.DetectLangWithOptions(s, o)]
	}, false}
}

// right compares what a detector says with what is so.
func (d *detector) right(s, lang string) bool {
	got := d.tell(s)
	if !d.tags {
		lang, _, _ = strings.Cut(lang, "-")
	}
	return got == lang
}
