# SPDX-License-Identifier: LGPL-2.1-or-later
#
# cases.awk - compares two transcripts of cases.sh, case by case.
#
#   awk -f cases.awk [-v self=1] differences PEER OURS
#
# A case passes when ours is the peer's, with the lines exchanged that the
# list of differences names for it, and neither has a check that failed ("not ok")
# or an error of the shell.  A difference that is listed and not found is
# wrong too.  Prints the cases that fail, and last "PASSED FAILED".

BEGIN { FS = "\t" }

FNR == 1 { file++ }

# CASE, the peer's line, our lines (\n between; empty: no line), the reason
file == 1 {
	if ($0 == "" || /^#/ || self)
		next
	rule[++rules] = $1 "\t" $2
	instead[$1, $2] = $3
	known[$1, $2] = 1
	reason[$1, $2] = $4
	next
}

/^@ / {
	name = substr($0, 3)
	if (file == 2)
		order[++total] = name
	else if (!((2, name) in has)) {
		failed++
		print "  only ours: it " name
	}
	has[file, name] = 1
	next
}
file == 2 && ((name, $0) in known) {
	found[name, $0] = 1
	differences++
	raw[name] = raw[name] "- " $0 "\t(" reason[name, $0] ")\n"
	line = instead[name, $0]
	gsub(/\\n/, "\n", line)
	if (line != "")
		body[2, name] = body[2, name] line "\n"
	next
}
{ body[file, name] = body[file, name] $0 "\n" }

# Lines of one side that the other has not, each as often as it is there.
function show_diff(name,  n, m, i, j, a, b) {
	n = split(body[2, name], a, "\n")
	m = split(body[3, name], b, "\n")
	i = j = 1
	while (i < n || j < m) {
		if (i < n && j < m && a[i] == b[j]) {
			print "      " a[i]
			i++
			j++
			continue
		}
		# until the sides meet again at the next command
		while (i < n && a[i] !~ /^\$ / || i < n && j >= m) {
			print "    - " a[i]
			i++
		}
		while (j < m && b[j] !~ /^\$ / || j < m && i >= n) {
			print "    + " b[j]
			j++
		}
		if (i < n && j < m && a[i] != b[j]) {
			print "    - " a[i++]
			print "    + " b[j++]
		}
	}
}

END {
	for (i = 1; i <= total; i++) {
		name = order[i]
		if (body[2, name] == body[3, name] &&
		    body[2, name] !~ /(^|\n)not ok / &&
		    body[2, name] !~ /cases\.sh: [0-9]+: /) {
			passed++
			continue
		}
		failed++
		print "  differs: it " name
		show_diff(name)
	}
	for (i = 1; i <= rules; i++) {
		split(rule[i], part, "\t")
		if ((part[1], part[2]) in found)
			continue
		failed++
		print "  listed, but the peer did not do it: " rule[i]
	}
	printf "  %d cases, %d of the listed differences seen\n", total, differences
	print passed + 0, failed + !total
}
