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
use crate::model::config::{self, Config, Source};
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::failure::{Failure, FailureKind};
use crate::model::file::Snapshot;
use crate::model::site::Site;
use crate::model::site_path::{SitePath, entity_folder};
use crate::pipeline;
use crate::pipeline::past::{Past, Since};
use crate::render::{self, outputs::Outputs, theme::Theme};
use crate::serve::{self, Event, Problem, ServeOptions, ServedSite, watch::Watched};

use super::args::{Common, Format, Serve};
use super::environment::Environment;
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
    let engine = Engine { environment, common, args, kept: RefCell::default() };
    let rebuild = |changed: Option<&[PathBuf]>| engine.site(changed);
    let on_event = |event: Event<'_>| match event {
        Event::Ready { url } => {
            engine.say_site();
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
        Event::Changed { .. } => {}
        Event::Rebuilt => engine.say_site(),
        Event::Troubled { problems } => problems.iter().for_each(say_problem),
        Event::Failed { failure } => super::print_failure(failure),
        Event::Polling { because } => {
            print_error(&format!("looking for changes every second: {because}\n"));
        }
    };
    match serve::serve(&options, &rebuild, &on_event, signal) {
        // Ctrl-C is how a person ends `serve`; nothing was cut short.
        Err(failure) if matches!(failure.kind, FailureKind::Interrupted(_)) => Ok(Outcome::Done),
        Err(failure) => Err(failure),
        Ok(()) => Ok(Outcome::Done),
    }
}

/// Makes one site after the other.
struct Engine<'e> {
    environment: &'e Environment,
    common: &'e Common,
    args: &'e Serve,
    kept: RefCell<Kept>,
}

/// What is kept from one site to the next.
#[derive(Default)]
struct Kept {
    past: Past,
    /// Where the pages of the first site lie; later ones stay in memory.
    memo: Option<Arc<Memo>>,
    theme: Option<KeptTheme>,
    /// The site that nobody has been told of, and how long it took.
    unsaid: Option<(Arc<Site>, f64)>,
    /// What was said last: what stays wrong is said once.
    said: Option<String>,
}

struct KeptTheme {
    config: config::Theme,
    theme: Arc<Theme>,
    diags: Vec<Diagnostic>,
}

impl Engine<'_> {
    /// Makes the site that follows the last one; `None` if it would be
    /// the same. `changed` is what has changed since, if that is known.
    fn site(&self, changed: Option<&[PathBuf]>) -> Result<Option<ServedSite>, Failure> {
        let began = Instant::now();
        let kept = &mut *self.kept.borrow_mut();
        let is_first = kept.memo.is_none();
        let is_broken = kept.memo.as_ref().is_some_and(|memo| memo.is_broken());
        if is_broken {
            // Somebody has damaged the cache; without it all is well.
            kept.past = Past::default();
            kept.memo = Some(Arc::default());
        }
        let caching = is_first.then_some(&self.args.caching);
        let opened = portal::open(&Disk, self.environment, &self.args.portal.path, None, caching)?;
        let mut opened = opened.asking(&self.args.asking);
        // The preview lies at the root of its address, wherever the
        // published site will.
        opened.config.portal.base_url = None;
        let cache = portal::cache_folder(&Disk, self.environment, &opened.config, &self.args.caching);
        let skip = portal::skipped(&opened.config, &opened.output, &cache);
        let templates = kept.theme.as_ref().map(|kept| kept.theme.key);
        let is_theme_kept = kept.keep_theme(&opened.config.theme, changed)?;
        let theme = kept.theme.as_ref().expect("it was put there");
        let mut diags = opened.diags;
        diags.extend(theme.diags.iter().cloned());
        let theme = Arc::clone(&theme.theme);
        let samples = if templates == Some(theme.key) { Samples::None } else { Samples::OneOfEach };

        let since = Since { past: &mut kept.past, changed: changed.filter(|_| !is_broken) };
        let memo = Arc::clone(&opened.memo);
        let site =
            pipeline::site_since(&Disk, &memo, opened.config, &skip, diags.clone(), Some(since), &|_| {})?;
        let site = Arc::new(site);
        if is_first {
            memo.save(&Disk);
            // From now on, `build` may have it.
            memo.close();
            kept.memo = Some(Arc::clone(&memo));
        }
        kept.unsaid = Some((Arc::clone(&site), began.elapsed().as_secs_f64()));
        if kept.past.is_as_before && is_theme_kept && !is_broken {
            return Ok(None);
        }
        let memo = kept.memo.clone().unwrap_or_default();
        let navigate = match changed {
            Some(changed) if self.args.navigate => page_of(&site, changed),
            _ => None,
        };
        let anew = Anew { skip, diags, outputs: OnceLock::new() };
        Ok(Some(ServedSite { navigate, ..served(memo, site, theme, anew, samples) }))
    }

    /// Prints what is new about the site that stands now.
    fn say_site(&self) {
        let kept = &mut *self.kept.borrow_mut();
        kept.past.outdated = None;
        let Some((site, seconds)) = kept.unsaid.take() else { return };
        let report = report(self.environment, self.common, &site);
        if kept.said.replace(report.clone()).as_ref() != Some(&report) {
            print_error(&report);
        }
        if !self.common.quiet {
            let counts = report::counts(&site.diagnostics);
            print_error(&format!("{} in {seconds:.3} s\n", build::summary(&site, counts)));
        }
    }
}

impl Kept {
    /// Loads the theme, and tells whether it is the one that was there.
    fn keep_theme(&mut self, config: &config::Theme, changed: Option<&[PathBuf]>) -> Result<bool, Failure> {
        let is_of_theme = |path: &PathBuf| {
            let files = [&config.logo, &config.favicon];
            config.dir.as_ref().is_some_and(|dir| path.starts_with(dir))
                || files.into_iter().flatten().any(|file| file == path)
        };
        let is_untouched = changed.is_some_and(|changed| !changed.iter().any(is_of_theme));
        if is_untouched && self.theme.as_ref().is_some_and(|kept| kept.config == *config) {
            return Ok(true);
        }
        let mut diags = Vec::new();
        let theme = Arc::new(render::theme::theme(&Disk, config, &mut diags)?);
        self.theme = Some(KeptTheme { config: config.clone(), theme, diags });
        Ok(false)
    }
}

/// Which pages are made to see whether templates work.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Samples {
    None,
    OneOfEach,
}

fn say_problem(problem: &Problem) {
    let help = problem.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    let text = format!("{}: {}{help}", problem.severity, problem.message);
    print_error(&format!("{}\n", report::printable_paragraphs(&text)));
}

/// Returns the page that the first of some changed files makes.
fn page_of(site: &Site, changed: &[PathBuf]) -> Option<String> {
    let folder = |path: &SitePath| path.as_str().trim_end_matches("index.html").to_string();
    let page = |path: &PathBuf| {
        let repo = site.snapshot.sources().find(|repo| path.starts_with(&site.snapshot.repo(*repo).root))?;
        let within = path.strip_prefix(&site.snapshot.repo(repo).root).ok()?.to_str()?;
        let file = site.snapshot.find(repo, &within.replace(std::path::MAIN_SEPARATOR, "/"))?;
        let plans = site.docs.iter().map(|docs| &docs.plan);
        let mut pages = plans.filter_map(|plan| {
            let at = plan.pages.binary_search_by_key(&file, |page| page.file).ok()?;
            Some(&plan.pages[at].path)
        });
        let entity = || site.catalog.entities.iter().find(|entity| entity.file == file);
        pages
            .next()
            .map(folder)
            .or_else(|| Some(folder(&SitePath::page(&entity_folder(&entity()?.entity_ref)))))
    };
    changed.iter().find_map(page)
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

fn served(memo: Arc<Memo>, site: Arc<Site>, theme: Arc<Theme>, anew: Anew, samples: Samples) -> ServedSite {
    // Planned once somebody asks, who has been told of the site by then.
    let planned: Arc<OnceLock<Arc<Outputs>>> = Arc::default();
    let (of_outputs, planned_theme, planned_site) =
        (Arc::clone(&planned), Arc::clone(&theme), Arc::clone(&site));
    let outputs = Arc::new(move || {
        let plan = || Arc::new(render::outputs::outputs_without_search(&planned_site, &planned_theme));
        Arc::clone(of_outputs.get_or_init(plan))
    });
    let (of_paths, of_samples) = (Arc::clone(&outputs), Arc::clone(&outputs));
    let whole = OnceLock::new();
    let anew = Arc::new(anew);
    let (late_memo, late_anew) = (Arc::clone(&memo), Arc::clone(&anew));
    ServedSite {
        paths: Box::new(move || Arc::clone(&of_paths().paths)),
        problems: problems(&site, &site.diagnostics),
        content_security_policy: render::shell::content_security_policy(&site.config),
        watched: watched(&site.config, Some(&site.snapshot)),
        troubles: Box::new(move || match planned.get() {
            Some(outputs) => problems(&outputs.site, &outputs.diagnostics()),
            None => Vec::new(),
        }),
        samples: Box::new(move || match samples {
            Samples::None => Vec::new(),
            Samples::OneOfEach => of_samples().one_of_each(),
        }),
        navigate: None,
        bytes: Box::new(move |idx| {
            let outputs = outputs();
            let bytes = outputs.bytes(&Disk, idx);
            if memo.is_broken() { bytes_anew(&anew, &outputs, outputs.paths[idx].as_str()) } else { bytes }
        }),
        // What the search reads is made once somebody searches.
        late: Box::new(move |path| {
            if !site.config.search.enable || !path.starts_with("search/") {
                return None;
            }
            let whole = whole.get_or_init(|| render::outputs::outputs(&site, &theme));
            let idx = whole.paths.binary_search_by(|own| own.as_str().cmp(path));
            let bytes = idx.map(|idx| whole.bytes(&Disk, idx));
            // The names in there are made of what the memo has lost.
            if late_memo.is_broken() { Some(bytes_anew(&late_anew, whole, path)) } else { bytes.ok() }
        }),
    }
}

/// Returns the bytes of a file from a site that was made without the
/// memo, which somebody has damaged.
fn bytes_anew(anew: &Anew, outputs: &Outputs, path: &str) -> Result<Vec<u8>, Failure> {
    let made = anew.outputs.get_or_init(|| {
        let (config, diags) = (outputs.site.config.clone(), anew.diags.clone());
        let site = pipeline::site(&Disk, config, &anew.skip, diags, &|_| {})?;
        Ok(render::outputs::outputs(&Arc::new(site), &outputs.theme))
    });
    let made = made.as_ref().map_err(Failure::clone)?;
    match made.paths.binary_search_by(|own| own.as_str().cmp(path)) {
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
fn problems(site: &Site, diags: &[Diagnostic]) -> Vec<Problem> {
    let context = report::Context {
        world: &Disk,
        snapshot: &site.snapshot,
        current_folder: &site.config.root,
        colored: false,
    };
    let mut excerpts = report::Excerpts { context: &context, read: None };
    let shown = diags.iter().filter(|diag| diag.severity() == Severity::Error);
    shown.take(200).map(|diag| problem(&site.snapshot, diag, &mut excerpts)).collect()
}

fn problem(snapshot: &Snapshot, diag: &Diagnostic, excerpts: &mut report::Excerpts<'_>) -> Problem {
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
        excerpt: diag.span.and_then(|span| excerpts.line(span)),
        help: diag.help.clone(),
    }
}
