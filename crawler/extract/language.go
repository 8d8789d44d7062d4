package extract

import (
	"errors"
	"strings"

	"golang.org/x/text/language"
)

var errNoLanguage = errors.New("no language")

// misused are country codes that the region's pages give as their language.
var misused = map[string]string{"kz": "kk", "kg": "ky", "tj": "tg", "ua": "uk", "oz": "uz", "am": "hy"}

// bcp47 brings a declared language to its tag: ru_RU to ru-RU, kz to kk.
func bcp47(s string) (string, error) {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	base, rest, _ := strings.Cut(s, "-")
	if right, ok := misused[strings.ToLower(base)]; ok && len(rest) < 4 {
		s = right
	}
	tag, err := language.Parse(s)
	if err != nil || s == "" {
		return "", errNoLanguage
	}
	if b, c := tag.Base(); c != language.Exact || b.String() == "und" {
		return "", errNoLanguage
	}
	return tag.String(), nil
}
