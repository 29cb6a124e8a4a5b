#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""modprobe-generated.py - modprobe on made-up trees and configurations, ours against
kmod 30.

Usage: modprobe-generated.py OURS PEER MKMODULE COMPATIBILITY.md TREES SEED

OURS and PEER are directories with a modprobe.  Standard output, standard error and
exit status must be the same, or be made the same by the rules of explain.py,
each of which is a row of COMPATIBILITY.md.  As root in a mount namespace
of its own (unshare -m) it also makes up kernel command lines and loaded
modules.  Tree n is made from SEED + n, so one tree can be had again by itself.
"""

import concurrent.futures
import copy
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

import explain
import policy
import trees
from explain import Asked, Said

ENV = {"PATH": "/sbin:/usr/sbin:/bin:/usr/bin", "LC_ALL": "C"}


class World:
    """What all trees share: the programs, and the kernel as they see it."""

    def __init__(self, ours, peer):
        self.programs = {"ours": ours, "peer": peer}
        self.cmdline = self.sys = self.proc = None
        self.top = tempfile.mkdtemp(prefix="libmod-diff.")

    def enter(self):
        """False where mounts are not allowed."""
        self.cmdline, self.sys = f"{self.top}/cmdline", f"{self.top}/sys"
        with open(self.cmdline, "w"):
            pass
        os.mkdir(self.sys)
        for what, where in ((self.cmdline, "/proc/cmdline"),
                            (self.sys, "/sys/module"),
                            (f"{self.top}/modules", "/proc/modules")):
            if where == "/proc/modules":
                if not os.path.exists(where):
                    continue
                self.proc = what
                with open(what, "w"):
                    pass
            if subprocess.run(["mount", "--bind", what, where],
                              stderr=subprocess.DEVNULL).returncode:
                self.cmdline = self.sys = None
                return False
        return True

    def say_cmdline(self, text):
        if self.cmdline:
            with open(self.cmdline, "w") as f:
                f.write(text + "\n")

    def load(self, tree):
        if self.sys:
            tree.write_live(self.sys, self.proc)

    def unload(self):
        if self.proc:
            with open(self.proc, "w"):
                pass
        for name in os.listdir(self.sys) if self.sys else ():
            shutil.rmtree(f"{self.sys}/{name}")

    def run(self, who, tree, asked, folders):
        words = ["modprobe", *asked.words()]
        for folder in reversed(folders):
            words[1:1] = ["-C", folder]
        words[1:1] = ["-d", tree.root, "-S", trees.RELEASE]
        done = subprocess.run(
            words, executable=f"{self.programs[who]}/modprobe", env=ENV,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
            encoding="latin1", cwd=tree.top)
        err = re.sub(r"(\.config)?\.peer/", "/", done.stderr)
        return explain.settle(who, Said(done.stdout, err, done.returncode))


def make_calls(tree):
    rng = tree.rng
    return [make_removal(tree) if rng.random() < 0.2 else make_call(tree)
            for _ in range(24)]


def make_call(tree):
    rng = tree.rng
    options = list(rng.choice([
        ["-D"], ["-D"], ["-n", "-v"], ["-n"], ["-R"], ["-R"],
        ["--resolve-alias"], ["--show-alias"], ["--show-depends"]]))
    for option in ("-i", "-b", "-q", "--first-time"):
        if rng.random() < 0.15:
            options.append(option)
    names = [call_name(tree)]
    if rng.random() < 0.25:
        options.append("-a")
        names += [call_name(tree) for _ in range(rng.randint(0, 3))]
    elif rng.random() < 0.3:
        names += rng.sample(["a=1", "b=x y", 'c="d e"', "f", "g="], 2)
    return Asked(options, names)


def make_removal(tree):
    """Only of what no cycle of softdeps is near: there kmod crashes, as it
    does for a built-in that is a softdep of its own."""
    rng = tree.rng
    options = ["-r", "-n", *rng.choice([["-v"], ["-v"], []])]
    for option in ("-i", "-b", "-q", "--first-time", "-a"):
        if rng.random() < 0.15:
            options.append(option)
    while True:
        name = tree.any_name()
        if tree.live and rng.random() < 0.6:
            name = rng.choice(sorted(tree.live))
        found = tree.means.get(trees.normal(name), [])
        if not any(tree.has_cycles & tree.reached(f) for f in found):
            return Asked(options, [name])


def call_name(tree):
    """Not an alias of a module that its softdeps lead back to: kmod takes the
    two for different modules, and no rule tells what follows."""
    while True:
        name = tree.any_name()
        found = tree.means.get(trees.normal(name), [])
        reached = set().union(*map(tree.reached, found))
        if not reached & tree.has_cycles:
            return name
        if found == [trees.normal(name)] and not tree.keeps_aliases(reached):
            return name


class Comparison:
    """One tree."""

    def __init__(self, world, tree, results, seed):
        self.world, self.tree = world, tree
        self.results, self.seed = results, seed

    def all(self):
        tree, world = self.tree, self.world
        self.learn()
        world.say_cmdline(tree.cmdline)
        world.load(tree)
        calls = make_calls(tree)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            ours = list(pool.map(self.ours, calls))
            peer = list(pool.map(self.peer, calls))
        self.odd = []
        for asked, a, b in zip(calls, ours, peer):
            self.results.rows.use(*a.used, *b.used)
            if a == b:
                self.results.same += 1
            elif len(asked.names) > 1 and asked.has("-a"):
                self.one_by_one(asked, a)
            else:
                self.odd.append((asked, a))
        if self.odd:
            self.explain()
        policy.PolicyCheck(self).all()
        self.show_config()
        world.say_cmdline("")  # the next tree is indexed by kmod
        world.unload()

    def show_config(self):
        """modprobe -c."""
        tree, asked = self.tree, Asked(["-c"], [])
        self.world.say_cmdline(tree.cmdline)
        ours = self.ours(asked)
        tree.begin_explaining()
        rules = [r for r in explain.RULES if r.name in explain.CONFIG_RULES]
        for rule in rules:
            if rule.before:
                rule.before(tree)
        folders = tree.write_peer(".config.peer")
        self.world.say_cmdline(tree.peer_cmdline_text)
        peer = self.world.run("peer", tree, asked, folders)
        for rule in rules:
            if rule.after:
                rule.after(tree, asked, peer)
        used = explain.same_config(ours.out, peer.out)
        if used is None or (ours.err, ours.status) != (peer.err, peer.status):
            self.fail(asked, ours, peer, "kmod 30, as explained")
        elif used:
            self.results.explained += 1
            self.results.rows.use(*used)
        else:
            self.results.same += 1

    def learn(self):
        """What the words of softdeps mean, all in one process, with a line
        between them that nothing else prints."""
        tree, mark = self.tree, f"{self.tree.top}/mark.conf"
        with open(mark, "w") as f:
            f.write("install zz_mark :\n")
        words = tree.planned_names() + trees.MODALIASES + trees.ODD_NAMES
        words += [w for name in words for w in tree.softdep_words_of(name)]
        words = sorted({trees.normal(w) for w in words})
        names = [n for w in words for n in (w, "zz_mark")]
        said = self.world.run("peer", tree, Asked(["-a", "-R"], names),
                              [mark, *tree.conf_dirs])
        found = [part.split() for part in said.out.split("zz_mark\n")]
        tree.learn(dict(zip(words, found)))

    def ours(self, asked):
        return self.world.run("ours", self.tree, asked, self.tree.conf_dirs)

    def peer(self, asked):
        return self.world.run("peer", self.tree, asked, self.tree.conf_dirs)

    def one_by_one(self, asked, together):
        """-a is the same as one call after the other; those are explained."""
        apart = Said("", "", 0)
        early = set()
        for name in asked.names:
            one = Asked(asked.options, [name])
            said = self.ours(one)
            self.odd.append((one, said))
            apart.out += said.out
            for line in said.err.splitlines(True):
                # The configuration is read, and complained about, once.
                if ".conf" in line and line in early:
                    continue
                early.add(line) if ".conf" in line else None
                apart.err += line
            apart.status |= said.status
        if apart != together:
            self.fail(asked, together, apart, "one by one")

    def fail(self, asked, ours, other, what):
        self.results.failed += 1
        print(f"FAILED: tree {self.seed}: {asked}\n  ours\n{ours}"
              f"  {what}\n{other}", flush=True)

    def explain(self):
        tree, world = self.tree, self.world
        tree.begin_explaining()
        used = []
        for rule in explain.RULES:
            if rule.before:
                before = repr_of(tree)
                rule.before(tree)
                used += [rule.name] if repr_of(tree) != before else []
        folders = tree.write_peer()
        world.say_cmdline(tree.peer_cmdline_text)
        for asked, ours in self.odd:
            self.explain_one(asked, ours, folders, used)

    def explain_one(self, asked, ours, folders, used):
        tree = self.tree
        changed = copy.deepcopy(asked)
        used = set(used)
        for rule in explain.RULES:
            if rule.args:
                before = changed.words()
                rule.args(tree, changed)
                used |= {rule.name} if changed.words() != before else set()
        said = self.world.run("peer", tree, changed, folders)
        said.ours, said.names = ours.out, self.meant(asked, folders)
        for rule in explain.RULES:
            if rule.after:
                before = str(said)
                rule.after(tree, asked, said)
                used |= {rule.name} if str(said) != before else set()
        if said == ours:
            self.results.explained += 1
            self.results.rows.use(*used)
        else:
            self.fail(asked, ours, said, "kmod 30, as explained")

    def meant(self, asked, folders):
        """The modules that the name means."""
        said = self.world.run("peer", self.tree,
                              Asked(["-R"], asked.names[:1]), folders)
        return said.out.split()


def repr_of(tree):
    return repr((tree.peer_first, tree.peer_end, tree.peer_cmdline_text,
                 tree.removed and [os.path.exists(p) for p in tree.removed],
                 [[r.text for r in f] for f in tree.peer_files.values()]))


def main():
    ours, peer, mkmodule, table, count, seed = sys.argv[1:]
    results, world = explain.Results(table), World(ours, peer)
    if not world.enter():
        print("not root: kernel command lines and loaded modules are left out")
    seed = int(seed)
    print(f"{count} trees from seed {seed} on", flush=True)
    try:
        for n in range(seed, seed + int(count)):
            top = os.path.join(world.top, str(n))
            tree = trees.Tree(random.Random(n), top, mkmodule)
            tree.remove_some_files()
            Comparison(world, tree, results, n).all()
            if not os.getenv("KEEP"):
                shutil.rmtree(top)
    finally:
        if os.getenv("KEEP"):
            print(f"kept: {world.top}")
        else:
            shutil.rmtree(world.top)
    results.report()
    return results.failed > 0


if __name__ == "__main__":
    sys.exit(main())
