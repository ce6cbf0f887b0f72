//! The vendors behind the ports, one file or folder each.
