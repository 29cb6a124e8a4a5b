#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""sweep.py - compares the effects of two tools on the same modules.

  sweep.py [--self] [--again FILE] modules.dep modules.softdep PEER OURS

PEER and OURS are records of sweep.sh or insmods.sh.  Prints a line for each
difference, then figures; the last line is "PASSED FAILED".  FILE gets the names
of the modules that differ.  With --self the peer has made both records.

Three differences are wanted, and checked:

* "modprobe -r" of ours removes every hard dependency that became free; kmod 30
  leaves those that another dependency still used when it looked at them.  Of
  the modules that kmod leaves, ours must remove exactly those that only freed
  dependencies use, and no use count may be wrong.
* A soft dependency in use is a failure for kmod, after the removal, and none for
  ours.
* When the kernel refuses a dependency, ours names its file in a line before.
"""

import argparse
import collections
import os
import re


def name_of(path):
    return os.path.basename(path).split(".")[0].replace("-", "_")


# ---- input

def read_dependencies(path):
    """{module: its hard dependencies}"""
    needs = {}
    with open(path) as f:
        for line in f:
            module, _, rest = line.partition(":")
            needs[name_of(module.strip())] = [name_of(p) for p in rest.split()]
    return needs


def read_soft_dependencies(path):
    """{module: its soft dependencies}: the words after the first marker."""
    needs = collections.defaultdict(list)
    with open(path) as f:
        for line in f:
            words = line.split()
            if words[:1] != ["softdep"]:
                continue
            marked = False
            for word in words[2:]:
                if word in ("pre:", "post:"):
                    marked = True
                elif marked:
                    needs[words[1]].append(name_of(word))
    return needs


class Loaded:
    """One line of /proc/modules."""

    def __init__(self, count, users):
        self.count = int(count)
        self.users = [u for u in users.split(",") if u]

    def __eq__(self, other):
        """The order of the users depends on the order of loading."""
        return self.count == other.count and \
            sorted(self.users) == sorted(other.users)


class Call:
    """modprobe, or modprobe -r: its exit code, what it printed, and the modules
    that were loaded afterwards."""

    def __init__(self, code=""):
        self.code, self.text, self.modules = code, "", {}

    def __str__(self):
        text = self.text.removesuffix("\n").replace("\n", " | ")
        return f"exit {self.code}" + (f", {text}" if text else "")


class Record:
    """One module on one side."""

    def __init__(self):
        self.load, self.unload = Call(), Call()
        self.end = ""  # "left NAME...", or "died: REASON"

    def died(self):
        return self.end.startswith("died:")


def read_records(path):
    """{module: its record}, in the order of the file."""
    records = {}
    record = call = None
    with open(path, errors="surrogateescape") as f:
        for line in f:
            line = line.rstrip("\n")
            word, _, rest = line.partition(" ")
            if word == "@":
                record = records[rest.split()[0]] = Record()
            elif word in ("load", "unload"):
                call = Call(rest.split()[0])
                setattr(record, word, call)
            elif word == "text":
                call.text += rest + "\n"
            elif word == "mod":
                name, count, users = (rest.split() + [""])[:3]
                call.modules[name] = Loaded(count, users)
            elif word in ("left", "died:"):
                record.end = line
    return records


# ---- comparison

class Expected:
    """What ours has to leave after "modprobe -r MODULE", by what the peer left.

    Removed are those dependencies that were not removed by the peer, and that
    nothing uses then.  A user may hold a module more than once
    (ocfs2_nodemanager does), or without its name there (crc64_rocksoft): a
    module that none uses by name counts as free if ours has removed it."""

    def __init__(self, module, peer, ours, may_go):
        self.peer = peer.unload.modules
        self.left = set(self.peer)
        self.count = {name: m.count for name, m in self.peer.items()}
        self.freed = []
        # A module that was not loaded is not removed, nor what it needs.
        if module in peer.load.modules:
            self.free(may_go, ours.unload.modules)
            self.freed = [n for n in self.peer if n not in self.left]

    def free(self, may_go, kept_by_ours):
        again = True
        while again:
            again = False
            for name in self.peer:
                if name not in self.left or name not in may_go or \
                        self.named_users(name) or \
                        (self.count[name] != 0 and name in kept_by_ours):
                    continue
                self.left.remove(name)
                again = True
                for other, module in self.peer.items():
                    if name in module.users:
                        self.count[other] -= 1

    def named_users(self, name):
        """How many of the modules that are left use it."""
        return sum(user in self.left or user == "[permanent]"
                   for user in self.peer[name].users)


class Comparison:
    def __init__(self, needs, soft, peer, ours, same_tool):
        self.needs, self.soft = needs, soft
        self.peer, self.ours = peer, ours
        self.same_tool = same_tool
        self.bad = {}  # modules that differ, in order
        self.died = []
        self.skipped = set()
        self.named, self.soft_kept, self.freed_more = [], [], {}

    def differs(self, module, what):
        print(f"  differs: {module}: {what}")
        self.bad[module] = True

    def all(self):
        for module in self.ours:
            if module not in self.peer:
                self.differs(module, "the peer was not run")
        for module in self.peer:
            if module not in self.ours:
                self.differs(module, "ours was not run")
            else:
                self.one(module, self.peer[module], self.ours[module])

    def one(self, module, peer, ours):
        if peer.died() or ours.died():
            self.death(module, peer, ours)
            return
        if self.names_dependency(module, peer.load, ours.load):
            self.named.append(module)
        elif str(peer.load) != str(ours.load):
            self.differs(module, f"load: peer {peer.load}; ours {ours.load}")
        if peer.load.modules != ours.load.modules:
            self.differs(module, f"load: peer has {' '.join(peer.load.modules)}"
                                 f"; ours {' '.join(ours.load.modules)}")
        if self.keeps_soft(module, peer.unload, ours.unload):
            self.soft_kept.append(module)
        elif str(peer.unload) != str(ours.unload):
            self.differs(module,
                         f"unload: peer {peer.unload}; ours {ours.unload}")
        self.unload(module, peer, ours)
        if peer.end != ours.end:
            self.differs(module, f"peer {peer.end}, ours {ours.end}")

    def death(self, module, peer, ours):
        self.died.append(module)
        if peer.end != ours.end:
            self.differs(module, f"peer {peer.end}, ours {ours.end}")
        else:
            self.skipped.add(module)
            print(f"  skipped: {module}: {peer.end}")

    def names_dependency(self, module, peer, ours):
        """Ours is the same after a line that names a dependency's file."""
        m = re.match(r"modprobe: ERROR: the kernel refused ([^:]*): .*\n",
                     ours.text)
        return m is not None and peer.code == ours.code == "1" and \
            name_of(m.group(1)) in self.needs.get(module, ()) and \
            ours.text[m.end():] == peer.text

    def keeps_soft(self, module, peer, ours):
        """The peer fails for a soft dependency in use, and for nothing else."""
        m = re.fullmatch(r"modprobe: FATAL: Module (.*) is in use\.\n",
                         peer.text)
        return m is not None and m.group(1) != module and \
            m.group(1) in self.soft.get(module, ()) and \
            peer.code == "1" and str(ours) == "exit 0"

    def may_go(self, module):
        """What can become free: hard dependencies, and those of the soft ones."""
        names = set(self.needs.get(module, ()))
        for soft in self.soft.get(module, ()):
            names.update(self.needs.get(soft, ()))
        return names

    def unload(self, module, peer, ours):
        want = Expected(module, peer, ours, self.may_go(module))
        if peer.unload.modules == ours.unload.modules:
            # Then nothing may have been free; but when the peer stands for
            # ours, it leaves what it leaves.
            if want.freed and not self.same_tool:
                self.differs(module, f"unload left {' '.join(want.freed)}")
            return
        for name, loaded in ours.unload.modules.items():
            if name not in want.left:
                self.differs(module, f"unload left {name}")
            elif loaded.count > want.count[name] or \
                    loaded.count < want.count[name] and \
                    loaded.count < want.named_users(name):
                self.differs(module, f"unload: the use count of {name}")
        for name in want.left - set(ours.unload.modules):
            self.differs(module, f"unload removed {name}")
        if module not in self.bad:
            self.freed_more[module] = want.freed

    # ---- figures

    def report(self):
        loaded = sum(r.load.code == "0" for r in self.peer.values())
        refused = collections.Counter(
            r.load.text.removesuffix("\n").split(": ")[-1]
            for r in self.peer.values()
            if r.load.code != "0" and not r.died())
        print(f"  {len(self.peer)} modules: {loaded} loaded, "
              f"{refused.total()} refused, {len(self.died)} ended the kernel")
        for why, times in refused.most_common():
            print(f"    {times:4d} refused: {why}")
        if self.stuck():
            print("  nobody could remove all that came with: "
                  f"{' '.join(self.stuck())}")
        failed = sum(module in self.bad for module in self.peer)
        print(f"  {failed} differences; {len(self.freed_more)} times a freed "
              "dependency more was removed")
        if self.named:
            print("  a dependency that the kernel refused is named: "
                  f"{' '.join(self.named)}")
        if self.soft_kept:
            print("  a soft dependency in use is no failure: "
                  f"{' '.join(self.soft_kept)}")
        for module, freed in self.freed_more.items():
            print(f"    -r {module}: {' '.join(freed)}")
        passed = len(self.peer) - failed - len(self.skipped - set(self.bad))
        print(passed, len(self.bad) + (not self.peer))

    def stuck(self):
        """After which modules more was left than before."""
        stays, found = "left", []
        for module, record in self.peer.items():
            if record.end.startswith("left") and record.end != stays:
                stays = record.end
                found.append(module)
        return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--self", action="store_true", dest="same_tool")
    parser.add_argument("--again")
    parser.add_argument("files", nargs=4)
    options = parser.parse_args()
    needs, soft, peer, ours = options.files
    comparison = Comparison(read_dependencies(needs),
                            read_soft_dependencies(soft), read_records(peer),
                            read_records(ours), options.same_tool)
    comparison.all()
    comparison.report()
    if options.again and comparison.bad:
        with open(options.again, "w") as f:
            f.writelines(module + "\n" for module in comparison.bad)


main()
