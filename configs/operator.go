package configs

import (
	"slices"
	"strings"
)

// operator checks how whoever runs Driftwatch hears of it.
func (l *loader) operator() {
	o, doc := &l.config.Operator, l.doc
	in := func(key string) Path { return At("operator", key) }
	if channels := names(l.config.Channels); o.Channel != "" && !slices.Contains(channels, o.Channel) && !doc.slip(At(), "channels") {
		at := in("channel")
		known := "there are none"
		if len(channels) > 0 {
			known = "there are " + strings.Join(channels, ", ")
		}
		doc.judge(at, "no channel has the name "+doc.quote(at, o.Channel)+": "+known).Hint = doc.near(at, o.Channel, channels)
	}
	if o.Ping.IsSet() {
		doc.judge(in("ping"), badURL(o.Ping.Reveal(), "https", "http"))
	}
	doc.judge(in("silence"), noTime(o.Silence))
	doc.judge(in("stall"), noTime(o.Stall))
	doc.judge(in("disk"), outside(o.Disk, 99))
	doc.judge(in("pending"), outside(o.Pending, 1_000_000))
}

// feeds makes the folder absolute.
func (l *loader) feeds() {
	f, doc := &l.config.Feeds, l.doc
	if f.Path != "" && !l.tilde(At("feeds", "path"), f.Path) {
		f.Path = l.disk.path(f.Path)
	}
	doc.judge(At("feeds", "days"), outside(f.Days, 3660))
	doc.judge(At("feeds", "limit"), outside(f.Limit, 10_000))
	if f.Link != "" {
		doc.judge(At("feeds", "link"), badURL(f.Link, "https", "http"))
	}
}
