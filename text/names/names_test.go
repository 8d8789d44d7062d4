package names

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/text"
)

// readAll gives what a list holds, a line a name or fault.
func readAll(t *testing.T, list, format string) (lines []string, r *Reader) {
	t.Helper()
	r, err := NewReader(strings.NewReader(list), format)
	if err != nil {
		t.Fatal(err)
	}
	for {
		n, err := r.Next()
		var bad *LineError
		switch {
		case err == io.EOF:
			return lines, r
		case errors.As(err, &bad):
			lines = append(lines, err.Error())
		case err != nil:
			t.Fatal(err)
		default:
			lines = append(lines, fmt.Sprintf("%s|%s|%s|%s|%s", n.ID, n.Kind, strings.Join(n.Countries, " "),
				strings.Join(n.Spellings, ", "), strings.Join(n.Respelled, ", ")))
		}
	}
}

func TestReader(t *testing.T) {
	for _, tc := range []struct{ name, list, format, want string }{
		{"OpenSanctions", `id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,dataset,first_seen,last_seen,last_change
NK-1,Person,Ivan Petrenkov,"Иван Петренков;""Petrenkov; Ivan""",1970-01-01,ru;kz,,,,,,Made Up,2023-04-20T10:00:00,2026-03-01T09:00:00,2025-01-01T00:00:00
NK-2,Company,"OOO ""Romashka Plus""",,,ru,,,,,,Made Up,2023-04-20T10:00:00,2026-02-01T09:00:00,
NK-3,Vessel,,,,,,,,,,,,,
NK-4,Company,short
NK-5,LegalEntity,Torgovy Dom Vostok,,,,,,,,,,,,
`, "opensanctions", `NK-1|person|RU KZ|Ivan Petrenkov, Иван Петренков, Petrenkov; Ivan|
NK-2|company|RU|OOO "Romashka Plus"|ООО "Ромашка Плус"
line 4: no name
line 5: 3 columns; the first line has 15
NK-5|company||Torgovy Dom Vostok|Торговый Дом Восток`},
		{"a name a line", "\ufeffИван Петренков\n\n—\nJohn Q. Public\r\n", "txt", `name:иван петренков|other||Иван Петренков|Ivan Petrenkov
line 3: "—" has no word
name:john q public|other||John Q. Public|Джохн К. Публик`},
		{"CSV", "name;id;country\nШаҳри Нав;7;tj\n\"Two\nlines\";8;\n\"open;9;kz\nLast;10;uz\n", "csv", `7|other|TJ|Шаҳри Нав|Shahri Nav
8|other||Two lines|Тво линес
line 5: a quotation mark (") is opened and not closed`},
		{"CSV without names of columns", "Ivan Petrenkov,1,person,ru,Vanya Petrenkov;Иван Петренков\n", "csv",
			`1|person|RU|Ivan Petrenkov, Vanya Petrenkov, Иван Петренков|`},
		{"CSV of tabs", "id\tname\n5\tАсан Үсөнов\n", "csv", `5|other||Асан Үсөнов|Asan Usonov`},
		{"JSON Lines", `{"id":"a","name":"Асан Үсөнов","kind":"person","country":"kg","aliases":["Asan Usonov"]}
{"id":"b","schema":"Company","caption":"Zavod","properties":{"name":["Zavod","Завод"],"country":["ru"]},"datasets":["x"]}
[1]
{"id":"c"
{"id":"d","aliases":5}
{"id":"e"}
`, "jsonl", `a|person|KG|Асан Үсөнов, Asan Usonov|
b|company|RU|Zavod, Завод|
line 3: "" is a JSON array, which it can't be
line 4: not a JSON object: unexpected end of JSON input
line 5: not a JSON object: a string or a list of strings is expected
line 6: no name`},
		{"broken letters", "Ivan\nIv\xffan\nПетр\n", "txt", `name:ivan|other||Ivan|Иван
line 2: not UTF-8; convert the file first, for example with iconv
name:петр|other||Петр|Petr`},
		{"too long", strings.Repeat("а ", 13) + "\n" + strings.Repeat("б", 65) + "\n", "txt", `line 1: a name of 13 words; at most 12 are looked for
line 2: a word of more than 64 letters`},
		{"empty", "", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, r := readAll(t, tc.list, "")
			if s := strings.Join(got, "\n"); s != tc.want {
				t.Errorf("got\n%s\nwant\n%s", s, tc.want)
			}
			if r.Format() != tc.format {
				t.Errorf("format %q, want %q", r.Format(), tc.format)
			}
			if tc.name == "OpenSanctions" && !r.Date().Equal(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)) {
				t.Errorf("date %v", r.Date())
			}
		})
	}
}

func TestReaderUnpacks(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	fmt.Fprintln(z, "Ivan Petrenkov")
	z.Close()
	whole := b.String()
	if got, _ := readAll(t, whole, ""); len(got) != 1 {
		t.Errorf("got %v", got)
	}
	r, err := NewReader(strings.NewReader(whole[:len(whole)-6]), "")
	if err == nil {
		_, err = r.Next()
	}
	if err == nil {
		_, err = r.Next()
	}
	if err == nil || isLineError(err) || err == io.EOF {
		t.Errorf("a cut file: %v", err)
	}
}

func TestLongLine(t *testing.T) {
	got, _ := readAll(t, "Ivan\n"+strings.Repeat("x", maxLine+10)+"\nPetr\n", "")
	if len(got) != 3 || got[1] != "line 2: longer than 4 MiB" {
		t.Errorf("got %.200q", got)
	}
}

func TestRespell(t *testing.T) {
	for from, want := range map[string]string{
		"Дмитрий Щукин":         "Dmitri Shchukin",
		"Юлия Ёлкина":           "Yuliya Yolkina",
		"Қасым-Жомарт Өскенбай": "Qasym-Zhomart Oskenbay",
		"ООО ЖУК":               "OOO ZHUK",
		"Shavkat Yuldashev":     "Шавкат Юлдашев",
		"Dmitriy Zhukov":        "Дмитрий Жуков",
		"Ekaterina Kuznetsova":  "Екатерина Кузнецова, Экатерина Кузнецова",
		"ABC Trading":           "АБК Традинг",
		"Žaparow":               "",
		"Иван Smith":            "",
		"习近平":                   "",
		"2024":                  "",
	} {
		if got := strings.Join(Respell(from), ", "); got != want {
			t.Errorf("%s: %q, want %q", from, got, want)
		}
	}
}

func gazetteer(t *testing.T, own string, lists ...news.Name) *Gazetteer {
	t.Helper()
	b := NewBuilder()
	if own != "" {
		all, err := Written(fstest.MapFS{"names/own.yaml": {Data: []byte(own)}})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range all {
			if err := b.AddOwn(o); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, n := range lists {
		if err := b.Add(n); err != nil {
			t.Fatal(err)
		}
	}
	return b.Gazetteer()
}

func named(g *Gazetteer, title, body, lang string) string {
	r := text.Read(title, body, lang)
	var fd Finder
	var out []string
	for _, m := range fd.Find(g, r) {
		f := &r.Body
		if m.Title {
			f = &r.Title
		}
		out = append(out, g.Entity(m.Entity).ID+"="+f.Quote(int(m.First), int(m.Last)))
	}
	return strings.Join(out, " ")
}

func TestGazetteer(t *testing.T) {
	g := gazetteer(t, `names:
  - {id: csto, kind: organisation, terms: {en: [CSTO], ru: [ОДКБ, Организация Договора]}}
  - {id: kz.t, kind: person, countries: [KZ], terms: {ru: [Асан Токанов, Токанов]}}
`,
		news.Name{ID: "p", Kind: "person", Spellings: []string{"Иван Петренков", "Петренков"}, Respelled: []string{"Ivan Petrenkov"}},
		news.Name{ID: "v", Kind: "company", Spellings: []string{"Vostok", "Vostok Electronics"}},
		news.Name{ID: "c", Kind: "company", Spellings: []string{"Торговый Дом", "ООО Торговый Дом Ромашкино"}},
		news.Name{ID: "q", Kind: "company", Spellings: []string{"Северный завод"}},
	)
	for _, tc := range []struct{ name, title, body, lang, want string }{
		{"forms", "", "Ивану Петренкову и Ивана Петренкова", "ru", "p=Ивану Петренкову p=Ивана Петренкова"},
		{"one word alone", "", "Сказал Петренков.", "ru", ""},
		{"one word beside the whole", "Петренков сказал", "Это был Иван Петренков. Петренкова ждут.", "ru", "p=Петренков p=Иван Петренков p=Петренкова"},
		{"the other script", "", "Ivan Petrenkov said", "en", "p=Ivan Petrenkov"},
		{"common words", "", "Торговый Дом открыт", "ru", ""},
		{"common words beside the whole", "", "ООО «Торговый Дом Ромашкино», Торговый Дом", "ru", "c=ООО «Торговый Дом Ромашкино c=Торговый Дом"},
		{"small letters", "", "иван петренков", "ru", ""},
		{"small letters of the name", "", "Северный завод и северный завод", "ru", "q=Северный завод"},
		{"one word of ours", "", "Токанову и Асану Токанову", "ru", "kz.t=Токанову kz.t=Асану Токанову"},
		{"an abbreviation", "", "ОДКБ, одкб, учения ОДКБ", "ru", "csto=ОДКБ csto=ОДКБ"},
		{"one word of a list", "", "Vostok and Vostok Electronics", "en", "v=Vostok v=Vostok Electronics"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := named(g, tc.title, tc.body, tc.lang); got != tc.want {
				t.Errorf("got %s\nwant %s", got, tc.want)
			}
		})
	}
	if e := g.Entity(1); e.ID != "kz.t" || e.Kind != "person" || !slices.Equal(e.Countries, []string{"KZ"}) {
		t.Errorf("entity %+v", e)
	}
}

func TestOffices(t *testing.T) {
	g := gazetteer(t, `names:
  - {id: a, kind: person, terms: {any: [Asan]}, offices: [{title: president, country: KZ, from: 2019-03-20}, {title: minister, country: KZ, from: 2010-01-01, to: 2011-12-31}]}
`)
	e := g.Entity(0)
	for day, want := range map[string]string{"2009-12-31": "", "2010-01-01": "minister", "2011-12-31": "minister", "2015-05-05": "", "2026-01-01": "president"} {
		at, _ := time.Parse(time.DateOnly, day)
		if o, ok := e.On(at); o.Title != want || ok != (want != "") {
			t.Errorf("on %s: %+v", day, o)
		}
	}
}

func TestWrittenFaults(t *testing.T) {
	_, err := Written(fstest.MapFS{"names/own.yaml": {Data: []byte(`names:
  - {id: a, kind: persn, terms: {ru: [Асан]}}
  - {id: a, kind: person, terms: {xx: [Asan]}}
  - {id: b, kind: person, terms: {ru: ["—"]}, offices: [{title: x, from: soon}]}
`)}})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"own.yaml:2:", `person`, "the id a is taken in names/own.yaml:2", "any, en, ru", "there is no word in it", "a day is expected"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in\n%v", want, err)
		}
	}
}

// The names that come with the program are sound, and found in their own
// spellings.
func TestOwnNames(t *testing.T) {
	own, err := Written(configs.FS())
	if err != nil {
		t.Fatal(err)
	}
	b := NewBuilder()
	for _, o := range own {
		if err := b.AddOwn(o); err != nil {
			t.Error(err)
		}
		for _, office := range o.Offices {
			if office.From == "" || office.Country == "" && !strings.Contains(office.Title, " of ") || office.To != "" && office.To < office.From {
				t.Errorf("%s: office %+v", o.ID, office)
			}
		}
	}
	g := b.Gazetteer()
	for _, o := range own {
		for _, term := range o.Terms {
			if got := named(g, "", term.Text+".", term.Lang); !strings.Contains(got, o.ID+"=") {
				t.Errorf("%s isn't found in %q: %s", o.ID, term.Text, got)
			}
		}
	}
}

func FuzzReader(f *testing.F) {
	for _, s := range []string{"a\nb", "id,name\n1,x\n", `{"name":"x"}`, "\"a\nb", "\x1f\x8b", "name\taliases\nx\ty;z", "\ufeffname\nx"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := NewReader(strings.NewReader(s), "")
		if err != nil {
			return
		}
		b := NewBuilder()
		for range strings.Count(s, "\n") + 2 {
			n, err := r.Next()
			if isLineError(err) {
				continue
			}
			if err != nil {
				break
			}
			if len(n.Spellings) == 0 || n.ID == "" {
				t.Fatalf("a name without spelling or id: %+v", n)
			}
			if err := b.Add(n); err != nil {
				t.Fatal(err)
			}
		}
		var fd Finder
		fd.Find(b.Gazetteer(), text.Read(s, s, ""))
	})
}
