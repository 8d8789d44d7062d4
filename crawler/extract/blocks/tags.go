package blocks

import "golang.org/x/net/html/atom"

// isBlock reports the elements that stand on lines of their own.
func isBlock(a atom.Atom) bool {
	switch a {
	case atom.Html, atom.Head, atom.Body, atom.Div, atom.P, atom.Table, atom.Caption, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr,
		atom.Td, atom.Th, atom.Ul, atom.Ol, atom.Li, atom.Dl, atom.Dt, atom.Dd, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Blockquote, atom.Section, atom.Article, atom.Aside, atom.Header, atom.Footer, atom.Nav, atom.Main, atom.Figure,
		atom.Figcaption, atom.Form, atom.Fieldset, atom.Legend, atom.Pre, atom.Center, atom.Address, atom.Hr, atom.Details,
		atom.Summary, atom.Dialog, atom.Menu, atom.Hgroup, atom.Noscript, atom.Iframe, atom.Select, atom.Option, atom.Title,
		atom.Script, atom.Template:
		return a != atom.Script
	}
	return false
}

// isVoid reports the elements that have no content.
func isVoid(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Param,
		atom.Source, atom.Track, atom.Wbr, atom.Frame, atom.Keygen:
		return true
	}
	return false
}

// isUnseen reports the elements that show none of their text.
func isUnseen(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Math, atom.Select, atom.Textarea, atom.Iframe,
		atom.Object, atom.Canvas, atom.Audio, atom.Video, atom.Button, atom.Title, atom.Noframes, atom.Noembed, atom.Map, atom.Applet:
		return true
	}
	return false
}

func isBold(a atom.Atom) bool { return a == atom.B || a == atom.Strong }

func isHeading(a atom.Atom) bool {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

func isCell(a atom.Atom) bool { return a == atom.Td || a == atom.Th }

func isTerm(a atom.Atom) bool { return a == atom.Dt || a == atom.Dd }

func isTable(a atom.Atom) bool {
	switch a {
	case atom.Table, atom.Tr, atom.Td, atom.Th, atom.Tbody, atom.Thead, atom.Tfoot, atom.Caption:
		return true
	}
	return false
}

// place is what kind of place an element makes of what is in it.
func place(a atom.Atom) places {
	switch a {
	case atom.Ul, atom.Ol, atom.Li, atom.Dl, atom.Menu:
		return inList
	case atom.Table:
		return inTable
	case atom.Form:
		return inForm
	case atom.Header:
		return inHeader
	case atom.Footer:
		return inFooter
	case atom.Nav:
		return inNav
	case atom.Aside:
		return inAside
	case atom.Article:
		return inArticle
	case atom.Main:
		return inMain
	case atom.Figure:
		return inFigure
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return inHeading
	case atom.Blockquote, atom.Q:
		return inQuote
	case atom.Figcaption:
		return inCaption
	case atom.P:
		return inParagraph
	case atom.Section:
		return inSection
	}
	return 0
}

// rolePlace is the place that an ARIA role makes
// (https://www.w3.org/TR/wai-aria-1.2/#landmark_roles).
func rolePlace(role string) places {
	switch role {
	case "navigation", "menu", "menubar", "tablist", "search":
		return inNav
	case "banner":
		return inHeader
	case "contentinfo":
		return inFooter
	case "complementary":
		return inAside
	case "main":
		return inMain
	case "article":
		return inArticle
	case "dialog", "alertdialog":
		return inForm
	}
	return 0
}
