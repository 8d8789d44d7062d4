package text

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestTheModelHasWhatIsPromised(t *testing.T) {
	if len(langModelFile) > 3<<20 {
		t.Errorf("lang.model has %d bytes: more than 3 MB", len(langModelFile))
	}
	var got []string
	for _, table := range languages() {
		got = append(got, table.langs...)
	}
	for _, lang := range strings.Fields("en ru kk ky uz uz-Cyrl tg tk tk-Cyrl kk-Latn kk-Arab tr az tt ba kaa ug uk be fa") {
		if !slices.Contains(got, lang) {
			t.Errorf("the model lacks %s; it has %v", lang, got)
		}
	}
	for _, lang := range got {
		if lang != Unknown && NormalizeLang(lang) != lang {
			t.Errorf("the model says %s for what is %s elsewhere", lang, NormalizeLang(lang))
		}
	}
}

// The lanes give the same sums as adding byte by byte.
func TestLanesAddUpBytes(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	table := langTable{langs: make([]string, maxLangs), scale: 1, rows: make([]byte, rowSize*64)}
	for i := range table.rows {
		table.rows[i] = byte(rnd.IntN(256))
	}
	table.prepare()
	var sums langSums
	var want [laneCount]int32
	var w spelled
	for range 200 {
		w.n = 0
		w.letter(blank)
		for range 1 + rnd.IntN(maxSpelled) {
			w.letter('a' + rnd.Int32N(26))
		}
		w.letters[w.n] = blank
		w.n++
		hash := rnd.Uint64()
		sums.addWord(&table, &w, hash)
		for _, g := range w.grams(hash) {
			if row := table.rows[g>>table.shift*rowSize:][:rowSize]; row[checkLane] == byte(g) {
				for i, v := range row {
					want[i] += int32(v)
				}
			}
		}
	}
	sums.flush()
	if !slices.Equal(sums.sums[:maxLangs], want[:maxLangs]) {
		t.Errorf("got  %v\nwant %v", sums.sums, want)
	}
}

func TestBrokenModels(t *testing.T) {
	for name, file := range map[string][]byte{
		"empty":          nil,
		"something else": []byte("lang en\n"),
		"no tables":      []byte(langMagic),
		"no rows":        []byte(langMagic + "en,ru 1 4\n"),
		"an odd number":  append([]byte(langMagic+"en,ru 1 3\n"), make([]byte, 48)...),
		"cut off":        langModelFile[:len(langModelFile)-1],
	} {
		if _, err := parseLangModel(file); err == nil {
			t.Errorf("%s: read without an error", name)
		}
	}
	m, err := parseLangModel(langModelFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(m.appendTo(nil), langModelFile) {
		t.Error("written again it is another file")
	}
}

// smallCourse is text enough to tell two languages of each script by.
func smallCourse() []LangSource {
	return []LangSource{
		{Lang: "ru", Weight: 1, Texts: []string{"мост построят осенью, сказал министр", "дорога закрыта до весны"}},
		{Lang: "kk", Weight: 1, Texts: []string{"көпір күзде салынады, деді министр", "жол көктемге дейін жабық"}},
		{Lang: "en", Weight: 1, Texts: []string{"the bridge will be built in autumn", "the road is closed until spring"}},
		{Lang: "uz", Weight: 1, Texts: []string{"koʻprik kuzda quriladi, dedi vazir", "yoʻl bahorgacha yopiq"}},
		{Lang: "fa", Weight: 1, Texts: []string{"پل در پاییز ساخته می\u200cشود"}},
		{Lang: "ug", Weight: 1, Texts: []string{"كۆۋرۈك كۈزدە ياسىلىدۇ"}},
	}
}

func TestTrainLanguages(t *testing.T) {
	how := LangTraining{Steps: 300, Rows: [3]int{256, 256, 256}, Seed: 7}
	file, err := TrainLanguages(smallCourse(), how)
	if err != nil {
		t.Fatal(err)
	}
	again, err := TrainLanguages(smallCourse(), how)
	if err != nil || !bytes.Equal(file, again) {
		t.Errorf("the same training gives another model (%v)", err)
	}
	m, err := parseLangModel(file)
	if err != nil {
		t.Fatal(err)
	}
	for want, s := range map[string]string{"ru": "осенью закрыта дорога", "kk": "күзде жол жабық", "en": "the bridge is closed", "uz": "koʻprik yopiq"} {
		var tl tally
		var sc scanner
		var f Field
		sc.scan(s, &f)
		tl.paragraph(m, &f, 0, 0)
		if got := tl.lang(m, Unknown); got != want {
			t.Errorf("%q: got %s, want %s", s, got, want)
		}
	}
}

func TestTrainLanguagesWithout(t *testing.T) {
	for name, tc := range map[string]struct {
		sources []LangSource
		how     LangTraining
		want    string
	}{
		"sources":         {nil, LangTraining{}, "two are needed"},
		"a second script": {smallCourse()[:2], LangTraining{Steps: 1, Rows: [3]int{4, 4, 4}}, "script 1 has 0 languages"},
		"a power of two":  {smallCourse(), LangTraining{Rows: [3]int{3, 4, 4}}, "power of two"},
		"weight":          {[]LangSource{{Lang: "ru", Texts: []string{"мост"}}, {Lang: "kk", Texts: []string{"көпір"}}}, LangTraining{}, "weight"},
	} {
		if _, err := TrainLanguages(tc.sources, tc.how); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("without %s: got %v, want an error with %q", name, err, tc.want)
		}
	}
}

func FuzzDetect(f *testing.F) {
	f.Add("Ауыл тұрғындары жолдың нашарлығына шағымданып отыр.\n\nThe bridge is closed.", "kk")
	f.Add("Oʻzbekiston 'ʼ’` o\u0301", "uz-Latn")
	f.Add("كۆۋرۈك\xff ё\u0308", "")
	f.Add(strings.Repeat("аb", 500), "ru")
	var used Reader
	var r Reading
	f.Fuzz(func(t *testing.T, s, hint string) {
		got := Detect(s, hint)
		used.Read(&r, "", s, hint)
		if r.Lang != got {
			t.Errorf("a Reader that was used before says %s, a new one %s", r.Lang, got)
		}
		if NormalizeLang(got) != got {
			t.Errorf("%s isn't a tag as the program writes them", got)
		}
		for i, p := range r.Body.Paragraphs {
			if NormalizeLang(p.Lang) != p.Lang || p.Lang == "" {
				t.Errorf("paragraph %d is in %q", i, p.Lang)
			}
		}
	})
}
