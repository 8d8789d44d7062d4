package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/alert"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/store"
)

func (a *app) alertsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "alerts",
		Short: "What was sent and what is owed: list, show, retry, cancel, preview, test a channel",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.alertsListCommand(), a.alertsShowCommand(), a.alertsRetryCommand(), a.alertsCancelCommand(), a.alertsPreviewCommand(), a.alertsTestCommand())
	return c
}

// deliveryDoc is a delivery as scripts read it.
type deliveryDoc struct {
	ID       int64              `json:"id"`
	Route    string             `json:"route"`
	Channel  string             `json:"channel"`
	Story    int64              `json:"story"`
	Title    string             `json:"title"`
	Version  int                `json:"version"`
	Key      string             `json:"key"`
	State    news.DeliveryState `json:"state"`
	Attempts int                `json:"attempts"`
	Created  time.Time          `json:"created"`
	Next     *time.Time         `json:"next"` // null: sent or given up
	Sent     *time.Time         `json:"sent"`
	Receipt  string             `json:"receipt,omitempty"`
	Problem  string             `json:"problem,omitempty"`
	Kind     news.DeliveryKind  `json:"kind"`              // story, digest, note, or more: stories over a cap, or after quiet hours
	Waits    string             `json:"waits,omitempty"`   // for what a pending one waits though nothing failed
	Silence  int64              `json:"silence,omitempty"` // what keeps a silenced one
	In       int64              `json:"in,omitempty"`      // the delivery that names a folded one
}

func deliveryOf(d store.DeliveryRow) deliveryDoc {
	out := deliveryDoc{
		ID: d.ID, Route: d.Route, Channel: d.Channel, Story: d.Story, Title: d.Title, Version: d.Version, Key: d.Key,
		State: d.State, Attempts: d.Attempts, Created: d.Created.UTC(), Sent: timeOrNull(d.Sent),
		Receipt: d.Receipt, Problem: d.Problem, Kind: d.Kind, Waits: d.Waits, Silence: d.Silence, In: d.Into,
	}
	if d.State == news.DeliveryPending || d.State == news.DeliveryLeased {
		out.Next = timeOrNull(d.NextAt)
	}
	return out
}

func (a *app) alertsListCommand() *cobra.Command {
	var states, channels, routes []string
	var stories []int
	var from string
	var limit int
	var in int64
	var asJSON bool
	c := &cobra.Command{
		Use:     "list",
		Short:   "List deliveries, the newest first",
		Example: `  driftwatch alerts list --state failed --since 7d`,
		Args:    cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			f := store.DeliveryFilter{Channels: channels, Routes: routes, Into: in, Limit: limit}
			for _, id := range stories {
				f.Stories = append(f.Stories, int64(id))
			}
			for _, s := range states {
				switch st := news.DeliveryState(s); st {
				case news.DeliveryPending, news.DeliveryLeased, news.DeliverySent, news.DeliveryFailed,
					news.DeliverySilenced, news.DeliveryFolded, news.DeliveryCancelled:
					f.States = append(f.States, st)
				default:
					return usage("--state is %q; it may be pending, leased, sent, failed, silenced, folded or cancelled", s)
				}
			}
			if from != "" {
				t, err := since(from, a.now(), a.location)
				if err != nil {
					return err
				}
				f.Since = t
			}
			return a.withStore(cmd, func(st store.Store) error {
				rows, err := st.Deliveries(cmd.Context(), f)
				if err != nil {
					return err
				}
				if asJSON {
					list := make([]deliveryDoc, len(rows))
					for i, r := range rows {
						list[i] = deliveryOf(r)
					}
					return printJSON(a.stdout, list)
				}
				a.printDeliveries(rows, f)
				return nil
			})
		}),
	}
	c.Flags().StringSliceVar(&states, "state", nil, "only these: pending, leased, sent, failed, silenced, folded, cancelled")
	c.Flags().StringSliceVar(&channels, "channel", nil, "only these channels")
	c.Flags().StringSliceVar(&routes, "route", nil, "only these routes and digests")
	c.Flags().IntSliceVar(&stories, "story", nil, "only about these stories, by number")
	c.Flags().Int64Var(&in, "in", 0, "only those that the message about several with this `ID` names")
	c.Flags().StringVar(&from, "since", "", "queued since: a length of time (36h, 7d), a day, or RFC 3339")
	c.Flags().IntVar(&limit, "limit", 50, "at most so many; 0: all")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (a *app) printDeliveries(rows []store.DeliveryRow, f store.DeliveryFilter) {
	if len(rows) == 0 && (len(f.States)+len(f.Channels)+len(f.Routes)+len(f.Stories) > 0 || f.Into != 0 || !f.Since.IsZero()) {
		fmt.Fprintln(a.stdout, "No delivery matches. Drop a filter, or see all: driftwatch alerts list")
		return
	}
	if len(rows) == 0 {
		fmt.Fprintln(a.stdout, "Nothing was owed to any channel. Channels and routes are in driftwatch.yaml.")
		return
	}
	var cells [][]string
	failed := 0
	for _, d := range rows {
		when, problem := a.moment(d.Sent), d.Problem
		switch d.State {
		case news.DeliveryFailed:
			failed++
		case news.DeliverySilenced:
			problem = fmt.Sprintf("kept back by silence %d", d.Silence)
		case news.DeliveryFolded:
			problem = fmt.Sprintf("named in delivery %d", d.Into)
		case news.DeliveryPending, news.DeliveryLeased:
			when = "due " + a.moment(d.NextAt)
			if d.Waits != "" {
				problem = d.Waits
			}
		}
		cells = append(cells, []string{
			strconv.FormatInt(d.ID, 10), string(d.State), d.Channel, d.Route, strconv.Itoa(d.Attempts), when,
			deliveryTitle(d), problem,
		})
	}
	a.folded([]string{"ID", "STATE", "CHANNEL", "ROUTE", "TRIES", "WHEN", "STORY", "PROBLEM"}, cells, 50, 60)
	if failed > 0 {
		fmt.Fprintf(a.stdout, "%d given up. Once the cause is gone: driftwatch alerts retry\n", failed)
	}
}

// deliveryTitle says what a delivery tells.
func deliveryTitle(d store.DeliveryRow) string {
	switch d.Kind {
	case news.DeliveryDigest:
		return "(digest)"
	case news.DeliveryNote:
		return "(note)"
	case news.DeliveryMore:
		if d.Content == news.WaitQuiet {
			return "(digest after quiet hours)"
		}
		return "(stories over the cap)"
	}
	if d.Version > 1 {
		return fmt.Sprintf("(update %d) %s", d.Version, d.Title)
	}
	return d.Title
}

func (a *app) alertsRetryCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "retry [ID…]",
		Short: "Make deliveries due: those named, or all that were given up",
		Example: `  driftwatch alerts retry
  driftwatch alerts retry 128 129`,
		Long: `Makes deliveries due; the next cycle sends them. Without numbers, all that were
given up. With numbers also those that are silenced, folded or cancelled; a
silence that still holds keeps them back again. A delivery that was accepted is
never sent again.

--json prints {"due"}: how many were made due.`,
		RunE: does(func(cmd *cobra.Command, args []string) error {
			ids, err := deliveryIDs(args)
			if err != nil {
				return err
			}
			return a.withStore(cmd, func(st store.Store) error {
				n, err := st.RetryDeliveries(cmd.Context(), a.now(), ids...)
				switch {
				case errors.Is(err, store.ErrSent):
					return fmt.Errorf("%w: what was accepted is not sent again", err)
				case err != nil:
					return err
				}
				if asJSON {
					return printJSON(a.stdout, retriedDoc{n})
				}
				fmt.Fprintf(a.stdout, "%d %s due; the next cycle sends what is.\n", n, plural(n, "delivery is", "deliveries are"))
				return nil
			})
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// retriedDoc is what `alerts retry --json` prints.
type retriedDoc struct {
	Due int `json:"due"`
}

// testedDoc is what `alerts test --json` prints.
type testedDoc struct {
	Channel string `json:"channel"`
	Receipt string `json:"receipt"`
}

func (a *app) alertsTestCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "test CHANNEL",
		Short:   "Send a test message, marked as one, to a channel",
		Example: `  driftwatch alerts test desk`,
		Long: `Sends a message that is marked as a test, and says what the channel answered.

--json prints {"channel","receipt"}.`,
		Args: cobra.ExactArgs(1),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			c, err := a.load()
			if err != nil {
				return err
			}
			set, ok := c.Channels[args[0]]
			if !ok {
				known := slices.Sorted(maps.Keys(c.Channels))
				if len(known) == 0 {
					return usage("no channel is configured; add one under channels: in driftwatch.yaml")
				}
				return usage("no channel is called %q; there are: %s", args[0], strings.Join(known, ", "))
			}
			ch, err := alert.Open(args[0], set, a.settings("").Channels())
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), time.Minute)
			defer cancel()
			receipt, err := alert.Test(ctx, ch, a.now())
			if err != nil {
				return fmt.Errorf("channel %s did not take the message: %w", args[0], err)
			}
			if asJSON {
				return printJSON(a.stdout, testedDoc{args[0], receipt})
			}
			fmt.Fprintf(a.stdout, "Channel %s took the test message: %s\n", args[0], guard.Line(receipt))
			return nil
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func deliveryIDs(args []string) ([]int64, error) {
	var ids []int64
	for _, s := range args {
		id, err := strconv.ParseInt(s, 10, 64)
		if err != nil || id < 1 {
			return nil, usage("%q is no delivery's number; see: driftwatch alerts list", s)
		}
		ids = append(ids, id)
	}
	return ids, nil
}
