package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/configs"
	"driftwatch/crawler/address"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/watch"
)

func zoneFlag(c *cobra.Command, zone *string) {
	c.Flags().StringVar(zone, "timezone", "", "the outlet's time zone, such as Asia/Almaty (`NAME` of IANA); default: by the catalogue")
}

// zoneOf is the time zone of a name, or of the outlet that the catalogue has at an
// address; nil where neither is known. Reading a page needs no configuration: one
// that can't be read is told and left aside.
func (a *app) zoneOf(name, url string) (*time.Location, error) {
	if name != "" {
		var z configs.Zone
		if err := z.UnmarshalText([]byte(name)); err != nil {
			return nil, usage("--timezone %q: %v", name, err)
		}
		return z.Location(), nil
	}
	if url == "" {
		return nil, nil
	}
	c, err := a.load()
	if err != nil {
		fmt.Fprintf(a.stderr, "driftwatch: the time zone is taken for UTC, for the catalogue can't be read: %s\n", guard.Line(err.Error()))
		return nil, nil
	}
	return zoneAt(watch.Sources(c), url), nil
}

// zoneAt is the time zone of the sources at the host of an address, or, where there
// is none, at any host of its domain; nil where they aren't of one zone.
func zoneAt(sources []news.Source, url string) *time.Location {
	for _, part := range []func(string) string{address.Host, address.Domain} {
		var zone *time.Location
		found, want := false, part(url)
		for _, s := range sources {
			if want != part(s.Homepage) && want != part(s.Address()) {
				continue
			}
			if found && s.Zone != zone {
				return nil
			}
			zone, found = s.Zone, true
		}
		if found {
			return zone
		}
	}
	return nil
}
