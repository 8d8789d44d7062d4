package news

import "time"

// HostPace is what a host has shown of how often it may be asked: what one run
// keeps for the next.
type HostPace struct {
	Host  string        // its name without www., or with its port where Aside is set
	Extra time.Duration // between two requests, on top of the operator's interval
	Delay time.Duration // between two requests, which its robots file asks for at least
	Usual time.Duration // about as long its answers take; 0: not known
	Aside time.Time     // it isn't to be asked before; zero: it may be
	Seen  time.Time     // when it showed this
}

// Idle reports whether there is nothing in it to heed.
func (p HostPace) Idle() bool {
	return p.Extra == 0 && p.Delay == 0 && p.Usual == 0 && p.Aside.IsZero()
}
