"""Other people's programs that only the npm registry has: fetched once, held against the digest that stands here, unpacked into the
user's cache. Nothing of them runs but what a test asks for, and no installation scripts at all. A test that cannot have one is skipped
and says its name."""
import base64
import hashlib
import os
import pathlib
import shutil
import subprocess
import tarfile

PACKAGES = {
    "axe-core": ("4.14.1", "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="),
    "@elastic/ecs": ("8.11.1", "f8P6XeFBQQ4Pxag131hjqUoGonYShzZl4cMSdbdstEtipjf9sqjzKKuEdnwbFhcGLiNOrq+K81P7476C4RC/aw=="),
    "@security-alliance/stix": ("0.1.1", "qGWBAsX0mfapeGT1IKmhax2RcXcYoDGaWZNYtkE1suIvv1F8xF69N/IJg3ifzGsW/vK7cBvBGxmOMfRaH+D0iA=="),
    "nsyslog-parser": ("0.10.1", "38XUyNf4j1nDXCpPIcGLxNxGceBUpSv06wQgcY3niZ7bydIDvyWr779Cx3RMjWpgib02hjueDUp84S15C9s5lQ=="),
    "replaywebpage": ("2.4.6", "uG50jESRld0p+fY7+nUxIWl7hvfimreNjSmaNkc/a9a8gBdmb7PH4J42Iib+vgk9KrHd0HLScVT++LgqV5fwpQ=="),
    "stixview": ("1.3.2", "g9JZmdJpWlRQpyehz/m6jpXtwUUpzxtfh2+H1IfqvZjzosGnhzs601Ji4QDHBbJ1ZfAOIjbWkghmhf1QVHRiag=="),
    "typescript": ("5.9.3", "jl1vZzPDinLr9eUt3J/t7V6FgNEw9QjvBPdysz9KfQDD41fQrC2Y4vKQdiaUpFT4bXlb1RHhLpp8wtm6M5TgSw=="),
    "warcio": ("2.4.11", "EXcT5+GepqtUBmFpwxcRm7uEbhrtYKhWVIVzAxgO/PZt84KLl3eZLlGsa4DwQCAWCK8b4nyjqBlyKfKhT1Govg=="),
}


class Missing(Exception):
    """Why a package is not here; it begins with the package's name."""


def cache():
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "varta-npm"


def fetch(name, version, digest, archive):
    if not shutil.which("npm"):
        raise Missing(f"{name} {version}: npm is not installed")
    archive.parent.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(["npm", "pack", f"{name}@{version}", "--silent"], cwd=archive.parent, capture_output=True, text=True, timeout=90, check=False)
    except subprocess.TimeoutExpired:
        raise Missing(f"{name} {version}: npm took too long to fetch it") from None
    if done.returncode:
        raise Missing(f"{name} {version}: npm could not fetch it")
    came = archive.parent / done.stdout.strip().splitlines()[-1]
    found = base64.b64encode(hashlib.sha512(came.read_bytes()).digest()).decode()
    if found != digest:
        came.unlink()
        raise AssertionError(f"{name} {version} is not what it was: {found}")
    came.rename(archive)


def folder_of(name):
    """The unpacked package, in a folder that stays."""
    version, digest = PACKAGES[name]
    archive = cache() / f"{name.replace('/', '-').lstrip('@')}-{version}.tgz"
    folder = archive.with_suffix("")
    if not folder.is_dir():
        if not archive.exists():
            fetch(name, version, digest, archive)
        part = folder.with_name(f"{folder.name}.{os.getpid()}")
        with tarfile.open(archive) as packed:
            packed.extractall(part, filter="data") if hasattr(tarfile, "data_filter") else packed.extractall(part)
        try:
            (part / "package").rename(folder)
        except OSError:
            pass  # another test was first
        shutil.rmtree(part, ignore_errors=True)
    return folder


def node():
    found = shutil.which("node") or shutil.which("nodejs")
    if not found:
        raise Missing("nodejs is not installed")
    return found


def run(script, *arguments, stdin=""):
    """What a few lines of JavaScript print."""
    done = subprocess.run([node(), "--input-type=module", "-e", script, *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        raise AssertionError(done.stderr)
    return done.stdout
