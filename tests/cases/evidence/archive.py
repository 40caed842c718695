#!/usr/bin/env python3
"""An independent reader of what varta keeps: archives (WARC 1.1), their indexes (CDXJ), dossiers and the chain, by the standard
library alone and by the published formats, not by varta's code. Usage: archive.py FOLDER…"""
import base64
import gzip
import hashlib
import json
import pathlib
import re
import sys
import zlib

PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NEEDED = {  # fields that WARC 1.1 asks of each type, beside those of all
    "warcinfo": [], "request": ["WARC-Target-URI"], "response": ["WARC-Target-URI", "WARC-Payload-Digest"],
    "revisit": ["WARC-Target-URI", "WARC-Profile", "WARC-Payload-Digest", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date"],
    "resource": ["WARC-Target-URI", "WARC-Payload-Digest"], "metadata": []}
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
ID = re.compile(r"<urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}>")


class Wrong(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Wrong(what)


def members(data):
    """(offset, length, content) of each gzip member."""
    at = 0
    while at < len(data):
        reader = zlib.decompressobj(wbits=31)
        content = reader.decompress(data[at:])
        need(reader.eof, f"the member at {at} breaks off")
        length = len(data) - at - len(reader.unused_data)
        yield at, length, content
        at += length


def digest_of(label, content):
    name, _, value = label.partition(":")
    found = hashlib.new(name, content).digest()
    return value in (base64.b32encode(found).decode(), found.hex())


def parse(content):
    head, mark, rest = content.partition(b"\r\n\r\n")
    need(mark, "a record without the end of its head")
    lines = head.decode("ascii").split("\r\n")
    need(lines[0] == "WARC/1.1", f"{lines[0]} is no version of ours")
    fields = []
    for line in lines[1:]:
        name, colon, value = line.partition(": ")
        need(colon and re.fullmatch(r"[A-Za-z-]+", name), f"{line!r} is no field")
        fields.append((name, value))
    for name in {name for name, _ in fields} - {"WARC-Concurrent-To", "WARC-Protocol"}:
        need(sum(one == name for one, _ in fields) == 1, f"{name} stands there twice")
    fields = dict(fields)
    size = int(fields["Content-Length"])
    need(rest[size:] == b"\r\n\r\n", "a record does not end as it says")
    return fields, rest[:size]


def http(block):
    head, mark, body = block.partition(b"\r\n\r\n")
    need(mark, "an HTTP head without its end")
    lines = head.split(b"\r\n")
    headers = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(b":") for line in lines[1:])]
    return lines[0], headers, body


def check_http(kind, fields, block):
    first, headers, body = http(block)
    if kind == "request":
        need(re.fullmatch(rb"[A-Z]+ [!-~]+ HTTP/1\.[01]", first), f"{first!r} is no request line")
        need(not body, "a GET with a body")
        return
    need(re.match(rb"HTTP/1\.[01] \d\d\d( |$)", first), f"{first!r} is no status line")
    names = [name for name, _ in headers]
    need(b"content-encoding" not in names and b"transfer-encoding" not in names, "the head tells of an encoding that the body is without")
    need(names.count(b"content-length") == 1, "not one Content-Length")
    if kind == "response":
        need(int(dict(headers)[b"content-length"]) == len(body), "Content-Length is not that of the body")
        need(digest_of(fields["WARC-Payload-Digest"], body), "the payload digest is wrong")


def check_record(fields, block):
    kind = fields["WARC-Type"]
    need(kind in NEEDED, f"{kind} is no type that is written here")
    for name in ["WARC-Record-ID", "WARC-Date", "Content-Length", "Content-Type", "WARC-Block-Digest"] + NEEDED[kind]:
        need(name in fields, f"a {kind} without {name}")
    need(ID.fullmatch(fields["WARC-Record-ID"]), "an id that is none")
    need(DATE.fullmatch(fields["WARC-Date"]), "a date that is none")
    need(digest_of(fields["WARC-Block-Digest"], block), f"the block digest of a {kind} is wrong")
    if "WARC-Target-URI" in fields:
        need(URI.fullmatch(fields["WARC-Target-URI"]), f"{fields['WARC-Target-URI']!r} is no URI")
    if kind in ("request", "response", "revisit"):
        need(fields["Content-Type"] == f"application/http;msgtype={'request' if kind == 'request' else 'response'}", "the content type is wrong")
        check_http(kind, fields, block)
    elif kind in ("resource", "metadata") and "WARC-Payload-Digest" in fields:
        need(digest_of(fields["WARC-Payload-Digest"], block), "the payload digest is wrong")
    if kind == "revisit":
        need(fields["WARC-Profile"] == PROFILE, "a revisit of another profile")
        need(not http(block)[2], "a revisit with a payload")


def read_archive(path):
    """Every record as (offset, length, fields, block), checked one by one and with one another."""
    records = []
    for offset, length, content in members(path.read_bytes()):
        fields, block = parse(content)
        check_record(fields, block)
        records.append((offset, length, fields, block))
    need(records and records[0][2]["WARC-Type"] == "warcinfo", "it does not begin with warcinfo")
    info = records[0][2]["WARC-Record-ID"]
    need(records[0][2]["WARC-Filename"] == path.name, "it calls itself by another name")
    need(b"software: varta/" in records[0][3] and b"conformsTo: " in records[0][3], "warcinfo says nothing of itself")
    ids = {fields["WARC-Record-ID"] for _, _, fields, _ in records}
    need(len(ids) == len(records), "an id stands there twice")
    for _, _, fields, _ in records[1:]:
        need(fields.get("WARC-Warcinfo-ID") == info, "a record that belongs to no warcinfo")
        if "WARC-Concurrent-To" in fields:
            need(fields["WARC-Concurrent-To"] in ids, "concurrent to what is not there")
    verdicts = [block for _, _, fields, block in records if fields["Content-Type"] == "application/json"]
    need(len(verdicts) == 1 and "verdict" in json.loads(verdicts[0]), "our own verdict is not in it")
    return records


def check_index(path, archive, records):
    lines = path.read_text(encoding="utf-8").splitlines()
    need(lines == sorted(lines), "the index is not in order")
    by_offset = {offset: (length, fields, block) for offset, length, fields, block in records}
    data = archive.read_bytes()
    indexed = set()
    for line in lines:
        key, time, rest = line.split(" ", 2)
        entry = json.loads(rest)
        offset, length = int(entry["offset"]), int(entry["length"])
        need(offset in by_offset and by_offset[offset][0] == length, "an entry leads nowhere")
        fields, block = parse(gzip.decompress(data[offset:offset + length]))
        need(entry["filename"] == archive.name, "an entry leads to another file")
        need(fields["WARC-Target-URI"] == entry["url"], "an entry leads to another address")
        need(time == re.sub(r"\D", "", fields["WARC-Date"]), "an entry has another time")
        need(fields["WARC-Payload-Digest"] == "sha1:" + entry["digest"], "an entry has another digest")
        need(key.islower() or not re.search("[A-Z]", key.split(")")[0]), "a key with capital letters")
        if entry["url"].startswith("http"):
            need(")/" in key, "a key that is none")
        if "status" in entry:
            need(http(block)[0].split()[1].decode() == entry["status"], "an entry has another status")
        need((entry["mime"] == "warc/revisit") == (fields["WARC-Type"] == "revisit"), "a revisit that is not called one")
        indexed.add(offset)
    for offset, _, fields, _ in records:
        need((offset in indexed) == (fields["WARC-Type"] not in ("warcinfo", "request")), f"a {fields['WARC-Type']} is missing in the index, or too much")
    return len(lines)


def check_revisits(folder, archives):
    """What a revisit refers to stands in the same incident, with the same payload."""
    stored = {fields["WARC-Record-ID"]: (fields, http(block)[2] if fields["WARC-Type"] == "response" else block)
              for records in archives.values() for _, _, fields, block in records if fields["WARC-Type"] in ("response", "resource")}
    count = 0
    for records in archives.values():
        for _, _, fields, _ in records:
            if fields["WARC-Type"] != "revisit":
                continue
            need(fields["WARC-Refers-To"] in stored, f"{folder.name}: a revisit of what is not there")
            other, payload = stored[fields["WARC-Refers-To"]]
            need(other["WARC-Target-URI"] == fields["WARC-Refers-To-Target-URI"] and other["WARC-Date"] == fields["WARC-Refers-To-Date"]
                 and digest_of(fields["WARC-Payload-Digest"], payload), f"{folder.name}: a revisit of something else")
            count += 1
    return count


def png_size(data):
    need(data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR", "no PNG")
    return [int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")]


def check_dossier(path):
    dossier = json.loads(path.read_text(encoding="utf-8"))
    need(dossier["format"] == 1 and f"{dossier['incident']:08d}" == path.parent.name, "a dossier of another incident")
    need(path.stem.rstrip("0123456789").rstrip("-") == dossier["moment"], "a dossier of another moment")
    need(re.fullmatch("[0-9a-f]{8}", dossier["instance"]) and DATE.fullmatch(dossier["at"]), "instance or time are none")
    need({"url", "verdict", "reasons"} <= set(dossier["result"]) and "url" in dossier["page"], "the result is not whole")
    message = dossier["result"].get("message", "").encode()
    for span in dossier["spans"]:
        message[span["start"]:span["end"]].decode()  # between characters
        need(0 <= span["start"] < span["end"] <= len(message), "a span beyond the message")
    for one in dossier["files"]:
        data = (path.parent / one["file"]).read_bytes()
        need(len(data) == one["bytes"] and hashlib.sha256(data).hexdigest() == one["sha256"], f"{one['file']} is not the one the dossier names")
    names = {one["file"] for one in dossier["files"]}
    for block in dossier["blocks"]:
        need(block["kind"] in ("kept", "moved", "new", "gone", "volatile"), "a block of no kind")
        need(1 <= block.get("picture", 1) <= max(1, len(dossier["pictures"])), "a block in a picture that is not there")
    for picture in dossier["pictures"]:
        need(re.fullmatch("[0-9a-f]{64}", picture["sha256"]), "a picture without its hash")
        if "file" in picture:
            need(picture["file"] in names and picture["new"], "a picture that was not kept")
            size = png_size((path.parent / picture["file"]).read_bytes())
            need(size == picture["shown"] and size[0] <= 1280, "a picture of another size than it is shown with")
        for line in picture.get("lines", []):
            x, y, width, height = line["box"]
            need(x + width <= picture["width"] and y + height <= picture["height"], "a line beyond its picture")
    return dossier


def check_chain(folder):
    """The chain by hand, as docs/EVIDENCE.md tells it."""
    previous, files = "0" * 64, {}
    for number, line in enumerate((folder / "manifest.jsonl").read_bytes().split(b"\n")[:-1], 1):
        entry = json.loads(line)
        need(entry["n"] == number and entry["previous"] == previous, f"line {number} does not follow")
        previous = hashlib.sha256(line).hexdigest()
        if entry.get("removed"):
            del files[entry["file"]]
        else:
            files[entry["file"]] = entry
    for name, entry in files.items():
        data = (folder / name).read_bytes()
        need(hashlib.sha256(data).hexdigest() == entry["sha256"] and len(data) == entry["bytes"], f"{name} was changed")
    there = {path.relative_to(folder).as_posix() for path in folder.glob("*/*")}
    need(there == set(files), f"files and lines differ: {there ^ set(files)}")
    return len(files)


def check(folder):
    folder = pathlib.Path(folder)
    counts = {"files": check_chain(folder), "incidents": 0, "archives": 0, "records": 0, "entries": 0, "revisits": 0, "pictures": 0}
    for incident in sorted(path for path in folder.iterdir() if path.is_dir()):
        archives = {}
        for path in sorted(incident.glob("*.warc.gz")):
            try:
                archives[path] = read_archive(path)
                counts["entries"] += check_index(path.with_name(path.name.replace(".warc.gz", ".cdxj")), path, archives[path])
                dossier = check_dossier(path.with_name(path.name.replace(".warc.gz", ".json")))
            except (Wrong, KeyError, ValueError) as fault:
                raise Wrong(f"{path.relative_to(folder)}: {fault!r}") from fault
            counts["records"] += len(archives[path])
            counts["pictures"] += sum("file" in one for one in dossier["pictures"])
        need(len(archives) == len(list(incident.glob("*.json"))) > 0, f"{incident.name} has not as many archives as dossiers")
        counts["revisits"] += check_revisits(incident, archives)
        counts["incidents"] += 1
        counts["archives"] += len(archives)
    return counts


if __name__ == "__main__":
    try:
        for one in sys.argv[1:]:
            print(", ".join(f"{count} {name}" for name, count in check(one).items()) + ": all as it should be")
    except Wrong as wrong:
        sys.exit(str(wrong))
