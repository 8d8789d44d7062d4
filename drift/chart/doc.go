// Package chart draws the rows of package drift: for each country a strip of
// weeks, in each week the sums apart and closer side by side, and pressure as a
// third, thinner bar. The part that no analyst has judged is drawn lighter, the
// band as a line, weeks of poor coverage on a hatched ground. All strips have
// one scale, so that countries can be compared. The method stands below the
// chart.
//
// SVG is for pages: it has a title and a description for those who don't see
// it, and follows the reader's light or dark setting. PNG is for mail.
package chart
