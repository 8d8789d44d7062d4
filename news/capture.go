package news

import "time"

// Capture is the answer to one request, as it was received: what is kept as
// evidence of a page. The header fields and the body are the server's, but for
// the transfer coding, which is undone; a content coding is left in place.
type Capture struct {
	URL     string // that was asked, after redirects
	Fetched time.Time
	Status  int
	Proto   string              // HTTP/1.1, HTTP/2.0
	Header  map[string][]string // of the answer
	Body    []byte              // as it was sent, packed where Header says so
	Asked   map[string][]string // the header fields of the request
	Remote  string              // IP address of the server; empty: not known
}

// PagePlace is where a kept page lies in the archive.
type PagePlace struct {
	File   string // name of the file in the archive's folder
	Offset int64  // of the record in the file, bytes
	Length int64  // of the record as it is stored, bytes
	Digest string // of the body: sha256: and hexadecimal digits
	Type   string // response, or revisit where the body is that of an earlier record
}

// KeptPage is a page of an article in the archive.
type KeptPage struct {
	ID      int64
	Article int64
	URL     string
	Status  int
	Fetched time.Time
	PagePlace
	Same *KeptPage // a revisit's: the record that has the body; nil otherwise
}

// PageChange is what a later look at a flagged article's page found.
type PageChange struct {
	ID      int64      `json:"id"`
	Article int64      `json:"article"`
	Kind    ChangeKind `json:"kind"` // ChangeEdited, ChangeTitle, ChangeTakenDown or ChangeRestored
	Of      string     `json:"of,omitempty"`
	From    string     `json:"from,omitempty"`
	To      string     `json:"to,omitempty"`
	Found   time.Time  `json:"found"`
}

// Change is the page's change as a message tells of it.
func (p PageChange) Change() Change {
	return Change{Kind: p.Kind, From: p.From, To: p.To, Of: p.Of, Article: p.Article}
}

// Version is what a page said at one look.
type Version struct {
	Title string
	Text  string // paragraphs separated by an empty line; empty: the page was gone
	Seen  time.Time
}

// PagesSince are the changes of pages that a story's state has and an earlier one
// hasn't, as a message tells of them.
func PagesSince(before, now StoryState) []Change {
	told := make(map[int64]bool, len(before.Pages))
	for _, p := range before.Pages {
		told[p.ID] = true
	}
	var out []Change
	for _, p := range now.Pages {
		if !told[p.ID] {
			out = append(out, p.Change())
		}
	}
	return out
}
