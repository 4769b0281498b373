//! Serve: watches the sources, keeps the last good site in memory and
//! answers HTTP on loopback. Routes come from the built site's table,
//! never from the disk.
