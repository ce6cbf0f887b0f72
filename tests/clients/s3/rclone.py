"""rclone's own commands, from Debian's package."""

import os
import pathlib
import subprocess
import tempfile

from tests.peers import debian


def run(results, busbar, key):
    """Up, down, compared, synchronised, moved, removed; small files, odd names and one in parts."""
    debian.install("rclone")
    with tempfile.TemporaryDirectory(prefix="busbar-rclone-") as folder:
        folder = pathlib.Path(folder)
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "RCLONE_CONFIG": str(folder / "none.conf"),
            "RCLONE_CONFIG_BUSBAR_TYPE": "s3", "RCLONE_CONFIG_BUSBAR_PROVIDER": "Other", "RCLONE_CONFIG_BUSBAR_ACCESS_KEY_ID": key[0],
            "RCLONE_CONFIG_BUSBAR_SECRET_ACCESS_KEY": key[1], "RCLONE_CONFIG_BUSBAR_REGION": "us-east-2",
            "RCLONE_CONFIG_BUSBAR_ENDPOINT": f"{busbar.url}/storage/v1/s3", "RCLONE_CONFIG_BUSBAR_FORCE_PATH_STYLE": "true",
        }

        def rclone(*words):
            command = ["rclone", "--retries", "1", "--low-level-retries", "1", "--s3-chunk-size", "8M", "--s3-upload-cutoff", "16M", *words]
            done = subprocess.run([str(word) for word in command], env=environment, capture_output=True, text=True, timeout=300)
            return done.returncode, done.stdout, done.stderr

        def works(name, *words):
            status, out, error = rclone(*words)
            results.check(f"rclone {name}", status == 0, error[-500:])
            return out

        source = folder / "source"
        for name in ("one.txt", "sub/two words.txt", "sub/deep/ünï+çødé %41 &.txt", "sub/empty"):
            path = source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("" if name.endswith("empty") else name)
        (source / "large.bin").write_bytes(os.urandom(40 * 1024 * 1024))
        works("mkdir", "mkdir", "busbar:rclone")
        results.check("and it is listed", "rclone/" in works("lsf", "lsf", "busbar:").splitlines())
        works("copy, the large one in parts", "copy", source, "busbar:rclone/tree")
        works("check by content", "check", "--download", source, "busbar:rclone/tree")
        listed = sorted(works("lsf -R", "lsf", "-R", "--files-only", "busbar:rclone/tree").splitlines())
        results.equal("and every name is as it was", listed, sorted(str(path.relative_to(source)) for path in source.rglob("*") if path.is_file()))
        results.equal("and it is what was sent", works("cat", "cat", "busbar:rclone/tree/sub/two words.txt"), "sub/two words.txt")
        results.equal("and it is the part", works("cat --offset", "cat", "--offset", "4", "--count", "3", "busbar:rclone/tree/sub/two words.txt"), "two")
        status, _, told = rclone("copy", "-v", source, "busbar:rclone/tree")
        results.check("rclone copy again has nothing to do", status == 0 and "There was nothing to transfer" in told, told[-500:])
        works("copy back", "copy", "busbar:rclone/tree", folder / "back")
        results.check("and it is the same", (folder / "back" / "large.bin").read_bytes() == (source / "large.bin").read_bytes())
        results.equal("with its time", int((folder / "back" / "one.txt").stat().st_mtime), int((source / "one.txt").stat().st_mtime))
        works("moveto, inside the server", "moveto", "busbar:rclone/tree/large.bin", "busbar:rclone/moved.bin")
        (source / "large.bin").unlink()
        (source / "one.txt").write_text("another")
        works("sync, which also removes", "sync", source, "busbar:rclone/tree")
        works("check after it", "check", "--download", source, "busbar:rclone/tree")
        size = works("size", "size", "--json", "busbar:rclone/moved.bin")
        results.check("and it is as large as it was", '"bytes":41943040' in size, size)
        works("delete", "deletefile", "busbar:rclone/moved.bin")
        works("purge", "purge", "busbar:rclone")
        results.check("and nothing of it is left", "rclone/" not in works("lsf", "lsf", "busbar:").splitlines())
        environment["RCLONE_CONFIG_BUSBAR_SECRET_ACCESS_KEY"] = "wrong"
        status, _, told = rclone("lsd", "busbar:")
        results.check("rclone with a wrong secret", status != 0 and "SignatureDoesNotMatch" in told, told[-500:])
