// Package wall tells a page that stands before what was asked for (a challenge
// to prove that one is no robot, a refusal) from the thing itself. Such pages
// often come with status 200.
package wall
