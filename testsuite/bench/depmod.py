# SPDX-License-Identifier: LGPL-2.1-or-later
"""depmod.py - measures depmod for depmod.sh.

Usage: depmod.py OURS PEER TMP PLAIN XZ RUNS PART...

PLAIN and XZ are roots with one release each.  Times are from RUNS runs of both
programs in turn, so that what else the machine does hits both: the wall clock,
and the processor's time, which a busy machine disturbs less.  The flush to the
disk is no part of them but for the part of its own.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time

import bench

# The newest kmod (34 and some, July 2026) where kmod 30 was measured, too, on
# another machine: wall time as part of kmod 30's, the least that was seen;
# KiB in memory.  For the last two it was not measured beside kmod 30.
NEWEST = {"plain": (0.85, 80 << 10), "xz": (1.0, 78 << 10),
          "zst": (1.0, 80 << 10)}
# At most, as part of the newest kmod's wall time.
BOUND = {"plain": 0.20, "xz": 0.55, "zst": 0.55, "added plain": 0.08,
         "added xz": 0.015}
PACK = {"zst": ["zstd", "-q", "--rm"], "gz": ["gzip", "-1", "-n"]}


def release(root):
    return os.listdir(f"{root}/lib/modules")[0]


def modules(root):
    for folder, _, names in os.walk(f"{root}/lib/modules"):
        for name in sorted(names):
            if ".ko" in name:
                yield folder, name


def link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def copy(source, target):
    """A tree that may be indexed."""
    shutil.copytree(f"{source}/lib/modules", f"{target}/lib/modules",
                    symlinks=True, copy_function=link)
    return target


def packed(source, target, kind):
    shutil.copytree(f"{source}/lib/modules", f"{target}/lib/modules",
                    symlinks=True)
    paths = [f"{folder}/{name}" for folder, name in modules(target)]
    subprocess.run(["xargs", "-0", "-P", str(os.cpu_count()), "-n", "100",
                    *PACK[kind]], input="\0".join(paths).encode(), check=True)
    return target


def multiplied(source, target, times):
    """So many copies of each module, under other names."""
    copy(source, target)
    for folder, name in list(modules(target)):
        for i in range(1, times):
            link(f"{folder}/{name}", f"{folder}/n{i}-{name}")
    return target


def run(argv):
    """Seconds by the clock, and of the processor."""
    null = os.open("/dev/null", os.O_RDWR)
    began = time.perf_counter()
    pid = os.posix_spawn(argv[0], argv, bench.ENV,
                         file_actions=[(os.POSIX_SPAWN_DUP2, null, fd)
                                       for fd in (0, 1, 2)])
    _, status, used = os.wait4(pid, 0)
    took = time.perf_counter() - began
    os.close(null)
    if status:
        sys.exit(f"{' '.join(argv)} failed")
    return took, used.ru_utime + used.ru_stime


class Times:
    def __init__(self):
        self.wall, self.cpu = [], []

    def add(self, took):
        self.wall.append(took[0])
        self.cpu.append(took[1])

    def all(self):
        return (min(self.wall), statistics.median(self.wall), min(self.cpu))


class Bench:
    def __init__(self, ours, peer, tmp, plain, xz, runs):
        self.ours, self.peer, self.tmp = ours, peer, tmp
        self.plain, self.xz, self.runs = plain, xz, runs

    def us(self, root, *args):
        return [f"{self.ours}/depmod", "--no-sync", "--no-cache", *args,
                "-b", root, release(root)]

    def them(self, root):
        return [f"{self.peer}/depmod", "-b", root, release(root)]

    def in_turn(self, *commands, before=None):
        """Each runs once unmeasured: its files are in memory then."""
        times = [Times() for _ in commands]
        for argv in commands:
            run(argv)
        for _ in range(self.runs):
            for argv, one in zip(commands, times):
                if before:
                    before()
                one.add(run(argv))
        return [t.all() for t in times]

    def row(self, name, mine, theirs, memory):
        ratios = [a / b for a, b in zip(mine, theirs)]
        new, new_memory = NEWEST.get(name.split()[-1], (None, None))
        line = (f"{name:14}" + "".join(f"{t:7.3f}" for t in mine) + "  " +
                "".join(f"{t:7.3f}" for t in theirs) + "  " +
                "".join(f"{r:7.3f}" for r in ratios) +
                f"  {memory[0]:6d} {memory[1]:6d} {memory[0] / memory[1]:5.2f}")
        if new:
            line += f"  {ratios[0] / new:6.3f} {ratios[1] / new:6.3f}"
        if name in BOUND:
            line += f"  {BOUND[name]:.3f}"
        print(line, flush=True)

    def head(self):
        print("seconds: wall least, wall median, processor least; KiB in "
              "memory at most; the wall\nas part of the newest kmod's "
              "(recorded), and what it may be\n\n"
              f"{'':14}{'ours':>21}  {'kmod 30':>21}  {'ratio':>21}  "
              f"{'ours':>6} {'30':>6} {'ratio':>5}  {'/newest':>13}  bound")

    def against(self, name, root):
        mine, theirs = self.in_turn(self.us(root), self.them(root))
        self.row(name, mine, theirs,
                 [bench.peak(p, self.tmp)
                  for p in (self.us(root), self.them(root))])

    def tree(self, kind):
        target = f"{self.tmp}/{kind}"
        if os.path.exists(target):
            return target
        if kind in PACK:
            return packed(self.plain, target, kind)
        return copy(self.plain if kind == "plain" else self.xz, target)

    def compressed(self, kind):
        self.against(kind, self.tree(kind))

    part_plain = part_xz = part_zst = compressed

    def part_gz(self, kind):
        """No peer reads it here: the output is the plain tree's, and the time
        is given beside that of our own plain tree."""
        root, plain = self.tree(kind), self.tree("plain")
        mine, ours_plain = self.in_turn(self.us(root), self.us(plain))
        same = self.texts(root).replace(b".ko.gz", b".ko") == self.texts(plain)
        print(f"{'gz':14}" + "".join(f"{t:7.3f}" for t in mine) +
              "   ours, plain:" + "".join(f"{t:7.3f}" for t in ours_plain) +
              f"; the output is {'the same' if same else 'ANOTHER'}")

    def texts(self, root):
        return subprocess.run([f"{self.ours}/depmod", "-n", "-b", root,
                               release(root)], check=True,
                              capture_output=True).stdout

    def part_added(self, _):
        """One more module since the last run, of which all is remembered."""
        for kind in "plain", "xz":
            root = self.tree(kind)
            folder, name = next(modules(root))
            added = f"{folder}/added-{name}"
            cache = f"{self.tmp}/cache-{kind}"
            us = [f"{self.ours}/depmod", "--no-sync", "--cache", cache, "-b",
                  root, release(root)]
            number = [0]

            def another():
                """A file that no run has seen."""
                number[0] += 1
                if os.path.exists(added):
                    os.unlink(added)
                shutil.copyfile(f"{folder}/{name}", added)

            time.sleep(2.1)
            run(us)
            mine, theirs = self.in_turn(us, self.them(root), before=another)
            self.row(f"added {kind}", mine, theirs,
                     [bench.peak(p, self.tmp) for p in (us, self.them(root))])
            os.unlink(added)

    def part_growth(self, _):
        """The seconds of a module stay what they are."""
        first = None
        for times in 1, 2, 4, 8:
            root = multiplied(self.plain, f"{self.tmp}/growth", times)
            mine, theirs = self.in_turn(self.us(root), self.them(root))
            self.row(f"{times} plain", mine, theirs,
                     [bench.peak(p, self.tmp)
                      for p in (self.us(root), self.them(root))])
            first = first or mine
            print(f"{'':14}for each module, as part of that of one copy: " +
                  " ".join(f"{a / b / times:.2f}"
                           for a, b in zip(mine, first)))
            shutil.rmtree(root)

    def part_flush(self, _):
        """The cost of waiting for the disk."""
        root = self.tree("plain")
        threads = self.in_turn(self.us(root, "-j", "1"), self.us(root))
        quick = self.us(root)
        slow = [a for a in quick if a != "--no-sync"]
        flush = self.in_turn(slow, quick)
        for name, (a, b) in ("one thread", threads), ("flushed", flush):
            print(f"{name:14}" + "".join(f"{t:7.3f}" for t in a) +
                  "   usual:" + "".join(f"{t:7.3f}" for t in b))


def main():
    ours, peer, tmp, plain, xz, runs = sys.argv[1:7]
    bench.compile_c(tmp, "peak", bench.PEAK, "-static")
    b = Bench(ours, peer, tmp, plain, xz, int(runs))
    b.head()
    for part in sys.argv[7:]:
        getattr(b, f"part_{part}")(part)


if __name__ == "__main__":
    main()
