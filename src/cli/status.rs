//! The status line of long work, which also knows when each part began.

use std::io::Write as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::base::spans::Span;

use super::timings;

/// One line on standard error that tells how far the work is. It shows
/// on a terminal only, and is gone when the work is done.
pub(crate) struct Status {
    shows: bool,
    state: Mutex<State>,
}

struct State {
    /// When the line was last drawn.
    drawn: Option<Instant>,
    /// The parts so far and when each began.
    parts: Vec<(&'static str, Duration)>,
}

/// How often the line is drawn at most.
const REDRAW_MS: u64 = 80;

impl Status {
    /// Returns a line that shows, or only measures.
    pub(crate) fn new(shows: bool) -> Self {
        Status { shows, state: Mutex::new(State { drawn: None, parts: Vec::new() }) }
    }

    /// Begins a part of the work.
    pub(crate) fn begin(&self, part: &'static str) {
        let mut state = self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        state.parts.push((part, timings::clock()));
    }

    /// Draws the line anew, if enough time has passed. Never waits for
    /// another thread that draws.
    pub(crate) fn draw(&self, text: &str) {
        if !self.shows {
            return;
        }
        let Ok(mut state) = self.state.try_lock() else { return };
        if state.drawn.is_some_and(|drawn| drawn.elapsed() < Duration::from_millis(REDRAW_MS)) {
            return;
        }
        state.drawn = Some(Instant::now());
        let mut out = anstream::stderr().lock();
        let _closed = write!(out, "\r\x1b[2K{text}").and_then(|()| out.flush());
    }

    /// Removes the line.
    pub(crate) fn clear(&self) {
        let state = self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if self.shows && state.drawn.is_some() {
            let mut out = anstream::stderr().lock();
            let _closed = write!(out, "\r\x1b[2K").and_then(|()| out.flush());
        }
    }

    /// Returns the parts so far, as spans of [`timings::clock`].
    pub(crate) fn parts(&self) -> Vec<Span> {
        let state = self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let ends = state.parts.iter().skip(1).map(|(_, began)| *began).chain([timings::clock()]);
        let parts = state.parts.iter().zip(ends);
        let span = |((part, began), ended): (&(&'static str, Duration), Duration)| Span {
            room: "room",
            name: part.to_string(),
            thread: 0,
            began: *began,
            took: ended.saturating_sub(*began),
        };
        parts.map(span).collect()
    }
}
