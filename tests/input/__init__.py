"""Real data imported through the API and counted again by other means. See README.md."""
