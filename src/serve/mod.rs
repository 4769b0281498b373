//! Serve: watches the sources, keeps the last good site in memory and
//! answers HTTP on loopback. Routes come from the built site's table,
//! never from the disk.

pub mod watch;

mod announced;
mod events;
mod http;
mod listen;
mod live;
mod partial;
mod poll;
mod sift;
mod wire;

#[cfg(test)]
mod socket_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod watch_tests;

use std::collections::BTreeSet;
use std::net::{SocketAddr, TcpListener};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use serde::Serialize;

use crate::model::failure::Failure;
use crate::model::site_path::SitePath;

use announced::Announced;
use events::Hub;
use http::{Answer, Gate};
use listen::{Connection, Connections, Doing};
use watch::{Watch, Watched};
use wire::{Incoming, TIMES, Times, Wire};

/// How many pages are made at the same time.
const N_WORKERS: usize = 8;
/// As for the workers of `base::par`: pages are rendered here too.
const STACK_BYTES: usize = 16 << 20;
/// How soon a signal is heeded.
const PATIENCE: Duration = Duration::from_millis(100);

/// How to serve.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The address to listen on, as it was given; default `127.0.0.1`.
    pub hostname: String,
    /// `None` takes the first free port from 3000 on.
    pub port: Option<u16>,
    /// Further names that `Host` may have.
    pub allowed_hosts: Vec<String>,
    /// What to watch before the first site tells.
    pub watched: Watched,
    /// Folders whose changes never count: output, cache.
    pub skip: Vec<PathBuf>,
}

/// Makes the bytes of one file of a site.
pub type Bytes = Box<dyn Fn(usize) -> Result<Vec<u8>, Failure> + Send + Sync>;
/// Plans the files of a site: sorted, each once.
pub type Paths = Box<dyn Fn() -> Arc<[SitePath]> + Send + Sync>;
/// Makes the bytes of a file that the table lacks, if it is one.
pub type Late = Box<dyn Fn(&str) -> Option<Result<Vec<u8>, Failure>> + Send + Sync>;
/// Numbers of some files.
pub type Samples = Box<dyn Fn() -> Vec<usize> + Send + Sync>;
/// Tells what went wrong with the files that were made so far.
pub type Troubles = Box<dyn Fn() -> Vec<Problem> + Send + Sync>;

/// A site in memory: the table of its files, each made when it is asked
/// for.
pub struct ServedSite {
    /// Asked for the table of files when the first of them is wanted.
    pub paths: Paths,
    /// Makes the bytes of `paths()[n]`.
    pub bytes: Bytes,
    /// Files that are dear to plan, and seldom asked for.
    pub late: Late,
    pub troubles: Troubles,
    /// Tells what is made at once, to see whether it can be.
    pub samples: Samples,
    /// The page that the last change is about, for browsers that follow:
    /// a path of the site.
    pub navigate: Option<String>,
    /// The policy that the pages name in their heads.
    pub content_security_policy: String,
    pub problems: Vec<Problem>,
    pub watched: Watched,
}

/// A problem as the browser shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// `error`, `warning` or `info`.
    pub severity: String,
    pub code: Option<String>,
    pub message: String,
    /// Repository and path.
    pub file: Option<String>,
    pub line: Option<u32>,
    pub column: Option<u32>,
    /// The lines in question, as they are in the file.
    pub excerpt: Option<String>,
    pub help: Option<String>,
}

/// What happened, for whoever prints it.
#[derive(Debug)]
pub enum Event<'e> {
    /// The first site stands.
    Ready { url: &'e str },
    /// Files have changed; a build begins. Some of the paths.
    Changed { paths: &'e [PathBuf] },
    /// The new site stands, or the old one that needs no change.
    Rebuilt,
    /// Files that were made meanwhile had problems.
    Troubled { problems: &'e [Problem] },
    /// The build failed; the old site stands.
    Failed { failure: &'e Failure },
    /// The system sends no events, so files are looked at again and again.
    Polling { because: &'e str },
}

/// Makes the site from what the disk holds now; `None` if it is as it
/// was. Given are the paths at which anything has changed since the last
/// site that was made, unless nobody knows.
pub type Rebuild<'r> = &'r dyn Fn(Option<&[PathBuf]>) -> Result<Option<ServedSite>, Failure>;

/// What all connections share.
struct State {
    gate: Gate,
    hub: Hub,
    /// The site that stands.
    site: Mutex<Option<Arc<ServedSite>>>,
    /// The first site stands.
    stands: Condvar,
    connections: Arc<Connections>,
    workers: Sender<Job>,
}

/// Something that needs a deep stack.
type Job = Box<dyn FnOnce() + Send>;

/// Serves until `signal` holds the number of a signal, then returns that
/// the command was interrupted. The first build must succeed; when a
/// later one fails, the last good site is kept.
pub fn serve(
    options: &ServeOptions,
    rebuild: Rebuild<'_>,
    report: &dyn Fn(Event<'_>),
    signal: &AtomicU8,
) -> Result<(), Failure> {
    let listener = listen::bind(options)?;
    let address = listener.local_addr().map_err(|error| Failure::environment(error.to_string()))?;
    let gate = Gate { hostname: options.hostname.clone(), allowed_hosts: options.allowed_hosts.clone() };
    let state = answering(listener, gate, TIMES)?;
    let _ending = Ending { state: &state, address };
    run(options, rebuild, report, signal, &state, &url(&options.hostname, address))
}

/// Starts to answer; whoever asks before a site stands waits for it.
fn answering(listener: TcpListener, gate: Gate, times: Times) -> Result<Arc<State>, Failure> {
    let no_thread = |error| Failure::environment(format!("cannot start a thread: {error}"));
    let (workers, jobs) = channel();
    let jobs = Arc::new(Mutex::new(jobs));
    for _ in 0..N_WORKERS {
        let jobs = Arc::clone(&jobs);
        let worker = thread::Builder::new().stack_size(STACK_BYTES);
        worker.spawn(move || work(&jobs)).map_err(no_thread)?;
    }
    let state = Arc::new(State {
        gate,
        hub: Hub::default(),
        site: Mutex::new(None),
        stands: Condvar::new(),
        connections: Arc::default(),
        workers,
    });
    let (connections, shared) = (Arc::clone(&state.connections), Arc::clone(&state));
    let accept = move || {
        listen::accept(&listener, &connections, move |connection| converse(connection, &shared, times));
    };
    thread::Builder::new().spawn(accept).map_err(no_thread)?;
    Ok(state)
}

/// Ends all connections when it is dropped, whatever the reason.
struct Ending<'s> {
    state: &'s State,
    address: SocketAddr,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.state.hub.close();
        self.state.connections.close(self.address);
    }
}

/// Builds, and builds again on each change.
fn run(
    options: &ServeOptions,
    rebuild: Rebuild<'_>,
    report: &dyn Fn(Event<'_>),
    signal: &AtomicU8,
    state: &State,
    url: &str,
) -> Result<(), Failure> {
    let mut watch = start_watch(&options.watched, options, report);
    let Some(site) = rebuild(None)? else { return Err(Failure::environment("there is no site")) };
    let mut announced = Announced::new(state, state.stand(site));
    report(Event::Ready { url });
    let mut changes = Changes::default();
    loop {
        if announced.site.watched != watch.watched {
            changes.paths.extend(rewatch(&mut watch, &announced.site.watched, options, report));
        }
        let batch = watch.changes(if changes.paths.is_empty() { PATIENCE } else { Duration::ZERO });
        match signal.load(Ordering::Relaxed) {
            0 => {}
            signal => return Err(Failure::interrupted(signal)),
        }
        announced.say_troubles(report);
        if !batch.paths.is_empty() {
            report(Event::Changed { paths: &batch.paths });
        } else if changes.paths.is_empty() || changes.are_tried {
            continue;
        }
        if batch.is_incomplete {
            // Before the build, so that no change falls in between.
            changes.paths.extend(rewatch(&mut watch, &announced.site.watched, options, report));
        }
        changes.add(batch);
        let since = changes.since_last_site();
        match rebuild(since.as_deref()) {
            Ok(new) => {
                announced.say_site(new.map(|new| state.stand(new)), &changes);
                report(Event::Rebuilt);
                changes = Changes::default();
            }
            Err(failure) => {
                announced.say_failure(&failure);
                report(Event::Failed { failure: &failure });
                changes.are_tried = true;
            }
        }
    }
}

/// Watches something else, and returns what may have changed in between:
/// what the old watch has still told, and all that it knew nothing of.
fn rewatch(
    watch: &mut Watch,
    wanted: &Watched,
    options: &ServeOptions,
    report: &dyn Fn(Event<'_>),
) -> Vec<PathBuf> {
    let mut old = std::mem::replace(watch, start_watch(wanted, options, report));
    // The system may still have something to tell it.
    let mut missed = old.changes(PATIENCE).paths;
    let was_watched = |folder: &PathBuf| old.watched.folders.iter().any(|above| folder.starts_with(above));
    missed.extend(wanted.folders.iter().filter(|folder| !was_watched(folder)).cloned());
    missed
}

/// What has changed since the last site that could be made.
#[derive(Default)]
struct Changes {
    paths: BTreeSet<PathBuf>,
    /// Whether something may have changed that no path tells of.
    is_incomplete: bool,
    /// Whether no site could be made of them.
    are_tried: bool,
}

impl Changes {
    fn add(&mut self, batch: watch::Batch) {
        self.is_incomplete |=
            batch.is_incomplete || batch.paths.iter().any(|path| path.as_os_str().is_empty());
        self.paths.extend(batch.paths);
    }

    fn since_last_site(&self) -> Option<Vec<PathBuf>> {
        (!self.is_incomplete).then(|| self.paths.iter().cloned().collect())
    }
}

fn start_watch(watched: &Watched, options: &ServeOptions, report: &dyn Fn(Event<'_>)) -> Watch {
    let watch = watch::watch(watched, &options.skip);
    if let Some(because) = &watch.polls_because {
        report(Event::Polling { because });
    }
    watch
}

impl State {
    /// Puts a site in the place of the last one.
    fn stand(&self, site: ServedSite) -> Arc<ServedSite> {
        let site = Arc::new(on_workers(site, self.workers.clone()));
        *self.site.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&site));
        self.stands.notify_all();
        site
    }

    /// Returns the site that stands; `None` if none does for now.
    fn site(&self, patience: Duration) -> Option<Arc<ServedSite>> {
        let standing = self.site.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.stands.wait_timeout_while(standing, patience, |standing| standing.is_none());
        waited.unwrap_or_else(PoisonError::into_inner).0.clone()
    }
}

/// Works through jobs until nobody can give any more.
fn work(jobs: &Mutex<Receiver<Job>>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(),
            Err(_) => return,
        }
    }
}

/// Returns a site whose pages are made by the workers: connections have
/// small stacks. A page that breaks the renderer costs itself only.
fn on_workers(site: ServedSite, workers: Sender<Job>) -> ServedSite {
    let (bytes, late, paths) = (Arc::new(site.bytes), Arc::new(site.late), Arc::new(site.paths));
    let (late_workers, path_workers) = (workers.clone(), workers.clone());
    let planned: OnceLock<Arc<[SitePath]>> = OnceLock::new();
    let plan = move || {
        let plan = || {
            let paths = Arc::clone(&paths);
            on_worker(&path_workers, move || paths()).unwrap_or_default()
        };
        Arc::clone(planned.get_or_init(plan))
    };
    let made = move |idx| {
        let bytes = Arc::clone(&bytes);
        on_worker(&workers, move || bytes(idx)).unwrap_or_else(|| Err(broken()))
    };
    let made_late = move |path: &str| {
        let (late, path) = (Arc::clone(&late), path.to_string());
        on_worker(&late_workers, move || late(&path)).unwrap_or_else(|| Some(Err(broken())))
    };
    ServedSite { paths: Box::new(plan), bytes: Box::new(made), late: Box::new(made_late), ..site }
}

/// Returns what a worker makes of something, unless it breaks.
fn on_worker<T: Send + 'static>(
    workers: &Sender<Job>,
    make: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = sync_channel(1);
    let job = move || {
        if let Ok(made) = catch_unwind(AssertUnwindSafe(make)) {
            let _the_reader_may_be_gone = sender.send(made);
        }
    };
    let _fails_with_the_answer = workers.send(Box::new(job));
    receiver.recv().ok()
}

fn broken() -> Failure {
    Failure::environment("the page broke the renderer, which is a mistake in Callboard")
}

/// Answers the requests of one connection, one after the other.
fn converse(connection: Connection, state: &State, times: Times) {
    let Ok(mut wire) = Wire::new(Arc::clone(&connection.stream), times) else { return };
    loop {
        let request = match wire.next() {
            Incoming::Request(request) => request,
            Incoming::Refused(status) => {
                let sent = wire.send(&http::refusal(status), true);
                return if sent.is_ok() {
                    wire.linger()
                };
            }
            Incoming::Nothing => return,
        };
        // Whoever asks before the first site stands waits for it.
        let site = loop {
            match state.site(PATIENCE) {
                Some(site) => break site,
                None if connection.now(Doing::Waiting) => {}
                None => return,
            }
        };
        if !connection.now(Doing::Served) {
            return;
        }
        let sent = match http::answer(&request, &state.gate, &site) {
            Answer::Whole(response) => {
                connection.now(Doing::Writing);
                wire.send(&response, request.is_last)
            }
            Answer::Events => {
                let _the_reader_has_gone = events::stream(&wire, &state.hub.listen());
                return;
            }
        };
        if sent.is_err() || !connection.now(Doing::Waiting) {
            return;
        }
        if request.is_last {
            return wire.linger();
        }
    }
}

/// Returns the URL to open. All addresses at once are none that a
/// browser can open.
fn url(hostname: &str, address: SocketAddr) -> String {
    let port = address.port();
    match address.ip() {
        ip if ip.is_unspecified() => format!("http://localhost:{port}/"),
        _ if hostname.contains(':') => format!("http://[{}]:{port}/", hostname.trim_matches(['[', ']'])),
        _ => format!("http://{hostname}:{port}/"),
    }
}
