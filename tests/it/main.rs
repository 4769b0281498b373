//! The one integration test binary. What a user sees is tested here, as
//! data: a case folder holds input and expected output.
#![allow(clippy::disallowed_methods, reason = "tests read and write the disk")]

mod cases;
mod catalog;
mod cli;
mod determinism;
mod diagrams;
mod edits;
mod example_site;
mod external;
mod hostile;
mod incremental;
mod live;
mod odd_world;
mod on_disk;
mod portal;
mod search;
mod storms;
mod tidy;
