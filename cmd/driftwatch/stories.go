package main

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/watch"
)

func (a *app) storiesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "stories",
		Short: "Which articles tell one story: list, show, merge, split",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.storiesListCommand(), a.storiesShowCommand(), a.storiesMergeCommand(), a.storiesSplitCommand())
	return c
}

// storyDoc is a story as scripts read it.
type storyDoc struct {
	ID        int64     `json:"id"`
	Title     string    `json:"title"`
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
	Published time.Time `json:"published"` // the earliest of its articles
	Articles  int       `json:"articles"`
	Outlets   []string  `json:"outlets"`
	Languages []string  `json:"languages"`
	Countries []string  `json:"countries"`
}

func storyOf(s news.Story) storyDoc {
	return storyDoc{
		s.ID, s.Title, s.FirstSeen.UTC(), s.LastSeen.UTC(), s.Published.UTC(), s.Articles,
		listOrEmpty(s.Sources), listOrEmpty(s.Languages), listOrEmpty(s.Countries),
	}
}

// listOrEmpty is a list that JSON never shows as null.
func listOrEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (a *app) storiesListCommand() *cobra.Command {
	var f store.StoryFilter
	var from string
	var all, asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List stories, the one that grew last first",
		Long: `Lists the stories that were flagged, the one that grew last first; with --all,
those that were not flagged too.

--json prints a list of {"id","title","first_seen","last_seen","published",
"articles","outlets","languages","countries"}.`,
		Example: `  driftwatch stories list --since 7d --articles 2`,
		Args:    cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			if f.Limit < 0 || f.Articles < 0 {
				return usage("--limit and --articles may not be negative")
			}
			if from != "" {
				t, err := since(from, a.now(), a.location)
				if err != nil {
					return err
				}
				f.Since = t
			}
			f.Flagged = !all
			return a.withStore(cmd, func(st store.Store) error {
				found, err := st.Stories(cmd.Context(), f)
				if err != nil {
					return err
				}
				if asJSON {
					list := make([]storyDoc, len(found))
					for i, s := range found {
						list[i] = storyOf(s)
					}
					return printJSON(a.stdout, list)
				}
				a.printStories(found)
				return nil
			})
		}),
	}
	c.Flags().StringVar(&from, "since", "", "that grew since: a length of time (36h, 7d), a day, or RFC 3339")
	c.Flags().IntVar(&f.Articles, "articles", 0, "only those with so many articles or more")
	c.Flags().BoolVar(&all, "all", false, "those that were not flagged, too")
	c.Flags().IntVar(&f.Limit, "limit", 50, "at most so many; 0: all")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (a *app) printStories(found []news.Story) {
	if len(found) == 0 {
		fmt.Fprintln(a.stdout, "No story matches. See all: driftwatch stories list --all")
		return
	}
	var cells [][]string
	for _, s := range found {
		cells = append(cells, []string{
			strconv.FormatInt(s.ID, 10), a.moment(s.LastSeen), strconv.Itoa(s.Articles), strconv.Itoa(len(s.Sources)),
			strings.Join(s.Languages, " "), strings.Join(s.Countries, " "), s.Title,
		})
	}
	a.folded([]string{"ID", "LAST SEEN", "ARTICLES", "OUTLETS", "LANGUAGES", "COUNTRIES", "TITLE"}, cells, 80)
}

// storyDetailDoc is all that is known of a story.
type storyDetailDoc struct {
	storyDoc
	TitleOf  int64              `json:"title_of"` // the article that the title is of
	Reports  []reportDoc        `json:"reports"`
	Signals  []news.SignalState `json:"signals"`
	Acts     []storyActDoc      `json:"acts"`
	Messages []deliveryDoc      `json:"messages"`
}

type reportDoc struct {
	ID        int64         `json:"id"`
	Relation  news.Relation `json:"relation"`
	To        *int64        `json:"to"` // null: it joined none
	Score     float64       `json:"score"`
	Pinned    bool          `json:"pinned,omitempty"`
	Title     string        `json:"title"`
	URL       string        `json:"url"`
	Source    string        `json:"source"`
	Language  string        `json:"language"`
	Published *time.Time    `json:"published"` // null: unknown
	Seen      time.Time     `json:"seen"`
}

type storyActDoc struct {
	Kind     news.StoryActKind `json:"kind"`
	Story    int64             `json:"story"`
	Other    int64             `json:"other"`
	Articles []int64           `json:"articles"`
	By       string            `json:"by"`
	Why      string            `json:"why,omitempty"`
	At       time.Time         `json:"at"`
}

func storyDetailOf(v watch.StoryView) storyDetailDoc {
	d := storyDetailDoc{storyDoc: storyOf(v.Story), TitleOf: v.TitleOf, Reports: []reportDoc{}, Signals: listOrEmpty(v.Signals), Acts: []storyActDoc{}, Messages: []deliveryDoc{}}
	for _, r := range v.Reports {
		doc := reportDoc{
			ID: r.ID, Relation: r.Join.Relation, Score: rounded(r.Join.Score), Pinned: r.Join.Pinned, Title: r.Title, URL: r.URL,
			Source: r.Source, Language: r.Lang, Published: timeOrNull(r.Published), Seen: r.Seen.UTC(),
		}
		if r.Join.To != 0 {
			doc.To = &r.Join.To
		}
		d.Reports = append(d.Reports, doc)
	}
	for _, x := range v.Acts {
		d.Acts = append(d.Acts, storyActDoc{x.Kind, x.Story, x.Other, listOrEmpty(x.Articles), x.By, x.Why, x.At.UTC()})
	}
	for _, m := range v.Told {
		d.Messages = append(d.Messages, deliveryOf(m))
	}
	return d
}

// rounded is a score as it is shown.
func rounded(score float64) float64 { return float64(int(1000*score+.5)) / 1000 }

func (a *app) storiesShowCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "show ID",
		Short: "Show one story: its articles and how each came to it, its signals, who was told",
		Long: `Shows a story with its articles in the order of sighting. Beside each stands how
it came to the story: first, same-text, same-event, translation or digest, the
article that it joined, and a score from 0 to 1; 0 where a merge or a split put it
there. The title is that of the article that was seen first, among those that have
one. The number of a story that was merged leads to the one that it is part of.

--json prints what list prints of a story, and "title_of", "reports", "signals",
"acts" (merges and splits: who, when, why) and "messages".`,
		Example: `  driftwatch stories show 17`,
		Args:    cobra.ExactArgs(1),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			id, err := storyID(args[0])
			if err != nil {
				return err
			}
			return a.withStore(cmd, func(st store.Store) error {
				v, err := watch.ReadStory(cmd.Context(), st, id)
				switch {
				case errors.Is(err, store.ErrNotFound):
					return noStory(id)
				case err != nil:
					return err
				case asJSON:
					return printJSON(a.stdout, storyDetailOf(v))
				}
				a.printStory(id, v)
				return nil
			})
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func noStory(id int64) error {
	return fmt.Errorf("there is no story %d; see: driftwatch stories list --all", id)
}

// storyID reads a story's number.
func storyID(s string) (int64, error) {
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id < 1 {
		return 0, usage("%q is no story's number; see: driftwatch stories list", s)
	}
	return id, nil
}

func (a *app) printStory(asked int64, v watch.StoryView) {
	s, out := v.Story, a.stdout
	line := func(name, format string, args ...any) {
		a.fold(out, fmt.Sprintf("%-11s%s", name, guard.Line(fmt.Sprintf(format, args...))), strings.Repeat(" ", 11))
	}
	a.fold(out, guard.Line(cmp.Or(s.Title, "(no title)")), "")
	fmt.Fprintln(out)
	if asked != s.ID {
		line("story", "%d; story %d is part of it", s.ID, asked)
	} else {
		line("story", "%d", s.ID)
	}
	if v.TitleOf != 0 {
		line("title", "of article %d, the first that has one", v.TitleOf)
	}
	line("seen", "%s – %s", a.moment(s.FirstSeen), a.moment(s.LastSeen))
	line("outlets", "%s", strings.Join(s.Sources, ", "))
	line("languages", "%s", strings.Join(s.Languages, ", "))
	if len(s.Countries) > 0 {
		line("countries", "%s", strings.Join(s.Countries, " "))
	}
	for _, x := range v.Signals {
		line("signal", "%s: %s · %s · level %d · %s · %s", x.Signal, x.Title, x.Direction, x.Level, x.Status, strings.Join(x.Countries, " "))
	}
	fmt.Fprintln(out)
	a.printReports(v.Reports)
	if len(v.Acts)+len(v.Told) > 0 {
		fmt.Fprintln(out)
	}
	for _, x := range v.Acts {
		line(string(x.Kind), "%s", a.actWords(x))
	}
	for _, m := range v.Told {
		line("message", "%d to %s, route %s, version %d: %s", m.ID, m.Channel, m.Route, m.Version, m.State)
	}
}

func (a *app) printReports(reports []news.Article) {
	var cells [][]string
	for _, r := range reports {
		to, score := "", ""
		if r.Join.To != 0 {
			to, score = strconv.FormatInt(r.Join.To, 10), strconv.FormatFloat(r.Join.Score, 'f', 2, 64)
		}
		relation := string(r.Join.Relation)
		if r.Join.Pinned {
			relation += "*"
		}
		cells = append(cells, []string{strconv.FormatInt(r.ID, 10), relation, to, score, r.Lang, r.Source, a.moment(r.When()), r.Title})
	}
	a.folded([]string{"ARTICLE", "RELATION", "TO", "SCORE", "LANG", "SOURCE", "PUBLISHED", "TITLE"}, cells, 60)
	for _, r := range reports {
		if r.Join.Pinned {
			fmt.Fprintln(a.stdout, "* put here by an analyst; the program leaves it here.")
			return
		}
	}
}

// actWords says who did what, when and why.
func (a *app) actWords(x news.StoryAct) string {
	what := fmt.Sprintf("story %d became part of story %d", x.Other, x.Story)
	if x.Kind == news.StorySplit {
		what = fmt.Sprintf("%d %s left story %d for story %d", len(x.Articles), plural(len(x.Articles), "article", "articles"), x.Story, x.Other)
	}
	if x.Why != "" {
		what += ": " + x.Why
	}
	return fmt.Sprintf("%s, %s: %s", a.moment(x.At), x.By, what)
}

// changedDoc is what `stories merge --json` and `stories split --json` print.
type changedDoc struct {
	Story    int64   `json:"story"`
	Merged   []int64 `json:"merged,omitempty"`
	Split    int64   `json:"split,omitempty"` // the new story
	Articles []int64 `json:"articles,omitempty"`
	By       string  `json:"by"`
	Why      string  `json:"why,omitempty"`
}

// change are the flags that merge and split share.
type change struct {
	by, why string
	asJSON  bool
}

func (c *change) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.by, "by", "", "who says so (default: $USER)")
	cmd.Flags().StringVar(&c.why, "why", "", "why, for those who look at it later")
	cmd.Flags().BoolVar(&c.asJSON, "json", false, "print JSON")
}

func (c *change) act(now time.Time) (news.StoryAct, error) {
	by := orUser(c.by)
	if by == "" || by == news.Program {
		return news.StoryAct{}, usage("say with --by who you are")
	}
	return news.StoryAct{By: by, Why: c.why, At: now.UTC()}, nil
}

func (a *app) storiesMergeCommand() *cobra.Command {
	var how change
	c := &cobra.Command{
		Use:   "merge STORY OTHER…",
		Short: "Make one story of several that tell the same",
		Long: `Makes the other stories a part of the first. Their articles, hits and verdicts
move, and links to them lead there. A route that was told of either counts as told
of the one story; nothing is told again. The program never parts what you merged.

--json prints {"story","merged","by","why"}.`,
		Example: `  driftwatch stories merge 17 23 --why "one raid, two stations" --by aigul`,
		Args:    cobra.MinimumNArgs(2),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			var ids []int64
			for _, s := range args {
				id, err := storyID(s)
				if err != nil {
					return err
				}
				ids = append(ids, id)
			}
			act, err := how.act(a.now())
			if err != nil {
				return err
			}
			return a.withStore(cmd, func(st store.Store) error {
				if err := a.sameStories(cmd, st, ids); err != nil {
					return err
				}
				if err := watch.MergeStories(cmd.Context(), st, ids[0], ids[1:], act); err != nil {
					return err
				}
				s, err := st.Story(cmd.Context(), ids[0])
				if err != nil {
					return err
				}
				if how.asJSON {
					return printJSON(a.stdout, changedDoc{Story: s.ID, Merged: ids[1:], By: act.By, Why: act.Why})
				}
				fmt.Fprintf(a.stdout, "Story %d has %d %s now.\n", s.ID, s.Articles, plural(s.Articles, "article", "articles"))
				return nil
			})
		}),
	}
	how.add(c)
	return c
}

// sameStories refuses to merge what isn't there, or what is one already.
func (a *app) sameStories(cmd *cobra.Command, st store.Store, ids []int64) error {
	of := map[int64]int64{}
	for _, id := range ids {
		s, err := st.Story(cmd.Context(), id)
		if errors.Is(err, store.ErrNotFound) {
			return noStory(id)
		}
		if err != nil {
			return err
		}
		if other, twice := of[s.ID]; twice {
			return fmt.Errorf("stories %d and %d are one already: story %d", other, id, s.ID)
		}
		of[s.ID] = id
	}
	return nil
}

func (a *app) storiesSplitCommand() *cobra.Command {
	var how change
	c := &cobra.Command{
		Use:   "split STORY ARTICLE…",
		Short: "Take articles out of a story that they don't belong to",
		Long: `Makes a story of its own of the articles that you name by their numbers, as
"stories show" lists them. What a route was told of counts as told of both; a part
that came after its last message is told. The program never joins the two again.

--json prints {"story","split","articles","by","why"}: split is the new story.`,
		Example: `  driftwatch stories split 17 230 231 --why "another bank" --by aigul`,
		Args:    cobra.MinimumNArgs(2),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			id, err := storyID(args[0])
			if err != nil {
				return err
			}
			var articles []int64
			for _, s := range args[1:] {
				n, err := strconv.ParseInt(s, 10, 64)
				if err != nil || n < 1 {
					return usage("%q is no article's number; see: driftwatch stories show %d", s, id)
				}
				articles = append(articles, n)
			}
			act, err := how.act(a.now())
			if err != nil {
				return err
			}
			return a.withStore(cmd, func(st store.Store) error {
				s, err := st.Story(cmd.Context(), id)
				if errors.Is(err, store.ErrNotFound) {
					return noStory(id)
				}
				if err != nil {
					return err
				}
				part, err := watch.SplitStory(cmd.Context(), st, s.ID, articles, act)
				switch {
				case errors.Is(err, store.ErrNotFound):
					return fmt.Errorf("%w; see: driftwatch stories show %d", err, s.ID)
				case err != nil:
					return err
				case how.asJSON:
					return printJSON(a.stdout, changedDoc{Story: s.ID, Split: part, Articles: articles, By: act.By, Why: act.Why})
				}
				fmt.Fprintf(a.stdout, "Story %d is the new one; story %d keeps the rest.\n", part, s.ID)
				return nil
			})
		}),
	}
	how.add(c)
	return c
}
