//! Runs the `callboard` binary and watches its time and its memory.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

/// What is switched on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Features {
    pub(crate) highlight: bool,
    pub(crate) search: bool,
    pub(crate) cache: bool,
}

/// One run of the binary.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) time: Duration,
    /// The most memory that was resident, where the system tells.
    pub(crate) peak_bytes: Option<u64>,
}

/// Builds the portal at `root` into `out`.
pub(crate) fn build(root: &Path, out: &Path, features: Features) -> Run {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_callboard"))
        .arg("build")
        .arg(root)
        .arg("-d")
        .arg(out)
        .arg("-q")
        .args((!features.cache).then_some("--no-cache"))
        .env("CALLBOARD_SEARCH__ENABLE", features.search.to_string())
        .env("CALLBOARD_MARKDOWN__HIGHLIGHT", features.highlight.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let mut peak_bytes = None;
    loop {
        // The mark of a process only rises, so the last look is enough.
        peak_bytes = peak(&child).or(peak_bytes);
        if let Some(status) = child.try_wait().expect("the binary can be waited for") {
            let time = start.elapsed();
            assert!(status.success(), "`callboard build` ended with {status}");
            return Run { time, peak_bytes };
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// Reads `VmHWM` of a process, on Linux.
fn peak(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// Returns when each file below a folder was last written.
pub(crate) fn written(folder: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.map_while(Result::ok) {
            let Ok(metadata) = entry.metadata() else { continue };
            if metadata.is_dir() {
                folders.push(entry.path());
            } else if let Ok(time) = metadata.modified() {
                files.insert(entry.path(), time);
            }
        }
    }
    files
}
