//! How long pieces of work take, for `--timings` and `--trace`. As long
//! as nobody asks, a piece costs one look at a flag. The clock is not
//! read here: who asks hands it in.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use super::par;

/// A piece of work that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The room it was done in.
    pub room: &'static str,
    /// What was worked on.
    pub name: String,
    /// 0 for the main thread.
    pub thread: usize,
    /// Since the clock began.
    pub began: Duration,
    pub took: Duration,
}

static CLOCK: OnceLock<fn() -> Duration> = OnceLock::new();
static SPANS: Mutex<Vec<Span>> = Mutex::new(Vec::new());

/// Measures from now on, by a clock that only goes forward.
pub fn measure_with(clock: fn() -> Duration) {
    let _first_clock_counts = CLOCK.set(clock);
}

/// Does a piece of work. Its name is asked for only if it is measured.
pub fn piece<T>(room: &'static str, name: impl FnOnce() -> String, work: impl FnOnce() -> T) -> T {
    let Some(clock) = CLOCK.get() else { return work() };
    let began = clock();
    let done = work();
    let took = clock().saturating_sub(began);
    let span = Span { room, name: name(), thread: par::thread_number(), began, took };
    SPANS.lock().unwrap_or_else(PoisonError::into_inner).push(span);
    done
}

/// Returns all that was measured, in the order in which it began.
pub fn taken() -> Vec<Span> {
    let mut spans = std::mem::take(&mut *SPANS.lock().unwrap_or_else(PoisonError::into_inner));
    spans.sort_by(|a, b| (a.began, a.thread, &a.name).cmp(&(b.began, b.thread, &b.name)));
    spans
}
