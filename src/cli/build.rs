//! `callboard build` and `callboard check`.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::time::Instant;

use crate::base::memo::Memo;
use crate::base::par::{join, par_map};
use crate::base::spans;
use crate::base::world::World;
use crate::model::codes;
use crate::model::config::Config;
use crate::model::diagnostic::{self, Diagnostic, Severity};
use crate::model::failure::Failure;
use crate::model::file::Snapshot;
use crate::model::site::Site;
use crate::pipeline::records::Records;
use crate::pipeline::{self, Progress, Target};
use crate::render;
use crate::write;

use super::args::{Build, Check, Common, FailOn, Format, Reporting};
use super::environment::Environment;
use super::external;
use super::portal::{self, Opened};
use super::report::{self, Counts, selection};
use super::status::Status;
use super::timings;
use super::{Outcome, print, print_error};

/// Builds the site and writes it.
pub(crate) fn build(
    world: &dyn World,
    environment: &Environment,
    common: &Common,
    args: &Build,
    signal: &AtomicU8,
) -> Result<Outcome, Failure> {
    let began = Instant::now();
    timings::begin(&args.reporting);
    let status = Status::new(environment.shows_progress);
    let dest_dir = args.dest_dir.as_deref();
    let open = || {
        let opened = portal::open(world, environment, &args.portal.path, dest_dir, Some(&args.caching));
        opened.map(|opened| opened.asking(&args.asking))
    };
    let opened = open()?;
    let memo = Arc::clone(&opened.memo);
    let mut built = built(world, opened, &status, args, signal);
    if memo.is_broken() {
        // Nothing is in place yet, and a cache is only there to save
        // time: removed, it is not in the way of the second attempt.
        memo.save(world);
        memo.close();
        let mut opened = open()?;
        opened.notes.push(codes::output::cache_ignored(&opened.cache, "it is damaged"));
        built = self::built(world, opened, &status, args, signal);
    }
    if built.is_err() {
        memo.abandon(world);
    }
    let Built { site, output, diags } = built?;
    status.clear();

    let counts = show(world, environment, common, &args.reporting, &site.snapshot, &diags)?;
    timings::show(world, environment, &args.reporting, &status)?;
    if !common.quiet {
        let seconds = began.elapsed().as_secs_f64();
        print_error(&format!(
            "{} in {seconds:.2} s → {}\n",
            summary(&site, counts),
            environment.shown(&output)
        ));
    }
    // The process ends here; giving back each page first takes long.
    std::mem::forget(site);
    Ok(outcome(counts, args.fail_on))
}

/// A site that was written.
struct Built {
    site: Arc<Site>,
    output: PathBuf,
    diags: Vec<Diagnostic>,
}

fn built(
    world: &dyn World,
    mut opened: Opened,
    status: &Status,
    args: &Build,
    signal: &AtomicU8,
) -> Result<Built, Failure> {
    let (output, memo) = (opened.output.clone(), Arc::clone(&opened.memo));
    let mut notes = std::mem::take(&mut opened.notes);
    let (site, theme) = made(world, opened, status, pipeline::site_counted)?;
    let (site, theme) = (Arc::new(site), Arc::new(theme));
    let sources: Vec<_> = site.snapshot.sources().map(|id| site.snapshot.repo(id).root.clone()).collect();
    write::swap::refuse_unsafe(world, &output, &sources)?;

    status.begin("render");
    let outputs = render::outputs::outputs_with(&memo, &site, &theme);
    if let Some(path) = &args.explain {
        let records = Records::of(&memo, world, &outputs);
        print_error(&records.explanation(path)?);
    }
    let n_done = AtomicUsize::new(0);
    let on_file = |_: usize| {
        let done = n_done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(50) {
            status.draw(&format!("rendering {done} of {} files", outputs.paths.len()));
        }
    };
    let mode = if args.atomic { write::swap::Mode::Atomic } else { write::swap::Mode::InPlace };
    let mut diags = site.diagnostics.clone();
    let target = Target { output: &output, mode, signal, on_file: &on_file };
    pipeline::write(world, &memo, &outputs, &target, &mut diags)?;
    // The process is about to end, and gives back all of it at once.
    std::mem::forget(outputs);
    diags.append(&mut notes);
    diagnostic::sort(&mut diags);
    Ok(Built { site, output, diags })
}

/// Reports problems and writes nothing.
pub(crate) fn check(
    world: &dyn World,
    environment: &Environment,
    common: &Common,
    args: &Check,
) -> Result<Outcome, Failure> {
    let began = Instant::now();
    timings::begin(&args.reporting);
    let status = Status::new(environment.shows_progress);
    let mut opened = portal::open(world, environment, &args.portal.path, None, None)?;
    opened.config.is_offline = !args.external;
    // Nothing of it is ever a problem.
    opened.config.docs.history = false;
    let cache = portal::is_trusted(&opened.config).then(|| opened.cache.clone());
    let (site, theme) = site(world, opened, &status)?;
    let (site, theme) = (Arc::new(site), Arc::new(theme));
    let mut diags = site.diagnostics.clone();
    status.begin("render");
    diags.append(&mut rendered(world, &site, &theme)?);
    if args.external {
        status.begin("links");
        let allowed = &args.allow_host;
        diags.append(&mut external::diagnostics(world, &site, cache.as_deref(), allowed, &status));
    }
    diagnostic::sort(&mut diags);
    selection::of_repos(&site, &args.repo, &mut diags)?;
    selection::of_owners(&site, &args.owner, &mut diags)?;
    let n_known = match &args.baseline {
        Some(path) => {
            let absolute = environment.absolute(path);
            selection::without_baseline(world, &site, &absolute, &environment.shown(&absolute), &mut diags)?
        }
        None => 0,
    };
    status.clear();
    let counts = show(world, environment, common, &args.reporting, &site.snapshot, &diags)?;
    timings::show(world, environment, &args.reporting, &status)?;
    if !common.quiet {
        let seconds = began.elapsed().as_secs_f64();
        let known = match n_known {
            0 => String::new(),
            n_known => format!(", {} of the baseline left out", plural(n_known, "problem")),
        };
        print_error(&format!("{}{known} in {seconds:.2} s\n", summary(&site, counts)));
    }
    Ok(outcome(counts, args.fail_on))
}

/// Makes every file and keeps none; returns what went wrong with them,
/// such as errors of a template.
fn rendered(
    world: &dyn World,
    site: &Arc<Site>,
    theme: &Arc<render::theme::Theme>,
) -> Result<Vec<Diagnostic>, Failure> {
    let outputs = render::outputs::outputs(site, theme);
    let indices: Vec<usize> = (0..outputs.paths.len()).collect();
    let failed = par_map(&indices, |idx| {
        let path = || outputs.paths[*idx].to_string();
        spans::piece("render", path, || outputs.bytes(world, *idx).err())
    });
    match failed.into_iter().flatten().next() {
        Some(failure) => Err(failure),
        None => Ok(outputs.diagnostics()),
    }
}

/// Runs the pipeline and loads the theme.
pub(crate) fn site(
    world: &dyn World,
    opened: Opened,
    status: &Status,
) -> Result<(Site, render::theme::Theme), Failure> {
    made(world, opened, status, pipeline::site_with)
}

/// What makes a site.
type Make = fn(
    &dyn World,
    &Arc<Memo>,
    Config,
    &[PathBuf],
    Vec<Diagnostic>,
    &(dyn Fn(Progress) + Sync),
) -> Result<Site, Failure>;

fn made(
    world: &dyn World,
    opened: Opened,
    status: &Status,
    make: Make,
) -> Result<(Site, render::theme::Theme), Failure> {
    let Opened { config, diags, output, memo, notes: _, cache } = opened;
    let theme_config = config.theme.clone();
    let skip = portal::skipped(&config, &output, &cache);
    let on_progress = |progress: Progress| {
        let (part, text) = match progress {
            Progress::Discovering => ("discover", "looking for repositories".to_string()),
            Progress::Reading { n_repos, n_files } => {
                ("read", format!("reading {n_repos} repositories, {n_files} files"))
            }
            Progress::Parsing { n_pages } => ("docs", format!("reading {n_pages} pages")),
            Progress::Linking => ("link", "following links".to_string()),
        };
        status.begin(part);
        status.draw(&text);
    };
    // Neither knows of the other.
    let mut said_of_theme = Vec::new();
    let (theme, site) = join(
        || render::theme::theme(world, &theme_config, &mut said_of_theme),
        || make(world, &memo, config, &skip, diags, &on_progress),
    );
    let (theme, mut site) = (theme?, site?);
    if !said_of_theme.is_empty() {
        site.diagnostics.append(&mut said_of_theme);
        diagnostic::sort(&mut site.diagnostics);
    }
    Ok((site, theme))
}

/// Prints the diagnostics in the form asked for, and counts them.
pub(crate) fn show(
    world: &dyn World,
    environment: &Environment,
    common: &Common,
    reporting: &Reporting,
    snapshot: &Snapshot,
    diags: &[Diagnostic],
) -> Result<Counts, Failure> {
    let at_least = least_shown(common);
    let context = report::Context {
        world,
        snapshot,
        current_folder: &environment.current_folder,
        colored: environment.colored,
    };
    let text = report::report(&context, diags, reporting.format, at_least);
    match reporting.format {
        Format::Human => print_error(&text),
        Format::Json | Format::Github | Format::Gitlab | Format::Sarif | Format::Junit => print(&text)?,
    }
    Ok(report::counts(diags))
}

/// Returns how bad a diagnostic must be for people to be told of it.
pub(crate) fn least_shown(common: &Common) -> Severity {
    match (common.quiet, common.verbose) {
        (true, _) => Severity::Error,
        (_, true) => Severity::Info,
        _ => Severity::Warning,
    }
}

/// Returns the last line of a run, without the time.
pub(crate) fn summary(site: &Site, counts: Counts) -> String {
    let n_pages: usize = site.docs.iter().map(|docs| docs.pages.len()).sum();
    let n_problems = counts.n_errors + counts.n_warnings;
    let problems = match n_problems {
        0 => "no problems".to_string(),
        _ => format!("{} and {}", plural(counts.n_errors, "error"), plural(counts.n_warnings, "warning")),
    };
    let notes = match counts.n_infos {
        0 => String::new(),
        n_infos => format!(" ({}, shown with -v)", plural(n_infos, "note")),
    };
    format!(
        "{}, {}, {}, {problems}{notes}",
        plural_y(site.snapshot.sources().count(), "repositor"),
        plural_y(site.catalog.entities.len(), "entit"),
        plural(n_pages, "page"),
    )
}

fn plural(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

fn plural_y(n: usize, stem: &str) -> String {
    if n == 1 { format!("1 {stem}y") } else { format!("{n} {stem}ies") }
}

fn outcome(counts: Counts, fail_on: FailOn) -> Outcome {
    let fails = match fail_on {
        FailOn::Never => false,
        FailOn::Error => counts.n_errors > 0,
        FailOn::Warning => counts.n_errors + counts.n_warnings > 0,
    };
    if fails { Outcome::ProblemsFound } else { Outcome::Done }
}
