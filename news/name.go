package news

import "time"

// Name is a person, body, ship, place or thing with all the ways in which it is
// spelled.
type Name struct {
	ID         string   // in its source, for example Q232 or NK-2ajy
	Kind       string   // person, company, organisation, …: one of NameKinds
	Countries  []string // ISO 3166 alpha-2, upper case, where known
	Spellings  []string // the first is the name itself
	Respelled  []string // those made by transliteration
	SourceName string   // the NameSource that it is of
}

// NameKinds are what a name may be of.
var NameKinds = []string{
	"person", "company", "bank", "organisation", "government", "ministry", "country", "city",
	"vessel", "aircraft", "product", "code", "security", "address", "other",
}

// NameSource is a list of names that was imported.
type NameSource struct {
	Name      string    // what it is called; importing another of that name replaces it
	File      string    // what it was read from
	Date      time.Time // of the list itself
	Imported  time.Time
	Names     int
	Spellings int // those made by transliteration included
}
