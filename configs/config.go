package configs

import (
	"net/netip"
	"time"
)

// Config is one driftwatch.yaml, read, checked and with its defaults filled in.
type Config struct {
	File     string             // the file that it was read from; empty: the embedded defaults
	Store    StoreConfig        // where what was found is kept
	Archive  Archive            // which pages are kept as they were received
	Network  Network            // whom the program talks to, and how fast
	Files    []string           // the files of sources that it names
	Sources  []Source           // inline, from files and from the embedded catalogue, in that order of mention
	Themes   []string           // folders with packs that are added to the embedded ones, absolute
	Stories  Stories            // which articles are one story
	Alerts   Alerts             // what is alerted
	Channels map[string]Channel // by name
	Routes   []Route            // what goes to which channel; a tree's root is the only one
	Digests  []Digest           // what is told together, those of routes among them
	Serve    Serve              // for `driftwatch serve`
	Operator Operator           // the daily line, alarms and pings
	Feeds    Feeds              // the flagged stories as feeds
	Warnings []string           // what works but should be looked at, a sentence each

	// checkThemes knows the file, which holds secrets: a function is printed as
	// its address, whatever prints it.
	checkThemes  func(known []string) error
	checkSignals func(known []string) error
	hide         func(text string) string // nil: no source's address holds a secret
}

// StoreConfig says where what was found is kept.
type StoreConfig struct {
	// Path is the database file, absolute. Empty: the caller puts it in the
	// user's data folder.
	Path string `yaml:"path"`
	Keep Keep   `yaml:"keep"`
}

// Keep says for how long `driftwatch db prune` leaves what is stored. 0: for ever.
type Keep struct {
	Articles time.Duration `yaml:"articles"` // of stories in which nothing was flagged
	Pages    time.Duration `yaml:"pages"`    // in the archive, of such stories
	Cycles   time.Duration `yaml:"cycles"`   // the summaries of cycles
}

// Archive says which pages are kept as they were received, and when those of
// flagged articles are looked at again.
type Archive struct {
	Pages    string          `yaml:"pages"`     // PagesFlagged, PagesAll or PagesNone
	Path     string          `yaml:"path"`      // the folder, absolute; empty: archive, beside the database
	FileSize int             `yaml:"file_size"` // in MB, from which on a file is followed by a new one
	Looks    []time.Duration `yaml:"looks"`     // after an article was flagged, ascending
}

// Which pages are kept.
const (
	PagesFlagged = "flagged" // those of flagged articles
	PagesAll     = "all"     // all that are fetched
	PagesNone    = "none"
)

// Network says whom the program talks to, and how fast.
type Network struct {
	Contact      string         `yaml:"contact"`       // an address or page for the User-Agent
	Allow        []netip.Prefix `yaml:"allow"`         // ranges that may be contacted though they aren't public
	Concurrency  int            `yaml:"concurrency"`   // requests at a time, all hosts together
	HostInterval time.Duration  `yaml:"host_interval"` // least time between two requests to one host
	SameHost     [][]string     `yaml:"same_host"`     // hosts that share one pace, group by group
	Timeout      time.Duration  `yaml:"timeout"`       // for one request, redirects included
	Proxy        Secret         `yaml:"proxy"`         // http, https or socks5 URL; may hold a password
}

// Stories says how far back an article's story is looked for.
type Stories struct {
	EventWindow time.Duration `yaml:"event_window"` // for the same event
	TextWindow  time.Duration `yaml:"text_window"`  // for the same text; at least EventWindow
}

// Alerts says what is alerted.
type Alerts struct {
	MaxAge    time.Duration `yaml:"max_age"`    // older articles are kept, not alerted
	FirstPoll string        `yaml:"first_poll"` // FirstPollQuiet or FirstPollAlert
	Timezone  Zone          `yaml:"timezone"`   // of digests and quiet hours that name none; not set: the system's
}

// What happens to the articles found at a source's first poll.
const (
	FirstPollQuiet = "quiet" // they are kept and flagged, not alerted
	FirstPollAlert = "alert" // they are alerted like any other
)

// Serve holds the settings of `driftwatch serve`.
type Serve struct {
	Listen   string        `yaml:"listen"`   // host:port of /healthz and /metrics
	Interval time.Duration `yaml:"interval"` // time between the starts of two cycles
	Desk     Desk          `yaml:"desk"`
}

// Desk holds the settings of the analysts' pages.
type Desk struct {
	Listen  string    `yaml:"listen"`   // host:port, or DeskOff
	BaseURL string    `yaml:"base_url"` // under which people reach it, without a slash at its end; empty: as it listens
	TLS     TLS       `yaml:"tls"`
	Proxy   DeskProxy `yaml:"proxy"`
	// WriteRules lets authors save rules from the desk, into the last folder of
	// themes. Without it they download a patch.
	WriteRules bool `yaml:"write_rules"`
}

// DeskOff in place of an address: no desk is served.
const DeskOff = "off"

// TLS names the files of a certificate and its key, both PEM; both empty: no TLS.
type TLS struct {
	Cert string `yaml:"cert"`
	Key  string `yaml:"key"`
}

// DeskProxy says who may stand between the desk and people.
type DeskProxy struct {
	From   []string `yaml:"from"`   // addresses, or ranges such as 10.0.0.0/8
	Header string   `yaml:"header"` // in which it names the user; empty: the desk's own login
}

// Prefixes are the proxies' addresses as ranges.
func (p DeskProxy) Prefixes() []netip.Prefix {
	var out []netip.Prefix
	for _, from := range p.From {
		if r, err := prefix(from); err == nil {
			out = append(out, r)
		}
	}
	return out
}

// prefix reads an address or a range.
func prefix(s string) (netip.Prefix, error) {
	if ip, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(ip, ip.BitLen()), nil
	}
	return netip.ParsePrefix(s)
}

// Types of channel.
const (
	ChannelSlack   = "slack"
	ChannelMail    = "mail"
	ChannelWebhook = "webhook"
	ChannelStdout  = "stdout"

	ChannelShoutrrr = "shoutrrr"
)

// How a mail channel talks to its server.
const (
	TLSStartTLS = "starttls" // plain at first, then TLS, and nothing is sent without it
	TLSImplicit = "implicit" // TLS from the first byte
	TLSNone     = "none"     // no TLS
)

// Channel is a place that alerts are sent to. All it holds is private: printed
// in any way, it is "[secret]".
type Channel struct {
	Type    string        `yaml:"type"`    // ChannelSlack, ChannelMail, ChannelWebhook, ChannelShoutrrr or ChannelStdout
	Timeout time.Duration `yaml:"timeout"` // for one attempt
	Pace    time.Duration `yaml:"pace"`    // least time between two messages

	QuietHours *QuietHours `yaml:"quiet_hours"` // nil: none

	WebhookURL Secret `yaml:"webhook_url"` // slack: the incoming webhook's address
	Token      Secret `yaml:"token"`       // slack: a bot token, in place of the webhook
	Channel    string `yaml:"channel"`     // slack, with a token: the channel's id or name
	AppToken   Secret `yaml:"app_token"`   // slack, with a token: of Socket Mode, for buttons under serve
	API        string `yaml:"api"`         // slack, with a token: where Slack's methods are; empty: slack.com

	URL    Secret `yaml:"url"`    // webhook: where to post to; shoutrrr: the service's URL
	Secret Secret `yaml:"secret"` // webhook: the signing secret, whsec_… as in the Standard Webhooks specification

	Host     string   `yaml:"host"`     // mail: the SMTP server
	Port     int      `yaml:"port"`     // mail: its port
	Username Secret   `yaml:"username"` // mail: empty, with Password empty: no login
	Password Secret   `yaml:"password"` // mail
	From     string   `yaml:"from"`     // mail: RFC 5322 address
	To       []string `yaml:"to"`       // mail: RFC 5322 addresses
	TLS      string   `yaml:"tls"`      // mail: TLSStartTLS, TLSImplicit or TLSNone

	Form string `yaml:"format"` // stdout: text or json; empty: text

	Unsubscribe string `yaml:"unsubscribe"` // mail: mailto: or https: address; empty: a mail to From
}

// Operator says how whoever runs Driftwatch hears of it.
type Operator struct {
	Channel string        `yaml:"channel"` // the channel of the daily line and the alarms; empty: none
	At      Clock         `yaml:"at"`      // local time of the daily line
	Ping    Secret        `yaml:"ping"`    // fetched after each good cycle; empty: nothing is
	Silence time.Duration `yaml:"silence"` // least time without news until a source counts as silent
	Disk    int           `yaml:"disk"`    // percent of the disk free below which there is an alarm
	Pending int           `yaml:"pending"` // deliveries waiting above which there is an alarm
	Stall   time.Duration `yaml:"stall"`   // time without a cycle's end after which there is an alarm
}

// Feeds says where the flagged stories are written as feeds.
type Feeds struct {
	Path  string `yaml:"path"`  // a folder, absolute; empty: none are written
	Days  int    `yaml:"days"`  // how far back they go
	Limit int    `yaml:"limit"` // entries of one feed at most
	Link  string `yaml:"link"`  // where the folder is served, for the feeds' own addresses; may be empty
}

// Source is one outlet's listing. The fields are those of news.Source, with
// their YAML names.
type Source struct {
	ID        string        `yaml:"id"`
	Name      string        `yaml:"name"`
	Country   string        `yaml:"country"`   // ISO 3166 alpha-2, or INT for a source of no single country
	Languages []string      `yaml:"languages"` // BCP 47
	Kind      string        `yaml:"kind"`      // feed, site, sitemap, telegram or json
	URL       string        `yaml:"url"`
	Mirrors   []string      `yaml:"mirrors"` // other addresses of the listing, tried in order
	Proxy     Secret        `yaml:"proxy"`   // asked through where the address and its mirrors are barred to us; http, https or socks5 URL
	Homepage  string        `yaml:"homepage"`
	Ownership string        `yaml:"ownership"` // state, private, public, public-foreign, official, thinktank or exile
	Fulltext  string        `yaml:"fulltext"`  // auto, always or never
	Interval  time.Duration `yaml:"interval"`  // least time between two polls
	UserAgent string        `yaml:"user_agent"`
	Links     Links         `yaml:"links"`
	JSON      JSONPaths     `yaml:"json"`
	Selectors Selectors     `yaml:"selectors"`
	Timezone  string        `yaml:"timezone"` // IANA name, of dates without a zone; empty: the country's
	Leaning   string        `yaml:"leaning"`  // whose side it is on
	PerDay    int           `yaml:"per_day"`  // items that it usually has a day
	Priority  string        `yaml:"priority"` // high, normal or low; empty: normal
	Enabled   bool          `yaml:"enabled"`
	Note      string        `yaml:"note"`
}

// Links says which links of a section page are articles: regular expressions
// on the absolute address.
type Links struct {
	Allow []string `yaml:"allow"`
	Deny  []string `yaml:"deny"`
	Pages string   `yaml:"pages"` // where the list goes on: an address, or what is put to that of the list, with %d for the page's number; of a JSON endpoint {before} for the oldest date so far
	Depth int      `yaml:"depth"` // pages of the list that one poll reads at most; 0: one

	// Archive is where the outlet lists what it published on a day, with {date}
	// (2006-01-02) in it, or {year}, {month} and {day}.
	Archive string `yaml:"archive"`
}

// JSONPaths says where a JSON endpoint has what it lists: names of fields, parted
// by dots, numbers for the elements of arrays. WordPress and JSON Feed need none.
type JSONPaths struct {
	Items string `yaml:"items"` // the array of items; empty: the answer itself
	Title string `yaml:"title"` // these within an item
	URL   string `yaml:"url"`   // a path, or an address with paths in braces
	Date  string `yaml:"date"`
	Text  string `yaml:"text"`
}

// Selectors are CSS selectors for an outlet whose pages need them.
type Selectors struct {
	Title string `yaml:"title"`
	Text  string `yaml:"text"`
	Date  string `yaml:"date"`
}
