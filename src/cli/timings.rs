//! How long a run took: the table of `--timings`, and the file of
//! `--trace` in the form that Chrome and Perfetto read.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::base::spans::{self, Span};
use crate::base::world::World;
use crate::model::failure::Failure;

use super::args::Reporting;
use super::environment::Environment;
use super::print_error;
use super::status::Status;

/// So many of the slowest files are shown.
const N_SLOWEST: usize = 10;

/// Returns the time since this was first asked.
pub(crate) fn clock() -> Duration {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    BEGAN.get_or_init(Instant::now).elapsed()
}

/// Begins to measure, if anybody will want to know.
pub(crate) fn begin(reporting: &Reporting) {
    clock();
    if reporting.timings || reporting.trace.is_some() {
        spans::measure_with(clock);
    }
}

/// Prints and writes what was asked for.
pub(crate) fn show(
    world: &dyn World,
    environment: &Environment,
    reporting: &Reporting,
    status: &Status,
) -> Result<(), Failure> {
    let (parts, files) = (status.parts(), spans::taken());
    if reporting.timings {
        print_error(&table(&parts, &files));
    }
    if let Some(path) = &reporting.trace {
        write(world, &environment.current_folder.join(path), &trace(&parts, &files))?;
    }
    Ok(())
}

fn table(parts: &[Span], files: &[Span]) -> String {
    let mut table = String::new();
    let mut line = |name: &str, took: Duration, rest: &str| {
        let _infallible = writeln!(table, "{name:>12} {:>10.1} ms{rest}", took.as_secs_f64() * 1000.0);
    };
    for part in parts {
        line(&part.name, part.took, "");
    }
    line("all", parts.iter().map(|part| part.took).sum(), "");
    let mut slowest: Vec<&Span> = files.iter().collect();
    slowest.sort_by_key(|file| std::cmp::Reverse(file.took));
    for file in slowest.iter().take(N_SLOWEST) {
        line(file.room, file.took, &format!("  {}", file.name));
    }
    table
}

/// Returns the spans as JSON: rooms on the main thread, files below.
fn trace(parts: &[Span], files: &[Span]) -> String {
    let n_threads = files.iter().map(|file| file.thread).max().unwrap_or(0);
    let named = |thread: usize| {
        let name = if thread == 0 { "rooms".to_string() } else { format!("thread {thread}") };
        json!({"name": "thread_name", "ph": "M", "pid": 1, "tid": thread, "args": {"name": name}})
    };
    let event = |span: &Span| {
        let (began, took) = (span.began.as_secs_f64() * 1e6, span.took.as_secs_f64() * 1e6);
        json!({
            "name": span.name, "cat": span.room, "ph": "X", "ts": began, "dur": took, "pid": 1,
            "tid": span.thread,
        })
    };
    let events: Vec<Value> = (0..=n_threads).map(named).chain(parts.iter().chain(files).map(event)).collect();
    let mut text = json!({"displayTimeUnit": "ms", "traceEvents": events}).to_string();
    text.push('\n');
    text
}

fn write(world: &dyn World, path: &Path, text: &str) -> Result<(), Failure> {
    world
        .write(path, text.as_bytes())
        .map_err(|error| Failure::environment(format!("cannot write `{}`: {error}", path.display())))
}
