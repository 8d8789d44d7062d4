package text

import (
	"strings"
	"testing"
)

// The tables of Tajik and Turkmen forms are made by hand after the paradigms of
// J. R. Perry, A Tajik Persian Reference Grammar (2005), and L. Clark, Turkmen
// Reference Grammar (1998): no open treebank of either has enough of them. Those of
// Kyrgyz are what its treebank has few of, after R. Hebert and N. Poppe, Kirghiz
// Manual (1963).
var handmade = []struct {
	lang, lemma, forms, others string
}{
	// Tajik nouns: plural, izofat, object, indefinite, short pronouns, "and".
	{"tg", "кишвар", "кишвари кишвархо кишварҳо кишварҳои кишварҳоро кишварро кишваре кишварам кишварат кишвараш кишварамон кишваратон кишварашон кишварҳояш кишварҳоямон кишварҳояшон кишвару кишварашро", "кишваркушо"},
	{"tg", "хона", "хонаи хонаҳо хонаҳои хонаҳоро хонаро хонае хонаам хонаат хонааш хонаамон хонаашон хонаю", "хонанда"},
	{"tg", "раҳбар", "раҳбари раҳбарон раҳбарони раҳбаронро раҳбарро раҳбаронаш", "раҳбарӣ раҳбарият"},
	{"tg", "намоянда", "намояндаи намояндагон намояндагони намояндагонро намояндагонаш", "намоиш"},
	{"tg", "донишҷӯ", "донишҷӯи донишҷӯён донишҷӯёни донишҷуён донишҷуёнро", "дониш"},
	{"tg", "миллӣ", "миллии", "миллат"},
	{"tg", "бузург", "бузурги бузургтар бузургтарин бузургтарини бузургон", "бузургӣ"},
	{"tg", "нерӯ", "нерӯи нерӯҳо нерӯҳои нерӯҳоро нерӯяш", "нерв"},
	{"tg", "ҷанг", "ҷанги ҷангҳо ҷангҳои ҷангро ҷанге чанг чанги љанг", "ҷангал ҷангӣ ҷангҷӯ"},
	{"tg", "тоҷик", "тоҷики тоҷикон тоҷикони тоҷиконро", "тоҷикӣ тоҷикистон"},
	{"tg", "Тоҷикистон", "Тоҷикистони Тоҷикистонро Тоҷикистону", "тоҷикистонӣ"},
	// Tajik verbs: past, present, perfect, negation, participle, infinitive.
	{"tg", "кардан", "кардам кардӣ кард кардем кардед карданд накард мекард мекарданд мекунам мекунӣ мекунад мекунем мекунед мекунанд намекунад кунад кунанд накунад бикунад карда кардааст кардаанд кардаам накардааст кардани карданро", "кор кардак"},
	{"tg", "шудан", "шуд шуданд нашуд мешуд мешавад мешаванд намешавад шавад шаванд шуда шудааст шудаанд шудани", "шодӣ"},
	{"tg", "гуфтан", "гуфт гуфтанд гуфтам мегӯяд мегӯянд мегӯям мегуяд гӯяд гуфта гуфтааст", "гуфтор гӯш"},
	{"tg", "омадан", "омад омаданд меояд меоянд наомад ояд омада омадааст", "омода"},
	{"tg", "додан", "дод доданд медиҳад медиҳанд диҳад дода додааст надод", "додар"},
	{"tg", "гирифтан", "гирифт гирифтанд мегирад мегиранд гирад гирифта гирифтааст", "гиря"},
	{"tg", "расидан", "расид расиданд мерасад мерасанд расад расида расидааст", "расм"},
	{"tg", "навиштан", "навишт навиштанд менависад менависанд нависад навишта навиштааст", "нависанда"},
	{"tg", "доштан", "дошт доштанд дорад доранд дорам надорад дошта доштааст", "дору"},
	{"tg", "намудан", "намуд намуданд менамояд менамоянд намояд намуда намудааст", "намуна"},
	// Turkmen nouns: plural, possession, cases, both; voiced and lost letters.
	{"tk", "kitap", "kitaplar kitabyň kitaba kitaby kitapda kitapdan kitabym kitabymyz kitabynyň kitabyna kitabyny kitabynda kitabyndan kitaplary kitaplarymyz kitaplarynda kitapdaky", "kitaphana"},
	{"tk", "ýurt", "ýurtlar ýurduň ýurda ýurdy ýurtda ýurtdan ýurdumyz ýurdumyzyň ýurdunyň ýurtlaryň ýurtlaryna ýurtdaky ýurdunda", "ýurtdaş"},
	{"tk", "ýürek", "ýürekler ýüregiň ýürege ýüregi ýürekde ýürekden ýüregim ýüreginde", "ýüreklilik"},
	{"tk", "agaç", "agaçlar agajyň agaja agajy agaçda agaçdan", "agaçsy"},
	{"tk", "ogul", "ogullar ogluň ogla ogly oglum oglumyz ogluna ogulda", "oglan"},
	{"tk", "burun", "burnuň burna burny burnum burunda", "burç"},
	{"tk", "köçe", "köçeler köçäniň köçä köçäni köçede köçeden köçesi köçesinde köçelerde", "köçürmek"},
	{"tk", "ülke", "ülkeler ülkäniň ülkä ülkäni ülkede ülkeden ülkesi ülkelerine ülkämiz", "ülker"},
	{"tk", "oba", "obalar obanyň obany obada obadan obasy obasyna obamyz", "obýekt"},
	{"tk", "okuwçy", "okuwçylar okuwçynyň okuwçyny okuwçyda okuwçydan okuwçysy", "okuw"},
	{"tk", "prezident", "prezidentiň prezidenti prezidente prezidentler prezidentden prezidentimiz prezidentiniň", "prezidentlik"},
	{"tk", "söz", "sözler sözüň söze sözi sözde sözden sözüm sözümiz sözleriniň", "sözbaşy"},
	{"tk", "hökümet", "hökümetiň hökümeti hökümete hökümetde hökümetden hökümetler hökümetiniň", "hökman"},
	{"tk", "Aşgabat", "Aşgabadyň Aşgabada Aşgabady Aşgabatda Aşgabatdan Aşgabatdaky", "aşgar"},
	{"tk", "Russiýa", "Russiýanyň Russiýany Russiýada Russiýadan Russiýadaky", "rus"},
	// Kyrgyz: glides, softened and foreign ends, comparison, persons, agents.
	{"ky", "той", "тою тоюн тоюна тоюнда тойго тойдон тойлор", "тойгуз тоо"},
	{"ky", "орун", "орду ордуна ордунда орундан орунга", "ордо"},
	{"ky", "объект", "объектилер объектилерди объектиге объектке объектинин", "объектив"},
	{"ky", "банк", "банкка банкта банктар банктардын банкы банкын банктагы", "банкет банкир"},
	{"ky", "чоң", "чоңураак чоңго чоңдор", "чоңой"},
	{"ky", "коюу", "койду коет коюп коюлду коюлган койгон коюуга койбойт койсоңуздар", "кош кол"},
	{"ky", "колдоо", "колдойт колдоду колдогон колдоого колдоосу колдоочу колдоп колдобойт колдойбуз колдосоңор колдочу колдочумун", "колдонуу колдонулат колдонгон"},
	{"ky", "чыгуу", "чыгат чыкты чыккан чыгып чыгыптыр чыкпайт чыкса чыгуунун чыгууга чыкмакчы чыкканда чыгабыз чыгасыңар чыкпады чыкпоо чыкпоого чыкпайынча чыккысы", "чыгарма чыгыш чыгым"},
	{"ky", "тапшыруу", "тапшырат тапшырды тапшырбады тапшырган тапшырылды", "тапшырма тапшырмасы"},
	// The owned one of two nouns: даму банкі, өнүктүрүү банкы, ösüş banky.
	{"kk", "банкі", "банкіне банкінің банкін банкінде банкінен банкіндегі банкімен", "банкет банкир"},
	{"kk", "палатасы", "палатасына палатасының палатасын палатасында палатасынан", "палата палаталар"},
	{"ky", "банкы", "банкына банкынын банкын банкында банкынан банкындагы", "банкет"},
	{"ky", "биримдиги", "биримдигине биримдигинин биримдигинде биримдигинен", "биримдик"},
	{"tk", "banky", "bankyna bankynyň bankyny bankynda bankyndan", "banket"},
	{"tk", "edarasy", "edarasyna edarasynyň edarasynda edarasyndan", "edara"},
	{"kk", "Назарбаев", "Назарбаевтың Назарбаевқа Назарбаевты Назарбаевпен Назарбаевтан", "Назарбаева"},
	{"kk", "қолдау", "қолдайды қолдады қолдаған қолдауға қолдап", "қолданады қолданылған"},
	// Turkmen verbs: tenses, persons, negation, participles, voices.
	{"tk", "barmak", "bardy bardym bardyň bardyk barýar barýaryn barýarys barýarlar barar barmaz baran barýan barjak barypdyr baryp bardylar barmady barmaýar barmadyk barsa barsyn baranda baranlar barmagy barmaga", "barlag bark"},
	{"tk", "gelmek", "geldi geldim gelýär gelýärin gelýärler geler gelmez gelen gelýän geljek gelip gelipdir gelmedi gelse gelsin gelende gelmegi", "gelin"},
	{"tk", "okamak", "okady okaýar okar okan okaýan okajak okap okapdyr okamady okasa okalýar okaldy", "okuwçy"},
	{"tk", "işlemek", "işledi işleýär işlär işlän işleýän işlejek işläp işläpdir işlemedi", "işçi işsiz"},
	{"tk", "bermek", "berdi berýär berer beren berýän berjek berip beripdir bermedi berildi berilýär berilen", "berk"},
	{"tk", "almak", "aldy alýar alar alan alýan aljak alyp alypdyr almady alyndy alynýar alynan", "altyn"},
	{"tk", "togtatmak", "togtatdy togtadýar togtadar togtadan togtatjak togtadyp togtadyldy togtadylýar togtadylan togtadyljakdygyny togtatmady", "togta togtam"},
}

func TestHandmadeForms(t *testing.T) {
	for _, tc := range handmade {
		t.Run(tc.lang+" "+tc.lemma, func(t *testing.T) {
			m, err := NewMatcher([]Term{{Text: tc.lemma, Lang: tc.lang}})
			if err != nil {
				t.Fatal(err)
			}
			matches := func(s string) bool { return len(m.Match(&Read("", s, tc.lang).Body, tc.lang, nil)) > 0 }
			for form := range strings.FieldsSeq(tc.lemma + " " + tc.forms) {
				if !matches(form) {
					t.Errorf("%q isn't taken for a form of %q", form, tc.lemma)
				}
			}
			for other := range strings.FieldsSeq(tc.others) {
				if matches(other) {
					t.Errorf("%q is taken for a form of %q", other, tc.lemma)
				}
			}
		})
	}
}
