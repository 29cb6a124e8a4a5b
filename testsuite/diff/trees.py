# SPDX-License-Identifier: LGPL-2.1-or-later
"""trees.py - module trees and configurations, made up from a seed.

A Tree keeps the files it wrote, so that explain.py can write the same in
another way for the peer.  Everything random comes from one random.Random.
"""

import fnmatch
import os
import re
import shutil
import subprocess

RELEASE = "6.6.6-made-up"

# What devices call themselves here; aliases are patterns made from these.
MODALIASES = [
    "multi", "tieb", "acpi-b-xyz", "pci:v00001234d00005678", "fs-udf",
    "usb:v1D6Bp0002d0510", "of:NtestT(null)Cacme,thing", "net-pf-9-proto-3",
    "crypto-cbc(aes)", "char-major-10-200", "q5z",
]
ODD_NAMES = ["nosuch", "no-such", "q[z", "q]z", "a.ko", "my-net",
             "symbol:sym_0", "symbol:nosym"]
SYLLABLES = ["al", "be", "ce", "di", "el", "fo", "ga", "hu", "ib", "jo"]


def normal(name):
    return name.replace("-", "_")


def matches(pattern, name):
    return fnmatch.fnmatchcase(name, pattern)


class Module:
    def __init__(self, name, folder):
        self.name = normal(name)
        self.file = f"{folder}/{name}.ko"
        self.aliases, self.softdeps, self.needs = [], [], []


class Rule:
    """A line of modprobe.d; kind, name and rest only where they are asked for
    again."""

    def __init__(self, text, kind=None, name=None, rest=None):
        self.text, self.kind, self.name, self.rest = text, kind, name, rest


class Tree:
    def __init__(self, rng, top, mkmodule):
        self.rng, self.top, self.mkmodule = rng, top, mkmodule
        self.root = os.path.join(top, "root")
        self.dir = os.path.join(self.root, "lib/modules", RELEASE)
        self.virtual, self.removed = [], []
        self.make_modules()
        self.make_config()
        self.make_cmdline()
        self.make_live()

    # ---- words

    def some(self, least, most):
        return range(self.rng.randint(least, most))

    def pattern(self, text):
        """A pattern that matches text, mostly."""
        at = self.rng.randrange(len(text))
        end = self.rng.randint(at, min(len(text), at + 4))
        byte = text[at]
        pattern = self.rng.choice([
            text, text, text[:at] + "*", text[:at] + "*" + text[end:],
            text[:at] + "?" + text[at + 1:], "*" + text[at:],
            text[:at] + f"[{byte}x-z]" + text[at + 1:]
            if byte.isalnum() else text,
        ])
        return text if pattern == "*" else pattern

    def module(self):
        return self.rng.choice(self.modules).name

    def dashed(self, name):
        return "".join(self.rng.choice("-_") if c in "-_" else c for c in name)

    def any_name(self):
        kind = self.rng.randrange(12)
        if kind < 6:
            return self.dashed(self.module())
        if kind < 8:
            return self.rng.choice(MODALIASES)
        if kind < 9:
            return self.dashed(self.rng.choice(self.builtins))
        if kind < 10 and self.virtual:
            return self.rng.choice(self.virtual)
        return self.rng.choice(ODD_NAMES)

    # ---- the tree

    def make_modules(self):
        rng = self.rng
        names = set()
        while len(names) < rng.randint(4, 16):
            names.add(rng.choice("-_").join(rng.sample(SYLLABLES,
                                                       rng.randint(1, 2))))
        seen, self.modules = set(), []
        for name in sorted(names):
            if normal(name) not in seen:
                seen.add(normal(name))
                self.modules.append(
                    Module(name, rng.choice(["kernel/a", "kernel/b/c"])))
        rng.shuffle(self.modules)
        self.builtins = ["bi-one", "bi_two", "bi_three"]
        for i, module in enumerate(self.modules):
            self.make_module(i, module)
        with open(f"{self.dir}/modules.order", "w") as f:
            f.writelines(m.file + "\n" for m in self.modules
                         if rng.random() < 0.9)
        with open(f"{self.dir}/modules.builtin", "w") as f:
            f.writelines(f"kernel/{b}.ko\n" for b in self.builtins)
        with open(f"{self.dir}/modules.builtin.modinfo", "wb") as f:
            for b in self.builtins:
                for _ in self.some(0, 2):
                    alias = self.pattern(rng.choice(MODALIASES))
                    f.write(f"{normal(b)}.alias={alias}\0".encode())
        subprocess.run(["depmod", "-b", self.root, RELEASE], check=True)

    def make_module(self, i, module):
        rng = self.rng
        args = [self.mkmodule, "-m", "license=GPL", "-x", f"sym_{i}"]
        for _ in self.some(0, 2):
            module.aliases.append(self.pattern(rng.choice(MODALIASES)))
            args += ["-m", "alias=" + module.aliases[-1]]
        for need in rng.sample(range(i), min(i, rng.choice([0, 0, 1, 1, 2]))):
            module.needs.append(self.modules[need].name)
            args += ["-u", f"sym_{need}"]
        for _ in range(rng.choice([0, 0, 0, 1, 1, 2])):
            words = self.softdep_words()
            module.softdeps.append(words)
            args += ["-m", "softdep=" + words]
        path = f"{self.dir}/{module.file}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        subprocess.run([*args, path], check=True)

    def softdep_words(self):
        words = []
        for marker in self.rng.choice([["pre:"], ["post:"], ["pre:", "post:"],
                                       ["post:", "pre:"]]):
            words.append(marker)
            words += [self.any_name() for _ in self.some(0, 2)]
        return " ".join(words)

    # ---- modprobe.d

    def make_config(self):
        rng = self.rng
        self.conf_dirs = [f"{self.top}/conf{i}" for i in self.some(1, 3)]
        self.files = {}  # path: rules
        for path in self.conf_dirs:
            os.makedirs(path, exist_ok=True)
            for name in rng.sample(["a.conf", "m.conf", "zz.conf", "b-c.conf",
                                    "10.conf", "x.conf~", ".h.conf", "plain"],
                                   rng.randint(1, 3)):
                self.files[f"{path}/{name}"] = [self.rule() for _ in
                                                self.some(0, 7)]
        if rng.random() < 0.2:
            os.symlink("/dev/null", f"{self.conf_dirs[0]}/null.conf")
            self.files.setdefault(f"{self.conf_dirs[-1]}/null.conf",
                                  [self.rule()])
        if rng.random() < 0.1:
            os.mkdir(f"{self.conf_dirs[0]}/folder.conf")
        self.crlf = rng.random() < 0.1
        for path, rules in self.files.items():
            if os.path.islink(path):
                continue
            self.write_rules(path, rules, self.line_end())

    def line_end(self):
        return "\r\n" if self.crlf else "\n"

    def write_rules(self, path, rules, end):
        with open(path, "w", newline="") as f:
            f.write(end.join(r.text for r in rules))
            f.write(end if len(rules) % 2 else "")

    def command(self, name):
        """Each command names its module, so that lines can be told apart."""
        return self.rng.choice([
            f"echo {name} $CMDLINE_OPTS", f"  echo {name}  ", f"echo\t{name}",
            f"echo {name} && echo $CMDLINE_OPTS $CMDLINE_OPTS",
        ])

    def rule(self):
        rng = self.rng
        kind = rng.choice(["alias"] * 4 + ["options"] * 4 + ["softdep"] * 3 +
                          ["install"] * 2 + ["remove", "blacklist", "weakdep",
                                             "blacklist", "noise", "policy"])
        if kind == "alias":
            pattern = self.pattern(self.dashed(rng.choice(
                MODALIASES + [self.module(), "my-net", "my-net"])))
            return Rule(f"alias {pattern} {self.target()}")
        if kind == "options":
            name = self.any_name()
            rest = rng.choice(["x=1", "x=1\ty=2", ' p="a b"', "z", "  ", "q= "])
            return Rule(f"options {name} {rest}")
        if kind == "softdep":
            name = rng.choice([self.dashed(self.module()),
                               self.pattern(self.module())])
            rest = self.softdep_words()
            return Rule(f"softdep {name} {rest}", "softdep", normal(name), rest)
        if kind in ("install", "remove"):
            return self.command_rule(kind)
        if kind == "blacklist":
            return Rule(f"blacklist {self.dashed(self.module())}")
        if kind == "weakdep":
            return Rule(f"weakdep {self.module()} {self.module()}")
        if kind == "policy":
            # None of these keeps a module of the tree out.
            return rng.choice([
                Rule("mask never-there never.ko # a b", "mask"),
                Rule("policy audit", "allow"),
                Rule(f"allow {self.dashed(self.module())} x*", "allow"),
            ])
        return Rule(rng.choice([
            "", "# comment", "# comment \\\nalias multi nosuch", "foo bar",
            "  # no comment", "alias x", "include x.conf", "options m ",
            "alias ok[a-c]-x-y nosuch", "alias q[z b", "al\\ias multi \\\n q",
            "\t \t", "install", "blacklist a]b", "softdep",
        ]))

    def target(self):
        return self.rng.choice([
            self.dashed(self.module()), self.dashed(self.module()), "nosuch",
            "off", "my-net", self.rng.choice(self.builtins),
            self.rng.choice(self.virtual or ["virt-1"])])

    def command_rule(self, kind):
        """Patterns match one module only: see command()."""
        rng = self.rng
        if rng.random() < 0.3:
            name = f"virt-{rng.randint(1, 3)}"
            self.virtual.append(name)
            command = self.command(normal(name))
            return Rule(f"{kind} {name} {command}", kind, normal(name),
                        command)
        name = rng.choice([self.module(), normal(rng.choice(self.builtins))])
        pattern = self.pattern(name)
        known = [m.name for m in self.modules]
        known += [normal(b) for b in self.builtins] + ["virt_1", "off", "nosuch"]
        if [k for k in known if matches(pattern, k)] != [name]:
            pattern = name
        command = self.command(name)
        return Rule(f"{kind} {pattern} {command}", kind, pattern, command)

    # ---- the kernel command line

    def make_cmdline(self):
        """Words as they stand, and as the peer must have them."""
        rng = self.rng
        name, other = self.dashed(self.module()), self.dashed(self.module())
        words = [
            ("root=/dev/sda1", ""), ("quiet", ""), (f"{name}.x=1", None),
            (f'{name}.s="hello world"', None), (f'"{name}.t=a b"', None),
            (f"{name}.y-z", None), (f"{name}.a.b=1", None),
            ("ivrs[14:00.5]=AMD0020:00", None),
            (f"modprobe.blacklist={name},,{other}",
             f"modprobe.blacklist={normal(name)},{normal(other)}"),
            (f'modprobe.blacklist="{name}"',
             f"modprobe.blacklist={normal(name)}"),
            (f'"modprobe.blacklist={name}"',
             f"modprobe.blacklist={normal(name)}"),
            (f"bi-one.p={rng.randint(1, 9)}", None),
        ]
        chosen = rng.sample(words, rng.randint(0, 5))
        if rng.random() < 0.1:
            chosen.insert(0, ("pad=" + "x" * 4200, ""))
        self.cmdline = " ".join(raw for raw, _ in chosen)
        self.peer_cmdline = " ".join(raw if peer is None else peer
                                     for raw, peer in chosen)
        if rng.random() < 0.2:
            self.cmdline += f" -- {name}.after=1"

    # ---- what the kernel has

    def make_live(self):
        """Modules that are loaded, with whom they need, and their states."""
        rng = self.rng
        self.live = {}
        by_name = {m.name: m for m in self.modules}

        def load(module):
            for need in module.needs:
                load(by_name[need])
            self.live.setdefault(module.name, "live")
        for module in self.modules:
            if rng.random() < 0.15:
                load(module)
        for name in self.live:
            if rng.random() < 0.1:
                self.live[name] = rng.choice(["coming", "going"])
        self.holders = {name: [m.name for m in self.modules
                               if name in m.needs and m.name in self.live]
                        for name in self.live}

    def write_live(self, sys_module, proc_modules):
        """As /sys/module has it, and /proc/modules where there is one."""
        if proc_modules:
            states = {"live": "Live", "coming": "Loading", "going": "Unloading"}
            with open(proc_modules, "w") as f:
                for name, state in self.live.items():
                    f.write(f"{name} 4096 {len(self.holders[name])} - "
                            f"{states[state]} 0x0\n")
        for name, state in self.live.items():
            path = f"{sys_module}/{name}"
            os.makedirs(f"{path}/holders")
            for holder in self.holders[name]:
                os.symlink(f"../../{holder}", f"{path}/holders/{holder}")
            with open(f"{path}/initstate", "w") as f:
                f.write(state + "\n")
            with open(f"{path}/refcnt", "w") as f:
                f.write(f"{len(self.holders[name])}\n")

    def remove_some_files(self):
        for module in self.modules:
            if self.rng.random() < 0.05:
                path = f"{self.dir}/{module.file}"
                os.unlink(path)
                self.removed.append(path)

    # ---- what explain.py asks and changes

    def softdeps(self, name):
        """The lines that count for a module, without their first words."""
        lines = [r.rest for r in self.rules_in_order()
                 if r.kind == "softdep" and matches(r.name, name)]
        shipped = [m.softdeps for m in self.modules if m.name == name]
        return lines or (shipped[0] if shipped else [])

    def names_with_options(self):
        return {normal(r.text.split()[1]) for r in self.rules_in_order()
                if r.text.startswith("options ")}

    def keeps_aliases(self, modules):
        """Does a softdep of theirs name an alias that cannot be given to the
        peer as the modules it means?"""
        return any(self.is_kept(normal(word)) for module in modules
                   for word in self.softdep_words_of(module))

    def is_kept(self, word):
        """It has options of its own, or its target has another meaning."""
        found = self.means.get(word, [word])
        return found != [word] and (
            word in self.names_with_options() or
            any(self.means.get(f) != [f] for f in found))

    def softdep_words_of(self, name):
        return [w for line in self.softdeps(name) for w in line.split()
                if w not in ("pre:", "post:")]

    def learn(self, means):
        """means: the modules that each word means, by its normal form."""
        self.means = means
        needs = {}
        for module in self.modules:
            words = self.softdep_words_of(module.name)
            needs[module.name] = set(module.needs).union(
                *(means.get(normal(w), ()) for w in words))
        self.wanted = needs
        self.has_cycles = {n for n in needs if n in self.reached(n, False)}

    def reached(self, name, itself=True):
        """The modules that one leads to, by need or by softdep."""
        seen, ahead = {name} if itself else set(), [name]
        while ahead:
            for need in self.wanted.get(ahead.pop(), ()):
                if need not in seen:
                    seen.add(need)
                    ahead.append(need)
        return seen

    def read_files(self):
        """The files that count, in the order in which they are read."""
        by_base = {}
        for folder in self.conf_dirs:
            here = {}
            for path in self.files:
                base = os.path.basename(path)
                if os.path.dirname(path) == folder and \
                        base.endswith(".conf") and base[0] != ".":
                    here[base] = path
            if os.path.islink(f"{folder}/null.conf"):
                here["null.conf"] = None
            for base, path in here.items():
                by_base.setdefault(base, path)
        return [by_base[b] for b in sorted(by_base) if by_base[b]]

    def rules_in_order(self):
        return [r for path in self.read_files() for r in self.files[path]]

    def blacklisted(self):
        """By lines of files and the kernel's command line."""
        names = [r.text.split()[1] for r in self.rules_in_order()
                 if re.match(r"blacklist \S", r.text)]
        for names_of_one in re.findall(r"(?:^| )modprobe\.blacklist=(\S+)",
                                       self.peer_cmdline):
            names += names_of_one.split(",")
        return {normal(name) for name in names}

    def planned_names(self):
        names = {m.name for m in self.modules}
        names |= {normal(b) for b in self.builtins}
        names |= {normal(v) for v in self.virtual}
        return sorted(names | {"nosuch", "off", "virt_1"})

    def install_rule(self, path):
        """The command that is run in place of loading the file."""
        name = normal(os.path.basename(path).split(".")[0])
        for file in self.read_files():
            rules = self.files[file]
            for i, rule in enumerate(rules, 1):
                if rule.kind == "install" and matches(rule.name, name):
                    ended = i < len(rules) or len(rules) % 2
                    return rule.rest + (" " if self.crlf and ended else "")
        return None

    def paths(self, names):
        return [f"{self.dir}/{m.file}" for m in self.modules
                if m.name in names]

    def begin_explaining(self):
        self.peer_first, self.peer_end = [], self.line_end()
        self.peer_cmdline_text = self.cmdline
        self.peer_files = {path: list(rules)
                           for path, rules in self.files.items()}

    def write_peer(self, end=".peer"):
        """The configuration for the peer, beside that for us.  Returns what
        to say in place of each -C."""
        folders = [f"{self.top}/first{end}"]
        os.makedirs(folders[0])
        with open(f"{folders[0]}/!.conf", "w") as f:
            f.writelines(line + "\n" for line in self.peer_first)
        for folder in self.conf_dirs:
            shutil.copytree(folder, folder + end, symlinks=True)
            folders.append(folder + end)
        for path, rules in self.peer_files.items():
            if not os.path.islink(path):
                where = os.path.dirname(path) + end
                self.write_rules(f"{where}/{os.path.basename(path)}", rules,
                                 self.peer_end)
        return folders
