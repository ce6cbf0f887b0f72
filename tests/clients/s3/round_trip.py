"""Everything that a boto3 program does with a store, once around."""

import datetime
import hashlib
import io
import os
import urllib.error
import urllib.request

from botocore.exceptions import ClientError

MB = 1024 * 1024


def code(call, **arguments):
    """The error code of a call, `None` when it succeeds."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def run(results, busbar, s3):
    """Every part on a bucket of its own."""
    for part in (buckets, objects, conditions, listing, copies, tags, deletion, parts, links, forms, checksums):
        bucket = f"t-{part.__name__}"
        s3.create_bucket(Bucket=bucket)
        part(results, busbar, s3, bucket)


def buckets(results, _busbar, s3, bucket):
    """Making, finding, describing, removing."""
    names = [found["Name"] for found in s3.list_buckets()["Buckets"]]
    results.check("a bucket is listed", bucket in names, names)
    results.equal("a bucket made twice", code(s3.create_bucket, Bucket=bucket), "BucketAlreadyOwnedByYou")
    results.equal("a bucket is there", s3.head_bucket(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"], 200)
    results.equal("a bucket that is not there", code(s3.head_bucket, Bucket="none"), "404")
    results.equal("a bucket's region", s3.get_bucket_location(Bucket=bucket)["LocationConstraint"], "us-east-2")
    results.check("a bucket has no versions", "Status" not in s3.get_bucket_versioning(Bucket=bucket))
    results.equal("a bucket's CORS rules", code(s3.get_bucket_cors, Bucket=bucket), "NoSuchCORSConfiguration")
    results.equal("a name that is none", code(s3.create_bucket, Bucket="has.dots"), "InvalidBucketName")
    s3.put_object(Bucket=bucket, Key="x", Body=b"x")
    results.equal("a bucket with something in it", code(s3.delete_bucket, Bucket=bucket), "BucketNotEmpty")
    s3.delete_object(Bucket=bucket, Key="x")
    s3.delete_bucket(Bucket=bucket)
    results.equal("a bucket that is gone", code(s3.list_objects_v2, Bucket=bucket), "NoSuchBucket")


def objects(results, _busbar, s3, bucket):
    """In, out, a part of it, what is attached, and keys of every sort."""
    content = os.urandom(300_000)
    put = s3.put_object(Bucket=bucket, Key="dir/a b+ä.bin", Body=content, ContentType="application/x-thing", CacheControl="max-age=7",
                        ContentDisposition='attachment; filename="x"', Metadata={"colour": "blue", "size": "large"})
    digest = hashlib.md5(content).hexdigest()
    results.equal("the entity tag is the MD5", put["ETag"], f'"{digest}"')
    got = s3.get_object(Bucket=bucket, Key="dir/a b+ä.bin")
    results.check("the bytes come back", got["Body"].read() == content)
    found = {name: got[name] for name in ("ContentType", "CacheControl", "ContentDisposition", "Metadata", "ContentLength")}
    results.equal("and what was attached", found, {
        "ContentType": "application/x-thing", "CacheControl": "max-age=7", "ContentDisposition": 'attachment; filename="x"',
        "Metadata": {"colour": "blue", "size": "large"}, "ContentLength": len(content)})
    part = s3.get_object(Bucket=bucket, Key="dir/a b+ä.bin", Range="bytes=100-199")
    results.check("a range", part["Body"].read() == content[100:200] and part["ContentRange"] == f"bytes 100-199/{len(content)}")
    results.check("the end", s3.get_object(Bucket=bucket, Key="dir/a b+ä.bin", Range="bytes=-5")["Body"].read() == content[-5:])
    results.equal("a range that is not there", code(s3.get_object, Bucket=bucket, Key="dir/a b+ä.bin", Range="bytes=300000-"), "InvalidRange")
    results.equal("the head alone", s3.head_object(Bucket=bucket, Key="dir/a b+ä.bin")["ContentLength"], len(content))
    results.equal("a key that is not there", code(s3.get_object, Bucket=bucket, Key="none"), "NoSuchKey")
    results.equal("a bucket that is not there", code(s3.put_object, Bucket="none", Key="x", Body=b""), "NoSuchBucket")
    for key in ("plain", "a/b/c", "space here", "plus+plus", "percent%41", "q?u&e=r#y", "ünï/çødé", "dots..dots", "dir/", "~!*'()"):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
        results.check(f"the key {key!r}", s3.get_object(Bucket=bucket, Key=key)["Body"].read() == key.encode())
    results.equal("a key that climbs", code(s3.put_object, Bucket=bucket, Key="a/../../b", Body=b""), "InvalidArgument")
    s3.put_object(Bucket=bucket, Key="empty", Body=b"")
    results.equal("nothing at all", s3.get_object(Bucket=bucket, Key="empty")["Body"].read(), b"")
    s3.put_object(Bucket=bucket, Key="page", Body=b"<html><script>alert(1)</script>", ContentType="text/html")
    page = s3.get_object(Bucket=bucket, Key="page", ResponseContentType="text/html")
    results.equal("a page never acts here", page["ContentType"], "application/octet-stream")
    s3.upload_fileobj(io.BytesIO(b"streamed"), bucket, "streamed")
    results.equal("a stream", s3.get_object(Bucket=bucket, Key="streamed")["Body"].read(), b"streamed")


def conditions(results, _busbar, s3, bucket):
    """If-Match and its kin, on reading and on writing."""
    tag = s3.put_object(Bucket=bucket, Key="k", Body=b"one")["ETag"]
    past = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
    future = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    for name, arguments, expected in (
        ("if it is the one", {"IfMatch": tag}, None), ("if it is another", {"IfMatch": '"x"'}, "PreconditionFailed"),
        ("if it is not the one", {"IfNoneMatch": tag}, "304"), ("if it is not another", {"IfNoneMatch": '"x"'}, None),
        ("if it is newer than long ago", {"IfModifiedSince": past}, None), ("if it is newer than now", {"IfModifiedSince": future}, "304"),
        ("if it is older than long ago", {"IfUnmodifiedSince": past}, "PreconditionFailed"), ("if it is older than now", {"IfUnmodifiedSince": future}, None),
    ):
        results.equal(f"read {name}", code(s3.get_object, Bucket=bucket, Key="k", **arguments), expected)
    results.equal("write only if nothing is there", code(s3.put_object, Bucket=bucket, Key="k", Body=b"two", IfNoneMatch="*"), "PreconditionFailed")
    results.equal("write if nothing is there", code(s3.put_object, Bucket=bucket, Key="new", Body=b"two", IfNoneMatch="*"), None)
    results.equal("write if it is another", code(s3.put_object, Bucket=bucket, Key="k", Body=b"two", IfMatch='"x"'), "PreconditionFailed")
    results.equal("nothing was written", s3.get_object(Bucket=bucket, Key="k")["Body"].read(), b"one")
    results.equal("write if it is the one", code(s3.put_object, Bucket=bucket, Key="k", Body=b"two", IfMatch=tag), None)


def listing(results, _busbar, s3, bucket):
    """Prefixes, delimiters, pages, in both versions."""
    keys = [f"d{number}/{name}" for number in range(5) for name in ("a", "b", "sub/c")] + ["top", "zz top", "ä"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    keys = sorted(keys, key=str.encode)

    def paged(operation, **arguments):
        found, folded, pages = [], [], 0
        for page in s3.get_paginator(operation).paginate(Bucket=bucket, **arguments):
            pages += 1
            found += [one["Key"] for one in page.get("Contents", [])]
            folded += [one["Prefix"] for one in page.get("CommonPrefixes", [])]
        return found, folded, pages

    folders = [f"d{number}/" for number in range(5)]
    for operation in ("list_objects_v2", "list_objects"):
        results.equal(f"{operation}: everything", paged(operation)[0], keys)
        found, _, pages = paged(operation, PaginationConfig={"PageSize": 4})
        results.equal(f"{operation}: in pages", (found, pages), (keys, 5))
        results.equal(f"{operation}: a prefix", paged(operation, Prefix="d3/")[0], ["d3/a", "d3/b", "d3/sub/c"])
        results.equal(f"{operation}: folders", paged(operation, Delimiter="/")[:2], (["top", "zz top", "ä"], folders))
        results.equal(f"{operation}: folders in pages", paged(operation, Delimiter="/", PaginationConfig={"PageSize": 1}), (["top", "zz top", "ä"], folders, 8))
        results.equal(f"{operation}: a folder", paged(operation, Prefix="d1/", Delimiter="/")[:2], (["d1/a", "d1/b"], ["d1/sub/"]))
        results.equal(f"{operation}: nothing", paged(operation, Prefix="none")[:2], ([], []))
    after = s3.list_objects_v2(Bucket=bucket, StartAfter="d4/b")
    results.equal("after a key", [one["Key"] for one in after["Contents"]], ["d4/sub/c", "top", "zz top", "ä"])
    none = s3.list_objects_v2(Bucket=bucket, MaxKeys=0)
    results.equal("no more than none", (none["KeyCount"], none["IsTruncated"]), (0, False))
    results.equal("a token that is none of ours", code(s3.list_objects_v2, Bucket=bucket, ContinuationToken="!!"), "InvalidArgument")


def copies(results, _busbar, s3, bucket):
    """Copies with what is attached, and without."""
    s3.put_object(Bucket=bucket, Key="from here", Body=b"content", ContentType="text/plain", Metadata={"a": "1"})
    source = {"Bucket": bucket, "Key": "from here"}
    s3.copy_object(Bucket=bucket, Key="to/there", CopySource=source)
    got = s3.get_object(Bucket=bucket, Key="to/there")
    results.equal("a copy", (got["Body"].read(), got["Metadata"], got["ContentType"]), (b"content", {"a": "1"}, "text/plain"))
    s3.copy_object(Bucket=bucket, Key="from here", CopySource=source, Metadata={"b": "2"}, MetadataDirective="REPLACE", ContentType="text/csv")
    got = s3.get_object(Bucket=bucket, Key="from here")
    results.equal("a copy onto itself", (got["Body"].read(), got["Metadata"], got["ContentType"]), (b"content", {"b": "2"}, "text/csv"))
    results.equal("a copy of nothing", code(s3.copy_object, Bucket=bucket, Key="x", CopySource={"Bucket": bucket, "Key": "none"}), "NoSuchKey")
    results.equal("a copy of another version", code(s3.copy_object, Bucket=bucket, Key="x", CopySource=source, CopySourceIfMatch='"x"'), "PreconditionFailed")


def tags(results, _busbar, s3, bucket):
    """Tags with the object, and after it."""
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", Tagging="a=1&b=two%20words")

    def found():
        return {tag["Key"]: tag["Value"] for tag in s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"]}

    results.equal("tags with the object", found(), {"a": "1", "b": "two words"})
    s3.put_object_tagging(Bucket=bucket, Key="k", Tagging={"TagSet": [{"Key": "c", "Value": "<3>"}]})
    results.equal("tags after it", found(), {"c": "<3>"})
    s3.delete_object_tagging(Bucket=bucket, Key="k")
    results.equal("no tags", found(), {})
    many = {"TagSet": [{"Key": str(number), "Value": ""} for number in range(11)]}
    results.equal("too many tags", code(s3.put_object_tagging, Bucket=bucket, Key="k", Tagging=many), "InvalidTag")


def deletion(results, _busbar, s3, bucket):
    """One, many, and what was not there."""
    for number in range(30):
        s3.put_object(Bucket=bucket, Key=f"k{number}", Body=b"x")
    wanted = {"Objects": [{"Key": f"k{number}"} for number in range(20)] + [{"Key": "none"}]}
    gone = s3.delete_objects(Bucket=bucket, Delete=wanted)
    results.equal("deleted, and what was not there", (len(gone["Deleted"]), "Errors" in gone), (21, False))
    quiet = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k20"}, {"Key": "../x"}], "Quiet": True})
    results.equal("quietly", ("Deleted" in quiet, [one["Key"] for one in quiet["Errors"]]), (False, ["../x"]))
    results.equal("what is left", s3.list_objects_v2(Bucket=bucket)["KeyCount"], 9)
    results.equal("twice is no error", code(s3.delete_object, Bucket=bucket, Key="k0"), None)


def parts(results, _busbar, s3, bucket):
    """64 MB in parts, by boto3's transfer and by hand."""
    content = os.urandom(64 * MB)
    s3.upload_fileobj(io.BytesIO(content), bucket, "large", ExtraArgs={"ContentType": "video/x-test", "Metadata": {"a": "1"}})
    head = s3.head_object(Bucket=bucket, Key="large")
    results.equal("64 MB in 8 parts", (head["ContentLength"], head["ETag"][-3:], head["Metadata"]), (64 * MB, '-8"', {"a": "1"}))
    back = io.BytesIO()
    s3.download_fileobj(bucket, "large", back)
    results.check("they come back", back.getvalue() == content)
    s3.copy({"Bucket": bucket, "Key": "large"}, bucket, "copied")
    results.equal("a copy in parts", s3.head_object(Bucket=bucket, Key="copied")["ContentLength"], 64 * MB)
    results.check("is the same", hashlib.md5(s3.get_object(Bucket=bucket, Key="copied")["Body"].read()).digest() == hashlib.md5(content).digest())

    upload = s3.create_multipart_upload(Bucket=bucket, Key="by hand")["UploadId"]
    place = {"Bucket": bucket, "Key": "by hand", "UploadId": upload}
    first = s3.upload_part(PartNumber=1, Body=b"a" * (5 * MB), **place)["ETag"]
    second = s3.upload_part(PartNumber=7, Body=b"b", **place)["ETag"]
    listed = [(part["PartNumber"], part["Size"]) for part in s3.list_parts(**place)["Parts"]]
    results.equal("its parts", listed, [(1, 5 * MB), (7, 1)])
    results.equal("uploads that are not complete", [one["Key"] for one in s3.list_multipart_uploads(Bucket=bucket)["Uploads"]], ["by hand"])
    named = [{"PartNumber": 1, "ETag": first}, {"PartNumber": 7, "ETag": second}]
    for name, wrong, expected in (
        ("in another order", named[::-1], "InvalidPartOrder"), ("with another tag", [{"PartNumber": 1, "ETag": second}], "InvalidPart"),
        ("with a part that did not come", [*named, {"PartNumber": 9, "ETag": first}], "InvalidPart"),
    ):
        found = code(s3.complete_multipart_upload, MultipartUpload={"Parts": wrong}, **place)
        results.equal(f"completed {name}", found, expected)
    done = s3.complete_multipart_upload(MultipartUpload={"Parts": named}, **place)
    results.equal("the entity tag of parts", done["ETag"], '"e5a8c5272b26fc10581a21089559b006-2"')
    results.equal("completed twice", code(s3.complete_multipart_upload, MultipartUpload={"Parts": named}, **place), "NoSuchUpload")

    upload = s3.create_multipart_upload(Bucket=bucket, Key="small parts")["UploadId"]
    place = {"Bucket": bucket, "Key": "small parts", "UploadId": upload}
    named = [{"PartNumber": number, "ETag": s3.upload_part(PartNumber=number, Body=b"x", **place)["ETag"]} for number in (1, 2)]
    results.equal("parts that are too small", code(s3.complete_multipart_upload, MultipartUpload={"Parts": named}, **place), "EntityTooSmall")
    s3.abort_multipart_upload(**place)
    results.equal("called off", code(s3.list_parts, **place), "NoSuchUpload")
    results.equal("a part number that is none", code(s3.upload_part, PartNumber=10_001, Body=b"", **place), "InvalidArgument")


def fetch(url, method="GET", body=None, headers=None):
    """A request without a client: (status, body)."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=body, method=method, headers=headers or {}), timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def links(results, _busbar, s3, bucket):
    """Signed links for reading and writing."""
    s3.put_object(Bucket=bucket, Key="a b", Body=b"linked", ContentType="text/plain")
    read = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a b", "ResponseContentDisposition": "inline"}, ExpiresIn=60)
    results.equal("a link reads", fetch(read), (200, b"linked"))
    write = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "new", "ContentType": "text/plain"}, ExpiresIn=60)
    results.equal("a link writes", fetch(write, "PUT", b"written", {"content-type": "text/plain"})[0], 200)
    results.equal("what it wrote", s3.get_object(Bucket=bucket, Key="new")["Body"].read(), b"written")
    results.equal("with another type it does not", fetch(write, "PUT", b"x", {"content-type": "text/html"})[0], 403)
    results.equal("a link to read does not write", fetch(read, "PUT", b"x")[0], 403)


def form(post, fields, content):
    """A browser's form."""
    boundary = "----form"
    lines = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    lines.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="it.txt"\r\nContent-Type: text/plain\r\n\r\n')
    body = "".join(lines).encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return fetch(post["url"], "POST", body, {"content-type": f"multipart/form-data; boundary={boundary}"})


def forms(results, _busbar, s3, bucket):
    """Forms with a signed policy."""
    conditions = [["starts-with", "$key", "in/"], ["content-length-range", 1, 1000], {"success_action_status": "201"}]
    post = s3.generate_presigned_post(bucket, "in/${filename}", Fields={"success_action_status": "201"}, Conditions=conditions, ExpiresIn=60)
    status, answer = form(post, post["fields"], b"posted")
    results.check("a form stores", status == 201 and b"<Key>in/it.txt</Key>" in answer, (status, answer))
    results.equal("what it stored", s3.get_object(Bucket=bucket, Key="in/it.txt")["Body"].read(), b"posted")
    for name, fields, content, expected in (
        ("elsewhere", {**post["fields"], "key": "out/x"}, b"x", 403), ("with another field", {"acl": "public-read", **post["fields"]}, b"x", 403),
        ("too much", post["fields"], b"x" * 1001, 400), ("nothing", post["fields"], b"", 400),
        ("with another policy", {**post["fields"], "policy": post["fields"]["policy"][:-8] + "AAAAAAA="}, b"x", 403),
        ("without signature", {key: value for key, value in post["fields"].items() if key != "x-amz-signature"}, b"x", 400),
    ):
        results.equal(f"a form {name}", form(post, fields, content)[0], expected)
    results.equal("nothing else was stored", s3.list_objects_v2(Bucket=bucket)["KeyCount"], 1)


def checksums(results, _busbar, s3, bucket):
    """Checksums that clients send, right and wrong."""
    for algorithm in ("CRC32", "SHA1", "SHA256"):
        results.equal(f"a {algorithm}", code(s3.put_object, Bucket=bucket, Key="k", Body=b"x" * 1000, ChecksumAlgorithm=algorithm), None)
    results.equal("a wrong SHA-256", code(s3.put_object, Bucket=bucket, Key="k", Body=b"y", ChecksumSHA256="A" * 43 + "="), "BadDigest")
    results.equal("a wrong MD5", code(s3.put_object, Bucket=bucket, Key="k", Body=b"y", ContentMD5="A" * 22 + "=="), "BadDigest")
    results.equal("nothing of it is kept", s3.get_object(Bucket=bucket, Key="k")["Body"].read(), b"x" * 1000)
