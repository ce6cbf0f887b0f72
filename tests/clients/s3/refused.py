"""What must not get in."""

import datetime
import re
import time
from unittest import mock

import botocore.auth

from tests.clients.s3.connection import client
from tests.clients.s3.round_trip import code, fetch


def run(results, busbar, key, s3):
    """Every way in that is none; at the end the bucket is as it was."""
    s3.create_bucket(Bucket="closed")
    s3.create_bucket(Bucket="other")
    s3.put_object(Bucket="closed", Key="k", Body=b"secret")
    s3.put_object(Bucket="other", Key="k", Body=b"other")
    credentials(results, busbar, key)
    clocks(results, s3)
    links(results, busbar, key, s3)
    bodies(results, busbar, s3)
    results.equal("nothing was changed", s3.get_object(Bucket="closed", Key="k")["Body"].read(), b"secret")
    results.equal("nothing was added", s3.list_objects_v2(Bucket="closed")["KeyCount"], 1)
    keys(results, busbar, s3)


def credentials(results, busbar, key):
    """Another secret, another key, none."""
    wrong = client(busbar, (key[0], "0" * 40))
    results.equal("a wrong secret reads", code(wrong.get_object, Bucket="closed", Key="k"), "SignatureDoesNotMatch")
    results.equal("a wrong secret writes", code(wrong.put_object, Bucket="closed", Key="k", Body=b"x"), "SignatureDoesNotMatch")
    results.equal("a wrong secret lists", code(wrong.list_buckets), "SignatureDoesNotMatch")
    unknown = client(busbar, ("BB0000", key[1]))
    results.equal("an unknown key", code(unknown.list_buckets), "InvalidAccessKeyId")
    status, answer = fetch(f"{busbar.url}/storage/v1/s3/closed/k")
    results.check("nobody", status == 403 and b"<Code>AccessDenied</Code>" in answer, (status, answer))
    status, _ = fetch(f"{busbar.url}/storage/v1/s3/closed/k", headers={"x-api-key": busbar.api_key})
    results.equal("a key of another door", status, 403)


def clocks(results, s3):
    """A clock that is twenty minutes off, either way."""
    for minutes in (-20, 20):
        moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
        with mock.patch.object(botocore.auth, "get_current_datetime", lambda *_, moment=moment, **__: moment.replace(tzinfo=None)):
            results.equal(f"a clock {minutes} minutes off", code(s3.get_object, Bucket="closed", Key="k"), "RequestTimeTooSkewed")


def links(results, busbar, key, s3):
    """Links that were changed, are for something else, or are over."""
    link = s3.generate_presigned_url("get_object", Params={"Bucket": "closed", "Key": "k"}, ExpiresIn=60)
    results.equal("the link itself", fetch(link)[0], 200)
    flipped = link[:-1] + ("0" if link[-1] != "0" else "1")
    for name, changed in (
        ("of another bucket", link.replace("/closed/", "/other/")), ("of another key", link.replace("/k?", "/j?")),
        ("that lasts longer", link.replace("X-Amz-Expires=60", "X-Amz-Expires=6000")), ("with another signature", flipped),
        ("with something added", link + "&response-content-type=text%2Fhtml"), ("without its key", re.sub(r"X-Amz-Credential=[^&]*&", "", link)),
        ("that lasts for ever", link.replace("X-Amz-Expires=60", "X-Amz-Expires=604801")),
    ):
        status, body = fetch(changed)
        results.check(f"a link {name}", status in (400, 403) and b"secret" not in body, (status, body))
    short = s3.generate_presigned_url("get_object", Params={"Bucket": "closed", "Key": "k"}, ExpiresIn=1)
    time.sleep(2)
    status, body = fetch(short)
    results.check("a link that is over", status == 403 and b"Request has expired" in body, (status, body))
    stranger = client(busbar, (key[0], "1" * 40))
    results.equal("a link of a stranger", fetch(stranger.generate_presigned_url("get_object", Params={"Bucket": "closed", "Key": "k"}))[0], 403)


def bodies(results, busbar, s3):
    """A body that is not what was signed."""
    def other_body(request, **_):
        request.body = b"another body!"

    s3.meta.events.register("before-send.s3.PutObject", other_body)
    try:
        found = code(s3.put_object, Bucket="closed", Key="k", Body=b"the body sent")
        results.check("a body that was exchanged", found in ("XAmzContentSHA256Mismatch", "BadDigest"), found)
    finally:
        s3.meta.events.unregister("before-send.s3.PutObject", other_body)
    del busbar


def keys(results, busbar, s3):
    """A key that was removed opens nothing; its secret is not shown twice."""
    status, listed, _ = busbar.call("GET", "/api/storage/s3/access-keys")
    results.check("keys are listed without secrets", status == 200 and "secret" not in str(listed).lower(), listed)
    for key in listed:
        status, answer, _ = busbar.call("DELETE", f"/api/storage/s3/access-keys/{key['id']}")
        results.equal("a key is removed", status, 200)
    results.equal("and opens nothing any more", code(s3.list_buckets), "InvalidAccessKeyId")
    status, answer, _ = busbar.call("DELETE", "/api/storage/s3/access-keys/01890000-0000-7000-8000-000000000000")
    results.equal("a key that is not there", (status, answer["error"]), (404, "S3_ACCESS_KEY_NOT_FOUND"))
