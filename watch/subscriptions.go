package watch

import (
	"cmp"
	"strings"

	"driftwatch/configs"
	"driftwatch/crawler/address"
	"driftwatch/crawler/feed"
	"driftwatch/guard"
	"driftwatch/news"
)

// Subscriptions are the enabled feeds among sources, in a folder for each country.
func Subscriptions(sources []news.Source) []feed.Subscription {
	var list []feed.Subscription
	for _, s := range sources {
		if !s.Enabled || s.Kind != news.KindFeed {
			continue
		}
		sub := feed.Subscription{Title: s.Name, URL: s.Address(), Homepage: s.Homepage, Folder: s.Country}
		if len(s.Languages) == 1 {
			sub.Language = s.Languages[0]
		}
		list = append(list, sub)
	}
	return list
}

// Unsaid is what a list of feeds doesn't say of them.
type Unsaid struct {
	Country, Language string
	IsCountry         func(folder string) bool // a folder of that name gives its feeds their country
}

// Subscribed are the feeds of a list as sources, without those that a source reads
// already, which known counts, and those whose address can't be asked for, which are
// given as they stand there.
func Subscribed(sources []news.Source, list []feed.Subscription, u Unsaid) (fresh []configs.Source, known int, unfit []string) {
	taken := make([]string, len(sources))
	seen := map[string]bool{}
	for i, s := range sources {
		taken[i] = s.ID
		if id, err := address.Canonical(s.URL); err == nil {
			seen[id] = true
		}
	}
	for _, sub := range list {
		id, err := address.Canonical(sub.URL)
		switch {
		case err != nil:
			unfit = append(unfit, sub.URL)
			continue
		case seen[id]:
			known++
			continue
		}
		seen[id] = true
		s := listed(news.KindFeed, sub.URL, "", taken)
		s.Name, s.Homepage = cmp.Or(guard.Line(sub.Title), s.Name), sub.Homepage
		s.Country, s.Languages = u.Country, []string{cmp.Or(sub.Language, u.Language)}
		if folder := sub.Folder[strings.LastIndexByte(sub.Folder, '/')+1:]; u.IsCountry(folder) {
			s.Country = folder
		}
		taken, fresh = append(taken, s.ID), append(fresh, s)
	}
	return fresh, known, unfit
}

// listed is a source for a listing: its id and name are made of the host of the
// outlet's own address where that is given, else of the listing's; a channel's of
// its name.
func listed(kind news.Kind, url, outlet string, taken []string) configs.Source {
	var s configs.Source
	s.SetDefaults()
	s.Kind, s.URL = string(kind), url
	s.Name = strings.TrimPrefix(address.Host(cmp.Or(outlet, url)), "www.")
	if kind == news.KindTelegram {
		s.Name = url[strings.LastIndexByte(url, '/')+1:] + "-telegram"
	}
	s.ID = configs.SourceID(s.Name, taken)
	return s
}

// Source is the source for what was found, beside those that there are; outlet is
// the outlet's own address, empty where it isn't known.
func (d Discovered) Source(outlet string, sources []news.Source) configs.Source {
	taken := make([]string, len(sources))
	for i, s := range sources {
		taken[i] = s.ID
	}
	s := listed(d.Kind, d.URL, outlet, taken)
	s.Name, s.Homepage, s.Languages = cmp.Or(guard.Line(d.Title), s.Name), outlet, []string{d.Language}
	return s
}

// ReadBy gives the source that reads the listing at an address; false: none does.
func ReadBy(sources []news.Source, url string) (news.Source, bool) {
	id, err := address.Canonical(url)
	for _, s := range sources {
		if other, bad := address.Canonical(s.URL); err == nil && bad == nil && other == id {
			return s, true
		}
	}
	return news.Source{}, false
}
