# SPDX-License-Identifier: LGPL-2.1-or-later
"""tries.py - the binary indexes: read in any layout, written in pre-order.

A node is (prefix, children by byte, values), a value (priority, text).  Shares
nothing with the library but the description of the format.
"""

import struct

PREFIX, CHILDREN, VALUES = 0x80000000, 0x20000000, 0x40000000
OFFSET = 0x0FFFFFFF
HEAD = b"\xb0\x07\xf4\x57\x00\x02\x00\x01"


class Broken(Exception):
    pass


def read(data):
    """The root.  Every byte must belong to exactly one node."""
    used = bytearray(len(data))

    def take(at, n):
        if at + n > len(data) or any(used[at:at + n]):
            raise Broken(f"{n} bytes at {at} are outside or shared")
        used[at:at + n] = b"\1" * n
        return data[at:at + n]

    def text(at):
        end = data.index(b"\0", at)
        return take(at, end + 1 - at)[:-1], end + 1

    def node(ref):
        at, prefix, children, values = ref & OFFSET, b"", {}, []
        if ref & PREFIX:
            prefix, at = text(at)
        refs = []
        if ref & CHILDREN:
            first, last = take(at, 2)
            n = last - first + 1
            refs = struct.unpack(f">{n}I", take(at + 2, 4 * n))
            at += 2 + 4 * n
            if not refs[0] or not refs[-1]:
                raise Broken("a table that is wider than it need be")
        if ref & VALUES:
            count, = struct.unpack(">I", take(at, 4))
            at += 4
            for _ in range(count):
                priority, = struct.unpack(">I", take(at, 4))
                value, at = text(at + 4)
                values.append((priority, value))
        for i, child in enumerate(refs):
            if child:
                children[first + i] = node(child)
        return prefix, children, values

    if take(0, 8) != HEAD:
        raise Broken("not an index")
    root = node(struct.unpack(">I", take(8, 4))[0])
    if not all(used):
        raise Broken("bytes that belong to no node")
    return root


def write(root):
    """The bytes of an index, each node before its children."""
    out = bytearray(HEAD + b"\0\0\0\0")

    def put(node):
        prefix, children, values = node
        ref, tables = len(out), 0
        if prefix:
            ref |= PREFIX
            out.extend(prefix + b"\0")
        if children:
            ref |= CHILDREN
            first, last = min(children), max(children)
            out.extend((first, last))
            tables = len(out)
            out.extend(b"\0" * 4 * (last - first + 1))
        if values:
            ref |= VALUES
            out.extend(struct.pack(">I", len(values)))
            for priority, value in values:
                out.extend(struct.pack(">I", priority) + value + b"\0")
        for byte in sorted(children):
            at = tables + 4 * (byte - first)
            out[at:at + 4] = struct.pack(">I", put(children[byte]))
        return ref

    out[8:12] = struct.pack(">I", put(root))
    return bytes(out)


def entries(node, key=b""):
    """(key, priority, value) of all nodes, in order."""
    prefix, children, values = node
    key += prefix
    for priority, value in values:
        yield key, priority, value
    for byte in sorted(children):
        yield from entries(children[byte], key + bytes([byte]))


def build(triples):
    """The trie of (key, priority, value) in the order they were added."""
    triples = [(k, p, -i, v) for i, (k, p, v) in enumerate(triples)]
    triples.sort()

    def make(part, depth, root):
        first, last = part[0][0], part[-1][0]
        end = depth
        while not root and end < len(first) and \
                first[end:end + 1] == last[end:end + 1]:
            end += 1
        values = [(p, v) for k, p, _, v in part if len(k) == end]
        groups = {}
        for item in part:
            if len(item[0]) > end:
                groups.setdefault(item[0][end], []).append(item)
        return (first[depth:end],
                {b: make(g, end + 1, False) for b, g in groups.items()},
                values)

    return make(triples, 0, True) if triples else (b"", {}, [])


def difference(ours, peer):
    """None, or the fault in our bytes, compared with the
    peer's."""
    try:
        mine = read(ours)
    except (Broken, ValueError, IndexError) as e:
        return f"ours: {e}"
    if write(mine) != ours:
        return "ours is not in pre-order"
    if mine != build_again(mine):
        return "ours has not the shape that its keys make"
    # Of a tree without modules.builtin the peer's index is empty.
    theirs = read(peer) if peer else (b"", {}, [])
    if mine == theirs:
        return None
    a, b = set(entries(mine)), set(entries(theirs))
    if a == b:
        return "the same entries in another order"
    return (f"only ours: {sorted(a - b)[:3]}, "
            f"only the peer's: {sorted(b - a)[:3]}")


def build_again(root):
    """From the entries alone; equal ones keep the order that they have."""
    return build([e for e in reversed(list(entries(root)))])
