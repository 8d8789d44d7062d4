package text

import "strings"

// The words that dates are made of, in all the languages that are read and in
// those of their neighbours. All are folded, as Fold does it.

// months are the stems of the months' names, each written as the languages
// have it: Russian and Ukrainian, English, Kazakh in Cyrillic and Latin,
// Kyrgyz, Uzbek in both scripts, Tajik, Turkmen, Turkish and Azerbaijani,
// Armenian.
var months = [12]string{
	"январ янв январ січн january jan қаңтар қаң qańtar qañtar qangtar yanvar ýanwar ocak հունվար",
	"феврал февр фев лют february feb ақпан ақп aqpan fevral fewral şubat փետրվար",
	"март мар берез march mar наурыз нау naýryz nauryz mart մարտ",
	"апрел апр квітн april apr сәуір сәу sáýir säuır säuir səuir aprel nisan ապրիլ",
	"май мая мае майы майи трав may мамыр мам mamyr maý mayıs մայիս",
	"июн июнь июня июне июни июну черв june jun маусым мау maýsym mausym iyun iýun haziran հունիս",
	"июл июль июля июле июли июлу лип july jul шілде шіл shilde şılde iyul iýul temmuz հուլիս",
	"август авг серп august aug тамыз tamyz avgust awgust ağustos avqust օգոստոս",
	"сентябр сент сен верес september sept sep қыркүйек қыр qyrkúıek qyrküiek qyrkýiek sentyabr sentabr sentýabr eylül սեպտեմբեր",
	"октябр окт жовт october oct қазан қаз qazan oktyabr oktabr oktýabr ekim հոկտեմբեր",
	"ноябр ноя нояб листоп november nov қараша қар qarasha qaraşa noyabr noýabr kasım նոյեմբեր",
	"декабр дек груд december dec желтоқсан жел jeltoqsan dekabr aralık դեկտեմբեր",
}

// monthEnding is how many letters may follow a month's stem: январ-я,
// ноябр-ындагы.
const monthEnding = 6

// englishMonths are the names that may stand before the day.
var englishMonths = hashes(`january jan february feb march mar april apr may june jun july jul august aug september
	sept sep october oct november nov december dec`)

// stems maps the hash of a stem to what it stands for, which isn't 0.
type stems map[uint64]int

// of is what the longest stem that a folded word begins with stands for, 0 for
// none. A stem of up to least letters must be the whole word, behind a longer
// one no more than ending letters may stand.
func (t stems) of(word []rune, least, ending int) (value int) {
	h := hashSeed
	for i, r := range word {
		h = step(h, r)
		n := i + 1
		if n != len(word) && (n <= least || len(word)-n > ending) {
			continue
		}
		if v := t[h]; v != 0 {
			value = v
		}
	}
	return value
}

// numbered gives the words of each line its number, from 1.
func numbered(lines []string) stems {
	t := stems{}
	for i, names := range lines {
		for stem := range strings.FieldsSeq(names) {
			t[hashString(stem)] = i + 1
		}
	}
	return t
}

var monthStems = numbered(months[:])

// Month gives the month that a folded word names in any of its forms, 1 to 12,
// or 0 for none: the longest stem that the word begins with; a stem of three
// letters or less must be the whole word.
func Month(word string) int {
	if len(word) > 40 {
		return 0
	}
	return month([]rune(word))
}

func month(word []rune) int { return monthStems.of(word, 3, monthEnding) }

// nearDays are words for days near to today, in days from it.
var nearDays = map[string]int{
	"сегодня": 0, "сегодняшний": 0, "сегодняшнего": 0, "вчера": -1, "вчерашний": -1, "вчерашнего": -1, "позавчера": -2,
	"завтра": 1, "завтрашний": 1, "послезавтра": 2,
	"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1,
	"бүгін": 0, "бүгінгі": 0, "кеше": -1, "кешегі": -1, "ертең": 1, "ертеңгі": 1, "бүрсігүні": 2,
	"búgin": 0, "bügın": 0, "keshe": -1, "keşe": -1, "erteń": 1, "erteñ": 1,
	"бүгүн": 0, "бүгүнкү": 0, "кечээ": -1, "кечеэ": -1, "кечээки": -1, "эртең": 1, "эртеңки": 1, "бүрсүгүнү": 2,
	"bugun": 0, "bugungi": 0, "kecha": -1, "kechagi": -1, "ertaga": 1, "indinga": 2,
	"бугун": 0, "бугунги": 0, "кеча": -1, "кечаги": -1, "эртага": 1, "индинга": 2, "алдыңгүні": -2,
	"дүйн": -1, "дүйнки": -1, "эртир": 1, "пагоҳ": 1,
	"имрӯз": 0, "имруз": 0, "имрӯза": 0, "дирӯз": -1, "дируз": -1, "дирӯза": -1, "парерӯз": -2, "фардо": 1, "пасфардо": 2,
	"bugün": 0, "bügün": 0, "şugün": 0, "düýn": -1, "düýnki": -1, "öňňin": -2, "ertir": 1, "birigün": 2, "dün": -1,
	"сьогодні": 0, "вчора": -1, "завтрашнього": 1, "այսօր": 0, "երեկ": -1, "dünən": -1,
}

// NearDay gives the day that a folded word names by its distance from today:
// -1 for вчера, kecha or düýn.
func NearDay(word string) (days int, ok bool) {
	days, ok = nearDays[word]
	return days, ok
}

var nearHashes = func() stems {
	t := stems{}
	for word, days := range nearDays {
		t[hashString(word)] = days + farDay
	}
	return t
}()

// farDay keeps the values of nearHashes from being 0.
const farDay = 10

// agoWords are words that turn an amount of time into a moment.
var agoWords = hashes(`назад ago бұрын мурун мурда илгери oldin avval олдин аввал пеш öň ozal önce əvvəl тому қабл muqaddam муқаддам առաջ earlier`)

// Ago reports whether a folded word behind an amount of time makes a moment of
// the past of it: назад, ago, бұрын.
func Ago(word string) bool { return agoWords[hashString(word)] }

// units are the stems of units of time up to a week, in minutes.
var units = amounts(map[int]string{
	1:     "минут мин min мүнөт daqiqa дақиқа dakika дәқиқә dəqiqə րոպե",
	30:    "полчас",
	60:    "час hour hr сағат саат soat соат sagat saat saǵat sağat saghat годин ժամ",
	1440:  "день дня дней дні day күн kún kün kýn kun кун рӯз руз gün օր",
	10080: "недел week апта apta жума hafta ҳафта hepde",
})

// longUnits are the stems of units of no fixed length, in months.
var longUnits = amounts(map[int]string{
	1:  "месяц month ай aı oy ой моҳ мох aý",
	12: "год лет year жыл jyl йил yil сол ýyl",
})

func amounts(words map[int]string) stems {
	t := stems{}
	for amount, list := range words {
		for stem := range strings.FieldsSeq(list) {
			t[hashString(stem)] = amount
		}
	}
	return t
}

// TimeUnit gives the minutes of the unit of time, up to a week, that a folded
// word names in any of its forms; 0 for none.
func TimeUnit(word string) int {
	if len(word) > 40 {
		return 0
	}
	return units.of([]rune(word), 1, monthEnding)
}

// weekdays are the stems of the days of the week from Sunday on, in Russian,
// English, Kazakh, Kyrgyz, Uzbek in both scripts, Tajik and Turkmen.
var weekdays = [7]string{
	"воскресень sunday жексенбі жекшемби yakshanba якшанба якшанбе ýekşenbe",
	"понедельник monday дүйсенбі дүйшөмбү dushanba душанба душанбе duşenbe",
	"вторник tuesday сейсенбі шейшемби seshanba сешанба сешанбе sişenbe",
	"среда среду среды wednesday сәрсенбі шаршемби chorshanba чоршанба чоршанбе çarşenbe",
	"четверг thursday бейсенбі бейшемби payshanba пайшанба панҷшанбе penşenbe",
	"пятниц friday жұма жума juma ҷумъа ҷума anna",
	"суббот saturday сенбі ишемби shanba шанба шанбе şenbe",
}

// needDay are the names of days that are other words too, unless a word for
// "day" stands beside them: жума күнү, рӯзи душанбе, anna güni. Среда is a
// Wednesday behind "в" only.
var needDay = hashes(`жұма жума juma ҷума ҷумъа anna душанбе среды среда`)

var weekdayStems = numbered(weekdays[:])

// Words that stand in dates. The years are counted from this one.
var (
	ordinals  = hashes(`nji njy nchi inchi ші шы чи чы чу чү нчи нчы го ое ум уми юм юми нжи нжы of числа числу й я е`)
	dayWords  = hashes(`күні күнү kuni куни güni күнгі kúni küni kýni`)
	dayBefore = hashes(`рӯзи рузи`)
	nextWords = hashes(`next следующий следующую следующее следующего будущий будущую келесі кийинки keyingi кейинги оянда indiki`)
	yearWords = hashes(`год года году годом годов годы годах г гг year years
		жыл жылы жылғы жылдың жылға жылдан жылдары жылдардың жылдардағы жылында жылының жылында ж жж
		жылдын жылга жылкы жылдагы жылдарда жылдардын
		йил йили йилда йилги йилнинг йилдан йилгача йиллар йилларда й
		yil yili yilda yilgi yilning yildan yilgacha yillar yillarda y
		сол соли солҳои солҳо сола солашон
		ýyl ýyly ýylda ýylyň ýyldan ýylky ýyllar ýyllarda ý йыл йылы йылда йылың йылдан jyl jyly jylǵy jylğy jylghy jyldyń jyldyñ jyldyng`)
	yearBefore = hashes(`соли солҳои in since until by from of before after during early late mid year с до по к от после`)
	between    = hashes(`по до то to and и пен мен менен va ва bilan`)
	thisYear   = map[uint64]int{}
	yearPhrase = map[uint64]int{}
	dayPhrase  = map[uint64]int{} // in front of a word for a day
	dayItself  = hashes(`gün güni günki гүн гүнки`)
)

func init() {
	for word, years := range map[string]int{"биыл": 0, "былтыр": -1, "быйыл": 0, "bultur": -1, "бултур": -1, "имсол": 0, "порсол": -1, "bıyl": 0, "byltyr": -1} {
		thisYear[hashString(word)] = years
	}
	for _, word := range []string{"şu", "шу"} {
		dayPhrase[hashString(word)] = 0
	}
	for words, years := range map[string]int{
		"этого этом нынешнего нынешнем текущего текущем this осы ағымдағы ушул быйылкы bu shu joriy бу шу жорий ҷорӣ şu": 0,
		"прошлого прошлом минувшего минувшем last өткен өткөн oʻtgan otgan ўтган гузашта geçen":                          -1,
		"следующего следующем будущего будущем next келесі келер кийинки kelasi keyingi келгуси оянда geljek indiki":     1,
	} {
		for word := range hashes(words) {
			yearPhrase[word] = years
		}
	}
}
