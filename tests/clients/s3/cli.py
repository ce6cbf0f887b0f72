"""The AWS CLI's own commands."""

import json
import os
import pathlib
import subprocess
import tempfile


def run(results, busbar, key, programs):
    """Up, down, list, synchronise, move, remove."""
    with tempfile.TemporaryDirectory(prefix="busbar-cli-") as folder:
        folder = pathlib.Path(folder)
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "AWS_ACCESS_KEY_ID": key[0], "AWS_SECRET_ACCESS_KEY": key[1],
            "AWS_DEFAULT_REGION": "us-east-2", "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1",
        }

        def aws(*words):
            command = [programs / "python", programs / "aws", "--endpoint-url", f"{busbar.url}/storage/v1/s3", *words]
            done = subprocess.run([str(word) for word in command], env=environment, capture_output=True, text=True)
            return done.returncode, done.stdout + done.stderr

        def works(name, *words, shows=""):
            status, text = aws(*words)
            return results.check(f"aws {name}", status == 0 and shows in text, text[-500:])

        source = folder / "source"
        (source / "sub").mkdir(parents=True)
        (source / "one.txt").write_text("one")
        (source / "sub" / "two words.txt").write_text("two")
        large = folder / "large.bin"
        large.write_bytes(os.urandom(64 * 1024 * 1024))
        works("s3 mb", "s3", "mb", "s3://cli")
        works("s3 ls", "s3", "ls", shows="cli")
        works("s3 cp, 64 MB", "s3", "cp", large, "s3://cli/large.bin")
        works("s3 cp back", "s3", "cp", "s3://cli/large.bin", folder / "back.bin")
        results.check("and it is the same", (folder / "back.bin").read_bytes() == large.read_bytes())
        works("s3 sync", "s3", "sync", source, "s3://cli/tree")
        works("s3 ls --recursive", "s3", "ls", "--recursive", "s3://cli/tree", shows="tree/sub/two words.txt")
        works("s3 ls of a folder", "s3", "ls", "s3://cli/tree/", shows="PRE sub/")
        status, text = aws("s3", "sync", source, "s3://cli/tree")
        results.equal("aws s3 sync again has nothing to do", (status, text.strip()), (0, ""))
        works("s3 mv", "s3", "mv", "s3://cli/tree/one.txt", "s3://cli/moved.txt")
        works("s3api get-object with a range", "s3api", "get-object", "--bucket", "cli", "--key", "moved.txt", "--range", "bytes=1-2", folder / "part")
        results.equal("and it is the part", (folder / "part").read_text(), "ne")
        status, text = aws("s3api", "list-objects-v2", "--bucket", "cli", "--max-items", "1", "--page-size", "1")
        results.equal("aws s3api list-objects-v2", [one["Key"] for one in json.loads(text)["Contents"]], ["large.bin"])
        works("s3 presign", "s3", "presign", "s3://cli/moved.txt", shows="X-Amz-Signature=")
        works("s3 rm --recursive", "s3", "rm", "--recursive", "s3://cli")
        works("s3 rb", "s3", "rb", "s3://cli")
        environment["AWS_SECRET_ACCESS_KEY"] = "wrong"
        status, text = aws("s3", "ls")
        results.check("aws with a wrong secret", status != 0 and "SignatureDoesNotMatch" in text, text[-500:])
