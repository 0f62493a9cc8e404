#!/usr/bin/env python3
"""Writes what glibc's iconv knows of the tills' encodings as C++ tables: a bridge on Windows then
takes the same bytes for the same characters as one on Linux. Windows' own code page for Big5 lacks
Hong Kong's characters.

usage: make_character_tables.py OUTPUT"""
import ctypes
import sys

libc = ctypes.CDLL(None)
libc.iconv_open.restype = ctypes.c_void_p
libc.iconv.restype = ctypes.c_size_t
libc.iconv.argtypes = [ctypes.c_void_p] + [ctypes.c_void_p] * 4
FAILED = ctypes.c_size_t(-1).value
INVALID = ctypes.c_void_p(-1).value


class Converter:
    def __init__(self, to, source):
        self.handle = libc.iconv_open(to.encode(), source.encode())
        if self.handle == INVALID:
            sys.exit(f"iconv knows no {source} or {to}")

    def __call__(self, text):
        """The other side's bytes; nothing: not one whole character, or it has none."""
        given = ctypes.create_string_buffer(text, len(text))
        made = ctypes.create_string_buffer(32)
        source = ctypes.c_char_p(ctypes.addressof(given))
        into = ctypes.c_char_p(ctypes.addressof(made))
        left, room = ctypes.c_size_t(len(text)), ctypes.c_size_t(32)
        def ref(it): return ctypes.cast(ctypes.byref(it), ctypes.c_void_p)
        done = (libc.iconv(self.handle, ref(source), ref(left), ref(into), ref(room)) != FAILED
                and libc.iconv(self.handle, None, None, ref(into), ref(room)) != FAILED)
        libc.iconv(self.handle, None, None, None, None)
        return made.raw[:32 - room.value] if done and left.value == 0 else None


def shapes(four_bytes):
    """Every sequence of bytes that could be a character."""
    for first in range(0x80, 0x100):
        yield bytes([first])
        for second in range(0x30, 0x100):
            yield bytes([first, second])
    if four_bytes:  # those of the first plane; the others are counted through
        for first in range(0x81, 0x85):
            for second in range(0x30, 0x3a):
                for third in range(0x81, 0xff):
                    for fourth in range(0x30, 0x3a):
                        yield bytes([first, second, third, fourth])


def tables_of(name, four_bytes):
    decode, encode = Converter("UTF-32LE", name), Converter(name, "UTF-32LE")
    to_points, to_bytes = [], []
    for shape in shapes(four_bytes):
        made = decode(shape)
        if made is None or len(made) not in (4, 8):
            continue
        points = [int.from_bytes(made[at:at + 4], "little") for at in range(0, len(made), 4)]
        to_points.append((int.from_bytes(shape, "big"), *points, *[0] * (2 - len(points))))
    for point in [*range(0x80, 0xd800), *range(0xe000, 0x10000), *range(0x20000, 0x30000)]:
        made = encode(point.to_bytes(4, "little"))
        counted_through = point > 0xffff and made is not None and len(made) == 4
        if made and not counted_through:
            to_bytes.append((point, int.from_bytes(made, "big"), 0))
    return sorted(to_points), sorted(to_bytes)


def write(out, name, rows):
    out.write(f"constexpr known_pair {name}[] = {{\n")
    for row in rows:
        out.write("{%d,%d,%d},\n" % row)
    out.write("};\n")


with open(sys.argv[1], "w", encoding="ascii") as out:
    out.write("// Made by make_character_tables.py from glibc's tables.\n")
    for name, encoding, four in (("gbk", "GBK", False), ("gb18030", "GB18030", True),
                                 ("big5", "BIG5-HKSCS", False)):
        decoding, encoding_rows = tables_of(encoding, four)
        write(out, name + "_to_points", decoding)
        write(out, name + "_to_bytes", encoding_rows)
