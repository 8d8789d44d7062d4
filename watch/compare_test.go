package watch

import "testing"

// A sentence that shares few words with the one before it took its place all the same,
// where it stands between the same two; where nothing or more stands there, none did.
func TestWhatTookASentencesPlace(t *testing.T) {
	const (
		one   = "The council met in the hall of the valley on Monday."
		two   = "Nine hundred soldiers had been expected at the range."
		three = "Lawmakers asked the ministry to explain itself."
		other = "Some training was put off, an official wrote."
		more  = "Nobody was named."
	)
	for _, c := range []struct{ name, before, old, after, want string }{
		{"in the middle", one + " " + two + " " + three, two, one + " " + other + " " + three, other},
		{"at the beginning", one + " " + two, one, other + " " + two, other},
		{"at the end", one + " " + two, two, one + " " + other, other},
		{"most words the same, elsewhere", one + " " + two + " " + three, two, one + " " + other + " " + three + " Nine hundred soldiers were expected at the range.", "Nine hundred soldiers were expected at the range."},
		{"cut", one + " " + two + " " + three, two, one + " " + three, ""},
		{"two for one", one + " " + two + " " + three, two, one + " " + other + " " + more + " " + three, ""},
		{"its neighbour is gone, too", one + " " + two + " " + three, two, other + " " + three, ""},
		{"all is new", two, two, other, ""},
	} {
		if got := split(c.after).nearest(c.old, split(c.before)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
