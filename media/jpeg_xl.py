"""The header of a JPEG XL file (ISO/IEC 18181-1, D.2 and D.3), since its reader unpacks the whole picture at once."""

import struct

RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))  # width to height
LENGTHS = (9, 13, 18, 30)  # bits of a side


class Bits:
    """Bits of a codestream, the lowest of each byte first."""

    def __init__(self, content: bytes):
        self.bits, self.left = int.from_bytes(content, "little"), 8 * len(content)

    def take(self, count: int) -> int:
        """The next bits as a number. Raises ValueError after the end."""
        if count > self.left:
            raise ValueError("the header is cut off")
        number = self.bits & ((1 << count) - 1)
        self.bits >>= count
        self.left -= count
        return number


def codestream(content: bytes) -> bytes:
    """The first bytes of the codestream, which may lie in a container. Raises ValueError."""
    if content[:2] == b"\xff\x0a":
        return content[2:34]
    at = 0
    while at + 8 <= len(content):
        size, name = struct.unpack_from(">I4s", content, at)
        head = 8
        if size == 1 and at + 16 <= len(content):  # its length follows, in 64 bits
            (size,), head = struct.unpack_from(">Q", content, at + 8), 16
        if name in (b"jxlc", b"jxlp"):
            start = at + head + (4 if name == b"jxlp" else 0)
            if content[start : start + 2] != b"\xff\x0a":
                break
            return content[start + 2 : start + 34]
        if size < head:  # to the end of the file, or broken
            break
        at += size
    raise ValueError("there is no codestream")


def measure(content: bytes) -> tuple[int, int, int]:
    """Width and height of a JPEG XL picture, px, and its orientation, 1 to 8 as in EXIF. Raises ValueError."""
    bits = Bits(codestream(content))
    small = bits.take(1)

    def side() -> int:
        return 8 * (1 + bits.take(5)) if small else 1 + bits.take(LENGTHS[bits.take(2)])

    height = side()
    ratio = bits.take(3)
    if ratio:
        across, down = RATIOS[ratio - 1]
        width = height * across // down
    else:
        width = side()
    is_plain = bits.take(1)
    orientation = 1 + bits.take(3) if not is_plain and bits.take(1) else 1
    return width, height, orientation
