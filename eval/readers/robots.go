package main

import (
	"fmt"
	"io"
	"net/url"

	"driftwatch/crawler/fetch"
	"driftwatch/eval/section"
)

// robotsCase asks whether a robots file lets an agent fetch an address.
type robotsCase struct {
	ID, Robots, Agent, URL string
	Allowed                bool
}

// robots prints how many of the cases are answered as they want.
func robots(w io.Writer, file string, verbose bool) error {
	cases, err := readLines[robotsCase](file)
	if err != nil {
		return err
	}
	right := 0
	for _, c := range cases {
		u, err := url.Parse(c.URL)
		if err != nil {
			return fmt.Errorf("case %s: %w", c.ID, err)
		}
		if fetch.Allowed([]byte(c.Robots), c.Agent, u) == c.Allowed {
			right++
		} else if verbose {
			fmt.Fprintf(w, "%s: %s is wanted %v\n", c.ID, c.URL, c.Allowed)
		}
	}
	section.Table(w, []string{"robots.txt", "cases passed, % [95 %]"}, []string{"driftwatch", section.Percent(right, len(cases))})
	return nil
}
