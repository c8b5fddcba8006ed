"""Small files of each kind that is kept as a capture."""

import zlib

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n"
HTML = "\ufeff<!-- saved -->\n<!DOCTYPE html><title>Отчёт</title>".encode()


def chunk(name, data):
    """One chunk of a PNG."""
    return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]))
    + chunk(b"IDAT", zlib.compress(b"\x00\x00"))
    + chunk(b"IEND", b"")
)
