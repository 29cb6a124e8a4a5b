#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""start.py - times of programs that run in turn on one CPU.

    start.py RUNS PROGRAM... -- ARGUMENT...

Prints for each program the median and the 10th percentile of its wall time,
both in relation to those of the first program, and its page faults.
"""

import os
import statistics
import sys
import time


def run(argv, null):
    """Microseconds and page faults."""
    began = time.perf_counter()
    pid = os.posix_spawn(argv[0], argv, os.environ,
                         file_actions=[(os.POSIX_SPAWN_DUP2, null, fd)
                                       for fd in (0, 1, 2)])
    used = os.wait4(pid, 0)[2]
    return (time.perf_counter() - began) * 1e6, used.ru_minflt


def main():
    runs = int(sys.argv[1])
    split = sys.argv.index("--")
    programs, arguments = sys.argv[2:split], sys.argv[split + 1:]
    null = os.open("/dev/null", os.O_RDWR)
    os.sched_setaffinity(0, [max(os.sched_getaffinity(0))])
    took = {program: [] for program in programs}
    faults = {}
    for _ in range(runs):
        for program in programs:
            time_of_run, faults[program] = run([program, *arguments], null)
            took[program].append(time_of_run)

    def tenth(times):
        return statistics.quantiles(times, n=10)[0]

    first = took[programs[0]]
    print("median us  ratio  10th percentile us  ratio  faults  program")
    for program, times in took.items():
        median, low = statistics.median(times), tenth(times)
        print(f"{median:9.0f}  {median / statistics.median(first):5.3f}"
              f"  {low:18.0f}  {low / tenth(first):5.3f}"
              f"  {faults[program]:6}  {program}")


if __name__ == "__main__":
    main()
