// Package names reads lists of names, and finds the names in articles.
//
// A Reader reads what lists come as: OpenSanctions' targets.simple.csv and
// names.txt, plain CSV, JSON Lines, any of them compressed by gzip. It streams,
// and a line that can't be read is an error of its own: the rest goes on. A name
// that is spelled in one of the two scripts only gets a spelling in the other.
//
// A Gazetteer finds names in all their forms. It holds back what is more often
// a word than a name: a spelling of one word, and one all of whose words are
// common, count only where another spelling of the same name stands in the same
// article; and a word that has a capital in the name must have one in the text.
// Names written for the project (configs/names) are free of the first rule.
package names
