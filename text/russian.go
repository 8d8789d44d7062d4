package text

import "strings"

// The Russian paradigms of the school grammar: for a word in dictionary form
// the stems of its forms, and for each stem the class of endings that it takes. A word's part of speech isn't known, so what it may
// be by its ending it is taken for; the stems that come of a wrong guess are
// hardly ever words.

// russianAdjective are the endings of adjectives of each kind of stem.
const (
	adjectiveHard  = "ый ой ого ому ым ом ая ую ою ое ые ых ыми"
	adjectiveSoft  = "ий его ему им ем яя ей юю ею ее ие их ими"
	adjectiveVelar = "ий ой ого ому им ом ая ую ою ое ие их ими"
	adjectiveHush  = "ий ой ого его ому ему им ом ем ая ую ей ою ею ое ее ие их ими"
)

// russianEndings are the endings of each class; A and P stand for those of an
// active and a passive participle.
var russianEndings = map[class]string{
	ruHard:   "а у ом е ы ов ам ами ах",
	ruVelar:  "а у ом е и ов ам ами ах",
	ruHush:   "а у ом ем е и ей ам ами ах",
	ruTs:     "а у ом ем е ы ов ев ам ами ах",
	ruSoft:   "я ю ем е и ей ям ями ях",
	ruYot:    "я ю ем е и ев ям ями ях",
	ruSign:   "ь я ю ем и ью ей ям ями ях",
	ruSignM:  "е",
	ruNightF: "и ью ей ам ами ах",
	ruFemA:   "а ы у е ой ою ам ами ах",
	ruFemK:   "а и у е ой ою ам ами ах",
	ruFemTs:  "а ы и у е ей ею ой ою ам ами ах",
	ruFemYa:  "я и ю е ей ею ь ям ями ях",
	ruIya:    "я и ю ей ею й ям ями ях",
	ruNeutO:  "о а у ом е ам ами ах",
	ruNeutTs: "е о а у ем ом ам ами ах",
	ruNeutE:  "е я ю ем и ей ям ями ях",
	ruIye:    "е я ю ем и й ям ями ях",
	ruPlural: "ы и ов ев ей ам ами ах ям ями ях",
	ruMen:    "и ем а ам ами ах",
	ruName:   "ым ой ых ыми",
	ruIn:     "е ы ам ами ах",
	ruYat:    "а ам ами ах",
	ruBrat:   "я ев ям ями ях ей",
	ruPeople: "и ей ям ями ях ьми",

	ruAdjFem:   "ая яя ой ей ую юю ою ею ые ие ых их ым им ыми ими",
	ruAdjNeut:  "ое ее ого его ому ему ым им ом ем ые ие ых их ыми ими",
	ruAdjHard:  adjectiveHard + " о а ы ее",
	ruAdjVelar: adjectiveVelar + " о а и",
	ruAdjSoft:  adjectiveSoft + " е я и",
	ruAdjHush:  adjectiveHush + " о а и е",
	ruYes:      "а о ы",
	ruThird:    "его ему им ем я ей ю ею е и их ими",

	ruPast:   "л ла ло ли в вши Aвш",
	ruPastC:  "ла ло ли ши Aш",
	ruShod:   "л Aдш",
	ruShl:    "а о и",
	ruPresV:  "ю ешь ет ем ете ют й йте я Aющ Pем",
	ruPresC:  "у ю ешь ет ем ете ут ют и ите ь ьте я Aущ Aющ Pем Pом",
	ruPresN:  "у ешь ет ем ете ут и ите ь ьте Aущ",
	ruPresB:  "у ешь ет ем ете ут ь ьте",
	ruPresG:  "у ут и ите я Aущ",
	ruPresJ:  "ешь ет ем ете ете",
	ruPres2:  "ю ишь ит им ите ят и ь ьте я Aящ Pим",
	ruPres2H: "у ишь ит им ите ат и ь ьте а Aащ Pим",
	ruPres2V: "ю ишь ит им ите ят й йте я Aящ Pим",
	ruFirst:  "у ю",
	ruGive:   "м шь ст дим дите дут й йте",
	ruPassN:  "н на но ны Nнн",
	ruPassEn: "ен ена ено ены Nенн",
	ruPassT:  "т та то ты Nт",
}

// russianReflexive are the classes of verbs that take -ся: which class of
// endings each adds it to.
var russianReflexive = map[class]class{
	ruPast: ruPastSya, ruPastC: ruPastCSya, ruShod: ruShodSya, ruShl: ruShlSya, ruPresV: ruPresVSya,
	ruPresC: ruPresCSya, ruPresN: ruPresNSya, ruPresG: ruPresGSya, ruPresJ: ruPresJSya, ruPres2: ruPres2Sya,
	ruPres2H: ruPres2HSya, ruPres2V: ruPres2VSya, ruFirst: ruFirstSya, ruGive: ruGiveSya,
}

// russianThird are the classes whose forms of the third person also say in
// -ся what is done to something.
var russianPassive = map[class]class{
	ruPast: ruPastPas, ruPresV: ruPresVPas, ruPres2: ruPres2Pas, ruPres2H: ruPres2HPas,
}

func addRussian(e *endings) {
	for c, list := range russianEndings {
		all := russianForms(list)
		e.add(c, langRussian, all)
		if r, ok := russianReflexive[c]; ok {
			e.add(r, langRussian, reflexive(all))
		}
		if p, ok := russianPassive[c]; ok {
			e.add(p, langRussian, reflexive(thirdPerson(all)))
		}
	}
}

// russianForms spells the participles of a list of endings out.
func russianForms(list string) []string {
	var out []string
	for s := range strings.FieldsSeq(list) {
		var decline string
		t := s
		switch s[0] {
		case 'A':
			t, decline = s[1:], adjectiveHush
		case 'N':
			t, decline = s[1:], adjectiveHard
		case 'P':
			t, decline = s[1:], adjectiveHard+" а о ы"
		default:
			out = append(out, s)
			continue
		}
		for a := range strings.FieldsSeq(decline) {
			out = append(out, t+a)
		}
	}
	return out
}

// reflexive adds -сь behind a vowel of a verb form, -ся behind all else.
func reflexive(list []string) []string {
	var out []string
	for _, s := range list {
		last := lastRune(s)
		if strings.ContainsRune("аеиоуыюя", last) && !isParticipleEnding(s) {
			out = append(out, s+"сь")
		} else {
			out = append(out, s+"ся")
		}
	}
	return out
}

func isParticipleEnding(s string) bool {
	return strings.Contains(s, "вш") && s != "вши" || strings.Contains(s, "щ") ||
		strings.HasPrefix(s, "ш") && s != "ши" || strings.HasPrefix(s, "дш")
}

func thirdPerson(list []string) []string {
	var out []string
	for _, s := range list {
		switch s {
		case "ет", "ют", "ут", "ит", "ят", "ат", "л", "ла", "ло", "ли":
			out = append(out, s)
		default:
			if isParticipleEnding(s) {
				out = append(out, s)
			}
		}
	}
	return out
}

func lastRune(s string) rune {
	var last rune
	for _, r := range s {
		last = r
	}
	return last
}

// russianClosed are words that have no other form.
var russianClosed = set(`без в во до для за из изо и к ко на над не ни но о об от ото по под при про с со у
	через между перед около против после или либо как что чтобы если а да же ли бы уже еще`)

// russianOdd are words whose forms no rule gives: stem and class.
var russianOdd = map[string][]stemClass{
	"человек":  {{"люд", ruPeople}},
	"ребенок":  {{"дет", ruPeople}},
	"год":      {{"лет", classExact}, {"лет", ruYat}},
	"мать":     {{"матер", ruSign}},
	"дочь":     {{"дочер", ruSign}},
	"друг":     {{"друзь", ruBrat}, {"друзей", classExact}},
	"сын":      {{"сыновь", ruBrat}, {"сыновей", classExact}},
	"брат":     {{"брать", ruBrat}},
	"муж":      {{"мужь", ruBrat}, {"мужей", classExact}},
	"князь":    {{"князь", ruBrat}, {"князей", classExact}},
	"цветок":   {{"цвет", ruHard}},
	"бог":      {{"боже", classExact}},
	"плечо":    {{"плеч", ruHush}},
	"тысяча":   {{"тыс", classExact}},
	"миллион":  {{"млн", classExact}},
	"миллиард": {{"млрд", classExact}},
	"рубль":    {{"руб", classExact}},
	"огонь":    {{"огн", ruSoft}},
	"лист":     {{"листь", ruBrat}},
	"стул":     {{"стуль", ruBrat}},
	"дерево":   {{"деревь", ruBrat}},
	"крыло":    {{"крыль", ruBrat}},
	"звено":    {{"звень", ruBrat}},
	"перо":     {{"перь", ruBrat}},
	"сосед":    {{"сосед", ruPeople}},
	"чудо":     {{"чудес", ruYat}, {"чудес", classExact}},
	"небо":     {{"небес", ruYat}, {"небес", classExact}},
	"ухо":      {{"уш", ruHush}},
	"судно":    {{"суд", ruHard}},
	"господин": {{"господ", ruYat}, {"господ", classExact}},
	"хозяин":   {{"хозяев", ruYat}, {"хозяев", classExact}},
	"церковь":  {{"церкв", ruHard}, {"церкв", ruSign}},
	"любовь":   {{"любв", ruSign}},
	"ложь":     {{"лж", ruSign}},
	"рожь":     {{"рж", ruSign}},
	"третий":   {{"треть", ruThird}},
	"яйцо":     {{"яиц", classExact}},
	"должен":   {{"должн", ruShl}, {"должн", ruPlural}},
	"идти":     {{"ид", ruPresC}, {"ше", ruShod}, {"шл", ruShl}},
	"хотеть":   {{"хоч", ruPresC}},
	"взять":    {{"возьм", ruPresC}},
	"сжечь":    {{"сожг", ruPresG}, {"сожж", ruPresJ}, {"сожг", ruPastC}, {"сожж", ruPassEn}},
	"есть":     {{"едя", classExact}, {"ед", ruPres2}, {"е", ruPast}},
}

// russianFleeting are the ends of masculine words, other than those in -ок, -ек
// and -ец, that lose their last vowel before an ending.
var russianFleeting = [][2]string{
	{"посол", "посл"}, {"угол", "угл"}, {"узел", "узл"}, {"орел", "орл"}, {"котел", "котл"}, {"козел", "козл"},
	{"осел", "осл"}, {"чехол", "чехл"}, {"пепел", "пепл"}, {"промысел", "промысл"}, {"умысел", "умысл"},
	{"вымысел", "вымысл"}, {"бобер", "бобр"}, {"ветер", "ветр"}, {"костер", "костр"}, {"шатер", "шатр"},
	{"ковер", "ковр"}, {"лев", "льв"}, {"лед", "льд"}, {"лоб", "лб"}, {"рот", "рт"}, {"сон", "сн"}, {"пес", "пс"},
	{"хребет", "хребт"}, {"заем", "займ"}, {"наем", "найм"}, {"ров", "рв"}, {"шов", "шв"}, {"овес", "овс"},
	{"христос", "христ"},
}

// russianComparative are the comparatives that no rule gives.
var russianComparative = map[string]string{
	"большой": "больше", "маленький": "меньше", "хороший": "лучше", "плохой": "хуже", "низкий": "ниже",
	"высокий": "выше", "близкий": "ближе", "далекий": "дальше", "дешевый": "дешевле", "чистый": "чище",
	"простой": "проще", "частый": "чаще", "крепкий": "крепче", "легкий": "легче", "мягкий": "мягче",
	"жесткий": "жестче", "долгий": "дольше", "дорогой": "дороже", "строгий": "строже", "тихий": "тише",
	"молодой": "моложе", "богатый": "богаче", "узкий": "уже", "широкий": "шире", "ранний": "раньше",
	"поздний": "позже", "короткий": "короче", "тонкий": "тоньше", "твердый": "тверже", "густой": "гуще",
}

// stemClass is a stem and the endings it takes.
type stemClass struct {
	stem  string
	class class
}

// russian gives the stems of a word in dictionary form.
func russian(word string, flags Flags, emit func(string, class)) {
	if russianClosed[word] || len(word) < 2*2 {
		return
	}
	for _, s := range russianOdd[word] {
		emit(s.stem, s.class)
	}
	if flags&Lower == 0 { // an abbreviation: МИД, МИДа
		russianAbbreviation(word, emit)
		return
	}
	if russianVerb(word, emit) {
		return
	}
	russianAdjective(word, emit)
	russianNoun(word, flags, emit)
}

func russianAbbreviation(word string, emit func(string, class)) {
	if !strings.ContainsRune("аеиоуыэюя", lastRune(word)) {
		emit(word, ruHard)
	}
}

// russianAdjective: новый, синий, российский, рабочий, большой.
func russianAdjective(word string, emit func(string, class)) {
	if s, ok := cutAny(word, "ая", "яя"); ok && len(s) > 2*2 {
		emit(s, ruAdjFem)
	}
	if s, ok := cutAny(word, "ое", "ее"); ok && len(s) > 2*2 {
		emit(s, ruAdjNeut)
	}
	if s, ok := russianComparative[word]; ok {
		emit(s, classExact)
	}
	s, ok := cutAny(word, "ый", "ий", "ой", "ые", "ие")
	if !ok || len(s) < 2*2 {
		return
	}
	last := lastRune(s)
	switch {
	case strings.ContainsRune("гкх", last):
		emit(s, ruAdjVelar)
	case strings.ContainsRune("жчшщ", last):
		emit(s, ruAdjHush)
		emit(s, classExact)
	case strings.HasSuffix(word, "ий") || strings.HasSuffix(word, "ие"):
		emit(s, ruAdjSoft)
	default:
		emit(s, ruAdjHard)
		if !hasAny(s, "ов", "ев") { // танковый has no short form
			emit(s, classExact)
		}
	}
	if t, ok := strings.CutSuffix(s, "н"); ok { // опасный: опасен
		emit(t+"ен", classExact)
		if strings.ContainsRune("жшщч", lastRune(t)) {
			emit(t+"он", classExact)
		}
		if t, ok := strings.CutSuffix(t, "ь"); ok { // сильный: силен
			emit(t+"ен", classExact)
		}
	}
	if t, ok := strings.CutSuffix(s, "к"); ok { // крепкий: крепок
		emit(t+"ок", classExact)
	}
}

func cutAny(s string, suffixes ...string) (string, bool) {
	for _, x := range suffixes {
		if t, ok := strings.CutSuffix(s, x); ok {
			return t, true
		}
	}
	return s, false
}

// russianNoun goes by the last letter of the word.
func russianNoun(word string, flags Flags, emit func(string, class)) {
	last := lastRune(word)
	s := strings.TrimSuffix(word, string(last))
	before := lastRune(s)
	switch last {
	case 'а':
		russianFeminine(s, before, emit)
	case 'я':
		russianSoftFeminine(s, before, emit)
	case 'о':
		emit(s, ruNeutO)
		emit(s, classExact)
		if strings.ContainsRune("гкх", before) {
			emit(s+"и", classExact)
		}
		emitInserted(s, emit)
	case 'е':
		russianNeuter(s, before, emit)
	case 'ь':
		russianSign(s, before, emit)
	case 'й':
		emit(s, ruYot)
		if t, ok := strings.CutSuffix(s, "е"); ok { // муравей: муравья
			emit(t+"ь", ruYot)
		}
	case 'ы', 'и':
		if before == 'и' { // санкции
			emit(s, ruIya)
			return
		}
		emit(s, ruPlural)
		emit(s, classExact)
		emitInserted(s, emit)
	case 'у', 'ю', 'э':
	default:
		russianMasculine(word, last, emit)
	}
	if flags&Initial != 0 {
		if _, ok := cutAny(word, "ов", "ев", "ин", "ын"); ok {
			emit(word, ruName)
		} else if _, ok := cutAny(word, "ова", "ева", "ина", "ына"); ok {
			emit(s, ruName)
		}
	}
}

// consonantClass is the class of a noun by the last consonant of its stem.
func consonantClass(r rune) class {
	switch {
	case strings.ContainsRune("гкх", r):
		return ruVelar
	case strings.ContainsRune("жшщч", r):
		return ruHush
	case r == 'ц':
		return ruTs
	}
	return ruHard
}

func russianMasculine(word string, last rune, emit func(string, class)) {
	emit(word, consonantClass(last))
	for _, x := range russianFleeting {
		if t, ok := strings.CutSuffix(word, x[0]); ok {
			emit(t+x[1], ruHard)
		}
	}
	switch {
	case strings.HasSuffix(word, "ец"):
		t := strings.TrimSuffix(word, "ец")
		switch b := lastRune(t); {
		case b == 'л': // владелец: владельца
			emit(t+"ьц", ruTs)
		case strings.ContainsRune("аеиоуыэюя", b): // боец: бойца
			emit(t+"йц", ruTs)
		}
		emit(t+"ц", ruTs)
	case strings.HasSuffix(word, "ок"):
		emit(strings.TrimSuffix(word, "ок")+"к", ruVelar)
		if t, ok := cutAny(word, "онок", "енок"); ok { // котенок: котята
			emit(t+"ят", ruYat)
			emit(t+"ат", ruYat)
			emit(t+"ят", classExact)
			emit(t+"ат", classExact)
		}
	case strings.HasSuffix(word, "ек"):
		t := strings.TrimSuffix(word, "ек")
		emit(t+"к", ruVelar)
		emit(t+"ьк", ruVelar)
		emit(t+"йк", ruVelar)
	case strings.HasSuffix(word, "нин"): // гражданин: граждане
		t := strings.TrimSuffix(word, "ин")
		emit(t, ruIn)
		emit(t, classExact)
	case strings.HasSuffix(word, "рин"): // татарин: татары
		t := strings.TrimSuffix(word, "ин")
		emit(t, ruIn)
		emit(t, classExact)
	}
}

func russianFeminine(s string, before rune, emit func(string, class)) {
	switch {
	case strings.ContainsRune("гкх", before):
		emit(s, ruFemK)
	case strings.ContainsRune("жшщчц", before):
		emit(s, ruFemTs)
	default:
		emit(s, ruFemA)
	}
	emit(s, classExact)
	emitInserted(s, emit)
}

func russianSoftFeminine(s string, before rune, emit func(string, class)) {
	switch before {
	case 'и', 'е', 'а', 'о', 'у', 'ю', 'я':
		emit(s, ruIya)
		if before != 'и' {
			emit(s, ruFemYa)
		}
	case 'ь': // семья: семей
		emit(s, ruFemYa)
		emit(strings.TrimSuffix(s, "ь")+"ей", classExact)
		emit(strings.TrimSuffix(s, "ь")+"ий", classExact)
	case 'м':
		if _, ok := cutAny(s, "врем", "им", "знам", "плам", "плем", "сем", "брем", "тем", "стрем"); ok { // времени
			emit(s+"ен", ruMen)
			emit(s+"ен", classExact)
			return
		}
		emit(s, ruFemYa)
	default:
		emit(s, ruFemYa)
		emitInserted(s, emit)
	}
}

func russianNeuter(s string, before rune, emit func(string, class)) {
	switch {
	case before == 'и':
		emit(s, ruIye)
	case before == 'ь':
		emit(s, ruIye)
		emit(s+"ев", classExact)
		emit(strings.TrimSuffix(s, "ь")+"ий", classExact)
	case strings.ContainsRune("жшщчц", before):
		emit(s, ruNeutTs)
		emit(s, classExact)
		emitInserted(s, emit)
	default:
		emit(s, ruNeutE)
	}
}

func russianSign(s string, before rune, emit func(string, class)) {
	emit(s, ruSign)
	if strings.ContainsRune("жшщч", before) {
		emit(s, ruNightF)
	}
	if !strings.HasSuffix(s, "ст") {
		emit(s, ruSignM)
	}
	for _, v := range []string{"ен", "от", "ос", "ож", "ер"} { // уровень: уровня, ноготь: ногтя
		if t, ok := strings.CutSuffix(s, v); ok && len(t) > 0 {
			c := strings.TrimLeft(v, "ео")
			emit(t+c, ruSign)
			emit(t+c, ruSignM)
		}
	}
}

// emitInserted gives the genitive plural of a stem that ends in two
// consonants, a vowel put between them: поставка: поставок, земля: земель.
func emitInserted(s string, emit func(string, class)) {
	last := lastRune(s)
	if !strings.ContainsRune("кнлцмбргтв", last) {
		return
	}
	t := strings.TrimSuffix(s, string(last))
	before := lastRune(t)
	if t == "" || strings.ContainsRune("аеиоуыэюя", before) {
		return
	}
	head := strings.TrimSuffix(strings.TrimSuffix(t, "ь"), "й")
	emit(head+"е"+string(last), classExact)
	if last == 'н' || last == 'л' {
		emit(head+"е"+string(last)+"ь", classExact)
	}
	if last == 'к' || last == 'н' || last == 'л' {
		emit(t+"о"+string(last), classExact)
	}
}
