package watch

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aymanbagabas/go-udiff"

	"driftwatch/configs"
	"driftwatch/drift"
	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/rules"
	"driftwatch/rules/theme"
	"driftwatch/store"
)

// deskRules is the rules as the desk shows and edits them. The files are the
// truth: they are read again whenever one has changed.
type deskRules struct {
	w      *Watch
	writes bool // the desk may write them

	diffs struct {
		sync.Mutex
		of map[[2]string]string // by the versions before and after
	}
	mu    sync.Mutex     // held while a file is written
	busy  sync.WaitGroup // with what goes on beside those who ask
	state struct {
		sync.Mutex
		seen string
		*ruleState
	}
}

// ruleState is what the files said when they were read last.
type ruleState struct {
	files   []review.RuleFile // built-in ones first
	engine  *rules.Engine     // nil: they don't compile
	faults  configs.Errors
	at      map[string]rulePlace // of each signal
	tested  chan struct{}        // closed when what follows is known; nil: there is nothing to test
	report  *rules.Report
	claim   sync.Once
	claimed chan struct{}        // closed when what follows is known
	unsure  map[string][]string  // languages that verified terms don't bear out, by signal
	failing map[string]int       // tests by signal
	wrong   map[wrongTest]string // what is said of tests that fail
}

// wrongTest is where a test stands that fails.
type wrongTest struct {
	file string
	line int
}

type rulePlace struct {
	file  string
	line  int
	tests map[string]map[int]int // lines, by match or miss and number
}

// folder is the pack that is written into, and its number.
func (d *deskRules) folder() (dir string, pack int) {
	if n := len(d.w.Rules.folders); n > 0 {
		return d.w.Rules.folders[n-1], n
	}
	return "", 1
}

// look gives what the files say, and reads them again where one has changed.
func (d *deskRules) look() (*ruleState, error) {
	s := &d.state
	s.Lock()
	defer s.Unlock()
	seen := d.w.Rules.files()
	if s.ruleState != nil && s.seen == seen {
		return s.ruleState, nil
	}
	files, err := d.read()
	if err != nil {
		return nil, err
	}
	state := &ruleState{files: files, at: map[string]rulePlace{}, claimed: make(chan struct{}), failing: map[string]int{}, wrong: map[wrongTest]string{}}
	packs, err := packsOf(files, d.w.Rules.folders)
	if err != nil {
		return nil, err
	}
	read, err := theme.Load(packs...)
	if err == nil {
		state.engine, err = d.compiled(read.Digest, packs)
	} else {
		_, err = rules.Load(packs...) // names the faults of queries too
	}
	if err != nil && !errors.As(err, &state.faults) {
		return nil, err
	}
	if state.engine != nil {
		state.places(read, d.idOf)
		if len(packs) > 1 {
			state.test(packs, d)
		}
	}
	s.seen, s.ruleState = seen, state
	return state, nil
}

// compiled gives the engine of packs: the one that the cycles use, where that is
// of the same files.
func (d *deskRules) compiled(digest string, packs []fs.FS) (*rules.Engine, error) {
	if e, err := d.w.Rules.Engine(); err == nil && e.Digest() == digest {
		return e, nil
	}
	return rules.Load(packs...)
}

// places notes where the signals and their tests stand.
func (s *ruleState) places(read *theme.Packs, idOf func(pack int, file string) string) {
	for _, sig := range read.Signals {
		p := read.Where(sig)
		at := rulePlace{file: idOf(p.Pack, p.File), line: p.Line, tests: map[string]map[int]int{"match": {}, "miss": {}}}
		for i := range sig.Tests.Match {
			at.tests["match"][i] = read.Where(sig, "tests", "match", i).Line
		}
		for i := range sig.Tests.Miss {
			at.tests["miss"][i] = read.Where(sig, "tests", "miss", i).Line
		}
		s.at[sig.ID] = at
	}
}

// test runs the tests of the operator's packs, beside whoever asks: those of the
// built-in ones passed when the program was built, and a check of all takes
// seconds.
func (s *ruleState) test(packs []fs.FS, d *deskRules) {
	s.tested = make(chan struct{})
	d.busy.Go(func() {
		defer close(s.tested)
		report, err := rules.Check(nil, rules.From(1), packs...)
		if err != nil {
			return // they compiled a moment ago
		}
		s.report = report
		for _, f := range report.Findings {
			if f.Kind == rules.FailedTest {
				s.failing[f.Name]++
				s.wrong[wrongTest{d.idOf(f.Pack, f.File), f.Line}] = f.Message
			}
		}
	})
}

// claims gives the languages that verified terms don't bear out, by signal. That takes
// a compilation of its own, which is begun when somebody asks first and goes on beside
// whoever asks; ok is false until it has ended.
func (s *ruleState) claims(d *deskRules) (unsure map[string][]string, ok bool) {
	s.claim.Do(func() {
		d.busy.Go(func() {
			packs, err := packsOf(s.files, d.w.Rules.folders)
			if err != nil {
				return
			}
			if s.unsure, err = rules.UnverifiedLanguages(packs...); err == nil {
				close(s.claimed)
			}
		})
	})
	select {
	case <-s.claimed:
		return s.unsure, true
	default:
		return nil, false
	}
}

// results gives what the tests said; ok is false while they run, and where there
// are none.
func (s *ruleState) results() (report *rules.Report, ok bool) {
	if s.tested == nil {
		return nil, false
	}
	select {
	case <-s.tested:
		return s.report, s.report != nil
	default:
		return nil, false
	}
}

// read reads all files of all packs.
func (d *deskRules) read() ([]review.RuleFile, error) {
	var out []review.RuleFile
	_, writable := d.folder()
	packs := []fs.FS{configs.FS()}
	for _, dir := range d.w.Rules.folders {
		packs = append(packs, os.DirFS(dir))
	}
	err := eachFile(packs, func(i int, id, name, text string) {
		f := review.RuleFile{ID: id, Name: name, Path: name, Text: text, Base: tagOf(text), Own: i > 0}
		if i > 0 {
			f.Path = path.Join(filepath.ToSlash(d.w.Rules.folders[i-1]), name)
			f.Writable = d.writes && i == writable
		}
		out = append(out, f)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// eachFile calls do with the files of packs: the pack's number, the file's id, which
// is that number and its name, its name and its text.
func eachFile(packs []fs.FS, do func(pack int, id, name, text string)) error {
	for i, pack := range packs {
		names, err := theme.Files(pack)
		if err != nil {
			return err
		}
		for _, name := range names {
			data, err := fs.ReadFile(pack, name)
			if err != nil {
				return fmt.Errorf("read the rules: %w", err)
			}
			do(i, fmt.Sprintf("%d/%s", i, name), name, string(data))
		}
	}
	return nil
}

func tagOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// packsOf makes packs of files, those of folders under the folders' names.
func packsOf(files []review.RuleFile, folders []string) ([]fs.FS, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	last := 0
	for _, f := range files {
		w, err := z.Create(f.ID)
		if err == nil {
			_, err = w.Write([]byte(f.Text))
		}
		if err != nil {
			return nil, err
		}
		pack, _, _ := strings.Cut(f.ID, "/")
		n, err := strconv.Atoi(pack)
		if err != nil {
			return nil, err
		}
		last = max(last, n)
	}
	for i := range max(last, len(folders)) + 1 { // a folder may be empty
		if _, err := z.Create(fmt.Sprintf("%d/", i)); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	packs, err := theme.Unpack(b.Bytes())
	for i := 1; err == nil && i < len(packs); i++ {
		dir := "themes"
		if i <= len(folders) {
			dir = folders[i-1]
		}
		packs[i] = theme.Folder{FS: packs[i], Dir: dir}
	}
	return packs, err
}

// changed is the files with the text of one changed, or with one more.
func (d *deskRules) changed(id, text string) ([]review.RuleFile, review.RuleFile, error) {
	files, err := d.read()
	if err != nil {
		return nil, review.RuleFile{}, err
	}
	for i, f := range files {
		if f.ID == id && f.Own {
			was := f
			files[i].Text = text
			return files, was, nil
		}
	}
	f, err := d.newFile(files, path.Base(id))
	if err == nil && f.ID != id {
		err = review.ErrNoRule
	}
	if err != nil {
		return nil, f, err
	}
	added := f
	added.Text = text
	return append(files, added), f, nil
}

var fileName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,54}\.yaml$`)

// newFile is the file of a name in the folder that is written into.
func (d *deskRules) newFile(files []review.RuleFile, name string) (review.RuleFile, error) {
	if !fileName.MatchString(name) || strings.Contains(name, "..") {
		return review.RuleFile{}, review.ErrFileName
	}
	dir, pack := d.folder()
	of := strconv.Itoa(pack) + "/"
	for _, f := range files {
		if strings.HasPrefix(f.ID, of) && path.Dir(f.Name) != "." {
			name = "themes/" + name // a pack with such folders has nothing at its root
			break
		}
	}
	f := review.RuleFile{ID: of + name, Name: name, Path: path.Join(filepath.ToSlash(dir), name), Own: true, Writable: d.writes && dir != ""}
	if dir == "" {
		f.Path = "themes/" + path.Base(name)
	}
	for _, old := range files {
		if old.ID == f.ID {
			return old, nil
		}
	}
	return f, nil
}

// NewFile implements review.Rulebook.
func (d *deskRules) NewFile(_ context.Context, name string) (review.RuleFile, error) {
	s, err := d.look()
	if err != nil {
		return review.RuleFile{}, err
	}
	return d.newFile(s.files, name)
}

// File implements review.Rulebook.
func (d *deskRules) File(_ context.Context, id string) (review.RuleFile, error) {
	s, err := d.look()
	if err != nil {
		return review.RuleFile{}, err
	}
	return s.file(id)
}

func (s *ruleState) file(id string) (review.RuleFile, error) {
	for _, f := range s.files {
		if f.ID == id {
			return f, nil
		}
	}
	return review.RuleFile{}, review.ErrNoRule
}

// Draft implements review.Rulebook.
func (d *deskRules) Draft(ctx context.Context, signal string) (review.RuleFile, error) {
	s, err := d.look()
	if err != nil {
		return review.RuleFile{}, err
	}
	at, ok := s.at[signal]
	if !ok {
		return review.RuleFile{}, review.ErrNoRule
	}
	f, err := s.file(at.file)
	if err != nil || f.Own {
		return f, err
	}
	block := s.block(signal)
	own, err := d.newFile(s.files, strings.ToLower(signal)+".yaml")
	if err == nil && own.Base == "" {
		own.Text = "signals:\n" + block
	}
	return own, err
}

// block gives the lines of a signal in its file.
func (s *ruleState) block(signal string) string {
	at := s.at[signal]
	f, err := s.file(at.file)
	if err != nil || at.line == 0 {
		return ""
	}
	end := int(^uint(0) >> 1)
	for _, other := range s.at {
		if other.file == at.file && other.line > at.line {
			end = min(end, other.line)
		}
	}
	lines := strings.SplitAfter(f.Text, "\n")
	var out []string
	for i := at.line - 1; i < len(lines) && i < end-1; i++ {
		if l := lines[i]; i >= at.line && l != "" && !strings.ContainsAny(l[:1], " \t\n\r#") {
			break // the next key of the file
		}
		out = append(out, lines[i])
	}
	for len(out) > 1 {
		if l := strings.TrimSpace(out[len(out)-1]); l != "" && l[0] != '#' {
			break
		}
		out = out[:len(out)-1]
	}
	return strings.Join(out, "")
}

// Signals implements review.Rulebook.
func (d *deskRules) Signals(ctx context.Context, since time.Time) (review.RuleList, error) {
	var out review.RuleList
	s, err := d.look()
	if err != nil {
		return out, err
	}
	dir, _ := d.folder()
	out = review.RuleList{Packs: len(d.w.Rules.folders) + 1, Folder: dir, Writes: d.writes && dir != "", Misses: map[news.Theme]int{}, Faults: s.faults}
	engine := s.engine
	if engine == nil { // those before go on
		if engine, err = d.w.Rules.Engine(); err != nil {
			return out, nil // the faults say why
		}
	}
	report, tested := s.results()
	if tested {
		out.Tests, out.Passed = report.Seen.Tests+report.Unseen.Tests, report.Seen.Passed+report.Unseen.Passed
	}
	for _, f := range s.files {
		if f.Own {
			f.Text = ""
			out.Files = append(out.Files, f)
		}
	}
	st, err := standing(ctx, d.w.Store, engine, since, d.w.Now())
	if err != nil {
		return out, err
	}
	unsure, looked := map[string][]string{}, false
	if s.engine != nil {
		unsure, looked = s.claims(d)
	}
	out.Claims = looked
	known := map[string]rules.Signal{}
	for _, sig := range engine.Signals() {
		known[sig.ID] = sig
	}
	for _, x := range st.Signals {
		r := review.RuleRecord{ID: x.Signal, Title: x.Title, Theme: x.Theme, Direction: known[x.Signal].Direction, Level: known[x.Signal].Level, Hits: x.Hits,
			Relevant: x.Verdicts.Relevant, Irrelevant: x.Verdicts.Irrelevant, Unsure: x.Verdicts.Unsure, Misses: x.Misses, Last: x.Last}
		if looked {
			r.Claimed, r.Unverified = known[x.Signal].Languages, unsure[x.Signal]
		}
		if tested {
			r.Failing = s.failing[x.Signal]
		}
		if n := r.Judged(); n > 0 {
			r.Low, r.High = drift.Interval(r.Relevant, n)
		}
		for _, l := range x.Languages {
			r.Languages = append(r.Languages, review.RuleLanguage{Language: l.Language, Hits: l.Hits, Relevant: l.Verdicts.Relevant, Irrelevant: l.Verdicts.Irrelevant, Unsure: l.Verdicts.Unsure})
		}
		out.Signals = append(out.Signals, r)
	}
	for _, m := range st.Misses {
		out.Misses[m.Theme] = m.Misses
	}
	return out, nil
}

// Signal implements review.Rulebook.
func (d *deskRules) Signal(ctx context.Context, id string) (review.RuleSignal, error) {
	s, err := d.look()
	if err != nil {
		return review.RuleSignal{}, err
	}
	at, ok := s.at[id]
	if !ok || s.engine == nil {
		return review.RuleSignal{}, review.ErrNoRule
	}
	i := slices.IndexFunc(s.engine.Signals(), func(x rules.Signal) bool { return x.ID == id })
	if i < 0 {
		return review.RuleSignal{}, review.ErrNoRule
	}
	sig := s.engine.Signals()[i]
	f, err := s.file(at.file)
	if err != nil {
		return review.RuleSignal{}, err
	}
	f.Text = ""
	out := review.RuleSignal{ID: id, Title: sig.Title, Why: sig.Why, FalsePositives: sig.FalsePositives, Theme: sig.Theme, Direction: sig.Direction,
		Level: sig.Level, File: f, Line: at.line, Text: s.block(id)}
	if out.Missed, err = d.missed(ctx, id); err != nil {
		return out, err
	}
	for _, group := range []struct {
		key   string
		cases []theme.Case
	}{{"match", sig.Tests.Match}, {"miss", sig.Tests.Miss}} {
		for n, c := range group.cases {
			said := ""
			if _, tested := s.results(); tested {
				said, _, _ = strings.Cut(s.wrong[wrongTest{at.file, at.tests[group.key][n]}], ": ")
			}
			out.Tests = append(out.Tests, review.RuleTest{Lang: c.Lang, Title: c.Title, Text: c.Text, Match: group.key == "match", Unseen: c.Unseen(),
				Problem: said})
		}
	}
	return out, nil
}

// missed are the stories that a signal should have found, the latest first.
func (d *deskRules) missed(ctx context.Context, signal string) ([]review.Missed, error) {
	all, err := d.w.Store.Misses(ctx)
	if err != nil {
		return nil, err
	}
	var out []review.Missed
	for _, m := range all {
		if m.Signal != signal || len(out) == missedShown {
			continue
		}
		one := review.Missed{Miss: m}
		a, err := d.w.Store.ArticleAt(ctx, m.URL)
		switch {
		case err == nil:
			one.Story, one.Title, one.Lang = a.Story, a.Title, a.Lang
		case !errors.Is(err, store.ErrNotFound):
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// missedShown is how many missed stories the page of a signal shows.
const missedShown = 50

// idOf names a file of a pack as the desk does. Faults in folders have the
// folder's name before the file's.
func (d *deskRules) idOf(pack int, file string) string {
	if pack > 0 {
		dir := "themes"
		if pack <= len(d.w.Rules.folders) {
			dir = d.w.Rules.folders[pack-1]
		}
		file = strings.TrimPrefix(file, path.Clean(filepath.ToSlash(dir))+"/")
	}
	return fmt.Sprintf("%d/%s", pack, file)
}

// Check implements review.Rulebook.
func (d *deskRules) Check(_ context.Context, id, text string) (review.Checked, error) {
	var out review.Checked
	files, was, err := d.changed(id, text)
	if err != nil {
		return out, err
	}
	engine, packs, err := d.compile(files)
	if errors.As(err, &out.Faults) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	if err := d.w.Rules.fits(engine); errors.As(err, &out.Faults) {
		return out, nil
	}
	report, err := rules.Check(nil, rules.From(1), packs...)
	if err != nil {
		return out, err
	}
	out.Tests, out.Passed = report.Seen.Tests+report.Unseen.Tests, report.Seen.Passed+report.Unseen.Passed
	for _, f := range report.Findings {
		if d.idOf(f.Pack, f.File) == was.ID {
			out.Findings = append(out.Findings, review.RuleFinding{Error: f.Error, Line: f.Line, Column: f.Column, Name: f.Name, Message: f.Message})
		}
	}
	return out, nil
}

func (d *deskRules) compile(files []review.RuleFile) (*rules.Engine, []fs.FS, error) {
	packs, err := packsOf(files, d.w.Rules.folders)
	if err != nil {
		return nil, nil, err
	}
	engine, err := rules.Load(packs...)
	return engine, packs, err
}

// backtestShown is how many hits of each kind the desk shows.
const backtestShown = 50

// Backtest implements review.Rulebook.
func (d *deskRules) Backtest(ctx context.Context, id, text string, since time.Time, progress func(int)) (review.Backtest, error) {
	files, _, err := d.changed(id, text)
	if err != nil {
		return review.Backtest{}, err
	}
	after, _, err := d.compile(files)
	if err != nil {
		return review.Backtest{}, err
	}
	before, err := d.w.Rules.Engine()
	if s, looked := d.look(); looked == nil && s.engine != nil {
		before, err = s.engine, nil
	}
	if err != nil {
		return review.Backtest{}, err
	}
	b, err := RunBacktest(ctx, d.w.Store, d.w.sources(), BacktestOrder{Since: since, Before: before, After: after, Progress: progress})
	if err != nil {
		return review.Backtest{}, err
	}
	out := review.Backtest{Articles: b.Articles, Took: b.Took, Before: b.Kept + len(b.Lost), After: b.Kept + len(b.Gained), LostCount: len(b.Lost), GainedCount: len(b.Gained)}
	for _, s := range b.Signals {
		out.LostRelevant += s.LostRelevant
		out.LostNot += s.LostIrrelevant
	}
	out.Lost, out.Gained = shownChanges(b.Lost), shownChanges(b.Gained)
	return out, nil
}

func shownChanges(all []Change) []review.BacktestHit {
	var out []review.BacktestHit
	for _, c := range all[:min(len(all), backtestShown)] {
		out = append(out, review.BacktestHit{Hit: c.Hit, Article: c.Article, Verdict: c.Verdict, Others: c.Others})
	}
	return out
}

// Save implements review.Rulebook.
func (d *deskRules) Save(ctx context.Context, id, text, base string) (string, error) {
	dir, pack := d.folder()
	if !d.writes || dir == "" {
		return "", review.ErrNoWriting
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	files, was, err := d.changed(id, text)
	switch {
	case err != nil:
		return "", err
	case !strings.HasPrefix(was.ID, strconv.Itoa(pack)+"/"):
		return "", review.ErrNoWriting
	case was.Base != base:
		return "", review.ErrStale
	}
	engine, _, err := d.compile(files)
	if err == nil {
		err = d.w.Rules.fits(engine)
	}
	if err != nil {
		return "", err
	}
	if err := writeRule(dir, was.Name, text); err != nil {
		return "", fmt.Errorf("save the rules: %w", err)
	}
	s, err := d.look()
	if err != nil {
		return "", err
	}
	if s.engine == nil {
		return "", s.faults // somebody else wrote in the same moment
	}
	return s.engine.Digest(), d.w.Rules.Record(ctx, d.w.Store, s.engine, d.w.Now().UTC())
}

// writeRule puts a file of a folder in place at once. What the name leads to
// outside of the folder is refused.
func writeRule(dir, name, text string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	temp := path.Join(path.Dir(name), ".desk-"+path.Base(name)+".new")
	root.Remove(temp) // of a write that was cut short
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = root.Rename(temp, name)
	}
	if err != nil {
		root.Remove(temp)
	}
	return err
}

// Patch implements review.Rulebook.
func (d *deskRules) Patch(_ context.Context, id, text string) (string, error) {
	_, was, err := d.changed(id, text)
	if err != nil {
		return "", err
	}
	return unified(was.Name, was.Text, text, was.Base == ""), nil
}

// unified is a change of a file as a unified diff.
func unified(name, before, after string, added bool) string {
	from := "a/" + name
	if added {
		from = "/dev/null"
	}
	to := "b/" + name
	if after == "" {
		to = "/dev/null"
	}
	return udiff.Unified(from, to, before, after)
}

// Versions implements review.Rulebook.
func (d *deskRules) Versions(ctx context.Context, n int) ([]review.RuleVersion, error) {
	packs, err := d.w.Store.Packs(ctx)
	if err != nil {
		return nil, err
	}
	s, err := d.look()
	if err != nil {
		return nil, err
	}
	var out []review.RuleVersion
	for i, p := range packs[:min(len(packs), n)] {
		v := review.RuleVersion{Digest: p.Digest, First: p.First, Changes: p.Changes, Now: s.engine != nil && s.engine.Digest() == p.Digest}
		if i+1 < len(packs) {
			if v.Diff, err = d.diff(ctx, packs[i+1].Digest, p.Digest); err != nil {
				return nil, err
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// diffsKept is how many differences between versions are kept; none of them changes.
const diffsKept = 100

// diff is how the files of two versions of the rules differ.
func (d *deskRules) diff(ctx context.Context, before, after string) (string, error) {
	d.diffs.Lock()
	defer d.diffs.Unlock()
	of := [2]string{before, after}
	if diff, ok := d.diffs.of[of]; ok {
		return diff, nil
	}
	was, err := d.filesOf(ctx, before)
	if err != nil {
		return "", err
	}
	is, err := d.filesOf(ctx, after)
	if err != nil {
		return "", err
	}
	if d.diffs.of == nil || len(d.diffs.of) >= diffsKept {
		d.diffs.of = map[[2]string]string{}
	}
	d.diffs.of[of] = diffFiles(was, is)
	return d.diffs.of[of], nil
}

// filesOf reads the files of a stored version of the rules.
func (d *deskRules) filesOf(ctx context.Context, digest string) (map[string]string, error) {
	full, err := d.w.Store.Pack(ctx, digest)
	if err != nil {
		return nil, err
	}
	return filesOf(full.Files)
}

// filesOf reads the files of a version of the rules, by their packs' numbers and
// names.
func filesOf(archive []byte) (map[string]string, error) {
	packs, err := theme.Unpack(archive)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	if err := eachFile(packs, func(_ int, id, _, text string) { out[id] = text }); err != nil {
		return nil, err
	}
	return out, nil
}

// diffMost is how much of a difference the history shows, in bytes.
const diffMost = 100 << 10

func diffFiles(before, after map[string]string) string {
	names := map[string]bool{}
	for _, files := range []map[string]string{before, after} {
		for name := range files {
			names[name] = true
		}
	}
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(names)) {
		_, had := before[name]
		if before[name] != after[name] && out.Len() < diffMost {
			out.WriteString(unified(name, before[name], after[name], !had))
		}
	}
	s := out.String()
	if len(s) > diffMost {
		s = s[:strings.LastIndexByte(s[:diffMost], '\n')+1]
	}
	return s
}
