//! `callboard serve`: the pipeline again on every change, and pages when
//! a browser asks for them.

use std::cell::RefCell;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::atomic::AtomicU8;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use crate::base::disk::Disk;
use crate::base::memo::Memo;
use crate::base::text::Lines;
use crate::base::world::World;
use crate::model::config::{Config, Source};
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::failure::{Failure, FailureKind};
use crate::model::file::Snapshot;
use crate::model::site::Site;
use crate::pipeline;
use crate::render::{self, outputs::Outputs};
use crate::serve::{self, Event, Problem, ServeOptions, ServedSite, watch::Watched};

use super::args::{Common, Format, Serve};
use super::environment::Environment;
use super::status::Status;
use super::{Outcome, build, portal, print_error, report};

/// Builds the site, serves it and follows changes.
pub(crate) fn serve(
    environment: &Environment,
    common: &Common,
    args: &Serve,
    signal: &AtomicU8,
) -> Result<Outcome, Failure> {
    let opened = portal::open(&Disk, environment, &args.portal.path, None, None)?;
    let cache = portal::cache_folder(&Disk, environment, &opened.config, &args.caching);
    let options = ServeOptions {
        hostname: args.hostname.clone(),
        port: args.port,
        allowed_hosts: args.allowed_host.clone(),
        watched: watched(&opened.config, None),
        skip: portal::skipped(&opened.config, &opened.output, &cache),
    };
    // What stays wrong is said once.
    let said: RefCell<Option<String>> = RefCell::new(None);
    let rebuild = || {
        let began = Instant::now();
        let mut opened = portal::open(&Disk, environment, &args.portal.path, None, Some(&args.caching))?;
        // The preview lies at the root of its address, wherever the
        // published site will.
        opened.config.portal.base_url = None;
        let memo = Arc::clone(&opened.memo);
        let anew = Anew {
            skip: portal::skipped(&opened.config, &opened.output, &opened.cache),
            diags: opened.diags.clone(),
            outputs: OnceLock::new(),
        };
        let (site, theme) = build::site(&Disk, opened, &Status::new(false))?;
        let report = report(environment, common, &site);
        if said.borrow_mut().replace(report.clone()).as_ref() != Some(&report) {
            print_error(&report);
        }
        if !common.quiet {
            let counts = report::counts(&site.diagnostics);
            let seconds = began.elapsed().as_secs_f64();
            print_error(&format!("{} in {seconds:.2} s\n", build::summary(&site, counts)));
        }
        Ok(served(memo, Arc::new(site), Arc::new(theme), anew))
    };
    let on_event = |event: Event<'_>| match event {
        Event::Ready { url } => {
            print_error(&format!("serving {url} (Ctrl-C stops)\n"));
            if !is_loopback(&args.hostname) {
                print_error("whoever reaches this machine can read the whole portal, drafts included\n");
            }
            if args.open && opener::open(url).is_err() {
                print_error("no browser could be opened\n");
            }
        }
        Event::Changed { paths } if !common.quiet => {
            let first = paths.first().map(|path| environment.shown(path)).unwrap_or_default();
            let more = paths.len().saturating_sub(1);
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            print_error(&format!("changed: {first}{more}\n"));
        }
        Event::Changed { .. } | Event::Rebuilt => {}
        Event::Failed { failure } => super::print_failure(failure),
        Event::Polling { because } => {
            print_error(&format!("watching by reading the files every two seconds: {because}\n"));
        }
    };
    match serve::serve(&options, &rebuild, &on_event, signal) {
        // Ctrl-C is how a person ends `serve`; nothing was cut short.
        Err(failure) if matches!(failure.kind, FailureKind::Interrupted(_)) => Ok(Outcome::Done),
        Err(failure) => Err(failure),
        Ok(()) => Ok(Outcome::Done),
    }
}

/// Returns the diagnostics of a site for the terminal.
fn report(environment: &Environment, common: &Common, site: &Site) -> String {
    let context = report::Context {
        world: &Disk,
        snapshot: &site.snapshot,
        current_folder: &environment.current_folder,
        colored: environment.colored,
    };
    report::report(&context, &site.diagnostics, Format::Human, build::least_shown(common))
}

/// Tells whether only this machine can ask at an address.
fn is_loopback(hostname: &str) -> bool {
    let name = hostname.trim_matches(['[', ']']);
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// What making a site without the memo needs.
struct Anew {
    skip: Vec<PathBuf>,
    diags: Vec<Diagnostic>,
    outputs: OnceLock<Result<Outputs, Failure>>,
}

fn served(memo: Arc<Memo>, site: Arc<Site>, theme: Arc<render::theme::Theme>, anew: Anew) -> ServedSite {
    let outputs = render::outputs::outputs_with(&memo, &site, &theme);
    memo.save(&Disk);
    // Between two rebuilds, `build` may have it.
    memo.close();
    let policy = render::shell::content_security_policy(&site.config);
    ServedSite {
        paths: outputs.paths.clone(),
        problems: problems(&site),
        content_security_policy: policy,
        watched: watched(&site.config, Some(&site.snapshot)),
        bytes: Box::new(move |idx| {
            let bytes = outputs.bytes(&Disk, idx);
            if memo.is_broken() { bytes_anew(&anew, &outputs, idx) } else { bytes }
        }),
    }
}

/// Returns the bytes of a file from a site that was made without the
/// memo, which somebody has damaged.
fn bytes_anew(anew: &Anew, outputs: &Outputs, idx: usize) -> Result<Vec<u8>, Failure> {
    let made = anew.outputs.get_or_init(|| {
        let (config, diags) = (outputs.site.config.clone(), anew.diags.clone());
        let site = pipeline::site(&Disk, config, &anew.skip, diags, &|_| {})?;
        Ok(render::outputs::outputs(&Arc::new(site), &outputs.theme))
    });
    let made = made.as_ref().map_err(Failure::clone)?;
    let path = &outputs.paths[idx];
    match made.paths.binary_search(path) {
        Ok(idx) => made.bytes(&Disk, idx),
        Err(_) => Err(Failure::environment(format!("`{path}` is gone"))),
    }
}

/// Returns what has to be watched: everything that a build reads. A
/// source whose folder is still missing is looked for in the folder
/// above it.
fn watched(config: &Config, snapshot: Option<&Snapshot>) -> Watched {
    let mut watched = Watched::default();
    match snapshot {
        Some(snapshot) => {
            watched.folders.extend(snapshot.sources().map(|repo| snapshot.repo(repo).root.clone()));
        }
        None => watched.folders.push(config.root.clone()),
    }
    watched.folders.extend(config.theme.dir.clone());
    watched.files.push(config.root.join("book.toml"));
    watched.files.extend(
        [&config.portal.home, &config.theme.logo, &config.theme.favicon].into_iter().flatten().cloned(),
    );
    watched.parents.push(config.root.clone());
    watched.parents.extend(config.sources.iter().filter_map(parent));
    for paths in [&mut watched.folders, &mut watched.files, &mut watched.parents] {
        paths.sort();
        paths.dedup();
    }
    watched
}

/// Returns the folder in which a source's repositories appear and
/// vanish: the last one before a pattern, or the one above the source.
fn parent(source: &Source) -> Option<PathBuf> {
    let is_pattern = |part: &std::ffi::OsStr| part.to_string_lossy().contains(['*', '?', '[', '{']);
    let fixed: PathBuf = source.path.iter().take_while(|part| !is_pattern(part)).collect();
    if fixed == source.path { source.path.parent().map(PathBuf::from) } else { Some(fixed) }
}

/// Returns errors as the browser shows them.
fn problems(site: &Site) -> Vec<Problem> {
    let mut read = None;
    let shown = site.diagnostics.iter().filter(|diag| diag.severity() == Severity::Error);
    shown.take(200).map(|diag| problem(&site.snapshot, diag, &mut read)).collect()
}

type ReadText = Option<(crate::model::file::FileId, Option<String>)>;

fn problem(snapshot: &Snapshot, diag: &Diagnostic, read: &mut ReadText) -> Problem {
    let file = diag.span.map(|span| {
        let (repo, file) = (snapshot.repo_of(span.file), snapshot.file(span.file));
        if repo.name.is_empty() { file.path.to_string() } else { format!("{}/{}", repo.name, file.path) }
    });
    Problem {
        severity: diag.severity().name().to_string(),
        code: Some(diag.code.id.to_string()),
        message: diag.message.clone(),
        file,
        line: diag.span.map(|span| span.line),
        column: diag.span.map(|span| span.column),
        excerpt: excerpt(snapshot, diag, read),
        help: diag.help.clone(),
    }
}

/// Returns the line of a diagnostic, with a caret below its column.
fn excerpt(snapshot: &Snapshot, diag: &Diagnostic, read: &mut ReadText) -> Option<String> {
    let span = diag.span?;
    if read.as_ref().is_none_or(|(file, _)| *file != span.file) {
        let bytes = Disk.read(&snapshot.absolute(span.file)).ok();
        *read = Some((span.file, bytes.and_then(|bytes| String::from_utf8(bytes).ok())));
    }
    let text = read.as_ref()?.1.as_deref()?;
    let lines = Lines::new(text);
    let line = text.get(lines.offset(span.line)..lines.offset(span.line + 1))?.trim_end();
    let is_short = line.len() <= 400 && (span.column as usize) <= 400;
    is_short.then(|| format!("{line}\n{}^", " ".repeat(span.column as usize - 1)))
}
