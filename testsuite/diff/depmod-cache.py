#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""depmod-cache.py - the cache of depmod never shows in its output.

Usage: depmod-cache.py OURS MKMODULE STEPS SEED

A tree is changed at random, STEPS times; after each change depmod writes the
same with its cache and without.  Changes are those that a cache may overlook:
files of the same size and times, moved, swapped and linked files, and a cache
that is corrupt.  The clock, as depmod sees it, jumps: behind the files, so that
all are from the future, and ahead of them, so that all have settled at once.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

RELEASE = "6.6.6"
ENV = {"PATH": "/sbin:/usr/sbin:/bin:/usr/bin", "LC_ALL": "C"}
CLOCK = r"""
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now)
{
	long r = syscall(SYS_clock_gettime, clock, now);

	if (clock == CLOCK_REALTIME)
		now->tv_sec += atol(getenv("SHIFT"));
	return (int)r;
}
"""


class Tree:
    def __init__(self, rng, top, ours, mkmodule):
        self.rng, self.top, self.ours, self.mk = rng, top, ours, mkmodule
        self.dir = f"{top}/lib/modules/{RELEASE}"
        self.cache = f"{top}/cache"
        self.number, self.hits = 0, 0
        os.makedirs(f"{self.dir}/kernel/a")
        os.makedirs(f"{self.dir}/kernel/b")
        for name in "order", "builtin", "builtin.modinfo":
            with open(f"{self.dir}/modules.{name}", "w"):
                pass
        for _ in range(8):
            self.add()

    # ---- changes

    def made(self):
        """A module that no other is like, of the size that all have."""
        self.number += 1
        path = f"{self.top}/made"
        n, other = self.number, self.rng.randrange(self.number)
        if self.rng.random() < 0.02:
            other = n  # a cycle: nothing is written then
        subprocess.run([self.mk, "-m", f"alias=number-{n:05d}", "-x",
                        f"s{n:05d}=0x{n:05x}", "-u", f"s{other:05d}", path],
                       check=True)
        return path

    def new_path(self):
        return f"{self.dir}/kernel/{self.rng.choice('ab')}/" \
            f"m{self.rng.randint(0, 30)}.ko"

    def files(self):
        return [f"{folder}/{name}" for folder, _, names
                in os.walk(f"{self.dir}/kernel") for name in names]

    def some(self):
        files = self.files()
        return self.rng.choice(files) if files else self.add()

    def add(self):
        path = self.new_path()
        shutil.move(self.made(), path)
        return path

    def remove(self):
        os.unlink(self.some())

    def rewrite(self):
        """In place; size and mtime stay."""
        path = self.some()
        if not os.path.exists(path):
            return
        st = os.stat(path)
        with open(self.made(), "rb") as f:
            data = f.read()
        with open(path, "r+b") as f:
            f.write(data)
        os.utime(path, ns=(st.st_atime_ns, st.st_mtime_ns))

    def replace(self):
        path = self.some()
        st = os.lstat(path)
        made = self.made()
        os.utime(made, ns=(st.st_atime_ns, st.st_mtime_ns))
        os.rename(made, path)

    def rename(self):
        os.rename(self.some(), self.new_path())

    def swap(self):
        a, b, away = self.some(), self.some(), f"{self.top}/away"
        os.rename(a, away)
        if os.path.lexists(b):
            os.rename(b, a)
        os.rename(away, b)

    def link(self):
        path = self.new_path()
        if not os.path.lexists(path):
            self.rng.choice([os.link, os.symlink])(self.some(), path)

    def swap_folders(self):
        a, b = f"{self.dir}/kernel/a", f"{self.dir}/kernel/b"
        os.rename(a, f"{self.top}/away")
        os.rename(b, a)
        os.rename(f"{self.top}/away", b)

    def touch(self):
        path = self.some()
        if os.path.exists(path):
            at = self.rng.choice([1, 1 << 30, 1 << 33])
            os.utime(path, (at, at))

    def damage(self):
        path = self.some()
        if os.path.exists(path):
            with open(path, "r+b") as f:
                f.truncate(self.rng.randint(0, os.path.getsize(path)))

    def spoil(self):
        """The cache itself."""
        if not os.path.exists(self.cache):
            return
        size = os.path.getsize(self.cache)
        kind = self.rng.randint(0, 4)
        with open(self.cache, "r+b") as f:
            if kind == 0:
                f.truncate(self.rng.randint(0, size))
            elif kind == 1 and size:
                at = self.rng.randrange(size)
                f.seek(at)
                byte = f.read(1)
                f.seek(at)
                f.write(bytes([byte[0] ^ 1 << self.rng.randint(0, 7)]))
            elif kind == 2:
                f.seek(size)
                f.write(b"more")
        if kind == 3:
            os.unlink(self.cache)
        if kind == 4:
            os.chmod(self.cache, 0o666)

    def nothing(self):
        pass

    def change(self):
        kinds = [self.add, self.remove, self.rewrite, self.replace,
                 self.rename, self.swap, self.link, self.swap_folders,
                 self.touch, self.damage, self.spoil, self.nothing]
        for kind in self.rng.choices(kinds, k=self.rng.randint(1, 3)):
            kind()

    # ---- depmod

    def run(self, out, *args, **env):
        r = subprocess.run([f"{self.ours}/depmod", "-b", self.top, "-o", out,
                            "--no-sync", *args, RELEASE], env={**ENV, **env},
                           capture_output=True, stdin=subprocess.DEVNULL)
        folder = f"{out}/lib/modules/{RELEASE}"
        files = {}
        if r.returncode == 0:
            for name in sorted(os.listdir(folder)):
                with open(f"{folder}/{name}", "rb") as f:
                    files[name] = f.read()
        return r.returncode, r.stderr, files

    def check(self):
        """True when the cache shows."""
        shift = str(self.rng.choice([0, 0, 100, 100, 100, -100]))
        before = os.path.exists(self.cache) and os.path.getsize(self.cache)
        with_it = self.run(f"{self.top}/with", "--cache", self.cache,
                           LD_PRELOAD=f"{self.top}/clock.so", SHIFT=shift)
        without = self.run(f"{self.top}/without", "--no-cache")
        self.hits += bool(before and before > 100)
        time.sleep(0.02)  # what comes next has another ctime
        return with_it != without


def main():
    ours, mkmodule, steps, seed = sys.argv[1:]
    print(f"{steps} steps from seed {seed}")
    with tempfile.TemporaryDirectory() as top:
        with open(f"{top}/clock.c", "w") as f:
            f.write(CLOCK)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", f"{top}/clock.so",
                        f"{top}/clock.c"], check=True)
        tree = Tree(random.Random(int(seed)), top, ours, mkmodule)
        for step in range(int(steps)):
            if tree.check():
                sys.exit(f"FAILED: SEED={seed}, step {step}")
            tree.change()
        if tree.hits < int(steps) // 4:
            sys.exit(f"FAILED: only {tree.hits} runs had a cache")
    print(f"{steps} passed, 0 failed")


if __name__ == "__main__":
    main()
