package review

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"driftwatch/news"
)

// Archive is the pages of articles as they were received.
type Archive interface {
	// Copies gives those of an article, the earliest first.
	Copies(ctx context.Context, article int64) ([]news.KeptPage, error)
	// Copy reads one. The error says that it isn't what was kept, or isn't there.
	Copy(ctx context.Context, p news.KeptPage) (Copied, error)
	// Sights gives what later looks at the article's page found.
	Sights(ctx context.Context, article int64) ([]news.PageChange, error)
}

// Copied is a page as it was received, as text.
type Copied struct {
	Source string // the page's HTML, in UTF-8
	Title  string // what is read from it now
	Text   string
	Why    string // no article is read from it, in words; empty: one is
}

// archivedView is what the page of an article shows.
type archivedView struct {
	Story    int64
	Article  news.Article
	Outlet   string
	Seen     Moment
	Shown    news.Revision
	When     Moment
	Versions []choice
	Copies   []copyLine
	Sights   []sightLine
	Copy     *Copied // the one that is asked for
	N        int     // its number
	Cut      bool    // its source is shown in part
	Says     string
}

// copyLine is a kept page in the list of them.
type copyLine struct {
	news.KeptPage
	N    int
	When Moment
	Here bool
}

// sightLine is what a later look at the page found.
type sightLine struct {
	news.PageChange
	Word string
	When Moment
}

var sightWords = map[news.ChangeKind]string{news.ChangeEdited: "edited", news.ChangeTitle: "title changed", news.ChangeTakenDown: "taken down", news.ChangeRestored: "restored"}

// sourceShown is how much of a page's HTML is shown, in bytes; all of it can be had
// as a file.
const sourceShown = 64 << 10

// storyArticle is the article that the address names, of the story that it names.
func (v *visit) storyArticle() (news.Article, error) {
	story, err := v.id()
	if err != nil {
		return news.Article{}, err
	}
	files, err := v.Stories.StoryFiles(v.r.Context(), []int64{story})
	if err != nil {
		return news.Article{}, err
	}
	for _, f := range files {
		for _, a := range f.Articles {
			if strconv.FormatInt(a.ID, 10) == v.r.PathValue("article") {
				return a, nil
			}
		}
	}
	return news.Article{}, problem(http.StatusNotFound, "There is no such page.")
}

// articleFile is an article with its text at each time, and the pages of it that are
// kept, both the earliest first.
type articleFile struct {
	news.Article
	Versions []news.Revision
	Copies   []news.KeptPage
}

// articleFile reads the article that the address names.
func (v *visit) articleFile() (f articleFile, err error) {
	if f.Article, err = v.storyArticle(); err != nil {
		return f, err
	}
	if f.Versions, err = v.Stories.Revisions(v.r.Context(), f.ID); err != nil {
		return f, err
	}
	f.Copies, err = v.Archive.Copies(v.r.Context(), f.ID)
	return f, err
}

// articlePage shows the text of an article as it was read, and its page as it was
// received, both as text.
func (v *visit) articlePage() error {
	f, err := v.articleFile()
	if err != nil {
		return err
	}
	a, all, copies := f.Article, f.Versions, f.Copies
	if len(all) == 0 {
		return problem(http.StatusNotFound, "There is no such page.")
	}
	q := v.r.URL.Query()
	view := &archivedView{Story: a.Story, Article: a, Outlet: v.outlet(a.Source), Seen: v.moment(a.Seen), Shown: all[len(all)-1]}
	for _, r := range all {
		if strconv.Itoa(r.Revision) == q.Get("version") {
			view.Shown = r
		}
	}
	for _, r := range all {
		view.Versions = append(view.Versions, choice{Value: fmt.Sprintf("%s?version=%d", v.r.URL.Path, r.Revision), Name: v.moment(r.Seen).Exact, N: r.Revision, On: r.Revision == view.Shown.Revision})
	}
	view.When = v.moment(view.Shown.Seen)
	view.N, _ = strconv.Atoi(q.Get("copy"))
	for i, p := range copies {
		view.Copies = append(view.Copies, copyLine{p, i + 1, v.moment(p.Fetched), i+1 == view.N})
	}
	if view.N > 0 && view.N <= len(copies) {
		if c, err := v.Archive.Copy(v.r.Context(), copies[view.N-1]); err != nil {
			v.Log.Warn("kept page not read", "article", a.ID, "copy", view.N, "problem", err)
			view.Says = v.t("This copy can't be read: the archive's file is gone or damaged. The log says more.")
		} else {
			if len(c.Source) > sourceShown {
				c.Source, view.Cut = cutRunes(c.Source, sourceShown), true
			}
			view.Copy = &c
		}
	}
	sights, err := v.Archive.Sights(v.r.Context(), a.ID)
	for _, s := range sights {
		view.Sights = append(view.Sights, sightLine{s, v.t(sightWords[s.Kind]), v.moment(s.Found)})
	}
	if err != nil {
		return err
	}
	return v.render(http.StatusOK, "article", view)
}

// sendCopy sends a page as it was received, as a file of plain text: no browser shows
// it as a page.
func (v *visit) sendCopy() error {
	a, err := v.storyArticle()
	if err != nil {
		return err
	}
	copies, err := v.Archive.Copies(v.r.Context(), a.ID)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(v.r.PathValue("n"))
	if err != nil || n < 1 || n > len(copies) {
		return problem(http.StatusNotFound, "There is no such page.")
	}
	c, err := v.Archive.Copy(v.r.Context(), copies[n-1])
	if err != nil {
		v.Log.Warn("kept page not read", "article", a.ID, "copy", n, "problem", err)
		return problem(http.StatusGone, "This copy can't be read: the archive's file is gone or damaged. The log says more.")
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="article-%d-copy-%d.txt"`, a.ID, n))
	http.ServeContent(v.w, v.r, "", time.Time{}, strings.NewReader(c.Source))
	return nil
}
