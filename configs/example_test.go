package configs_test

import (
	"fmt"
	"time"

	"driftwatch/configs"
)

func Example() {
	c, err := configs.Load("", func(string) (string, bool) { return "", false })
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Network.HostInterval, c.Alerts.MaxAge, len(c.Sources) >= 60)
	fmt.Println(c.Warnings[0])
	// Output:
	// 1s 48h0m0s true
	// network.contact isn't set: give an address or a page in it, so that the outlets know whom to ask
}

func ExampleDecode() {
	var rule struct {
		Name     string        `yaml:"name"`
		MinLevel int           `yaml:"min_level"`
		Every    time.Duration `yaml:"every"`
	}
	err := configs.Decode("rule.yaml", []byte("name: Санкции\nmin_levl: 3\nevery: often\n"), &rule)
	fmt.Println(err)
	// Output:
	// rule.yaml:2:1: unknown key "min_levl"
	// min_levl: 3
	// ^
	// did you mean min_level?
	//
	// rule.yaml:3:8: a length of time is expected here, such as 90s, 15m, 48h or 2d, not the text "often"
	// every: often
	//        ^
}

func ExampleDocument() {
	var pack struct {
		Signals []struct {
			When string `yaml:"when"`
		} `yaml:"signals"`
	}
	doc := configs.Open("pack.yaml", []byte("signals:\n  - when: \"bank AND cardd\"\n"))
	if doc.Decode(&pack) {
		// What is wrong with the text is found by others; the document knows
		// where it stands.
		doc.FaultIn(configs.At("signals", 0, "when"), 9, "no concept has the name cardd").Near("cardd", []string{"bank", "card"})
	}
	fmt.Println(doc.Err())
	// Output:
	// pack.yaml:2:21: no concept has the name cardd
	//   - when: "bank AND cardd"
	//                     ^
	// did you mean card?
}

func ExampleParseDuration() {
	d, err := configs.ParseDuration("2d")
	fmt.Println(d, err)
	_, err = configs.ParseDuration("2")
	fmt.Println(err)
	// Output:
	// 48h0m0s <nil>
	// a length of time is expected here, such as 90s, 15m, 48h or 2d
}

func ExampleNearest() {
	fmt.Println(configs.Nearest("sanction", configs.Themes))
	// Output: sanctions
}

func ExampleSecret() {
	password := configs.Secret("correct horse")
	fmt.Printf("%v %q, %d bytes\n", password, password, len(password.Reveal()))
	// Output: [secret] [secret], 13 bytes
}
