//! The real world: the only file that touches the disk.
