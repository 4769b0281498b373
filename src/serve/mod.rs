//! Serve: watches the sources, keeps the last good site in memory and
//! answers HTTP on loopback. Routes come from the built site's table,
//! never from the disk.

pub mod watch;

mod events;
mod http;
mod listen;
mod live;

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;
use std::time::Duration;

use serde::Serialize;

use crate::model::failure::Failure;
use crate::model::site_path::SitePath;

use events::Hub;
use http::{Answer, Gate};
use listen::Client;
use watch::{Watch, Watched};

/// How many requests are answered at the same time.
const N_WORKERS: usize = 8;
/// As for the workers of `base::par`: pages are rendered here too.
const STACK_BYTES: usize = 16 << 20;
/// A longer body may outgrow the socket's buffer and wait for a slow
/// reader; it is written on a thread of its own.
const LONG_BODY_BYTES: usize = 64 << 10;
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

/// A site in memory: the table of its files, each made when it is asked
/// for.
pub struct ServedSite {
    /// Sorted, each once.
    pub paths: Vec<SitePath>,
    /// Makes the bytes of `paths[n]`.
    pub bytes: Bytes,
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
    /// The new site stands.
    Rebuilt,
    /// The build failed; the old site stands.
    Failed { failure: &'e Failure },
    /// The system sends no events, so files are read every two seconds.
    Polling { because: &'e str },
}

/// Makes the site anew from what the disk holds now.
pub type Rebuild<'r> = &'r dyn Fn() -> Result<ServedSite, Failure>;

/// What the workers share.
struct State {
    gate: Gate,
    hub: Hub,
    /// The site that stands, and the name of its generation.
    site: RwLock<Option<(Arc<ServedSite>, String)>>,
    is_over: AtomicBool,
}

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
    let server = listen::server(listener)?;
    let gate = Gate { hostname: options.hostname.clone(), allowed_hosts: options.allowed_hosts.clone() };
    let state = State { gate, hub: Hub::default(), site: RwLock::new(None), is_over: AtomicBool::new(false) };
    thread::scope(|scope| {
        let _ending = Ending { server: &server, state: &state };
        for _ in 0..N_WORKERS {
            let worker = thread::Builder::new().stack_size(STACK_BYTES);
            let spawned = worker.spawn_scoped(scope, || work(&server, &state));
            spawned.map_err(|error| Failure::environment(format!("cannot start a thread: {error}")))?;
        }
        run(options, rebuild, report, signal, &state, &url(&options.hostname, address))
    })
}

/// Sends the workers home when it is dropped, whatever the reason.
struct Ending<'s> {
    server: &'s tiny_http::Server,
    state: &'s State,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.state.is_over.store(true, Ordering::Relaxed);
        self.state.hub.close();
        (0..N_WORKERS).for_each(|_| self.server.unblock());
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
    let mut watched = options.watched.clone();
    let mut watch = start_watch(&watched, options, report);
    let mut site = Arc::new(rebuild()?);
    let mut known = site.problems.clone();
    let mut n_generations = 0;
    let mut generation = state.stand(&site, &mut n_generations);
    state.hub.publish(&live::standing(&generation, &[]));
    report(Event::Ready { url });
    loop {
        let mut changed = watch.changes(PATIENCE);
        match signal.load(Ordering::Relaxed) {
            0 => {}
            signal => return Err(Failure::interrupted(signal)),
        }
        if changed.paths.is_empty() && site.watched == watched {
            continue;
        }
        if changed.is_incomplete || site.watched != watched {
            // Before the build, so that no change falls in between.
            watched = site.watched.clone();
            let old = std::mem::replace(&mut watch, start_watch(&watched, options, report));
            changed.paths.extend(old.changes(Duration::ZERO).paths);
        }
        if changed.paths.is_empty() {
            continue;
        }
        report(Event::Changed { paths: &changed.paths });
        match rebuild() {
            Ok(new) => {
                site = Arc::new(new);
                let problems = live::fresh(&mut known, &site.problems);
                generation = state.stand(&site, &mut n_generations);
                state.hub.publish(&live::standing(&generation, &problems));
                report(Event::Rebuilt);
            }
            Err(failure) => {
                state.hub.publish(&live::failed(&generation, &failure));
                report(Event::Failed { failure: &failure });
            }
        }
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
    /// Puts a site in the place of the last one, and returns the name of
    /// its generation. It differs between runs too, so that a page that
    /// was open while the server was not loads again.
    fn stand(&self, site: &Arc<ServedSite>, n_generations: &mut usize) -> String {
        *n_generations += 1;
        let generation = format!("{}-{n_generations}", std::process::id());
        let mut standing = self.site.write().unwrap_or_else(PoisonError::into_inner);
        *standing = Some((Arc::clone(site), generation.clone()));
        generation
    }

    fn site(&self) -> Option<(Arc<ServedSite>, String)> {
        self.site.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Answers requests until the end.
fn work(server: &tiny_http::Server, state: &State) {
    while !state.is_over.load(Ordering::Relaxed) {
        if let Ok(request) = server.recv() {
            // A page that breaks the renderer costs its own answer only,
            // which the library then gives: 500.
            let _the_hook_has_told = catch_unwind(AssertUnwindSafe(|| answer(Box::new(request), state)));
        }
    }
}

fn answer(client: Box<dyn Client>, state: &State) {
    let request = client.request();
    // Whoever asks before the first site stands waits for it.
    let mut standing = state.site();
    while standing.is_none() && !state.is_over.load(Ordering::Relaxed) {
        thread::sleep(PATIENCE);
        standing = state.site();
    }
    let Some((site, generation)) = standing else { return };
    match http::answer(&request, &state.gate, &site, &generation) {
        Answer::Whole(response) if response.body.len() > LONG_BODY_BYTES => {
            let writer = client.writer();
            spawn(move || {
                let _the_reader_may_be_gone = listen::send(writer, &response);
            });
        }
        Answer::Whole(response) => {
            let _the_reader_may_be_gone = listen::send(client.writer(), &response);
        }
        Answer::Events => {
            let messages = state.hub.listen();
            let writer = client.writer();
            spawn(move || {
                let _the_reader_may_be_gone = events::stream(writer, &messages);
            });
        }
    }
}

/// Runs something that waits for a reader. Without a thread the answer
/// is dropped, and the browser asks again.
fn spawn(action: impl FnOnce() + Send + 'static) {
    let _dropped_with_the_answer = thread::Builder::new().stack_size(256 << 10).spawn(action);
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
