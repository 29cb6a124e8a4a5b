#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""depmod-generated.py - depmod on made-up trees, ours against kmod 30.

Usage: depmod-generated.py OURS PEER MKMODULE COMPATIBILITY.md TREES SEED

OURS and PEER are directories with the tools.  Tree number N is made from the seed
SEED + N alone; a failure prints it, and `TREES=1 SEED=...` makes it again.

A difference is not accepted as it is: the peer gets a tree of the same meaning
in a form that it understands (RULES), and then must write the same bytes.  The
rules are named after rows of COMPATIBILITY.md; see rows.py.
"""

import collections
import lzma
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

import tries
from rows import Rows

RELEASE = "6.6.6-made-up"
ENV = {"PATH": "/sbin:/usr/sbin:/bin:/usr/bin", "LC_ALL": "C"}
TEXTS = ["dep", "alias", "softdep", "symbols", "devname"]
BINS = ["dep.bin", "alias.bin", "symbols.bin", "builtin.bin",
        "builtin.alias.bin"]
NAMES = ["a", "a-b", "c_d", "e-f-g", "h2", "io", "jkl", "mno-p", "q_r-s",
         "tuv", "w", "xyz", "loop", "lo", "lz", "net-pf-9", "dot.ted", "A"]
FOLDERS = ["kernel/a", "kernel/a/b", "kernel/c", "extra", "updates",
           "updates/x", "foo", "foobar", "weak-updates/y", ".hidden", ""]
ALIASES = ["pci:v00008086d*", "fs-x-y", "usb:v1234p[0-9a-f]*", "a-b[c-d]e-f",
           "un[matched", "un]matched", "", "with space", "acpi*:FOO-1:*",
           "of:N*T*Cx,y-z", "char-major-10-7", "char-major-10-*",
           "block-major-7-*", "block-major-8-3", "devname:x/y",
           "devname:other", "char-major-4-5junk", "twin", "twin-2", "[-]-"]
RULES = ["depmod-bad-module", "depmod-bad-once", "depmod-builtin-record",
         "depmod-cut-zstd", "depmod-cycles",
         "depmod-empty-index", "depmod-empty-name", "depmod-layout",
         "depmod-links-shown", "depmod-message-order", "depmod-order-twice",
         "depmod-ties", "depmod-weakdep"]


class Module:
    def __init__(self, name):
        self.name = name.split(".")[0].replace("-", "_")
        self.file = name
        self.exports, self.info = [], []
        self.paths = []


class Tree:
    def __init__(self, rng, top, mkmodule):
        self.rng, self.mkmodule = rng, mkmodule
        self.root, self.top = f"{top}/root", top
        self.dir = f"{self.root}/lib/modules/{RELEASE}"
        self.external = f"{top}/ext"
        self.abort = []  # files that make the peer abort
        self.cut = []  # zstd files that lack their end
        self.weak = {}  # path to what weakdep says of a sound module
        os.makedirs(self.dir)
        self.make_modules()
        self.make_files()
        self.make_config()
        self.args = rng.choice([[], [], ["-w"], ["-v"], ["-n"], ["-a"],
                                ["-P", "_"], ["-P", "x", "-v"]])
        self.args = self.args + self.make_tables()
        self.files = self.choose_files() if rng.random() < 0.12 else []

    def choose_files(self):
        """The modules to be indexed alone, named one by one."""
        paths = [self.rng.choice(m.paths) for m in self.modules]
        return self.rng.sample(paths, self.rng.randint(0, len(paths)))

    def some(self, words, most):
        return [self.rng.choice(words)
                for _ in range(self.rng.randint(0, most))]

    def make_modules(self):
        rng = self.rng
        self.modules = [Module(n) for n in rng.sample(
            NAMES, rng.choice([0, 1, 4, 8, 12, 16]))]
        self.rings = rng.random() < 0.12
        for i, m in enumerate(self.modules):
            crc = rng.random() < 0.6
            for k in range(rng.randint(0, 3)):
                m.exports.append(f"{m.name}_{k}" if rng.random() < 0.9
                                 else rng.choice(["shared_symbol",
                                                  "_shared_symbol"]))
            self.make_module(m, i, crc)

    def make_module(self, m, i, crc):
        rng, args = self.rng, []
        for name in dict.fromkeys(m.exports):
            own = crc if rng.random() < 0.95 else not crc
            args += ["-x", f"{name}=0x{len(name):08x}" if own else name]
        later = self.modules[i + 1:] if not self.rings else self.modules
        symbols = [f"{o.name}_{k}" for o in later if o is not m
                   for k in range(3)]
        for name in dict.fromkeys(self.some(symbols or ["nosuch"], 4)):
            args += [rng.choice(["-u", "-u", "-w"]), name]
            if rng.random() < 0.5:
                args += ["-v", f"{name}=0x{rng.choice([1, len(name)]):08x}"]
        for name in self.some(["printk", "nosuch", ".dotted", "..twice",
                               "__this_module", ".TOC."], 2):
            args += ["-u", name]
        if rng.random() < 0.3:
            args += ["-v", "module_layout=0x1234"]
        for alias in self.some(ALIASES, 4):
            args += ["-m", f"alias={alias}"]
        for text in self.some(["pre: a b", "post: c-d", "x"], 1):
            args += ["-m", f"softdep={text}"]
        weak = self.some(["a", "b c-d"], 2)
        for text in weak:
            args += ["-m", f"weakdep={text}"]
        args += rng.choice([[], [], [], ["-3"], ["-B"], ["-3", "-B"], ["-n"]])
        if "-n" in args:
            weak = []
        path = f"{self.top}/module"
        subprocess.run([self.mkmodule, *args, path], check=True)
        with open(path, "rb") as f:
            data = f.read()
        for folder in rng.sample(FOLDERS, rng.choice([1, 1, 1, 2, 3])):
            self.place(m, f"{self.dir}/{folder}", data, weak)

    def place(self, m, folder, data, weak):
        rng = self.rng
        ext = rng.choice([".ko", ".ko", ".ko", ".ko.xz", ".ko.zst"])
        packing = ext if rng.random() < 0.9 else rng.choice(
            [".ko", ".ko.xz", ".ko.zst"])
        base = m.file if rng.random() < 0.8 else m.file.replace("_", "-")
        path = os.path.normpath(f"{folder}/{base}{ext}")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        m.paths.append(path)
        if packing == ".ko.xz":
            data = lzma.compress(data, check=lzma.CHECK_CRC32)
        elif packing == ".ko.zst":
            data = subprocess.run(["zstd", "-q", "-c"], input=data,
                                  capture_output=True, check=True).stdout
        elif rng.random() < 0.04:
            self.abort.append(path)  # e_shstrndx
            at = 0x3E if data[4] == 2 else 0x32
            data = data[:at] + b"\0\0" + data[at + 2:]
            weak = []
        if rng.random() < 0.06 and path not in self.abort:
            data = rng.choice([b"", b"\x7fELF", data[:rng.randrange(64)],
                               data[:-1], b"some text that is no module\n"])
            if data[:4] == b"\x28\xb5\x2f\xfd":
                self.cut.append(path)
            weak = []
        with open(path, "wb") as f:
            f.write(data)
        self.weak[path] = weak

    def make_files(self):
        rng = self.rng
        if rng.random() < 0.8:
            lines = [os.path.relpath(re.sub(r"\.ko.*", ".ko", p), self.dir)
                     for m in self.modules for p in m.paths]
            lines = list(dict.fromkeys(lines)) + ["kernel/nosuch.ko"]
            if rng.random() < 0.2:
                lines += rng.sample(lines, 1)
            rng.shuffle(lines)
            text = "\n".join(lines[:rng.randint(0, len(lines))]) + "\n"
            if rng.random() < 0.1:
                text = text[:-1]
            if rng.random() < 0.05:
                text += "x" * rng.choice([4094, 4095, 5000]) + "\n"
            self.write("modules.order", text)
        if rng.random() < 0.7:
            self.write("modules.builtin", "".join(
                f"kernel/{n}.ko\n" for n in rng.choices(NAMES, k=4)))
        if rng.random() < 0.7:
            odd = ["nothing", "no_dot=alias", "x.alias", ".alias=none",
                   "x.alias=a.b=c-d", "x.aliased=no", "x.parm=alias=no"]
            self.write("modules.builtin.modinfo", "".join(
                (f"{rng.choice(NAMES)}.{k}={rng.choice(ALIASES)}"
                 if rng.random() < 0.8 else rng.choice(odd)) + "\0"
                for k in ["alias", "alias", "license", "alias"]) +
                rng.choice(["", "", "x.alias=unended"]))
        if rng.random() < 0.15:
            self.write("notes.txt", "x")
            os.symlink("nowhere", f"{self.dir}/dangling.ko")
        if rng.random() < 0.15 and self.modules:
            target = rng.choice(rng.choice(self.modules).paths)
            if target not in self.abort + self.cut:
                os.makedirs(f"{self.dir}/linked", exist_ok=True)
                shutil.copy(target, f"{self.top}/away")
                path = f"{self.dir}/linked/link_only.ko"
                os.symlink("../../../../../away", path)
                self.weak[path] = self.weak[target]
        if rng.random() < 0.15:
            os.makedirs(f"{self.dir}/build", exist_ok=True)
            self.write("build/never.ko", "x")
        if rng.random() < 0.1:
            self.write(".ko", "")
            self.write(".dot.ko", "")

    def write(self, name, text):
        with open(f"{self.dir}/{name}", "w") as f:
            f.write(text)

    def make_config(self):
        rng = self.rng
        words = ["updates", "extra", "foo", "built-in", "external", "kernel",
                 "weak-updates", "updates/x", "nosuch", "kernel/a"]
        self.search, self.overrides, self.externals = [], [], []
        lines = []
        for kind in self.some(["search", "search", "override", "external",
                               "exclude", "other"], 4):
            if kind == "search":
                part = rng.sample(words, rng.randint(0, 4))
                self.search += part
                lines.append(" ".join(["search", *part]))
            elif kind == "override":
                name = rng.choice(NAMES)
                pattern = rng.choice(["*", "*", "6\\\\.6", "^7", "made"])
                folder = rng.choice(FOLDERS[:-1])
                lines.append(f"override {name} {pattern} {folder}")
                if pattern != "^7":
                    self.overrides.insert(0, (name, folder))
            elif kind == "external":
                if not self.externals:
                    self.make_external()
                lines.append(f"external * {self.external}")
            elif kind == "exclude":
                lines.append("exclude " + rng.choice(
                    ["extra", "a.ko", "b", "nosuch", "foo extra"]))
            else:
                lines.append(rng.choice(["bogus line", "# comment", "",
                                         "  # not one", "override a",
                                         "external x", "include y"]))
        self.config = f"{self.top}/depmod.conf"
        with open(self.config, "w") as f:
            f.write("\n".join(lines) + rng.choice(["", "\n"]))

    def make_external(self):
        self.externals.append(self.external)
        for m in self.some(self.modules or [Module("ext_only")], 2):
            subprocess.run([self.mkmodule, "-x", f"{m.name}_0",
                            f"{self.top}/module"], check=True)
            os.makedirs(self.external, exist_ok=True)
            shutil.copy(f"{self.top}/module", f"{self.external}/{m.file}.ko")
        os.makedirs(self.external, exist_ok=True)

    def make_tables(self):
        rng, kernel = self.rng, ["printk", "module_layout", "a_0"]
        if rng.random() < 0.5:
            return []
        prefix = self.args[1] if self.args[:1] == ["-P"] else ""
        if rng.random() < 0.5:
            with open(f"{self.top}/map", "w") as f:
                for name in kernel[:rng.randint(1, 3)]:
                    f.write(f"ffffffff80000000 r {prefix}__ksymtab_{name}\n")
            return ["-e", "-F", f"{self.top}/map"]
        with open(f"{self.top}/symvers", "w") as f:
            for name in kernel[:rng.randint(1, 3)]:
                f.write(f"0x{rng.choice([0, 0x1234]):08x}\t{name}\tvmlinux"
                        "\tEXPORT_SYMBOL\n")
        return ["-e", "-E", f"{self.top}/symvers"]

    # ---- what may win among modules of one name

    def rank(self, path):
        stem = self.stem(path)
        search = self.search or ["updates"]
        best, builtin = -1, -1
        for i, word in enumerate(search):
            rank = len(search) - i
            if word == "built-in":
                builtin = max(builtin, rank)
            elif word == "external":
                if self.externals and path.startswith(self.external + "/"):
                    best = max(best, rank)
            elif stem.startswith(word + "/"):
                best = max(best, rank)
        return best if best >= 0 else builtin

    def stem(self, path):
        rel = os.path.relpath(path, self.dir) \
            if path.startswith(self.dir + "/") else path
        folder, _, base = rel.rpartition("/")
        return (folder + "/" if folder else "") + base.split(".")[0]

    def preferred(self, path):
        """Which override names it; the first counts."""
        for i, (name, folder) in enumerate(self.overrides):
            if self.stem(path) == f"{folder}/{name}":
                return -i
        return -len(self.overrides)

    def merit(self, path):
        return self.preferred(path), self.rank(path)


class Run:
    """What depmod says and writes; the tree is as before then."""

    def __init__(self, tree, who, *more):
        args = [f"{who}/depmod", "-b", tree.root, "-C", tree.config,
                *tree.args, *more, RELEASE, *tree.files]
        try:
            r = subprocess.run(args, env=ENV, stdin=subprocess.DEVNULL,
                               capture_output=True, timeout=10)
            self.status = r.returncode
            self.out, self.err = r.stdout.decode(), r.stderr.decode()
        except subprocess.TimeoutExpired:
            self.status, self.out, self.err = "hangs", "", ""
        self.files = {}
        for name in TEXTS + BINS + ["weakdep"]:
            path = f"{tree.dir}/modules.{name}"
            if os.path.exists(path):
                with open(path, "rb") as f:
                    self.files[name] = f.read()
                os.unlink(path)

    def winners(self):
        """Module name to path, relative or not."""
        text = self.files.get("dep", b"").decode() or self.out
        found = {}
        for line in text.splitlines():
            m = re.match(r"([^:# ]*\.ko[.a-z]*):( |$)", line)
            if m:
                name = os.path.basename(m.group(1)).split(".")[0]
                found[name.replace("-", "_")] = m.group(1)
        return found




NO_BUILTIN = re.compile(r"could not open modules\.builtin")
NO_SYMBOLS = re.compile(r"(depmod: ERROR: failed to load symbols from (\S+)): (.*)")
LINK = re.compile(r"(depmod: ERROR: fstatat\()(?:\d+, )?(?:.*/)?([^/)]+\))")


class Messages:
    """What both printed to standard error, as lines that must be equal."""

    def __init__(self, test):
        self.test, self.tree = test, test.tree
        self.mine = self.inputs_last(
            list(map(self.of_both, self.without_empty_names(
                test.mine.err.splitlines()))))
        self.theirs = self.inputs_last(
            list(map(self.of_both, test.theirs.err.splitlines())))

    def without_empty_names(self, lines):
        left = [line for line in lines if "begins with a dot" not in line]
        if left != lines:
            self.test.use("depmod-empty-name")
        return left

    def of_both(self, line):
        return self.link(self.symbols(line))

    def symbols(self, line):
        """The peer was given another file; or it has no reason."""
        m = NO_SYMBOLS.match(line)
        if not m:
            return line
        if m.group(2) in self.tree.abort + self.tree.cut:
            return m.group(1)  # counted by give_the_peer()
        short = re.sub(r" \(.*\)$", "", line)
        if short != line:
            self.test.use("depmod-bad-once")
        return short

    def link(self, line):
        if not LINK.match(line):
            return line
        self.test.use("depmod-links-shown")
        return LINK.sub(r"\1\2", line)

    def inputs_last(self, lines):
        late = [line for line in lines if NO_BUILTIN.search(line)]
        rest = [line for line in lines if not NO_BUILTIN.search(line)]
        if rest + late != lines:
            self.test.use("depmod-message-order")
        return rest + late


class Test:
    def __init__(self, tree, ours, peer):
        self.tree, self.wrong = tree, []
        self.used = set()
        self.mine = Run(tree, ours)
        self.give_the_peer()
        self.theirs = Run(tree, peer)
        self.settle_ties(peer)
        self.compare()

    def use(self, rule):
        self.used.add(rule)

    def give_the_peer(self):
        """The same tree in a form that the peer survives."""
        tree = self.tree
        for path in tree.abort + tree.cut:
            self.use("depmod-bad-module" if path in tree.abort
                     else "depmod-cut-zstd")
            with open(path, "wb") as f:
                f.write(b"no module at all, but a name\n")
        for name in ".ko", ".dot.ko":
            if os.path.exists(f"{tree.dir}/{name}"):
                self.use("depmod-empty-name")
                os.unlink(f"{tree.dir}/{name}")

        self.give_the_peer_lines()

    def give_the_peer_lines(self):
        tree = self.tree
        path = f"{tree.dir}/modules.builtin.modinfo"
        if os.path.exists(path):
            with open(path) as f:
                records = f.read().split("\0")
            sound = [r for r in records[:-1] if re.search(r"\..*=", r)]
            if sound != records[:-1]:
                self.use("depmod-builtin-record")
                tree.write("modules.builtin.modinfo",
                           "".join(r + "\0" for r in sound))
        path = f"{tree.dir}/modules.order"
        if os.path.exists(path):
            with open(path) as f:
                lines = f.read().splitlines(keepends=True)
            once = list(dict.fromkeys(lines))
            if once != lines and all(
                    line[-1] == "\n" and len(line) < 4000 for line in lines):
                self.use("depmod-order-twice")
                tree.write("modules.order", "".join(once))

    def settle_ties(self, peer):
        """Where the order of a directory decides for the peer: what loses in ours
        is taken away, if ours is as good."""
        tree, settled = self.tree, False
        mine, theirs = self.mine.winners(), self.theirs.winners()
        for name in set(mine) & set(theirs):
            if mine[name] == theirs[name]:
                continue
            a, b = (os.path.join(tree.dir, w[name]) for w in (mine, theirs))
            if tree.merit(a) != tree.merit(b) and \
                    not self.is_best_of_many(a, name):
                self.wrong.append(f"{a} is not as good as {b}")
            self.use("depmod-ties")
            settled = True
        if mine and not theirs and self.theirs.status in ("hangs", -6):
            # What won in the peer makes a cycle, and is not told.
            self.use("depmod-ties")
            settled = True
        if not mine and not theirs and self.mine.status == 1:
            # Cycles: which module won is not told.  All but one are moved.
            self.wrong_if_not_ring()
        if settled:
            for m in tree.modules:
                for path in [*m.paths, f"{tree.external}/{m.file}.ko"]:
                    keep = mine.get(m.name)
                    if keep and path != os.path.join(tree.dir, keep) and \
                            os.path.exists(path):
                        os.unlink(path)
            self.theirs = Run(tree, peer)

    def is_best_of_many(self, path, name):
        """Of three and more the peer may take a worse one: a word of the search
        list that two match counts for the one read last."""
        tree = self.tree
        there = [p for m in tree.modules if m.name == name
                 for p in [*m.paths, f"{tree.external}/{m.file}.ko"]
                 if os.path.exists(p)]
        return len(there) > 2 and path in there and \
            tree.merit(path) == max(map(tree.merit, there))

    def wrong_if_not_ring(self):
        if "Cycle detected" not in self.mine.err:
            self.wrong.append("fails, and there is no ring")

    def compare(self):
        mine, theirs = self.mine, self.theirs
        if "Cycle detected" in mine.err and \
                (theirs.status == "hangs" or theirs.status == -6 or
                 not one_module_each(self.tree)):
            self.use("depmod-cycles")
            if mine.status != 1 or mine.files:
                self.wrong.append("a ring, and files are written")
            return
        if mine.status != theirs.status:
            self.wrong.append(f"status {mine.status}, not {theirs.status}")
        self.compare_said()
        for name in TEXTS:
            if mine.files.get(name) != theirs.files.get(name):
                self.wrong.append(
                    f"modules.{name}:\n{mine.files.get(name)}\n"
                    f"{theirs.files.get(name)}")
        for name in BINS:
            a, b = mine.files.get(name), theirs.files.get(name)
            if (a is None) != (b is None):
                self.wrong.append(f"modules.{name}: only one writes it")
            elif a is not None:
                if b == b"":
                    self.use("depmod-empty-index")
                elif a != b:
                    self.use("depmod-layout")
                wrong = tries.difference(a, b)
                if wrong:
                    self.wrong.append(f"modules.{name}: {wrong}")
        if mine.files:
            self.compare_weakdep()

    def compare_weakdep(self):
        """No peer here writes it: from what the modules were made of."""
        self.use("depmod-weakdep")
        want = "# Weak dependencies extracted from modules themselves.\n"
        for line in self.mine.files["dep"].decode().splitlines():
            path = os.path.join(self.tree.dir, line.split(":")[0])
            name = os.path.basename(path).split(".")[0].replace("-", "_")
            for text in self.tree.weak.get(path, []):
                want += f"weakdep {name} {text}\n"
        if self.mine.files["weakdep"].decode() != want:
            self.wrong.append("modules.weakdep: "
                              f"{self.mine.files['weakdep']}\n{want}")

    def compare_said(self):
        out = self.mine.out.replace(
            "# Weak dependencies extracted from modules themselves.\n", "")
        out = re.sub(r"(?m)^weakdep .*\n", "", out)
        if out != self.theirs.out:
            self.wrong.append(f"stdout:\n{out}\nand\n{self.theirs.out}")
        messages = Messages(self)
        mine, theirs = messages.mine, messages.theirs
        if mine != theirs:
            a, b = collections.Counter(mine), collections.Counter(theirs)
            self.wrong.append("stderr:\n" + ("\n".join(
                [f"  + {line}" for line in a - b] +
                [f"  - {line}" for line in b - a]) or
                "\n".join(["  in another order", *mine, "  and", *theirs])))


def one_module_each(tree):
    return all(sum(map(os.path.exists, m.paths)) <= 1 for m in tree.modules) \
        and not tree.externals


def main():
    ours, peer, mkmodule, rows = sys.argv[1:5]
    trees, seed = int(sys.argv[5]), int(sys.argv[6])
    rows, failed = Rows(rows, "diff/depmod", RULES), 0
    print(f"{trees} trees from seed {seed}")
    for number in range(seed, seed + trees):
        with tempfile.TemporaryDirectory() as top:
            tree = Tree(random.Random(number), top, mkmodule)
            test = Test(tree, ours, peer)
            rows.use(*test.used)
            if test.wrong:
                failed += 1
                print(f"FAILED: TREES=1 SEED={number} {tree.args}")
                for text in test.wrong:
                    print(text.replace(tree.root, "ROOT"))
    rows.report()
    print(f"{trees - failed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
