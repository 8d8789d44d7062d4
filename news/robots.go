package news

import "time"

// RobotsFile is what the robots file of a server says to us: what one run keeps for
// the next, so that the file is asked for once a day.
type RobotsFile struct {
	Server string    // scheme, host and port, "https://outlet.example:443"; before them what proxy it was asked through, where it was one of its own
	Rules  string    // those that apply to us, as a robots file; empty: everything may be fetched
	Until  time.Time // for how long they hold
}
