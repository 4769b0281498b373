//! Gives the code a name of its own: the cache holds what this very code
//! has made of a file, and other code must not take it for its own.
#![allow(clippy::disallowed_methods, reason = "a build script runs beside the floors")]
#![allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let mut files = Vec::new();
    for root in ["Cargo.toml", "Cargo.lock", "src", "themes"] {
        println!("cargo::rerun-if-changed={root}");
        collect(Path::new(root), &mut files);
    }
    files.sort();
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    for file in files {
        hash.add(file.to_string_lossy().replace('\\', "/").as_bytes());
        // Line ends differ between checkouts, and mean nothing.
        hash.add(
            &fs::read(&file)
                .unwrap_or_default()
                .into_iter()
                .filter(|byte| *byte != b'\r')
                .collect::<Vec<_>>(),
        );
    }
    println!("cargo::rustc-env=CODE_OF_CALLBOARD={:016x}", hash.0);
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().for_each(|entry| collect(&entry.path(), files)),
        Err(_) => files.push(path.to_path_buf()),
    }
}

/// FNV-1a: short, and the same everywhere.
struct Fnv(u64);

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&[0xff]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
