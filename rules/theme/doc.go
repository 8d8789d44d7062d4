// Package theme reads packs: the YAML files that hold the lexicon (concepts and
// their terms in each language) and the signals (what to look for, and what it
// means).
//
//	concepts:
//	  export_ban:
//	    terms:
//	      en: [export ban, "prohibit* exports"]
//	      ru: [запрет экспорта, {term: "ограничен*", near: ["@export"], words: 4}]
//	signals:
//	  - id: S2
//	    theme: sanctions
//	    when: "@export_ban AND @to_russia"
//
// A term stands in its dictionary form and matches in its inflected ones; a
// word that ends in * stands for whatever begins with it. A later pack replaces
// concepts and signals of the same id, adds to a concept or takes terms from it
// (add, without), and switches signals off (off). Format gives files one form,
// Schema is for editors. Everything wrong with all files is
// reported at once, each fault with its file, line, column and a caret.
package theme
