package text

import "strings"

// maxJoined is the length in bytes of the longest joined suffix.
const maxJoined = 16

// joined are the case endings that are written behind a hyphen after an
// abbreviation or a number.
var joined = set(`
	ның нің дың дің тың тің ға ге қа ке ны ні ды ді ты ті да де та те дан ден тан тен нан нен
	мен бен пен дағы дегі тағы тегі лық лік дық дік тық тік лар лер дар дер тар тер на не
	нын нин нун нүн дын дин дун дүн тын тин тун түн га го гө ка ко кө ни ди ти ну ду ту нү дү тү до дө то тө дон дөн тон төн
	догу дөгү тогу төгү
	нинг дан гача даги
	ning ni ga ka qa dan da dagi gacha
	nyň niň yň iň nuň nüň uň üň na ne a e ny ni y i da de dan den dakı daky däki laryň leriň
	а у ом е й я го му м х ю ми ой ая ое ый ого ому ым
	th st nd rd s
	и ро`)

// joinedAnywhere are those of them that are taken for an ending behind any word:
// no word is written like them.
var joinedAnywhere = set(`ның нің дың дің тың тің пен бен дағы дегі тағы тегі nyň niň nuň nüň yň iň`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
