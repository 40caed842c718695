"""HTTP/2 as frames (RFC 9113), written by hand so that every rule can be broken."""
import itertools
import struct

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, END_HEADERS, PADDED, ACK = 1, 4, 8, 1
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def literal(name, value):
    """A header field without indexing, name and value as they are (RFC 7541, 6.2.2); shorter than 127 bytes each."""
    return b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value


OK = b"\x88"  # :status 200 of the static table
HTML = OK + literal(b"content-type", b"text/html; charset=utf-8")


def body(stream, text, last=True, piece=16384):
    pieces = [text[at:at + piece] for at in range(0, len(text), piece)]
    return b"".join(frame(DATA, END_STREAM if last and at == len(pieces) - 1 else 0, stream, one) for at, one in enumerate(pieces))


# ---- answers: each yields what is to be sent; the first three are honest

def plain(stream, page):
    yield frame(HEADERS, END_HEADERS, stream, HTML) + body(stream, page)


def in_small_pieces(stream, page):
    yield frame(HEADERS, 0, stream, HTML[:5]) + frame(CONTINUATION, END_HEADERS, stream, HTML[5:]) + body(stream, page, piece=97)


def padded(stream, page):
    yield frame(HEADERS, END_HEADERS, stream, HTML) + frame(DATA, PADDED | END_STREAM, stream, b"\x40" + page + b"\0" * 0x40)


def endless_continuation(stream, _):
    yield frame(HEADERS, 0, stream, HTML)
    while True:
        yield frame(CONTINUATION, 0, stream, literal(b"x", b"y" * 100) * 100)


def empty_continuations(stream, _):
    yield frame(HEADERS, 0, stream, HTML)
    while True:
        yield frame(CONTINUATION, 0, stream) * 1000


def many_headers(stream, page):
    yield frame(HEADERS, 0, stream, HTML)
    for i in range(100):
        yield frame(CONTINUATION, 0, stream, b"".join(literal(b"x-%d-%d" % (i, j), b"y" * 100) for j in range(100)))
    yield frame(CONTINUATION, END_HEADERS, stream) + body(stream, page)


def swelling_headers(stream, page):
    """One long entry in the table, named a thousand times by a byte each (RFC 7541, 7.3)."""
    long = b"\x40\x01z\x7f\xf1\x1d" + b"y" * 3952
    yield frame(HEADERS, END_HEADERS, stream, HTML + long + b"\xbe" * 10000) + body(stream, page)


def endless_early_hints(stream, _):
    hint = frame(HEADERS, END_HEADERS, stream, literal(b":status", b"103") + literal(b"link", b"<a>"))
    while True:
        yield hint * 100


def settings_flood(stream, _):
    while True:
        yield frame(SETTINGS, 0, 0, struct.pack(">HI", 3, 100)) * 1000


def ping_flood(stream, _):
    while True:
        yield frame(PING, 0, 0, b"01234567") * 1000


def empty_data(stream, page):
    yield frame(HEADERS, END_HEADERS, stream, HTML)
    while True:
        yield frame(DATA, 0, stream) * 1000


def only_padding(stream, _):
    yield frame(HEADERS, END_HEADERS, stream, HTML)
    while True:
        yield frame(DATA, PADDED, stream, b"\xff" + b"\0" * 255) * 16


def endless_body(stream, page):
    yield frame(HEADERS, END_HEADERS, stream, HTML) + body(stream, page, last=False)
    while True:
        yield frame(DATA, 0, stream, b"<p>" + b"x " * 8000)


def goaway_in_the_middle(stream, page):
    yield frame(HEADERS, END_HEADERS, stream, HTML) + body(stream, page[:700], last=False) + frame(GOAWAY, 0, 0, struct.pack(">II", 0, 11))


def reset_in_the_middle(stream, page):
    yield frame(HEADERS, END_HEADERS, stream, HTML) + body(stream, page[:700], last=False) + frame(RST_STREAM, 0, stream, struct.pack(">I", 2))


def reset_at_once(stream, _):
    yield frame(RST_STREAM, 0, stream, struct.pack(">I", 7))


def refused_for_ever(stream, _):
    """The client may ask again, which it must not do for ever."""
    yield frame(GOAWAY, 0, 0, struct.pack(">II", 0, 0))


def too_long(stream, page):
    yield frame(HEADERS, END_HEADERS, stream, HTML + literal(b"content-length", b"10")) + body(stream, page)


def too_short(stream, page):
    yield frame(HEADERS, END_HEADERS, stream, HTML + literal(b"content-length", b"99999")) + body(stream, page)


def beyond_the_window(stream, page):
    yield frame(HEADERS, END_HEADERS, stream, HTML) + body(stream, page * 100000)


def huge_frame(stream, page):
    yield frame(HEADERS, END_HEADERS, stream, HTML) + frame(DATA, 0, stream, b"x" * 0xFFFFFF)


def another_stream(stream, page):
    yield frame(HEADERS, END_HEADERS, stream + 2, HTML) + body(stream + 2, page)


def pushed(stream, page):
    for promised in itertools.count(2, 2):
        yield frame(PUSH_PROMISE, END_HEADERS, stream, struct.pack(">I", promised) + b"\x82\x87\x84")


def no_such_header(stream, page):
    yield frame(HEADERS, END_HEADERS, stream, b"\xff\xff\xff\xff\x0f") + body(stream, page)


def header_that_never_ends(stream, _):
    yield frame(HEADERS, END_HEADERS | END_STREAM, stream, HTML + b"\0\x01z\x7f\xff\xff\xff\xff\x07yyyy")


def forged_lines(stream, page):
    yield frame(HEADERS, END_HEADERS, stream, HTML + literal(b"etag", b'"a"\r\nx: y') + literal(b"location", b"/\0\n")) + body(stream, page)


def window_of_nothing(stream, page):
    yield frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 0)) + frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 0)) * 2


def no_frames_at_all(stream, page):
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello" * 100


def silence(stream, page):
    yield b""


HONEST = [plain, in_small_pieces, padded]
ODD = [endless_continuation, empty_continuations, many_headers, swelling_headers, endless_early_hints, settings_flood, ping_flood, empty_data,
       only_padding, endless_body, goaway_in_the_middle, reset_in_the_middle, reset_at_once, refused_for_ever, too_long, too_short,
       beyond_the_window, huge_frame, another_stream, pushed, no_such_header, header_that_never_ends, forged_lines, window_of_nothing,
       no_frames_at_all, silence]
