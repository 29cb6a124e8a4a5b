# SPDX-License-Identifier: LGPL-2.1-or-later
"""explain.py - which differences from kmod 30 are meant, and how far they go.

A rule does not accept an output: it changes the input of kmod 30, or one known
part of its output, so that the result must be the same as ours, to the byte.

Each rule is a row of COMPATIBILITY.md and has its id; see rows.py.
"""

import functools
import os
import re
import shlex

import trees
from rows import Rows
from trees import matches, normal

# Where a debug build of kmod says in which of its functions it is.
PLACE = re.compile(r"^(modprobe: [A-Z]+: )\S+\.c:\d+ \w+\(\) ")
EARLY = re.compile(r"^libkmod: ([A-Z]+) \S+\.c:\d+ \w+: (.*)")

NOTHING = trees.Rule("")  # keeps the numbers of the lines


class Results:
    def __init__(self, table):
        self.rows = Rows(table, "diff/modprobe", [r.name for r in RULES])
        self.same = self.explained = self.failed = self.policies = 0

    def report(self):
        print(f"{self.same} alike, {self.explained} by the rules of "
              "COMPATIBILITY.md:")
        self.rows.report()
        if self.policies:
            print(f"{self.policies} modules with masks, allow lists and "
                  "install lines that forbid")
        print(f"{self.same + self.explained} passed, {self.failed} failed")


class Said:
    def __init__(self, out, err, status):
        self.out, self.err, self.status = out, err, status
        self.used = set()  # the rules that changed it

    def __eq__(self, other):
        return (self.out, self.err, self.status) == \
            (other.out, other.err, other.status)

    def __str__(self):
        return "".join(
            [f"    | {line}\n" for line in self.out.splitlines()] +
            [f"    ! {line}\n" for line in self.err.splitlines()] +
            [f"    = {self.status}\n"])


class Asked:
    """One call: options, then names.  The peer's may be changed."""

    def __init__(self, options, names):
        self.options, self.names = list(options), list(names)

    def words(self):
        return self.options + self.names

    def has(self, *options):
        return any(o in self.options for o in options)

    def quiet(self):
        return self.has("-q")

    def __str__(self):
        return "modprobe " + shlex.join(self.words())


class Rule:
    """A row of COMPATIBILITY.md, and where it shows.

    ours(said), peer(said): changes every output of that side.
    args(tree, asked): changes the peer's call.
    before(tree): changes tree.peer_*, the input of the peer.
    after(tree, asked, said): changes the peer's output for that input.

    One without any is applied by same_config()."""

    def __init__(self, name, ours=None, peer=None, args=None, before=None,
                 after=None):
        self.name = name
        self.ours, self.peer = ours, peer
        self.args, self.before, self.after = args, before, after


def settle(side, said):
    """Applies the rules for every output of a side, "ours" or "peer"."""
    for rule in RULES:
        change = getattr(rule, side)
        if change:
            before = str(said)
            change(said)
            said.used |= {rule.name} if str(said) != before else set()
    return said


def without_places(said):
    """As a build prints them that is not for debugging."""
    said.err = "".join(PLACE.sub(r"\1", line)
                       for line in said.err.splitlines(True))


def speak_in_dry_run(tree, asked):
    """The peer shows with -v what we show without."""
    if is_silent_in_peer(asked):
        asked.options = [o for o in asked.options if o != "-q"] + ["-v"]


def after_dry_run(tree, asked, said):
    if is_silent_in_peer(asked) and asked.quiet():
        said.err = ""


def is_silent_in_peer(asked):
    return asked.has("-n") and (asked.quiet() or not asked.has("-v"))


def old_spelling(tree, asked):
    asked.options = ["-R" if o == "--show-alias" else o for o in asked.options]


def config_messages(tree, asked, said):
    """Through the same channel as all messages: -q silences them.  And not
    before the configuration is needed."""
    lines = []
    meant = asked.names if asked.has("-a") else asked.names[:1]
    needless = meant and all(map(is_unpaired, meant))
    for line in said.err.splitlines(True):
        m = EARLY.match(line)
        if not m:
            lines.append(line)
        elif not asked.quiet() and not needless:
            lines.append(as_ours(m.group(1), m.group(2)) + "\n")
    said.err = "".join(lines)


def is_unpaired(name):
    return re.search(r"\[[^]]*$|^[^[]*\]", name) is not None


def as_ours(level, text):
    text = re.sub(r"( \S+ is deprecated).*", r"\1 and not parsed anymore", text)
    if " line " in text or "is deprecated" in text:
        level = "WARNING"
    return f"modprobe: {level}: {text}"


PARAMETER = re.compile(r"modprobe: WARNING: \S+( has no parameter |: parameter ')"
                       r".*\n")


def without_parameter_warnings(said):
    """The modules here have no parameters, and options in plenty."""
    said.err = PARAMETER.sub("", said.err)


def without_line_numbers(said):
    """Only ours has the line of a deprecated command."""
    said.err = re.sub(r" line \d+(: command)", r"\1", said.err)


def drop_cmdline_noise(tree, asked, said):
    said.err = "".join(
        line for line in said.err.splitlines(True)
        if "Ignoring bad option on kernel command line" not in line)


def merged_softdeps(tree):
    """One line for each module, as all of ours together mean it."""
    with_options = tree.names_with_options()
    for name in tree.planned_names():
        lines = tree.softdeps(name)
        if lines:
            tree.peer_first.append(merged_softdep(name, lines, tree.means,
                                                  with_options))


def merged_softdep(name, lines, means, kept=()):
    """An alias would make another thing of a module than its name: where that
    is safe, the name is given.  It is not for the aliases in kept."""
    words = {"pre:": [], "post:": [], None: []}
    for line in lines:
        marker = None
        for word in line.split():
            found = means.get(normal(word), [word])
            if word in ("pre:", "post:"):
                marker = word
            elif normal(word) not in kept and \
                    all(means.get(f) == [f] for f in found):
                words[marker] += found
            else:
                words[marker].append(word)
    return " ".join(["softdep", name, "pre:", *words["pre:"],
                     "post:", *words["post:"]])


def same_config(ours, peer):
    """Two outputs of -c: which rules have to explain their difference; None
    when they do not.  kmod 30 puts no blank in front of post:, prints garbage
    when post: stands before pre:, has modules.softdep among the user's files,
    and knows no weakdep, mask, allow and policy."""
    ours, peer = ours.splitlines(), peer.splitlines()
    used = set()
    for word, row in {"weakdep": "weakdep", "mask": "mask",
                      "allow": "allow-list", "policy": "allow-list"}.items():
        left = [line for line in ours if not line.startswith(word + " ")]
        if left != ours:
            used.add(row)
            ours = left
    if ours == peer:
        return used

    def softdeps(lines):
        return [line for line in lines if line.startswith("softdep ")]

    def others(lines):
        return [line for line in lines if not line.startswith("softdep ")]

    if others(ours) != others(peer):
        return None
    ours, peer = softdeps(ours), softdeps(peer)
    if len(ours) != len(peer):
        return None
    if [line.replace(" post:", "post:") if " pre: " in line else line
            for line in ours] == peer:
        return used | {"config-softdep"}
    rest = []
    for line in peer:
        words = line.replace("post:", " post:").split()
        alike = [o for o in ours if o.split() == words]
        ours.remove(alike[0]) if alike else rest.append(words)
    for words in sorted(rest, key=len, reverse=True):
        found = [o for o in ours if o.split()[:2] == words[:2] and
                 set(words) <= set(o.split())]
        if not found:
            return None
        ours.remove(min(found, key=len))
    return used | {"config-softdep", "softdep-lines"}


def no_weakdeps(tree):
    for rules in tree.peer_files.values():
        rules[:] = [NOTHING if r.text.startswith("weakdep ") else r
                    for r in rules]


def no_policy_lines(word):
    def without(tree):
        for rules in tree.peer_files.values():
            rules[:] = [NOTHING if r.kind == word else r for r in rules]
    return without


def blank_line_ends(tree):
    tree.peer_end = " \n" if tree.crlf else "\n"


def whole_cmdline(tree):
    tree.peer_cmdline_text = tree.peer_cmdline


def files_put_back(tree):
    for path in tree.removed:
        with open(path, "w"):
            pass


def install_wins(tree, asked, said):
    """A module with softdeps of its own is loaded by its command, too."""
    lines, tops = [], []
    if asked.has("-i"):
        tops = tree.paths(said.names)
    for line in said.out.splitlines(True):
        m = re.match(r"insmod (\S+) (.*\n)", line)
        rule = m and tree.install_rule(m.group(1))
        if rule and not (asked.has("-i") and m.group(1) in tops):
            line = f"install {rule} {m.group(2)}"
        m = re.match(r"builtin (\S+)\n", line)
        rule = m and tree.install_rule(m.group(1))
        if rule and not (asked.has("-i") and m.group(1) in said.names):
            # Its options are not in the peer's line.
            line = next((own for own in said.ours.splitlines(True)
                         if own.startswith(f"install {rule} ")), line)
        lines.append(line)
    said.out = "".join(lines)


def once(tree, asked, said):
    if planned_once(said.out, said.ours, len(said.names)):
        said.out = said.ours


def module_of(line):
    """What a line is about; the commands of our trees begin with a name."""
    m = re.match(r"install\s+echo\s+(\S+)", line)
    return m.group(1) if m else re.sub(r"^(insmod \S+).*", r"\1", line,
                                       flags=re.S)


def planned_once(peer, ours, parts):
    """Are ours the peer's lines, but for a second one about the same module?
    A name that means several modules has as many parts, which are planned each
    for itself; where they end is not shown."""
    peer, ours = peer.splitlines(), ours.splitlines()

    @functools.cache
    def fits(i, j, parts):
        if parts == 0:
            return i == len(peer) and j == len(ours)
        seen = set()
        for end in range(i, len(peer) + 1):
            if fits(end, j, parts - 1):
                return True
            if end == len(peer):
                break
            what = module_of(peer[end])
            if what in seen:
                continue
            if j == len(ours) or ours[j] != peer[end]:
                break
            seen.add(what)
            j += 1
        return False

    return fits(0, 0, max(parts, 1))


def softdeps_not_fatal(tree, asked):
    """With -a they are not fatal in the peer either."""
    if asked.has("-r") and not asked.has("-a"):
        asked.options.append("-a")


def after_softdeps(tree, asked, said):
    """Only messages about the modules named count."""
    if not asked.has("-r"):
        return
    level = "WARNING" if asked.has("-a") else "FATAL"
    lines = []
    for line in said.err.splitlines(True):
        m = re.match("modprobe: WARNING: (Module (.*) (is in use|is builtin|"
                     "is not in kernel|not found)\\.\n)", line)
        if not m:
            lines.append(line)
        elif m.group(3) == "not found" or m.group(2) in said.names:
            lines.append(f"modprobe: {level}: {m.group(1)}")
    said.err = "".join(lines)


def say_unpaired(tree, asked, said):
    name = asked.names[0]
    if asked.has("-r") and not asked.quiet() and is_unpaired(name):
        level = "WARNING" if asked.has("-a") else "FATAL"
        said.err += f"modprobe: {level}: Module {name} not found.\n"


def removed_as_well(tree, asked, said):
    """A dry run knows that a removed module needs nothing any more.  Ours has
    the peer's lines, each once, and between them modules that nothing holds
    then."""
    if not asked.has("-r"):
        return
    wanted = set().union(*map(tree.reached, said.names))
    left, gone = list(dict.fromkeys(said.out.splitlines())), set()
    for line in said.ours.splitlines():
        name = line.split()[-1]
        if left and left[0] == line:
            left.pop(0)
        elif not line.startswith("rmmod ") or name not in wanted or \
                name not in tree.live or set(tree.holders[name]) - gone:
            return
        gone.add(name)
    if not left:
        said.out = said.ours


def drop_softdep_brackets(tree, asked, said):
    said.err = "".join(line for line in said.err.splitlines(True)
                       if "failed to lookup soft dependency" not in line)


# Rules that show_config() needs: messages before and beside the output.
CONFIG_RULES = ["config-messages", "cmdline-noise", "crlf", "cmdline",
                "weakdep", "mask", "allow-list"]

RULES = [
    Rule("debug-places", peer=without_places),
    Rule("parameters-checked", ours=without_parameter_warnings),
    Rule("dry-run-prints", args=speak_in_dry_run, after=after_dry_run),
    Rule("show-alias", args=old_spelling),
    Rule("remove-softdeps", args=softdeps_not_fatal, after=after_softdeps),
    Rule("remove-brackets", after=say_unpaired),
    Rule("config-messages", ours=without_line_numbers, after=config_messages),
    Rule("config-softdep"),
    Rule("cmdline-noise", after=drop_cmdline_noise),
    Rule("softdep-brackets", after=drop_softdep_brackets),
    Rule("softdep-lines", before=merged_softdeps),
    Rule("weakdep", before=no_weakdeps),
    Rule("mask", before=no_policy_lines("mask")),
    Rule("allow-list", before=no_policy_lines("allow")),
    Rule("crlf", before=blank_line_ends),
    Rule("cmdline", before=whole_cmdline),
    Rule("missing-file", before=files_put_back),
    Rule("install-holds", after=install_wins),
    Rule("planned-once", after=once),
    Rule("remove-dry", after=removed_as_well),
]
