package text

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
)

// found gives what a matcher finds in a text, as it stands there.
func found(t *testing.T, text, lang string, terms ...Term) []string {
	t.Helper()
	m, err := NewMatcher(terms)
	if err != nil {
		t.Fatal(err)
	}
	f := &Read("", text, lang).Body
	var out []string
	for _, h := range m.Match(f, lang, nil) {
		out = append(out, f.Quote(int(h.First), int(h.Last)))
	}
	return out
}

func TestForms(t *testing.T) {
	for _, tc := range []struct {
		lang, term string
		yes, no    string // forms, parted by commas
	}{
		{"ru", "чип", "чип, чипы, чипов, чипами, Чипе", "чипсы, чипсов, чипование"},
		{"ru", "санкция", "санкции, санкций, санкциями, САНКЦИЙ", "санация, санкционный, санкционировать"},
		{"ru", "выход", "выхода, выходе, выходом", "выходной, выходит, выходного, выходка"},
		{"ru", "отменить", "отменил, отменила, отменили, отменён, отменено, отменены, отменит, отменят, отменившая, отменённые, отмените", "отмена, отменный, отменять"},
		{"ru", "отменять", "отменяет, отменяют, отменял, отменяется, отменялись, отменяемый", "отмена, отменить"},
		{"ru", "запретить", "запретил, запрещу, запрещён, запрещено, запретит, запретят, запрещённых", "запрет, запретный"},
		{"ru", "вводить", "вводит, вводят, ввожу, вводится, вводились, вводимый", "вводный, ввод"},
		{"ru", "выйти", "вышел, вышла, вышли, выйдет, вышедший, выйдя", "выход, вышка"},
		{"ru", "принять", "принял, примет, примут, принят, принято, принятые", "приём, прима"},
		{"ru", "признать", "признал, признает, признан, признаны, признавший", "признак, признание"},
		{"ru", "мочь", "может, могут, мог, могла", "мощь, можно"},
		{"ru", "нести", "несёт, нёс, несла, несут", "нос, несушка"},
		{"ru", "отказаться", "отказался, откажется, отказались, отказавшийся", "отказ, отказать, отказал"},
		{"ru", "российский", "российская, российского, российскими", "россия, россиянин"},
		{"ru", "военный", "военная, военных, военно", "война, воин"},
		{"ru", "рынок", "рынка, рынки, рынков", "рыночный"},
		{"ru", "поставка", "поставки, поставок, поставкой", "поставщик, поставить, постав"},
		{"ru", "гражданин", "граждане, граждан, гражданами, гражданина", "гражданский, гражданка"},
		{"ru", "украинец", "украинца, украинцы, украинцев", "украина, украинский"},
		{"ru", "Путин", "Путина, Путину, Путиным", "путинский, путинцы"},
		{"ru", "время", "времени, временем, времена", "временный"},
		{"ru", "учение", "учения, учений, учениях", "ученик, учёный"},
		{"ru", "учения", "учений, учениям, учениями", "ученик"},
		{"ru", "МИД", "МИДа, МИДом, мид", "мидия"},
		{"ru", "ОДКБ", "ОДКБ, одкб", "ОДКБшник"},
		{"ru", "Казахстан", "Казахстана, Казахстане, казахстаном", "казахстанский, казахстанец"},
		{"ru", "Бишкек", "Бишкека, Бишкеке", "бишкекский, бишкекчанин"},
		{"ru", "из", "из", "иза, изу"},
		{"en", "sanction", "sanctions, sanctioned, sanctioning, sanction’s, Sanctions", "sanctionable, sanctioner, sanctity"},
		{"en", "ban", "bans, banned, banning", "bane, band, bank"},
		{"en", "cancel", "cancels, cancelled, canceled, cancelling", "cancellation, cancer"},
		{"en", "supply", "supplies, supplied, supplying", "supplier, supple"},
		{"en", "refuse", "refuses, refused, refusing", "refusal, refuser"},
		{"en", "country", "countries, country’s", "countryside, county"},
		{"en", "withdraw", "withdrew, withdrawn, withdrawing, withdraws", "withdrawal, draw"},
		{"en", "crisis", "crises", "critic"},
		{"en", "Russia", "Russia, Russia's", "Russian, Russians"},
		{"en", "Mir", "Mir, Mir’s", "mired, mire, Miriam"},
		{"en", "drone", "drones, droned", "dron, droner"},
		{"kk", "санкция", "санкциялар, санкцияларды, санкциясының, санкциядан, санкцияға", "санация, санкт"},
		{"kk", "Қазақстан", "Қазақстанның, Қазақстанға, Қазақстанда, Қазақстанмен", "қазақстандық"},
		{"kk", "шығу", "шығу, шығады, шықты, шыққан, шығуы, шығып", "шығыс, шығын"},
		{"kk", "жою", "жойды, жойылды, жойған, жоюға", "жол, жоқ"},
		{"kk", "мүлік", "мүлкі, мүлкін, мүлікке, мүліктің", "мүлт"},
		{"ky", "учуш", "учушу", "учкуч"},
		{"ky", "Кыргызстан", "Кыргызстандын, Кыргызстанга, Кыргызстандагы", "кыргыз"},
		{"ky", "ЖККУ", "ЖККУнун, ЖККУга, ЖККУдан", "ЖК"},
		{"ky", "токтотуу", "токтотту, токтотот, токтотулган, токтотууну", "токто"},
		{"ky", "өлкө", "өлкөнүн, өлкөлөр, єлкєнїн, єлкєлєр", "өлчөө, олко"},
		{"ky", "өкмөт", "өкмөттүн, окмот, окмоттун, окмотко, єкмєттїн", "өкүл"},
		{"uz", "sanksiya", "sanksiyalar, sanksiyalari, sanksiyaning, sanksiyaga", "sanatsiya"},
		{"uz", "Oʻzbekiston", "O‘zbekistonga, Ozbekistonning, O'zbekistondagi", "oʻzbek, o‘zbekcha"},
		{"uz", "KXShT", "KXShTga, KXShTdan, KXShTning", "KX"},
		{"uz", "bekor qilmoq", "bekor qildi, bekor qilindi, bekor qilgan, bekor qiladi", "bekor qolmoq"},
		{"uz", "санкция", "санкциялар, санкциянинг, санкцияларга", "санация"},
		{"tg", "таҳрим", "таҳримҳо, таҳримҳои, таҳримҳоро, тахримхо, таҳримро", "таҳрик"},
		{"tg", "бекор кардан", "бекор кард, бекор карданд, бекор мекунад, бекор кардааст", "бекор нест"},
		{"tk", "sanksiýa", "sanksiýalar, sanksiýalaryň, sanksiýany, sanksiýasy", "sanitar"},
		{"tk", "ABŞ", "ABŞ-nyň, ABŞ-da", "AB"},
		{"tk", "Türkmenistan", "Türkmenistanyň, Türkmenistanda", "türkmen"},
	} {
		t.Run(tc.lang+" "+tc.term, func(t *testing.T) {
			term := Term{Text: tc.term, Lang: tc.lang}
			for form := range strings.SplitSeq(tc.yes, ", ") {
				if len(found(t, form, tc.lang, term)) == 0 {
					t.Errorf("%q isn't taken for a form of %q", form, tc.term)
				}
			}
			for other := range strings.SplitSeq(tc.no, ", ") {
				if len(found(t, other, tc.lang, term)) != 0 {
					t.Errorf("%q is taken for a form of %q", other, tc.term)
				}
			}
		})
	}
}

func TestModes(t *testing.T) {
	for _, tc := range []struct {
		name string
		text string
		term Term
		want []string
	}{
		{"exact", "Санкция, санкции", Term{Text: "санкция", Lang: "ru", Mode: Exact}, []string{"Санкция"}},
		{"exact possessive", "Kazakhstan's", Term{Text: "Kazakhstan", Mode: Exact}, []string{"Kazakhstan's"}},
		{"prefix", "санкционный санкции санация подсанкционный", Term{Text: "санкц", Mode: Prefix}, []string{"санкционный", "санкции"}},
		{"prefix with star", "санкционный санация", Term{Text: "санкц*", Mode: Prefix}, []string{"санкционный"}},
		{"prefix too long", "электрификационноподобный электрики", Term{Text: "электри", Mode: Prefix}, []string{"электрики"}},
		{"star in any mode", "Организации Договора, организатор договора", Term{Text: "Организац* Договор", Lang: "ru"}, []string{"Организации Договора"}},
		{"case", "МИР Мир мир Мира МИРА", Term{Text: "Мир", Lang: "ru", CaseSensitive: true}, []string{"Мир", "Мира"}},
		{"case of an abbreviation", "CSTO csto CSTO's", Term{Text: "CSTO", Lang: "en", CaseSensitive: true}, []string{"CSTO", "CSTO's"}},
		{"glued case", "ЖККУнун жккунун", Term{Text: "ЖККУ", Lang: "ky", CaseSensitive: true}, []string{"ЖККУнун"}},
		{"look-alikes and case", "CSTO СSTO", Term{Text: "CSTO", CaseSensitive: true}, []string{"CSTO", "СSTO"}},
		{"phrase", "учениями «Нерушимое братство»", Term{Text: "учение Нерушимое братство", Lang: "ru"}, []string{"учениями «Нерушимое братство"}},
		{"hyphen in the term", "dual use, dual-use, dual, use", Term{Text: "dual-use", Lang: "en"}, []string{"dual use", "dual-use"}},
		{"hyphen in the text", "карта Мир, Мир-карта", Term{Text: "мир карта", Lang: "ru"}, []string{"Мир-карта"}},
		{"not over a comma", "товары, двойного назначения", Term{Text: "товар двойной назначение", Lang: "ru"}, nil},
		{"not over a stop", "Это товары. Двойного назначения", Term{Text: "товар двойной назначение", Lang: "ru"}, nil},
		{"initials", "А. С. Пушкина", Term{Text: "А. С. Пушкин", Lang: "ru"}, []string{"А. С. Пушкина"}},
		{"without a language", "в Бишкеке", Term{Text: "Бишкек"}, []string{"Бишкеке"}},
		{"overlap", "банк России банк", Term{Text: "банк", Lang: "ru"}, []string{"банк", "банк"}},
		{"twelve words", "a b c d e f g h i j k l", Term{Text: "a b c d e f g h i j k l", Mode: Exact}, []string{"a b c d e f g h i j k l"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := found(t, tc.text, "", tc.term); !slices.Equal(got, tc.want) {
				t.Errorf("found %q, want %q", got, tc.want)
			}
		})
	}
}

// A term without a language takes the endings of the text's only.
func TestTextLanguage(t *testing.T) {
	term := Term{Text: "Бишкек"}
	if got := found(t, "Бишкектин", "ru", term); got != nil {
		t.Errorf("in a Russian text: %q", got)
	}
	if got := found(t, "Бишкектин", "ky", term); len(got) != 1 {
		t.Error("not found in a Kyrgyz text")
	}
}

func TestNewMatcherErrors(t *testing.T) {
	_, err := NewMatcher([]Term{
		{Text: "санкция"}, {Text: "—"}, {Text: strings.Repeat("а ", 13)}, {Text: strings.Repeat("а", 65)},
	})
	want := `term 1, "—": has no word
term 2, "` + strings.Repeat("а ", 13) + `": has 13 words, at most 12 are looked for
term 3, "` + strings.Repeat("а", 65) + `": has a word of more than 64 letters`
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// naive finds terms by comparing each with the words from each word on.
func naive(terms []Term, f *Field) []Match {
	folded := make([]string, len(f.Words))
	for i := range f.Words {
		folded[i] = string(f.AppendFolded(nil, i))
	}
	split := make([][]string, len(terms))
	for k, t := range terms {
		split[k] = strings.Fields(Fold(t.Text))
	}
	var out []Match
	for i := range folded {
		for k, words := range split {
			if i+len(words) > len(folded) || !slices.Equal(words, folded[i:i+len(words)]) {
				continue
			}
			joined := true
			for j := i + 1; j < i+len(words); j++ {
				joined = joined && f.Words[j].Flags&Apart == 0 && f.Words[j].Sentence == f.Words[i].Sentence
			}
			if joined {
				out = append(out, Match{int32(k), int32(i), int32(i + len(words) - 1)})
			}
		}
	}
	return out
}

func sorted(ms []Match) []Match {
	slices.SortFunc(ms, func(a, b Match) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last), cmp.Compare(a.Term, b.Term))
	})
	return ms
}

func TestExactIsComplete(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, alphabet := range []string{"а", "аб", "аbс", "абвгд", "ёеЕЁoо", "aб-’.,1 "} {
		letters := []rune(alphabet)
		word := func() string {
			w := make([]rune, 1+rnd.IntN(4))
			for i := range w {
				w[i] = letters[rnd.IntN(len(letters))]
			}
			return string(w)
		}
		phrase := func(n int, seps []string) string {
			var b strings.Builder
			for range n {
				b.WriteString(word())
				b.WriteString(seps[rnd.IntN(len(seps))])
			}
			return b.String()
		}
		for range 60 {
			var terms []Term
			for range 40 {
				s := phrase(1+rnd.IntN(4), []string{" "})
				if n := len(strings.Fields(Fold(s))); n > 0 && n <= MaxTerm {
					terms = append(terms, Term{Text: s, Mode: Exact})
				}
			}
			m, err := NewMatcher(terms)
			if err != nil {
				t.Fatal(err)
			}
			f := &Read("", phrase(200, []string{" ", " ", " ", " ", "-", ", ", ". ", "\n\n"}), "").Body
			got, want := sorted(m.Match(f, "", nil)), sorted(naive(terms, f))
			if !slices.Equal(got, want) {
				t.Fatalf("alphabet %q, text %q:\n got %v\nwant %v", alphabet, f.Text, got, want)
			}
		}
	}
}

// Words whose hashes are equal must not be taken for each other: the same id
// sequence in another order, and a cache of a single word's results.
func TestOrderMatters(t *testing.T) {
	terms := []Term{{Text: "a b", Mode: Exact}, {Text: "b a", Mode: Exact}, {Text: "a a", Mode: Exact}}
	m, err := NewMatcher(terms)
	if err != nil {
		t.Fatal(err)
	}
	got := m.Match(&Read("", "a b b a a", "").Body, "", nil)
	want := []Match{{0, 0, 1}, {1, 2, 3}, {2, 3, 4}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestConcurrentMatch(t *testing.T) {
	var terms []Term
	for i := range 5000 {
		terms = append(terms, Term{Text: fmt.Sprintf("слово%d и%d", i, i%7), Mode: Exact}, Term{Text: fmt.Sprintf("и%d", i%7), Lang: "ru"})
	}
	m, err := NewMatcher(terms)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "слово%d и%d ", i*7%6000, i*7%7)
	}
	f := &Read("", b.String(), "").Body
	want := m.Match(f, "ru", nil)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				if got := m.Match(f, "ru", nil); !slices.Equal(got, want) {
					t.Errorf("%d matches, want %d", len(got), len(want))
				}
			}
		})
	}
	wg.Wait()
}

// TestHardInputsAreLinear counts what is looked at in texts that are made to be
// slow: in sixteen times the text it may be no more than sixteen times as much.
func TestHardInputsAreLinear(t *testing.T) {
	terms := []Term{{Text: "а", Mode: Exact}, {Text: "а а", Mode: Exact}, {Text: "а б", Mode: Exact}, {Text: "санкц*"}, {Text: "санкция"}}
	for _, n := range []int{3, MaxTerm} {
		terms = append(terms, Term{Text: strings.Repeat("а ", n), Mode: Exact})
	}
	m, err := NewMatcher(terms)
	if err != nil {
		t.Fatal(err)
	}
	for name, unit := range map[string]string{
		"one endless word":    "а",
		"endless soft word":   "а\u00ad",
		"apostrophes":         "а'",
		"endless marks":       "\u0306",
		"ignorable":           "\u200b",
		"equal words":         "а ",
		"abbreviations":       "А. ",
		"hyphens":             "А-",
		"decimals":            "1.",
		"commas":              ",",
		"newlines":            "\n",
		"broken":              "\xff",
		"half a letter":       "\xd0",
		"suffix after suffix": "ҰҚ-ның",
		"glued suffixes":      "АBCдын",
		"small suffixes":      "а-ның",
		"dates":               "24 ",
		"initials":            "The. А. ",
		"mixed scripts":       "аbв",
		"digits and letters":  "1а",
		"quotes":              "«",
	} {
		t.Run(name, func(t *testing.T) {
			steps := func(size int) int {
				var f Field
				var s scanner
				s.scan(strings.Repeat(unit, size/len(unit)), &f)
				sc := new(scratch)
				found := m.match(&f, langRussian, sc, nil)
				Dates(nil, &f, written)
				if s.steps < size/2 {
					t.Fatalf("of %d bytes %d were counted", size, s.steps)
				}
				return s.steps + sc.steps + len(found)
			}
			large, small := steps(1<<20), steps(1<<16)
			if large > 17*small+10_000 {
				t.Errorf("64 KB take %d steps, 1 MB %d", small, large)
			}
		})
	}
}

// TestMatchingIsLinear counts what the matcher looks at, not the time it takes:
// in sixteen times the text it may be no more than sixteen times as much.
func TestMatchingIsLinear(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 5))
	terms := fakeTerms(rnd, fakeVocabulary(rnd, 500), 2000, Inflected)
	var all strings.Builder
	for _, term := range terms {
		all.WriteString(term.Text + " ")
	}
	for n := 1; n <= MaxTerm; n++ {
		terms = append(terms, Term{Text: strings.Repeat("а ", n), Mode: Exact}, Term{Text: strings.Repeat("дрон ", n)})
	}
	terms = append(terms, Term{Text: "а*"}, Term{Text: "санкц*"}, Term{Text: "а б"}, Term{Text: "дрон а дрон"})
	m, err := NewMatcher(terms)
	if err != nil {
		t.Fatal(err)
	}
	for name, unit := range map[string]string{
		"one endless word": "санкц",
		"equal words":      "дрон ",
		"equal letters":    "а ",
		"two words":        "а б ",
		"hyphens":          "А-дрон-",
		"commas":           "дрон, ",
		"sentences":        "Дрон. ",
		"every term":       all.String(),
		"broken":           "а\xff",
	} {
		t.Run(name, func(t *testing.T) {
			steps := func(size int) int {
				f := &Read("", strings.Repeat(unit, size/len(unit)+1), "ru").Body
				sc := new(scratch)
				found := m.match(f, langRussian, sc, nil)
				return sc.steps + len(f.Words) + len(found)
			}
			// Each takes the cache as the one before left it: the larger text
			// comes first, so that it isn't helped.
			large, small := steps(1<<20), steps(1<<16)
			if large > 17*small+10_000 {
				t.Errorf("64 KB take %d steps, 1 MB %d", small, large)
			}
		})
	}
}

// A million different words of one beginning, and a million terms that begin
// alike, are each looked at once.
func TestTermsThatBeginAlike(t *testing.T) {
	b := NewBuilder()
	for i := range 20_000 {
		if _, err := b.Add(&Term{Text: fmt.Sprintf("алмаз%d", i), Mode: Exact}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Add(&Term{Text: fmt.Sprintf("алмаз слово%d", i), Mode: Exact}); err != nil {
			t.Fatal(err)
		}
	}
	m := b.Matcher()
	var text strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&text, "алмаз%d алмаз слово%d ", i*3, i*3)
	}
	f := &Read("", text.String(), "ru").Body
	sc := new(scratch)
	found := m.match(f, langRussian, sc, nil)
	if len(found) != 2*5000 {
		t.Errorf("%d found, want %d", len(found), 2*5000)
	}
	if sc.steps > 10*len(f.Words) {
		t.Errorf("%d steps for %d words", sc.steps, len(f.Words))
	}
}

// A word may be a form of many lexemes.
func TestManyCandidates(t *testing.T) {
	for _, n := range []int{1, 2, 7, 60, 100} {
		var terms []Term
		word := strings.Repeat("а", 60)
		for i := range n {
			terms = append(terms, Term{Text: word[:2*(60-i%60-1)+2] + "*", Lang: []string{"ru", "kk"}[i/60]})
		}
		m, err := NewMatcher(terms)
		if err != nil {
			t.Fatal(err)
		}
		f := &Read("", word+" "+word, "ru").Body
		want := 2 * min(n, maxTail+1)
		if n > 60 {
			want = 2 * 2 * (maxTail + 1)
		}
		for range 3 {
			if got := len(m.Match(f, "ru", nil)); got != want {
				t.Errorf("of %d terms %d are found, want %d", n, got, want)
			}
		}
	}
}

// FuzzMatch holds the exact matches of any terms in any text to those that
// comparing each term with each word gives.
func FuzzMatch(f *testing.F) {
	for _, s := range [][2]string{
		{"а б\nб а", "а б а"}, {"U.S.\nдрон", "В U.S. дрон-дрон"}, {"a\xff\n1.5", "a 1.5, a"}, {"Oʻz\nи\u0306", "O‘z Йи\u0306"},
		{"а*\nа", "аа а"},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, list, body string) {
		var terms []Term
		for s := range strings.Lines(list) {
			if n := len(strings.Fields(Fold(s))); n > 0 && n <= MaxTerm && !strings.Contains(s, "*") {
				terms = append(terms, Term{Text: s, Mode: Exact})
			}
		}
		m, err := NewMatcher(terms)
		if err != nil {
			return // a word too long
		}
		fd := &Read("", body, "").Body
		got, want := sorted(m.Match(fd, "", nil)), sorted(naive(terms, fd))
		if !slices.Equal(got, want) {
			t.Fatalf("terms %q, text %q:\n got %v\nwant %v", list, body, got, want)
		}
	})
}

// A text that is all the terms, one behind another, gives each of them.
func TestEveryTermInOneText(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	vocabulary := fakeVocabulary(rnd, 2000)
	terms := fakeTerms(rnd, vocabulary, 5000, Inflected)
	var b strings.Builder
	for _, term := range terms {
		b.WriteString(term.Text + ", ")
	}
	m, err := NewMatcher(terms)
	if err != nil {
		t.Fatal(err)
	}
	seen := make([]bool, len(terms))
	for _, h := range m.Match(&Read("", b.String(), "ru").Body, "ru", nil) {
		seen[h.Term] = true
	}
	for i, ok := range seen {
		if !ok {
			t.Fatalf("%q isn't found", terms[i].Text)
		}
	}
}

func TestNoGarbage(t *testing.T) {
	m, err := NewMatcher([]Term{{Text: "санкция", Lang: "ru"}, {Text: "выход из ОДКБ", Lang: "ru"}, {Text: "Ташкент"}})
	if err != nil {
		t.Fatal(err)
	}
	var rd Reader
	var r Reading
	var ms []Match
	text := strings.Repeat("Президент заявил о выходе из ОДКБ. Санкции «Мира» в г. Ташкенте отменены, O‘zbekiston ҰҚШҰ-ның.\n\n", 40)
	once := func() {
		rd.Read(&r, "Заголовок", text, "ru")
		ms = m.Match(&r.Body, r.Lang, ms[:0])
	}
	once()
	// The race detector makes pools forget; anything made for each of the
	// article's 900 words would still show.
	if n := testing.AllocsPerRun(20, once); n > 10 {
		t.Errorf("%v allocations an article", n)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"", "Привет, мир.", "a\xffb\xd0", "O‘zbekiston ҰҚШҰ-ның 1.5. «А» b\n\nв", "и\u0306\u200b’s -", "г. А. U.S. The", "0 \xd2", "ȺȾ", "e{::!0!",
		"\u2028\u2029\ufeff", "USAIDдин NATO’нун BМWде", "ақш-тың Telegram–ға", "O′zbekiston ʿ’'", "5 p.m. The т. б. А",
	} {
		f.Add(s)
	}
	m, err := NewMatcher([]Term{{Text: "мир"}, {Text: "a b"}, {Text: "с*"}, {Text: "Мир", CaseSensitive: true}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fd := &Read("", s, "").Body
		checkField(t, fd)
		for _, h := range m.Match(fd, "", nil) {
			if h.First > h.Last || h.Last >= int32(len(fd.Words)) {
				t.Fatalf("match %v of %d words", h, len(fd.Words))
			}
		}
		if twice := Fold(Fold(s)); twice != Fold(s) {
			t.Errorf("folded %q, folded twice %q", Fold(s), twice)
		}
	})
}

// checkField holds what is promised of every field.
func checkField(t *testing.T, f *Field) {
	t.Helper()
	end := int32(0)
	for i, w := range f.Words {
		if w.Start < end || w.Stem <= w.Start || w.End < w.Stem || int(w.End) > len(f.Text) {
			t.Fatalf("word %d is [%d:%d:%d] behind %d", i, w.Start, w.Stem, w.End, end)
		}
		end = w.End
		s := f.Sentences[w.Sentence]
		if w.Start < s.Start || w.End > s.End || int32(i) < s.FirstWord || int32(i) > s.LastWord || s.Paragraph != w.Paragraph {
			t.Fatalf("word %d %+v is outside its sentence %+v", i, w, s)
		}
		if folded := foldWord(nil, f.Text[w.Start:w.Stem], false); len(folded) <= MaxWord && (hashRunes(folded) != w.Hash || len(folded) != int(w.Letters)) {
			t.Fatalf("word %q is hashed otherwise than folded", f.Word(i))
		}
	}
	end = 0
	for i, s := range f.Sentences {
		if s.Start < end || s.End <= s.Start || int(s.End) > len(f.Text) || s.LastWord < s.FirstWord {
			t.Fatalf("sentence %d is %+v behind %d", i, s, end)
		}
		end = s.End
		p := f.Paragraphs[s.Paragraph]
		if s.Start < p.Start || s.End > p.End || int32(i) < p.FirstSentence || int32(i) > p.LastSentence {
			t.Fatalf("sentence %d %+v is outside its paragraph %+v", i, s, p)
		}
	}
}
