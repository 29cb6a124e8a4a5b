# SPDX-License-Identifier: LGPL-2.1-or-later
#
# options.awk - completes a template with the options of the manual pages.
#
#	awk -f options.awk PAGE... shell=bash|zsh|fish [tool=NAME] TEMPLATE
#
# Prints the template with the options in place of the line @OPTIONS@.  An entry
# of the sections OPTIONS and "COMMAND OPTIONS" of a page is
#
#	; COLUMN = name size used
#	; repeatable
#	*-o*, *--output* _COLUMN_[,_COLUMN_...]
#		First sentence, which zsh and fish show.
#
# The comments are optional.  The first gives the values of an argument; without
# it they come from the argument's name: _FILE_ and _PATH_, _DIR_, _RELEASE_, or
# nothing.  FILE among the values means files, too.

function inside_word(text, i)
{
	return substr(text, i - 1, 3) ~ /^[A-Za-z0-9]_[A-Za-z0-9]$/
}

# Text without markup, to the end of its first sentence.
function sentence(text,    plain, i, c)
{
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "\\")
			c = substr(text, ++i, 1)
		else if (c == "*" || (c == "_" && !inside_word(text, i)))
			c = ""
		plain = plain c
	}
	# "With -r: retry" stays whole.
	if (match(plain, plain ~ /^With / ? "[.;]( |$)" : "[.:;]( |$)"))
		plain = substr(plain, 1, RSTART - 1)
	return plain
}

# ---- the pages

FNR == 1 {
	in_template = FILENAME !~ /\.scd$/
	page = FILENAME
	sub(/.*\//, "", page)
	sub(/\..*/, "", page)
	last = command = ""
}

in_template { template[++lines] = $0; next }

/^# / {
	command = $NF == "OPTIONS" ? page : ""
	if (command && NF > 2)
		command = page " " tolower($2)
	in_commands = page == "kmod" && $2 == "DESCRIPTION"
}

/^; [A-Z]+ = / { values[page, $2] = substr($0, index($0, "=") + 2); next }
/^; repeatable/ { repeatable = 1; next }

command && last == "" && /^\*-/ {
	i = ++count[command]
	line = $0
	gsub(/[*\\]/, "", line)
	while (match(line, /^-[-A-Za-z0-9]+/)) {
		names[command, i] = names[command, i] " " substr(line, 1, RLENGTH)
		line = substr(line, RLENGTH + 1)
		sub(/^, /, "", line)
	}
	sub(/^ /, "", names[command, i])
	optional[command, i] = line ~ /^\[/
	list[command, i] = line ~ /,_/
	if (match(line, /[A-Z]+/))
		argument[command, i] = substr(line, RSTART, RLENGTH)
	again[command, i] = repeatable
	repeatable = 0
}

in_commands && last == "" && /^\*[-a-z]+\*$/ {
	command_name[++commands] = substr($0, 2, length($0) - 2)
}

/^\t/ && command && count[command] {
	text[command, count[command]] = text[command, count[command]] " " substr($0, 2)
}

/^\t/ && in_commands && commands {
	command_text[commands] = command_text[commands] " " substr($0, 2)
}

{ last = $0 }

# ---- how each shell has it

function quote(text)
{
	gsub(/'/, "'\\''", text)
	return "'" text "'"
}

# What follows the option: FILE, DIR, RELEASE, words, "-" or "".
function value(command, i,    name, of)
{
	name = argument[command, i]
	of = command
	sub(/ .*/, "", of)
	if (name == "")
		return ""
	if ((of, name) in values)
		return values[of, name]
	if (name == "PATH")
		return "FILE"
	return name ~ /^(FILE|DIR|RELEASE)$/ ? name : "-"
}

function bash_options(command,    i, all)
{
	for (i = 1; i <= count[command]; i++)
		all = all " " names[command, i]
	if (command == "kmod")
		for (i = 1; i <= commands; i++)
			all = all " " command_name[i]
	printf "\t%s) options='%s' ;;\n", quote(command), substr(all, 2)
}

function bash_value(command, i,    n, j, each, pattern)
{
	if (value(command, i) == "")
		return
	n = split(names[command, i], each, " ")
	for (j = 1; j <= n; j++)
		pattern = pattern " | '" command " " each[j] \
			(optional[command, i] ? "=" : "") "'"
	printf "\t%s) value='%s'%s ;;\n", substr(pattern, 4), \
		value(command, i), list[command, i] ? " list=1" : ""
}

function bash(    c, i)
{
	print "# options=: all of a command."
	print "_libmod_options()\n{\n\tcase $1 in"
	for (c = 1; c <= n_order; c++)
		bash_options(order[c])
	print "\tesac\n}\n"
	print "# value=: what follows an option of a command.  Status 1: nothing."
	print "_libmod_value()\n{\n\tcase \"$1 $2\" in"
	for (c = 1; c <= n_order; c++)
		for (i = 1; i <= count[order[c]]; i++)
			bash_value(order[c], i)
	print "\t*) return 1 ;;\n\tesac\n}"
}

function zsh_action(command, i,    what)
{
	what = value(command, i)
	if (what == "-")
		return ""
	if (what == "FILE")
		return "_files"
	if (what == "DIR")
		return "_files -/"
	if (what == "RELEASE")
		return "_libmod_releases"
	if (sub(/ ?FILE$/, "", what))
		return " _libmod_words_or_files " what
	return list[command, i] ? "_sequence compadd - " what : "(" what ")"
}

function zsh_option(command, i,    n, j, each, all, first, spec)
{
	n = split(names[command, i], each, " ")
	for (j = 1; j <= n; j++) {
		all = all "," each[j]
		if (value(command, i) != "") {
			all = all (each[j] ~ /^--/ ? "=" : "")
			all = all (optional[command, i] ? "-" : "")
		}
	}
	all = n > 1 ? "{" substr(all, 2) "}" : substr(all, 2)
	if (names[command, i] ~ /--(help|version)$/)
		first = "'(- *)'"
	else if (again[command, i])
		first = "'*'"
	else if (n > 1)
		first = "'(" names[command, i] ")'"
	spec = sentence(substr(text[command, i], 2))
	gsub(/[][]/, "\\\\&", spec)
	spec = "[" spec "]"
	if (value(command, i) != "")
		spec = spec (optional[command, i] ? "::" : ":") \
			tolower(argument[command, i]) ":" zsh_action(command, i)
	print "\t\t" first all quote(spec)
}

function zsh(    c, i, what)
{
	print "_libmod_options()\n{\n\tcase $1 in"
	for (c = 1; c <= n_order; c++) {
		print "\t" quote(order[c]) ") specs=("
		for (i = 1; i <= count[order[c]]; i++)
			zsh_option(order[c], i)
		print "\t) ;;"
	}
	print "\tesac\n}\n\nsubcommands=("
	for (c = 1; c <= commands; c++) {
		what = sentence(substr(command_text[c], 2))
		print "\t" quote(command_name[c] ":" what)
	}
	print ")"
}

function fish_action(command, root, i,    what)
{
	what = value(command, i)
	if (what == "" || optional[command, i])
		return ""
	if (what == "-")
		return " -x"
	if (what == "FILE")
		return " -r"
	if (what == "DIR")
		return " -x -a '(__fish_complete_directories)'"
	if (what == "RELEASE")
		return " -x -a '(__libmod_releases (__libmod_value " root "))'"
	if (sub(/ ?FILE$/, "", what))
		return " -r -a '" what "'"
	return " -x -a '" what "'"
}

function fish_options(command, condition,    i, j, n, each, root, line)
{
	for (i = 1; i <= count[command]; i++)
		if (names[command, i] ~ /--(basedir|dirname)$/)
			root = names[command, i]
	for (i = 1; i <= count[command]; i++) {
		n = split(names[command, i], each, " ")
		line = "complete -c " tool condition
		for (j = 1; j <= n; j++) {
			line = line (each[j] ~ /^--/ ? " -l " : " -s ")
			line = line substr(each[j], each[j] ~ /^--/ ? 3 : 2)
			if (each[j] !~ /^--/)
				continue
			print line fish_action(command, root, i) " -d " \
				quote(sentence(substr(text[command, i], 2)))
			line = "complete -c " tool condition
		}
	}
}

function fish(    c, at, what)
{
	if (tool != "kmod") {
		fish_options(tool, "")
		return
	}
	at = " -n __fish_use_subcommand"
	for (c = 1; c <= commands; c++) {
		what = sentence(substr(command_text[c], 2))
		print "complete -c kmod" at " -a " command_name[c] " -d " quote(what)
	}
	fish_options("kmod", at)
	for (c = 1; c <= commands; c++) {
		what = command_name[c] == "list" ? "lsmod" : "kmod " command_name[c]
		fish_options(what, " -n '__fish_seen_subcommand_from " \
			command_name[c] "'")
	}
}

# Names of the tool's options that have a value of their own.
function valued(command,    i, all)
{
	for (i = 1; i <= count[command]; i++)
		if (value(command, i) != "" && !optional[command, i])
			all = all " " names[command, i]
	return substr(all, 2)
}

# ---- the template

END {
	n_order = split("depmod,insmod,kmod,kmod sign,kmod static-nodes,lsmod," \
		"modinfo,modprobe,rmmod", order, ",")
	for (c = 1; c <= n_order; c++)
		if (!count[order[c]]) {
			print "options.awk: no options of " order[c] >"/dev/stderr"
			exit 1
		}
	# A section "## TOOL" of a template is for that tool alone.
	for (l = 1; l <= lines; l++) {
		line = template[l]
		if (line ~ /^## /)
			section = substr(line, 4)
		else if (section != "" && section != tool)
			continue
		else if (line == "@OPTIONS@" && shell == "bash")
			bash()
		else if (line == "@OPTIONS@" && shell == "zsh")
			zsh()
		else if (line == "@OPTIONS@")
			fish()
		else {
			sub(/@TOOL@/, tool, line)
			sub(/@VALUED@/, valued(tool), line)
			print line
		}
	}
}
