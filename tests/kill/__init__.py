"""Crash tests: kill -9 under load, and power loss. See README.md."""
