"""A machine with a real systemd as process 1, in namespaces of its own on an overlay of this one's files: boot.sh makes it.
Where that cannot be had, Unbootable says why."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

ENVIRONMENT = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}
BOOT = pathlib.Path(__file__).with_name("boot.sh")
NAMESPACES = ["--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"]
TOOLS = ["unshare", "nsenter", "setpriv", "meson", "pivot_root", "systemctl", "journalctl", "/lib/systemd/systemd"]
INSIDE = {"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "SYSTEMD_COLORS": "0"}
BOOT_S = 20
COMMAND_S = 60
INSTALL_FAILED = 70  # boot.sh's exit code


class Unbootable(Exception):
    """This machine forbids it, and how."""


def cgroup_mounts():
    """Where each hierarchy is mounted, by the names of its controllers; "" is the unified one."""
    mounts = {}
    for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines():
        place, _, kind = line.partition(" - ")
        kind, _, options = kind.split(maxsplit=2)
        if kind == "cgroup2":
            mounts[""] = pathlib.Path(place.split()[4])
        if kind == "cgroup":
            for name in options.split(","):
                mounts[name] = pathlib.Path(place.split()[4])
    return mounts


def make_cgroups(name):
    """A control group of our own below the one we are in, in each hierarchy."""
    mounts, made = cgroup_mounts(), []
    for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines():
        _, names, path = line.split(":", 2)
        group = mounts[names.split(",")[0]] / path.lstrip("/") / name
        group.mkdir()
        made.append(group)
        for setting in ("cpuset.cpus", "cpuset.mems"):
            if names == "cpuset":
                (group / setting).write_text((group.parent / setting).read_text())
    return made


def remove_cgroups(groups):
    for group in groups:
        for inner in sorted((path for path in group.rglob("*") if path.is_dir()), key=lambda path: -len(path.parts)):
            inner.rmdir()
        group.rmdir()


class Machine:
    def __init__(self, build, files="/"):
        self.groups, self.process, self.init = [], None, None
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="varta-machine."))
        try:
            self.boot(build, files)
        except BaseException:
            self.close()
            raise

    def boot(self, build, files):
        if os.getuid() != 0:
            raise Unbootable("it takes root to boot a systemd in namespaces")
        missing = [tool for tool in TOOLS if not shutil.which(tool, path=ENVIRONMENT["PATH"])]
        if missing:
            raise Unbootable(f"not installed: {' '.join(missing)}")
        try:
            self.groups = make_cgroups(f"varta-machine-{os.getpid()}")
        except (OSError, KeyError) as error:
            raise Unbootable(f"no control groups can be made: {error}") from error
        with open(self.folder.with_suffix(".log"), "wb") as log:
            self.process = subprocess.Popen(
                ["unshare", *NAMESPACES, "--fork", "--kill-child", "bash", str(BOOT), str(self.folder), str(build), str(files)],
                env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=self.enter_cgroups)
        self.wait_for_boot()

    def enter_cgroups(self):
        for group in self.groups:
            (group / "cgroup.procs").write_text("0")

    def said(self):
        return self.folder.with_suffix(".log").read_text(errors="replace").strip()[-1500:]

    def wait_for_boot(self):
        end = time.monotonic() + BOOT_S
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        while time.monotonic() < end and self.process.poll() is None:
            self.init = (children.read_text().split() or [None])[0]
            if self.init and pathlib.Path(f"/proc/{self.init}/comm").read_text().strip() == "systemd":
                state = self.run("systemctl", "is-system-running", check=False)
                if state.strip() in ("running", "degraded"):
                    return
            time.sleep(0.05)
        if self.process.poll() == INSTALL_FAILED:
            raise AssertionError(f"varta could not be installed: {self.said()}")
        raise Unbootable(f"systemd did not come up: {self.said() or 'it said nothing'}")

    def start(self, *command):
        """Starts a command inside; gives its Popen."""
        return subprocess.Popen(["nsenter", "-t", self.init, "-a", "-r", "-w", *map(str, command)], env=INSIDE,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, *command, check=True):
        """Runs a command inside; gives what it said."""
        process = self.start(*command)
        try:
            said = process.communicate(timeout=COMMAND_S)[0].decode(errors="replace")
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        if check and process.returncode != 0:
            raise AssertionError(f"{' '.join(map(str, command))}: exit code {process.returncode}\n{said}")
        return said

    def path(self, path):
        """A file inside, as seen from here."""
        return pathlib.Path(f"/proc/{self.init}/root") / str(path).lstrip("/")

    def write(self, path, content, mode=0o644):
        place = self.path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content, encoding="utf-8")
        place.chmod(mode)

    def close(self):
        """Process 1 goes, and with it everything inside."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            end = time.monotonic() + 10
            while any((group / "cgroup.procs").read_text() for group in self.groups) and time.monotonic() < end:
                time.sleep(0.02)
        for _ in range(50):
            try:
                remove_cgroups([group for group in self.groups if group.exists()])
                break
            except OSError:
                time.sleep(0.1)
        self.folder.with_suffix(".log").unlink(missing_ok=True)
        self.folder.rmdir()
