package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/store"
)

func (a *app) userCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "user",
		Short: "Who may use the review desk: add, passwd, role, disable, enable, list, token",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.userAddCommand(), a.userPasswdCommand(), a.userRoleCommand(), a.userAccessCommand(true), a.userAccessCommand(false), a.userListCommand(), a.userTokenCommand())
	return c
}

const roleWords = "reader (looks), analyst (judges), author (writes rules) or admin (users, sources)"

func (a *app) userAddCommand() *cobra.Command {
	var role string
	var without bool
	c := &cobra.Command{
		Use:   "add NAME",
		Short: "Add a user",
		Example: `  driftwatch user add dana --role analyst
  printf '%s\n' "$PASSWORD" | driftwatch user add timur --role author`,
		Long: `Asks for a password on the terminal, twice, or reads one line of standard input.
With --no-password there is no login by password: a proxy has to name the user.`,
		Args: cobra.ExactArgs(1),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			name := strings.ToLower(args[0])
			if err := review.CheckUserName(name); err != nil {
				return usage("%q: %w", args[0], err)
			}
			r, err := parseRole(role)
			if err != nil {
				return err
			}
			hash := ""
			if !without {
				if hash, err = a.newPassword(); err != nil {
					return err
				}
			}
			return a.withNewStore(cmd, func(_ string, st store.Store) error {
				u, err := st.AddUser(cmd.Context(), news.User{Name: name, Role: r, Password: hash, Keys: true, Created: a.now().UTC()}, false)
				if errors.Is(err, store.ErrExists) {
					return fmt.Errorf("there is a user %s already", name)
				}
				if err != nil {
					return err
				}
				fmt.Fprintf(a.stdout, "Added %s, %s.\n", u.Name, u.Role)
				return a.audit(cmd, st, "user.add", u, string(u.Role))
			})
		}),
	}
	c.Flags().StringVar(&role, "role", string(news.RoleAnalyst), roleWords)
	c.Flags().BoolVar(&without, "no-password", false, "no login by password")
	return c
}

func (a *app) userPasswdCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "passwd NAME",
		Short:   "Give a user a new password, and end that user's sessions",
		Example: `  driftwatch user passwd dana`,
		Long:    `Asks for the password on the terminal, twice, or reads one line of standard input.`,
		Args:    cobra.ExactArgs(1),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			hash, err := a.newPassword()
			if err != nil {
				return err
			}
			return a.changeUser(cmd, args[0], "user.passwd", "", func(u *news.User) string {
				u.Password = hash
				return "has a new password"
			})
		}),
	}
}

func (a *app) userRoleCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "role NAME ROLE",
		Short:   "Give a user another role: " + roleWords,
		Example: `  driftwatch user role dana author`,
		Args:    cobra.ExactArgs(2),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			r, err := parseRole(args[1])
			if err != nil {
				return err
			}
			return a.changeUser(cmd, args[0], "user.role", string(r), func(u *news.User) string {
				u.Role = r
				return "is now " + string(r)
			})
		}),
	}
}

func (a *app) userAccessCommand(disable bool) *cobra.Command {
	use, short, said := "enable", "Let a disabled user in again", "may sign in again"
	if disable {
		use, short, said = "disable", "Let a user in no more, and end that user's sessions; what was judged stays", "can't sign in any more"
	}
	return &cobra.Command{
		Use:     use + " NAME",
		Short:   short,
		Example: "  driftwatch user " + use + " dana",
		Args:    cobra.ExactArgs(1),
		RunE: does(func(cmd *cobra.Command, args []string) error {
			return a.changeUser(cmd, args[0], "user."+use, "", func(u *news.User) string {
				u.Disabled = disable
				return said
			})
		}),
	}
}

// userDoc is a user in `user list --json`.
type userDoc struct {
	Name     string `json:"name"`
	Role     string `json:"role"`
	Disabled bool   `json:"disabled"`
	Password bool   `json:"password"` // can sign in by password
	Created  string `json:"created"`
}

func (a *app) userListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "list",
		Short:   "List the users of the desk",
		Example: `  driftwatch user list --json`,
		Long: `Lists the users by name.

--json prints [{"name","role","disabled","password","created"}]; password says
whether there is a login by password.`,
		Args: cobra.NoArgs,
		RunE: does(func(cmd *cobra.Command, _ []string) error {
			return a.withStore(cmd, func(st store.Store) error {
				users, err := st.Users(cmd.Context())
				if err != nil {
					return err
				}
				docs, rows := []userDoc{}, [][]string{}
				for _, u := range users {
					docs = append(docs, userDoc{u.Name, string(u.Role), u.Disabled, u.Password != "", u.Created.UTC().Format("2006-01-02T15:04:05Z")})
					state := "enabled"
					if u.Disabled {
						state = "disabled"
					}
					rows = append(rows, []string{u.Name, string(u.Role), state, u.Created.In(a.location).Format("2006-01-02")})
				}
				if asJSON {
					return printJSON(a.stdout, docs)
				}
				if len(rows) == 0 {
					fmt.Fprintln(a.stdout, "No user yet. Add one: driftwatch user add NAME --role admin")
					return nil
				}
				table(a.stdout, []string{"NAME", "ROLE", "STATE", "SINCE"}, rows)
				return nil
			})
		}),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func parseRole(s string) (news.Role, error) {
	if r := news.Role(s); r.May(news.RoleReader) {
		return r, nil
	}
	return "", usage("%q is no role; there are %s", s, roleWords)
}

// changeUser changes one user, says so, and writes it into the audit log.
func (a *app) changeUser(cmd *cobra.Command, name, did, note string, change func(*news.User) string) error {
	name = strings.ToLower(name)
	return a.withStore(cmd, func(st store.Store) error {
		u, err := st.UserNamed(cmd.Context(), name)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("there is no user %q; see: driftwatch user list", name)
		}
		if err != nil {
			return err
		}
		said := ""
		u, err = st.ChangeUser(cmd.Context(), u.ID, func(u *news.User) error { said = change(u); return nil })
		if errors.Is(err, store.ErrLastAdmin) {
			return fmt.Errorf("%s is the last admin: make somebody else one first", name)
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(a.stdout, "%s %s.\n", u.Name, said)
		return a.audit(cmd, st, did, u, note)
	})
}

func (a *app) audit(cmd *cobra.Command, st store.Store, did string, u news.User, note string) error {
	return st.AddAudit(cmd.Context(), news.Audited{At: a.now().UTC(), Did: did, On: "user " + u.Name, Note: note})
}

// newPassword asks for a password and hashes it.
func (a *app) newPassword() (string, error) {
	password, err := a.askPassword()
	if err != nil {
		return "", err
	}
	if err := review.CheckPassword(password); err != nil {
		return "", &exitError{exitUsage, err}
	}
	return review.HashPassword(password)
}

func (a *app) askPassword() (string, error) {
	f, ok := a.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		if a.stdin == nil {
			return "", usage("there is no password on standard input")
		}
		line, err := bufio.NewReader(io.LimitReader(a.stdin, 4096)).ReadString('\n')
		if err != nil && (!errors.Is(err, io.EOF) || line == "") {
			return "", usage("there is no password on standard input")
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	var typed [2]string
	for i, ask := range []string{"Password: ", "Once more: "} {
		fmt.Fprint(a.stderr, ask)
		b, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(a.stderr)
		if err != nil {
			return "", err
		}
		typed[i] = string(b)
	}
	if typed[0] != typed[1] {
		return "", usage("the two aren't the same")
	}
	return typed[0], nil
}
