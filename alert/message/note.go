package message

import (
	"strings"
	"time"

	"driftwatch/guard"
	"driftwatch/news"
)

// Note is a message to the operator in words.
type Note struct {
	Key   string
	Title string
	Lines []string
	Alarm bool // it needs a hand
}

// Limits of a note.
const (
	maxLine  = 500 // characters
	maxLines = 60
)

// NewNote puts a note into words.
func NewNote(n news.Note) Note {
	out := Note{Key: n.Key, Title: shorten(guard.Header(n.Title), maxTitle), Alarm: n.Alarm}
	for i, l := range n.Lines {
		if i == maxLines {
			out.Lines = append(out.Lines, "and "+counted(len(n.Lines)-i, "more line", "more lines"))
			break
		}
		out.Lines = append(out.Lines, shorten(guard.Line(l), maxLine))
	}
	return out
}

// Headline begins the message.
func (n Note) Headline() string {
	if n.Alarm {
		return "Driftwatch needs a hand: " + n.Title
	}
	return "Driftwatch: " + n.Title
}

// Text is the note as plain text. It ends in a line feed.
func (n Note) Text() string {
	var b strings.Builder
	b.WriteString(n.Headline() + "\n")
	for i, l := range n.Lines {
		if i == 0 {
			b.WriteString("\n")
		}
		b.WriteString(l + "\n")
	}
	return b.String()
}

// NoteData is a note as a document has it.
type NoteData struct {
	Title string   `json:"title"`
	Lines []string `json:"lines"`
	Alarm bool     `json:"alarm"` // it needs a hand
}

// NoteJSON puts a note into its JSON form, written at a time.
func NoteJSON(n news.Note, at time.Time) Document[NoteData] {
	return Document[NoteData]{
		Type: Notice, ID: n.Key, Timestamp: at.UTC(),
		Data: NoteData{Title: n.Title, Lines: append([]string{}, n.Lines...), Alarm: n.Alarm},
	}
}
