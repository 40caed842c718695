#!/usr/bin/env python3
"""hook_server.py PORT FILE: takes webhooks; each becomes a line of FILE: its headers, and its body as it came."""
import http.server
import json
import sys

port, path = int(sys.argv[1]), sys.argv[2]


class Taker(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps({"headers": dict(self.headers), "body": body}) + "\n")
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


http.server.HTTPServer(("127.0.0.1", port), Taker).serve_forever()
