package text

import (
	"strings"
	"sync"
)

// The endings of Tajik: plural, izofat, object marker and the short pronouns;
// the persons of verbs, before which ме-, на- and би- may stand. After the
// tables of J. R. Perry, A Tajik Persian Reference Grammar (2005).

var tajik = sync.OnceValue(func() *grammar {
	return newGrammar(plainSounds, tajikVowels, `
		noun: ҳо хо он ен гон вон > plural
		noun plural: и йи > izofat
		noun plural: ро е ву ю у ям яму > end
		noun plural: -ам -ат -аш -амон -атон -ашон > own
		noun: +ам +ат +аш +амон +атон +ашон > own
		noun plural: +ям +ят +яш +ямон +ятон +яшон > own
		noun: тар тарин > quality
		quality: и ҳо ҳои хо хои он ро > end
		own izofat: ро ву > end
		noun plural own: у ам > end

		verb: ам ад ӣ и ем ед анд > end
		verb: +ям +яд +ем +ед +янд > end
		verb: а > done
		done: ам аст ӣ и анд ем ед ро > end
		verb: аам ааст аанд > end
		verb: ан > infinitive
		infinitive: и ро аш ашон ҳо ӣ > end
		done: ги гӣ ҳо ҳои и гист > noun
		done: гон > plural
	`)
})

const tajikVowels = "аеиоуэюяӣӯ"

// tajikPresent are the present stems that no rule gives, by the past stem.
var tajikPresent = map[string]string{
	"кард": "кун", "хонд": "хон", "монд": "мон", "ронд": "рон", "расонд": "расон", "истод": "ист",
	"афтод": "афт", "фиристод": "фирист", "нишаст": "нишин", "ефт": "еб", "кушт": "куш", "пазируфт": "пазир",
	"донист": "дон", "тавонист": "тавон", "омехт": "омез", "гурехт": "гурез",
	"афзуд": "афзо афзой", "намуд": "намо намой", "фармуд": "фармо фармой", "озмуд": "озмо", "кушод": "кушо кушой", "сипурд": "супор",
	"гардонд": "гардон", "сӯхт": "сӯз", "дӯхт": "дӯз", "омӯхт": "омӯз", "андешид": "андеш", "нигарист": "нигар", "зист": "зи", "дод": "диҳ деҳ", "шуд": "шав", "рафт": "рав", "омад": "о оя", "гуфт": "гӯ гӯй", "гирифт": "гир",
	"дошт": "дор", "зад": "зан", "дид": "бин", "гузашт": "гузар", "гузошт": "гузор", "супорид": "супор",
	"сохт": "соз", "пардохт": "пардоз", "андохт": "андоз", "шинохт": "шинос", "фурӯхт": "фурӯш", "навишт": "навис",
	"бурд": "бар", "овард": "овар ор", "хост": "хоҳ", "баст": "банд", "пайваст": "пайванд", "шикаст": "шикан",
	"гашт": "гард", "дошта": "дор", "боздошт": "боздор", "буд": "бош",
}

var tajikPrefixes = []string{"ме", "наме", "на", "би", "бини"}

// tajikPlain spells Tajik without its special letters, as some pages do.
var tajikPlain = strings.NewReplacer("ҳ", "х", "қ", "к", "ғ", "г", "ӣ", "и", "ӯ", "у", "ҷ", "ч")

// tajikStems gives the stems of a word in dictionary form, and those of its
// spelling without the special letters.
func tajikStems(word string, emit func(string, class)) {
	tajikWord(word, func(s string, c class) {
		emit(s, c)
		if plain := tajikPlain.Replace(s); plain != s {
			emit(plain, c)
		}
	})
	if plain := tajikPlain.Replace(word); plain != word {
		emit(plain, classExact)
	}
}

func tajikWord(word string, emit func(string, class)) {
	if len(word) < 2*2 {
		return
	}
	emit(word, tgNoun)
	if s, ok := strings.CutSuffix(word, "ӣ"); ok { // миллӣ: миллии
		emit(s+"и", tgNoun)
	}
	if s, ok := strings.CutSuffix(word, "ӯ"); ok { // донишҷӯ: донишҷуен
		emit(s+"у", tgNoun)
	}
	emit(strings.ReplaceAll(word, "ӯ", "ў"), tgNoun) // as fonts without ӯ have it
	past, ok := cutAny(word, "ан")
	if !ok || !hasAny(past, "д", "т") {
		return
	}
	emit(past, classExact)
	emit(past, tgVerb)
	stems := past
	if present, ok := tajikPresent[past]; ok {
		stems += " " + present
	} else if s, ok := cutAny(past, "ид"); ok {
		stems += " " + s
	}
	for s := range strings.FieldsSeq(stems) {
		for _, p := range tajikPrefixes {
			emit(p+s, classExact)
			emit(p+s, tgVerb)
		}
		emit(s, tgVerb)
	}
}
