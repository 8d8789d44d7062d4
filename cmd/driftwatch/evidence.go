package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/store/archive"
	"driftwatch/text"
	"driftwatch/watch"
)

// evidenceFlags are what `hits show` shows beside the hit itself.
type evidenceFlags struct {
	page, changes, raw, json bool
	copy                     int
	out                      string
}

func (f *evidenceFlags) add(c *cobra.Command) {
	fl := c.Flags()
	fl.BoolVar(&f.page, "page", false, "print the article's page as it was received, checked by its digest")
	fl.IntVar(&f.copy, "copy", 0, "with --page: which of the kept pages, 1 the earliest (default: the one that the hit was found in)")
	fl.BoolVar(&f.raw, "raw", false, "with --page: with its header, and packed as it was sent")
	fl.StringVar(&f.out, "out", "", "with --page: write it to this `FILE`, which must not exist")
	fl.BoolVar(&f.changes, "changes", false, "show what has changed on the article's page since, with both versions")
	c.MarkFlagsMutuallyExclusive("page", "changes")
}

// check says what is wrong with the flags together.
func (f *evidenceFlags) check() error {
	switch {
	case !f.page && (f.copy != 0 || f.raw || f.out != ""):
		return usage("--copy, --raw and --out go with --page")
	case f.copy < 0:
		return usage("--copy is %d; the earliest page is 1", f.copy)
	case f.json && (f.raw || f.out != ""):
		return usage("--json lists the kept pages; --raw and --out write one")
	}
	return nil
}

// pageDoc is a kept page as `hits show --page --json` lists it.
type pageDoc struct {
	Copy    int       `json:"copy"`
	URL     string    `json:"url"`
	Status  int       `json:"status"`
	Fetched time.Time `json:"fetched"`
	File    string    `json:"file"`
	Offset  int64     `json:"offset"`
	Length  int64     `json:"length"`
	Type    string    `json:"type"`
	Digest  string    `json:"digest"`
}

// showPage prints a page of the hit's article, or what there is of it.
func (a *app) showPage(cmd *cobra.Command, st store.Store, folder string, d store.HitDetail, f evidenceFlags) error {
	pages, err := keptPages(cmd.Context(), st, d)
	if err != nil {
		return err
	}
	if f.json {
		docs := make([]pageDoc, len(pages))
		for i, p := range pages {
			docs[i] = pageDoc{i + 1, p.URL, p.Status, p.Fetched, p.File, p.Offset, p.Length, p.Type, p.Digest}
		}
		return printJSON(a.stdout, docs)
	}
	n := f.copy
	if n == 0 {
		n = copyOf(pages, d.Hit)
	}
	if n > len(pages) {
		return usage("--copy is %d; %d %s kept", n, len(pages), plural(len(pages), "page is", "pages are"))
	}
	c, err := archive.Read(folder, pages[n-1])
	if err != nil {
		return err
	}
	switch {
	case f.out != "":
		return a.writePage(c, f)
	case isTerminal(a.stdout):
		a.printPages(pages, n, d.Hit.ID)
		return nil
	}
	return pageTo(a.stdout, c, f.raw)
}

// keptPages are those of a hit's article, the earliest first.
func keptPages(ctx context.Context, st store.Store, d store.HitDetail) ([]news.KeptPage, error) {
	latest, err := st.Pages(ctx, d.Article.ID)
	if err != nil {
		return nil, err
	}
	if len(latest) == 0 {
		return nil, fmt.Errorf("no page of the article of hit %d is kept: it could not be fetched, its source has no pages, or archive.pages is none", d.Hit.ID)
	}
	out := make([]news.KeptPage, len(latest))
	for i, p := range latest {
		out[len(latest)-1-i] = p
	}
	return out, nil
}

// copyOf is the number of the page that a hit was found in: the last of those
// kept by then.
func copyOf(pages []news.KeptPage, h news.Hit) int {
	n := 1
	for i, p := range pages {
		if p.Status == http.StatusOK && !p.Fetched.After(h.Found.Add(time.Minute)) {
			n = i + 1
		}
	}
	return n
}

func (a *app) printPages(pages []news.KeptPage, chosen int, hit int64) {
	var cells [][]string
	for i, p := range pages {
		mark := ""
		if i+1 == chosen {
			mark = "found in"
		}
		cells = append(cells, []string{strconv.Itoa(i + 1), a.moment(p.Fetched), strconv.Itoa(p.Status), p.Type, mark, p.Digest[:min(len(p.Digest), 19)] + "…", p.URL})
	}
	a.folded([]string{"COPY", "FETCHED", "STATUS", "RECORD", "HIT", "DIGEST", "URL"}, cells, maxTitle)
	a.fold(a.stdout, fmt.Sprintf("Write one to a file: driftwatch hits show %d --page --copy %d --out page.html", hit, chosen), "")
}

// writePage writes a page to a new file.
func (a *app) writePage(c *news.Capture, f evidenceFlags) (err error) {
	file, err := os.OpenFile(f.out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already; name a new file", f.out)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := pageTo(file, c, f.raw); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s: %s, status %d, fetched %s; its digest is right.\n", f.out, guard.Line(c.URL), c.Status, a.moment(c.Fetched))
	return nil
}

// pageTo writes a page: its body, unpacked, or all that was received.
func pageTo(out io.Writer, c *news.Capture, raw bool) error {
	if raw {
		fmt.Fprintf(out, "%s %03d %s\r\n", c.Proto, c.Status, http.StatusText(c.Status))
		if err := http.Header(c.Header).Write(out); err != nil {
			return err
		}
		_, err := out.Write(append([]byte("\r\n"), c.Body...))
		return err
	}
	const most = 64 << 20
	body, err := guard.Decode(bytes.NewReader(c.Body), http.Header(c.Header).Get("Content-Encoding"), most)
	if err == nil {
		_, err = io.Copy(out, body)
	}
	return err
}

// pageChangeDoc is a change as `hits show --changes --json` prints it.
type pageChangeDoc struct {
	Kind   news.ChangeKind `json:"kind"`
	Of     string          `json:"of,omitempty"`
	From   string          `json:"from,omitempty"`
	To     string          `json:"to,omitempty"`
	Found  time.Time       `json:"found"`
	Before versionDoc      `json:"before"`
	After  versionDoc      `json:"after"`
}

type versionDoc struct {
	Title string    `json:"title"`
	Text  string    `json:"text"`
	Seen  time.Time `json:"seen"`
}

// showChanges prints what has changed on the page of a hit's article.
func (a *app) showChanges(cmd *cobra.Command, st store.Store, d store.HitDetail, asJSON bool) error {
	changes, err := st.PageChanges(cmd.Context(), d.Article.ID)
	if err != nil {
		return err
	}
	if asJSON {
		docs := make([]pageChangeDoc, len(changes))
		for i, c := range changes {
			docs[i] = pageChangeDoc{c.Kind, c.Of, c.From, c.To, c.Found, versionDoc(c.Before), versionDoc(c.After)}
		}
		return printJSON(a.stdout, docs)
	}
	a.fold(a.stdout, guard.Line(d.Article.Address()), "")
	if len(changes) == 0 {
		fmt.Fprintln(a.stdout, "Nothing that was flagged has changed on this page, as far as it was looked at again.")
		return nil
	}
	for i, c := range changes {
		fmt.Fprintln(a.stdout)
		a.printChange(c)
		if i+1 == len(changes) || changes[i+1].Found != c.Found { // changes found together share their versions
			a.printDiff(c)
		}
	}
	return nil
}

func (a *app) printChange(c store.PageChange) {
	say := func(name, format string, args ...any) {
		a.fold(a.stdout, fmt.Sprintf("%-11s%s", name, guard.Line(fmt.Sprintf(format, args...))), strings.Repeat(" ", 11))
	}
	switch c.Kind {
	case news.ChangeTakenDown:
		say("taken down", "%s: %s", a.moment(c.Found), c.To)
	case news.ChangeRestored:
		say("back", "%s, after: %s", a.moment(c.Found), c.From)
	case news.ChangeTitle:
		say("title", "%s", a.moment(c.Found))
		say("", "was: %s", c.From)
		say("", "is:  %s", c.To)
	default:
		say("edited", "%s, evidence of: %s", a.moment(c.Found), c.Of)
		say("", "was: %s", c.From)
		say("", "is:  %s", orDash(c.To))
	}
}

// printDiff shows how two versions differ, sentence by sentence.
func (a *app) printDiff(c store.PageChange) {
	if c.After.Text == "" || c.Before.Text == c.After.Text {
		return
	}
	name := func(v news.Version) string { return a.moment(v.Seen) }
	d := diff.Diff(name(c.Before), bySentence(c.Before.Text), name(c.After), bySentence(c.After.Text))
	_, d, _ = bytes.Cut(d, []byte("\n")) // the line that names diff's own command
	fmt.Fprintln(a.stdout)
	for l := range strings.Lines(string(d)) {
		l = guard.Line(strings.TrimSuffix(l, "\n"))
		switch {
		case strings.HasPrefix(l, "@@"), l == "":
			l = a.style.faint(l)
		case l[0] == '-' || l[0] == '+':
			l = a.style.strong(l)
		}
		a.fold(a.stdout, l, "  ")
	}
}

// bySentence is a text with a line for each sentence.
func bySentence(s string) []byte {
	var f text.Field
	new(text.Reader).Split(&f, s)
	var b bytes.Buffer
	for i := range f.Sentences {
		b.WriteString(strings.Join(strings.Fields(f.Sentence(i)), " ") + "\n")
	}
	return b.Bytes()
}

// withArchive is withStore with the folder of the archive.
func (a *app) withArchive(cmd *cobra.Command, f func(e watch.Evidence, st store.Store) error) error {
	c, err := a.load()
	if err != nil {
		return err
	}
	return a.withStoreIn(cmd, existingDatabase, func(file string, st store.Store) error {
		return f(watch.EvidenceOf(c, file), st)
	})
}
