# SPDX-License-Identifier: LGPL-2.1-or-later
"""policy.py - masks, allow lists and install lines that forbid, on made-up trees.

kmod has no masks, so there is no output to compare with.  What can be:

- no line of a plan is about a masked module, and a module that needs one is
  refused as a whole;
- --check-policy says of a name what modprobe -D then plans to do;
- its answer about kmod agrees with kmod's modprobe -D;
- modprobe itself, to which strace answers in place of the kernel, gives the
  kernel no masked module, and the one asked for only where -D has it.
"""

import functools
import json
import os
import re
import shutil
import subprocess

from explain import Asked, Said
from trees import RELEASE, normal


class Policy:
    """A few lines more for a tree.  Commands are "exit N", with a number of its
    own for each module, so that lines of a plan can be told apart."""

    def __init__(self, tree):
        rng = tree.rng
        self.tree = tree
        names = [m.name for m in tree.modules]
        self.masked = set(rng.sample(names, rng.choice([0, 1, 1, 2])))
        self.exits = {m: rng.choice([0, 1, 2]) * 100 + i
                      for i, m in enumerate(rng.sample(
                          names, rng.choice([0, 1, 2, 3])))}
        self.allowed = None
        if rng.random() < 0.3:
            self.allowed = set(rng.sample(names, len(names) // 2))
            for rule in tree.rules_in_order():
                if rule.text.startswith("allow "):
                    self.allowed |= {normal(w) for w in rule.text.split()}
        self.folder = f"{tree.top}/policy"

    def write(self):
        """First among all files, so that its install lines count."""
        tree = self.tree
        lines = [f"mask {tree.dashed(m)}" for m in self.masked]
        lines += [f"install {m} exit {n}" for m, n in self.exits.items()]
        if self.allowed is not None:
            lines += ["policy allow-listed",
                      "allow " + " ".join(map(tree.dashed, self.allowed))]
        os.makedirs(self.folder)
        with open(f"{self.folder}/!.conf", "w") as f:
            f.writelines(line + "\n" for line in lines)

    def needed(self, name):
        """All that modules.dep has for a module."""
        by_name = {m.name: m for m in self.tree.modules}
        seen, ahead = set(), [name]
        while ahead:
            for need in by_name[ahead.pop()].needs:
                if need not in seen:
                    seen.add(need)
                    ahead.append(need)
        return seen


def becomes(policy, name, said):
    """What running that plan would make of the module: "open", "command" or
    "blocked"."""
    needed = policy.needed(name)
    codes = {str(n): m for m, n in policy.exits.items()}
    if said.status:
        return "blocked"
    for line in said.out.splitlines():
        m = re.match(r"install exit (\d+) ", line)
        if m:
            module = codes[m.group(1)]
            if module == name or (module in needed and m.group(1) != "0"):
                return "blocked"
            continue
        if re.match(rf"insmod \S*/{name.replace('_', '[-_]')}\.ko ", line):
            return "open"
        m = re.match(r"install\s+echo\s+(\S+)", line)
        if m and m.group(1) == name:
            return "command"
    return "blocked"


def trace_words(log):
    return ["strace", "-f", "-qq", "-y", "-o", log, "-e", "signal=none",
            "-e", "trace=finit_module,init_module,connect",
            "-e", "inject=finit_module,init_module:retval=0",
            "-e", "inject=connect:error=ENOENT"]


@functools.cache
def can_trace():
    return shutil.which("strace") is not None and subprocess.run(
        [*trace_words("/dev/null"), "true"],
        stderr=subprocess.DEVNULL).returncode == 0


def trace(world, tree, name, folders):
    """The modules that the kernel would have got, and the exit status."""
    log = f"{tree.top}/calls"
    words = [*trace_words(log), f"{world.programs['ours']}/modprobe", "-q",
             "-d", tree.root, "-S", RELEASE]
    for folder in folders:
        words += ["-C", folder]
    done = subprocess.run([*words, name], stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=60)
    with open(log) as f:
        return {normal(m) for m in re.findall(
            r"finit_module\(\d+<[^>]*/([^/>]*)\.ko>", f.read())}, \
            done.returncode


class PolicyCheck:
    def __init__(self, comparison):
        self.comparison = comparison
        self.world, self.tree = comparison.world, comparison.tree
        self.policy = Policy(self.tree)

    def run(self, who, options, name):
        folders = [self.policy.folder, *self.tree.conf_dirs]
        return self.world.run(who, self.tree, Asked(options, [name]), folders)

    def fail(self, name, said, why):
        with open(f"{self.policy.folder}/!.conf") as f:
            conf = f.read()
        self.comparison.fail(Asked(["-D"], [name]), said,
                             Said(conf, "", 0), f"policy: {why}")

    def all(self):
        self.policy.write()
        names = [m.name for m in self.tree.modules]
        self.traced = self.tree.rng.sample(names, min(3, len(names)))
        self.world.say_cmdline(self.tree.cmdline)
        for module in self.tree.modules:
            name = module.name
            # Another module may have the name, by an alias line.
            if self.run("ours", ["-R"], name).out.split() != [name]:
                continue
            self.check(name)

    def check(self, name):
        said = self.run("ours", ["-D"], name)
        wrong = self.masks(name, said) or self.answers(name, said) or \
            self.loads(name, said)
        if wrong:
            self.fail(name, said, wrong)
        else:
            self.comparison.results.policies += 1

    def loads(self, name, said):
        """What modprobe gives to the kernel, which is strace here."""
        if name not in self.traced or not self.world.sys or not can_trace():
            return None
        folders = [self.policy.folder, *self.tree.conf_dirs]
        given, status = trace(self.world, self.tree, name, folders)
        bad = given & self.policy.masked
        if bad:
            return f"{bad} given to the kernel"
        if self.tree.live.get(name) or self.tree.removed:
            return None
        want = becomes(self.policy, name, said)
        if any(self.tree.live.get(m) for m in self.policy.needed(name)):
            return None
        if (name in given) != (want == "open"):
            return f"-D: {want}, given to the kernel: {given}"
        if want == "blocked" and status != 1 and \
                self.policy.exits.get(name, 1) != 0:
            return f"blocked, but status {status}"
        return None

    def masks(self, name, said):
        masked = self.policy.masked & ({name} | self.policy.needed(name))
        if masked and (said.status != 1 or said.out):
            return f"it needs {masked}"
        if masked and not any(f"{m} is masked (" in said.err for m in masked):
            return "no word of the mask"
        lines = [line for line in said.out.splitlines()
                 for m in self.policy.masked
                 if re.match(rf"insmod \S*/{m.replace('_', '[-_]')}\.ko", line)]
        listed = self.policy.allowed
        if listed is not None and name not in listed and not said.status and \
                (said.out or not self.means_nothing(name)):
            return "it is not allowed"
        return f"masked: {lines}" if lines else None

    def means_nothing(self, name):
        """An alias of it, of its own name even, that a blacklist takes away."""
        said = self.run("peer", ["-D"], name)
        return not said.out and not said.status

    def answers(self, name, said):
        asked = self.run("ours", ["--check-policy", "--json"], name)
        if not asked.out:
            return None if "jansson" in asked.err else f"no JSON: {asked}"
        answer = json.loads(asked.out)[0]
        way = answer["ways"][0]
        if self.tree.live.get(name):
            if answer["state"] != "loaded":
                return f"state {answer['state']}, but it is loaded"
            return None
        # Plans skip loaded modules, and -D does not look.
        if any(self.tree.live.get(m) for m in self.policy.needed(name)):
            return None
        want = becomes(self.policy, name, said)
        if way["by"] != "name" or way["outcome"] != want:
            return f"it is {want}, said is {way}"
        if (answer["state"] == "blocked") != all(
                w["outcome"] == "blocked" for w in answer["ways"]):
            return f"state {answer['state']}"
        return self.peer(name, way["kmod_loads"])

    def peer(self, name, says):
        """Dependencies without a file make kmod forget the others."""
        if self.tree.removed:
            return None
        said = self.run("peer", ["-D"], name)
        loads = becomes(self.policy, name, said) != "blocked"
        return None if loads == says else f"kmod would do otherwise:\n{said}"
