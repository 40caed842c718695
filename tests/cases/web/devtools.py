"""A headless Chromium over its debugging pipe, as far as the status page's cases need one: open, read, press keys, click, look.
Python's standard library only. Each tab has its own cookies."""
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb",
         "--remote-debugging-pipe"]
KEYS = {"Tab": 9, "Enter": 13, " ": 32, "Escape": 27}


def program():
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="varta-browser.")
        to_read, self.to = os.pipe()
        self.back, to_write = os.pipe()

        def place():
            ends = os.dup(to_read), os.dup(to_write)
            ends = os.dup2(ends[0], 20), os.dup2(ends[1], 21)
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        self.process = subprocess.Popen([program(), *FLAGS, "--user-data-dir=" + self.profile], preexec_fn=place, close_fds=False,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.buffer, self.number, self.events = b"", 0, []

    def close(self):
        try:
            self.call("Browser.close")
            self.process.wait(10)
        except (TimeoutError, EOFError, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.to)
        os.close(self.back)
        shutil.rmtree(self.profile, ignore_errors=True)

    def _receive(self, deadline):
        while b"\0" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.back], [], [], left)[0]:
                raise TimeoutError("the browser does not answer")
            piece = os.read(self.back, 1 << 16)
            if not piece:
                raise EOFError("the browser is gone")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + 60
        while True:
            answer = self._receive(deadline)
            if answer.get("id") == message["id"]:
                if "error" in answer:
                    raise RuntimeError(method + ": " + answer["error"].get("message", ""))
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, event, session, seconds=30):
        deadline = time.monotonic() + seconds
        while True:
            for at, seen in enumerate(self.events):
                if seen.get("method") == event and seen.get("sessionId") == session:
                    del self.events[:at + 1]
                    return seen["params"]
            self.events.append(self._receive(deadline))


class Tab:
    def __init__(self, browser, width=1280, height=900, scripts=True, dark=False, languages="en"):
        self.browser = browser
        self.context = browser.call("Target.createBrowserContext")["browserContextId"]
        target = browser.call("Target.createTarget", url="about:blank", browserContextId=self.context)["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.call("Network.setExtraHTTPHeaders", headers={"Accept-Language": languages})
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.size(width, height)

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)

    def close(self):
        self.browser.call("Target.disposeBrowserContext", browserContextId=self.context)

    def go(self, url):
        self.browser.events.clear()
        self.call("Page.navigate", url=url)
        self.browser.wait_for("Page.loadEventFired", self.session)

    def loads(self, act):
        """Does what leads to another page, and waits for it."""
        self.browser.events.clear()
        act()
        self.browser.wait_for("Page.loadEventFired", self.session)

    def eval(self, expression):
        """Works without the page's own scripts too: this is the debugger speaking."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:500])
        return answer["result"].get("value")

    def text(self, selector="body"):
        return self.eval(f"document.querySelector({json.dumps(selector)})?.innerText ?? null")

    def click(self, selector):
        place = self.eval(f"""(() => {{ const one = document.querySelector({json.dumps(selector)}); if (!one) return null;
            one.scrollIntoView({{block: "center"}}); const box = one.getClientRects()[0];
            return [box.x + box.width / 2, box.y + box.height / 2]; }})()""")
        if not place:
            raise AssertionError(f"there is no {selector} on {self.eval('location.href')}")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    def press(self, key):
        code = KEYS.get(key, ord(key.upper()[0]))
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, text=text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def type(self, text):
        self.call("Input.insertText", text=text)

    def picture(self, path, whole=True):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def complaints(self):
        """What the page's console and policy said, since the last load."""
        self.eval("1")
        said = [one for one in self.browser.events if one.get("sessionId") == self.session]
        return [one["params"]["entry"]["text"] for one in said if one["method"] == "Log.entryAdded"] + [
            one["params"]["exceptionDetails"]["text"] for one in said if one["method"] == "Runtime.exceptionThrown"]
