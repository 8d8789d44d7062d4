package alert

import "time"

// How long a delivery waits after its failed attempts, and when it is given up.
const (
	firstWait   = 30 * time.Second
	longestWait = 6 * time.Hour
	longestAsk  = 24 * time.Hour // no Retry-After holds for longer
	trusted     = 3              // attempts for which a short Retry-After is taken at its word
	leastTries  = 5              // before age alone gives a delivery up
)

// GiveUpAge is how old a delivery is before it is given up.
const GiveUpAge = 3 * 24 * time.Hour

// wait is the time between the n-th failed attempt (1 for the first) and the
// next: doubled for each, between 30 s and 6 h, and lengthened by up to a half
// as jitter, from 0 to 1, says, so that what failed together doesn't come back
// together. What the channel asked for is obeyed, up to a day; where it keeps
// asking for less and still fails, our own time holds.
func wait(n int, asked time.Duration, jitter float64) time.Duration {
	n, asked = max(n, 1), min(asked, longestAsk)
	if asked > 0 && n <= trusted {
		return asked
	}
	own := longestWait
	if n <= 10 { // so that the shift can't overflow
		own = min(firstWait<<(n-1), longestWait)
	}
	own = min(own+time.Duration(jitter*float64(own)/2), longestWait)
	return max(asked, own)
}

// givenUp reports whether a delivery filed at created, which failed for the
// n-th time at now, isn't tried again.
func givenUp(n int, created, now time.Time) bool {
	return n >= leastTries && now.Sub(created) >= GiveUpAge
}
