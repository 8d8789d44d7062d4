package review

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"driftwatch/news"
)

// Library is what was stored, to be searched.
type Library interface {
	// Search gives the articles that pass a filter.
	Search(ctx context.Context, f news.SearchFilter) (news.Search, error)
	// Ask gives the articles that a query of the rules' language matches. A query
	// with faults comes back with them and nothing found.
	Ask(ctx context.Context, query string, f news.SearchFilter) (Answer, error)
}

// Answer is what a query of the rules' language found.
type Answer struct {
	news.Search
	Faults []string // of the query, a sentence each
	Looked int      // articles that were read for it, the latest that may match
}

// searchShown is how many articles a page of found ones has.
const searchShown = 20

// searchView is what the page of the search shows.
type searchView struct {
	Words  string
	Rules  bool // Words is a query of the rules' language
	Asked  bool
	Found  Answer
	Facets []searchFacet
	Rows   []foundRow
	From   int
	To     int
	Before string
	After  string
	Export string // the address of what was found as a file
	Draft  string // a signal, to be copied
	Edit   string // the address at which the draft is edited; empty: the visitor may not
}

// Progress is how many of a hundred stored articles can be found, where some can't.
func (v *searchView) Progress() int {
	if v.Found.Stored == 0 {
		return 0
	}
	return 100 * (v.Found.Stored - v.Found.Waiting) / v.Found.Stored
}

// searchFacet is a facet of the search.
type searchFacet struct {
	Facet  news.SearchFacet
	Name   string
	Chosen string
	Values []choice
}

// foundRow is an article that was found.
type foundRow struct {
	Article news.Article
	Title   []piece
	Snippet []piece
	Outlet  string
	When    Moment
	Hits    []news.Hit
}

// searchFilter reads the filter from an address.
func searchFilter(q url.Values) news.SearchFilter {
	f := news.SearchFilter{Words: strings.TrimSpace(strings.ToValidUTF8(q.Get("q"), "")), Facets: chosen(q, news.SearchFacets, 50),
		Limit: searchShown, Skip: skipped(q)}
	if len(f.Words) > 2000 {
		f.Words = cutRunes(f.Words, 2000)
	}
	return f
}

func searchPath(f news.SearchFilter, rules bool, skip int) string {
	q := url.Values{}
	if f.Words != "" {
		q.Set("q", f.Words)
	}
	if rules {
		q.Set("in", "rules")
	}
	for facet, values := range f.Facets {
		q[string(facet)] = values
	}
	if skip > 0 {
		q.Set("skip", strconv.Itoa(skip))
	}
	return addressOf("/search", q.Encode())
}

func (v *visit) searchPage() error {
	q := v.r.URL.Query()
	f := searchFilter(q)
	view := &searchView{Words: f.Words, Rules: q.Get("in") == "rules"}
	var err error
	if view.Found, view.Asked, err = v.search(f, view.Rules); err != nil {
		return err
	}
	view.Export = strings.Replace(searchPath(f, view.Rules, 0), "/search", "/search/export", 1)
	for _, a := range view.Found.Articles {
		view.Rows = append(view.Rows, v.foundRow(a))
	}
	view.From, view.To = f.Skip+1, f.Skip+len(view.Rows)
	if f.Skip > 0 {
		view.Before = searchPath(f, view.Rules, max(0, f.Skip-searchShown))
	}
	if view.To < view.Found.Total {
		view.After = searchPath(f, view.Rules, f.Skip+searchShown)
	}
	view.Facets = v.searchFacets(f, view.Found.Counts)
	if f.Words != "" && len(view.Found.Faults) == 0 {
		view.Draft = draftSignal(f, view.Rules, draftLanguages(f, view.Found.Counts))
		if v.user.Role.May(news.RoleAuthor) {
			view.Edit = strings.Replace(searchPath(f, view.Rules, 0), "/search?", "/rules/edit?draft&", 1)
		}
	}
	return v.render(http.StatusOK, "search", view)
}

// search asks for words, or for a query of the rules' language; asked is false where
// there is nothing to look for.
func (v *visit) search(f news.SearchFilter, rules bool) (found Answer, asked bool, err error) {
	if rules && f.Words != "" {
		found, err = v.Options.Library.Ask(v.r.Context(), f.Words, f)
	} else { // also where nothing is asked: how much can't be found yet is told
		found.Search, err = v.Options.Library.Search(v.r.Context(), f)
	}
	return found, f.Words != "" || len(f.Facets) > 0, err
}

// snippet is how much of a text is shown around the first word found, in bytes.
const snippet = 360

func (v *visit) foundRow(a news.FoundArticle) foundRow {
	row := foundRow{Article: a.Article, Title: marked(a.Article.Title, 0, a.InTitle), Outlet: v.outlet(a.Source), When: v.moment(a.Article.When()), Hits: a.Hits}
	text, from := a.Text, 0
	if len(a.InText) > 0 {
		from = max(0, a.InText[0].Start-snippet/3)
	}
	to := min(len(text), from+snippet)
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to++
	}
	if from > 0 {
		if i := strings.IndexAny(text[from:to], " \n"); i >= 0 && (len(a.InText) == 0 || from+i < a.InText[0].Start) {
			from += i + 1
		}
	}
	row.Snippet = marked(text[from:to], from, a.InText)
	if from > 0 {
		row.Snippet = append([]piece{{Text: "… "}}, row.Snippet...)
	}
	if to < len(text) {
		row.Snippet = append(row.Snippet, piece{Text: " …"})
	}
	return row
}

var searchFacetNames = map[news.SearchFacet]string{
	news.SearchCountry: "Country", news.SearchTheme: "Theme", news.SearchLanguage: "Language", news.SearchOutlet: "Outlet", news.SearchMonth: "Month",
}

// searchFacets are the facets with their counts, the most first; months by time.
func (v *visit) searchFacets(f news.SearchFilter, counts map[news.SearchFacet]map[string]int) []searchFacet {
	var out []searchFacet
	for _, facet := range news.SearchFacets {
		view := searchFacet{Facet: facet, Name: v.t(searchFacetNames[facet])}
		for value, n := range counts[facet] {
			view.Values = append(view.Values, choice{Value: value, N: n})
		}
		for _, value := range f.Facets[facet] {
			if counts[facet][value] == 0 {
				view.Values = append(view.Values, choice{Value: value})
			}
		}
		slices.SortFunc(view.Values, func(a, b choice) int {
			if facet == news.SearchMonth {
				return strings.Compare(b.Value, a.Value)
			}
			if a.N != b.N {
				return b.N - a.N
			}
			return strings.Compare(a.Value, b.Value)
		})
		view.Values = view.Values[:min(len(view.Values), facetMost)]
		var chosen []string
		for i := range view.Values {
			c := &view.Values[i]
			c.Name, c.On = v.searchValue(facet, c.Value), slices.Contains(f.Facets[facet], c.Value)
			if c.On {
				chosen = append(chosen, c.Name)
			}
		}
		view.Chosen = strings.Join(chosen, ", ")
		out = append(out, view)
	}
	return out
}

// searchValue is a facet's value for people.
func (v *visit) searchValue(facet news.SearchFacet, value string) string {
	switch facet {
	case news.SearchCountry:
		if name, ok := countryNames[value]; ok {
			return v.t(name)
		}
	case news.SearchTheme:
		return themeName(v.lang, news.Theme(value))
	case news.SearchLanguage:
		if name, ok := languageNames[value]; ok {
			return v.t(name)
		}
	case news.SearchOutlet:
		return v.outlet(value)
	}
	return value
}

// draftSignal is a search as the draft of a signal: what a person has to say is left
// empty, which the checks find fault with.
func draftSignal(f news.SearchFilter, rules bool, langs []string) string {
	when := f.Words
	if !rules {
		when = asQuery(f.Words)
	}
	theme := ""
	if t := f.Facets[news.SearchTheme]; len(t) == 1 {
		theme = t[0]
	}
	var b strings.Builder
	fmt.Fprintf(&b, "signals:\n  - id: ''\n    theme: %s\n    title: ''\n    why: ''\n    falsepositives: []\n    level: 2\n    direction: none\n    when: %s\n",
		yamlString(theme), yamlString(when))
	if c := f.Facets[news.SearchCountry]; len(c) > 0 {
		fmt.Fprintf(&b, "    countries: [%s]\n", yamlStrings(c))
	}
	fmt.Fprintf(&b, "    languages: [%s]\n    tests:\n      match: []\n      miss: []\n", yamlStrings(langs))
	return b.String()
}

// draftLanguages are those that a draft claims: what the search is narrowed to, else
// those of what it finds.
func draftLanguages(f news.SearchFilter, counts map[news.SearchFacet]map[string]int) []string {
	if l := f.Facets[news.SearchLanguage]; len(l) > 0 {
		return l
	}
	return slices.Sorted(maps.Keys(counts[news.SearchLanguage]))
}

// asQuery is a plain search in the rules' language.
func asQuery(words string) string {
	var parts []string
	for rest := strings.TrimSpace(words); rest != ""; rest = strings.TrimSpace(rest) {
		not := rest[0] == '-'
		rest = strings.TrimPrefix(rest, "-")
		var item string
		if strings.HasPrefix(rest, `"`) {
			item, rest, _ = strings.Cut(rest[1:], `"`)
		} else {
			item, rest, _ = strings.Cut(rest, " ")
		}
		if item = strings.ReplaceAll(item, `"`, ""); item == "" {
			continue
		}
		part := `"` + item + `"`
		if not {
			part = "NOT " + part
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " AND ")
}

func yamlStrings(all []string) string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = yamlString(s)
	}
	return strings.Join(out, ", ")
}

// yamlString is a string as YAML reads it back whatever is in it.
func yamlString(s string) string {
	return "'" + strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "'", "''") + "'"
}
