"""One file up or down, on a connection of its own."""

import contextlib
import http.client

BOUNDARY = "----the-boundary"


def put_file(busbar, bucket, key, content):
    """Stores a file as the form field `file`; answers (status, text)."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n'
        "Content-Type: application/x-thing\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    headers = {"x-api-key": busbar.api_key, "content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    status, text, _ = exchange(busbar, "PUT", bucket, key, body, headers)
    return status, text.decode("utf-8", "replace")


def get_file(busbar, bucket, key):
    """Reads a file; answers (status, bytes, ETag)."""
    return exchange(busbar, "GET", bucket, key, None, {"x-api-key": busbar.api_key})


def exchange(busbar, method, bucket, key, body, headers):
    """One request; a connection that breaks is an OSError, whatever the library calls it."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", busbar.port, timeout=60)) as connection:
        try:
            connection.request(method, f"/api/storage/buckets/{bucket}/objects/{key}", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers.get("etag")
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
