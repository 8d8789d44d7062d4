// Package site finds the articles of outlets that have no feed: it reads a
// section page and keeps the links that lead to articles.
package site
