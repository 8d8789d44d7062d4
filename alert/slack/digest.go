package slack

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"driftwatch/alert/message"
)

// Limits of a digest: Slack refuses a message whose blocks are longer in all
// than it likes (msg_blocks_too_long) without saying where that begins.
const (
	maxStories    = 10000 // characters of the stories' part
	maxGroups     = 36    // sections of it
	maxDigestList = 2500  // characters of any other part
)

// DigestCard is a digest as Slack's blocks: the count by country and theme, the
// stories, what could not be read, and the drift as figures. Stories beyond
// what a message holds are counted and the command that lists them is named.
func DigestCard(d message.Digest) Card {
	c := newCard(d.Headline+", "+d.Span, d.Headline)
	c.note(escape("Route " + d.Route + ", " + d.Span))
	if d.Empty != "" {
		c.lines([]string{escape(d.Empty)})
	}
	if !d.Table.Empty() {
		c.Blocks = append(c.Blocks, section(figures(d.Table)))
	}
	left := c.groups(d.Groups)
	if more := remaining(left, d.More); more != "" {
		c.lines([]string{escape(more)})
	}
	if !d.Drift.Empty() {
		c.Blocks = append(c.Blocks, section("*Apart and closer*\n"+figures(d.Drift)))
		c.note(escape(d.Basis))
	}
	if d.Coverage != "" {
		gaps := packed(append([]string{"*Coverage:* " + escape(d.Coverage)}, bullets(d.Gaps)...), maxDigestList)
		c.Blocks = append(c.Blocks, section(gaps[0]))
	}
	return c
}

// groups adds the stories until there is no more room, and says how many were
// left out.
func (c *Card) groups(groups []message.Group) (left int) {
	room, sections := maxStories, 0
	for _, g := range groups {
		lines := []string{"*" + escape(g.Country+" · "+g.Theme) + "*"}
		for _, e := range g.Entries {
			line := entry(e)
			if n := utf8.RuneCountInString(line); n <= room {
				lines, room = append(lines, line), room-n
			} else {
				left++
				room = 0 // the order stays: nothing weaker goes before something stronger
			}
		}
		if len(lines) == 1 {
			continue
		}
		texts := packed(lines, maxSection)
		if sections += len(texts); sections > maxGroups {
			left += len(lines) - 1
			room = 0
			continue
		}
		for _, t := range texts {
			c.Blocks = append(c.Blocks, section(t))
		}
	}
	return left
}

// remaining says what the message left out beside what the digest did.
func remaining(left int, more string) string {
	if left == 0 {
		return more
	}
	out := fmt.Sprintf("and %d more that don't fit into one message of Slack", left)
	if more != "" {
		out += ", " + more
	}
	return out
}

func entry(e message.Entry) string {
	mark := ""
	if e.New {
		mark = "*NEW* "
	}
	line := "• " + mark + linked(e.Title, e.Link) + "\n   " + escape(e.What+" · "+e.Source+", "+e.When)
	if len(e.News) > 0 {
		line += "\n   " + escape(strings.Join(e.News, " "))
	}
	return cut(line, maxSection)
}

// figures is a table in letters of one width.
func figures(t message.Table) string {
	const fence = "```"
	return fence + "\n" + cut(escape(t.Text()), maxDigestList) + fence
}

// NoteCard is a note as Slack's blocks.
func NoteCard(n message.Note) Card {
	c := newCard(n.Headline(), n.Headline())
	lines := packed(each(n.Lines, escape), maxSection)
	for i, text := range lines {
		if i == maxGroups {
			break
		}
		c.Blocks = append(c.Blocks, section(text))
	}
	return c
}

func each(all []string, f func(string) string) []string {
	out := make([]string, len(all))
	for i, one := range all {
		out[i] = f(one)
	}
	return out
}
