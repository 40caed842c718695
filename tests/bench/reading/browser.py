"""Headless Chromium over its debugging pipe: what a page's innerText is. No network: its own network namespace where the
system allows one, and a resolver that knows no host. Python's standard library only."""

import json
import os
import select
import shutil
import subprocess
import tempfile
import time

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=1366,768",
         "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe"]

INNER_TEXT = "(document.body || document.documentElement).innerText"


class Browser:
    def __init__(self, program="chromium"):
        self.profile = tempfile.mkdtemp(prefix="reading-browser-")
        to_read, self.to = os.pipe()
        self.back, to_write = os.pipe()
        alone = ["unshare", "-n"] if os.geteuid() == 0 and shutil.which("unshare") else []

        def place():
            a, b = os.dup(to_read), os.dup(to_write)
            a, b = os.dup2(a, 20), os.dup2(b, 21)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(alone + [program] + FLAGS + ["--user-data-dir=" + self.profile], preexec_fn=place,
                                        close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.buffer, self.number, self.events = b"", 0, []

    def close(self):
        try:
            self.call("Browser.close", timeout=5)
            self.process.wait(10)
        except (TimeoutError, EOFError, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def _receive(self, deadline):
        while b"\0" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.back], [], [], left)[0]:
                raise TimeoutError
            piece = os.read(self.back, 1 << 16)
            if not piece:
                raise EOFError("the browser is gone")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, timeout=30, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + timeout
        while True:
            answer = self._receive(deadline)
            if answer.get("id") == message["id"]:
                if "error" in answer:
                    raise RuntimeError(method + ": " + answer["error"].get("message", ""))
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, event, session, timeout):
        deadline = time.monotonic() + timeout
        while True:
            for at, seen in enumerate(self.events):
                if seen.get("method") == event and seen.get("sessionId") == session:
                    del self.events[:at + 1]
                    return
            self.events.append(self._receive(deadline))

    def inner_text(self, url, scripts):
        """The text, or None when the page did not load or a refresh led away from it."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        try:
            target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
            session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            self.call("Page.enable", session)
            self.call("Emulation.setScriptExecutionDisabled", session, value=not scripts)
            self.call("Page.setDownloadBehavior", session, behavior="deny")
            self.events.clear()
            self.call("Page.navigate", session, url=url)
            try:
                self.wait_for("Page.loadEventFired", session, 20)
            except TimeoutError:
                pass
            if scripts:
                time.sleep(0.5)
            result = self.call("Runtime.evaluate", session, expression="[location.href, " + INNER_TEXT + "]", returnByValue=True)
            where, text = result["result"].get("value") or ("", None)
            return text if where.split("#")[0] == url else None
        except (TimeoutError, RuntimeError):
            return None
        finally:
            try:
                self.call("Target.disposeBrowserContext", browserContextId=context, timeout=10)
            except (TimeoutError, RuntimeError):
                pass
