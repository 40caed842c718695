#!/usr/bin/env python3
"""try_package.py FILES PACKAGE…: the life of the Debian package on a fresh system, told in order: installed, running, alerting,
upgraded, removed, purged. FILES is a debootstrap'ed Debian with systemd-sysv; it is not written to: a machine of its own is
booted on an overlay of it, without a network but loopback. What the package depends on must lie in its
/var/cache/apt/archives. Exit code 77, and why, where no machine can be booted."""
import pathlib
import shutil
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/cases/service"))
sys.path.insert(0, str(ROOT / "tests/cases/manual"))
import console  # noqa: E402
from machine import Machine, Unbootable  # noqa: E402

APT = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-qq", "--no-install-recommends", "--no-download"]
TOOLS = ["nginx-light", "curl", "python3"]
PLACES = ["/etc/varta", "/var/lib/varta", "/var/lib/varta-check", "/var/log/varta", "/run/varta", "/usr/share/varta", "/usr/libexec/varta",
          "/usr/bin/varta", "/lib/systemd/system/varta.service", "/usr/lib/systemd/system/varta.service",
          "/etc/systemd/system/multi-user.target.wants/varta.service"]


def step(text):
    print(f"ok: {text}", flush=True)


def property_of(machine, name):
    return machine.run("systemctl", "show", "-P", name, "varta.service").strip()


def wait_for(machine, name, value, seconds=30):
    end = time.monotonic() + seconds
    while property_of(machine, name) != value:
        if time.monotonic() > end:
            raise AssertionError(f"{name} is {property_of(machine, name)}, not {value}\n" + machine.run("journalctl", "-u", "varta", "--no-pager"))
        time.sleep(0.2)


def install(machine, packages):
    for package in packages:
        shutil.copy(package, machine.path("/root") / pathlib.Path(package).name)
    names = [f"/root/{pathlib.Path(package).name}" for package in packages]
    machine.run("dpkg", "-i", *names, check=False)  # what it depends on comes with the next line, and then the service
    machine.run(*APT, "--fix-broken", "install")
    machine.run(*APT, "install", *TOOLS)


def life(machine, packages):
    machine.run("ip", "link", "set", "lo", "up", check=False)
    install(machine, packages)
    wait_for(machine, "ActiveState", "active")
    assert property_of(machine, "UnitFileState") == "enabled"
    step("installed: the service runs with an empty list")
    machine.run("varta", "config", "check", "/etc/varta/varta.yaml")
    said = machine.run("systemd-analyze", "security", "--no-pager", "varta.service", check=False).strip().splitlines()[-1]
    step(f"systemd-analyze security: {said.split(':', 1)[-1].strip()}")

    step(f"the tutorial: {console.play(machine, ROOT / 'docs/TUTORIAL.md')} commands, each with the answer that is printed there")

    shutil.copy(ROOT / "debian/tests/loopback", machine.path("/root/loopback"))
    machine.run("sh", "/root/loopback")
    step("the autopkgtest: an alert test arrives, a page is learnt, its replacement is told")

    before = machine.path("/var/lib/varta/varta.db").stat().st_ino
    first = property_of(machine, "MainPID")
    install(machine, packages)
    wait_for(machine, "ActiveState", "active")
    assert property_of(machine, "MainPID") != first, "an upgrade restarts the service"
    assert machine.path("/var/lib/varta/varta.db").stat().st_ino == before
    assert "allow=private" in machine.path("/etc/varta/pages.txt").read_text()
    assert "defaced" in machine.run("varta", "incidents", check=False)
    step("upgraded: restarted; store, list and open incident are as they were")

    machine.run(*APT, "remove", "varta")
    wait_for(machine, "ActiveState", "inactive")
    assert machine.path("/var/lib/varta/varta.db").exists() and machine.path("/etc/varta/varta.yaml").exists()
    step("removed: stopped; state and configuration stay")

    machine.run(*APT, "purge", "varta")
    left = [place for place in PLACES if machine.path(place).exists() or machine.path(place).is_symlink()]
    left += [f"user or group in {file}" for file in ("/etc/passwd", "/etc/group") if "varta" in machine.path(file).read_text()]
    left += machine.run("sh", "-c", "find / -xdev -name '*varta*' -not -path '/proc/*' -not -path '/root/*' -not -path '/sys/*' "
                        "-not -path '/var/log/journal/*' -not -path '/var/cache/apt/*' -not -path '/tmp/*' "
                        "-not -path '/var/lib/systemd/deb-systemd-helper*' 2>/dev/null; true").split()
    assert not left, f"left behind: {left}"
    step("purged: nothing is left, the user neither")


def main():
    files, packages = sys.argv[1], sys.argv[2:]
    try:
        machine = Machine("", files)
    except Unbootable as reason:
        print(f"skipped: {reason}")
        return 77
    try:
        life(machine, packages)
    finally:
        machine.close()
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main())
