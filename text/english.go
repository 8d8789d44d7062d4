package text

import "strings"

// The English inflections: plural, third person, past, participles. What makes
// another word of it (sanctionable, Russian for Russia) isn't among them.

func addEnglish(e *endings) {
	e.add(enWord, langEnglish, []string{"s", "ed", "ing", "es"})
	e.add(enName, langEnglish, []string{"s", "es"})
	e.add(enDropped, langEnglish, []string{"ed", "ing", "es"})
	e.add(enY, langEnglish, []string{"ies", "ied"})
}

// englishClosed are words without other forms, or whose rule-made forms are
// other words.
var englishClosed = set(`a an the of on in to and or for from by with at as is are was were be been it its this
	that these those not no new over under against into out up off than then if but so all any per via`)

// englishOdd are the forms that no rule gives.
var englishOdd = map[string]string{
	"man": "men", "woman": "women", "child": "children", "person": "people", "foot": "feet", "tooth": "teeth",
	"mouse": "mice", "goose": "geese", "crisis": "crises", "basis": "bases", "analysis": "analyses",
	"thesis": "theses", "axis": "axes", "memorandum": "memoranda", "criterion": "criteria", "phenomenon": "phenomena",
	"medium": "media", "datum": "data", "referendum": "referenda", "serviceman": "servicemen",
	"spokesman": "spokesmen", "businessman": "businessmen", "chairman": "chairmen", "policeman": "policemen",
	"leaf": "leaves", "life": "lives", "knife": "knives", "wife": "wives", "half": "halves", "thief": "thieves",
	"shelf": "shelves", "self": "selves", "wolf": "wolves", "loaf": "loaves",
	"be": "is am are was were been being", "have": "has had having", "do": "does did done doing",
	"go": "goes went gone going", "say": "said", "make": "made", "take": "took taken", "give": "gave given",
	"get": "got gotten", "see": "saw seen", "know": "knew known", "think": "thought", "come": "came",
	"become": "became", "find": "found", "tell": "told", "leave": "left", "feel": "felt", "bring": "brought",
	"buy": "bought", "begin": "began begun", "keep": "kept", "hold": "held", "write": "wrote written",
	"stand": "stood", "hear": "heard", "mean": "meant", "meet": "met", "pay": "paid", "sit": "sat",
	"speak": "spoke spoken", "lie": "lay lain lying", "lead": "led", "grow": "grew grown", "lose": "lost",
	"fall": "fell fallen", "send": "sent", "build": "built", "draw": "drew drawn", "break": "broke broken",
	"spend": "spent", "rise": "rose risen", "drive": "drove driven", "wear": "wore worn", "choose": "chose chosen",
	"seek": "sought", "throw": "threw thrown", "catch": "caught", "deal": "dealt", "win": "won",
	"forbid": "forbade forbidden", "sell": "sold", "fight": "fought", "teach": "taught", "eat": "ate eaten",
	"sing": "sang sung", "strike": "struck stricken", "fly": "flew flown", "hide": "hid hidden", "shoot": "shot",
	"freeze": "froze frozen", "steal": "stole stolen", "swear": "swore sworn", "bear": "bore borne",
	"tear": "tore torn", "sink": "sank sunk", "shake": "shook shaken", "bind": "bound", "wind": "wound",
	"lend": "lent", "bend": "bent", "flee": "fled", "feed": "fed", "shrink": "shrank shrunk", "run": "ran",
	"ring": "rang rung", "swim": "swam swum", "drink": "drank drunk", "hang": "hung", "light": "lit",
	"lay": "laid", "slide": "slid", "spin": "spun", "stick": "stuck", "understand": "understood",
	"die": "dying", "tie": "tying", "arise": "arose arisen", "awake": "awoke awoken", "show": "shown",
	"prove": "proven", "ride": "rode ridden", "wake": "woke woken", "sleep": "slept", "sweep": "swept",
	"leap": "leapt", "learn": "learnt", "burn": "burnt", "dig": "dug", "grind": "ground", "blow": "blew blown",
}

// englishPrefixes may stand before a verb of englishOdd.
var englishPrefixes = []string{"with", "over", "under", "fore", "re", "out", "un", "mis", "up"}

// english gives the stems of a word in dictionary form.
func english(word string, flags Flags, emit func(string, class)) {
	if englishClosed[word] || len(word) < 2 {
		return
	}
	odd := englishOdd[word]
	for _, p := range englishPrefixes {
		if forms := englishOdd[strings.TrimPrefix(word, p)]; forms != "" && strings.HasPrefix(word, p) {
			for f := range strings.FieldsSeq(forms) {
				emit(p+f, classExact)
			}
		}
	}
	for f := range strings.FieldsSeq(odd) {
		emit(f, classExact)
	}
	if flags&Initial != 0 { // a name: only a plural
		emit(word, enName)
		if s, ok := consonantY(word); ok {
			emit(s+"ies", classExact)
		}
		return
	}
	englishWord(word, emit)
}

func englishWord(word string, emit func(string, class)) {
	if s, ok := consonantY(word); ok { // carry: carries, carried, carrying
		emit(s, enY)
		emit(word+"s", classExact)
		emit(word+"ing", classExact)
		return
	}
	last := word[len(word)-1]
	switch {
	case strings.HasSuffix(word, "ie"): // tie: tied
		emit(word+"s", classExact)
		emit(word+"d", classExact)
	case last == 'e':
		emit(word+"s", classExact)
		emit(word[:len(word)-1], enDropped)
	default:
		emit(word, enWord)
	}
	if doubles(word) {
		emit(word+string(last), enDropped)
	}
}

// consonantY cuts the y of a word in a consonant and y.
func consonantY(word string) (string, bool) {
	s, ok := strings.CutSuffix(word, "y")
	return s, ok && s != "" && !strings.ContainsAny(s[len(s)-1:], "aeiou")
}

// doubles reports whether a word may double its last letter: ban: banned.
func doubles(word string) bool {
	n := len(word)
	return n >= 3 && strings.ContainsAny(word[n-1:], "bdgklmnprstvz") &&
		strings.ContainsAny(word[n-2:n-1], "aeiou") && !strings.ContainsAny(word[n-3:n-2], "aeio")
}
