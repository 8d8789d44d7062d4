// Package text is what every reader needs: it turns an article into words with
// exact places, sentences, paragraphs and a language, and finds terms in it in
// any of their forms, for English, Russian, Kazakh, Kyrgyz, Uzbek, Tajik and
// Turkmen.
//
// # Reading
//
// A text is read once, byte by byte. A Word is a run of letters and digits with
// its place in the text as given; broken UTF-8 is skipped and moves no place.
// Words are compared folded: in small letters, ё as е, composed, without soft
// hyphens, zero-width characters, stress marks and the apostrophes inside words
// (so the seven spellings of Oʻzbekiston are one word), and with Latin
// look-alikes in a Cyrillic word made Cyrillic, or the reverse. What a hyphen
// joins are words of their own, but a case ending behind a hyphen or an
// apostrophe belongs to its word: ҰҚШҰ-ның, ABŞ-nyň, Kazakhstan’s.
//
// A sentence ends with a stop that doesn't follow an abbreviation, an initial
// or a figure, when what follows isn't in small letters, and with its
// paragraph. An empty line ends a paragraph; so does a single new line, unless
// the next line goes on in small letters or this one ends in a comma.
//
// The language, of the article and of each paragraph, is told by the n-grams of
// its words (lang.model, which TrainLanguages makes); what the outlet claims
// counts as much as a word or two. A text is judged by its Cyrillic words where a
// tenth of its words are Cyrillic, unless the others are sentences, so that names
// and commands in Latin letters don't make it English.
//
// Dates finds the dates that a text names, in any of the languages, and says how
// exactly each is told and how long it is over.
//
// # Terms
//
// A Matcher holds any number of terms of one to twelve words. A term in its
// dictionary form is found in its inflected forms and not in other words that
// begin alike: чип in чипов, not in чипсы. Each word of a term gives one or
// more stems, and each stem a class of endings: listed for Russian and English,
// chained by a grammar for the Turkic languages and Tajik. Endings follow the
// term's language; a term without one takes those of the text's. A term in one
// of the two Uzbek scripts, or in Cyrillic Kazakh, is found in the language's
// other scripts too. The words of a term may be parted by spaces, quotes,
// hyphens and dots, not by a comma, a bracket, a dash or the end of a sentence.
//
// A text's word is looked up by its hash once; what it was found to be, with its
// spelling, is kept for the next time. Its letters are compared with the terms'
// when it is first met; before a match is reported, each of its words is compared
// with the spelling that was kept. Matching makes no garbage but for what is kept,
// which has a bound and is begun anew when that is reached; it takes time in
// proportion to the text and the matches found, and may be done by any number of
// goroutines at once.
package text
