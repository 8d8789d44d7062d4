package rules

import (
	"bytes"
	"slices"
	"strings"

	"driftwatch/rules/query"
	"driftwatch/text"
)

// ahead reports that an act is told as still to come by the form of its verb: the
// Russian "запретит", the Turkic present that headlines use for the future, "тыйым
// салады". What stands in a later sentence than the first act tells of what follows.
func (s *state) ahead(acts []query.Span) bool {
	if len(acts) == 0 {
		return false
	}
	base, _, _ := strings.Cut(s.text.Lang, "-")
	form, ok := toCome[base]
	if !ok {
		return false
	}
	first := acts[0].Sentence
	for _, act := range acts {
		first = min(first, act.Sentence)
	}
	return slices.ContainsFunc(acts, func(act query.Span) bool { return act.Sentence == first && s.toCome(form, act) })
}

// futures is how a language tells in a verb that something is to come. An ending
// counts unless the word ends like one of but; words count whatever they end in.
type futures struct {
	endings, but []string
	words        map[uint64]bool // as a whole, also behind an act: auxiliaries
	never        map[uint64]bool
	last         bool // the verb is the last word of an act
}

// toCome are the futures of the languages whose verbs show them. Of Russian it is the
// perfective verb, told from the imperfective by how its stem ends; the Turkic past of
// a verb whose stem ends in a vowel looks like the present of another, so that those
// endings are left out.
var toCome = map[string]futures{
	"ru": {
		endings: []string{"ит", "ет", "ут", "ят", "ат", "ится", "ется", "утся", "ятся", "атся", "даст", "дадут"},
		but: []string{"ает", "яет", "ует", "еет", "ают", "яют", "уют", "еют", "ается", "яется", "уется", "аются", "яются", "уются",
			"одит", "одят", "одится", "одятся", "ходит", "возит", "возят", "носит", "носят", "тоит", "тоят", "ревает"},
		words: words("переименует", "переименуют", "демонтирует", "демонтируют", "ликвидирует", "ликвидируют", "реабилитирует", "реабилитируют"),
		never: words("запрет", "транзит", "совет", "лимит", "бюджет", "пакет", "визит", "кредит", "комитет", "возврат", "мандат", "формат",
			"идет", "идут", "едет", "едут", "ведет", "ведут", "везет", "везут", "хочет", "хотят", "может", "могут", "строит", "строят", "шьет", "шьют",
			"говорит", "грозит", "грозят", "следит", "служит", "служат", "платит", "платят", "просит", "просят", "ставит", "ставят", "пишет", "пишут",
			"держит", "держат", "учит", "учат", "растет", "растут", "живет", "живут", "течет", "текут", "значит", "солдат", "стоит"),
	},
	"kk": {
		endings: []string{"йды", "йді", "ады", "еді", "мақшы", "мекші", "бақшы", "бекші", "пақшы", "пекші"},
		but:     []string{"лады", "леді", "дады", "деді", "қтады", "ктеді", "стады", "стеді", "ттады", "ттеді", "ртады", "ртеді", "нтады", "нады", "неді", "мады", "меді", "бады", "беді", "пады", "педі"},
		words:   words("салады", "алады", "болады", "қалады", "келеді", "қояды", "береді", "етеді", "шығады", "кетеді", "тартады", "жабады"),
		never:   words("қарады", "сұрады", "еді"),
		last:    true,
	},
	"ky": {
		endings: []string{"ат", "ет", "от", "өт", "йт", "макчы", "мекчи", "мокчу", "мөкчү"},
		but:     []string{"бат", "жатат", "кызмат", "мамлекет", "кабинет", "комитет"},
		words:   words("салат", "коет", "берет", "алат", "болот", "кылат", "чыгат", "кетет", "тартат"),
		never:   words("ат", "саат", "эт", "өт", "формат", "бюджет", "мандат", "санат", "адат"),
		last:    true,
	},
	"uz": {
		endings: []string{"ydi", "adi", "йди", "ади", "moqchi", "мокчи", "моқчи"},
		but:     []string{"ladi", "xtadi", "rtadi", "stadi", "nadi", "madi", "лади", "хтади", "ртади", "стади", "нади", "мади"},
		words: words("qiladi", "oladi", "soladi", "qoladi", "keladi", "boladi", "beradi", "chiqadi", "etadi", "ketadi", "qoyadi", "tortadi",
			"қилади", "олади", "солади", "қолади", "келади", "бўлади", "беради", "чиқади", "этади", "кетади", "қўяди", "тортади"),
		never: words("soradi", "qaradi", "ediydi", "сўради", "қаради"),
		last:  true,
	},
	"tk": {
		endings: []string{"jak", "jek", "makçy", "mekçi"},
		words:   words("eder", "berer", "çykar", "geçer", "bolar", "geçirer", "goýar", "salar"),
		last:    true,
	},
}

func (s *state) toCome(form futures, act query.Span) bool {
	from := act.First
	if form.last {
		from = act.Last
	}
	for w := from; w <= act.Last; w++ {
		hash := s.hash(w, act.Sentence)
		if form.words[hash] || !form.never[hash] && form.ends(s.folded(w, act.Sentence)) {
			return true
		}
	}
	next := act.Last + 1
	return form.last && next <= s.scan.Sentences[act.Sentence].Last && s.flags(next, act.Sentence)&text.Apart == 0 && form.words[s.hash(next, act.Sentence)]
}

// ends reports a word with an ending of the future, and none that only looks like it.
func (form futures) ends(word []byte) bool {
	has := func(ending string) bool { return bytes.HasSuffix(word, []byte(ending)) }
	return slices.ContainsFunc(form.endings, has) && !slices.ContainsFunc(form.but, has)
}
