# SPDX-License-Identifier: LGPL-2.1-or-later
"""plot.py - draws doc/speed.tsv as an SVG: how many times faster than kmod.

Usage: plot.py TSV >SVG

A line of TSV is a case and three times, of libmod and of two versions of kmod
(see testsuite/bench/versions.sh).  The axis is logarithmic.
"""

import math
import sys
from xml.sax.saxutils import escape

LEFT, WIDTH, RIGHT, ROW, BAR, TOP = 270, 460, 60, 34, 12, 56  # pixels
FIRST, LAST = 1, 100  # ends of the axis
COLOURS = ("#8fb4d9", "#2f6fb0")
STYLE = "text { font: 13px sans-serif; fill: #333333; }"


def x(ratio):
    part = math.log(ratio / FIRST) / math.log(LAST / FIRST)
    return LEFT + WIDTH * min(max(part, 0), 1)


def text(left, top, what, anchor="start"):
    print(f'<text x="{left:.0f}" y="{top:.0f}" text-anchor="{anchor}">'
          f"{escape(what)}</text>")


def bar(top, ratio, colour):
    print(f'<rect x="{LEFT}" y="{top}" width="{max(x(ratio) - LEFT, 1):.1f}" '
          f'height="{BAR}" fill="{colour}"/>')
    text(x(ratio) + 4, top + BAR - 1,
         f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}")


def axis(bottom):
    for mark in (1, 2, 5, 10, 20, 50, 100):
        print(f'<line x1="{x(mark):.0f}" x2="{x(mark):.0f}" y1="{TOP - 6}" '
              f'y2="{bottom}" stroke="#dddddd"/>')
        text(x(mark), TOP - 10, f"{mark}", "middle")


def main():
    rows, names = [], ("kmod 30", "kmod 34")
    with open(sys.argv[1], encoding="ascii") as f:
        for line in f:
            if not line.startswith("#"):
                case, *times = line.rstrip("\n").split("\t")
                rows.append((case, [float(t) for t in times]))
    bottom = TOP + ROW * len(rows)
    print('<svg xmlns="http://www.w3.org/2000/svg" '
          f'width="{LEFT + WIDTH + RIGHT}" height="{bottom + 10}">\n'
          f"<style>{STYLE}</style>\n"
          '<rect width="100%" height="100%" fill="#ffffff"/>')
    text(10, 20, "Times faster than kmod (1: as fast)")
    for i, name in enumerate(names):
        print(f'<rect x="{LEFT + 110 * i}" y="10" width="12" height="12" '
              f'fill="{COLOURS[i]}"/>')
        text(LEFT + 110 * i + 17, 21, name)
    axis(bottom)
    for i, (case, (ours, *others)) in enumerate(rows):
        top = TOP + ROW * i
        text(LEFT - 8, top + BAR + 4, case, "end")
        for j, other in enumerate(others):
            bar(top + j * (BAR + 1) + 2, other / ours, COLOURS[j])
    print("</svg>")


if __name__ == "__main__":
    main()
