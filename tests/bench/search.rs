//! What search costs: to make, to keep up to date, and to fetch.
//! `cargo bench --bench search -- --repos 1000 --pages 10`.
//!
//! ```text
//! --repos N[,N…]   repositories of the portal (1000)
//! --pages N        docs pages of each repository (10)
//! --dir FOLDER     where to work; default /dev/shm, else the system's folder for temporary files
//! --keep FOLDER    leave the files of the search there, and words.txt, for `keystroke.mjs`
//! ```
//!
//! The words of the portal follow Zipf's law, and there are more of them
//! the larger it is. Sizes are those that `gzip -9` makes, as a server
//! sends them. Without `--bench` all of it runs once on a tiny portal.

#![allow(clippy::disallowed_methods, reason = "a benchmark is a program of its own, outside of the floors")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its table is what it is for")]

mod generator;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use callboard::base::disk::Disk;
use callboard::base::memo::{self, Memo, Trust};
use callboard::model::site::Site;
use callboard::pipeline;
use callboard::render::search::{self, File, Want, find};

use generator::Size;

/// Queries of two words that are tried.
const N_QUERIES: usize = 60;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_bench = arguments.iter().any(|argument| argument == "--bench");
    let value = |name: &str, default: &str| {
        let at = arguments.iter().position(|argument| argument == name);
        at.and_then(|at| arguments.get(at + 1)).cloned().unwrap_or(default.to_string())
    };
    let (repos, pages) = if is_bench { ("1000", "10") } else { ("3", "2") };
    let shm = Path::new("/dev/shm");
    let default = if shm.is_dir() { shm.to_path_buf() } else { std::env::temp_dir() };
    let parent = PathBuf::from(value("--dir", &default.to_string_lossy()));
    for n_repos in value("--repos", repos).split(',') {
        let size = Size {
            n_repos: n_repos.parse().expect("`--repos` wants numbers"),
            n_pages_each: value("--pages", pages).parse().expect("`--pages` wants a number"),
        };
        measured(&parent, size, &value("--keep", ""));
    }
}

fn measured(parent: &Path, size: Size, keep: &str) {
    let folder = tempfile::Builder::new().prefix("callboard-bench-").tempdir_in(parent);
    let folder = folder.expect("a folder to work in can be made");
    let root = folder.path().join("portal");
    let pages = generator::write_portal(&root, size);
    println!("{} repositories, {} pages\n", size.n_repos, size.n_pages());
    println!("| what | |\n|---|---:|");

    let whole = site(&root, &Arc::default());
    let before = resident("VmRSS");
    let (files, seconds) = timed(|| search::files(&Memo::default(), &whole, Want::All));
    println!("| made cold | {seconds:.3} s |");
    if let (Some(before), Some(after)) = (before, resident("VmRSS")) {
        println!("| more memory with it | {:.0} MB |", after.saturating_sub(before) as f64 / 1e6);
    }
    drop(whole);
    if !keep.is_empty() {
        for file in &files {
            generator::write_bytes(&Path::new(keep).join(file.path.as_str()), file.bytes());
        }
        generator::write_bytes(
            &Path::new(keep).join("words.txt"),
            generator::words(size).join("\n").as_bytes(),
        );
    }

    let cache = || {
        let (memo, _) = memo::open(&Disk, &folder.path().join("cache"), pipeline::salt(), Trust::Stamps);
        Arc::new(memo)
    };
    let first = cache();
    let (_, seconds) = timed_site(&root, &first);
    println!("| made cold, writing the cache | {seconds:.3} s |");
    first.save(&Disk);
    drop(first);
    let page = &pages[pages.len() / 2];
    let text = fs::read_to_string(page).expect("the generator's pages are readable");
    fs::write(page, format!("{text}\nOne word more.\n")).expect("the page can be written");
    let second = cache();
    let (again, seconds) = timed_site(&root, &second);
    println!("| made again after one page changed | {seconds:.3} s |");
    let known: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let n_new = again.iter().filter(|file| !known.contains(file.path.as_str())).count();
    println!("| files that changed with that page | {n_new} |");
    sizes(&files);
    fetched(&root, &files, size);
    println!();
}

fn site(root: &Path, memo: &Arc<Memo>) -> Site {
    let mut diags = Vec::new();
    let config = pipeline::config(&Disk, root, &[], &mut diags).expect("the portal's configuration is right");
    pipeline::site_with(&Disk, memo, config, &[], diags, &|_| ()).expect("the portal can be read")
}

fn timed_site(root: &Path, memo: &Arc<Memo>) -> (Vec<File>, f64) {
    let site = site(root, memo);
    timed(|| search::files(memo, &site, Want::News))
}

fn timed<T>(run: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let made = run();
    (made, start.elapsed().as_secs_f64())
}

/// Reads a line of the process's status, on Linux, in bytes.
fn resident(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: u64 = line.trim_start_matches(':').trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

fn sizes(files: &[File]) {
    println!("| files | {} |", files.len());
    println!(
        "| all of them | {:.1} MB |",
        files.iter().map(|file| file.bytes().len()).sum::<usize>() as f64 / 1e6
    );
    let manifest = of(files, "search/manifest.json");
    println!(
        "| manifest | {:.1} kB, {:.1} kB gzipped |",
        kb(manifest[0].bytes().len()),
        kb(gzipped(manifest[0].bytes()))
    );
    for (what, folder) in [("entity names", "e"), ("words of titles", "w")] {
        let all: usize =
            of(files, &format!("search/{folder}/")).iter().map(|file| gzipped(file.bytes())).sum();
        println!("| {what} | {:.1} kB gzipped |", kb(all));
    }
    for (what, folder) in [("shards of terms", "t"), ("overflow shards", "o"), ("document chunks", "d")] {
        let of_folder = of(files, &format!("search/{folder}/"));
        let mut sizes: Vec<usize> = of_folder
            .iter()
            .step_by(of_folder.len().div_ceil(100).max(1))
            .map(|file| gzipped(file.bytes()))
            .collect();
        sizes.sort_unstable();
        let (Some(middle), Some(last)) = (sizes.get(sizes.len() / 2), sizes.last()) else { continue };
        println!(
            "| {what}: number, median and largest | {}, {:.1} kB, {:.1} kB gzipped |",
            of_folder.len(),
            kb(*middle),
            kb(*last)
        );
    }
}

/// Prints what queries of two words of the portal's pages fetch.
fn fetched(root: &Path, files: &[File], size: Size) {
    let config = pipeline::config(&Disk, root, &[], &mut Vec::new()).expect("it was read before");
    let words = generator::words(size);
    let (mut all, mut slowest, mut n_found) = (Vec::new(), 0.0_f64, 0);
    for nth in 1..=N_QUERIES {
        // From frequent to rare ones.
        let word =
            |nth: usize| &*words[(words.len() as f64).powf(nth as f64 / (N_QUERIES + 2) as f64) as usize];
        let text = format!("{} {} ", word(nth), word(N_QUERIES + 1 - nth));
        let (found, seconds) = timed(|| find::fetched(&config, files, &text, 10));
        let Some((found, fetched)) = found else { continue };
        n_found += usize::from(found.total > 0);
        slowest = slowest.max(seconds);
        let of_query = |file: &&File| fetched.contains(file.path.as_str());
        all.push(files.iter().filter(of_query).map(|file| gzipped(file.bytes())).sum::<usize>());
    }
    all.sort_unstable();
    if let (Some(middle), Some(last)) = (all.get(all.len() / 2), all.last()) {
        println!("| queries of two words, that found something | {N_QUERIES}, {n_found} |");
        println!(
            "| fetched by one for ten results: median, most | {:.1} kB, {:.1} kB gzipped |",
            kb(*middle),
            kb(*last)
        );
        let with_names = |n_bytes: usize| {
            let first = of(files, "search/manifest.json").into_iter().chain(of(files, "search/e/0-"));
            n_bytes + first.map(|file| gzipped(file.bytes())).sum::<usize>()
        };
        println!(
            "| the first query, with manifest and names: median, most | {:.1} kB, {:.1} kB gzipped |",
            kb(with_names(*middle)),
            kb(with_names(*last))
        );
        println!("| the slowest in the terminal | {:.0} ms |", slowest * 1e3);
    }
}

fn of<'f>(files: &'f [File], prefix: &str) -> Vec<&'f File> {
    files.iter().filter(|file| file.path.as_str().starts_with(prefix)).collect()
}

fn kb(n_bytes: usize) -> f64 {
    n_bytes as f64 / 1e3
}

/// Returns how many bytes `gzip -9` makes of some; all of them where
/// there is no `gzip`.
fn gzipped(bytes: &[u8]) -> usize {
    let spawned = Command::new("gzip").arg("-9c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = spawned else { return bytes.len() };
    let mut stdin = child.stdin.take().expect("it was asked for");
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            let _closed = stdin.write_all(bytes);
        });
        child.wait_with_output()
    });
    output.map_or(bytes.len(), |output| output.stdout.len())
}
