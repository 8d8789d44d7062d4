// Package storetest is what every store must pass: the promises of package
// store as tests.
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) storetest.Place { … })
//	}
//
// Some of them kill or fill a store in a process of its own. They start the
// test binary again, and call Child in it: a package that runs the suite calls
// Child first in its TestMain.
package storetest
