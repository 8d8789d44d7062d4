package names_test

import (
	"fmt"
	"io"
	"strings"

	"driftwatch/text"
	"driftwatch/text/names"
)

func Example() {
	list, err := names.NewReader(strings.NewReader("id,name,kind,countries\nx1,Иван Петренков,person,ru\n"), "")
	if err != nil {
		fmt.Println(err)
		return
	}
	b := names.NewBuilder()
	for {
		n, err := list.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Println(err) // one line; the next call goes on behind it
			continue
		}
		b.Add(n)
	}
	g := b.Gazetteer()

	r := text.Read("", "Против Ивана Петренкова ввели санкции.", "ru")
	var fd names.Finder
	for _, m := range fd.Find(g, r) {
		e := g.Entity(m.Entity)
		fmt.Println(e.ID, e.Kind, e.Countries, r.Body.Quote(int(m.First), int(m.Last)))
	}
	// Output: x1 person [RU] Ивана Петренкова
}
