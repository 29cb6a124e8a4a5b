# SPDX-License-Identifier: LGPL-2.1-or-later
"""complete.py - the completions, asked as a user asks: by a key, in a shell.

Usage: complete.py SHARE TOOLS ROOT DIR RELEASE

SHARE is where completions are installed, DIR the module directory that they know.
ROOT holds a tree for RELEASE there, and the running system has one, as
complete.sh made them.
"""

import os
import sys

from drive import SHELLS

SHARE, TOOLS, ROOT, DIR, RELEASE = sys.argv[1:]
RUNNING = os.uname().release
AT = f"-d {ROOT} -S {RELEASE}"
BY = f"-b {ROOT} -k {RELEASE}"

# A line, and the words offered for its last one: these, and no others.
EXACT = [
    # options
    ("modprobe --show-e", "--show-exports"),
    ("depmod --no-s", "--no-sync"),
    ("lsmod --verb", "--verbose"),
    ("rmmod --sys", "--syslog"),
    ("insmod --force-v", "--force-vermagic"),
    ("kmod static-nodes --form", "--format"),
    ("kmod li", "list"),
    # modules of a tree, by file name and of the kernel itself
    (f"modprobe {AT} du", "dummy"),
    (f"modprobe {AT} snd", "snd_hda snd_pcm"),
    (f"modprobe {AT} snd-", "snd-hda snd-pcm"),
    (f"modprobe {AT} built", "built_in"),
    (f"modprobe {AT} nothing", ""),
    (f"modprobe -a {AT} dummy snd_p", "snd_pcm"),
    (f"modprobe --dirname={ROOT} --set-version={RELEASE} du", "dummy"),
    (f"modinfo {BY} du", "dummy"),
    (f"modinfo {BY} snd-", "snd-hda snd-pcm"),
    (f"modinfo {BY} built", "built_in"),
    # and of the running kernel
    ("modprobe runn", "running_one"),
    ("modinfo runn", "running_one"),
    # loaded ones
    ("modprobe -r lo", "loaded_one loaded_two"),
    ("modprobe --remove-holders loaded-t", "loaded-two"),
    ("rmmod lo", "loaded_one loaded_two"),
    ("rmmod loaded_one loaded-t", "loaded-two"),
    # parameters of the module that stands before
    (f"modprobe {AT} dummy num", "number= numdummies="),
    (f"modprobe {AT} dummy number=1 numd", "numdummies="),
    (f"modprobe {AT} -a dummy num", ""),
    (f"insmod {ROOT}{DIR}/{RELEASE}/kernel/dummy.ko numd",
     "numdummies="),
    # fields, releases, files
    ("modinfo -F lic", "license"),
    (f"modprobe -d {ROOT} -S 6.1.0-t", RELEASE),
    (f"modinfo -b {ROOT} -k 6.1.0-t", RELEASE),
    (f"depmod -b {ROOT} 6.1.0-t", RELEASE),
    (f"depmod -b {ROOT} -m /other 6.2", "6.2.0-other"),
    (f"depmod -b {ROOT} --moduledir=other 6.2", "6.2.0-other"),
    (f"depmod {RUNNING[:-1]}", RUNNING),
    (f"modprobe -S {RUNNING[:-1]}", RUNNING),
    (f"modinfo -k {RUNNING[:-1]}", RUNNING),
    (f"kmod static-nodes -k {RUNNING[:-1]}", RUNNING),
    (f"kmod static-nodes -b {ROOT} -k 6.1.0-t", RELEASE),
]

# What the shells that show it say of an offer.
DESCRIBED = [
    (f"modprobe {AT} dummy numd", "How many to make (int)"),
]


def plain(word):
    """zsh writes a module's name with '_', the others as the user began it."""
    return word.rstrip("/ ").replace("-", "_")


def check(name, shell):
    wrong = 0
    for line, want in EXACT:
        got = [plain(w) for w in shell.offers(line)]
        want = [plain(w) for w in want.split()]
        if got != want:
            print(f"FAIL: {name}: {line!r}: {got}, expected {want}")
            wrong += 1
    for line, text in DESCRIBED:
        if name != "bash" and text not in shell.listed(line):
            print(f"FAIL: {name}: {line!r}: {text!r} is not shown: "
                  f"{shell.listed(line)!r}")
            wrong += 1
    return len(EXACT) + len(DESCRIBED) * (name != "bash"), wrong


def main():
    done = failed = 0
    for name, make in SHELLS.items():
        shell = make(SHARE, f"{TOOLS}:/usr/bin:/bin")
        n, wrong = check(name, shell)
        shell.close()
        done += n
        failed += wrong
    print(f"{done - failed} passed, {failed} failed")
    return failed != 0


sys.exit(main())
