package blocks

import "strings"

// names are what an element's class and id say that it is: one bit for each
// kind of part that outlets' pages have.
type names uint32

const (
	nameComment names = 1 << iota
	nameMenu
	nameFooter
	nameSide
	nameRelated
	namePopular
	nameShare
	nameAd
	nameNotice
	nameByline
	namePicture
	nameMain
	nameArticle
	nameText
	nameTitle
	nameForm
	nameTag
	nameHidden
	nameLead
	nameHeader
	nameList
	nameLive
	nameDate
	nameAuthor
	nameAside

	nameKinds = 25
)

// nameWords are how the words of classes and ids begin that say so; with a
// dollar, the whole word.
var nameWords = map[names]string{
	nameComment: "comment koment disqus reply replies discuss forum otzyv hypercomment cackle respond",
	nameMenu:    "nav menu breadcrumb crumb pager paginat rubric tab$ tabs$ toolbar topbar submenu navbar sitemap",
	nameFooter:  "footer foot$ bottom podval copyright copy$ colophon",
	nameSide:    "side aside rail widget column$ col$ left$ right$ rightcol leftcol sidebar",
	nameRelated: "relat similar recommend readmore readalso also$ more$ pohozh outbrain taboola linked further see$ context suggest",
	namePopular: "popular latest last$ lastnews trend lenta feed$ ticker top$ topnews most mostread hot$ actual recent newest",
	nameShare:   "shar social soc$ like$ likes facebook twitter vkontakte vk$ telegram addthis pluso print rating vote poll$",
	nameAd:      "ad$ ads$ adv$ advert banner sponsor reklam promo adfox adsense commerc google$",
	nameNotice:  "cookie consent gdpr subscri newsletter paywall signup piano donat push$ alert$ notice",
	nameByline:  "meta byline author autor avtor source istochnik info$ credit writer reporter",
	namePicture: "caption photo image img$ galler figure foto video media player pic$ picture slide lightbox",
	nameMain:    "content main detail full center middle primary inner",
	nameArticle: "article artikel story post$ posts$ entry news newsitem statya material publication publicat single",
	nameText:    "text body$ paragraph bodytext txt fulltext artbody copytext wysiwyg prose richtext",
	nameTitle:   "title headline heading zagol subhead",
	nameForm:    "form login search modal popup auth$ register overlay dialog captcha profile",
	nameTag:     "tag$ tags$ keyword topic categor section$ theme",
	nameHidden:  "hidden hide invisible visually noprint sr$ offscreen",
	nameLead:    "lead anons announce intro summary standfirst subtitle dek$ descript excerpt lede preamble",
	nameHeader:  "header head$ logo masthead banner$ branding",
	nameList:    "list item$ items$ carousel slider grid card teaser preview snippet block$ row$",
	nameLive:    "live liveblog update timeline",
	nameDate:    "date time datetime publish posted created dateline day$ data$",
	nameAuthor:  "byline author autor avtor",
	nameAside:   "sidebar related recommend popular mostread lastnews latest newslist newsfeed readalso footer comment teaser similar",
}

// trie finds the words of nameWords at the start of a word.
type trie []trieNode

type trieNode struct {
	next         [26]uint16
	begins, ends names
}

var nameTrie = newTrie(nameWords)

func newTrie(all map[names]string) trie {
	t := make(trie, 1, 1024)
	for kind, list := range all {
		for word := range strings.FieldsSeq(list) {
			letters, whole := strings.CutSuffix(word, "$")
			at := uint16(0)
			for i := range len(letters) {
				next := t[at].next[letters[i]-'a']
				if next == 0 {
					next = uint16(len(t))
					t = append(t, trieNode{})
					t[at].next[letters[i]-'a'] = next
				}
				at = next
			}
			if whole {
				t[at].ends |= kind
			} else {
				t[at].begins |= kind
			}
		}
	}
	return t
}

// nameTokens reads the words of a class or id: runs of letters, parted where a
// capital follows a small letter. It gives what they say and appends a hash of
// each that has three letters or more.
func nameTokens(value []byte, tokens []uint32) (names, []uint32) {
	var found names
	for i := 0; i < len(value); {
		if !isLetter(value[i]) {
			i++
			continue
		}
		start, at, alive, hash := i, uint16(0), true, hashSeed
		for i < len(value) && isLetter(value[i]) && (i == start || value[i] >= 'a' || value[i-1] < 'a') {
			c := value[i] | 0x20
			hash = (hash ^ uint32(c)) * hashPrime
			if alive {
				at = nameTrie[at].next[c-'a']
				alive = at != 0
				found |= nameTrie[at].begins
			}
			i++
		}
		if alive {
			found |= nameTrie[at].ends
		}
		if i-start >= 3 {
			tokens = append(tokens, hash)
		}
	}
	return found, tokens
}

// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/.
const (
	hashSeed  uint32 = 2166136261
	hashPrime uint32 = 16777619
)
