package text

// mix notes whether a paragraph of f is in another of the seven languages than
// its article, which is in lang.
func (f *Field) mix(lang string) {
	f.mixed = false
	for i := range f.Paragraphs {
		if p := f.Paragraphs[i].Lang; p != lang && langsOf(p) != allLangs && langsOf(p) != langsOf(lang) {
			f.mixed = true
			return
		}
	}
}

// LangAt gives the language of word i in an article in lang: that of its
// paragraph where that is another of the seven, lang otherwise.
func (f *Field) LangAt(i int, lang string) string {
	if f.mixed {
		if p := f.Paragraphs[f.Words[i].Paragraph].Lang; langsOf(p) != allLangs {
			return p
		}
	}
	return lang
}

// run gives the end of the words from first on that are in one language, and
// that language.
func (f *Field) run(first int, lang string) (end int, in string) {
	if !f.mixed {
		return len(f.Words), lang
	}
	in = f.LangAt(first, lang)
	p := &f.Paragraphs[f.Words[first].Paragraph]
	end = int(f.Sentences[p.LastSentence].LastWord) + 1
	for end < len(f.Words) && f.LangAt(end, lang) == in {
		p = &f.Paragraphs[f.Words[end].Paragraph]
		end = int(f.Sentences[p.LastSentence].LastWord) + 1
	}
	return end, in
}
