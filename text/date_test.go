package text

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// written is when the tests' texts were written: a Wednesday.
var written = time.Date(2026, 11, 25, 18, 30, 0, 0, time.FixedZone("", 5*3600))

func ExampleDates() {
	ref := time.Date(2026, 11, 25, 18, 30, 0, 0, time.UTC)
	f := &Read("", "Кече эмес, 24-ноябрда болду. 2022-жылы башталган.", "ky").Body
	for _, d := range Dates(nil, f, ref) {
		fmt.Println(f.Text[d.Start:d.End], d.Time.Format(time.DateOnly), d.Precision)
	}
	// Output:
	// 24-ноябрда 2026-11-24 day
	// 2022-жылы 2022-01-01 year
}

// show writes dates as place, time, and end where it isn't the next unit.
func show(f *Field, ds []Dated) string {
	var out []string
	for _, d := range ds {
		s := f.Text[d.Start:d.End] + " = "
		switch d.Precision {
		case PrecisionYear:
			s += d.Time.Format("2006")
			if n := d.Until.Year() - d.Time.Year(); n > 1 {
				s += fmt.Sprintf("+%d", n-1)
			}
		case PrecisionMonth:
			s += d.Time.Format("2006-01")
		default:
			s += d.Time.Format(time.DateOnly)
			if d.Clock {
				s += d.Time.Format(" 15:04")
			}
			if last := d.Until.AddDate(0, 0, -1); last.After(d.Time) {
				s += d.Until.AddDate(0, 0, -1).Format("/2006-01-02")
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func TestDates(t *testing.T) {
	for _, tc := range []struct{ lang, text, want string }{
		// Russian
		{"ru", "Об этом сообщили 24 ноября.", "24 ноября = 2026-11-24"},
		{"ru", "Об этом сообщили 24 ноября 2022 года.", "24 ноября 2022 года = 2022-11-24"},
		{"ru", "24 ноября 2022 г. в Бишкеке", "24 ноября 2022 г = 2022-11-24"},
		{"ru", "Сегодня, 14:05 по Бишкеку", "Сегодня, 14:05 = 2026-11-25 14:05"},
		{"ru", "вчера в 9:05 утра", "вчера в 9:05 = 2026-11-24 09:05"},
		{"ru", "14:05, 24.11.2026", "14:05, 24.11.2026 = 2026-11-24 14:05"},
		{"ru", "Учения пройдут с 10 по 14 декабря.", "10 по 14 декабря = 2026-12-10/2026-12-14"},
		{"ru", "10–14 октября 2022 года отменены", "10–14 октября 2022 года = 2022-10-10/2022-10-14"},
		{"ru", "30 ноября – 2 декабря", "30 ноября – 2 декабря = 2026-11-30/2026-12-02"},
		{"ru", "В ноябре 2022 года и в 2021 году, в 2022–2024 годах.", "ноябре 2022 года = 2022-11; 2021 году = 2021; 2022–2024 годах = 2022+2"},
		{"ru", "в октябре прошлого года", "октябре прошлого года = 2025-10"},
		{"ru", "В прошлом году и в этом году", "прошлом году = 2025; этом году = 2026"},
		{"ru", "3 дня назад; два года назад; неделю назад; 5 лет назад", "3 дня назад = 2026-11-22; два года назад = 2024; неделю назад = 2026-11-18; 5 лет назад = 2021"},
		{"ru", "полчаса назад, три недели тому назад, несколько дней назад", "полчаса назад = 2026-11-25 18:00; три недели тому назад = 2026-11-04"},
		{"ru", "двадцать четвертого ноября, первого сентября 2022 года, первого заместителя", "двадцать четвертого ноября = 2026-11-24; первого сентября 2022 года = 2022-09-01"},
		{"ru", "в понедельник, 23 ноября", "понедельник, 23 ноября = 2026-11-23"},
		{"ru", "встреча в пятницу", "пятницу = 2026-11-20"},
		{"ru", "в следующую пятницу", "пятницу = 2026-11-27"},
		{"ru", "в 1990-х годах", "1990-х годах = 1990+9"},
		{"ru", "1-го мая", "1-го мая = 2026-05-01"},
		{"ru", "5 января", "5 января = 2027-01-05"},
		{"ru", "5 июня", "5 июня = 2026-06-05"},
		{"ru", "5 мин. ходьбы, 20 май, 5 марок, 12 октав", "20 май = 2026-05-20"},
		{"ru", "Осталось 24 человека из 2022, код 8542.31, ст. 24.11", ""},
		{"ru", "31 февраля", ""},
		{"ru", "Сегодня-завтра", ""},
		// English
		{"en", "On November 24, 2022, and on 24 November 2022", "November 24, 2022 = 2022-11-24; 24 November 2022 = 2022-11-24"},
		{"en", "Nov. 24th; the 24th of November", "Nov. 24th = 2026-11-24; 24th of November = 2026-11-24"},
		{"en", "October 10-14 drills", "October 10-14 = 2026-10-10/2026-10-14"},
		{"en", "in October 2022, in 2021, since 2014", "October 2022 = 2022-10; in 2021 = 2021; since 2014 = 2014"},
		{"en", "yesterday, today and tomorrow", "yesterday = 2026-11-24; today = 2026-11-25; tomorrow = 2026-11-26"},
		{"en", "3 days ago, a week ago, last year", "3 days ago = 2026-11-22; a week ago = 2026-11-18; last year = 2025"},
		{"en", "He may 24 times march 5 miles; in 2000 tons", ""},
		{"en", "half an hour ago, two years ago, several days ago, 15 minutes ago", "half an hour ago = 2026-11-25 18:00; two years ago = 2024; 15 minutes ago = 2026-11-25 18:15"},
		{"en", "the first of May, his first march", "first of May = 2026-05-01"},
		{"en", "on Monday", "Monday = 2026-11-23"},
		{"en", "in the 1990s", "1990s = 1990+9"},
		{"en", "11/24/2022 and 24/11/2022 and 2022-11-24", "11/24/2022 = 2022-11-24; 24/11/2022 = 2022-11-24; 2022-11-24 = 2022-11-24"},
		// Kazakh
		{"kk", "Бұл туралы 24 қараша күні айтылды.", "24 қараша = 2026-11-24"},
		{"kk", "2022 жылғы 24 қарашада", "2022 жылғы 24 қарашада = 2022-11-24"},
		{"kk", "24-қараша, 10–14 желтоқсанда", "24-қараша = 2026-11-24; 10–14 желтоқсанда = 2026-12-10/2026-12-14"},
		{"kk", "Бүгін сағат 14:05-те, кеше, ертең", "Бүгін сағат 14:05-те = 2026-11-25 14:05; кеше = 2026-11-24; ертең = 2026-11-26"},
		{"kk", "2022 жылы, 2022 жылдың қазанында, былтыр, биыл", "2022 жылы = 2022; 2022 жылдың қазанында = 2022-10; былтыр = 2025; биыл = 2026"},
		{"kk", "3 күн бұрын, 2 жыл бұрын", "3 күн бұрын = 2026-11-22; 2 жыл бұрын = 2024"},
		{"kk", "2 сағат бұрын, жарты сағат бұрын, екі күн бұрын", "2 сағат бұрын = 2026-11-25 16:30; жарты сағат бұрын = 2026-11-25 18:00; екі күн бұрын = 2026-11-23"},
		{"kk", "қараша айының 24-і күні; қарашаның 24-інде", "қараша айының 24-і = 2026-11-24; қарашаның 24-інде = 2026-11-24"},
		{"kk", "сейсенбі күні", "сейсенбі = 2026-11-24"},
		{"kk-Latn", "24 qarasha, búgin, 24 qaraşa, 2022 jylǵy qazan", "24 qarasha = 2026-11-24; búgin = 2026-11-25; 24 qaraşa = 2026-11-24; 2022 jylǵy qazan = 2022-10"},
		// Kyrgyz
		{"ky", "24-ноябрда, 2022-жылдын 24-ноябрында", "24-ноябрда = 2026-11-24; 2022-жылдын 24-ноябрында = 2022-11-24"},
		{"ky", "Кечээ, бүгүн, эртең", "Кечээ = 2026-11-24; бүгүн = 2026-11-25; эртең = 2026-11-26"},
		{"ky", "2022-жылдын ноябрь айынын 24үндө; бугу айынын 5и; жетинин айында; бугу", "2022-жылдын ноябрь айынын 24үндө = 2022-11-24; бугу айынын 5и = 2026-05-05"},
		{"ky", "жарым саат мурун, эки күн мурун, 2 жума мурда", "жарым саат мурун = 2026-11-25 18:00; эки күн мурун = 2026-11-23; 2 жума мурда = 2026-11-11"},
		{"ky", "10-14-октябрь, 2022-жылы, былтыр", "10-14-октябрь = 2026-10-10/2026-10-14; 2022-жылы = 2022; былтыр = 2025"},
		{"ky", "дүйшөмбү күнү, жума күнү, 3 күн мурун", "дүйшөмбү = 2026-11-23; жума = 2026-11-20; 3 күн мурун = 2026-11-22"},
		// Uzbek, both scripts
		{"uz", "24-noyabr 2026-yil, 2022-yil 24-noyabrda", "24-noyabr 2026-yil = 2026-11-24; 2022-yil 24-noyabrda = 2022-11-24"},
		{"uz", "kecha, bugun soat 14:05 da, ertaga", "kecha = 2026-11-24; bugun soat 14:05 = 2026-11-25 14:05; ertaga = 2026-11-26"},
		{"uz", "2022-yilda, oʻtgan yili, bu yil, 3 kun oldin", "2022-yilda = 2022; oʻtgan yili = 2025; bu yil = 2026; 3 kun oldin = 2026-11-22"},
		{"uz", "3 soat oldin, yarim soat oldin, noyabr oyining 24-kuni; noyabrning 24-sanasida", "3 soat oldin = 2026-11-25 15:30; yarim soat oldin = 2026-11-25 18:00; noyabr oyining 24-kuni = 2026-11-24; noyabrning 24-sanasida = 2026-11-24"},
		{"uz", "2022 yil oktabrda, dushanba kuni", "2022 yil oktabrda = 2022-10; dushanba = 2026-11-23"},
		{"uz-Cyrl", "2026 йил 24 ноябрь, кеча, бугун, ўтган йили, 2022 йилда", "2026 йил 24 ноябрь, кеча = 2026-11-24; бугун = 2026-11-25; ўтган йили = 2025; 2022 йилда = 2022"},
		// Tajik
		{"tg", "24 ноябр, 24 ноябри соли 2022", "24 ноябр = 2026-11-24; 24 ноябри соли 2022 = 2022-11-24"},
		{"tg", "дирӯз, имрӯз, фардо, соли 2022, соли гузашта", "дирӯз = 2026-11-24; имрӯз = 2026-11-25; фардо = 2026-11-26; соли 2022 = 2022"},
		{"tg", "рӯзи душанбе дар шаҳри Душанбе, 3 рӯз пеш", "душанбе = 2026-11-23; 3 рӯз пеш = 2026-11-22"},
		{"tg", "ду соат қабл, 24-уми ноябр, якуми сентябри соли 2022, аз 24 то 26 декабр", "ду соат қабл = 2026-11-25 16:30; 24-уми ноябр = 2026-11-24; якуми сентябри соли 2022 = 2022-09-01; 24 то 26 декабр = 2026-12-24/2026-12-26"},
		{"tg", "дар моҳи октябри соли 2022", "октябри соли 2022 = 2022-10"},
		// Turkmen
		{"tk", "24-nji noýabrda, 2022-nji ýylyň 24-nji noýabrynda", "24-nji noýabrda = 2026-11-24; 2022-nji ýylyň 24-nji noýabrynda = 2022-11-24"},
		{"tk", "düýn, şu ýyl, geçen ýyl, 2022-nji ýylda, 3 gün öň", "düýn = 2026-11-24; şu ýyl = 2026; geçen ýyl = 2025; 2022-nji ýylda = 2022; 3 gün öň = 2026-11-22"},
		{"tk", "ýarym sagat öň, iki gün ozal, şu gün", "ýarym sagat öň = 2026-11-25 18:00; iki gün ozal = 2026-11-23; şu gün = 2026-11-25"},
		{"tk", "Sanjar aýynyň 25-i; 2003-nji ýylyň Alp Arslan aýynyň 5-i; Sanjar geldi; Bitaraplyk güni", "Sanjar aýynyň 25-i = 2026-11-25; 2003-nji ýylyň Alp Arslan aýynyň 5-i = 2003-08-05"},
		{"tk-Cyrl", "24-нжи ноябрда, 2022-нжи йылда, дүйн", "24-нжи ноябрда = 2026-11-24; 2022-нжи йылда = 2022; дүйн = 2026-11-24"},
		{"tk", "duşenbe güni, anna güni, Anna geldi", "duşenbe = 2026-11-23; anna = 2026-11-20"},
		// what isn't a date
		{"", "", ""},
		{"en", "version 1.2.3, 99999999999999999999, 0 May, 24:61", ""},
	} {
		f := &Read("", tc.text, tc.lang).Body
		if got := show(f, Dates(nil, f, written)); got != tc.want {
			t.Errorf("%s %q\n got %s\nwant %s", tc.lang, tc.text, got, tc.want)
		}
	}
}

func TestDatedAge(t *testing.T) {
	f := &Read("", "24 ноября, 5 декабря, 2022 год", "ru").Body
	ds := Dates(nil, f, written)
	if len(ds) != 3 {
		t.Fatalf("%d dates", len(ds))
	}
	if a := ds[0].Age(written); a != 18*time.Hour+30*time.Minute {
		t.Errorf("yesterday is over for %v", a)
	}
	if a := ds[1].Age(written); a >= 0 {
		t.Errorf("a day to come is over for %v", a)
	}
	if a := ds[2].Age(written); a < 3*365*24*time.Hour {
		t.Errorf("2022 is over for %v", a)
	}
}

func TestDatesMakeNoGarbage(t *testing.T) {
	f := &Read("", strings.Repeat("В понедельник, 24 Ноября 2022 года, кеча soat 14:05 da, 2022-nji ýylyň 24-nji noýabrynda. ", 20), "").Body
	dst := Dates(nil, f, written)
	if n := testing.AllocsPerRun(20, func() { dst = Dates(dst[:0], f, written) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzDates(f *testing.F) {
	for _, s := range []string{
		"24 ноября 2026 года, 14:05", "2026-njy ýylyň 24-nji noýabry", "November 24–26, 2026", "99999999999:00 ago", "3 дня назад",
		"24.11.2026", "1990-х", "10 по 14 декабря", "30 ноября – 2 декабря", "соли 2022", "в 2022–2024 годах", "999 лет назад",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fd := &Read("", s, "").Body
		end := int32(0)
		for _, d := range Dates(nil, fd, written) {
			if d.Start < end || d.End <= d.Start || int(d.End) > len(s) || d.First > d.Last || int(d.Last) >= len(fd.Words) {
				t.Fatalf("%+v behind %d", d, end)
			}
			if !d.Until.After(d.Time) {
				t.Fatalf("%q is over before it begins: %+v", s[d.Start:d.End], d)
			}
			end = d.End
		}
	})
}

func BenchmarkDates(b *testing.B) {
	f := &Read("", strings.Repeat("В понедельник, 24 ноября 2022 года, президент заявил о выходе из договора и об учениях на границе. ", 20), "").Body
	dst := Dates(nil, f, written)
	b.SetBytes(int64(len(f.Text)))
	b.ReportAllocs()
	for b.Loop() {
		dst = Dates(dst[:0], f, written)
	}
}
