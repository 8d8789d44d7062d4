package main

import (
	"strings"

	"driftwatch/news"
	"driftwatch/text"
)

// plain is what somebody types into an alert service: a list of words a theme,
// found wherever they stand.
var plain = map[news.Theme][]string{
	news.ThemeSanctions: {"sanction", "re-export", "mir card", "parallel import", "ofac", "санкц", "реэкспорт", "карт мир", "параллельный импорт",
		"sanksiya", "таҳрим", "sanksiýa"},
	news.ThemeCSTO: {"csto", "collective security treaty", "одкб", "ұқшұ", "жкку", "kxsht", "кхшт", "саад", "khyg"},
	news.ThemeDecolonization: {"decoloni", "colonial", "russian language", "state language", "latin alphabet", "renam", "soviet", "lenin", "monument",
		"деколон", "колониал", "русск", "латиниц", "переимен", "ономаст", "советск", "ленин", "памятник", "госязык",
		"орыс тіл", "отар", "атау", "орус тил", "аты", "rus til", "забони рус", "rus dil"},
	news.ThemeDualUse: {"dual-use", "microchip", "chip", "drone", "semiconductor", "washing machine", "cellulose", "telescopic sight",
		"двойного назначения", "чип", "микросхем", "дрон", "беспилотн", "целлюлоз", "прицел", "стиральн",
		"dron", "паҳпод", "ұшқышсыз", "учкучсуз"},
}

// keywords reports whether one of a theme's words is in the text.
func keywords(r row, t news.Theme) bool {
	folded := text.Fold(r.Title + "\n" + r.Text)
	for _, w := range plain[t] {
		if strings.Contains(folded, text.Fold(w)) {
			return true
		}
	}
	return false
}
