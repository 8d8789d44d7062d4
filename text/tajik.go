package text

import (
	"strings"
	"sync"
)

// The endings of Tajik: plural, izofat, object marker and the short pronouns;
// the persons of verbs, before which ме-, на- and би- may stand.

var tajik = sync.OnceValue(func() *grammar {
	return newGrammar(plainSounds, vowels, `
		noun: ҳо хо он ен гон вон > plural
		noun plural: и йи > izofat
		noun plural: ро е ву ю ям яму > end
		noun plural: ам ат аш амон атон ашон > own
		plural: ям ят яш ямон ятон яшон > own
		own izofat: ро ву > end
		noun plural own: у ам > end

		verb: ам ад ӣ и ем ед анд > end
		verb: а > done
		done: ам аст ӣ и анд ем ед ро > end
		verb: аам ааст аанд > end
		verb: ан > infinitive
		infinitive: и ро аш ашон ҳо > end
		done: ги ҳо ҳои и > noun
	`)
})

// tajikPresent are the present stems that no rule gives, by the past stem.
var tajikPresent = map[string]string{
	"кард": "кун", "дод": "деҳ", "шуд": "шав", "рафт": "рав", "омад": "о оя", "гуфт": "гӯ гӯй", "гирифт": "гир",
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
	tajikWord(word, emit)
	if plain := tajikPlain.Replace(word); plain != word {
		emit(plain, classExact)
		tajikWord(plain, emit)
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
