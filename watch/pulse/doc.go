// Package pulse says what an operator should hear of Driftwatch itself: the
// daily line, and alarms that are told once when they begin and once when they
// are over. It is pure: what is known of the sources, the cycles and the
// deliveries goes in with the clock, notes come out with what is to be
// remembered until the next time.
package pulse
