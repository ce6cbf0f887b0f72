"""An access key of a running Busbar, and clients that use it."""

import boto3
from botocore.config import Config

REGION = "us-east-2"


def access_key(busbar):
    """A new access key: (name, secret)."""
    status, made, _ = busbar.call("POST", "/api/storage/s3/access-keys", {"description": "test"})
    assert status == 201, made
    return made["accessKeyId"], made["secretAccessKey"]


def client(busbar, key, **settings):
    """boto3's own client; `settings` are botocore's."""
    config = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}, signature_version="s3v4", **settings)
    return boto3.client("s3", endpoint_url=f"{busbar.url}/storage/v1/s3", region_name=REGION, aws_access_key_id=key[0],
                        aws_secret_access_key=key[1], config=config)
