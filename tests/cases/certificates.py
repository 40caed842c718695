"""A certificate authority of a case's own."""
import subprocess


def certificate(folder, name, days=("20200101000000Z", "20990101000000Z")):
    """Makes a certificate for a name, signed by folder/ca.pem, which is made first; gives its file and its key's."""
    run = {"check": True, "capture_output": True, "cwd": folder}
    (folder / "ca.cnf").write_text(
        "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\nunique_subject=no\n"
        "copy_extensions=copy\n[p]\ncommonName=supplied\n", encoding="utf-8")
    if not (folder / "ca.pem").exists():
        (folder / "index").touch()
        (folder / "serial").write_text("01")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=case", "-keyout", "ca.key",
                        "-out", "ca.pem"], **run)
    subprocess.run(["openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
                    "-keyout", f"{name}.key", "-out", f"{name}.csr"], **run)
    subprocess.run(["openssl", "ca", "-batch", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-in", f"{name}.csr",
                    "-out", f"{name}.pem", "-startdate", days[0], "-enddate", days[1], "-notext"], **run)
    return folder / f"{name}.pem", folder / f"{name}.key"
