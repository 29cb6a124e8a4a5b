# SPDX-License-Identifier: LGPL-2.1-or-later
"""terminal.py - draws the text of a terminal as an SVG.

Usage: terminal.py WORD... <TEXT >SVG

TEXT is the output of testsuite/uml/demo.sh: steps after an empty line, commands
after "$ ".  The steps whose first line has one of the WORDs are drawn.
"""

import sys
from xml.sax.saxutils import escape

CHAR, LINE, EDGE = 8.4, 19, 16  # pixels
STYLE = """\
text { font: 14px monospace; fill: #d0d0d0; }
.step { fill: #ffffff; font-weight: bold; }
.command { fill: #6fd3e0; }
.error { fill: #f08080; }"""


def steps(text):
    return [step.strip("\n").splitlines() for step in text.split("\n\n")]


def kind(i, line):
    if i == 0:
        return "step"
    if line.startswith("$ "):
        return "command"
    return "error" if ": FATAL: " in line or ": ERROR: " in line else ""


def main():
    words = sys.argv[1:]
    lines = []
    for step in steps(sys.stdin.read()):
        if step and any(word in step[0] for word in words):
            lines += [("", "")] if lines else []
            lines += [(kind(i, line), line) for i, line in enumerate(step)]
    if not lines:
        sys.exit("terminal.py: no such step in the text")
    width = max(len(line) for _, line in lines) * CHAR + 2 * EDGE
    height = len(lines) * LINE + 2 * EDGE
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" '
          f'height="{height:.0f}">\n<style>\n{STYLE}\n</style>\n'
          f'<rect width="100%" height="100%" rx="8" fill="#1e1e1e"/>')
    for i, (name, line) in enumerate(lines):
        if line:
            print(f'<text x="{EDGE}" y="{EDGE + LINE * (i + 0.75):.0f}" '
                  f'xml:space="preserve" class="{name}">{escape(line.rstrip())}</text>')
    print("</svg>")


if __name__ == "__main__":
    main()
