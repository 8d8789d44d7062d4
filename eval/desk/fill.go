package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/store/sqlite"
	"driftwatch/story"
	"driftwatch/text"
	"driftwatch/watch"
)

// What is stored was seen over so long, up to a few minutes ago, and what an outlet
// prints of a story within a day of the first report.
const (
	span     = 2 * 365 * 24 * time.Hour
	cycles   = 10 * time.Minute // between two of them
	outlets  = 120
	batch    = 500 // articles in a transaction
	opened   = 400 // stories that more may be printed of
	judged   = 0.8 // share of the flagged stories that have a verdict
	password = "a password of the bench"
)

// analysts give the verdicts.
var analysts = []string{"dana", "timur", "aigul"}

// piece is one article before it is filed.
type piece struct {
	news.Article
	story  int32
	begins bool // a story
	hits   []news.Hit
	print  store.Print
}

// filling fills a database.
type filling struct {
	plan
	db      *sqlite.DB
	engine  *rules.Engine
	tongues []tongue
	sources []news.Source
	end     time.Time           // when the last article was seen
	cases   map[string][]sample // by language
	of      []int32             // the story of each article, numbered as they begin
	first   []bool              // by article: it begins its story
	flagged []bool              // by story
	ids     []int64             // by story, as the store numbers them
}

// sample is a text that is flagged.
type sample struct{ title, text string }

// samples are the texts of the rules' tests, by language.
func samples(signals []rules.Signal) map[string][]sample {
	out := map[string][]sample{}
	for _, s := range signals {
		for _, c := range s.Tests.Match {
			if s.Theme != news.ThemeContext {
				out[c.Lang] = append(out[c.Lang], sample{c.Title, c.Text})
			}
		}
	}
	return out
}

// fill fills a database with made-up articles, from where that was ended before.
func (p plan) fill(ctx context.Context, file string, sources []news.Source, took *filled) error {
	engine, err := watch.LoadRules(&configs.Config{})
	if err != nil {
		return err
	}
	db, err := sqlite.Open(ctx, file, sqlite.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	f := &filling{plan: p, db: db, engine: engine, tongues: newTongues(engine.Signals()), sources: sources, end: took.End, cases: samples(engine.Signals())}
	begun := time.Now()
	defer func() { took.Filled += time.Since(begun).Seconds() }()
	f.plot()
	parts := []func(context.Context) error{f.articles, f.desk, func(ctx context.Context) error { return f.history(ctx, file) }}
	for ; took.Parts < len(parts); took.Parts++ {
		if err := parts[took.Parts](ctx); err != nil {
			return err
		}
	}
	return nil
}

// index makes all articles findable.
func index(ctx context.Context, file string, took *filled) error {
	db, err := sqlite.Open(ctx, file, sqlite.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	begun := time.Now()
	defer func() { took.Indexed += time.Since(begun).Seconds() }()
	for left := true; left; {
		if left, err = db.IndexArticles(ctx, batch); err != nil {
			return err
		}
	}
	took.Findable = true
	return nil
}

// plot says which article is of which story: about half of them begin one; of
// those that are flagged more is printed.
func (f *filling) plot() {
	r := rand.New(rand.NewPCG(5, 6))
	var open []int32
	left := f.Stories
	for i := range f.Articles {
		if len(open) > 0 && r.Float64() < 0.5 {
			s := open[r.IntN(len(open))]
			if other := open[r.IntN(len(open))]; !f.flagged[s] {
				s = other
			}
			f.of, f.first = append(f.of, s), append(f.first, false)
			continue
		}
		s := int32(len(f.flagged))
		begins := r.Float64() < 2*float64(left)/float64(f.Articles-i)
		if begins {
			left--
		}
		f.flagged, f.of, f.first = append(f.flagged, begins), append(f.of, s), append(f.first, true)
		if len(open) < opened {
			open = append(open, s)
		} else {
			open[r.IntN(len(open))] = s
		}
	}
	for s := range f.flagged {
		f.ids = append(f.ids, int64(s)+1) // as an empty store numbers them
	}
}

// at is when the i-th article was seen.
func (f *filling) at(i int) time.Time {
	return f.end.Add(-time.Duration(float64(span) * float64(f.Articles-1-i) / float64(f.Articles))).Truncate(time.Millisecond)
}

// articles writes and files all articles in the order of sighting: several hands
// write, and one files.
func (f *filling) articles(ctx context.Context) error {
	const hands = 3
	stored, err := f.db.Counts(ctx)
	if err != nil {
		return err
	}
	n := int(stored.Articles)
	written := make(chan chan []piece, hands)
	go func() {
		defer close(written)
		for from := n; from < f.Articles && ctx.Err() == nil; from += batch {
			one := make(chan []piece, 1)
			written <- one
			go func() { one <- f.write(from, min(from+batch, f.Articles)) }()
		}
	}()
	for one := range written {
		if err := f.file(ctx, <-one, n); err != nil {
			return err
		}
		if n += batch; n%100_000 == 0 {
			fmt.Fprintf(os.Stderr, "desk: %d of %d articles\n", n, f.Articles)
		}
	}
	return context.Cause(ctx)
}

// write writes the articles of a batch.
func (f *filling) write(from, to int) []piece {
	r := rand.New(rand.NewPCG(uint64(from), 3))
	writers := make([]*writer, len(f.tongues))
	for i, t := range f.tongues {
		writers[i] = newWriter(t, r)
	}
	var rd text.Reader
	var reading text.Reading
	out := make([]piece, 0, to-from)
	for i := from; i < to; i++ {
		src := f.sources[r.IntN(len(f.sources))]
		w := writers[r.IntN(len(writers))]
		at := f.at(i)
		p := piece{story: f.of[i], begins: f.first[i]}
		p.Article = news.Article{Source: src.ID, URL: fmt.Sprintf("https://%s.example/%s/%d", src.ID, at.Format("2006/01/02"), i), Title: w.title(),
			Lang: w.lang, Published: at.Add(-time.Duration(r.IntN(3600)) * time.Second), Seen: at, From: "page"}
		var of sample
		if cases := f.cases[w.lang]; f.flagged[p.story] && len(cases) > 0 {
			of = cases[(int(p.story)*7+r.IntN(2))%len(cases)]
			if of.title != "" {
				p.Title = of.title
			}
		}
		p.Text = w.text(of.text)
		if recent := f.end.Sub(at) < story.TextWindow; of.text != "" || recent {
			rd.Read(&reading, p.Title, p.Text, p.Lang)
			p.Lang = reading.Lang
			if of.text != "" {
				p.hits = f.engine.Flag(&reading, rules.About{Source: src.ID, Country: src.Country, Languages: src.Languages, URL: p.URL, Date: at})
			}
			if recent {
				p.print = watch.Print(story.Draw(&reading, nil, p.Published))
			}
		}
		for j := range p.hits {
			p.hits[j].Found = at
			if p.hits[j].Background {
				p.hits[j].Quiet = news.QuietBackground
			}
		}
		out = append(out, p)
	}
	return out
}

// file files a batch as a cycle does, with what is owed for it.
func (f *filling) file(ctx context.Context, batch []piece, from int) error {
	return f.db.Update(ctx, func(tx store.Tx) error {
		for i, p := range batch {
			var a news.Article
			var err error
			if p.begins {
				a, err = tx.NewStory(p.Article, p.print)
			} else {
				a, err = tx.AddToStory(f.ids[p.story], p.Article, p.print)
			}
			if err == nil {
				err = tx.PutItem(store.ItemState{Source: a.Source, Key: a.URL, Hash: uint64(from + i), Article: a.ID, First: a.Seen})
			}
			if err == nil && len(p.hits) > 0 {
				_, err = tx.PutHits(a.ID, a.Revision, p.hits)
			}
			if err == nil && (from+i)%50 == 0 {
				a.Text, a.Title = p.Text+" "+p.Title, p.Title
				_, err = tx.PutRevision(a, p.print, a.Seen.Add(time.Hour))
			}
			for _, channel := range []string{"desk", "team"} {
				if err == nil && p.begins && len(p.hits) > 0 && !p.hits[0].Background {
					_, _, err = tx.PutDelivery(news.Delivery{Kind: news.DeliveryStory, Route: "all", Channel: channel, Story: a.Story, Version: 1,
						Key: fmt.Sprintf("%s-%d", channel, from+i), NextAt: a.Seen, Created: a.Seen})
				}
			}
			if err != nil {
				return fmt.Errorf("file article %d: %w", from+i, err)
			}
		}
		return nil
	})
}

// desk makes the users, their views, verdicts, notes, misses and silences.
func (f *filling) desk(ctx context.Context) error {
	hash, err := review.HashPassword(password)
	if err != nil {
		return err
	}
	u, err := f.db.AddUser(ctx, news.User{Name: "bench", Role: news.RoleAdmin, Password: hash, Keys: true, Created: f.end}, true)
	if err != nil {
		return err
	}
	for i, q := range []string{"theme=sanctions", "country=KZ&country=KG", "state=all&level=5", "lang=ky", "direction=closer&sort=level", "state=judged&theme=csto", "status=decided", "country=UZ&theme=dual-use", "state=all", "state=unsure"} {
		if err := f.db.PutSavedView(ctx, news.SavedView{User: u.ID, Name: fmt.Sprintf("View %d", i+1), Query: q}); err != nil {
			return err
		}
	}
	r := rand.New(rand.NewPCG(9, 9))
	var some []int64
	for s, flagged := range f.flagged {
		if flagged && r.Float64() < judged {
			some = append(some, f.ids[s])
		}
		if len(some) < 50 && s < len(f.flagged)-1 || len(some) == 0 {
			continue
		}
		at := f.end.Add(-time.Duration(float64(span) * float64(len(f.flagged)-1-s) / float64(len(f.flagged))))
		says := []news.Judgement{news.Relevant, news.Relevant, news.Relevant, news.Irrelevant, news.Unsure}[r.IntN(5)]
		v := news.Verdict{Says: says, By: analysts[r.IntN(len(analysts))], Given: at}
		if _, err := f.db.JudgeStories(ctx, some, v); err != nil {
			return err
		}
		if r.IntN(10) == 0 { // a second opinion
			v.By, v.Says = "bench", news.Relevant
			if _, err := f.db.JudgeStories(ctx, some[:min(len(some), 10)], v); err != nil {
				return err
			}
		}
		if err := f.db.AddRemark(ctx, news.Remark{Story: some[0], By: v.By, Text: "Seen before.", Given: at}); err != nil {
			return err
		}
		some = some[:0]
	}
	for i := range 200 {
		if _, err := f.db.AddMiss(ctx, news.Miss{URL: fmt.Sprintf("https://missed.example/%d", i), Theme: news.ThemeSanctions, Country: "KZ", By: "dana", Given: f.at(i * (f.Articles / 200))}); err != nil {
			return err
		}
	}
	for i := range 30 {
		if _, err := f.db.AddSilence(ctx, news.Silence{Themes: []news.Theme{news.ThemeCSTO}, Countries: []string{"TJ"}, Reason: fmt.Sprintf("Reason %d", i), By: "dana", Begins: f.end.AddDate(0, 0, -i), Ends: f.end.AddDate(0, 0, 15-i)}); err != nil {
			return err
		}
	}
	return nil
}

// history writes what only its numbers matter of, with few statements: the cycles
// of 90 days, the sources' states, the audit log, and that what was owed was sent.
func (f *filling) history(ctx context.Context, file string) error {
	raw, err := sql.Open("sqlite3", "file:"+file+"?_busy_timeout=10000")
	if err != nil {
		return err
	}
	defer raw.Close()
	t, err := raw.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer t.Rollback()
	const layout = "2006-01-02T15:04:05.000Z"
	do := func(query string, args ...any) {
		if err == nil {
			_, err = t.ExecContext(ctx, query, args...)
		}
	}
	do(`UPDATE deliveries SET state = CASE WHEN id % 200 = 0 THEN 'failed' WHEN id % 97 = 0 THEN 'silenced' ELSE 'sent' END, attempts = 1, sent = created, receipt = 'posted ' || id`)
	do(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO audit (at, who, came, did, what, note) SELECT strftime('%Y-%m-%dT%H:%M:%f', ?, '-' || (? - i) || ' minutes') || 'Z',
		CASE i % 3 WHEN 0 THEN 'dana' WHEN 1 THEN 'timur' ELSE 'aigul' END, '127.0.0.1', CASE WHEN i % 40 = 0 THEN 'login' ELSE 'judge' END, 'story ' || i, 'relevant' FROM n`,
		2*f.Stories, f.end.Format("2006-01-02 15:04:05"), 2*f.Stories)
	s := watch.Summary{Database: file, Sources: watch.SourceCount{Enabled: len(f.sources), Due: len(f.sources), Polled: len(f.sources), Unchanged: len(f.sources) - 9},
		Failures: []watch.Failure{}, Articles: watch.ArticleCount{New: 9}, Hits: map[string]int{"sanctions": 1}, Quiet: map[string]int{}, Seconds: 21.7}
	for _, c := range append([]string{"INT"}, news.Countries...) {
		s.Coverage.Countries = append(s.Coverage.Countries, watch.Cover{Key: c, Read: 19, Total: 20})
	}
	for _, t := range f.tongues {
		s.Coverage.Languages = append(s.Coverage.Languages, watch.Cover{Key: t.lang, Read: 16, Total: 17})
	}
	for at := f.end.AddDate(0, 0, -90); at.Before(f.end) && err == nil; at = at.Add(cycles) {
		s.Started = at
		doc, jsonErr := json.Marshal(s)
		if jsonErr != nil {
			return jsonErr
		}
		do(`INSERT INTO cycles (started, ended, summary) VALUES (?, ?, ?)`, at.Format(layout), at.Add(22*time.Second).Format(layout), string(doc))
	}
	if err == nil {
		err = t.Commit()
	}
	if err != nil {
		return fmt.Errorf("write the history: %w", err)
	}
	return f.db.Update(ctx, func(tx store.Tx) error {
		for _, s := range f.sources {
			if err := tx.SaveSourceState(news.SourceState{Source: s.ID, URL: s.Address(), LastPoll: f.end, LastSuccess: f.end, Format: "rss", Items: 20, NewestItem: f.end}); err != nil {
				return err
			}
		}
		return nil
	})
}

// size is how large a database is, its log with it, in bytes.
func size(file string) int64 {
	var n int64
	all, _ := filepath.Glob(file + "*") // the pattern is a good one
	for _, f := range all {
		if i, err := os.Stat(f); err == nil {
			n += i.Size()
		}
	}
	return n
}
