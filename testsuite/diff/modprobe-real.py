#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""modprobe-real.py - modprobe on the modules of a real kernel, ours against kmod 30.

Usage: modprobe-real.py OURS PEER ROOT RELEASE COMPATIBILITY.md

OURS and PEER are directories with a modprobe.  Asks for every module and for a
device of every alias in the tree, hundreds of names in one process.  Between
two names stands one that prints a line known beforehand, so that it is seen
which name said what.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

import explain

MARK = "zz_mark"
CHUNK = 400
ENV = {"PATH": "/sbin:/usr/sbin:/bin:/usr/bin", "LC_ALL": "C"}


def read_words(path, column):
    with open(path) as f:
        return [line.split()[column] for line in f
                if line.strip() and line[0] != "#"]


def name_of(path):
    name = os.path.basename(path.rstrip(":"))
    return name.split(".")[0].replace("-", "_")


def instance(rng, alias):
    """A device that the alias means, if it were there."""
    text = ""
    for part in re.findall(r"\[[^]]*\]|.", alias):
        if part == "*":
            text += "".join(rng.choices("0123456789ABCDEF",
                                        k=rng.choice([0, 4, 8])))
        elif part == "?":
            text += rng.choice("0123456789ABCDEF")
        elif part[0] == "[" and len(part) > 2:
            text += part[1]
        else:
            text += part
    return text


class Tree:
    def __init__(self, root, release, programs, top):
        self.root, self.release, self.programs = root, release, programs
        self.dir = f"{root}/lib/modules/{release}"
        self.top = top
        self.plain, self.merged = f"{top}/plain", f"{top}/merged"
        for folder in (self.plain, self.merged):
            os.mkdir(folder)
            with open(f"{folder}/mark.conf", "w") as f:
                f.write(f"install {MARK} :\n")
        self.write_merged()
        # -i takes the other mark its command.
        self.builtin = name_of(read_words(f"{self.dir}/modules.builtin", 0)[0])

    def write_merged(self):
        lines = {}
        with open(f"{self.dir}/modules.softdep") as f:
            for line in f:
                words = line.split(maxsplit=2)
                if words and words[0] == "softdep":
                    lines.setdefault(words[1], []).append(words[2])
        with open(f"{self.merged}/!.conf", "w") as f:
            for name, rest in lines.items():
                f.write(explain.merged_softdep(name, rest, {}) + "\n")

    def run(self, who, options, names, config):
        words = ["modprobe", "-d", self.root, "-S", self.release, "-C", config,
                 "-a", *options]
        mark = self.builtin if "-i" in options else MARK
        for name in names:
            words += [name, mark]
        done = subprocess.run(words, executable=f"{self.programs[who]}/modprobe",
                              env=ENV, stdin=subprocess.DEVNULL,
                              capture_output=True, encoding="latin1")
        said = explain.settle(who, explain.Said(done.stdout, done.stderr,
                                                done.returncode))
        parts = re.split(f"^(?:install : |builtin {mark}|{mark})\n", said.out,
                         flags=re.M)
        if len(parts) != len(names) + 1 or parts[-1]:
            sys.exit(f"{who}: status {said.status}, {len(parts) - 1} answers "
                     f"for {len(names)} names\n{said.err[:2000]}")
        return parts[:-1], said.err, said.status

    def count(self, name):
        """How many modules a name means."""
        parts, _, _ = self.run("peer", ["-R"], [name], self.plain)
        return len(parts[0].split())


def compare(tree, results, options, names):
    ours, err, status = tree.run("ours", options, names, tree.plain)
    peer, peer_err, peer_status = tree.run("peer", options, names, tree.plain)
    if (err, status) != (peer_err, peer_status):
        results.failed += 1
        print(f"FAILED: {options}\n{status}: {err[:2000]}\n"
              f"{peer_status}: {peer_err[:2000]}")
    if ours == peer:
        results.same += len(names)
        return
    merged, _, _ = tree.run("peer", options, names, tree.merged)
    for name, a, b, c in zip(names, ours, peer, merged):
        used = []
        if a == b:
            results.same += 1
            continue
        if b != c:
            used.append("softdep-lines")
        if a != c:
            used.append("planned-once")
        if a == c or explain.planned_once(c, a, tree.count(name)):
            results.rows.use(*used)
            results.explained += 1
        else:
            results.failed += 1
            print(f"FAILED: {' '.join(options)} {name}\nours\n{a}"
                  f"kmod 30, as explained\n{c}", flush=True)


def show_config(tree, results):
    """modprobe -c."""
    said = [subprocess.run(
        ["modprobe", "-d", tree.root, "-S", tree.release, "-C", tree.plain,
         "-c"], executable=f"{tree.programs[who]}/modprobe", env=ENV,
        stdin=subprocess.DEVNULL, capture_output=True, check=True,
        encoding="latin1") for who in ("ours", "peer")]
    used = explain.same_config(said[0].stdout, said[1].stdout)
    if used is None or said[0].stderr or said[1].stderr:
        results.failed += 1
        print(f"FAILED: -c\n{said[0].stderr}{said[1].stderr}", flush=True)
    else:
        results.rows.use(*used)
        results.explained += 1
    print(f"-c: {len(said[0].stdout.splitlines())} lines", flush=True)


def main():
    ours, peer, root, release, table = sys.argv[1:]
    rng, results = random.Random(1), explain.Results(table)
    top = tempfile.mkdtemp(prefix="libmod-diff.")
    try:
        tree = Tree(root, release, {"ours": ours, "peer": peer}, top)
        names = [name_of(p) for p in read_words(f"{tree.dir}/modules.dep", 0)]
        names += [name_of(p)
                  for p in read_words(f"{tree.dir}/modules.builtin", 0)]
        aliases = [instance(rng, a)
                   for a in read_words(f"{tree.dir}/modules.alias", 1)]
        with open(f"{tree.dir}/modules.builtin.modinfo") as f:
            aliases += [instance(rng, line.split("=", 1)[1])
                        for line in f.read().split("\0") if ".alias=" in line]
        aliases += [f"symbol:{s}" for s in
                    read_words(f"{tree.dir}/modules.symbols", 1)[::10]]
        aliases += [a + "x" for a in aliases[::50]]
        for options, words in ((["-D"], names), (["-D", "-i"], names[::7]),
                               (["-n", "-v", "-b"], names),
                               (["-D", "-q"], aliases[::13]),
                               (["-R"], aliases)):
            for i in range(0, len(words), CHUNK):
                compare(tree, results, options, words[i:i + CHUNK])
            print(f"{' '.join(options)}: {len(words)} names", flush=True)
        show_config(tree, results)
    finally:
        shutil.rmtree(top)
    results.report()
    return results.failed > 0


if __name__ == "__main__":
    sys.exit(main())
