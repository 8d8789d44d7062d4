package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"driftwatch/configs"
	"driftwatch/crawler/address"
	"driftwatch/crawler/feed"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/watch"
)

// addFlags are those of sources add.
type addFlags struct {
	id, name, country, ownership, to string
	languages                        []string
	yes, asJSON                      bool
}

func (a *app) sourcesAddCommand() *cobra.Command {
	var f addFlags
	c := &cobra.Command{
		Use:   "add URL",
		Short: "Find an outlet's feed by its address, show what it lists, and add it",
		Long: `Looks for where the outlet lists what it publishes: at the address itself (a
feed, a Telegram channel, a page), in the feeds that its page declares or links
to, at the addresses where feeds usually are, in the sitemaps that its robots.txt
names; where the page is refused, in those alone. Of an address without https:// or
http:// the former is tried first. Each is read as a cycle would read it. What was found is shown with what
its items would be flagged for by their own words, and you are asked which to
add.

The source is written to the file of sources that the configuration names, or to
the one given by --to. Where there is neither, it is printed. With --yes the first
one is added without asking; with --json what was found is printed and nothing is
added.

Exit codes: 0 added, or shown; 1 nothing that could be read was found; 2 bad usage
or configuration.`,
		Example: `  driftwatch sources add https://gazette.example.org
  driftwatch sources add https://t.me/gazette --country KZ --language kk --yes`,
		Args: cobra.ExactArgs(1),
		RunE: finishes(func(cmd *cobra.Command, args []string) error {
			c, err := a.load()
			if err != nil {
				return err
			}
			if strings.Contains(args[0], "://") {
				return a.addSource(cmd.Context(), c, args[0], f)
			}
			err = a.addSource(cmd.Context(), c, "https://"+args[0], f)
			if watch.NoHTTPS(err) {
				return a.addSource(cmd.Context(), c, "http://"+args[0], f)
			}
			return err
		}),
	}
	c.Flags().StringVar(&f.id, "id", "", "the source's `ID`; made of its address unless given")
	c.Flags().StringVar(&f.name, "name", "", "the outlet's name; its feed's title unless given")
	c.Flags().StringVar(&f.country, "country", "INT", "the outlet's country, ISO 3166, or INT for one of no single country")
	c.Flags().StringSliceVar(&f.languages, "language", nil, "languages that it writes in (ru, kk, uz-Cyrl); found out unless given")
	c.Flags().StringVar(&f.ownership, "ownership", "", "state, private, public, public-foreign, official, thinktank or exile")
	c.Flags().StringVar(&f.to, "to", "", "the `FILE` of sources to write to")
	c.Flags().BoolVar(&f.yes, "yes", false, "add the first one without asking")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print what was found as JSON, and add nothing")
	return c
}

func (a *app) addSource(ctx context.Context, c *configs.Config, url string, f addFlags) error {
	if _, err := address.Parse(url); err != nil {
		return usage("%q is no address of a page or feed: it must begin with http:// or https://", guard.Line(url))
	}
	w, err := a.asker(ctx, c)
	if err != nil {
		return err
	}
	defer w.Close()
	p := a.progress("looking", f.asJSON || f.yes)
	tried := 0
	found, err := w.Discover(ctx, url, func(string) {
		tried++
		p.count(tried)
	})
	p.end()
	if err != nil {
		return err
	}
	good := slices.IndexFunc(found, func(d watch.Discovered) bool { return d.Problem != "" })
	if good < 0 {
		good = len(found)
	}
	flagged, err := wouldFlag(c, found[:good], url, f)
	if err != nil {
		return err
	}
	if f.asJSON {
		return printJSON(a.stdout, listingDocs(found, flagged))
	}
	a.printDiscovered(found, flagged)
	if good == 0 {
		return fmt.Errorf("nothing at %s could be read as a list of articles", url)
	}
	a.printPreviews(found, flagged)
	choice, err := a.choose(good, f.yes)
	if err != nil || choice < 0 {
		return err
	}
	return a.keepSource(c, newSource(c, found[choice], url, f), f)
}

// wouldFlag gives for each of what was found the items that would be flagged.
func wouldFlag(c *configs.Config, found []watch.Discovered, given string, f addFlags) ([][]watch.Preview, error) {
	engine, err := watch.LoadRules(c)
	if err != nil {
		return nil, configFault(err)
	}
	out := make([][]watch.Preview, len(found))
	for i, d := range found {
		s := newSource(c, d, given, f)
		out[i] = d.WouldFlag(engine, news.Source{Country: s.Country, Ownership: s.Ownership, Languages: s.Languages})
	}
	return out, nil
}

// listingDoc is what was found, as --json prints it.
type listingDoc struct {
	watch.Discovered
	Flagged int `json:"flagged"` // items that would be flagged by their own words
}

func listingDocs(found []watch.Discovered, flagged [][]watch.Preview) []listingDoc {
	docs := make([]listingDoc, len(found))
	for i, d := range found {
		docs[i].Discovered = d
		if i < len(flagged) {
			docs[i].Flagged = len(flagged[i])
		}
	}
	return docs
}

// printDiscovered lists what was found with how much of it would be flagged, what
// can't be read last.
func (a *app) printDiscovered(found []watch.Discovered, flagged [][]watch.Preview) {
	good := len(flagged)
	var rows [][]string
	for i, d := range found[:good] {
		newest := "–"
		if d.Newest != nil {
			newest = a.moment(*d.Newest)
		}
		rows = append(rows, []string{strconv.Itoa(i + 1), string(d.Kind), guard.Line(d.URL), strconv.Itoa(d.Items), strconv.Itoa(len(flagged[i])), newest, orDash(d.Language), d.Why})
	}
	if good > 0 {
		a.folded([]string{"", "KIND", "ADDRESS", "ITEMS", "FLAGGED", "NEWEST", "LANGUAGE", "FOUND"}, rows, 60)
	}
	for _, d := range found[good:] {
		if d.Why != "where feeds usually are" { // a guess that was wrong is no news
			a.fold(a.stdout, fmt.Sprintf("✗ %s %s: %s", d.Kind, guard.Line(d.URL), guard.Line(d.Problem)), "  ")
		}
	}
}

// choose asks which of n to take; -1: none of them.
func (a *app) choose(n int, yes bool) (int, error) {
	if yes {
		return 0, nil
	}
	for in := bufio.NewScanner(a.stdin); ; {
		fmt.Fprintf(a.stdout, "\nWhich is to be added? 1–%d, n for none [1] ", n)
		if !in.Scan() {
			fmt.Fprintln(a.stdout, "\nNothing was added. To add the first one without being asked: --yes")
			return -1, in.Err()
		}
		switch answer := strings.TrimSpace(in.Text()); answer {
		case "":
			return 0, nil
		case "n", "no":
			return -1, nil
		default:
			if i, err := strconv.Atoi(answer); err == nil && i >= 1 && i <= n {
				return i - 1, nil
			}
		}
	}
}

// newSource is the source for what was found, as the flags have it.
func newSource(c *configs.Config, d watch.Discovered, given string, f addFlags) configs.Source {
	s := d.Source(given, watch.Sources(c))
	s.ID, s.Name = cmp.Or(f.id, s.ID), cmp.Or(f.name, s.Name)
	s.Country, s.Ownership = strings.ToUpper(f.country), f.ownership
	if len(f.languages) > 0 {
		s.Languages = f.languages
	}
	return s
}

// mostPreviews is how many items are shown of each listing.
const mostPreviews = 5

// printPreviews shows what the items' own words would be flagged for, each item once
// however many listings have it.
func (a *app) printPreviews(found []watch.Discovered, flagged [][]watch.Preview) {
	shown := map[string]bool{}
	for i, previews := range flagged {
		fmt.Fprintf(a.stdout, "\n%d: of its %d items, by their own words, %d would be flagged.\n", i+1, found[i].Items, len(previews))
		previews = slices.DeleteFunc(slices.Clone(previews), func(p watch.Preview) bool { return shown[p.Title] })
		for _, p := range previews[:min(len(previews), mostPreviews)] {
			shown[p.Title] = true
			for _, h := range p.Hits {
				a.fold(a.stdout, a.style.direction(h.Direction, fmt.Sprintf("  %s: %s (%s, level %d)", guard.Line(p.Title), h.Title, h.Direction, h.Level)), "    ")
			}
		}
		if more := len(previews) - mostPreviews; more > 0 {
			fmt.Fprintf(a.stdout, "  … and %d more\n", more)
		}
	}
}

// keepSource writes a source to its file, or prints it.
func (a *app) keepSource(c *configs.Config, s configs.Source, f addFlags) error {
	if other, ok := watch.ReadBy(watch.Sources(c), s.URL); ok {
		return fmt.Errorf("the source %s reads %s already; nothing was added", other.ID, s.URL)
	}
	if slices.ContainsFunc(c.Sources, func(other configs.Source) bool { return other.ID == s.ID }) {
		return usage("--id %s is the id of another source", s.ID)
	}
	file := sourcesFile(c, f.to)
	if file == "" {
		fmt.Fprintf(a.stdout, "\nThe configuration names no file of sources. Put this below sources: in it:\n\n%s", configs.SourceYAML(s))
		return nil
	}
	if err := a.addSources(file, s); err != nil {
		return configFault(fmt.Errorf("add %s to %s: %w", s.ID, file, err))
	}
	fmt.Fprintf(a.stdout, "\nAdded %s to %s. It is polled by the next cycle; now: driftwatch run --source %s\n", s.ID, file, s.ID)
	if f.to != "" {
		a.sayUnnamed(c, f.to)
	}
	return nil
}

// addSources writes sources to a file, or prints what is to be put into one that is
// laid out in a way in which nothing can be added.
func (a *app) addSources(file string, sources ...configs.Source) error {
	err := configs.AddSources(file, sources...)
	if errors.Is(err, configs.ErrLayout) {
		fmt.Fprintf(a.stdout, "%s\n", configs.SourceYAML(sources...))
	}
	return err
}

// sourcesFile is the file of sources to write to: the one given, else the last
// that the configuration names; empty: there is none.
func sourcesFile(c *configs.Config, given string) string {
	if given == "" && len(c.Files) > 0 {
		return c.Files[len(c.Files)-1]
	}
	return given
}

// sayUnnamed says what to do about a file that the configuration doesn't read.
func (a *app) sayUnnamed(c *configs.Config, file string) {
	if !slices.Contains(c.Files, file) {
		fmt.Fprintf(a.stdout, "The configuration doesn't name that file yet: add “- file: %s” below sources:\n", file)
	}
}

func (a *app) sourcesExportCommand() *cobra.Command {
	var countries []string
	c := &cobra.Command{
		Use:   "export",
		Short: "Print the feeds as OPML, for a feed reader",
		Long: `Prints the enabled sources of kind feed as OPML 2.0, in a folder for each country.

Exit codes: 0 done; 2 bad usage or configuration.`,
		Example: `  driftwatch sources export > driftwatch.opml`,
		Args:    cobra.NoArgs,
		RunE: does(func(_ *cobra.Command, _ []string) error {
			c, err := a.load()
			if err != nil {
				return err
			}
			if countries, err = countriesOf(c, countries); err != nil {
				return err
			}
			wanted := slices.DeleteFunc(watch.Sources(c), func(s news.Source) bool {
				return len(countries) > 0 && !slices.Contains(countries, s.Country)
			})
			return feed.WriteOPML(a.stdout, "Driftwatch", watch.Subscriptions(wanted))
		}),
	}
	c.Flags().StringSliceVar(&countries, "country", nil, "only sources of these countries (KZ, KG, UZ, TJ, TM, INT, …)")
	return c
}

func (a *app) sourcesImportCommand() *cobra.Command {
	var to, country, language string
	c := &cobra.Command{
		Use:   "import FILE.opml",
		Short: "Add the feeds of an OPML file",
		Long: `Adds the feeds that an OPML file lists, as feed readers export them, to the file
of sources that the configuration names, or to the one given by --to. A feed that
is a source already is left out. A folder that is called by a country's code (KZ)
gives its feeds that country; the others get --country.

Exit codes: 0 done; 1 the file is no OPML; 2 bad usage or configuration.`,
		Example: `  driftwatch sources import reader.opml --to sources.yaml --country KG`,
		Args:    cobra.ExactArgs(1),
		RunE: does(func(_ *cobra.Command, args []string) error {
			c, err := a.load()
			if err != nil {
				return err
			}
			data, err := a.readAll(args)
			if err != nil {
				return err
			}
			list, broken := feed.ReadOPML(data)
			if broken != nil && len(list) == 0 {
				return fmt.Errorf("read %s: %w", args[0], broken)
			}
			file := sourcesFile(c, to)
			if file == "" {
				return usage("the configuration names no file of sources: name one with --to")
			}
			fresh, known, unfit := watch.Subscribed(watch.Sources(c), list, watch.Unsaid{Country: strings.ToUpper(country), Language: language, IsCountry: twoCapitals})
			if len(fresh) > 0 {
				if err := a.addSources(file, fresh...); err != nil {
					return configFault(fmt.Errorf("add to %s: %w", file, err))
				}
			}
			fmt.Fprintf(a.stdout, "%d added to %s, %d known already.\n", len(fresh), file, known)
			for _, url := range unfit {
				fmt.Fprintf(a.stdout, "Left out, as it is no address of a feed: %s\n", guard.Line(url))
			}
			if len(fresh) > 0 {
				a.sayUnnamed(c, file)
			}
			if broken != nil {
				return errors.Join(broken, fmt.Errorf("what comes behind that in %s wasn't read", args[0]))
			}
			return nil
		}),
	}
	c.Flags().StringVar(&to, "to", "", "the `FILE` of sources to write to")
	c.Flags().StringVar(&country, "country", "INT", "the country of outlets whose folder names none")
	c.Flags().StringVar(&language, "language", "ru", "the language of feeds that name none")
	return c
}

// twoCapitals reports whether a folder is called as a country's code is.
func twoCapitals(folder string) bool { return len(folder) == 2 && folder == strings.ToUpper(folder) }
