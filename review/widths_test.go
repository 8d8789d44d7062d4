package review_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestRulesAndDeliveriesInABrowser looks at the pages at two widths and in both
// looks: nothing is wider than the window, and the console stays silent. With
// DESK_SCREENS they are kept as pictures in that folder.
func TestRulesAndDeliveriesInABrowser(t *testing.T) {
	r := open(t)
	for n := range 4 {
		story, _ := r.story(n)
		r.owed(story)
	}
	r.as("analyst").post("/silences", "stories", "1", "for", "24h", "reason", "being looked at by the desk")
	s := r.browse()
	s.signIn("author")
	s.open("/rules/edit?file=1/x.yaml")
	s.run(chromedp.SendKeys("textarea", "\n# broken"), chromedp.Click(`button[value="check"]`))
	s.until(`document.querySelector(".fault") && document.querySelector(".fault").textContent.includes("column")`)
	s.open("/rules/edit?file=1/x.yaml")
	s.run(chromedp.Click(`button[value="test"]`))
	s.until(`document.querySelector(".sumline") && document.querySelector(".sumline").textContent.includes("23")`)
	var tried string
	s.run(chromedp.Location(&tried))
	tried = strings.TrimPrefix(tried, s.server.URL)
	pages := map[string]string{"rules": "/rules", "signal": "/rules/signals/s2", "rulefile": "/rules/files/1/x.yaml", "editor": "/rules/edit", "try": tried, "history": "/rules/history",
		"deliveries": "/deliveries", "delivery": "/deliveries/1", "silences": "/silences", "settings": "/settings", "briefing": "/briefing?pick=1&pick=2"}
	for _, look := range []string{"light", "dark"} {
		s.as("author").post("/settings", "look", look)
		for _, width := range []int64{360, 1440} {
			s.run(emulation.SetDeviceMetricsOverride(width, 1000, 1, false))
			for name, path := range pages {
				s.open(path)
				var wide int
				var picture []byte
				s.run(chromedp.Evaluate(`document.documentElement.scrollWidth`, &wide))
				if int64(wide) > width {
					t.Errorf("%s is %d wide at %d", path, wide, width)
				}
				if dir := os.Getenv("DESK_SCREENS"); dir != "" {
					s.run(chromedp.FullScreenshot(&picture, 100))
					if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, width, look)), picture, 0o644); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
	s.quiet()
}
