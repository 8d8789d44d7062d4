package text

import "strings"

// NormalizeLang gives a language in the form that the program uses: a BCP 47
// code of two letters where there is one, with a script only where it isn't
// the usual one ("uz" is Latin, "uz-Cyrl" isn't). What it can't read is "und".
func NormalizeLang(s string) string {
	if _, ok := usualScript[s]; ok {
		return s
	}
	s = strings.ToLower(strings.TrimSpace(strings.ReplaceAll(s, "_", "-")))
	lang, more, _ := strings.Cut(s, "-")
	if full, ok := langNames[lang]; ok {
		lang = full
	}
	if len(lang) < 2 || len(lang) > 3 || strings.Trim(lang, "abcdefghijklmnopqrstuvwxyz") != "" {
		return Unknown
	}
	for p := range strings.SplitSeq(more, "-") {
		if len(p) != 4 {
			continue
		}
		script := strings.ToUpper(p[:1]) + p[1:]
		if usual, ok := usualScript[lang]; ok && usual != script {
			return lang + "-" + script
		}
	}
	return lang
}

// Unknown is the language of a text that is none of those that are read.
const Unknown = "und"

var usualScript = map[string]string{
	"en": "Latn", "ru": "Cyrl", "kk": "Cyrl", "ky": "Cyrl", "uz": "Latn", "tg": "Cyrl", "tk": "Latn",
	"tr": "Latn", "az": "Latn", "tt": "Cyrl", "ba": "Cyrl", "uk": "Cyrl", "be": "Cyrl", "fa": "Arab",
	"kaa": "Cyrl", "sah": "Cyrl", "mn": "Cyrl", "ug": "Arab",
}

// langNames are the other names that outlets and pages give to languages: ISO
// 639-2 and -3, country codes used by mistake, and names.
var langNames = map[string]string{
	"eng": "en", "english": "en", "gb": "en", "us": "en",
	"rus": "ru", "russian": "ru",
	"kaz": "kk", "kz": "kk", "kazakh": "kk", "qazaq": "kk", "qaz": "kk",
	"kir": "ky", "kg": "ky", "kyr": "ky", "kyrgyz": "ky",
	"uzb": "uz", "uzn": "uz", "uzbek": "uz", "oz": "uz",
	"tgk": "tg", "tj": "tg", "tajik": "tg",
	"tuk": "tk", "tm": "tk", "turkmen": "tk",
	"tur": "tr", "turkish": "tr", "aze": "az", "azj": "az", "azerbaijani": "az",
	"tat": "tt", "bak": "ba", "ukr": "uk", "ua": "uk", "bel": "be", "by": "be",
	"fas": "fa", "per": "fa", "pes": "fa", "prs": "fa", "uig": "ug",
}

// Detect gives the language of a text. hint is the language that its outlet or
// page claims, in any form that NormalizeLang reads; the longer the text, the
// less the hint counts. A text without letters is in the hint's language.
func Detect(s, hint string) string {
	return Read("", s, hint).Lang
}
