"""The published S3 clients against the gateway."""
