"""The clients that people use, against a running Busbar."""
