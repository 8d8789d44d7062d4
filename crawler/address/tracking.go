package address

import "strings"

// trackingPrefixes begin the names of parameters that count visits.
var trackingPrefixes = []string{"utm_", "at_", "hsa_", "mtm_", "pk_", "piwik_", "matomo_", "ns_", "fb_", "__cft__", "amp_", "stm_", "tmgu_"}

// trackingKeys are the names of parameters that count visits, choose a layout,
// or go around a cache, at any outlet.
var trackingKeys = set(`
	fbclid gclid gclsrc dclid wbraid gbraid msclkid yclid ysclid ymclid twclid ttclid igshid igsh li_fat_id
	mc_cid mc_eid mkt_tok vero_id oly_enc_id oly_anon_id wickedid s_cid _openstat _ga _gl _hsenc _hsmi __tn__
	__twitter_impression ito cmpid cmp ncid icid intcmp xtor maca spm smid srnd sref fsrc ftcamp
	feedtype feedname usqp phpsessid jsessionid nocache nocast ltflags withmediaplayer
	amp rss utm
`)

// trackingPairs are parameters that track or choose a layout with these values
// alone.
var trackingPairs = map[string]map[string]bool{
	"from":       set("rss feed rssfeed telegram facebook twitter vk ok whatsapp instagram push"),
	"source":     set("rss feed telegram facebook twitter vk whatsapp"),
	"src":        set("rss feed telegram facebook twitter vk"),
	"ref":        set("rss feed telegram facebook twitter vk t.co"),
	"referrer":   set("rss feed telegram facebook twitter vk"),
	"partner":    set("rss"),
	"emc":        set("rss"),
	"mod":        set("rss"),
	"outputtype": set("amp"),
	"output":     set("amp"),
	"view":       set("amp mobile"),
	"mode":       set("amp"),
	"mobile":     set("1 yes true"),
}

// trackingAt are parameters that count visits at one outlet and its
// subdomains, and may mean something elsewhere.
var trackingAt = map[string]map[string]bool{
	"kommersant.ru": set("query sids from stamp"),
	"rbc.ru":        set("from"),
	"vedomosti.ru":  set("from"),
	"iz.ru":         set("from"),
	"lenta.ru":      set("from"),
	"bbc.com":       set("ocid"),
	"bbc.co.uk":     set("ocid"),
}

// tracks reports whether a parameter, in lower case, says nothing about which
// article is meant.
func tracks(key, value, host string) bool {
	if trackingKeys[key] || trackingPairs[key][value] {
		return true
	}
	for _, p := range trackingPrefixes {
		if strings.HasPrefix(key, p) {
			return true
		}
	}
	for at := host; at != ""; _, at, _ = strings.Cut(at, ".") {
		if trackingAt[at][key] {
			return true
		}
	}
	return false
}

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
