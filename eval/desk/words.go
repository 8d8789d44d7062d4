package main

import (
	"math"
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"driftwatch/rules"
)

// tongue is a language to write in: its words in the order of how common they are.
// The most common are everyday ones, then the words of the rules' tests stand
// between made-up ones, which are put together from syllables and endings.
type tongue struct {
	lang  string
	words []string
}

// vocabulary is how many words a language has.
const vocabulary = 60_000

// alphabets are what made-up words are made of.
var alphabets = []struct{ lang, common, syllables, endings string }{
	{"ru", "в и на не что с по как это для из к о от за при до мы его но года также был уже только после", "ка ло ми тор бен ша ру дал гу на ве рин со лит мар ту пол ки дан жа рен бо кус зи лай чен до фар но вит са", "а ы ой ом ами ов ский ского ность ности ение ения ать ает или ный ная"},
	{"en", "the of and to in a is that for it was on with as by at from be this are has which not but their", "ka lo mi tor ben sha ru dal gu na ve rin so lit mar tu pol ki dan ja ren bo kus zi lay chen do far no vit", "s ed ing er ers ment ness tion al ly ity"},
	{"kk", "және бұл үшін мен деп бір ол да де осы бойынша туралы жылы керек кейін болды екен сол барлық ең", "қа лы ме тар бек ша ру дал ғу на ве рін со лық мар тұ пол кі дан жа рен бө құс зи лай шен до нұр ғы әл", "лар лер дың дің ға ге нан нен мен лық лік шы ші ды ді"},
	{"ky", "жана бул үчүн менен деп бир ал да ошол боюнча тууралуу жылы керек кийин болду эле бардык эң анын", "ка лы ме тор бек ша ру дал гу на ве рин со лык мар ту пол ки дан жа рен бө кус зи лай чен до нур өз үй", "лар лер дын дин га ге дан ден менен лык лик чы чи ды ди"},
	{"uz", "va bu uchun bilan deb bir u ham shu boʻyicha haqida yili kerak keyin boʻldi edi barcha eng uning lekin", "qa lo mi tor bek sha ru dal gu na ve rin so liq mar tu pol ki dan ja ren bo qus zi lay chen do nur oʻz gʻo", "lar ning ga dan da lik chi di gan ish moq"},
	{"tg", "ва ин барои бо ки аз дар ба то ҳам он бояд баъд буд шуд ҳама як соли низ дигар", "қа ло ми тор бен ша ру дал гу на ве рин со лит мар ту пол ки дан ҷа рен бо ҳус зи лай чен до фар ӣл ӯр", "ҳо и он ро гӣ ист анд ият манд вар"},
	{"tk", "we bu üçin bilen diýip bir ol hem şol boýunça barada ýyly gerek soň boldy eken ähli iň onuň emma", "ga ly me tor bek şa ru dal gu na we rin so lyk mar tu pol ki dan ja ren bö gus zi laý çen do nur öz ýü", "lar ler yň iň a e dan den lyk lik çy çi dy di"},
}

// newTongues makes the languages. The same rules give the same words.
func newTongues(signals []rules.Signal) []tongue {
	themes := map[string][]string{}
	for _, s := range signals {
		for _, c := range s.Tests.Match {
			themes[c.Lang] = append(themes[c.Lang], strings.FieldsFunc(strings.ToLower(c.Title+" "+c.Text), func(r rune) bool { return !unicode.IsLetter(r) && r != 'ʻ' && r != '\'' })...)
		}
	}
	var out []tongue
	for n, a := range alphabets {
		r := rand.New(rand.NewPCG(11, uint64(n)))
		t := tongue{lang: a.lang, words: strings.Fields(a.common)}
		seen := map[string]bool{}
		for _, w := range t.words {
			seen[w] = true
		}
		syllables, endings, theme := strings.Fields(a.syllables), strings.Fields(a.endings), themes[a.lang]
		for len(t.words) < vocabulary {
			var w string
			if len(t.words)%3 == 0 && len(theme) > 0 {
				w, theme = theme[0], theme[1:]
			} else {
				for range 1 + r.IntN(4) {
					w += syllables[r.IntN(len(syllables))]
				}
				w += endings[r.IntN(len(endings))]
			}
			if !seen[w] {
				seen[w] = true
				t.words = append(t.words, w)
			}
		}
		out = append(out, t)
	}
	return out
}

// writer writes made-up texts: words are drawn by Zipf's law.
type writer struct {
	*rand.Rand
	tongue
	zipf *rand.Zipf
}

func newWriter(t tongue, r *rand.Rand) *writer {
	return &writer{r, t, rand.NewZipf(r, 1.07, 2.7, uint64(len(t.words)-1))}
}

func (w *writer) sentence(b *strings.Builder) {
	for i := range 7 + w.IntN(13) {
		word := w.words[w.zipf.Uint64()]
		if i == 0 {
			word = capital(word)
		} else {
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	b.WriteByte('.')
}

// title is a headline of five to eleven words.
func (w *writer) title() string {
	words := make([]string, 5+w.IntN(7))
	for i := range words {
		words[i] = w.words[w.zipf.Uint64()]
	}
	return capital(strings.Join(words, " "))
}

// text is a text of about 170 words, few of 40, few of 700, in paragraphs; what is
// to be flagged is its second one.
func (w *writer) text(flagged string) string {
	var b strings.Builder
	sentences := int(13 * math.Exp(0.6*w.NormFloat64()))
	for i := range min(max(sentences, 3), 55) {
		w.sentence(&b)
		if i%3 != 2 {
			b.WriteByte(' ')
			continue
		}
		b.WriteByte('\n')
		if i == 2 && flagged != "" {
			b.WriteString(flagged)
			b.WriteByte('\n')
		}
	}
	return strings.TrimSpace(b.String())
}

// capital is a text with its first letter as a capital.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
