// Package site finds the articles of outlets that have no feed: it reads a
// section page and keeps the links that lead to articles.
//
// Which links those are, the source's rules say ([news.LinkRules]). Where they
// don't, [Discover] goes by what an article's address looks like (a date, a
// number, a long name), by the words of the link and by where in the page it
// stands. A page without a single such link is an error: an outlet that was
// rebuilt, or that shows robots another page, must not look like one that is
// silent.
package site
