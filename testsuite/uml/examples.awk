# SPDX-License-Identifier: LGPL-2.1-or-later
#
# examples.awk - the examples of a manual page: blocks of its EXAMPLES section;
# with -v all=1, of all sections.
#
# Prints a command a line, without its prompt.  With -v files=DIR, text that is no
# command is a piece of configuration and goes to DIR/1, DIR/2 ...

function end_command()
{
	if (command != "")
		print command
	command = ""
}

/^```/ {
	if (inside && section)
		end_command()
	inside = !inside
	listing = 0
	next
}
!inside && /^# / {
	section = all || /^# EXAMPLES?$/
}
!inside || !section {
	next
}
{
	gsub(/\\\\/, "\\") # scdoc's own
	gsub(/@MODULE_DIRECTORY@/, "/lib/modules")
	gsub(/@SYSCONFDIR@/, "/etc")
}
# A line that goes on in the next.
command ~ /(\\|\||&&)$/ {
	sub(/\\$/, "", command)
	command = command " " $0
	next
}
/^\$ / || (!files && /^# /) {
	end_command()
	command = substr($0, 3)
	listing = 0
	output = 1
	next
}
# What a command printed.
command != "" {
	next
}
files {
	if (!listing)
		file = files "/" ++n
	listing = 1
	print >file
	next
}
{
	print
}
END {
	end_command()
}
