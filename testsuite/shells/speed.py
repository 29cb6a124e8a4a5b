# SPDX-License-Identifier: LGPL-2.1-or-later
"""speed.py - milliseconds from the key to the answer, over a whole tree.

Usage: speed.py SHARE TOOLS ROOT RELEASE

SHARE is where completions are installed (/usr/share).

The time of a completion that looks at no file stands beside: what the shell and
its terminal take by themselves (for fish, its start).  The least of ten.
"""

import sys
import time

from drive import SHELLS

SHARE, TOOLS, ROOT, RELEASE = sys.argv[1:]
LINES = [
    "modprobe --show-e",
    f"modprobe -d {ROOT} -S {RELEASE} snd_h",
    f"modprobe -d {ROOT} -S {RELEASE} snd_hda_intel power",
    f"modinfo -b {ROOT} -k {RELEASE} snd_h",
]


def least(shell, line):
    times = []
    for _ in range(10):
        began = time.perf_counter()
        offers = shell.offers(line)
        times.append(time.perf_counter() - began)
    return min(times) * 1000, len(offers)


def main():
    for name, make in SHELLS.items():
        shell = make(SHARE, f"{TOOLS}:/usr/bin:/bin")
        floor, _ = least(shell, LINES[0])
        for line in LINES[1:]:
            shown = line.replace(f" {ROOT}", " ROOT").replace(RELEASE, "V")
            ms, n = least(shell, line)
            print(f"{name:5} {shown:42} {ms:6.1f} ms for {n:2} offers; "
                  f"{floor:5.1f} ms without any file")
        shell.close()


main()
