package store

import (
	"context"
	"time"

	"driftwatch/news"
)

// Store is what survives the program. All methods may be called from several
// goroutines at once. Besides the errors that a method names, any may return
// ErrBusy, ErrFull, ErrReadOnly or ErrCorrupt, or the context's error where the
// context ended while the method was waiting or reading.
type Store interface {
	// Update runs fn in one write transaction and keeps all of what it did, or,
	// where fn or the writing fails, nothing. Updates take turns. The context
	// ends the wait for the turn; what has begun is ended by fn alone, so that
	// a program that is asked to stop can finish what is in hand. The error of
	// fn comes back as it is. The Tx is fn's own and dies with it; fn must not
	// call methods of the Store that write.
	Update(ctx context.Context, fn func(Tx) error) error

	Polls
	Review
	Record
	Outbox
	Evidence
	Names
	Desk
	Upkeep
}

// Tx is one write transaction. It belongs to one goroutine. A method that fails
// has changed nothing; the transaction may go on or be given up.
type Tx interface {
	// ArticleByURL finds the article at a canonical address. Its Text is left
	// empty; Known.Hash says whether another text is the same.
	ArticleByURL(url string) (k Known, found bool, err error)

	// Item gives what is remembered of a listing's entry.
	Item(source, key string) (s ItemState, found bool, err error)
	// PutItem remembers an entry, in place of what was known of it; only First
	// stays what it was.
	PutItem(s ItemState) error

	// TextCandidates finds the revisions that share one of the keys and whose
	// article was published in [from, to] (zero: whenever), those with the most
	// keys in common first and then the oldest, at most MaxCandidates. Of a key
	// that very many share only the latest are looked at.
	TextCandidates(keys []uint64, from, to time.Time) ([]Candidate, error)
	// EventCandidates does the same with the terms of events: those that share
	// most weight come first, and those that share less than least are left out.
	EventCandidates(keys []EventKey, least int, from, to time.Time) ([]Candidate, error)
	// LatestOf gives the n articles of a story that were filed last, the last
	// one first; those whose prints were forgotten are left out.
	LatestOf(story int64, n int) ([]Candidate, error)
	// NewStory keeps a new article as the first of a new story, and returns it
	// with ID, Story and Revision set; a.Join says how it came to it (default:
	// first). Errors: ErrExists where an article has
	// that address.
	NewStory(a news.Article, p Print) (news.Article, error)
	// AddToStory keeps a new article as one more of a story; a.Join says how it
	// came to it (default: the same text). Errors: ErrNotFound where there is no
	// such story or it was merged, ErrExists where an article has
	// that address.
	AddToStory(story int64, a news.Article, p Print) (news.Article, error)
	// PutRevision keeps the changed text of article a.ID beside the earlier
	// ones, and returns the article with its Story and new Revision. Title,
	// Text, Lang, Authors, Site, Section, Published, Modified and From are taken from a;
	// URL, Source, Link, first sighting and story stay. The time of the
	// revision is at. Errors: ErrNotFound.
	PutRevision(a news.Article, p Print, at time.Time) (news.Article, error)

	// MergeStories makes other a part of into, which may be called by numbers of
	// stories that were merged before. Its articles, hits and verdicts move, and
	// so do its deliveries: a route that was told of either counts as told of
	// the one story, and what was owed of both is owed once. By, Why and At are
	// taken from act; what a person merges, the program never moves. Where the
	// two are one already, nothing changes. Errors: ErrNotFound; ErrApart where
	// the program would merge what a person has split.
	MergeStories(into, other int64, act news.StoryAct) error
	// SplitStory takes articles out of a story and makes one of their own of
	// them; its number comes back. What a route was told of counts as told of
	// both; a part that came after the last message is owed to it. By, Why and At
	// are taken from act; what a person splits, the program never merges, nor
	// moves its articles. Errors: ErrNotFound where there is no such story or
	// an article isn't of it, ErrWhole where nothing would be left.
	SplitStory(story int64, articles []int64, act news.StoryAct) (int64, error)
	// PutJoin says anew how an article came to its story; whether it is pinned
	// stays. Errors: ErrNotFound.
	PutJoin(article int64, j news.Join) error
	// ForgetPrints drops what is out of the windows of what texts are found by:
	// keys of events of articles that were seen before events, keys and prints
	// of those seen before texts. It looks at n keys a call, and goes on from
	// there in the next.
	ForgetPrints(events, texts time.Time, n int) error

	// PutHits records what was found in a revision of an article. A hit is the
	// same as an earlier one of that article when signal and direction are: it
	// then keeps its ID, its verdicts, its time of finding and what it is quiet
	// for, if anything, and takes over the rest; only one that was background
	// may become another. Earlier hits that are
	// not among these are kept and marked as withdrawn by this revision. The
	// hits come back in the order given, with ID, Article, Story and Revision
	// set. Errors: ErrNotFound where there is no such revision.
	PutHits(article int64, revision int, hits []news.Hit) ([]PutHit, error)

	// StoryTold gives the highest version that is owed or was made to a route
	// about a story, whatever became of it; 0: the route was never told.
	StoryTold(route string, story int64) (version int, err error)
	// PutDelivery writes a delivery: Kind (none: a story's), Route, Channel,
	// Story, Version, Key, Content, NextAt and Created are taken from d, the
	// state is pending. Where one for the same route, channel, story and
	// version is there, nothing changes, made is false, and its ID comes back.
	// Errors: ErrNotFound where it is a story's and there is no such story.
	PutDelivery(d news.Delivery) (id int64, made bool, err error)
	// StoryState is what a story says, by its articles and its hits that stand.
	StoryState(story int64) (news.StoryState, error)
	// LastDeliveries gives the latest version that each route's channel has of
	// a story, by route and channel. Told is what its readers know: what this
	// version told, or where it told nothing, the latest before it that did.
	LastDeliveries(story int64) ([]news.Delivery, error)
	// Rouse makes a delivery due at a time that is silenced, or waits for
	// something that hasn't failed; any other stays as it is.
	Rouse(id int64, at time.Time) error
	// PutDigestTold keeps what a digest says of its stories, by their ids, in
	// place of what it said before, and forgets what it said before a time.
	PutDigestTold(digest string, told map[int64]news.StoryState, at, forget time.Time) error

	// StandingHits gives an article's hits that no revision has withdrawn.
	StandingHits(article int64) ([]news.Hit, error)
	// PutPage keeps where a page of an article lies in the archive; of Same only
	// the ID is taken. Errors: ErrNotFound where there is no such article.
	PutPage(p news.KeptPage) (int64, error)
	// Look gives when an article's page is to be looked at again.
	Look(article int64) (l Look, found bool, err error)
	// PutLook says anew when an article's page is to be looked at again, and
	// what it said. Errors: ErrNotFound where there is no such article.
	PutLook(l Look) error
	// PutPageChange keeps what has changed on an article's page. Errors:
	// ErrNotFound where there is no such article.
	PutPageChange(c PageChange) (int64, error)

	// SaveSourceState replaces what is known of the source.
	SaveSourceState(s news.SourceState) error
	// PutHostPaces keeps what hosts have shown, each in place of what it showed
	// before; one that is idle is forgotten, and so are all last seen before a
	// time.
	PutHostPaces(all []news.HostPace, forget time.Time) error
	// PutRobotsFiles keeps what servers' robots files say, each in place of what it
	// said before, and forgets those that held until before a time.
	PutRobotsFiles(all []news.RobotsFile, forget time.Time) error

	// SetMeta keeps a short value under a name, for what must be remembered
	// between two cycles, such as the digest of the rules.
	SetMeta(name, value string) error
}

// Polls is what a cycle reads before and between its polls.
type Polls interface {
	// SourceStates gives what is known of every source, by its ID.
	SourceStates(ctx context.Context) (map[string]news.SourceState, error)

	// HostPaces gives what hosts have shown of how often they may be asked, by
	// their names.
	HostPaces(ctx context.Context) ([]news.HostPace, error)
	// RobotsFiles gives what servers' robots files say, by server.
	RobotsFiles(ctx context.Context) ([]news.RobotsFile, error)

	// HitsBySource counts the hits since a time that stand and are more than
	// background, by the source of their article.
	HitsBySource(ctx context.Context, since time.Time) (map[string]int, error)
	// KnownItems gives what is remembered of those entries of a source that are
	// known, by their keys.
	KnownItems(ctx context.Context, source string, keys []string) (map[string]ItemState, error)
	// Meta gives the value kept under a name, "" where there is none.
	Meta(ctx context.Context, name string) (string, error)
	// Metas gives the values kept under the names that begin with a prefix, by what
	// stands after it.
	Metas(ctx context.Context, prefix string) (map[string]string, error)
	// PutCycle records a cycle: with ID 0 a new one, otherwise in place of what
	// was said of it. Errors: ErrNotFound.
	PutCycle(ctx context.Context, c Cycle) (int64, error)
	// Cycles gives the latest n cycles, the last one first.
	Cycles(ctx context.Context, n int) ([]Cycle, error)
	// EachCycle calls fn with every cycle that began at or after since (zero:
	// all), in the order in which they were recorded. An error of fn ends it and
	// comes back as it is.
	EachCycle(ctx context.Context, since time.Time, fn func(Cycle) error) error
	// Counts adds up what is stored.
	Counts(ctx context.Context) (Counts, error)
	// Latencies gives, for each delivery sent at or after since, when the
	// article of its story that was seen first was published, seen and told.
	Latencies(ctx context.Context, since time.Time) ([]Latency, error)
}

// Review is what analysts ask and say.
type Review interface {
	// Hits gives the hits that pass the filter, each with its article (without
	// text) and last verdict.
	Hits(ctx context.Context, f HitFilter) ([]HitRow, error)
	// Hit gives one hit with the title and text that it was found in, and all
	// that was said of it. Errors: ErrNotFound.
	Hit(ctx context.Context, id int64) (HitDetail, error)
	// Judge adds a verdict on a hit; the last one stands. Errors: ErrNotFound.
	Judge(ctx context.Context, v news.Verdict) error
	// AddMiss records a story that should have been flagged.
	AddMiss(ctx context.Context, m news.Miss) (int64, error)
	// Misses gives those recorded, the latest first.
	Misses(ctx context.Context) ([]news.Miss, error)
	// Story gives a story; by the number of one that was merged, the one that it
	// is part of now. So do all methods that are asked by the number of a story.
	// Errors: ErrNotFound.
	Story(ctx context.Context, id int64) (news.Story, error)
	// Stories gives the stories that pass the filter, the one that grew last
	// first.
	Stories(ctx context.Context, f StoryFilter) ([]news.Story, error)
	// StoryActs gives what was done to a story and to those that became part of
	// it, the first act first.
	StoryActs(ctx context.Context, story int64) ([]news.StoryAct, error)
}

// Record is what the rules did, for those who write them.
type Record interface {
	// EachArticle calls fn with every article seen at or after since (zero: all),
	// as of its latest revision, with its text, in the order of sighting. All of
	// them are of one moment. An error of fn ends it and comes back as it is.
	EachArticle(ctx context.Context, since time.Time, fn func(news.Article) error) error
	// Article gives an article as of its latest revision, with its text. Errors:
	// ErrNotFound.
	Article(ctx context.Context, id int64) (news.Article, error)
	// ArticleAt gives the article at a canonical address, as Article does.
	// Errors: ErrNotFound.
	ArticleAt(ctx context.Context, url string) (news.Article, error)
	// ArticlesOf gives the articles of a story, each as Article does, in the
	// order of sighting. Errors: ErrNotFound where there is no such story.
	ArticlesOf(ctx context.Context, story int64) ([]news.Article, error)
	// SignalCounts adds up the hits found at or after since, withdrawn ones too,
	// by signal, language and week, ordered by these.
	SignalCounts(ctx context.Context, since time.Time) ([]SignalCount, error)
	// PutPack keeps a version of the rules, once: made is false where it is
	// known, and nothing changes.
	PutPack(ctx context.Context, p Pack) (made bool, err error)
	// Pack gives a version of the rules. Errors: ErrNotFound.
	Pack(ctx context.Context, digest string) (Pack, error)
	// Packs gives all versions without their files, the one recorded last first.
	Packs(ctx context.Context) ([]Pack, error)
}

// Outbox is what is owed to the channels. What these methods record has reached
// the disk when they return: it survives a loss of power too.
type Outbox interface {
	// Lease takes up to n of a channel's deliveries that are due at now, the
	// longest due first: pending ones, and leased ones whose lease has ended.
	// They are leased until the given time; no other caller gets them before.
	// Attempts counts the leases, this one included. A version of a story isn't
	// leased while an earlier one of the same route and channel is owed.
	Lease(ctx context.Context, channel string, now, until time.Time, n int) ([]news.Delivery, error)
	// Alert builds what the message of a delivery says: its story, the article
	// of it with the strongest hit that isn't quiet, and that article's hits,
	// those not quiet first, the strongest first. Withdrawn hits are left out
	// unless the story has no others. State is the story's as it is now,
	// Reports are its other articles, MaxReports at most; First is the earliest
	// delivery of the same story, route and channel that was accepted, Last the
	// latest of the others that told anything. Changes are left empty. Of
	// sources only the ID is set; a report's Source is the ID too. The
	// article's text is that of its latest revision, the hits' evidence that of
	// their own. Errors: ErrNotFound where the story or any hit is missing.
	Alert(ctx context.Context, d news.Delivery) (news.Alert, error)
	// Sent records that the channel accepted a delivery at a time, with its
	// receipt and what it was told; nil: no story. A second acceptance changes
	// nothing. Errors: ErrNotFound.
	Sent(ctx context.Context, id int64, receipt string, told *news.StoryState, at time.Time) error
	// Retry records that an attempt failed; the delivery is pending, due at next.
	// Errors: ErrNotFound, ErrSent.
	Retry(ctx context.Context, id int64, problem string, next time.Time) error
	// Fail records that a delivery is given up. Errors: ErrNotFound, ErrSent.
	Fail(ctx context.Context, id int64, problem string) error
	// Hold lays a leased delivery back until a time, without counting the
	// attempt. Errors: ErrNotFound, ErrSent.
	Hold(ctx context.Context, id int64, why string, next time.Time) error
	// Silenced records that a silence keeps a delivery back, and what the story
	// said. Errors: ErrNotFound, ErrSent.
	Silenced(ctx context.Context, id, silence int64, told *news.StoryState) error
	// Cancelled records that a delivery isn't to be made, and why. Errors:
	// ErrNotFound, ErrSent.
	Cancelled(ctx context.Context, id int64, why string) error
	// Fold records that a delivery is named in a message about several, and
	// what the story said: in that which the route's channel is owed, else in a
	// new one, made of Key, Created and NextAt of more. Errors: ErrNotFound,
	// ErrSent.
	Fold(ctx context.Context, id int64, told *news.StoryState, more news.Delivery) error
	// Folded gives the deliveries that a message names, in the order of their
	// making.
	Folded(ctx context.Context, into int64) ([]news.Folded, error)
	// SentTimes gives when a route's channel accepted first messages of stories,
	// and updates where they are asked for, in a span of time, the earliest
	// first.
	SentTimes(ctx context.Context, route, channel string, updates bool, after, until time.Time) ([]time.Time, error)
	// CancelDeliveries cancels deliveries that are pending, failed or silenced,
	// and says how many there were; a leased one stays as it is. Errors:
	// ErrNotFound, ErrSent; nothing has changed then.
	CancelDeliveries(ctx context.Context, why string, ids ...int64) (int, error)

	// AddSilence keeps a silence, and gives its ID.
	AddSilence(ctx context.Context, s news.Silence) (int64, error)
	// EndSilence ends a silence at a time. Errors: ErrNotFound; ErrExists where
	// it has ended by then.
	EndSilence(ctx context.Context, id int64, at time.Time) error
	// Silences gives those that end after a time (zero: all), by ID, each with
	// how many deliveries it keeps back.
	Silences(ctx context.Context, after time.Time) ([]news.Silence, error)

	// DigestStories gives the stories with a hit that stands and isn't quiet of
	// which an article or a revision was seen, or a hit found, in [from, to),
	// by ID, each with what the digest said last of it.
	DigestStories(ctx context.Context, digest string, from, to time.Time) ([]DigestStory, error)
	// ReleaseLeases makes every leased delivery pending and due at now, and
	// says how many there were. So it does with those that wait though they
	// were made after now: the clock was ahead when they were, and what was put
	// off isn't waited for; and with those that wait for more than a day though
	// nothing failed. Only for a caller that knows that nothing else
	// is sending: one that holds the lock of the cycle.
	ReleaseLeases(ctx context.Context, now time.Time) (int, error)
	// RetryDeliveries makes deliveries due at now that aren't sent, with no
	// attempts counted; without ids all failed ones. It says how many there
	// were; a leased one stays as it is. Errors: ErrNotFound, ErrSent; nothing
	// has changed then.
	RetryDeliveries(ctx context.Context, now time.Time, ids ...int64) (int, error)
	// Deliveries gives those that pass the filter, the latest first.
	Deliveries(ctx context.Context, f DeliveryFilter) ([]DeliveryRow, error)
}

// Evidence is what is kept of flagged articles' pages.
type Evidence interface {
	// Pages gives the pages of an article that are in the archive, the latest
	// first, each revisit with the page that has its body.
	Pages(ctx context.Context, article int64) ([]news.KeptPage, error)
	// PageWith gives a page with that digest whose body lies in one of the files
	// whose names end in suffix; the latest, where there are several. Errors:
	// ErrNotFound.
	PageWith(ctx context.Context, digest, suffix string) (news.KeptPage, error)
	// LooksDue gives up to n articles whose pages are to be looked at by now, the
	// longest due first.
	LooksDue(ctx context.Context, now time.Time, n int) ([]Look, error)
	// PageChanges gives what has changed on the pages of some articles, the
	// earliest first.
	PageChanges(ctx context.Context, articles ...int64) ([]PageChange, error)
}

// Names are the lists of names that were imported. The writing of one doesn't
// keep others from writing for longer than an update does.
type Names interface {
	// ImportNames keeps the names that next gives, until it gives io.EOF, as
	// those of a source, in place of what the source had: until the last one is
	// there, the earlier names stand, and they stay where next or the writing
	// fails. Of names with the same ID the first is kept. Name, File and
	// Imported are taken from s; date is called at the end and gives its Date.
	// What was kept comes back. Errors: that of next as it is; ErrExists where
	// another import of the source got in between.
	ImportNames(ctx context.Context, s news.NameSource, next func() (news.Name, error), date func() time.Time) (news.NameSource, error)
	// RemoveNames removes a source and says how many names it had. Errors:
	// ErrNotFound.
	RemoveNames(ctx context.Context, source string) (int, error)
	// NameSources gives the sources, by name.
	NameSources(ctx context.Context) ([]news.NameSource, error)
	// EachName calls f with the names that pass the filter, by source and in the
	// order in which they were read, until f fails. Its error comes back as it is.
	EachName(ctx context.Context, f NameFilter, do func(news.Name) error) error
}

// Desk is what the review desk keeps of its own: users, sessions, views, and the
// log of what was done.
type Desk interface {
	// Users gives all users, by name.
	Users(ctx context.Context) ([]news.User, error)
	// User gives one by ID. Errors: ErrNotFound.
	User(ctx context.Context, id int64) (news.User, error)
	// UserNamed gives one by name. Errors: ErrNotFound.
	UserNamed(ctx context.Context, name string) (news.User, error)
	// AddUser adds a user, and gives back its ID and Epoch. With first nobody is
	// added where there is a user already. Errors: ErrExists.
	AddUser(ctx context.Context, u news.User, first bool) (news.User, error)
	// ChangeUser reads a user, lets change change it and writes it, in one
	// transaction; ID, Name and Created stay. A changed password, role or access
	// raises Epoch. An error of change comes back as it is. Errors: ErrNotFound,
	// ErrLastAdmin.
	ChangeUser(ctx context.Context, id int64, change func(*news.User) error) (news.User, error)

	// Session gives the content of a session that hasn't ended at now.
	Session(ctx context.Context, token string, now time.Time) (data []byte, found bool, err error)
	// PutSession keeps a session until expires, and drops those ended at now.
	PutSession(ctx context.Context, token string, data []byte, expires, now time.Time) error
	// RemoveSession ends a session; one that isn't there is no error.
	RemoveSession(ctx context.Context, token string) error

	// AddToken adds a token, and gives back its ID.
	AddToken(ctx context.Context, t news.Token) (news.Token, error)
	// Tokens gives a user's tokens, or with 0 all, the oldest first.
	Tokens(ctx context.Context, user int64) ([]news.Token, error)
	// TokenHashed gives the token with a hash, whether it works or not. Errors:
	// ErrNotFound.
	TokenHashed(ctx context.Context, hash string) (news.Token, error)
	// RevokeToken ends one of a user's tokens, or with user 0 anybody's, at a time.
	// Errors: ErrNotFound, also where it was revoked already.
	RevokeToken(ctx context.Context, user, id int64, at time.Time) error

	// SavedViews gives a user's views, the oldest first.
	SavedViews(ctx context.Context, user int64) ([]news.SavedView, error)
	// PutSavedView keeps a view, in place of the user's of that name.
	PutSavedView(ctx context.Context, v news.SavedView) error
	// RemoveSavedView removes one of a user's views. Errors: ErrNotFound.
	RemoveSavedView(ctx context.Context, user, id int64) error

	// Inbox gives a page of the stories with hits, and how many there are.
	Inbox(ctx context.Context, f news.InboxFilter) (news.Inbox, error)
	// InboxRead waits until Inbox has read all stories, which it does once, or until ctx
	// ends, and says which part of them it has read: 1 where that are all.
	InboxRead(ctx context.Context) float64
	// StoryFiles gives what the desk shows of stories, in the order asked for;
	// those that there aren't are left out.
	StoryFiles(ctx context.Context, stories []int64) ([]news.StoryFile, error)
	// FillLeads fills in what is shown of stories, each by one of its signals. Of a
	// story that there isn't nothing is.
	FillLeads(ctx context.Context, leads []news.Lead) error
	// StoryChanges gives the stories with hits of which something changed after a
	// moment, and the present moment. Moments are only to be handed back; after 0
	// everything changed. After a negative one nothing did: it asks for the moment.
	StoryChanges(ctx context.Context, after int64) (stories []int64, now int64, err error)
	// StoryMoves gives the hits of stories that stand and were found at or after a
	// time (zero: whenever), as the drift is added up from them.
	StoryMoves(ctx context.Context, stories []int64, since time.Time) ([]Move, error)
	// KeepFacts keeps, of up to n stories that changed, what Inbox and StoryMoves read of
	// them, so that it needn't be gathered anew when the store is opened the next time,
	// and says whether there may be more.
	KeepFacts(ctx context.Context, n int) (left bool, err error)
	// Revisions gives the texts that an article had, the first one first.
	// Errors: ErrNotFound.
	Revisions(ctx context.Context, article int64) ([]news.Revision, error)
	// JudgeStories adds a verdict on each standing hit of the stories; Hit of v
	// isn't asked. Errors: ErrNotFound where there is no such hit.
	JudgeStories(ctx context.Context, stories []int64, v news.Verdict) (act int64, err error)
	// JudgeHit adds a verdict on one hit, as Judge does. Errors: ErrNotFound.
	JudgeHit(ctx context.Context, v news.Verdict) (act int64, err error)
	// TakeBack takes back the verdicts of an act, if they are of that judge, and
	// says which stories they were on. They stay stored and count no more.
	// Errors: ErrNotFound where there are none, or none any more.
	TakeBack(ctx context.Context, act int64, by string, at time.Time) (stories []int64, err error)
	// JudgedSince counts the stories that each judge gave a verdict on at or after
	// a time.
	JudgedSince(ctx context.Context, since time.Time) (map[string]int, error)
	// AddRemark notes something on a story. Errors: ErrNotFound.
	AddRemark(ctx context.Context, r news.Remark) error
	// Remarks gives what was noted on a story, the first one first.
	Remarks(ctx context.Context, story int64) ([]news.Remark, error)

	// IndexArticles makes up to n articles findable, those seen last first, and
	// says whether there may be more. Until then Search doesn't find them, or by
	// the words of an earlier revision.
	IndexArticles(ctx context.Context, n int) (left bool, err error)
	// Search gives the articles that pass the filter; none where it asks for
	// nothing.
	Search(ctx context.Context, f news.SearchFilter) (news.Search, error)
	// Sift gives, of the articles that pass the filter, those that look keeps. It
	// is shown the latest that may have one term of each of some sets, with their
	// texts and without their hits, in parts, and says whether it wants more; after
	// news.SiftMost there are none. A term is a word, or several behind one another,
	// as the rules' concepts have them. What look has kept is counted and cut as Search
	// does; More says that there were articles it wasn't shown.
	Sift(ctx context.Context, f news.SearchFilter, sets [][]string, look func([]news.FoundArticle) (kept []news.FoundArticle, more bool)) (news.Search, error)

	// ItemsByDay counts the articles first seen from the day of since on by their
	// source and day, UTC, as 2026-11-25. Days without any are left out.
	ItemsByDay(ctx context.Context, since time.Time) (map[string]map[string]int, error)

	// AddAudit writes an entry of the audit log, which nothing changes later.
	AddAudit(ctx context.Context, e news.Audited) error
	// Audit gives the entries that pass the filter, the latest first.
	Audit(ctx context.Context, f news.AuditFilter) ([]news.Audited, error)
}

// Upkeep is what keeps the store itself.
type Upkeep interface {
	// Backup writes a whole copy of the database, as of now, to a file that
	// must not exist; its folder must. Nothing is left behind where it fails.
	// Errors: ErrExists.
	Backup(ctx context.Context, file string) error
	// Check looks for damage and for what should never be, and says in a
	// sentence each what it found; none: all is sound.
	Check(ctx context.Context) ([]string, error)
	// Prunable counts what is older than is to be kept, and changes nothing.
	Prunable(ctx context.Context, b PruneBefore) (Pruned, error)
	// Prune removes some of what Prunable counts, at most n articles and as many
	// cycles, and says what; nothing, when nothing is left to remove.
	Prune(ctx context.Context, b PruneBefore, n int) (Pruned, error)
	// ArchiveFiles says of each file of the archive that pages are kept in what
	// holds it.
	ArchiveFiles(ctx context.Context) ([]ArchiveFile, error)
	// ForgetPages forgets the pages in a file of the archive, and says how many
	// there were.
	ForgetPages(ctx context.Context, file string) (int, error)
	// Shrink gives up to n free pages of the database back to the disk, and says
	// how many free ones are left.
	Shrink(ctx context.Context, n int) (left int64, err error)
	// Schema says which form the database has.
	Schema(ctx context.Context) (Schema, error)
	// Close waits for what is running and closes the store.
	Close() error
}
