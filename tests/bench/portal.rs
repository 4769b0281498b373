//! How long a portal takes, as a ratio to what no generator can do
//! without. `cargo bench --bench portal -- --repos 1000 --pages 10`.
//!
//! ```text
//! --repos N[,N…]   repositories of the portal; several sizes show how time grows (1000)
//! --pages N        docs pages of each repository (10)
//! --runs N         runs of each line, of which the median is shown (3)
//! --dir FOLDER     where to work; default /dev/shm, else the system's folder for temporary files
//! --write FOLDER   only writes a portal there
//! ```
//!
//! Without `--bench`, as `cargo test` calls it, all of it runs once on a
//! tiny portal.

#![allow(clippy::disallowed_methods, reason = "a benchmark is a program of its own, outside of the floors")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its table is what it is for")]

mod floors;
mod generator;
mod measure;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use generator::Size;
use measure::{Features, Run};

const BARE: Features = Features { highlight: false, search: false, cache: false };
const ALL: Features = Features { highlight: true, search: true, cache: true };

/// What the command line asks for.
struct Plan {
    repos: Vec<usize>,
    n_pages_each: usize,
    n_runs: usize,
    dir: Option<PathBuf>,
    write: Option<PathBuf>,
}

/// A line of the table.
struct Row {
    name: &'static str,
    time: Duration,
    peak_bytes: Option<u64>,
    n_written: Option<usize>,
}

fn main() {
    let plan = plan();
    if let Some(folder) = &plan.write {
        let size = Size { n_repos: plan.repos[0], n_pages_each: plan.n_pages_each };
        let pages = generator::write_portal(folder, size);
        println!("wrote {} pages to {}", pages.len(), folder.display());
        return;
    }
    let mut before: Option<(Size, Duration)> = None;
    for n_repos in &plan.repos {
        let size = Size { n_repos: *n_repos, n_pages_each: plan.n_pages_each };
        let rows = measured(&plan, size);
        print(size, &rows);
        let cold = rows.iter().find(|row| row.name == COLD).expect("it is always measured").time;
        if let Some((smaller, time)) = before {
            let pages = size.n_pages() as f64 / smaller.n_pages() as f64;
            println!(
                "{pages:.1} times the pages: {:.1} times the time\n",
                cold.as_secs_f64() / time.as_secs_f64()
            );
        }
        before = Some((size, cold));
    }
}

const COLD: &str = "cold, all on, no cache";

fn plan() -> Plan {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_bench = arguments.iter().any(|argument| argument == "--bench");
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        Some(arguments.get(at + 1).unwrap_or_else(|| panic!("`{name}` wants a value")).clone())
    };
    let number = |name: &str, text: String| {
        text.parse::<usize>().unwrap_or_else(|_| panic!("`{name}` wants a number, not `{text}`")).max(1)
    };
    let (repos, pages, runs) = if is_bench { ("1000", 10, 3) } else { ("3", 2, 1) };
    Plan {
        repos: value("--repos")
            .unwrap_or(repos.to_string())
            .split(',')
            .map(|text| number("--repos", text.to_string()))
            .collect(),
        n_pages_each: value("--pages").map_or(pages, |text| number("--pages", text)),
        n_runs: value("--runs").map_or(runs, |text| number("--runs", text)),
        dir: value("--dir").map(PathBuf::from),
        write: value("--write").map(PathBuf::from),
    }
}

/// Returns a folder in memory, so that disks do not count.
fn folder(plan: &Plan) -> tempfile::TempDir {
    let shm = Path::new("/dev/shm");
    let builder = |parent: &Path| tempfile::Builder::new().prefix("callboard-bench-").tempdir_in(parent);
    match &plan.dir {
        Some(dir) => builder(dir),
        None if shm.is_dir() => builder(shm),
        None => builder(&std::env::temp_dir()),
    }
    .expect("a folder to work in can be made")
}

fn measured(plan: &Plan, size: Size) -> Vec<Row> {
    let folder = folder(plan);
    let root = folder.path().join("portal");
    let out = folder.path().join("out");
    let pages = generator::write_portal(&root, size);
    let fresh = || {
        let _absent = fs::remove_dir_all(&out);
        let _absent = fs::remove_dir_all(root.join(".callboard"));
    };
    let floor = |run: &dyn Fn() -> Duration| Run { time: run(), peak_bytes: None };
    let build = |features| measure::build(&root, &out, features);
    let lines: [(&str, &dyn Fn() -> Run); 8] = [
        (FLOOR, &|| floor(&|| floors::read_parse_write(&pages, &out))),
        ("floor-parse", &|| floor(&|| floors::parse(&pages))),
        ("floor-write", &|| floor(&|| floors::write_files(&pages, &out))),
        ("cold, no highlighting, no search", &|| build(BARE)),
        ("cold, with highlighting", &|| build(Features { highlight: true, ..BARE })),
        ("cold, with search", &|| build(Features { search: true, ..BARE })),
        (COLD, &|| build(Features { cache: false, ..ALL })),
        ("cold, all on, writing the cache", &|| build(ALL)),
    ];
    // All lines in turns, so that a machine that is slower for a minute
    // is so for each of them.
    let mut runs: [Vec<Run>; 8] = Default::default();
    let mut n_written = [None; 8];
    for round in 1..=plan.n_runs {
        for (nth, (_, run)) in lines.iter().enumerate() {
            fresh();
            runs[nth].push(run());
            if nth >= N_FLOORS && round == plan.n_runs {
                n_written[nth] = Some(measure::written(&out).len());
            }
        }
    }
    let with_runs = lines.into_iter().zip(runs).zip(n_written);
    let mut rows: Vec<Row> =
        with_runs.map(|(((name, _), runs), n_written)| row(name, runs, n_written)).collect();
    assert_pages(&out, size);
    rows.push(warm("warm, nothing changed", plan, &root, &out, &|| ()));
    let (page, text) = (&pages[pages.len() / 2], fs::read_to_string(&pages[pages.len() / 2]));
    let text = text.expect("the generator's pages are readable");
    let n_edits = std::cell::Cell::new(0);
    let edit = || {
        n_edits.set(n_edits.get() + 1);
        fs::write(page, format!("{text}\nEdit {}.\n", n_edits.get())).expect("the page can be written");
    };
    rows.push(warm("warm, one page changed", plan, &root, &out, &edit));
    rows
}

/// Builds again into the same folder after each edit.
fn warm(name: &'static str, plan: &Plan, root: &Path, out: &Path, edit: &dyn Fn()) -> Row {
    let mut n_rewritten = 0;
    let runs = (0..plan.n_runs)
        .map(|_| {
            let before = measure::written(out);
            edit();
            let run = measure::build(root, out, ALL);
            let now = measure::written(out);
            n_rewritten = now.iter().filter(|(path, time)| before.get(*path) != Some(*time)).count();
            run
        })
        .collect();
    row(name, runs, Some(n_rewritten))
}

const FLOOR: &str = "floor-read-parse-write";
/// So many lines, the first ones, build no site.
const N_FLOORS: usize = 3;

fn row(name: &'static str, runs: Vec<Run>, n_written: Option<usize>) -> Row {
    Row {
        name,
        peak_bytes: runs.iter().filter_map(|run| run.peak_bytes).max(),
        time: median(runs.into_iter().map(|run| run.time).collect()),
        n_written,
    }
}

/// A fast run that left pages out would be no run at all.
fn assert_pages(out: &Path, size: Size) {
    let is_page = |path: &&PathBuf| {
        path.starts_with(out.join("docs/default/component")) && path.ends_with("index.html")
    };
    let n_pages = measure::written(out).keys().filter(is_page).count();
    assert!(n_pages >= size.n_pages(), "the site has {n_pages} docs pages of {}", size.n_pages());
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn print(size: Size, rows: &[Row]) {
    let floor = rows.iter().find(|row| row.name == FLOOR).expect("it is always measured").time;
    println!("{} repositories, {} pages\n", size.n_repos, size.n_pages());
    println!("| what | seconds | × floor | peak MB | files written |");
    println!("|---|---:|---:|---:|---:|");
    for row in rows {
        let seconds = row.time.as_secs_f64();
        let peak = row.peak_bytes.map_or("–".to_string(), |bytes| format!("{:.0}", bytes as f64 / 1e6));
        let written = row.n_written.map_or("–".to_string(), |n| n.to_string());
        println!(
            "| {} | {seconds:.3} | {:.2} | {peak} | {written} |",
            row.name,
            seconds / floor.as_secs_f64()
        );
    }
    println!();
}
