package text

import "strings"

// verb gives the stems of one verb, in the classes of its voice.
type verb struct {
	emit      func(string, class)
	reflexive bool // the word ends in -ся
	passive   bool // the verb may say in -ся what is done to something
}

// russianVerb gives the stems of a verb, and reports whether the word can be
// nothing else.
func russianVerb(word string, emit func(string, class)) bool {
	v := verb{emit: emit}
	s := word
	if t, ok := cutAny(word, "ся", "сь"); ok {
		if _, ok := cutAny(t, "ть", "ти", "чь"); ok {
			s, v.reflexive = t, true
		} else if _, ok := cutAny(t, "ий"); ok { // учащийся
			v.participle(strings.TrimSuffix(t, "ий"))
			return true
		}
	}
	switch {
	case !v.reflexive && russianNounsLikeVerbs[s]:
		return false
	case strings.HasSuffix(s, "сти"), strings.HasSuffix(s, "зти"):
		v.ti(s)
	case strings.HasSuffix(s, "ость") || strings.HasSuffix(s, "есть") && !irregularVerb(s):
		return false
	case strings.HasSuffix(s, "ть") && len(s) > 2*3 && strings.ContainsRune("аеиоуыя", lastRune(strings.TrimSuffix(s, "ть"))):
		v.vowelStem(strings.TrimSuffix(s, "ть"))
	case strings.HasSuffix(s, "чь") && len(s) > 2*3:
		v.velar(strings.TrimSuffix(s, "чь"))
	case irregularVerb(s):
	default:
		return false
	}
	v.irregular(s)
	if v.reflexive {
		return true
	}
	_, sure := cutAny(s, "ить", "нуть", "овать", "евать", "ывать", "ивать", "йти", "сти", "зти")
	return sure
}

// russianNounsLikeVerbs are nouns that end as verbs do.
var russianNounsLikeVerbs = set(`сеть нить суть путь муть рать мать пять девять десять треть плеть клеть печать
	кровать память гать речь ночь дочь мелочь желчь шесть честь весть часть пасть масть страсть власть область
	сласть снасть напасть`)

func (v verb) participle(s string) {
	for e := range strings.FieldsSeq(adjectiveHush) {
		v.emit(s+e+"ся", classExact)
	}
}

// add gives a stem in the voices that the verb has.
func (v verb) add(s string, c class) {
	if v.reflexive {
		if r, ok := russianReflexive[c]; ok {
			v.emit(s, r)
			return
		}
		return
	}
	v.emit(s, c)
	if p, ok := russianPassive[c]; ok && v.passive {
		v.emit(s, p)
	}
}

// imperfective are the ends of stems whose verbs say in -ся what is done.
var imperfective = []string{
	"ва", "ля", "ща", "ша", "жа", "ча", "жда", "ира", "ря", "еня", "лня", "зна", "иса", "води", "носи", "вози", "готови", "строи",
}

// vowelStem is for verbs in a vowel and -ть; s is the word without -ть.
func (v verb) vowelStem(s string) {
	last := lastRune(s)
	t := strings.TrimSuffix(s, string(last))
	v.passive = hasAny(s, imperfective...)
	v.add(s, ruPast)
	switch last {
	case 'а', 'я':
		v.add(s, ruPresV)
		v.add(s, ruPassN)
		if u, ok := strings.CutSuffix(s, "ова"); ok { // требовать: требую
			v.add(u+"у", ruPresV)
		} else if u, ok := strings.CutSuffix(s, "ева"); ok { // воевать: воюю, танцевать: танцую
			v.add(u+"ю", ruPresV)
			v.add(u+"у", ruPresV)
		}
		if hasAny(s, "дава", "знава", "става") { // давать: даю
			v.add(strings.TrimSuffix(s, "ва"), ruPresV)
		}
		if last == 'я' && hasAny(s, "ея", "ая") { // сеять: сею
			v.add(t, ruPresV)
			v.add(t, ruPassEn)
		}
	case 'и':
		v.second(t)
	case 'е':
		v.add(s, ruPresV)
		v.conjugate2(t)
		if hasAny(s, "виде", "терпе", "верте") {
			v.add(t, ruPassEn)
		}
		if hasAny(s, "гре") {
			v.add(s, ruPassT)
		}
	case 'у':
		v.nu(s, t)
	case 'ы', 'о':
		v.add(s, ruPassT)
		if s != "бы" {
			v.add(t+"о", ruPresV) // открыть: открою
		}
		if last == 'о' {
			v.add(t, ruPresC) // бороться: борется
		}
	}
}

// second gives the forms of a verb in -ить: отмен-ит, запрещ-у, запрещ-ен.
func (v verb) second(t string) {
	v.conjugate2(t)
	v.add(t, ruPassEn)
	for _, m := range mutated(t) {
		v.add(m, ruPassEn)
	}
}

func (v verb) conjugate2(t string) {
	last := lastRune(t)
	switch {
	case strings.ContainsRune("жшщч", last):
		v.add(t, ruPres2H)
	case strings.ContainsRune("аеиоуыюя", last): // строить, стоить
		v.add(t, ruPres2V)
	default:
		v.add(t, ruPres2)
	}
	for _, m := range mutated(t) {
		v.add(m, ruFirst)
	}
}

// mutated gives the stems that a stem's last consonant turns to before -у and
// -ен.
func mutated(t string) []string {
	for _, m := range [][]string{
		{"ст", "щ"}, {"ск", "щ"}, {"т", "ч", "щ"}, {"д", "ж", "жд"}, {"з", "ж"}, {"с", "ш"},
		{"п", "пл"}, {"б", "бл"}, {"в", "вл"}, {"м", "мл"}, {"ф", "фл"},
	} {
		if head, ok := strings.CutSuffix(t, m[0]); ok {
			out := make([]string, 0, 2)
			for _, to := range m[1:] {
				out = append(out, head+to)
			}
			return out
		}
	}
	return nil
}

// shortPast are the endings of verbs in -нуть that drop it in the past tense.
var shortPast = []string{
	"чезну", "стигну", "никну", "гибну", "вергну", "двигну", "торгну", "крепну", "выкну", "тухну", "сохну",
	"мерзну", "молкну", "бегну", "пухну", "слепну", "глохну", "меркну", "кисну", "висну", "гасну", "тихну", "дохну", "вязну",
}

// nu is for verbs in -нуть: s is the word without -ть, t without -уть.
func (v verb) nu(s, t string) {
	v.add(s, ruPassT)
	if !strings.HasSuffix(t, "н") {
		v.add(s, ruPresV) // дуть, обуть
		return
	}
	v.add(t, ruPresN)
	head := strings.TrimSuffix(t, "н")
	v.add(head, ruPassEn)
	if hasAny(s, shortPast...) {
		v.add(head, ruPastC)
		v.zero(head)
	}
}

// zero gives a past tense without any ending: возник, нес; with -ся: возникся.
func (v verb) zero(s string) {
	if v.reflexive {
		s += "ся"
	}
	v.emit(s, classExact)
}

func hasAny(s string, suffixes ...string) bool {
	_, ok := cutAny(s, suffixes...)
	return ok
}

// velar is for verbs in -чь: мочь: могу, может, мог; течь: теку, течет.
func (v verb) velar(s string) {
	for _, g := range [][2]string{{"г", "ж"}, {"к", "ч"}} {
		v.add(s+g[0], ruPresG)
		v.add(s+g[1], ruPresJ)
		v.add(s+g[0], ruPastC)
		v.zero(s + g[0])
		v.add(s+g[1], ruPassEn)
	}
}

// ti is for verbs in -сти and -зти: вести: ведет, вел; нести: несет, нес.
func (v verb) ti(word string) {
	s := strings.TrimSuffix(word, "ти") // нес, вез
	v.add(s, ruPresC)
	v.add(s, ruPastC)
	v.zero(s)
	v.add(s, ruPassEn)
	if t, ok := strings.CutSuffix(s, "с"); ok {
		v.add(t, ruPast)
		for _, d := range []string{"д", "т", "б", "ст"} {
			v.add(t+d, ruPresC)
			v.add(t+d, ruPassEn)
			v.add(t+d, ruPastC)
		}
		v.zero(t + "б")
	}
	if t, ok := strings.CutSuffix(s, "рас"); ok { // расти: рос
		v.add(t+"рос", ruPastC)
		v.zero(t + "рос")
	}
}

// irregularVerbs are the verbs whose present or past no rule gives, by the end
// of the infinitive, which any prefix may stand before.
var irregularVerbs = []struct {
	end   string
	stems []stemClass
}{
	{"писать", []stemClass{{"пиш", ruPresC}}},
	{"казать", []stemClass{{"каж", ruPresC}}},
	{"вязать", []stemClass{{"вяж", ruPresC}}},
	{"резать", []stemClass{{"реж", ruPresC}}},
	{"мазать", []stemClass{{"маж", ruPresC}}},
	{"искать", []stemClass{{"ищ", ruPresC}}},
	{"ыскать", []stemClass{{"ыщ", ruPresC}}},
	{"плакать", []stemClass{{"плач", ruPresC}}},
	{"скакать", []stemClass{{"скач", ruPresC}}},
	{"прятать", []stemClass{{"пряч", ruPresC}}},
	{"топтать", []stemClass{{"топч", ruPresC}}},
	{"шептать", []stemClass{{"шепч", ruPresC}}},
	{"махать", []stemClass{{"маш", ruPresC}}},
	{"пахать", []stemClass{{"паш", ruPresC}}},
	{"сыпать", []stemClass{{"сыпл", ruPresC}, {"сып", ruPresC}}},
	{"дремать", []stemClass{{"дремл", ruPresC}}},
	{"колебать", []stemClass{{"колебл", ruPresC}}},
	{"послать", []stemClass{{"пошл", ruPresC}}},
	{"прислать", []stemClass{{"пришл", ruPresC}}},
	{"выслать", []stemClass{{"вышл", ruPresC}}},
	{"ослать", []stemClass{{"ошл", ruPresC}}},
	{"брать", []stemClass{{"бер", ruPresC}}},
	{"обрать", []stemClass{{"бер", ruPresC}}},
	{"драть", []stemClass{{"дер", ruPresC}}},
	{"звать", []stemClass{{"зов", ruPresC}}},
	{"ждать", []stemClass{{"жд", ruPresC}}},
	{"рвать", []stemClass{{"рв", ruPresC}}},
	{"врать", []stemClass{{"вр", ruPresC}}},
	{"лгать", []stemClass{{"лг", ruPresG}, {"лж", ruPresJ}}},
	{"гнать", []stemClass{{"гон", ruPres2}}},
	{"спать", []stemClass{{"сп", ruPres2}, {"спл", ruFirst}}},
	{"дать", []stemClass{{"да", ruGive}}},
	{"стать", []stemClass{{"стан", ruPresC}}},
	{"ехать", []stemClass{{"ед", ruPresC}}},
	{"бежать", []stemClass{{"бег", ruPresG}, {"беж", ruPres2H}}},
	{"держать", []stemClass{{"держ", ruPres2H}}},
	{"лежать", []stemClass{{"леж", ruPres2H}}},
	{"слышать", []stemClass{{"слыш", ruPres2H}}},
	{"дышать", []stemClass{{"дыш", ruPres2H}}},
	{"молчать", []stemClass{{"молч", ruPres2H}}},
	{"кричать", []stemClass{{"крич", ruPres2H}}},
	{"стучать", []stemClass{{"стуч", ruPres2H}}},
	{"звучать", []stemClass{{"звуч", ruPres2H}}},
	{"дрожать", []stemClass{{"дрож", ruPres2H}}},
	{"торчать", []stemClass{{"торч", ruPres2H}}},
	{"мчать", []stemClass{{"мч", ruPres2H}}},
	{"стоять", []stemClass{{"сто", ruPres2V}}},
	{"боять", []stemClass{{"бо", ruPres2V}}},
	{"жать", []stemClass{{"жм", ruPresC}, {"жа", ruPassT}}},
	{"начать", []stemClass{{"начн", ruPresC}, {"нача", ruPassT}}},
	{"взять", []stemClass{{"взя", ruPassT}}},
	{"онять", []stemClass{{"ойм", ruPresC}, {"оня", ruPassT}}},
	{"анять", []stemClass{{"айм", ruPresC}, {"аня", ruPassT}}},
	{"принять", []stemClass{{"прим", ruPresC}, {"приня", ruPassT}}},
	{"снять", []stemClass{{"сним", ruPresC}, {"сня", ruPassT}}},
	{"тнять", []stemClass{{"тним", ruPresC}, {"тня", ruPassT}}},
	{"днять", []stemClass{{"дним", ruPresC}, {"дня", ruPassT}}},
	{"бнять", []stemClass{{"бним", ruPresC}, {"бня", ruPassT}}},
	{"мять", []stemClass{{"мн", ruPresC}, {"мя", ruPassT}}},
	{"бить", []stemClass{{"бь", ruPresV}, {"би", ruPassT}, {"бей", classExact}}},
	{"вить", []stemClass{{"вь", ruPresV}, {"ви", ruPassT}}},
	{"лить", []stemClass{{"ль", ruPresV}, {"ли", ruPassT}}},
	{"пить", []stemClass{{"пь", ruPresV}, {"пи", ruPassT}}},
	{"шить", []stemClass{{"шь", ruPresV}, {"ши", ruPassT}}},
	{"жить", []stemClass{{"жив", ruPresC}, {"жи", ruPassT}}},
	{"плыть", []stemClass{{"плыв", ruPresC}}},
	{"брить", []stemClass{{"бре", ruPresV}, {"бри", ruPassT}}},
	{"петь", []stemClass{{"по", ruPresV}, {"пе", ruPassT}}},
	{"деть", []stemClass{{"ден", ruPresC}, {"де", ruPassT}}},
	{"мереть", []stemClass{{"мр", ruPresC}, {"мер", ruPastC}, {"мер", classExact}}},
	{"переть", []stemClass{{"пр", ruPresC}, {"пер", ruPastC}, {"пер", classExact}, {"пер", ruPassT}}},
	{"тереть", []stemClass{{"тр", ruPresC}, {"тер", ruPastC}, {"тер", classExact}, {"тер", ruPassT}}},
	{"хотать", []stemClass{{"хоч", ruPresC}}},
	{"щекотать", []stemClass{{"щекоч", ruPresC}}},
	{"плескать", []stemClass{{"плещ", ruPresC}}},
	{"плясать", []stemClass{{"пляш", ruPresC}}},
	{"глодать", []stemClass{{"глож", ruPresC}}},
	{"блистать", []stemClass{{"блещ", ruPresC}}},
	{"шибить", []stemClass{{"шиб", ruPresC}, {"шиб", ruPastC}, {"шиб", classExact}}},
	{"разбить", []stemClass{{"разобь", ruPresV}}},
	{"быть", []stemClass{{"буд", ruPresB}}},
	{"молоть", []stemClass{{"мел", ruPresC}}},
	{"колоть", []stemClass{{"коло", ruPassT}}},
	{"прийти", []stemClass{{"прид", ruPresC}}},
	{"йти", []stemClass{{"йд", ruPresC}, {"ше", ruShod}, {"шл", ruShl}, {"йд", ruPassEn}}},
	{"вести", []stemClass{{"вед", ruPresC}, {"вед", ruPastC}}},
	{"красть", []stemClass{{"крад", ruPresC}, {"кра", ruPast}, {"крад", ruPassEn}}},
	{"пасть", []stemClass{{"пад", ruPresC}, {"па", ruPast}}},
	{"класть", []stemClass{{"клад", ruPresC}, {"кла", ruPast}}},
	{"сесть", []stemClass{{"сяд", ruPresC}, {"се", ruPast}}},
	{"съесть", []stemClass{{"съед", ruPres2}, {"съе", ruPast}, {"съеден", ruAdjHard}}},
	{"прочесть", []stemClass{{"прочт", ruPresC}, {"проче", ruPast}, {"прочл", ruShl}, {"прочт", ruPassEn}}},
	{"учесть", []stemClass{{"учт", ruPresC}, {"уче", ruPast}, {"учл", ruShl}, {"учт", ruPassEn}}},
	{"счесть", []stemClass{{"сочт", ruPresC}, {"сче", ruPast}, {"сочл", ruShl}, {"сочт", ruPassEn}}},
	{"лезть", []stemClass{{"лез", ruPresC}, {"лез", ruPastC}, {"лез", classExact}}},
	{"лечь", []stemClass{{"ляг", ruPresG}, {"ляж", ruPresJ}}},
	{"жечь", []stemClass{{"жг", ruPresG}, {"жж", ruPresJ}, {"жг", ruPastC}, {"жж", ruPassEn}}},
	{"стичь", []stemClass{{"стигн", ruPresN}, {"стигну", ruPassT}}},
}

func irregularVerb(s string) bool {
	for _, x := range irregularVerbs {
		if strings.HasSuffix(s, x.end) {
			return true
		}
	}
	return false
}

func (v verb) irregular(s string) {
	for _, x := range irregularVerbs {
		head, ok := strings.CutSuffix(s, x.end)
		if !ok {
			continue
		}
		for _, st := range x.stems {
			if st.class == classExact {
				v.zero(head + st.stem)
			} else {
				v.add(head+st.stem, st.class)
			}
		}
	}
}
