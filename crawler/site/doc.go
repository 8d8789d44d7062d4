// Package site finds the articles of outlets that have no feed: it reads a
// section page and keeps the links that lead to articles, or it reads the
// outlet's sitemap.
//
// Which links those are, the source's rules say ([news.LinkRules]). Where they
// don't, [Discover] goes by what an article's address looks like (a date, a
// number, a long name), by the words of the link and by where in the page it
// stands. A page without a single such link is an error: an outlet that was
// rebuilt, or that shows robots another page, must not look like one that is
// silent.
//
// A sitemap ([Sitemap], as sitemaps.org and Google's news extension describe it)
// names pages and says when each was changed. Of an index the latest sitemaps
// are read, of those the newest pages.
package site
