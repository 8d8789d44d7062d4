package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/alert"
	"driftwatch/alert/message"
	"driftwatch/configs"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/watch"
)

// shownDoc is what `alerts show --json` prints.
type shownDoc struct {
	deliveryDoc
	Told    *news.StoryState `json:"told"`              // null: nothing yet
	Names   []deliveryDoc    `json:"names,omitempty"`   // of a message about several
	Content string           `json:"content,omitempty"` // of a digest or a note, as it is kept
}

func (a *app) alertsShowCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "show ID",
		Short:   "Show all that is known of a delivery",
		Example: `  driftwatch alerts show 1`,
		Long: `Shows a delivery: where it stands, what the channel answered, and what it told of
its story.

--json prints it as alerts list does, with {"told":{"articles","outlets",
"languages","countries","level","signals"},"names","content"}.`,
		Args: cobra.ExactArgs(1),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			ids, err := deliveryIDs(args)
			if err != nil {
				return err
			}
			return a.withStore(cmd, func(st store.Store) error {
				rows, err := st.Deliveries(cmd.Context(), store.DeliveryFilter{IDs: ids})
				if err != nil {
					return err
				}
				if len(rows) == 0 {
					return fmt.Errorf("there is no delivery %d; see: driftwatch alerts list", ids[0])
				}
				doc := shownDoc{deliveryDoc: deliveryOf(rows[0]), Told: rows[0].Told, Content: rows[0].Content}
				named, err := st.Folded(cmd.Context(), ids[0])
				if err != nil {
					return err
				}
				for _, n := range named {
					doc.Names = append(doc.Names, deliveryOf(store.DeliveryRow{Delivery: n.Delivery, Title: n.Title}))
				}
				if asJSON {
					return printJSON(a.stdout, doc)
				}
				a.printShown(doc, rows[0])
				return nil
			})
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (a *app) printShown(doc shownDoc, row store.DeliveryRow) {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(a.stdout, "%-9s %s\n", name, guard.Line(value))
		}
	}
	line("delivery", fmt.Sprintf("%d, %s, key %s", doc.ID, deliveryTitle(row), doc.Key))
	line("to", doc.Channel+", route "+doc.Route)
	line("state", string(doc.State))
	line("waits", doc.Waits)
	if doc.Silence != 0 {
		line("silence", fmt.Sprint(doc.Silence))
	}
	if doc.In != 0 {
		line("named in", fmt.Sprintf("delivery %d", doc.In))
	}
	line("attempts", fmt.Sprint(doc.Attempts))
	line("created", a.moment(row.Created))
	if doc.Next != nil {
		line("due", a.moment(row.NextAt))
	}
	if doc.Sent != nil {
		line("sent", a.moment(row.Sent))
	}
	line("receipt", doc.Receipt)
	line("problem", doc.Problem)
	if t := doc.Told; t != nil {
		line("told", fmt.Sprintf("level %d; %d %s; %s", t.Level, t.Articles, plural(t.Articles, "article", "articles"), strings.Join(t.Countries, ", ")))
		for _, s := range t.Signals {
			line("", strings.TrimSuffix(fmt.Sprintf("%s, level %d, %s, %s", s.Signal, s.Level, s.Direction, s.Status), ", "))
		}
	}
	for _, n := range doc.Names {
		line("names", fmt.Sprintf("%d %s", n.ID, n.Title))
	}
}

// cancelledDoc is what `alerts cancel --json` prints.
type cancelledDoc struct {
	Cancelled int `json:"cancelled"`
}

func (a *app) alertsCancelCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "cancel ID…",
		Short:   "Don't make deliveries that are owed",
		Example: `  driftwatch alerts cancel 128 129`,
		Long: `Cancels deliveries that are pending, given up or silenced. One that is being sent
stays as it is, and one that was accepted can't be taken back. What is cancelled
stays in driftwatch alerts list, and driftwatch alerts retry ID makes it due.

--json prints {"cancelled"}: how many were.`,
		Args: cobra.MinimumNArgs(1),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			ids, err := deliveryIDs(args)
			if err != nil {
				return err
			}
			return a.withStore(cmd, func(st store.Store) error {
				n, err := st.CancelDeliveries(cmd.Context(), strings.TrimSuffix("cancelled by "+orUser(""), " by "), ids...)
				switch {
				case errors.Is(err, store.ErrSent):
					return fmt.Errorf("%w: what was accepted can't be taken back", err)
				case err != nil:
					return err
				}
				if asJSON {
					return printJSON(a.stdout, cancelledDoc{n})
				}
				fmt.Fprintf(a.stdout, "%d %s cancelled.\n", n, plural(n, "delivery is", "deliveries are"))
				return nil
			})
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// previewFlags say what to render, and for what.
type previewFlags struct {
	story   int64
	channel string
	kind    string
	out     string
	update  bool
}

func (a *app) alertsPreviewCommand() *cobra.Command {
	var f previewFlags
	var story string
	c := &cobra.Command{
		Use:   "preview --story ID",
		Short: "Render a stored story as a channel would send it",
		Example: `  driftwatch alerts preview --story 1
  driftwatch alerts preview --story 1 --type webhook
  driftwatch alerts preview --story 1 --channel desk --out message.json`,
		Long: `Renders a story as a channel would send it now, and sends nothing. --channel is
one of the configuration; --type renders for a type of channel with made-up
settings. Without either it is the plain text.

Without --out, what could act on a terminal is shown as it is harmless; a file
gets the message byte for byte.`,
		Args: cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			var err error
			if f.story, err = strconv.ParseInt(story, 10, 64); err != nil || f.story < 1 {
				return usage("--story %q is no story's number; see: driftwatch hits list --json", story)
			}
			c, err := a.load()
			if err != nil {
				return err
			}
			ch, name, err := a.previewChannel(c, f)
			if err != nil {
				return err
			}
			return a.withStore(cmd, func(st store.Store) error { return a.previewStory(cmd.Context(), c, st, ch, name, f) })
		}),
	}
	fl := c.Flags()
	fl.StringVar(&story, "story", "", "the story's `ID`")
	fl.StringVar(&f.channel, "channel", "", "for this channel of the configuration")
	fl.StringVar(&f.kind, "type", "", "for a type of channel: "+strings.Join(slices.Sorted(maps.Keys(madeUp)), ", "))
	fl.StringVar(&f.out, "out", "", "write to this `FILE`")
	fl.BoolVar(&f.update, "update", false, "as an update, with what is new since its channel was told last")
	c.MarkFlagRequired("story")
	c.MarkFlagsMutuallyExclusive("channel", "type")
	return c
}

// madeUp are settings by which a channel of each type can be opened without
// anything being sent.
var madeUp = map[string]configs.Channel{
	configs.ChannelStdout:   {Type: configs.ChannelStdout},
	configs.ChannelSlack:    {Type: configs.ChannelSlack, WebhookURL: "https://hooks.slack.com/services/T0/B0/preview"},
	configs.ChannelWebhook:  {Type: configs.ChannelWebhook, URL: "https://receiver.example.org/", Secret: "whsec_cHJldmlldyBwcmV2aWV3IHByZXZpZXcgcHJldmlldw=="},
	configs.ChannelShoutrrr: {Type: configs.ChannelShoutrrr, URL: "ntfy://ntfy.example.org/preview"},
	configs.ChannelMail:     {Type: configs.ChannelMail, Host: "smtp.example.org", From: "Driftwatch <driftwatch@example.org>", To: []string{"desk@example.org"}},
}

// previewChannel opens the channel that is to render; nil: none, as text.
func (a *app) previewChannel(c *configs.Config, f previewFlags) (alert.Channel, string, error) {
	name, set := f.channel, configs.Channel{}
	switch {
	case f.channel != "":
		var ok bool
		if set, ok = c.Channels[f.channel]; !ok {
			return nil, "", usage("no channel is called %q; there are: %s", f.channel, strings.Join(slices.Sorted(maps.Keys(c.Channels)), ", "))
		}
	case f.kind != "":
		var ok bool
		if set, ok = madeUp[f.kind]; !ok {
			return nil, "", usage("--type is %q; it may be one of %s", f.kind, strings.Join(slices.Sorted(maps.Keys(madeUp)), ", "))
		}
		name = f.kind
	default:
		return nil, "", nil
	}
	o := a.settings("").Channels()
	o.Out = io.Discard
	ch, err := alert.Open(name, set, o)
	return ch, name, err
}

func (a *app) previewStory(ctx context.Context, c *configs.Config, st store.Store, ch alert.Channel, name string, f previewFlags) error {
	al, err := watch.AlertOf(ctx, c, st, f.story, name, f.update, time.Now())
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("there is no story %d with a hit; see: driftwatch hits list --json", f.story)
	}
	if err != nil {
		return err
	}
	content := []byte(message.New(al, a.location).Text())
	if ch != nil {
		if content, _, err = alert.Preview(ch, al, a.location); err != nil {
			return err
		}
	}
	if f.out != "" {
		return os.WriteFile(f.out, content, 0o600)
	}
	text := guard.Text(string(content))
	fmt.Fprint(a.stdout, text)
	if !strings.HasSuffix(text, "\n") {
		fmt.Fprintln(a.stdout)
	}
	return nil
}
