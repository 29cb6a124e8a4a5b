# SPDX-License-Identifier: LGPL-2.1-or-later
"""rows.py - the rows of COMPATIBILITY.md.

A comparison with kmod accepts the differences in this table and no others: each
of its rules has the id of a row as its name, and is counted by it.
"""

import collections
import sys


class Rows:
    """The rows that a suite ("diff/modprobe") has rules for."""

    def __init__(self, path, suite, rules):
        self.used = collections.Counter()
        self.rules = set(rules)
        wrong = [f"rule {r}: no row that says {suite}" for r in
                 sorted(self.rules - self.named(path, suite))]
        wrong += [f"row {r}: no rule in {suite}" for r in
                  sorted(self.differing(path, suite) - self.rules)]
        if len(self.rules) < len(rules):
            wrong.append("two rules have one name")
        if wrong:
            sys.exit(f"{path}: " + f"\n{path}: ".join(wrong))

    @staticmethod
    def cells(path, suite):
        """The rows whose last cell, the tests, has the suite."""
        with open(path) as f:
            for line in f:
                row = [cell.strip() for cell in line.split("|")[1:-1]]
                if line.startswith("| `") and \
                        suite in row[-1].replace(",", " ").split():
                    yield row

    def named(self, path, suite):
        return {row[0].strip("`") for row in self.cells(path, suite)}

    def differing(self, path, suite):
        """Without the rows in which ours is as kmod 30."""
        return {row[0].strip("`") for row in self.cells(path, suite)
                if (row[3], row[4]) != ("the same", "same")}

    def use(self, *names):
        for name in names:
            if name not in self.rules:
                sys.exit(f"no rule {name}")
            self.used[name] += 1

    def report(self):
        for name in sorted(self.rules):
            print(f"  {self.used[name]:6d}  {name}")
