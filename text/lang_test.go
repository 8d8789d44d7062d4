package text

import (
	"strings"
	"testing"
)

func TestDetect(t *testing.T) {
	for _, tc := range []struct{ want, hint, text string }{
		{"en", "", "The ministry said on Monday that the exports would be stopped."},
		{"ru", "", "Министерство сообщило в понедельник, что вывоз будет остановлен."},
		{"kk", "", "Министрлік дүйсенбі күні шығарылымды тоқтататынын мәлімдеді."},
		{"ky", "", "Министрлик дүйшөмбү күнү чыгарууну токтотоорун билдирди."},
		{"uz", "", "Vazirlik dushanba kuni eksport toʻxtatilishini maʼlum qildi."},
		{"uz-Cyrl", "", "Вазирлик душанба куни экспорт тўхтатилишини маълум қилди."},
		{"tg", "", "Вазорат рӯзи душанбе гуфт, ки содирот боздошта мешавад."},
		{"tk", "", "Ministrlik duşenbe güni eksportyň togtadyljakdygyny habar berdi."},
		{"tk-Cyrl", "", "Министрлик душенбе гүни экспортың тогтадылҗакдыгыны хабар берди, бу барада билдирилди."},
		{"kk-Latn", "", "Mınıstrlik dúısenbi kúni shyǵarylymdy toqtatatynyn málimdedi."},
		{"kk-Arab", "", "مينيسترلىك دۇيسەنبى كۇنى شىعارىلىمدى توقتاتاتىنىن مالىمدەدى"},
		{"tr", "", "Bakanlık pazartesi günü ihracatın durdurulacağını açıkladı."},
		{"az", "", "Nazirlik bazar ertəsi ixracın dayandırılacağını bildirdi."},
		{"uk", "", "Міністерство повідомило в понеділок, що вивезення буде зупинено."},
		{"be", "", "Міністэрства паведаміла ў панядзелак, што вываз будзе спынены."},
		{"fa", "", "وزارتخانه روز دوشنبه اعلام کرد که صادرات متوقف می\u200cشود."},
		{"de", "", "Das Ministerium teilte am Montag mit, dass die Ausfuhr nicht mehr erlaubt ist und von der Regierung geprüft wird."},
		{"ru", "", "Команда git commit --amend меняет последний commit, а git push --force отправляет branch в remote."},
		{"ru", "kk", "Министерство сообщило в понедельник, что вывоз будет остановлен."},
		{"kk", "ru", "Министрлік дүйсенбі күні шығарылымды тоқтататынын мәлімдеді."},
		{"ky", "ky", "Министр"},
		{"ru", "ru-RU", "Министр"},
		{"uz", "uz-Latn", "2026"},
		{"und", "", "2026"},
		{"und", "", "საქართველო"},
		{"und", "", "中国外交部"},
		{"und", "", ""},

		{"en", "", "Farmers in the north are waiting for rain, and prices on the market keep rising."},
		{"en", "", "Parliament backs new customs law"},
		{"en", "", "Тhe sanсtiоns оn Russia hаve bеen еxtended, officials sаid."},
		{"ru", "", "Сaнкции прoтив Рoссии: экcпорт чипoв зaпрeщён, реэкспорт тoже."},
		{"ru", "", "Жители села жалуются на плохую дорогу и просят власти починить мост."},
		{"ru", "", "Парламент одобрил новый закон о таможне"},
		{"kk", "", "Ауыл тұрғындары жолдың нашарлығына шағымданып, көпірді жөндеуді сұрап отыр."},
		{"kk", "", "Парламент кеден туралы жаңа заңды мақұлдады"},
		{"ky", "", "Айыл тургундары жолдун начардыгына нааразы болуп, көпүрөнү оңдоону сурап жатышат."},
		{"ky", "", "Парламент бажы тууралуу жаңы мыйзамды жактырды"},
		{"uz", "", "Qishloq aholisi yoʻlning yomonligidan shikoyat qilib, koʻprikni tuzatishni soʻramoqda."},
		{"uz", "", "Parlament bojxona toʻgʻrisidagi yangi qonunni maʼqulladi"},
		{"uz-Cyrl", "", "Қишлоқ аҳолиси йўлнинг ёмонлигидан шикоят қилиб, кўприкни тузатишни сўрамоқда."},
		{"tg", "", "Сокинони деҳа аз бадии роҳ шикоят мекунанд ва таъмири пулро талаб доранд."},
		{"tg", "", "Парлумон қонуни навро дар бораи гумрук тасдиқ кард"},
		{"tk", "", "Obanyň ilaty ýoluň erbetliginden zeýrenip, köprüni bejermegi soraýar."},
		{"tk-Cyrl", "", "Обаның илаты ёлуң эрбетлигинден зейренип, көпрүни бежермеги сораяр."},
		{"kk-Arab", "", "اۋىل تۇرعىندارى جولدىڭ ناشارلىعىنا شاعىمدانىپ وتىر"},
		{"tt", "", "Авыл халкы юлның начарлыгыннан зарлана һәм күперне төзәтүне сорый."},
		{"ba", "", "Ауыл халҡы юлдың насарлығынан зарлана һәм күперҙе төҙәтеүҙе һорай."},
		{"kaa", "", "Аўыл турғынлары жолдың жаманлығынан шағым етип, көпирди дүзетиўди сорап атыр ҳәм жуўап күтип атыр."},
		{"kaa-Latn", "", "Awıl turǵınları joldıń jamanlıǵınan shaǵım etip, kópirdi dúzetiwdi sorap atır hám juwap kútip atır."},
		{"ug", "", "يېزا ئاھالىسى يولنىڭ ناچارلىقىدىن شىكايەت قىلىپ، كۆۋرۈكنى ئوڭشاشنى تەلەپ قىلدى."},
		{"az-Cyrl", "", "Кәнд әһалиси јолун пис олмасындан шикајәт едир вә көрпүнүн тәмирини истәјир."},
		{"az", "", "Kənd əhalisi yolun pis olmasından şikayət edir və körpünün təmirini istəyir."},
		{"tr", "", "Köy halkı yolun kötülüğünden şikâyet ediyor ve köprünün onarılmasını istiyor."},
		{"uk", "", "Мешканці села скаржаться на погану дорогу і просять владу полагодити міст."},
		{"be", "", "Жыхары вёскі скардзяцца на дрэнную дарогу і просяць улады адрамантаваць мост."},
		{"fa", "", "ساکنان روستا از بدی راه شکایت دارند و تعمیر پل را می\u200cخواهند."},
		{"fr", "", "Les habitants du village se plaignent de la route et demandent que le pont soit réparé."},
		{"es", "", "Los vecinos del pueblo se quejan de la carretera y piden que arreglen el puente."},
	} {
		if got := Detect(tc.text, tc.hint); got != tc.want {
			t.Errorf("%q, said to be %q: got %s, want %s", tc.text, tc.hint, got, tc.want)
		}
	}
}

// What was typed on a keyboard, or in a font, that lacks letters of the language,
// and the Latin alphabets that Kazakh has had.
func TestDetectOtherLetters(t *testing.T) {
	for _, tc := range []struct{ want, text string }{
		{"tg", "Сокинони деха аз бадии рох шикоят мекунанд ва таъмири пулро талаб доранд."},
		{"tg", "Хукумат карор кард, ки мактабхо дар хама вилоятхо таъмир карда шаванд."},
		{"tg", "Њукумат ќарор кард, ки мактабњо дар њама вилоятњо таъмир карда шаванд."},
		{"tg", "Љумњурии мо бо њамсояњо дўстї дорад."},
		{"ky", "Айыл тургундары жолдун начардыгына нааразы болуп, копурону ондоону сурап жатышат."},
		{"ky", "Єкмєт жаўы мектептерди курууну чечти, бул їчїн акча бєлїндї."},
		{"kk", "Ауыл тургындары жолдын нашарлыгына шагымданып, копирди жондеуди сурап отыр."},
		{"uz-Cyrl", "Кишлок ахолиси йулнинг ёмонлигидан шикоят килиб, куприкни тузатишни сурамокда."},
		{"uz", "Qishloq aholisi yolning yomonligidan shikoyat qilib, koprikni tuzatishni soramoqda."},
		{"uz", "Qishloq aholisi yo`lning yomonligidan shikoyat qilib, ko‘prikni tuzatishni so'ramoqda."},
		{"tk", "Obanyn ilaty yolun erbetliginden zeyrenip, koprini bejermegi sorayar, hokumet bolsa jogap bermeyar."},
		{"kk-Latn", "Aýyl turǵyndary joldyń nasharlyǵyna shaǵymdanyp, kópirdi jóndeýdi surap otyr."},
		{"kk-Latn", "Auyl tūrğyndary joldyñ naşarlyğyna şağymdanyp, köpırdı jöndeudı sūrap otyr."},
		{"kk-Latn", "Auyl turghyndary joldyng nasharlyghyna shaghymdanyp, kөpirdi zhөndeudi surap otyr, әkim zhauap bermedi."},
		{"kk-Latn", "Ay'yl turg'yndary joldyn' nasharlyg'yna shag'ymdanyp, ko'pirdi jo'ndey'di surap otyr."},
	} {
		if got := Detect(tc.text, ""); got != tc.want {
			t.Errorf("%q: got %s, want %s", tc.text, got, tc.want)
		}
	}
}

func TestLatinWordsDontMakeEnglish(t *testing.T) {
	for _, tc := range []struct{ want, text string }{
		{"ru", "Правительство решило git push и docker compose up nginx systemctl restart"},
		{"ru", "Об этом сообщает The New York Times со ссылкой на The Wall Street Journal и The Washington Post"},
		{"kk", "Компания Samsung Electronics, Apple, Huawei Technologies, Google Cloud және Microsoft Azure өнімдерін сатады"},
		{"ky", "Буйруктар: sudo apt-get install nginx, systemctl enable nginx, docker compose up; андан кийин серверди өчүрүп күйгүзүңүз"},
		{"tg", "Барномаҳои Microsoft Word, Excel, PowerPoint, Adobe Photoshop ва Google Chrome дар ҳама мактабҳо насб карда шуданд"},
		{"uz", "Samsung Electronics, Apple va Huawei Technologies kompaniyalari mahsulotlari Toshkentda sotilmoqda"},
		{"en", "The ministry (Министерство транспорта) said that the road would be open in May."},
		{"en", "The song is called «Ветер с моря дул», and it was written in the spring of that year by a teacher."},
	} {
		if got := Detect(tc.text, ""); got != tc.want {
			t.Errorf("%q: got %s, want %s", tc.text, got, tc.want)
		}
	}
}

func TestParagraphsHaveTheirOwnLanguage(t *testing.T) {
	const (
		kk  = "Ауыл тұрғындары жолдың нашарлығына шағымданып, көпірді жөндеуді сұрап отыр."
		ru  = "«Мы уже выделили деньги, и осенью мост будет готов», — сказал глава района."
		uz  = "Qishloq aholisi yoʻlning yomonligidan shikoyat qilib, koʻprikni tuzatishni soʻramoqda."
		en  = "The bridge will be ready in the autumn, said the head of the district."
		uzc = "Қишлоқ аҳолиси йўлнинг ёмонлигидан шикоят қилиб, кўприкни тузатишни сўрамоқда."
	)
	for _, tc := range []struct {
		title, body string
		want        string // the article's, the title's, the paragraphs'
	}{
		{"Көпір күзде дайын болады", kk + "\n\n" + ru + "\n\n" + kk, "kk kk kk ru kk"},
		{"Мост откроют осенью", ru + "\n\n" + kk + "\n\n" + ru, "ru ru ru kk ru"},
		{"Koʻprik kuzda tayyor boʻladi", uz + "\n\n" + ru + "\n\n" + uz + "\n\n" + en, "uz uz uz ru uz en"},
		{"", uzc + "\n\n" + uz + "\n\n" + uzc, "uz-Cyrl uz-Cyrl uz uz-Cyrl"},
		{"", kk + "\n\nReuters\n\n2026\n\nАБВ", "kk kk kk kk kk"},
		{"", kk + "\n\n" + en + "\n\n" + kk, "kk kk en kk"},
	} {
		r := Read(tc.title, tc.body, "")
		got := []string{r.Lang}
		for _, f := range []*Field{&r.Title, &r.Body} {
			for _, p := range f.Paragraphs {
				got = append(got, p.Lang)
			}
		}
		if s := strings.Join(got, " "); s != tc.want {
			t.Errorf("%q %q:\n got %s\nwant %s", tc.title, tc.body, s, tc.want)
		}
	}
}

func TestWhatIsInNoLanguage(t *testing.T) {
	for _, s := range []string{
		"Η κυβέρνηση αποφάσισε τη Δευτέρα", "הממשלה החליטה ביום שני", "Կառավարությունը որոշեց", "한국 정부", "123 456", "!?—…", "\xff\xfe\x80",
		"Hallitus ilmoitti, että tie avataan liikenteelle vasta lumien sulettua keväällä, ja asukkaat joutuvat odottamaan.",
		"A falu lakói panaszkodnak az útra, és azt kérik, hogy javítsák meg végre a hidat.",
	} {
		if got := Detect(s, ""); got != Unknown {
			t.Errorf("%q: got %s", s, got)
		}
	}
}

func TestNormalizeLang(t *testing.T) {
	for in, want := range map[string]string{
		"ru": "ru", "ru-RU": "ru", "ru_RU": "ru", "RU": "ru", "rus": "ru", "eng": "en", "en-US": "en",
		"uz-Latn": "uz", "uz-Cyrl": "uz-Cyrl", "uz-cyrl-UZ": "uz-Cyrl", "uz-Latn-UZ": "uz", "uzb": "uz",
		"kz": "kk", "kk-Cyrl": "kk", "kk-Latn": "kk-Latn", "kk-Arab-CN": "kk-Arab", "kg": "ky", "tj": "tg",
		"tuk": "tk", "tk-Cyrl": "tk-Cyrl", "ua": "uk", " en ": "en", "": "und", "x": "und", "und": "und",
		"russian": "ru", "de-DE": "de", "12": "und", "klingonese": "und",
		"kaa": "kaa", "kaa-Cyrl": "kaa", "kaa-Latn": "kaa-Latn", "az-Cyrl": "az-Cyrl", "ug-Arab": "ug",
	} {
		if got := NormalizeLang(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
