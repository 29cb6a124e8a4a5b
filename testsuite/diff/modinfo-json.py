# SPDX-License-Identifier: LGPL-2.1-or-later
"""modinfo-json.py - modinfo --json of many modules, ours, against what kmod's
modinfo -0 prints of them: nothing is lost and nothing is added.

Usage: modinfo-json.py OURS KMOD OPTION... <OPERANDS
  OURS, KMOD  commands named modinfo
"""

import codecs
import json
import subprocess
import sys

AT_ONCE = 1000  # operands
PARM = b"parm:           "
FILENAME = b"filename:       "
NAME = b"name:           "
SIGNATURE = {"sig_id": "type", "signer": "signer", "sig_key": "key",
             "sig_hashalgo": "hash", "signature": "value"}


def escape(error):
    bad = error.object[error.start:error.end]
    return "".join(f"\\x{b:02x}" for b in bad), error.end


codecs.register_error("as-json", escape)


def text(value):
    return value.decode("utf-8", "as-json")


def digits(value):
    return "".join(c for c in text(value).lower() if c not in ":\n\t")


def parm_line(parm):
    """As kmod prints it in the full form."""
    name, kind, what = parm["name"], parm["type"], parm["description"]
    if what is None:
        return f"{name}:{kind}"
    return f"{name}:{what}" + (f" ({kind})" if kind is not None else "")


def modules_of(output):
    """kmod's records, a list for each module."""
    modules = []
    for record in output.split(b"\0")[:-1]:
        new = record.startswith((FILENAME, NAME))
        # A built-in has its name first, then (builtin).
        if new and modules and len(modules[-1]) == 1 and \
                modules[-1][0].startswith(NAME):
            new = False
        if new:
            modules.append([])
        modules[-1].append(record)
    return modules


def as_ours(records):
    """What our object has to be, by kmod's records."""
    object = {"filename": None, "builtin": False, "fields": {}, "parms": [],
              "signature": None}
    for record in records:
        if record.startswith(NAME):
            object["builtin"] = True
        elif record.startswith(FILENAME):
            path = text(record[len(FILENAME):])
            object["filename"] = None if object["builtin"] else path
        elif record.startswith(PARM):
            object["parms"].append(text(record[len(PARM):]))
        else:
            key, value = record.split(b"=", 1)
            key = text(key)
            if key in SIGNATURE:
                object["signature"] = object["signature"] or {}
                object["signature"][SIGNATURE[key]] = \
                    digits(value) if key in ("sig_key", "signature") \
                    else text(value)
            else:
                object["fields"].setdefault(key, []).append(text(value))
    return object


def ours_of(module):
    return {"filename": module["filename"], "builtin": module["builtin"],
            "fields": module["fields"],
            "parms": [parm_line(p) for p in module["parameters"]],
            "signature": module["signature"]}


def main():
    ours, kmod, *options = sys.argv[1:]
    operands = sys.stdin.read().splitlines()
    bad = seen = 0
    for i in range(0, len(operands), AT_ONCE):
        part = operands[i:i + AT_ONCE]
        made = json.loads(subprocess.run(
            [ours, "--json", *options, *part], stdout=subprocess.PIPE).stdout)
        wanted = [as_ours(m) for m in modules_of(subprocess.run(
            [kmod, "-0", *options, *part], stdout=subprocess.PIPE).stdout)]
        made = [ours_of(m) for m in made]
        if len(made) != len(wanted):
            print(f"{len(made)} modules, kmod has {len(wanted)}")
            bad += 1
        for one, other in zip(made, wanted):
            seen += 1
            if one != other:
                bad += 1
                print(f"DIFFERS {one['filename']}\n  {one}\n  {other}")
    print(f"{seen:6d} modules   modinfo --json {' '.join(options)}")
    sys.exit(bad > 0 or not seen)


main()
