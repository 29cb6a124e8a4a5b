# SPDX-License-Identifier: LGPL-2.1-or-later
"""modinfo.py - measures for modinfo.sh.

Usage: modinfo.py OURS PEER ROOT PART RUNS

Wall times are from RUNS runs of all programs in turn, so that what else the
machine does hits each.  The least is what the program costs.
"""

import glob
import os
import re
import statistics
import subprocess
import sys
import time

NEWEST_PLAIN = 0.43  # seconds, measured once on another machine
ARG_BYTES = 1 << 20  # of operands in one command


def batches(files):
    """As xargs has them: the kernel limits a command line."""
    batch, size = [], 0
    for file in files:
        size += len(file) + 9
        if size > ARG_BYTES:
            yield batch
            batch, size = [], len(file) + 9
        batch.append(file)
    yield batch


def run(command, files):
    null = os.open("/dev/null", os.O_WRONLY)
    began = time.perf_counter()
    for batch in batches(files):
        subprocess.run([*command, *batch], stdout=null, check=True)
    took = time.perf_counter() - began
    os.close(null)
    return took


def cost(command):
    """Thousands of instructions, ld.so included, and system calls."""
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
         *command], capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    calls = subprocess.run(["strace", "-f", "-qq", *command],
                           stdout=subprocess.DEVNULL,
                           stderr=subprocess.PIPE).stderr.count(b"\n") - 1
    return int(found.group(1)) / 1000 if found else float("nan"), calls


def one(ours, peer, root):
    release = os.path.basename(glob.glob(f"{root}/lib/modules/*")[0])
    print(f"{'one module':34} {'k instructions':>16} {'system calls':>16}")
    for options in ([], ["-F", "license"], ["-n"], ["-p"]):
        args = [*options, "-b", root, "-k", release, "nvme"]
        (k, calls), (peer_k, peer_calls) = (
            cost([f"{where}/modinfo", *args]) for where in (ours, peer))
        name = " ".join(["modinfo", *options, "nvme"])
        print(f"{name:34} {k:6.0f} {peer_k:6.0f} {k / peer_k:.2f} "
              f"{calls:6d} {peer_calls:6d} {calls / peer_calls:.2f}")


def many(ours, peer, root, part, runs):
    files = sorted(glob.glob(f"{root}/lib/modules/*/**/*.ko*",
                             recursive=True))
    commands = [[f"{ours}/modinfo"], [f"{ours}/modinfo", "-j1"],
                [f"{peer}/modinfo"]]
    times = [[], [], []]
    for _ in range(runs):
        for i, command in enumerate(commands):
            times[i].append(run(command, files))
    print(f"\n{len(files)} modules, {part}; {os.cpu_count()} CPUs; seconds, "
          "least and median of "
          f"{runs}; ratio to kmod 30" +
          (f" and to the newest ({NEWEST_PLAIN})" if part == "plain" else ""))
    for name, took in zip(("ours", "ours, -j1", "kmod 30"), times):
        least, middle = min(took), statistics.median(took)
        line = (f"{name:34} {least:7.3f} {middle:7.3f} "
                f"{least / min(times[2]):5.2f} "
                f"{middle / statistics.median(times[2]):5.2f}")
        if part == "plain":
            line += f" {least / NEWEST_PLAIN:5.2f}"
        print(line)


def main():
    ours, peer, root, part, runs = sys.argv[1:]
    if part == "one":
        one(ours, peer, root)
    else:
        many(ours, peer, root, part, int(runs))


main()
