package text_test

import (
	"fmt"

	"driftwatch/text"
)

func Example() {
	m, err := text.NewMatcher([]text.Term{
		{Text: "отменить", Lang: "ru"},
		{Text: "учение", Lang: "ru"},
		{Text: "ОДКБ", Lang: "ru", CaseSensitive: true},
		{Text: "санкц*"},
	})
	if err != nil {
		panic(err)
	}
	r := text.Read("Бишкек отменил учения ОДКБ", "Учения были назначены на 10 октября. Их отменили.", "")
	fmt.Println(r.Lang)
	for _, h := range m.Match(&r.Title, r.Lang, nil) {
		fmt.Println(r.Title.Quote(int(h.First), int(h.Last)))
	}
	for _, h := range m.Match(&r.Body, r.Lang, nil) {
		w := r.Body.Words[h.First]
		fmt.Printf("%d–%d: %s\n", w.Start, w.End, r.Body.Sentence(int(w.Sentence)))
	}
	// Output:
	// ru
	// отменил
	// учения
	// ОДКБ
	// 0–12: Учения были назначены на 10 октября.
	// 70–86: Их отменили.
}

func ExampleFold() {
	fmt.Println(text.Fold("O‘zbekiston «санк\u00adции», Ёлка"))
	// Output: ozbekiston санкции елка
}
