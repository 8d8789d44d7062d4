package extract

import (
	"strings"
	"testing"
)

// A menu that names every theme is never a part of the text, however it is
// marked up, before the article and after it.
func TestMenus(t *testing.T) {
	items := []string{"Sanctions on Russia", "Leaving the CSTO", "Decolonisation in the valley", "Drones and microchips for Russia", "Санкции против России", "Выход из ОДКБ"}
	each := func(before, after string) string { return before + strings.Join(items, after+before) + after }
	menus := map[string]string{
		"nav":                "<nav><ul>" + each("<li><a href=/t>", "</a></li>") + "</ul></nav>",
		"list":               "<ul class=menu>" + each("<li><a href=/t>", "</a></li>") + "</ul>",
		"list without names": "<ul>" + each("<li><a href=/t>", "</a></li>") + "</ul>",
		"divisions":          "<div class=topics>" + each("<div><a href=/t>", "</a></div>") + "</div>",
		"one line":           "<p>" + each("<a href=/t>", "</a> | ") + "</p>",
		"table":              "<table><tr>" + each("<td><a href=/t>", "</a></td>") + "</tr></table>",
		"spans, no links":    "<div>" + each("<span onclick=go()>", "</span> ") + "</div>",
		"items, no links":    "<ul>" + each("<li onclick=go()>", "</li>") + "</ul>",
		"options":            "<select>" + each("<option>", "</option>") + "</select>",
		"buttons":            "<div>" + each("<button>", "</button>") + "</div>",
		"hidden":             `<div style="display: none">` + each("<p><a href=/t>", "</a></p>") + "</div>",
		"line breaks":        "<div>" + each("<a href=/t>", "</a><br>") + "</div>",
		"tags":               "<div>Tags: " + each("<a href=/t>", "</a>, ") + "</div>",
	}
	shells := map[string]string{
		"article": "MENU<main><article><h1>Rain comes to the valley</h1>TEXT</article></main>MENU",
		"plain":   "MENU<div><h1>Rain comes to the valley</h1>TEXT</div>MENU",
		"inside":  "<div class=page><div class=left>MENU</div><div class=middle><h1>Rain comes to the valley</h1><div>TEXT</div>MENU</div></div>",
		"table":   "<table><tr><td>MENU</td><td><b>Rain comes to the valley</b><br>TEXT</td><td>MENU</td></tr></table>",
	}
	text := "<p>" + strings.Join([]string{
		"It has begun to rain in the valley after a dry spell of eleven weeks, the weather service said on Monday.",
		"Farmers at the river had been waiting for the water since the beginning of autumn, and some had given up their second harvest.",
		"The service expects that the rain will go on until the weekend and then move on to the mountains in the south.",
	}, "</p><p>") + "</p>"
	for name, menu := range menus {
		for shell, page := range shells {
			page = strings.NewReplacer("MENU", menu, "TEXT", text).Replace("<!DOCTYPE html><html><head><title>Rain comes to the valley</title></head><body>" + page)
			a, err := Page([]byte(page), Options{})
			if err != nil {
				t.Errorf("%s in %s: %v", name, shell, err)
				continue
			}
			if strings.Count(a.Text, "\n\n") < 2 || !strings.Contains(a.Text, "eleven weeks") || !strings.Contains(a.Text, "in the south") {
				t.Errorf("%s in %s: not the whole text: %q", name, shell, a.Text)
			}
			for _, item := range items {
				if strings.Contains(a.Text, item) {
					t.Errorf("%s in %s: %q is in the text: %q", name, shell, item, a.Text)
				}
			}
		}
	}
}
