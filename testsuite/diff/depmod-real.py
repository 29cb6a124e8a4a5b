#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""depmod-real.py - depmod on the tree of a real kernel, ours against kmod 30.

Usage: depmod-real.py OURS PEER ROOT RELEASE

OURS and PEER are directories with the tools; ROOT is indexed by PEER's depmod.
Compares every output, with one thread and with many, what -n and -v print, and
what the peer's modprobe answers with our indexes in place of its own.
"""

import os
import random
import subprocess
import sys
import tempfile

import tries

TEXTS = ["dep", "alias", "softdep", "symbols", "devname"]
BINS = ["dep.bin", "alias.bin", "symbols.bin", "builtin.bin",
        "builtin.alias.bin"]
ENV = {"PATH": "/sbin:/usr/sbin:/bin:/usr/bin", "LC_ALL": "C"}
NAMES = 3000
CHUNK = 500


class Test:
    def __init__(self, ours, peer, root, release, top):
        self.ours, self.peer, self.top = ours, peer, top
        self.root, self.release = root, release
        self.dir = f"{root}/lib/modules/{release}"
        self.failures = 0
        self.outs = {}

    def check(self, good, what):
        if not good:
            self.failures += 1
            print(f"FAILED: {self.release}: {what}")

    def run(self, who, tool, *args):
        return subprocess.run([f"{who}/{tool}", *args], env=ENV,
                              stdin=subprocess.DEVNULL, capture_output=True)

    def read(self, folder, name):
        with open(f"{folder}/modules.{name}", "rb") as f:
            return f.read()

    def index(self, jobs):
        """Our outputs, in a directory of their own."""
        out = f"{self.top}/j{jobs}"
        r = self.run(self.ours, "depmod", "-b", self.root, "-o", out,
                     "-j", str(jobs), self.release)
        self.check((r.returncode, r.stdout, r.stderr) == (0, b"", b""),
                   f"-j {jobs}: {r}")
        return f"{out}/lib/modules/{self.release}"

    def compare_files(self):
        folder = self.index(1)
        for name in TEXTS:
            self.check(self.read(folder, name) == self.read(self.dir, name),
                       f"modules.{name} is not the peer's")
        for name in BINS:
            wrong = tries.difference(self.read(folder, name),
                                     self.read(self.dir, name))
            self.check(not wrong, f"modules.{name}: {wrong}")
        for jobs in 2, 3, 16:
            other = self.index(jobs)
            for name in TEXTS + BINS + ["weakdep"]:
                self.check(self.read(other, name) == self.read(folder, name),
                           f"modules.{name} differs with {jobs} threads")
        return folder

    def compare_show(self, folder):
        r = self.run(self.ours, "depmod", "-n", "-b", self.root, self.release)
        want = b"".join(self.read(folder, name) for name in
                        ["dep", "alias", "softdep", "weakdep", "symbols",
                         "devname"])
        self.check(r.returncode == 0 and not r.stderr and r.stdout == want,
                   "-n does not print the text files")

    def words(self):
        """Names, aliases and symbols to ask for."""
        words = []
        for name, column in ("dep", 0), ("alias", 1), ("symbols", 1):
            for line in self.read(self.dir, name).decode().splitlines():
                if line[0] == "#":
                    continue
                word = line.split()[column]
                if name == "dep":
                    word = os.path.basename(word).split(".")[0]
                words.append(word.replace("*", "0").replace("?", "x"))
        rng = random.Random(1)
        return rng.sample(words, min(NAMES, len(words))) + ["nosuch"]

    def compare_modprobe(self, folder):
        """The peer's modprobe with our indexes answers as with its own."""
        for name in os.listdir(self.dir):
            if not os.path.exists(f"{folder}/{name}"):
                os.symlink(f"{self.dir}/{name}", f"{folder}/{name}")
        answers = {}
        for root in self.root, f"{self.top}/j1":
            asked = [["-c"]]
            words = self.words()
            for i in range(0, len(words), CHUNK):
                part = words[i:i + CHUNK]
                asked += [["-R", "-a", *part], ["-D", "-a", *part]]
            answers[root] = [
                (r.returncode, r.stdout.replace(root.encode(), b"ROOT"),
                 r.stderr.replace(root.encode(), b"ROOT"))
                for r in (self.run(self.peer, "modprobe", "-d", root, "-S",
                                   self.release, *a) for a in asked)]
        mine, theirs = answers.values()
        self.check(mine == theirs, "modprobe answers otherwise")
        self.check(len(theirs[0][1]) > 10000, "modprobe -c prints nothing")

    def made_tables(self):
        """A System.map and a Module.symvers that lack something; False when the
        modules have no versions, which tell what the kernel exports."""
        known = {line.split()[1].split(":")[1] for line in
                 self.read(self.dir, "symbols").decode().splitlines()[1:]}
        r = self.run(self.peer, "modprobe", "--dump-modversions",
                     *self.some_modules())
        needed = dict(reversed(line.split()) for line in
                      r.stdout.decode().splitlines())
        kernel = sorted(set(needed) - known)
        with open(f"{self.top}/map", "w") as f:
            for i, name in enumerate(kernel):
                if i % 50:
                    f.write(f"ffffffff{i:08x} r __ksymtab_{name}\n")
        with open(f"{self.top}/symvers", "w") as f:
            for i, name in enumerate(kernel):
                crc = needed[name] if i % 40 else "0x1"
                if i % 70:
                    f.write(f"{crc}\t{name}\tvmlinux\tEXPORT_SYMBOL\n")
        return bool(kernel)

    def some_modules(self):
        for folder, _, names in os.walk(f"{self.dir}/kernel/fs"):
            for name in names:
                if ".ko" in name:
                    yield f"{folder}/{name}"

    def compare_messages(self):
        """-e: the same lines; -v: the same edges.  On a part of the tree."""
        root = f"{self.top}/part"
        folder = f"{root}/lib/modules/{self.release}"
        os.makedirs(folder)
        os.symlink(f"{self.dir}/kernel/fs", f"{folder}/fs")
        os.symlink(f"{self.dir}/kernel/lib", f"{folder}/lib")
        forms = [["-e"], ["-v"]]
        if self.made_tables():
            forms += [["-e", "-F", f"{self.top}/map"],
                      ["-e", "-E", f"{self.top}/symvers"]]
        for args in forms:
            mine, theirs = (
                self.run(who, "depmod", "-n", *args, "-b", root, self.release)
                for who in (self.ours, self.peer))
            out = mine.stdout.replace(
                b"# Weak dependencies extracted from modules themselves.\n",
                b"")
            self.check(mine.returncode == theirs.returncode and
                       out == theirs.stdout and mine.stderr == theirs.stderr,
                       f"depmod -n {args} differs")
            if len(args) == 3:
                self.check(theirs.stderr.count(b"\n") > 20, f"{args}: silent")

    def all(self):
        folder = self.compare_files()
        self.compare_show(folder)
        self.compare_modprobe(folder)
        self.compare_messages()
        print(f"{self.release}: {self.failures or 'none'} failed")
        return self.failures


def main():
    ours, peer, root, release = sys.argv[1:]
    with tempfile.TemporaryDirectory() as top:
        sys.exit(Test(ours, peer, root, release, top).all() > 0)


if __name__ == "__main__":
    main()
