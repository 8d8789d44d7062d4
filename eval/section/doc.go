// Package section is what the programs of the evaluation share: where the data
// lies, tables in Markdown, and intervals.
//
// A program under eval measures one thing and prints what it found as Markdown,
// without a heading. docs/evaluation.md says what is run: command report runs
// the program NAME for each pair of lines
//
//	<!-- measured: NAME -->
//	<!-- end: NAME -->
//
// and puts what was printed between them, with the date. So a new section is a
// program, and these two lines under a heading and an introduction. A line
// "<!-- measured: NAME -flag value -->" gives the program arguments;
// "<!-- measured: NAME (by hand) -->" leaves it out of a run that doesn't name it.
//
// A program that has nothing to read leaves with NoData, by way of Main; the
// figures that stand in the file are then left alone.
package section
