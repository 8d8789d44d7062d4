package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"
	"time"

	"driftwatch/eval/section"
	"driftwatch/text"
)

// commands and names stand in many texts of any language.
var (
	commands = strings.Fields(`sudo apt-get install nginx systemctl restart docker compose up git push origin main --force
		ssh root@localhost /etc/hosts config.yaml chmod +x build.sh npm run dev SELECT name FROM users`)
	names = strings.Fields(`Samsung Electronics Microsoft Windows Google Chrome OpenAI ChatGPT Boeing Airbus Reuters Bloomberg
		Financial Times Wall Street Journal SpaceX Starlink Huawei Technologies BMW Mercedes-Benz Telegram YouTube WhatsApp`)
)

// mixed is texts that are in more than one language.
func mixed(w io.Writer, all []sample) {
	d := own()
	fmt.Fprint(w, "Latin words mixed into sentences of SIB-200 in Cyrillic letters (the language must stay):\n\n")
	rows := [][]string{{"text", "right"}}
	add := func(name string, s share) { rows = append(rows, []string{name, s.String()}) }
	cyrillic := slices.DeleteFunc(of(all, func(l string) bool { return in([]string{"ru", "kk", "ky", "tg"}, l) }),
		func(s sample) bool { return s.set != "sib200" })
	add("a command after every second word", measure(&d, weave(cyrillic, commands, 2)))
	add("two words of commands after every word", measure(&d, weave(weave(cyrillic, commands, 1), commands, 2)))
	add("a name after every word", measure(&d, weave(cyrillic, names, 1)))
	latin := slices.DeleteFunc(of(all, func(l string) bool { return in([]string{"uz", "tk"}, l) }),
		func(s sample) bool { return s.set != "sib200" })
	add("uz and tk, a name after every second word", measure(&d, weave(latin, names, 2)))
	section.Table(w, rows...)
	rows = [][]string{{"article in", "a paragraph in", "the article", "its own paragraphs", "that paragraph"}}
	for _, pair := range [][2]string{{"kk", "ru"}, {"ky", "ru"}, {"uz", "ru"}, {"tg", "ru"}, {"tk", "ru"}, {"ru", "kk"}, {"ru", "en"}, {"en", "ru"}} {
		rows = append(rows, quotes(all, pair[0], pair[1]))
	}
	fmt.Fprint(w, "A paragraph of another language in an article:\n\n")
	section.Table(w, rows...)
}

// weave puts a word behind every nth of each sample.
func weave(samples []sample, words []string, every int) []sample {
	out := slices.Clone(samples)
	for i, s := range out {
		var b strings.Builder
		for k, f := range strings.Fields(s.text) {
			b.WriteString(f + " ")
			if k%every == 0 {
				b.WriteString(words[(i+k)%len(words)] + " ")
			}
		}
		out[i].text = b.String()
	}
	return out
}

// quotes puts a sentence of one language, as a paragraph, into articles of
// another, four of whose sentences stand around it, and asks for the language
// of the article and of each paragraph.
func quotes(all []sample, article, quote string) []string {
	sib := func(lang string) []sample {
		return slices.DeleteFunc(of(all, func(l string) bool { return l == lang }), func(s sample) bool { return s.set != "sib200" })
	}
	a, q := sib(article), sib(quote)
	var whole, own, quoted share
	for i := 0; i+4 <= len(a); i += 4 {
		r := text.Read("", strings.Join([]string{a[i].text, a[i+1].text, q[i/4].text, a[i+2].text, a[i+3].text}, "\n\n"), "")
		whole.add(r.Lang == article)
		from := int32(len(a[i].text) + len(a[i+1].text) + 4)
		for _, p := range r.Body.Paragraphs {
			if p.Start >= from && p.Start < from+int32(len(q[i/4].text)) {
				quoted.add(p.Lang == quote)
			} else {
				own.add(p.Lang == article)
			}
		}
	}
	return []string{article, quote, whole.String(), own.String(), quoted.String()}
}

// speed is processor time, which other programs disturb less than the clock.
func speed(w io.Writer, all []sample, ds []detector) {
	articles := of(lengths[0].of(all), func(l string) bool { return in(seven, l) })
	for i := range articles { // to 3.7 KB, what an article has
		s := articles[i].text
		for len(s) < 3700 {
			s += "\n\n" + articles[i].text
		}
		for i := 3700; ; i++ {
			if i == len(s) || s[i] == ' ' {
				s = s[:i]
				break
			}
		}
		articles[i].text = s
	}
	fmt.Fprint(w, "Processor time an article of 3.7 KB, best of five:\n\n")
	rows := [][]string{{"detector", "µs"}}
	for _, d := range ds {
		some, passes := articles, 5
		if !d.tags {
			some, passes = articles[:20], 2
		}
		best := time.Hour
		for range passes {
			start := processorTime()
			for _, s := range some {
				d.tell(s.text)
			}
			best = min(best, (processorTime()-start)/time.Duration(len(some)))
		}
		name := d.name
		if d.tags {
			name += ", words and sentences too"
		}
		rows = append(rows, []string{name, fmt.Sprintf("%.1f", float64(best.Nanoseconds())/1000)})
	}
	section.Table(w, rows...)
}

func processorTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
