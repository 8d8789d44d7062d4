package pageset

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"driftwatch/crawler/extract"
	"driftwatch/crawler/extract/blocks"
)

// Page is a page with checked text.
type Page struct {
	File, Set, Lang, Dom, URL, Title, Date, Text string

	Dir    string       `json:"-"` // the folder's name
	HTML   []byte       `json:"-"`
	Gold   []string     `json:"-"` // the words of the text
	Blocks *blocks.Page `json:"-"` // once it is cut

	want    []float32 // how much of each block is the article's
	weights []float32
	sizes   []int   // words of each block
	matched float64 // how much of the checked text stands on the page
}

// Load reads the pages of a folder.
func Load(dir string) ([]*Page, error) {
	f, err := os.Open(filepath.Join(dir, "pages.jsonl"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all []*Page
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		p := &Page{Dir: filepath.Base(dir)}
		if err := json.Unmarshal(lines.Bytes(), p); err != nil {
			return nil, fmt.Errorf("read %s: %w", f.Name(), err)
		}
		if p.HTML, err = unzipped(filepath.Join(dir, p.File)); err != nil {
			return nil, err
		}
		p.Gold = Words(p.Text)
		all = append(all, p)
	}
	return all, lines.Err()
}

func unzipped(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return io.ReadAll(z)
}

// Headline is the page's checked title, empty where there is none. Where the set
// has no titles it is the first line of the checked text, if the page has it as a
// line of its own and as an h1 or in its title element too. It wants the page cut.
func (p *Page) Headline() string {
	if p.Title != "" || !strings.HasPrefix(p.Set, "waddle") {
		return p.Title
	}
	line, _, _ := strings.Cut(p.Text, "\n")
	words := Words(line)
	is := func(text string) bool { return slices.Equal(Words(text), words) }
	shown := slices.ContainsFunc(p.Blocks.Blocks, func(b blocks.Block) bool { return is(string(p.Blocks.Text(&b))) })
	named := strings.Contains(" "+strings.Join(Words(p.Blocks.Title), " ")+" ", " "+strings.Join(words, " ")+" ") ||
		slices.ContainsFunc(p.Blocks.Headings, func(h blocks.Heading) bool { return is(h.Text) })
	if len(words) < 3 || !shown || !named {
		return ""
	}
	return line
}

// Outlet is what pages are folded by: no outlet is in two folds.
func (p *Page) Outlet() string {
	if p.Dom == "" {
		return p.Dir + "/" + p.File
	}
	return strings.TrimPrefix(p.Dom, "www.")
}

// fold is the number of a page's fold of n.
func (p *Page) fold(n int, salt string) int {
	h := fnv.New32a()
	io.WriteString(h, salt+p.Outlet())
	return int(h.Sum32()>>3) % n
}

// Group is the set that a page is counted in.
func (p *Page) Group() string {
	switch {
	case !strings.HasPrefix(p.Set, "waddle"):
		return p.Set
	case p.Lang == "ru":
		return "Russian"
	default:
		return "English"
	}
}

// Cut cuts the page into blocks and tells which are the article's by its
// checked text.
func (p *Page) Cut() {
	p.Blocks = extract.Blocks(p.HTML, extract.Options{URL: p.URL})
	var seen []string
	var owner []int32
	for i := range p.Blocks.Blocks {
		for _, w := range Words(string(p.Blocks.Text(&p.Blocks.Blocks[i]))) {
			seen = append(seen, w)
			owner = append(owner, int32(i))
		}
	}
	found, all := make([]int, len(p.Blocks.Blocks)), make([]int, len(p.Blocks.Blocks))
	total := 0
	numbers := map[string]int32{}
	for i, is := range align(numbered(seen, numbers), numbered(p.Gold, numbers)) {
		all[owner[i]]++
		if is {
			found[owner[i]]++
			total++
		}
	}
	p.matched = float64(total) / float64(len(p.Gold)+1)
	p.want, p.weights = make([]float32, len(all)), make([]float32, len(all))
	for i := range all {
		if all[i] > 0 {
			p.want[i] = float32(found[i]) / float32(all[i])
		}
		if p.want[i] < 1./3 {
			p.want[i] = 0
		}
		p.weights[i] = weight(all[i], len(p.Gold))
	}
	p.sizes = all
}

// Wanted reports whether a block is of the article.
func (p *Page) Wanted(i int) bool { return p.want[i] > 0.5 }

// weight is how much a block of so many words counts on a page whose article has
// so many: about as much as the page's F1 would suffer.
func weight(block, article int) float32 {
	return min(float32(block+1)/float32(max(article, 60)), 0.5) + 0.002
}

// numbered gives each word a number, the same word the same.
func numbered(words []string, numbers map[string]int32) []int32 {
	all := make([]int32, len(words))
	for i, w := range words {
		n, ok := numbers[w]
		if !ok {
			n = int32(len(numbers))
			numbers[w] = n
		}
		all[i] = n
	}
	return all
}

// mostCells bounds the alignment of one page.
const mostCells = 300 << 20

// align tells which words of a page are those of its checked text. It finds the
// alignment in which runs of words are longest: a run costs something to begin,
// so that a word alone is not taken for the same word in the text.
func align(seen, gold []int32) []bool {
	m, n := len(seen), len(gold)
	is := make([]bool, m)
	if m == 0 || n == 0 || m*n > mostCells {
		return is
	}
	const (
		runsOn  = 1 << iota // the run of this match goes on from before
		toMatch             // the way here, not matched, comes from a match
		fromRow             // it comes from the row above: the page's word is passed over
	)
	const begin, never = -0.6, -1e9
	ways := make([]uint8, (m+1)*(n+1))
	matched, passed := make([]float32, n+1), make([]float32, n+1)
	nextMatched, nextPassed := make([]float32, n+1), make([]float32, n+1)
	for j := range matched {
		matched[j] = never
	}
	for i := 1; i <= m; i++ {
		nextMatched[0], nextPassed[0] = never, 0
		for j := 1; j <= n; j++ {
			var way uint8
			nextMatched[j] = never
			if seen[i-1] == gold[j-1] {
				if matched[j-1]+1 >= passed[j-1]+begin {
					nextMatched[j] = matched[j-1] + 1
					way |= runsOn
				} else {
					nextMatched[j] = passed[j-1] + begin
				}
			}
			above, left := max(passed[j], matched[j]), max(nextPassed[j-1], nextMatched[j-1])
			if above >= left {
				nextPassed[j] = above
				way |= fromRow
				if matched[j] > passed[j] {
					way |= toMatch
				}
			} else {
				nextPassed[j] = left
				if nextMatched[j-1] > nextPassed[j-1] {
					way |= toMatch
				}
			}
			ways[i*(n+1)+j] = way
		}
		matched, nextMatched = nextMatched, matched
		passed, nextPassed = nextPassed, passed
	}
	for i, j, in := m, n, matched[n] > passed[n]; i > 0 && j > 0; {
		way := ways[i*(n+1)+j]
		switch {
		case in:
			is[i-1] = true
			in = way&runsOn != 0
			i, j = i-1, j-1
		case way&fromRow != 0:
			in = way&toMatch != 0
			i--
		default:
			in = way&toMatch != 0
			j--
		}
	}
	return is
}
