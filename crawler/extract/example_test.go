package extract_test

import (
	"errors"
	"fmt"
	"strings"

	"driftwatch/crawler/extract"
)

func ExamplePage() {
	page := `<html lang="en"><head>
		<meta property="og:title" content="Parliament shelves the bill - The Herald"><meta property="og:site_name" content="The Herald">
		<meta property="article:published_time" content="2026-11-24T10:00:00+05:00"></head>
		<body><nav><a href="/">Home</a></nav><article><h1>Parliament shelves the bill</h1>
		<p>The parliament on Tuesday put off a vote on the citizenship bill for another week, a spokesman said.</p>
		<p>Read also: Drones fly over the capital</p>
		<p>The bill changes how citizens who live abroad confirm their status, and sets up a register of them.</p></article></body></html>`
	a, err := extract.Page([]byte(page), extract.Options{URL: "https://herald.example/news/1"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Title, "|", a.Site, "|", a.Published)
	fmt.Println(a.Text)

	_, err = extract.Page([]byte(strings.Repeat(" ", 100)), extract.Options{})
	fmt.Println(errors.Is(err, extract.ErrNoArticle), err)
	// Output:
	// Parliament shelves the bill | The Herald | 2026-11-24T10:00:00+05:00
	// The parliament on Tuesday put off a vote on the citizenship bill for another week, a spokesman said.
	//
	// The bill changes how citizens who live abroad confirm their status, and sets up a register of them.
	// true no article: the page is empty
}
