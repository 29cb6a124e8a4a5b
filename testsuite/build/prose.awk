# SPDX-License-Identifier: LGPL-2.1-or-later
#
# prose.awk - prints the prose of source files: "GROUP|FILE:LINE|TEXT".
#
# Groups are document, page, comment and message (a string literal of C).  The
# name of a file selects how it is read.  Code blocks and `code` of documents,
# code blocks of pages and the first line of scripts (#!) are not prose.

function emit(group, text)
{
	if (text ~ /[A-Za-z]/)
		print group "|" FILENAME ":" FNR "|" text
}

# The rest of a line of C, after the state of the previous line.
function c_line(s,    at, text)
{
	if (in_comment) {
		at = index(s, "*/")
		emit("comment", at ? substr(s, 1, at - 1) : s)
		if (!at)
			return
		in_comment = 0
		s = substr(s, at + 2)
	}
	while (match(s, /"|'|\/\*|\/\//)) {
		text = substr(s, RSTART, RLENGTH)
		s = substr(s, RSTART + RLENGTH)
		if (text == "//") {
			emit("comment", s)
			return
		}
		if (text == "/*") {
			at = index(s, "*/")
			emit("comment", at ? substr(s, 1, at - 1) : s)
			if (!at) {
				in_comment = 1
				return
			}
			s = substr(s, at + 2)
			continue
		}
		if (text == "\"" && match(s, /^([^"\\]|\\.)*/)) {
			if (!include)
				emit("message", substr(s, 1, RLENGTH))
		} else if (!match(s, /^([^'\\]|\\.)*/)) {
			return
		}
		s = substr(s, RLENGTH + 2)
	}
}

# A comment that a mark begins, at the start of a line or after a blank.  One
# that is not at the start must not be inside of quotes.
function marked(s, mark,    before)
{
	if (FNR == 1 && s ~ /^#!/)
		return
	if (match(s, "^[ \t]*" mark)) {
		emit("comment", substr(s, RLENGTH + 1))
	} else if (match(s, "[ \t]" mark " ")) {
		before = substr(s, 1, RSTART)
		if (gsub(/"/, "", before) % 2 == 0 &&
		    gsub(/'/, "", before) % 2 == 0)
			emit("comment", substr(s, RSTART + RLENGTH))
	}
}

function python_line(s)
{
	if (in_comment) {
		emit("comment", s)
		if (s ~ /"""/)
			in_comment = 0
	} else if (s ~ /^[ \t]*"""/) {
		emit("comment", s)
		sub(/"""/, "", s)
		in_comment = s !~ /"""/
	} else {
		marked(s, "#+")
	}
}

# Blocks between lines of ``` are code.
function fenced(group, s)
{
	if (s ~ /^[ \t]*```/) {
		in_comment = !in_comment
		return
	}
	if (in_comment)
		return
	if (group == "document")
		gsub(/`[^`]*`/, "", s)
	emit(group, s)
}

FNR == 1 {
	in_comment = 0
	if (FILENAME ~ /\.[ch]$/)
		kind = "c"
	else if (FILENAME ~ /\.py$/)
		kind = "python"
	else if (FILENAME ~ /\.scd$/)
		kind = "page"
	else if (FILENAME ~ /\.md$/ || FILENAME ~ /(^|\/)NEWS$/)
		kind = "document"
	else if (FILENAME ~ /\.(ac|m4)$/)
		kind = "m4"
	else
		kind = "shell"
}

kind == "c" { include = /^#[ \t]*include/; c_line($0) }
kind == "python" { python_line($0) }
kind == "page" { fenced("page", $0) }
kind == "document" { fenced("document", $0) }
kind == "m4" { marked($0, "(dnl|#)") }
kind == "shell" { marked($0, "#+") }
