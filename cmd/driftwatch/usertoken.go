package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/store"
)

func (a *app) userTokenCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "token",
		Short: "Keys of programs to the desk's API: add, list, revoke",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.tokenAddCommand(), a.tokenListCommand(), a.tokenRevokeCommand())
	return c
}

// tokenDoc is a token in `user token list --json`.
type tokenDoc struct {
	ID      int64  `json:"id"`
	User    string `json:"user"`
	Name    string `json:"name"`
	Scope   string `json:"scope"`
	State   string `json:"state"` // works, ended or revoked
	Created string `json:"created"`
	Expires string `json:"expires"`
	Token   string `json:"token,omitempty"` // only as it is made
}

func tokenOf(t news.Token, user string, now time.Time) tokenDoc {
	state := "works"
	switch {
	case !t.Revoked.IsZero():
		state = "revoked"
	case !t.Works(now):
		state = "ended"
	}
	return tokenDoc{t.ID, user, t.Name, string(t.Scope), state, t.Created.UTC().Format(time.RFC3339), t.Expires.UTC().Format(time.RFC3339), ""}
}

func (a *app) tokenAddCommand() *cobra.Command {
	var scope, span, name string
	var asJSON bool
	c := &cobra.Command{
		Use:     "add USER",
		Short:   "Make a token that acts for a user, and print it this once",
		Example: `  driftwatch user token add dana --name dashboard --for 90d`,
		Long: `Prints a token for the desk's API (docs/api.md). It is kept as a hash: it can't be
shown again. It does what its scope says (read; judge, which includes reading; manage, which includes both),
never more than its user may, until it ends or is revoked.

--json prints {"id","user","name","scope","state","created","expires","token"}.`,
		Args: cobra.ExactArgs(1),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			if err := review.CheckTokenName(name); err != nil {
				return usage("--name: %w", err)
			}
			if !slices.Contains(news.Scopes, news.Scope(scope)) {
				return usage("--scope is %q; it may be read, judge or manage", scope)
			}
			d, err := parseSpan(span)
			if err != nil || d <= 0 || d > review.TokenLongest {
				return usage("--for %q: give a length of time within 366 days, such as 24h or 90d", span)
			}
			return a.withStore(cmd, func(st store.Store) error {
				user := strings.ToLower(args[0])
				u, err := st.UserNamed(cmd.Context(), user)
				if errors.Is(err, store.ErrNotFound) {
					return fmt.Errorf("there is no user %q; see: driftwatch user list", user)
				}
				if err != nil {
					return err
				}
				token, hash := review.NewToken()
				now := a.now().UTC()
				t, err := st.AddToken(cmd.Context(), news.Token{User: u.ID, Name: name, Scope: news.Scope(scope), Hash: hash, Created: now, Expires: now.Add(d)})
				if err != nil {
					return err
				}
				if err := st.AddAudit(cmd.Context(), news.Audited{At: now, Did: "token.add", On: fmt.Sprintf("token %d of %s", t.ID, u.Name), Note: scope + ", " + name}); err != nil {
					return err
				}
				doc := tokenOf(t, u.Name, now)
				doc.Token = token
				if asJSON {
					return printJSON(a.stdout, doc)
				}
				fmt.Fprintln(a.stdout, token)
				fmt.Fprintf(a.stderr, "Token %d of %s, scope %s, until %s. It isn't shown again.\n", t.ID, u.Name, scope, a.moment(t.Expires))
				return nil
			})
		}),
	}
	c.Flags().StringVar(&name, "name", "", "what it is for")
	c.Flags().StringVar(&scope, "scope", string(news.ScopeRead), "read, judge or manage")
	c.Flags().StringVar(&span, "for", "90d", "how long it works: 24h, 90d")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.MarkFlagRequired("name")
	return c
}

func (a *app) tokenListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "list",
		Short:   "List the tokens of all users",
		Example: `  driftwatch user token list --json`,
		Long: `Lists all tokens, those that ended too.

--json prints [{"id","user","name","scope","state","created","expires"}].`,
		Args: cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			return a.withStore(cmd, func(st store.Store) error {
				tokens, err := st.Tokens(cmd.Context(), 0)
				if err != nil {
					return err
				}
				users, err := st.Users(cmd.Context())
				if err != nil {
					return err
				}
				names := map[int64]string{}
				for _, u := range users {
					names[u.ID] = u.Name
				}
				docs, rows := []tokenDoc{}, [][]string{}
				for _, t := range tokens {
					d := tokenOf(t, names[t.User], a.now())
					docs = append(docs, d)
					rows = append(rows, []string{strconv.FormatInt(d.ID, 10), d.User, d.Scope, d.State, a.moment(t.Expires), d.Name})
				}
				if asJSON {
					return printJSON(a.stdout, docs)
				}
				if len(rows) == 0 {
					fmt.Fprintln(a.stdout, "No token yet. Make one: driftwatch user token add USER --name WHAT-FOR")
					return nil
				}
				table(a.stdout, []string{"ID", "USER", "SCOPE", "STATE", "ENDS", "NAME"}, rows)
				return nil
			})
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (a *app) tokenRevokeCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "revoke ID",
		Short:   "End a token now",
		Example: `  driftwatch user token revoke 3`,
		Args:    cobra.ExactArgs(1),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || id < 1 {
				return usage("%q is no token's number; see: driftwatch user token list", args[0])
			}
			return a.withStore(cmd, func(st store.Store) error {
				err := st.RevokeToken(cmd.Context(), 0, id, a.now())
				if errors.Is(err, store.ErrNotFound) {
					return fmt.Errorf("there is no token %d that works; see: driftwatch user token list", id)
				}
				if err != nil {
					return err
				}
				fmt.Fprintf(a.stdout, "Token %d is revoked.\n", id)
				return st.AddAudit(cmd.Context(), news.Audited{At: a.now().UTC(), Did: "token.revoke", On: fmt.Sprintf("token %d", id)})
			})
		}),
	}
}
