// Package charset turns the bytes of feeds and pages into UTF-8, whatever they
// are declared to be.
//
// Declarations in the wild are wrong often enough that the bytes have the last
// word: a byte order mark decides, then whether the bytes are valid UTF-8 (text
// in another encoding hardly ever is), and what is left is decoded on trial and
// judged by its letters, with the declarations as a hint.
package charset
