package langdata

import "strings"

// Variant gives a text of a language in other letters: in another script, or as
// it is typed by somebody whose keyboard or font lacks letters.
type Variant struct {
	Name   string // as tables show it
	Lang   string // what the text is then in, BCP 47
	Writes func(string) string
}

// Variants are how the texts of a language may be written otherwise. Where no
// open text in a script was found, they are all the text that there is in it.
var Variants = map[string][]Variant{
	"kk": {
		{"Latin of 2018 (á ǵ ı ń ó ú ý)", "kk-Latn", replacer(kazakhLatin,
			"ә á ғ ǵ и ı й ı і i ң ń ө ó у ý ұ u ү ú ш sh ы y ю ıý я ıa ё ıo").Replace},
		{"Latin of 2021 (ä ğ ı ñ ö ū ü ş)", "kk-Latn", replacer(kazakhLatin,
			"ә ä ғ ğ и i й i і ı ң ñ ө ö у u ұ ū ү ü ш ş ы y ю iu я ia ё io").Replace},
		{"Latin of 2017 (a' g' i' n')", "kk-Latn", replacer(kazakhLatin,
			"ә a' ғ g' и i' й i' і i ң n' ө o' у y' ұ u ү u' ш s' ч c' ы y ю i'y' я i'a ё i'o").Replace},
		{"Latin of converters (gh ng ә)", "kk-Latn", replacer(kazakhLatin,
			"ә ә ғ gh и i й ý і i ң ng ө ö у u ұ u ү ü ш sh ы y ю yu я ya ё yo").Replace},
		{"Latin without marks", "kk-Latn", replacer(kazakhLatin,
			"ә a ғ g и i й i і i ң n ө o у u ұ u ү u ш sh ы y ю iu я ia ё io").Replace},
		{"Arabic letters", "kk-Arab", kazakhArabic},
		{"without special letters", "kk", replacer("ә а ғ г қ к ң н ө о ұ у ү у һ х і и").Replace},
	},
	"ky": {
		{"without special letters", "ky", replacer("ө о ү у ң н").Replace},
		{"legacy font (Ї Є Ў)", "ky", replacer("ү ї ө є ң ў").Replace},
	},
	"uz": {
		{"Cyrillic", "uz-Cyrl", uzbekCyrillic},
		{"Cyrillic without special letters", "uz-Cyrl", func(s string) string { return uzbekBare.Replace(uzbekCyrillic(s)) }},
		{"without apostrophes", "uz", apostrophes.Replace},
	},
	"tg": {
		{"without special letters", "tg", replacer("ҳ х ӣ и қ к ҷ ч ғ г ӯ у").Replace},
		{"legacy font (Љ Њ Ќ Ў)", "tg", replacer("ҷ љ ҳ њ қ ќ ӯ ў ғ ѓ ӣ ї").Replace},
	},
	"tk": {
		{"Cyrillic", "tk-Cyrl", turkmenCyrillic},
		{"Cyrillic without special letters", "tk-Cyrl", func(s string) string { return turkmenBare.Replace(turkmenCyrillic(s)) }},
		{"without special letters", "tk", replacer("ä a ç c ň n ö o ş s ü u ý y ž z").Replace},
	},
	"kaa": {
		{"Latin of 2016", "kaa-Latn", replacer("а a ә á б b в v г g ғ ǵ д d е e ё yo ж j з z и i й y к k қ q л l м m н n ң ń о o ө ó " +
			"п p р r с s т t у u ү ú ў w ф f х x ҳ h ц c ч ch ш sh щ sh ы ı э e ю yu я ya ь - ъ -").Replace},
	},
	"az": {
		{"Cyrillic", "az-Cyrl", replacer("a а b б c ҹ ç ч d д e е ə ә f ф g ҝ ğ ғ h һ x х ı ы i и j ж k к q г l л m м n н o о ö ө " +
			"p п r р s с ş ш t т u у ü ү v в y ј z з").Replace},
		{"without special letters", "az", replacer("ə e ç c ğ g ı i ö o ş s ü u").Replace},
	},
	"tr": {
		{"without special letters", "tr", replacer("ç c ğ g ı i ö o ş s ü u").Replace},
	},
}

// kazakhLatin are the letters that all the Latin alphabets of Kazakh share.
const kazakhLatin = "а a б b в v г g д d е e ж j з z к k қ q л l м m н n о o п p р r с s т t ф f х h һ h ц ts ч ch щ shch э e ь - ъ - "

// replacer replaces letters by what stands behind them in a list, capitals by
// the same with a capital; - stands for nothing. Later pairs win.
func replacer(lists ...string) *strings.Replacer {
	to := map[string]string{}
	var order []string
	for _, list := range lists {
		f := strings.Fields(list)
		for i := 0; i+1 < len(f); i += 2 {
			by := f[i+1]
			if by == "-" {
				by = ""
			}
			if _, ok := to[f[i]]; !ok {
				order = append(order, f[i])
			}
			to[f[i]] = by
		}
	}
	var pairs []string
	for _, from := range order {
		pairs = append(pairs, from, to[from])
		if up := strings.ToUpper(from); up != from {
			pairs = append(pairs, up, capital(to[from]), capital(from), capital(to[from]))
		}
	}
	return strings.NewReplacer(pairs...)
}

func capital(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return ""
	}
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

var apostrophes = strings.NewReplacer("'", "", "‘", "", "’", "", "ʻ", "", "ʼ", "", "`", "")

var uzbekSame = strings.NewReplacer("‘", "'", "’", "'", "ʻ", "'", "ʼ", "'", "`", "'")

var uzbekLetters = replacer("o' ў g' ғ sh ш ch ч yo ё yu ю ya я ye е a а b б c ц d д e е f ф g г h ҳ i и j ж k к l л m м n н o о " +
	"p п q қ r р s с t т u у v в w в x х y й z з ' ъ")

var uzbekBare = replacer("ў у қ к ғ г ҳ х")

// uzbekCyrillic writes Uzbek of Latin letters in Cyrillic ones. The soft sign
// and ц of loanwords, which Latin spelling doesn't keep, are not restored.
func uzbekCyrillic(s string) string { return open(uzbekLetters.Replace(uzbekSame.Replace(s))) }

// open writes е at the start of a word as э.
func open(s string) string {
	r := []rune(s)
	for i := range r {
		if i > 0 && isCyrillic(r[i-1]) {
			continue
		}
		switch r[i] {
		case 'е':
			r[i] = 'э'
		case 'Е':
			r[i] = 'Э'
		}
	}
	return string(r)
}

func isCyrillic(r rune) bool { return r >= 0x400 && r < 0x530 }

var turkmenLetters = replacer("ýa я ýo ё ýu ю ýe е a а b б ç ч d д e э ä ә f ф g г h х i и j җ ž ж k к l л m м n н ň ң o о ö ө p п " +
	"r р s с ş ш t т u у ü ү w в y ы ý й z з")

var turkmenBare = replacer("ә а ө о ү у ң н җ ж")

// turkmenCyrillic writes Turkmen of Latin letters in those used until 1993.
func turkmenCyrillic(s string) string {
	r := []rune(turkmenLetters.Replace(s))
	for i := range r {
		if r[i] == 'э' && i > 0 && isCyrillic(r[i-1]) {
			r[i] = 'е'
		}
	}
	return string(r)
}

var arabicLetters = replacer("а ا ә ا б ب в ۆ г گ ғ ع д د е ە ё يو ж ج з ز и ي й ي к ك қ ق л ل м م н ن ң ڭ о و ө و п پ р ر с س " +
	"т ت у ۋ ұ ۇ ү ۇ ф ف х ح һ ھ ц تس ч چ ш ش щ شش ы ى і ى э ە ю يۋ я يا ь - ъ -")

// kazakhArabic writes Kazakh in the letters used in China: a hamza before a
// word says that its vowels are front ones, where no ك, گ or ە says so.
func kazakhArabic(s string) string {
	s = strings.NewReplacer(",", "،", "?", "؟", ";", "؛").Replace(s)
	words := strings.Split(s, " ")
	for i, w := range words {
		l := strings.ToLower(w)
		front := strings.ContainsAny(l, "әөүі") && !strings.ContainsAny(l, "кге")
		w = arabicLetters.Replace(l)
		if front {
			w = "ء" + w
		}
		words[i] = w
	}
	return strings.Join(words, " ")
}
