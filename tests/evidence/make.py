#!/usr/bin/env python3
"""Makes the evidence folder 00000017 beside this file from the sample night as varta itself sees it: what the tests of reports and exports
read. The times and the server are invented, the words and boxes are not. Usage: make.py BUILD (with nginx; look at the result, then commit)"""
import hashlib
import json
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
NIGHT = HERE.parents[1] / "samples/night"
PAGE = "mzs.uriad.localhost"
PORTS = ("8724", "8725")


def lines_of(text):
    return [json.loads(line) for line in text.splitlines()]


def main(build):
    folder = HERE / "00000017"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as run:
        def serve(*words):
            subprocess.run([NIGHT / "serve.sh", words[0], run, *words[1:]], check=True, stdout=subprocess.DEVNULL)

        def varta(*words, text=None):
            return subprocess.run([pathlib.Path(build) / "varta", *words], input=text, capture_output=True, text=True, check=False).stdout

        url = f"http://{PAGE}:{PORTS[0]}/"
        serve("start", *PORTS)
        try:
            varta("check", "--learn", "--store", f"{run}/s", url)
            evening = pathlib.Path(run) / "evening"
            shutil.copytree(NIGHT / "evening" / PAGE, evening)
            serve("show", "night")
            found = json.loads(varta("check", "--json", "--store", f"{run}/s", url))
            change = json.loads(varta("diff", "--json", "-v", str(evening / "index.html"), url))
            serve("show", "morning")
            again = json.loads(varta("check", "--json", "--store", f"{run}/s", url))
        finally:
            serve("stop")
        picture = NIGHT / "night" / PAGE / "1.png"
        size = struct.unpack(">II", picture.read_bytes()[16:24])
        seen = lines_of(varta("ocr", "--json", str(picture)))[0]
        spans = json.loads(varta("identify", "--json", text=found["message"]))["spans"]
    public = "https://mzs.uriad.localhost/"
    for result, at in ((found, "2022-01-14T02:13:05Z"), (again, "2022-01-14T07:40:31Z")):
        result.update(url=public, at=at)
        result["http"].update(final_url=public, address="192.0.2.7")
        result["baseline"] = {"at": "2022-01-13T21:58:00Z", "versions": 14}
    shutil.copyfile(picture, folder / "confirmed-1.png")
    dossier = {
        "format": 1, "incident": 17, "moment": "confirmed", "at": found["at"], "instance": "5eed0001",
        "page": {"url": public, "name": "Міністерство закордонних справ", "group": "ministries", "contact": "+380 44 000 00 00, duty@mzs.uriad.localhost"},
        "result": found, "spans": spans,
        "titles": {"before": "Міністерство зовнішніх справ України", "after": ""},
        "blocks": [{"kind": one["change"], "text": one["text"], "origin": one["origin"], "heading": 0,
                    **({"fresh": 1.0} if one["change"] == "new" else {}), **({"picture": 1} if one["origin"] == "image" else {})}
                   for one in change["blocks"]],
        "hosts": {"links": [], "scripts": [], "frames": [], "forms": []},
        "pictures": [{
            "url": public + "1.png", "sha256": hashlib.sha256(picture.read_bytes()).hexdigest(), "format": "png",
            "width": size[0], "height": size[1], "perceptual_hash": "0f1e3c7878f0e0c1", "new": True, "file": "confirmed-1.png",
            "shown": [*size],
            "lines": [{key: one[key] for key in ("text", "box", "confidence", "language") if key in one} | ({"doubtful": True} if one.get("doubtful") else {})
                      for one in seen["lines"]],
            "metadata": {"software": "paint.net 4.3.7", "taken": "2022:01:14 00:08:21", "latitude": 52.208630, "longitude": 21.009427},
        }],
        "server": {"content_type": "text/html", "server": "nginx", "etag": "\"61e0d3a1-5f\"",
                   "certificate": {"sha256": "9d" * 32, "subject": "CN=mzs.uriad.localhost", "issuer": "C=UA, O=Example CA, CN=Example R3",
                                   "from": "2021-12-01T00:00:00Z", "until": "2022-03-01T00:00:00Z", "chain": []}},
        "files": [{"file": "confirmed-1.png", "sha256": hashlib.sha256(picture.read_bytes()).hexdigest(), "bytes": picture.stat().st_size}],
    }
    recovered = {**dossier, "moment": "recovered", "at": again["at"], "result": again, "spans": [], "blocks": [], "pictures": [], "files": [],
                 "titles": {"before": "Міністерство зовнішніх справ України", "after": "Міністерство зовнішніх справ України"}}
    for one in (dossier, recovered):
        (folder / f"{one['moment']}.json").write_text(json.dumps(one, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
