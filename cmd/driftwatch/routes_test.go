package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/watch"
)

// alerting is a folder with a configuration and a database with one story that
// was told, and one that is owed.
func alerting(t *testing.T) (config string) {
	t.Helper()
	dir := t.TempDir()
	config = filepath.Join(dir, "driftwatch.yaml")
	text := `
store: {path: ` + filepath.Join(dir, "d.db") + `}
channels: {desk: {type: stdout}, mail: {type: stdout}}
route:
  name: root
  to: [desk]
  max_per_hour: 2
  quiet_hours: {from: "00:00", to: "23:59", timezone: UTC, except_level: 4}
  routes:
    - {name: kg, countries: [KG], not: {statuses: [opinion]}, to: [mail], continue: true}
    - {name: grave, min_level: 4}
digests:
  - {name: week, every: weekly, at: "09:00", timezone: UTC, to: [mail]}
`
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	st, err := watch.OpenStore(t.Context(), filepath.Join(dir, "d.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	day := time.Date(2031, 8, 26, 6, 0, 0, 0, time.UTC)
	err = st.Update(t.Context(), func(tx store.Tx) error {
		for i := range 2 {
			a, err := tx.NewStory(news.Article{Source: "kovyl", Lang: "ru", URL: fmt.Sprint("https://kovyl.example/", i), Title: fmt.Sprint("Story\x1b[31m ", i), Text: "x", Seen: day}, store.Print{})
			if err != nil {
				return err
			}
			_, err = tx.PutHits(a.ID, 1, []news.Hit{{Theme: news.ThemeCSTO, Signal: "C3", Title: "Exercise", Level: 4, Direction: news.Apart, Countries: []string{"KG"}, Found: day}})
			if err != nil {
				return err
			}
			if _, _, err = tx.PutDelivery(news.Delivery{Route: "kg", Channel: "mail", Story: a.Story, Version: 1, Key: fmt.Sprint("k", i), Created: day, NextAt: day}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Sent(t.Context(), 1, "200 ok", &news.StoryState{Level: 3, Articles: 1, Countries: []string{"KG"}}, day); err != nil {
		t.Fatal(err)
	}
	return config
}

func TestAlertingCommands(t *testing.T) {
	config := alerting(t)
	hit := filepath.Join(t.TempDir(), "hit.json")
	if err := os.WriteFile(hit, []byte(`{"theme":"csto","level":2,"countries":["KG"],"status":"opinion"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		code int
		want []string // in what it prints, standard error included
	}{
		{"routes show", 0, []string{
			"root: everything → desk; at most 2 an hour; quiet 00:00 to 23:59 UTC, but for level 4 and higher",
			"\n  kg: country KG; not status opinion → mail; continue: true", "\n  grave: level 4 and higher → desk",
			"digest week: weekly, mon 09:00 UTC; everything → mail",
		}},
		{"routes test --theme csto --country kg --level 4", 0, []string{
			"root: left to the routes in it", "  kg: taken → mail", "  grave: taken; the routes after it aren't asked → desk",
			"It goes to mail (route kg), desk (route grave).",
		}},
		{"routes test --hit 1", 0, []string{"It goes to mail (route kg), desk (route grave)."}},
		{"routes test " + hit, 0, []string{
			"kg: not taken: under not, statuses has opinion", "grave: not taken: its level is 2, min_level is 4", "root: taken", "It goes to desk (route root, quiet until ",
		}},
		{"routes test --theme context --country KG --level 2 --status opinion", 0, []string{"only a route that names the theme context takes it", "Nobody is told."}},
		{"routes test", 2, []string{"which hit?"}},
		{"routes test --hit 99", 2, []string{"there is no hit 99"}},
		{"routes test --theme csto --level 9", 2, []string{"--level is 9"}},
		{"alerts list", 0, []string{"sent", "pending", "Story"}},
		{"alerts list --story 2 --state pending", 0, []string{"Story"}},
		{"alerts list --route root", 0, []string{"No delivery matches"}},
		{"alerts list --state gone", 2, []string{"silenced, folded or cancelled"}},
		{"alerts show 1", 0, []string{"key k0", "mail, route kg", "200 ok", "level 3; 1 article; KG"}},
		{"alerts show 9", 1, []string{"there is no delivery 9"}},
		{"alerts cancel 1", 1, []string{"can't be taken back"}},
		{"alerts cancel x", 2, []string{"no delivery's number"}},
		{"alerts cancel 2", 0, []string{"1 delivery is cancelled."}},
		{"alerts list --state cancelled", 0, []string{"cancelled"}},
		{"alerts retry 2", 0, []string{"1 delivery is due"}},
		{"alerts preview --story 1", 0, []string{"Kyrgyzstan · CSTO · level 4 of 5"}},
		{"alerts preview --story 1 --channel mail --update", 0, []string{"Kyrgyzstan · CSTO · level 4 of 5"}},
		{"alerts preview --story 1 --channel post", 2, []string{"no channel is called"}},
		{"alerts preview --story 1 --type pigeon", 2, []string{"it may be one of mail, shoutrrr, slack, stdout, webhook"}},
		{"alerts preview --story 9", 1, []string{"there is no story 9"}},
		{"silences add --reason x --for 1h", 2, []string{"what it is for"}},
		{"silences add --reason x --story 1", 2, []string{"needs an end"}},
		{"silences add --reason x --story 9 --for 1h", 2, []string{"there is no story 9"}},
		{"silences add --reason x --source nosuch --for 1h", 2, []string{"no source has that id"}},
		{"silences add --reason x --country XX --for 1h", 2, []string{"KZ, KG, UZ, TJ, TM"}},
		{"silences add --reason x --story 1 --until 2001-01-01", 2, []string{"is over already"}},
		{"silences add --reason known --story 1 --theme csto --for 24h --by me", 0, []string{"Silence 1 is active until", "theme csto; story 1"}},
		{"silences list", 0, []string{"active", "known", "me"}},
		{"silences end 1", 0, []string{"Silence 1 has ended."}},
		{"silences end 1", 1, []string{"has ended already"}},
		{"silences end 7", 1, []string{"there is no silence 7"}},
		{"silences list", 0, []string{"No silence is active"}},
		{"silences list --all", 0, []string{"ended", "known"}},
	} {
		var out bytes.Buffer
		code := Main(append([]string{"--config", config}, strings.Fields(c.args)...), strings.NewReader(""), &out, &out)
		if code != c.code {
			t.Errorf("%s: exit code %d, want %d\n%s", c.args, code, c.code, out.String())
		}
		for _, w := range c.want {
			if !strings.Contains(out.String(), w) {
				t.Errorf("%s: no %q in\n%s", c.args, w, out.String())
			}
		}
		if strings.Contains(out.String(), "\x1b") {
			t.Errorf("%s lets a title act on the terminal", c.args)
		}
	}
}

func TestAlertingCommandsPrintJSON(t *testing.T) {
	config := alerting(t)
	for _, args := range []string{
		"routes show", "routes test --theme csto --country KG", "alerts list", "alerts show 1", "silences add --reason x --story 1 --for 1h", "silences list", "silences end 1", "alerts cancel 2",
	} {
		var out, errs bytes.Buffer
		code := Main(append([]string{"--config", config}, strings.Fields(args+" --json")...), strings.NewReader(""), &out, &errs)
		if code != 0 || !json.Valid(out.Bytes()) {
			t.Errorf("%s --json: exit code %d\n%s%s", args, code, out.String(), errs.String())
		}
	}
}
