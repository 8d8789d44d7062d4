package news

import "time"

// Relation is how an article came to its story.
type Relation string

// The relations.
const (
	RelationFirst       Relation = "first"       // it begins one
	RelationSameText    Relation = "same-text"   // a copy of an article, perhaps cut down or reworded
	RelationSameEvent   Relation = "same-event"  // the same event in other words
	RelationTranslation Relation = "translation" // the same event in another language
	RelationDigest      Relation = "digest"      // it joins several stories: nothing joins it
)

// Join is how an article came to its story.
type Join struct {
	Relation Relation
	To       int64   // the article that it joined; 0: none
	Score    float64 // 0 to 1, as package story gives it; 0: nobody weighed it
	Pinned   bool    // an analyst put it where it is: the program leaves it there
}

// StoryActKind is what was done to a story.
type StoryActKind string

// The acts.
const (
	StoriesMerged StoryActKind = "merge" // Other became a part of Story
	StorySplit    StoryActKind = "split" // Articles left Story for Other
)

// StoryAct is one change of what belongs to a story, after its articles were filed.
type StoryAct struct {
	ID       int64
	Kind     StoryActKind
	Story    int64
	Other    int64
	Articles []int64 // that changed their story
	By       string  // a person; Program: the program itself
	Why      string
	At       time.Time
}

// Program is who did what nobody asked for.
const Program = "driftwatch"
