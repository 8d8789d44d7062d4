package review

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
)

// Rulebook is the rules as the desk shows and edits them. A file's ID is the
// number of its pack and its name in it, "0/themes/csto.yaml"; pack 0 is built in.
type Rulebook interface {
	// Signals gives all signals by theme and id, with their record since a time.
	Signals(ctx context.Context, since time.Time) (RuleList, error)
	// Signal gives one. Errors: ErrNoRule.
	Signal(ctx context.Context, id string) (RuleSignal, error)
	// File gives a file of the packs. Errors: ErrNoRule.
	File(ctx context.Context, id string) (RuleFile, error)
	// NewFile gives the file that a new name is for, and Draft the one in which a
	// signal is changed: its own, or one that takes its place. Errors: ErrNoRule,
	// ErrFileName.
	NewFile(ctx context.Context, name string) (RuleFile, error)
	Draft(ctx context.Context, signal string) (RuleFile, error)
	// Check compiles all packs with a file's text changed, and runs the tests.
	Check(ctx context.Context, file, text string) (Checked, error)
	// Backtest reads the articles seen since a time with the rules as they are and
	// with a file's text changed. Errors: ErrNoRule; configs.Errors where the text
	// doesn't compile.
	Backtest(ctx context.Context, file, text string, since time.Time, progress func(articles int)) (Backtest, error)
	// Save writes a file whose text has the tag base, and gives the version that
	// it makes of the rules. Errors: ErrNoWriting, ErrStale, ErrNoRule, ErrFileName;
	// configs.Errors where the text doesn't compile.
	Save(ctx context.Context, file, text, base string) (version string, err error)
	// Patch gives the change of a file as a unified diff.
	Patch(ctx context.Context, file, text string) (string, error)
	// Versions gives the versions of the rules, the latest first.
	Versions(ctx context.Context, n int) ([]RuleVersion, error)
}

// Errors of a [Rulebook].
var (
	ErrNoRule    = errors.New("there is no such signal or file of rules")
	ErrFileName  = errors.New("a file's name has 1 to 60 of a-z, 0-9, dot, dash and underscore, begins with a letter or digit, and ends in .yaml")
	ErrNoWriting = errors.New("the desk may not write rules; see serve.desk.write_rules")
	ErrStale     = errors.New("the file has changed since")
)

// RuleList is what the page of the rules shows.
type RuleList struct {
	Signals []RuleRecord
	Packs   int
	Tests   int
	Passed  int
	Folder  string // into which files are written; empty: none
	Writes  bool   // the desk may write there
	Misses  map[news.Theme]int
	Claims  bool           // it is known which languages are unverified: a while after the files were read
	Faults  configs.Errors // why the files on disk are refused; none: they aren't
	Files   []RuleFile     // the operator's own, without text
}

// RuleRecord is a signal with its record.
type RuleRecord struct {
	ID, Title  string // no title: the rules no longer have it
	Theme      news.Theme
	Direction  news.Direction
	Level      int
	Hits       int
	Relevant   int
	Irrelevant int
	Unsure     int
	Low, High  float64 // of the precision's 95 % interval
	Languages  []RuleLanguage
	Claimed    []string // languages that it says it reads
	Unverified []string // of these, those that its verified terms don't bear out
	Misses     int      // stories that it should have found
	Failing    int      // tests
	Last       time.Time
}

// Judged is how many hits were called relevant or not.
func (r RuleRecord) Judged() int { return r.Relevant + r.Irrelevant }

// Precision is the relevant ones' part of these; 0 where there are none.
func (r RuleRecord) Precision() float64 {
	if r.Judged() == 0 {
		return 0
	}
	return float64(r.Relevant) / float64(r.Judged())
}

// RuleLanguage is a signal's record in a language.
type RuleLanguage struct {
	Language                           string
	Hits, Relevant, Irrelevant, Unsure int
}

// RuleSignal is a signal with its text.
type RuleSignal struct {
	ID, Title, Why string
	FalsePositives []string
	Theme          news.Theme
	Direction      news.Direction
	Level          int
	File           RuleFile // without text
	Line           int      // where it begins
	Text           string   // its lines
	Tests          []RuleTest
	Missed         []Missed // stories that it should have found, the latest first
}

// Missed is a story that a signal should have found.
type Missed struct {
	news.Miss
	Story       int64 // 0: its article isn't stored
	Title, Lang string
}

// RuleTest is one test of a signal.
type RuleTest struct {
	Lang, Title, Text string
	Match             bool   // must match; else must not
	Unseen            bool   // of the third that isn't shown while tuning
	Problem           string // why it fails; empty: it passes
}

// RuleFile is a file of the packs.
type RuleFile struct {
	ID, Name string
	Path     string // for people
	Text     string
	Base     string // the tag of its text on disk; empty: it isn't there yet
	Own      bool   // of the operator; else built in
	Writable bool   // from the desk
}

// Checked is what is wrong with a changed file.
type Checked struct {
	Faults   configs.Errors // why it doesn't compile
	Findings []RuleFinding  // what its tests and claims show; none where it doesn't compile
	Tests    int            // of the operator's packs
	Passed   int
}

// Fine reports whether it may be saved.
func (c Checked) Fine() bool {
	return len(c.Faults) == 0 && !slices.ContainsFunc(c.Findings, func(f RuleFinding) bool { return f.Error })
}

// RuleFinding is something that is wrong with a file that compiles, or looks it.
type RuleFinding struct {
	Error        bool
	Line, Column int
	Name         string // of the signal, or @concept
	Message      string
}

// Backtest is what a changed file would have found.
type Backtest struct {
	Articles               int
	Took                   time.Duration
	Before, After          int // hits
	LostRelevant, LostNot  int // of the lost
	Lost, Gained           []BacktestHit
	LostCount, GainedCount int
}

// BacktestHit is a hit that one of both has alone.
type BacktestHit struct {
	Hit     news.Hit
	Article news.Article // without text
	Verdict *news.Verdict
	Others  []string // signals of the theme that the article has without it
}

// RuleVersion is a version of the rules.
type RuleVersion struct {
	Digest  string
	First   time.Time
	Changes string // over the one before, in words
	Diff    string // over the one before, unified
	Now     bool
}

// rulesSince is how far the record goes back.
const rulesSince = 30 * 24 * time.Hour

// precisionGoal is what the record's dashed line shows, fewJudged how many
// verdicts a precision needs to be shown.
const (
	precisionGoal = 0.90
	fewJudged     = 5
)

// rulesView is what the page of the rules shows.
type rulesView struct {
	RuleList
	Groups []ruleGroup
	Edits  bool
	Sort   string
	Goal   float64
}

type ruleGroup struct {
	Theme  news.Theme
	Misses int
	Rows   []ruleRow
}

// ruleRow is a signal's line; its whisker is in units of the picture.
type ruleRow struct {
	RuleRecord
	Enough           bool
	Point, From, Til float64
	Last             Moment
}

// whisker is where a part of 1 lies in the picture of a precision, 150 wide.
func whisker(x float64) float64 { return 4 + 142*x }

func (v *visit) rulesPage() error {
	list, err := v.Rules.Signals(v.r.Context(), v.now.Add(-rulesSince))
	if err != nil {
		return err
	}
	view := rulesView{RuleList: list, Edits: v.user.Role.May(news.RoleAuthor), Sort: v.r.URL.Query().Get("sort"), Goal: whisker(precisionGoal)}
	if view.Sort != "hits" && view.Sort != "precision" {
		view.Sort = ""
	}
	for _, r := range sortedRules(list.Signals, view.Sort) {
		theme := r.Theme
		if view.Sort != "" {
			theme = ""
		}
		i := slices.IndexFunc(view.Groups, func(g ruleGroup) bool { return g.Theme == theme })
		if i < 0 {
			i = len(view.Groups)
			view.Groups = append(view.Groups, ruleGroup{Theme: theme, Misses: list.Misses[theme]})
		}
		view.Groups[i].Rows = append(view.Groups[i].Rows, ruleRow{r, r.Judged() >= fewJudged, whisker(r.Precision()), whisker(r.Low), whisker(r.High), v.moment(r.Last)})
	}
	return v.render(http.StatusOK, "rules", view)
}

// sortedRules are signals by their hits, by their precision, or as they come.
func sortedRules(all []RuleRecord, by string) []RuleRecord {
	rows := slices.Clone(all)
	switch by {
	case "hits":
		slices.SortStableFunc(rows, func(a, b RuleRecord) int { return b.Hits - a.Hits })
	case "precision":
		slices.SortStableFunc(rows, func(a, b RuleRecord) int {
			switch x, y := a.Precision(), b.Precision(); {
			case a.Judged() == 0 || b.Judged() == 0:
				return min(b.Judged(), 1) - min(a.Judged(), 1)
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		})
	}
	return rows
}

// signalView is what the page of a signal shows.
type signalView struct {
	RuleSignal
	Lines  []codeLine
	Row    *ruleRow // nil: it has no record
	Passed int
	Edits  bool
	Goal   float64
	Missed []missedLine
	Claims []claimLine // none: it isn't known yet
}

// claimLine is a language that a signal says it reads.
type claimLine struct {
	Lang     string
	Verified bool
}

// missedLine is a story that the signal should have found.
type missedLine struct {
	Missed
	When Moment
}

// codeLine is a line of a file.
type codeLine struct {
	N     int
	Text  string
	Wrong bool
}

func codeLines(text string, from int) []codeLine {
	var out []codeLine
	for i, l := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		out = append(out, codeLine{N: from + i, Text: l})
	}
	return out
}

func (v *visit) signalPage() error {
	s, err := v.Rules.Signal(v.r.Context(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	list, err := v.Rules.Signals(v.r.Context(), v.now.Add(-rulesSince))
	if err != nil {
		return err
	}
	view := signalView{RuleSignal: s, Lines: codeLines(s.Text, s.Line), Edits: v.user.Role.May(news.RoleAuthor), Goal: whisker(precisionGoal)}
	for _, r := range list.Signals {
		if r.ID == s.ID {
			view.Row = &ruleRow{r, r.Judged() >= fewJudged, whisker(r.Precision()), whisker(r.Low), whisker(r.High), v.moment(r.Last)}
			for _, lang := range r.Claimed {
				if list.Claims {
					view.Claims = append(view.Claims, claimLine{lang, !slices.Contains(r.Unverified, lang)})
				}
			}
		}
	}
	for _, m := range s.Missed {
		view.Missed = append(view.Missed, missedLine{m, v.moment(m.Given)})
	}
	for _, t := range s.Tests {
		if t.Problem == "" {
			view.Passed++
		}
	}
	return v.render(http.StatusOK, "signal", view)
}

// ruleFileView is what the page of a file shows.
type ruleFileView struct {
	RuleFile
	Lines []codeLine
	Edits bool
}

func (v *visit) ruleFilePage() error {
	f, err := v.Rules.File(v.r.Context(), v.r.PathValue("id"))
	if err != nil {
		return err
	}
	return v.render(http.StatusOK, "rulefile", ruleFileView{f, codeLines(f.Text, 1), f.Own && v.user.Role.May(news.RoleAuthor)})
}

// versionLine is a version of the rules, and who made it.
type versionLine struct {
	RuleVersion
	When Moment
	By   string // empty: not from the desk
	File string
	Diff []diffLine

	ChangesLeft int // lines that aren't shown
	DiffLeft    int
}

// diffLine is a line of a unified diff.
type diffLine struct {
	Kind string // ins, del, at or empty
	Text string
}

func diffLines(diff string) []diffLine {
	var out []diffLine
	for _, l := range strings.Split(strings.TrimRight(diff, "\n"), "\n") {
		kind := ""
		switch {
		case l == "":
		case strings.HasPrefix(l, "+++") || strings.HasPrefix(l, "---") || l[0] == '@':
			kind = "at"
		case l[0] == '+':
			kind = "ins"
		case l[0] == '-':
			kind = "del"
		}
		out = append(out, diffLine{kind, l})
	}
	return out
}

// versionsShown is how many versions the history shows.
const versionsShown = 30

// historyMost is how much of what a version changed stands in the history, in bytes;
// the rest is had as a file.
const historyMost = 3000

func (v *visit) ruleHistory() error {
	lines, err := v.ruleVersions()
	if err != nil {
		return err
	}
	if digest := v.r.URL.Query().Get("version"); digest != "" {
		return v.sendVersion(lines, digest)
	}
	for i := range lines {
		l := &lines[i]
		l.Changes, l.ChangesLeft = beginning(l.Changes, historyMost)
		diff, left := beginning(l.RuleVersion.Diff, historyMost)
		if l.DiffLeft = left; diff != "" {
			l.Diff = diffLines(diff)
		}
	}
	return v.render(http.StatusOK, "rulehistory", lines)
}

// sendVersion hands out all that a version changed.
func (v *visit) sendVersion(lines []versionLine, digest string) error {
	i := slices.IndexFunc(lines, func(l versionLine) bool { return l.Digest == digest })
	if i < 0 {
		return problem(http.StatusNotFound, "There is no such page.")
	}
	v.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="driftwatch-rules.txt"`)
	_, err := fmt.Fprintf(v.w, "%s\n\n%s\n\n%s", digest, lines[i].Changes, lines[i].RuleVersion.Diff)
	return err
}

// beginning is the first lines of a text, of at most so many bytes together, and how
// many lines are left.
func beginning(text string, most int) (shown string, left int) {
	if len(text) <= most {
		return text, 0
	}
	end := strings.LastIndexByte(text[:most+1], '\n')
	if end < 0 { // one long line
		return strings.ToValidUTF8(text[:most], "") + "…", strings.Count(text, "\n")
	}
	return text[:end], 1 + strings.Count(strings.TrimSuffix(text[end+1:], "\n"), "\n")
}

// ruleVersions are the latest versions of the rules, each with who saved it here.
func (v *visit) ruleVersions() ([]versionLine, error) {
	versions, err := v.Rules.Versions(v.r.Context(), versionsShown)
	if err != nil {
		return nil, err
	}
	saved, err := v.People.Audit(v.r.Context(), news.AuditFilter{Did: ruleSaved, Limit: 1000})
	if err != nil {
		return nil, err
	}
	var lines []versionLine
	for _, r := range versions {
		l := versionLine{RuleVersion: r, When: v.moment(r.First)}
		for _, e := range saved {
			if version, _, _ := strings.Cut(e.Note, ","); version == "version "+r.Digest {
				l.By, l.File = e.By, e.On
			}
		}
		lines = append(lines, l)
	}
	return lines, nil
}
