package date

import (
	"strings"
	"unicode/utf8"
)

// months are the stems of the months' names, each written as the languages
// have it: Russian and Ukrainian, English, Kazakh, Kyrgyz, Uzbek in both
// scripts, Tajik, Turkmen, Turkish and Azerbaijani, Armenian.
var months = [12]string{
	"январ янв январ січн january jan қаңтар қаң yanvar ýanwar ocak հունվար",
	"феврал февр фев лют february feb ақпан ақп fevral fewral şubat փետրվար",
	"март мар берез march mar наурыз нау mart մարտ",
	"апрел апр квітн april apr сәуір сәу aprel nisan ապրիլ",
	"май мая мае майы майи трав may мамыр мам maý mayıs մայիս",
	"июн июнь июня июне июни июну черв june jun маусым мау iyun iýun haziran հունիս",
	"июл июль июля июле июли июлу лип july jul шілде шіл iyul iýul temmuz հուլիս",
	"август авг серп august aug тамыз avgust awgust ağustos avqust օգոստոս",
	"сентябр сент сен верес september sept sep қыркүйек қыр sentyabr sentabr sentýabr eylül սեպտեմբեր",
	"октябр окт жовт october oct қазан қаз oktyabr oktabr oktýabr ekim հոկտեմբեր",
	"ноябр ноя листоп november nov қараша қар noyabr noýabr kasım նոյեմբեր",
	"декабр дек груд december dec желтоқсан жел dekabr aralık դեկտեմբեր",
}

// ending is how many letters may follow a month's stem: январ-я, ноябр-ының.
const ending = 5

// monthStems maps each stem to its month, 1 to 12.
var monthStems = func() map[string]int {
	stems := make(map[string]int)
	for i, names := range months {
		for stem := range strings.FieldsSeq(names) {
			stems[stem] = i + 1
		}
	}
	return stems
}()

// month gives the month that a lower-case word names, 0 for none: the longest
// stem that the word begins with, and a stem of three letters or less must be
// the whole word.
func month(word string) int {
	if len(word) > 40 {
		return 0
	}
	if m := monthStems[word]; m > 0 {
		return m
	}
	stem := word
	for range ending {
		_, size := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-size]
		if m := monthStems[stem]; m > 0 && utf8.RuneCountInString(stem) > 3 {
			return m
		}
	}
	return 0
}

// days are words for days near to today.
var days = map[string]int{
	"сегодня": 0, "вчера": -1, "позавчера": -2, "today": 0, "yesterday": -1,
	"бүгін": 0, "кеше": -1, "бүгүн": 0, "кечээ": -1, "bugun": 0, "kecha": -1, "бугун": 0, "кеча": -1,
	"имрӯз": 0, "имруз": 0, "дирӯз": -1, "дируз": -1, "bugün": 0, "bügün": 0, "şugün": 0, "düýn": -1, "dün": -1,
	"сьогодні": 0, "вчора": -1, "այսօր": 0, "երեկ": -1, "dünən": -1,
}

// ago are words that turn an amount of time into a moment.
var ago = map[string]bool{
	"назад": true, "ago": true, "бұрын": true, "мурун": true, "мурда": true, "oldin": true, "avval": true,
	"олдин": true, "аввал": true, "пеш": true, "öň": true, "önce": true, "əvvəl": true, "тому": true, "առաջ": true,
}

// units are the stems of units of time, in minutes.
var units = []struct {
	stem    string
	minutes int
}{
	{"минут", 1}, {"мин", 1}, {"min", 1}, {"мүнөт", 1}, {"daqiqa", 1}, {"дақиқа", 1}, {"dakika", 1}, {"дəқиқə", 1}, {"րոպե", 1},
	{"час", 60}, {"hour", 60}, {"hr", 60}, {"сағат", 60}, {"саат", 60}, {"soat", 60}, {"соат", 60}, {"sagat", 60}, {"saat", 60}, {"годин", 60}, {"ժամ", 60},
	{"день", 1440}, {"дня", 1440}, {"дней", 1440}, {"дні", 1440}, {"day", 1440}, {"күн", 1440}, {"kun", 1440}, {"кун", 1440}, {"рӯз", 1440}, {"руз", 1440}, {"gün", 1440}, {"օր", 1440},
	{"недел", 10080}, {"week", 10080}, {"апта", 10080}, {"жума", 10080}, {"hafta", 10080}, {"ҳафта", 10080}, {"hepde", 10080},
}

// unit gives the minutes of the unit of time that a lower-case word names, 0
// for none.
func unit(word string) int {
	for _, u := range units {
		if strings.HasPrefix(word, u.stem) {
			return u.minutes
		}
	}
	return 0
}

// zones are the abbreviations met in feeds, in minutes east of Greenwich. The
// American ones are RFC 822's.
var zones = map[string]int{
	"z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0,
	"est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
	"bst": 60, "west": 60, "cet": 60, "cest": 120, "eet": 120, "eest": 180,
	"msk": 180, "мск": 180, "msd": 240, "trt": 180, "amt": 240, "azt": 240, "samt": 240,
	"uzt": 300, "tjt": 300, "tmt": 300, "yekt": 300, "almt": 300, "kgt": 360, "omst": 360,
}
