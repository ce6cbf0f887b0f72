"""Tests that drive a running Busbar from outside, and the servers they need. Start at README.md."""
