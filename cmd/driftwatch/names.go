package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/text/names"
	"driftwatch/watch"
)

func (a *app) namesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "names",
		Short: "Names to look for: import lists of them, list, remove, count",
		Long: `Lists of names that cycles look for in articles, beside those written for the
project. No list comes with the program: their licences differ.`,
		Example: "  driftwatch names import targets.simple.csv\n  driftwatch names stats",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.namesImportCommand(), a.namesListCommand(), a.namesRemoveCommand(), a.namesStatsCommand())
	return c
}

// importDoc is what an import did, as scripts read it.
type importDoc struct {
	Source    string     `json:"source"`
	File      string     `json:"file"`
	Format    string     `json:"format"`
	Date      *time.Time `json:"date"`
	Names     int        `json:"names"`
	Spellings int        `json:"spellings"`
	Lines     int        `json:"lines"`
	Bad       int        `json:"bad"` // lines that were skipped
}

func (a *app) namesImportCommand() *cobra.Command {
	var format, source, date string
	var asJSON bool
	c := &cobra.Command{
		Use:   "import FILE|-",
		Short: "Import a list of names, in place of what its source had",
		Long: `Reads a list of names into the database: OpenSanctions' targets.simple.csv or
names.txt, CSV (columns name, and if there id, kind, countries, aliases, date; or
those in this order without their names), or JSON Lines with the same fields or
FollowTheMoney's entities; compressed by gzip or not. It is told by what the file
begins with; --format says otherwise.

A name that is spelled in Latin or in Cyrillic letters only is looked for in the
other ones too, respelled letter by letter.

The list is called --source, or by the name of its file; importing another one of
that name replaces it, at once, when it has been read whole. Its date is the
latest that its lines have, or --date, or the file's. Works while a cycle runs;
the next cycle looks for the names.

A line that can't be read is named on stderr and skipped; the rest goes on, and
the exit code is 1 at the end. A list without any name changes nothing.`,
		Example: `  driftwatch names import targets.simple.csv --source opensanctions
  curl -s https://lists.example/names.jsonl.gz | driftwatch names import - --source example`,
		Args: cobra.ExactArgs(1),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			in := &namesFile{a: a, path: args[0], format: format, source: source}
			if err := in.check(date); err != nil {
				return err
			}
			return a.withNewStore(cmd, func(_ string, st store.Store) error {
				doc, err := in.importTo(cmd.Context(), st)
				if err != nil {
					return err
				}
				return a.printImport(doc, asJSON)
			})
		}),
	}
	c.Flags().StringVar(&format, "format", "", "what the list is: "+strings.Join(names.Formats, ", "))
	c.Flags().StringVar(&source, "source", "", "what the list is called (default: the name of its file)")
	c.Flags().StringVar(&date, "date", "", "the `DAY` that the list is of, for example 2026-03-01")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (a *app) printImport(doc importDoc, asJSON bool) error {
	if asJSON {
		if err := printJSON(a.stdout, doc); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(a.stdout, "%s: %d %s in %d %s, of %s.\n", guard.Line(doc.Source), doc.Names, plural(doc.Names, "name", "names"),
			doc.Spellings, plural(doc.Spellings, "spelling", "spellings"), dayOf(doc.Date))
	}
	if doc.Bad == 0 {
		return nil
	}
	fmt.Fprintf(a.stderr, "%d of %d lines couldn't be read and were skipped.\n", doc.Bad, doc.Lines)
	return &exitError{code: exitFailed}
}

func dayOf(t *time.Time) string {
	if t == nil {
		return "an unknown day"
	}
	return t.Format(time.DateOnly)
}

// namesFile is a list of names that is read.
type namesFile struct {
	a              *app
	path           string
	format, source string
	date           time.Time // given; zero: the list's
	bad            int
}

// maxSource is the longest that a list may be called, in bytes.
const maxSource = 100

// check fills in what wasn't given.
func (in *namesFile) check(date string) error {
	if in.format != "" && !slices.Contains(names.Formats, in.format) {
		return usage("--format is %q; it may be one of %s", in.format, strings.Join(names.Formats, ", "))
	}
	if date != "" {
		var err error
		if in.date, err = time.Parse(time.DateOnly, date); err != nil {
			return usage("--date is %q; a day is expected, for example 2026-03-01", date)
		}
	}
	if in.source == "" && in.path == "-" {
		return usage("what comes from standard input needs a name: --source NAME")
	}
	if in.source == "" {
		in.source = filepath.Base(in.path)
		for _, end := range []string{".gz", ".csv", ".jsonl", ".json", ".txt", ".tsv"} {
			in.source = strings.TrimSuffix(in.source, end)
		}
	}
	if in.source == "" || len(in.source) > maxSource || in.source != guard.Line(in.source) {
		return usage("--source is %q; a name of up to %d bytes on one line is expected", in.source, maxSource)
	}
	return nil
}

// open opens the list; the bar shows how much of it has been read.
func (in *namesFile) open() (r *names.Reader, closing func(), err error) {
	f, err := in.a.open([]string{in.path})
	if err != nil {
		return nil, nil, err
	}
	var from io.Reader = f
	closing = func() { f.Close() }
	if file, ok := f.(*os.File); ok {
		info, err := file.Stat()
		if err != nil {
			f.Close()
			return nil, nil, err
		}
		if isTerminal(in.a.stderr) {
			bar := progressbar.NewOptions64(info.Size(), progressbar.OptionSetWriter(in.a.stderr),
				progressbar.OptionSetDescription("importing"), progressbar.OptionShowBytes(true),
				progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(80*time.Millisecond))
			from = io.TeeReader(f, bar)
			closing = func() { bar.Finish(); f.Close() }
		}
	}
	if r, err = names.NewReader(from, in.format); err != nil {
		closing()
		return nil, nil, fmt.Errorf("read %s: %w", in.path, err)
	}
	return r, closing, nil
}

// next gives the next name that can be read, and says which lines can't.
func (in *namesFile) next(ctx context.Context, r *names.Reader) (news.Name, error) {
	for {
		if err := ctx.Err(); err != nil {
			return news.Name{}, context.Cause(ctx)
		}
		n, err := r.Next()
		var bad *names.LineError
		if !errors.As(err, &bad) {
			if err != nil && err != io.EOF {
				err = fmt.Errorf("read %s: %w", in.path, err)
			}
			return n, err
		}
		in.bad++
		if in.bad <= maxShown {
			fmt.Fprintf(in.a.stderr, "%s:%d: %s\n", in.path, bad.Line, guard.Line(bad.Err.Error()))
		} else if in.bad == maxShown+1 {
			fmt.Fprintf(in.a.stderr, "%s: more lines can't be read; they are counted, not shown\n", in.path)
		}
	}
}

// maxShown is how many bad lines of a list are shown.
const maxShown = 1000

// importTo keeps the names of the list in the store.
func (in *namesFile) importTo(ctx context.Context, st store.Store) (importDoc, error) {
	r, closing, err := in.open()
	if err != nil {
		return importDoc{}, err
	}
	defer closing()
	found := 0
	made, err := st.ImportNames(ctx, news.NameSource{Name: in.source, File: filepath.Base(in.path), Imported: in.a.now().UTC()},
		func() (news.Name, error) {
			n, err := in.next(ctx, r)
			switch {
			case err == nil:
				found++
			case err == io.EOF && found == 0:
				err = fmt.Errorf("%s holds no name; nothing was changed", in.path)
			}
			return n, err
		},
		func() time.Time { return in.day(r) })
	if err != nil {
		return importDoc{}, err
	}
	doc := importDoc{
		Source: made.Name, File: made.File, Format: r.Format(), Names: made.Names, Spellings: made.Spellings,
		Lines: r.Line(), Bad: in.bad,
	}
	if !made.Date.IsZero() {
		doc.Date = &made.Date
	}
	return doc, nil
}

// day is the list's: as given, as its lines have it, or the file's.
func (in *namesFile) day(r *names.Reader) time.Time {
	if !in.date.IsZero() {
		return in.date
	}
	if d := r.Date(); !d.IsZero() {
		return d.Truncate(24 * time.Hour)
	}
	if info, err := os.Stat(in.path); err == nil && in.path != "-" {
		return info.ModTime().UTC().Truncate(24 * time.Hour)
	}
	return time.Time{}
}

// namesOf is the gazetteer of the embedded names and of the lists in files.
func (a *app) namesOf(files []string) (*names.Gazetteer, error) {
	return watch.LoadNames(func(add func(news.Name) error) error {
		for _, file := range files {
			in := &namesFile{a: a, path: file}
			if err := in.each(add); err != nil {
				return err
			}
		}
		return nil
	})
}

// each calls add with the names of the list.
func (in *namesFile) each(add func(news.Name) error) error {
	r, closing, err := in.open()
	if err != nil {
		return err
	}
	defer closing()
	for {
		n, err := in.next(context.Background(), r)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		n.SourceName = filepath.Base(in.path)
		if err := add(n); err != nil {
			return err
		}
	}
}

// nameDoc is a name as scripts read it.
type nameDoc struct {
	ID        string   `json:"id"`
	Kind      string   `json:"kind"`
	Countries []string `json:"countries"`
	Source    string   `json:"source"`
	Spellings []string `json:"spellings"`
	Respelled []string `json:"respelled"`
}

func (a *app) namesListCommand() *cobra.Command {
	var f store.NameFilter
	var asJSON, own bool
	c := &cobra.Command{
		Use:   "list [WORDS]",
		Short: "List imported names, those with WORDS in a spelling",
		Example: `  driftwatch names list иванов --kind person
  driftwatch names list --own --json`,
		RunE: does(func(cmd *cobra.Command, args []string) error {
			f.Contains = strings.Join(args, " ")
			for i, country := range f.Countries {
				f.Countries[i] = strings.ToUpper(country)
			}
			for _, kind := range f.Kinds {
				if !slices.Contains(news.NameKinds, kind) {
					return usage("--kind is %q; it may be one of %s", kind, strings.Join(news.NameKinds, ", "))
				}
			}
			if own {
				return a.listOwn(f, asJSON)
			}
			return a.withStore(cmd, func(st store.Store) error {
				l := newNameList(a.stdout, asJSON)
				if err := st.EachName(cmd.Context(), f, l.add); err != nil {
					return err
				}
				return l.end(f.Limit)
			})
		}),
	}
	c.Flags().StringSliceVar(&f.Sources, "source", nil, "only of these lists")
	c.Flags().StringSliceVar(&f.Kinds, "kind", nil, "only these kinds: "+strings.Join(news.NameKinds, ", "))
	c.Flags().StringSliceVar(&f.Countries, "country", nil, "only of these countries, by two letters")
	c.Flags().StringVar(&f.ID, "id", "", "only the one with this `ID`")
	c.Flags().IntVar(&f.Limit, "limit", 50, "list at most this many; 0: all")
	c.Flags().BoolVar(&own, "own", false, "list the names that come with the program")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON Lines")
	return c
}

// listOwn lists the embedded names.
func (a *app) listOwn(f store.NameFilter, asJSON bool) error {
	all, err := watch.OwnNames()
	if err != nil {
		return err
	}
	l := newNameList(a.stdout, asJSON)
	for _, n := range all {
		if f.Limit > 0 && l.n == f.Limit {
			break
		}
		if !f.Passes(n) {
			continue
		}
		if err := l.add(n); err != nil {
			return err
		}
	}
	return l.end(f.Limit)
}

// nameList prints names as they come.
type nameList struct {
	out   io.Writer
	json  bool
	cells [][]string
	n     int
}

func newNameList(out io.Writer, asJSON bool) *nameList { return &nameList{out: out, json: asJSON} }

func (l *nameList) add(n news.Name) error {
	l.n++
	if l.json {
		return jsonLines(l.out).Encode(nameDoc{n.ID, n.Kind, nonNil(n.Countries), n.SourceName, nonNil(n.Spellings), nonNil(n.Respelled)})
	}
	l.cells = append(l.cells, []string{
		n.ID, n.Kind, strings.Join(n.Countries, " "), cmp.Or(n.SourceName, "own"), shorten(n.Spellings[0], 50),
		shorten(strings.Join(slices.Concat(n.Spellings[1:], n.Respelled), ", "), 70),
	})
	if len(l.cells) == 1000 {
		l.flush()
	}
	return nil
}

func (l *nameList) flush() {
	table(l.out, []string{"ID", "KIND", "COUNTRIES", "SOURCE", "NAME", "ALSO"}, l.cells)
	l.cells = l.cells[:0]
}

func (l *nameList) end(limit int) error {
	switch {
	case l.json:
	case l.n == 0:
		fmt.Fprintln(l.out, "No name matches. Import a list: driftwatch names import FILE")
	default:
		l.flush()
		if limit > 0 && l.n == limit {
			fmt.Fprintf(l.out, "The first %d; --limit 0 lists all.\n", limit)
		}
	}
	return nil
}

func (a *app) namesRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "remove SOURCE",
		Short:   "Remove a list of names",
		Long:    "Removes the names of a source; \"driftwatch names stats\" lists them. Works while a cycle runs.",
		Example: "  driftwatch names remove opensanctions",
		Args:    cobra.ExactArgs(1),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			return a.withStore(cmd, func(st store.Store) error {
				n, err := st.RemoveNames(cmd.Context(), args[0])
				if errors.Is(err, store.ErrNotFound) {
					return fmt.Errorf("no list of names is called %q; see: driftwatch names stats", args[0])
				}
				if err != nil {
					return err
				}
				fmt.Fprintf(a.stdout, "Removed %d %s.\n", n, plural(n, "name", "names"))
				return nil
			})
		}),
	}
}

// sourceNamesDoc is a list of names as scripts read it.
type sourceNamesDoc struct {
	Source    string         `json:"source"`
	File      string         `json:"file,omitempty"`
	Date      *time.Time     `json:"date"`
	Imported  *time.Time     `json:"imported"`
	Names     int            `json:"names"`
	Spellings int            `json:"spellings"`
	Kinds     map[string]int `json:"kinds"`
}

func (a *app) namesStatsCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "stats",
		Short:   "Count the names of each list",
		Example: "  driftwatch names stats --json",
		Args:    cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			return a.withStore(cmd, func(st store.Store) error {
				all, err := namesStats(cmd.Context(), st)
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(a.stdout, all)
				}
				a.printNamesStats(all)
				return nil
			})
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// namesStats counts the names of the program's own and of each list.
func namesStats(ctx context.Context, st store.Store) ([]sourceNamesDoc, error) {
	own, err := watch.OwnNames()
	if err != nil {
		return nil, err
	}
	all := []sourceNamesDoc{{Source: "own", Names: len(own), Kinds: map[string]int{}}}
	for _, n := range own {
		all[0].Spellings += len(n.Spellings)
		all[0].Kinds[n.Kind]++
	}
	sources, err := st.NameSources(ctx)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for _, s := range sources {
		at[s.Name] = len(all)
		d := sourceNamesDoc{Source: s.Name, File: s.File, Names: s.Names, Spellings: s.Spellings, Imported: &s.Imported, Kinds: map[string]int{}}
		if !s.Date.IsZero() {
			d.Date = &s.Date
		}
		all = append(all, d)
	}
	err = st.EachName(ctx, store.NameFilter{}, func(n news.Name) error {
		if i, ok := at[n.SourceName]; ok {
			all[i].Kinds[n.Kind]++
		}
		return nil
	})
	return all, err
}

func (a *app) printNamesStats(all []sourceNamesDoc) {
	var cells [][]string
	for _, s := range all {
		date, imported := "–", "–"
		if s.Date != nil {
			date = s.Date.Format(time.DateOnly)
		}
		if s.Imported != nil {
			imported = a.moment(*s.Imported)
		}
		cells = append(cells, []string{s.Source, fmt.Sprint(s.Names), fmt.Sprint(s.Spellings), date, imported, counts(s.Kinds, "–")})
	}
	table(a.stdout, []string{"SOURCE", "NAMES", "SPELLINGS", "OF", "IMPORTED", "KINDS"}, cells)
}
