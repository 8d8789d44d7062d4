// Package trial puts rules to the test: files of articles with what must be found
// in them, and what must not.
//
//	articles:
//	  - name: a member stays out of a drill
//	    title: Kyrgyzstan will not host the CSTO exercise
//	    text: The ministry said so on Monday.
//	    lang: en
//	    expect:
//	      - {theme: csto, country: KG, direction: apart}
//	  - name: a court's sanction
//	    title: The court sanctioned the arrest
//	    silent: true
//
// An article passes when each hit that it expects is found, none that it must
// never have is, and, where it is silent, none at all. Hits that are only kept
// (background) can be expected; they break neither never nor silent, as they
// alert nobody. What an article leaves out of a hit may be anything.
package trial
