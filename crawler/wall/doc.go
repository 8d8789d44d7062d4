// Package wall tells a page that stands before what was asked for (a challenge
// to prove that one is no robot, a refusal, a consent wall, a login, a paywall, a
// soft 404, a parked domain, the front page) from the thing itself. Such pages
// often come with status 200.
package wall
