package message

import (
	"strings"

	"driftwatch/guard"
	"driftwatch/news"
)

// Theme is a theme's name for people; a theme of the operator's own goes by its
// id.
func Theme(t news.Theme) string {
	switch t {
	case news.ThemeSanctions:
		return "Sanctions"
	case news.ThemeCSTO:
		return "CSTO"
	case news.ThemeDecolonization:
		return "Decolonization"
	case news.ThemeDualUse:
		return "Dual-use goods"
	case news.ThemeContext:
		return "Context"
	}
	return name(string(t))
}

// Way is a direction in words.
func Way(d news.Direction) string {
	switch d {
	case news.Apart:
		return "away from Russia"
	case news.Closer:
		return "closer to Russia"
	case news.Mixed:
		return "both ways"
	case news.Contested:
		return "reported and denied"
	case news.None:
		return "pressure or context, no move"
	}
	return name(string(d))
}

// Country is the name of a country; a code that isn't known here stays.
func Country(code string) string {
	switch code = strings.ToUpper(strings.TrimSpace(code)); code {
	case "INT":
		return "international"
	default:
		if known, ok := names[code]; ok {
			return known
		}
	}
	return guard.Header(code)
}

func countries(codes []string) []string {
	out := make([]string, 0, len(codes))
	for _, c := range codes {
		out = append(out, Country(c))
	}
	return out
}

// names are those of the countries watched, of their neighbours, and of where
// else is written about them (ISO 3166 alpha-2).
var names = map[string]string{
	"KZ": "Kazakhstan", "KG": "Kyrgyzstan", "UZ": "Uzbekistan", "TJ": "Tajikistan", "TM": "Turkmenistan",
	"RU": "Russia", "BY": "Belarus", "AM": "Armenia", "AZ": "Azerbaijan", "GE": "Georgia", "MD": "Moldova", "UA": "Ukraine",
	"AF": "Afghanistan", "CN": "China", "IN": "India", "IR": "Iran", "MN": "Mongolia", "PK": "Pakistan", "TR": "Turkey",
	"AE": "United Arab Emirates", "JP": "Japan", "KR": "South Korea",
	"CZ": "Czechia", "DE": "Germany", "EE": "Estonia", "FR": "France", "GB": "United Kingdom", "LT": "Lithuania",
	"LV": "Latvia", "NL": "Netherlands", "PL": "Poland", "QA": "Qatar", "US": "United States",
}
