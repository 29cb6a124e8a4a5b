# SPDX-License-Identifier: LGPL-2.1-or-later
#
# sweep.awk - compares what two tools did to the same modules.
#
#   awk -f sweep.awk [-v self=1] [-v again=FILE] modules.dep modules.softdep
#       PEER OURS
#
# FILE gets the names of the modules that differ.
# PEER and OURS are records made by sweep.sh.  Prints one line for each
# difference and then the figures; the last line is "PASSED FAILED".
#
# Three differences are wanted, and checked.  Our "modprobe -r" removes every hard
# dependency that fell free, kmod 30 leaves those that another dependency held
# when it came by.  So of what the peer leaves, exactly the modules that only
# freed dependencies used must be gone, and no count may be off.  And a soft
# dependency that is in use is a failure for kmod, once all is done, and none
# for us.  And when the kernel refuses a dependency, we name its file first.

BEGIN { stays = "left" }

function name_of(path)
{
	sub(/.*\//, "", path)
	sub(/\..*/, "", path)
	gsub(/-/, "_", path)
	return path
}

# modules.dep: the hard dependencies of every module.
FILENAME == ARGV[1] {
	sub(/:/, " ")
	m = name_of($1)
	for (i = 2; i <= NF; i++)
		deps[m] = deps[m] " " name_of($i)
	next
}

# modules.softdep: removed with it as well, and their dependencies.
FILENAME == ARGV[2] {
	marked = 0
	for (i = 3; $1 == "softdep" && i <= NF; i++)
		if ($i ~ /^(pre|post):$/)
			marked = 1
		else if (marked)
			soft[$2] = soft[$2] " " name_of($i)
	next
}

# The records: side 1 is the peer, side 2 is ours.
FNR == 1 { side++; mod = "" }
$1 == "@" {
	mod = $2
	seen[side, mod] = 1
	if (side == 1)
		order[++total] = mod
	else if (!((1, mod) in seen))
		differs(mod, "the peer was not run")
	next
}
$1 == "load" || $1 == "unload" {
	verb = $1
	code[side, mod, verb] = $2
	next
}
$1 == "text" {
	text[side, mod, verb] = text[side, mod, verb] substr($0, 6) "\n"
	next
}
$1 == "mod" {
	list[side, mod, verb] = list[side, mod, verb] " " $2
	count[side, mod, verb, $2] = $3
	users[side, mod, verb, $2] = $4
	next
}
$1 == "left" || $1 == "died:" {
	end[side, mod] = $0
	next
}

function differs(m, what)
{
	print "  differs: " m ": " what
	if (!bad[m]++ && again)
		print m >again
}

# What was said, on one line.
function said(side, m, verb,  t)
{
	t = text[side, m, verb]
	sub(/\n$/, "", t)
	gsub(/\n/, " | ", t)
	return "exit " code[side, m, verb] (t == "" ? "" : ", " t)
}

# The peer fails for no other reason than a soft dependency in use.
function only_soft(m,  t)
{
	t = text[1, m, "unload"]
	if (!sub(/^modprobe: FATAL: Module /, "", t) ||
	    !sub(/ is in use\.\n$/, "", t) || t == m)
		return 0
	return index(soft[m] " ", " " t " ") && code[1, m, "unload"] == 1 &&
	    said(2, m, "unload") == "exit 0"
}

# Ours says the same but for a line in front that names a dependency's file.
function only_named(m,  t, line, path)
{
	t = text[2, m, "load"]
	if (code[1, m, "load"] != 1 || code[2, m, "load"] != 1 ||
	    !match(t, /^modprobe: ERROR: the kernel refused [^:]*: [^\n]*\n/))
		return 0
	line = substr(t, 1, RLENGTH)
	path = line
	sub(/^modprobe: ERROR: the kernel refused /, "", path)
	sub(/: .*/, "", path)
	return index(deps[m] " ", " " name_of(path) " ") &&
	    text[1, m, "load"] == substr(t, length(line) + 1)
}

# Both have the same modules, as often used, by the same ones.
function same_mods(m, verb,  i, n, x, a, b)
{
	a = b = 0
	n = split(list[1, m, verb], x)
	for (i = 1; i <= n; i++) {
		a++
		if (count[1, m, verb, x[i]] != count[2, m, verb, x[i]] ||
		    users_set(1, m, verb, x[i]) != users_set(2, m, verb, x[i]))
			return 0
	}
	b = split(list[2, m, verb], x)
	return a == b
}

# The users of a module, in an order that says nothing about their loading.
function users_set(side, m, verb, x,  i, j, n, u, t)
{
	n = split(users[side, m, verb, x], u, ",")
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && u[j] < u[j - 1]; j--) {
			t = u[j]; u[j] = u[j - 1]; u[j - 1] = t
		}
	t = ""
	for (i = 1; i <= n; i++)
		t = t u[i] ","
	return t
}

# How many of the modules that are left use this one?
function users_left(m, x,  i, n, u, sum)
{
	sum = 0
	n = split(users[1, m, "unload", x], u, ",")
	for (i = 1; i <= n; i++)
		if (left[u[i]] || u[i] == "[permanent]")
			sum++
	return sum
}

# What the peer left but for the freed dependencies of m, and how often each
# is used then, at most: that is what we have to leave.  A user may hold a
# module more than once (ocfs2_nodemanager does) or without its name there
# (crc64_rocksoft): what nothing uses by name is free if it is gone.
function expect_freed(m,  i, j, n, k, x, u, x2, may, have, again, nu)
{
	split("", left)
	split("", used)
	split("", may)
	split("", have)
	n = split(list[2, m, "unload"], x)
	for (i = 1; i <= n; i++)
		have[x[i]] = 1
	n = split(list[1, m, "unload"], x)
	for (i = 1; i <= n; i++) {
		left[x[i]] = 1
		used[x[i]] = count[1, m, "unload", x[i]]
	}
	# A module that is not loaded is not removed, nor are its dependencies.
	freed = ""
	if (!((1, m, "load", m) in count))
		return
	k = split(deps[m], u)
	for (i = 1; i <= k; i++)
		may[u[i]] = 1
	k = split(soft[m], u)
	for (i = 1; i <= k; i++) {
		nu = split(deps[u[i]], x2)
		for (j = 1; j <= nu; j++)
			may[x2[j]] = 1
	}
	do {
		again = 0
		for (i = 1; i <= n; i++) {
			if (!left[x[i]] || !may[x[i]] || users_left(m, x[i]) ||
			    used[x[i]] != 0 && have[x[i]])
				continue
			left[x[i]] = 0
			again = 1
			for (j = 1; j <= n; j++)
				if (index("," users[1, m, "unload", x[j]],
				    "," x[i] ","))
					used[x[j]]--
		}
	} while (again)
	for (i = 1; i <= n; i++)
		if (!left[x[i]])
			freed = freed " " x[i]
}

function check_unload(m,  i, n, x, have)
{
	if (same_mods(m, "unload")) {
		# Then nothing may have been free; but when the peer stands
		# for ours, its leftovers are accepted.
		expect_freed(m)
		if (freed != "" && !self)
			differs(m, "unload left" freed)
		return
	}
	expect_freed(m)
	split("", have)
	n = split(list[2, m, "unload"], x)
	for (i = 1; i <= n; i++) {
		have[x[i]] = 1
		if (!left[x[i]])
			differs(m, "unload left " x[i])
		else if (count[2, m, "unload", x[i]] > used[x[i]] ||
		    count[2, m, "unload", x[i]] < used[x[i]] &&
		    count[2, m, "unload", x[i]] < users_left(m, x[i]))
			differs(m, "unload: the use count of " x[i])
	}
	for (i in left)
		if (left[i] && !have[i])
			differs(m, "unload removed " i)
	if (!bad[m])
		freed_more[m] = freed
}

function check(m)
{
	if (!seen[2, m]) {
		differs(m, "ours was not run")
		return
	}
	if (end[1, m] ~ /^died:/ || end[2, m] ~ /^died:/) {
		died++
		if (end[1, m] != end[2, m]) {
			differs(m, "peer " end[1, m] ", ours " end[2, m])
		} else {
			skipped[m] = 1
			print "  skipped: " m ": " end[1, m]
		}
		return
	}
	if (only_named(m))
		named = named " " m
	else if (said(1, m, "load") != said(2, m, "load"))
		differs(m, "load: peer " said(1, m, "load") "; ours " said(2, m, "load"))
	if (!same_mods(m, "load"))
		differs(m, "load: peer has" list[1, m, "load"] "; ours" list[2, m, "load"])
	if (only_soft(m))
		soft_kept = soft_kept " " m
	else if (said(1, m, "unload") != said(2, m, "unload"))
		differs(m, "unload: peer " said(1, m, "unload") "; ours " said(2, m, "unload"))
	check_unload(m)
	if (end[1, m] != end[2, m])
		differs(m, "peer " end[1, m] ", ours " end[2, m])
}

END {
	for (i = 1; i <= total; i++) {
		m = order[i]
		check(m)
		if (bad[m])
			failed++
		else if (!skipped[m])
			passed++
		if (m in freed_more)
			freed_mods++
		if (end[1, m] ~ /^left/ && end[1, m] != stays) {
			stays = end[1, m]
			stuck = stuck " " m
		}
		if (code[1, m, "load"] == "0")
			loaded++
		else if (end[1, m] !~ /^died:/) {
			refused++
			t = text[1, m, "load"]
			sub(/\n$/, "", t)
			sub(/.*: /, "", t)
			why[t]++
		}
	}
	printf "  %d modules: %d loaded, %d refused, %d ended the kernel\n", \
	    total, loaded, refused, died
	for (t in why)
		printf "    %4d refused: %s\n", why[t], t
	if (stuck != "")
		printf "  nobody could remove all that came with:%s\n", stuck
	printf "  %d differences; %d times a freed dependency more was removed\n", \
	    failed, freed_mods
	if (named != "")
		printf "  a dependency that the kernel refused is named:%s\n", named
	if (soft_kept != "")
		printf "  a soft dependency in use is no failure:%s\n", soft_kept
	for (i = 1; i <= total; i++)
		if (order[i] in freed_more)
			printf "    -r %s:%s\n", order[i], freed_more[order[i]]
	for (m in bad)
		if (!((1, m) in seen))
			failed++
	print passed + 0, failed + !total
}
