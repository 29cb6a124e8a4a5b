#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""coverage.py - which lines of the library and the tools a build has executed.

  coverage.py SOURCE BUILD FLOOR

SOURCE is the top of the tree, BUILD a build with --coverage after its tests.
Prints each file of libmod/ and src/ with the lines that no test executes, then
"lines: EXECUTED of ALL, PERCENT %".  The status is 1 below FLOOR percent.

A line counts as executed if it is in any object: decoders are compiled twice,
functions of headers many times.
"""

import collections
import json
import os
import subprocess
import sys


def notes(build):
    """The files that gcc wrote for each object of libmod/ and src/."""
    for part in "libmod", "src":
        for directory, _, names in os.walk(os.path.join(build, part)):
            for name in sorted(names):
                if name.endswith(".gcno"):
                    yield os.path.join(directory, name)


def read(files):
    """gcov's report for each object, as JSON: one line of output each."""
    run = subprocess.run(["gcov", "--json-format", "--stdout", *files],
                         check=True, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
    for line in run.stdout.splitlines():
        yield json.loads(line)


def executed(source, build):
    """{file: {line: number of executions}}"""
    lines = collections.defaultdict(collections.Counter)
    for report in read(notes(build)):
        for entry in report["files"]:
            path = os.path.relpath(os.path.join(
                report["current_working_directory"], entry["file"]), source)
            if path.startswith(("libmod/", "src/")):
                for line in entry["lines"]:
                    lines[path][line["line_number"]] += line["count"]
    return lines


def ranges(numbers):
    """1 2 3 7: "1-3 7"."""
    parts = []
    for n in numbers:
        if parts and n == parts[-1][1] + 1:
            parts[-1][1] = n
        else:
            parts.append([n, n])
    return " ".join(f"{a}-{b}" if a < b else f"{a}" for a, b in parts)


def main():
    source, build, floor = sys.argv[1], sys.argv[2], float(sys.argv[3])
    lines = executed(os.path.realpath(source), build)
    total = missed = 0
    for path, counts in sorted(lines.items()):
        left = sorted(n for n, count in counts.items() if not count)
        total += len(counts)
        missed += len(left)
        if left:
            print(f"{path}: {len(left)} of {len(counts)} not executed: "
                  f"{ranges(left)}")
    if not total:
        sys.exit("coverage.py: no objects with coverage")
    percent = 100 * (total - missed) / total
    print(f"lines: {total - missed} of {total}, {percent:.2f} %")
    sys.exit(percent < floor)


main()
