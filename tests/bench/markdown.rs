//! How long the chain from Markdown to HTML takes, stage by stage, next
//! to pulldown-cmark alone on the same pages.
//!
//! ```text
//! cargo bench --bench markdown -- [FOLDER]
//! ```
//!
//! Without a folder it reads the pages of a portal that it makes; as
//! `cargo test` calls it, a tiny one.

#![allow(clippy::disallowed_methods, reason = "a benchmark is a program of its own, outside of the floors")]
#![allow(clippy::print_stdout, reason = "its table is what it is for")]

#[path = "generator.rs"]
mod generator;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use callboard::base::mermaid::Refusal as Undrawn;
use callboard::model::extensions::Extensions;
use callboard::model::file::FileId;
use callboard::parse::markdown::snippets::Refusal;
use callboard::parse::markdown::{self, Draw, Flavour, MarkdownOptions, Stage};
use pulldown_cmark::{Options, Parser, html};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_bench = arguments.iter().any(|argument| argument == "--bench");
    let folder = arguments.iter().find(|argument| !argument.starts_with("--"));
    let texts = match folder {
        Some(folder) => pages_below(Path::new(folder)),
        None => generated(if is_bench { 1000 } else { 2 }),
    };
    let n_runs = if is_bench { 7 } else { 1 };
    let n_bytes: usize = texts.iter().map(String::len).sum();
    println!("{} pages, {} kB, one thread, best of {n_runs}\n", texts.len(), n_bytes / 1000);
    let floor = best(n_runs, || texts.iter().map(|text| floor(text)).sum());
    row("floor-parse: pulldown-cmark alone", floor, floor, texts.len());
    let bare = options(&[], false, false);
    let chain = best(n_runs, || texts.iter().map(|text| chain(text, &bare)).sum());
    row("whole chain, no colours, no search text", chain, floor, texts.len());
    for (stage, time) in stages(&texts, &bare, n_runs) {
        row(stage, time, floor, texts.len());
    }
    let with_text = options(&[], false, true);
    let time = best(n_runs, || texts.iter().map(|text| self::chain(text, &with_text)).sum());
    row("with the text for search", time, floor, texts.len());
    let coloured = options(&[], true, true);
    let time = best(n_runs, || texts.iter().map(|text| self::chain(text, &coloured)).sum());
    row("and with colours", time, floor, texts.len());
}

static EXTENSIONS: Extensions = Extensions::NONE;

fn options(hosts: &'static [String], highlight: bool, text: bool) -> MarkdownOptions<'static> {
    MarkdownOptions {
        flavour: Flavour::TechDocs,
        highlight,
        text,
        remote_images: hosts,
        extensions: &EXTENSIONS,
        mdx: false,
        // The chain is measured, not what draws.
        draw: Draw { tools: &[], draw: &|_, _| Err(Undrawn { reason: String::new(), line_idx: None }) },
    }
}

fn row(name: &str, time: Duration, floor: Duration, n_pages: usize) {
    let each = time.as_secs_f64() * 1e6 / n_pages.max(1) as f64;
    let ratio = time.as_secs_f64() / floor.as_secs_f64().max(f64::EPSILON);
    println!("{name:<44} {each:8.1} µs a page {ratio:6.2}x");
}

fn best(n_runs: usize, work: impl Fn() -> usize) -> Duration {
    let run = || {
        let start = Instant::now();
        assert!(work() > 0, "the compiler keeps the work");
        start.elapsed()
    };
    (0..n_runs).map(|_| run()).min().unwrap_or_default()
}

fn floor(text: &str) -> usize {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let mut page = String::with_capacity(text.len() * 2);
    html::push_html(&mut page, Parser::new_ext(text, options));
    page.len()
}

fn chain(text: &str, options: &MarkdownOptions) -> usize {
    let doc = markdown::doc(FileId(0), text.as_bytes(), options, &|_| Err(Refusal::NotFound));
    doc.body.get().len()
}

/// Returns the least time of each stage over all pages.
fn stages(texts: &[String], options: &MarkdownOptions, n_runs: usize) -> Vec<(&'static str, Duration)> {
    let mut least: BTreeMap<Stage, Duration> = BTreeMap::new();
    for _ in 0..n_runs {
        let mut times: BTreeMap<Stage, Duration> = BTreeMap::new();
        for text in texts {
            let mut last = Instant::now();
            let mut on_stage = |stage: Stage| {
                *times.entry(stage).or_default() += last.elapsed();
                last = Instant::now();
            };
            let nothing = |_: &str| Err(Refusal::NotFound);
            markdown::doc_by_stages(FileId(0), text.as_bytes(), options, &nothing, &mut on_stage);
        }
        for (stage, time) in times {
            let known = least.entry(stage).or_insert(time);
            *known = time.min(*known);
        }
    }
    let name = |stage: &Stage| match stage {
        Stage::Source => "  source: decoding, front matter, snippets",
        Stage::Prepass => "  pre-pass",
        Stage::Writer => "  parse and writer",
        Stage::Pieces => "  sanitiser and pieces",
    };
    least.iter().map(|(stage, time)| (name(stage), *time)).collect()
}

fn generated(n_pages: usize) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let size = generator::Size { n_repos: 1, n_pages_each: n_pages };
    let pages = generator::write_portal(folder.path(), size);
    assert_eq!(pages.len(), size.n_pages(), "the generator writes what it says");
    pages.iter().map(|page| std::fs::read_to_string(page).expect("the page was just made")).collect()
}

fn pages_below(folder: &Path) -> Vec<String> {
    let mut paths: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    paths.sort();
    paths.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}
