# SPDX-License-Identifier: LGPL-2.1-or-later
"""bench.py - measures for bench.sh, in the set-up that it made.

Usage: bench.py OURS PEER TMP RUNS

Instructions (callgrind, ld.so included) and system calls (strace) are the same
at every run, to one percent or so.  Wall times are from RUNS runs of both
programs in turn, so that what else the machine does hits both.
"""

import os
import random
import re
import statistics
import subprocess
import sys
import time

# name, arguments; newest kmod (34 and some, July 2026): system calls and
# thousands of instructions, measured once in this set-up on another machine.
CASES = [
    ("modprobe", ["-q", "nosuchalias"], 125, 428),
    ("modprobe", ["-n", "nvme"], 162, 587),
    ("modprobe", ["-n", "loop"], None, None),
    ("modprobe", ["-D", "nvme"], 136, 575),
    ("modprobe", ["-D", "btrfs"], 132, 529),
    ("modprobe", ["-D", "ext4"], 131, 498),
    ("modprobe",
     ["-R", "pci:v00008086d000010D3sv00001028sd00000001bc02sc00i00"],
     128, 466),
    ("modprobe",
     ["-R", "usb:v1D6Bp0002d0510dc09dsc00dp01ic09isc00ip00in00"], 128, 566),
    ("modprobe",
     ["-R", "usb:v0BDAp8153d3000dc00dsc00dp00icFFiscFFip00in00"], 128, 574),
    ("modprobe", ["-R", "acpi:PNP0C0A:"], 128, 1005),
    ("modprobe", ["-c"], 604, 22200),
    ("lsmod", [], 2315, 1370),
]
LOADED = 151
ENV = {"PATH": "/sbin:/usr/sbin:/bin:/usr/bin"}


# A process starts with the memory of the one that started it, so that one has
# to be small.
PEAK = r"""
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct rusage used;

	if (vfork() == 0) {
		execv(argv[1], argv + 1);
		_exit(127);
	}
	wait4(-1, NULL, 0, &used);
	fprintf(stderr, "%ld\n", used.ru_maxrss);
	return 0;
}
"""


def compile_c(tmp, name, text, *flags):
    with open(f"{tmp}/{name}.c", "w") as f:
        f.write(text)
    subprocess.run(["cc", "-O2", *flags, "-o", f"{tmp}/{name}",
                    f"{tmp}/{name}.c"], check=True)


def peak(argv, tmp):
    """KiB in memory at most."""
    done = subprocess.run([f"{tmp}/peak", *argv], env=ENV, capture_output=True,
                          text=True)
    return int(done.stderr.split()[-1])


def run(argv):
    """Seconds."""
    null = os.open("/dev/null", os.O_RDWR)
    began = time.perf_counter()
    pid = os.posix_spawn(argv[0], argv, ENV,
                         file_actions=[(os.POSIX_SPAWN_DUP2, null, fd)
                                       for fd in (0, 1, 2)])
    os.waitpid(pid, 0)
    took = time.perf_counter() - began
    os.close(null)
    return took


def instructions(argv):
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
         *argv], env=ENV, capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    return int(found.group(1)) / 1000 if found else float("nan")


def system_calls(argv, tmp):
    subprocess.run(["strace", "-f", "-c", "-o", f"{tmp}/strace", *argv],
                   env=ENV, capture_output=True)
    with open(f"{tmp}/strace") as f:
        return int(f.read().splitlines()[-1].split()[3])


def floor(tmp):
    """What a program that does nothing costs."""
    compile_c(tmp, "nothing", "int main(void) { return 0; }\n")
    argv = [f"{tmp}/nothing"]
    times = [run(argv) for _ in range(100)]
    print(f"a program that does nothing: {system_calls(argv, tmp)} system "
          f"calls, {instructions(argv):.0f} k instructions, "
          f"{min(times) * 1000:.2f} ms\n")


def devices(count, tree):
    """So many modaliases that modules.alias has an answer for."""
    rng, found = random.Random(1), []
    with open(f"{tree}/modules.alias") as f:
        aliases = [line.split()[1] for line in f if line[0] != "#"]
    while len(found) < count:
        found.append(re.sub(r"[*?]", lambda _: rng.choice("0123456789ABCDEF"),
                            re.sub(r"\[(.)[^]]*\]", r"\1",
                                   rng.choice(aliases))))
    return found


def many(ours, peer, runs):
    """Ten thousand names in one run."""
    names = devices(10000, f"/lib/modules/{os.uname().release}")
    times = [], []
    for _ in range(runs):
        for i, where in enumerate((ours, peer)):
            times[i].append(run([f"{where}/modprobe", "-q", "-a", "-R",
                                 *names]) * 1000)
    least, middle = map(min, times), map(statistics.median, times)
    a, b = least
    c, d = middle
    print(f"\nmodprobe -a -R of 10,000 aliases: least {a:.0f} and {b:.0f} ms, "
          f"ratio {a / b:.2f}; median {c:.0f} and {d:.0f} ms, "
          f"ratio {c / d:.2f}")


def list_calls(ours, tmp):
    """What one run asks the kernel, and which files are mapped as code."""
    argv = [f"{ours}/modprobe", "-q", "nosuchalias"]
    subprocess.run(["strace", "-o", f"{tmp}/strace", *argv], env=ENV,
                   capture_output=True)
    with open(f"{tmp}/strace") as f:
        lines = f.read().splitlines()
    print("\nthe system calls of modprobe -q nosuchalias:\n")
    for line in lines:
        print("  " + re.sub(r"\s+= ", " = ", line)[:100])
    mapped = [m.group(1) for line in lines if
              (m := re.search(r'openat\([^"]*"(\S+\.so[.0-9]*)".* = \d', line))]
    print(f"\nlibraries: {', '.join(mapped)}")


def load_modules(tmp):
    """/proc/modules and /sys/module as if so many modules were loaded."""
    write_modules(tmp, some_modules(f"/lib/modules/{os.uname().release}"))
    for what, where in (("modules", "/proc/modules"),
                        ("module", "/sys/module")):
        subprocess.run(["mount", "--bind", f"{tmp}/{what}", where],
                       check=True)


def some_modules(tree):
    """LOADED modules of a tree, each with the modules that use it."""
    needs = {}
    with open(f"{tree}/modules.dep") as f:
        for line in f:
            path, rest = line.split(":")
            names = [os.path.basename(p).split(".")[0].replace("-", "_")
                     for p in [path, *rest.split()]]
            needs[names[0]] = names[1:]
    loaded = {}
    for name in ["i915", "btrfs", "nvme", "iwlwifi", "snd_hda_intel", "xfs",
                 "kvm_intel", *sorted(needs)]:
        for need in [*reversed(needs.get(name, [])), name]:
            if len(loaded) < LOADED:
                loaded.setdefault(need, [])
    for name in loaded:
        for need in needs.get(name, []):
            if need in loaded:
                loaded[need].append(name)
    return loaded


def no_modules(tmp):
    """A kernel that can have modules, and has none."""
    if not os.path.exists("/proc/modules"):
        make_proc(f"{tmp}/proc")


def write_modules(tmp, loaded):
    """The files "modules" and "module", as in /proc and /sys."""
    os.mkdir(f"{tmp}/module")
    with open(f"{tmp}/modules", "w") as f:
        for name, users in reversed(loaded.items()):
            by = "".join(u + "," for u in users) or "-"
            f.write(f"{name} 16384 {len(users)} {by} Live "
                    "0x0000000000000000\n")
    for name, users in loaded.items():
        os.makedirs(f"{tmp}/module/{name}/holders")
        for user in users:
            os.symlink(f"../../{user}",
                       f"{tmp}/module/{name}/holders/{user}")
        for file, text in (("initstate", "live"), ("refcnt", len(users)),
                           ("coresize", 16384)):
            with open(f"{tmp}/module/{name}/{file}", "w") as f:
                f.write(f"{text}\n")


def make_proc(proc):
    """A /proc with a place for modules, where the kernel has none."""
    os.makedirs(f"{proc}/.real")
    for name in os.listdir("/proc"):
        if not name.isdigit():
            os.symlink(f".real/{name}", f"{proc}/{name}")
    with open(f"{proc}/modules", "w"):
        pass
    subprocess.run(["mount", "--bind", "/proc", f"{proc}/.real"], check=True)
    subprocess.run(["mount", "--rbind", proc, "/proc"], check=True)


def measure(ours, peer, tmp, runs):
    table = []
    for tool, args, newest_calls, newest_k in CASES:
        if tool == "lsmod":  # the last; modprobe finds nothing loaded
            load_modules(tmp)
        programs = [[f"{where}/{tool}", *args] for where in (ours, peer)]
        times = [], []
        for _ in range(runs if args != ["-c"] else runs // 20 + 1):
            for i, argv in enumerate(programs):
                times[i].append(run(argv) * 1000)
        table.append((f"{tool} {' '.join(args)}"[:34],
                      [instructions(p) for p in programs], newest_k,
                      [system_calls(p, tmp) for p in programs], newest_calls,
                      times, [peak(p, tmp) for p in programs]))
        print(".", end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)
    return table


def show(table):
    print("thousands of instructions, system calls: ours, kmod 30, newest kmod;"
          " ratios to both\n")
    print(f"{'':34} {'ours':>6} {'30':>6} {'new':>6} {'/30':>5} {'/new':>5}"
          f"   {'ours':>5} {'30':>6} {'new':>5} {'/30':>5} {'/new':>5}")
    for name, k, new_k, calls, new_calls, _, _ in table:
        new_k, new_calls = new_k or float("nan"), new_calls or float("nan")
        print(f"{name:34} {k[0]:6.0f} {k[1]:6.0f} {new_k:6.0f} "
              f"{k[0] / k[1]:5.2f} {k[0] / new_k:5.2f}   "
              f"{calls[0]:5d} {calls[1]:6d} {new_calls:5.0f} "
              f"{calls[0] / calls[1]:5.2f} {calls[0] / new_calls:5.2f}")
    print("\nwall time in ms, least and median; memory at most in KiB: ours, "
          "kmod 30; ratios\n")
    print(f"{'':34} {'ours':>6} {'30':>6} {'ratio':>5}   "
          f"{'ours':>6} {'30':>6} {'ratio':>5}   {'ours':>6} {'30':>6} "
          f"{'ratio':>5}")
    for name, _, _, _, _, times, memory in table:
        least = [min(t) for t in times]
        middle = [statistics.median(t) for t in times]
        print(f"{name:34} {least[0]:6.2f} {least[1]:6.2f} "
              f"{least[0] / least[1]:5.2f}   {middle[0]:6.2f} {middle[1]:6.2f} "
              f"{middle[0] / middle[1]:5.2f}   {memory[0]:6d} {memory[1]:6d} "
              f"{memory[0] / memory[1]:5.2f}")


def main():
    ours, peer, tmp, runs = sys.argv[1:]
    compile_c(tmp, "peak", PEAK, "-static")
    floor(tmp)
    no_modules(tmp)
    list_calls(ours, tmp)
    many(ours, peer, int(runs) // 20 + 1)
    print()
    show(measure(ours, peer, tmp, int(runs)))


if __name__ == "__main__":
    main()
