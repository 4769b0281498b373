//! What the browsers have been told: which generation of the site stands,
//! and what is wrong with it.

use std::path::Path;
use std::sync::Arc;
use std::thread;

use crate::model::failure::Failure;

use super::{Changes, Event, Problem, ServedSite, State, http, live};

/// What the browsers have been told.
pub(super) struct Announced<'s> {
    state: &'s State,
    pub(super) site: Arc<ServedSite>,
    n_generations: usize,
    generation: String,
    /// The last generation with other pictures.
    media: String,
    /// Problems that were there before anybody typed.
    known: Vec<Problem>,
    /// What was wrong with files that were made.
    troubles: Vec<Problem>,
    /// Whether the last change could not be built.
    is_stale: bool,
}

impl<'s> Announced<'s> {
    pub(super) fn new(state: &'s State, site: Arc<ServedSite>) -> Self {
        let (generation, known) = (name_of_generation(1), site.problems.clone());
        let media = generation.clone();
        let troubles = Vec::new();
        let announced =
            Announced { state, site, n_generations: 1, generation, media, known, troubles, is_stale: false };
        state.hub.publish(&live::standing(&announced.generation, &announced.media, None, &[]));
        announced.make_samples();
        announced
    }

    /// Tells of a new site, or that the old one is still right.
    pub(super) fn say_site(&mut self, new: Option<Arc<ServedSite>>, changes: &Changes) {
        let is_new = new.is_some();
        let mut old = None;
        if let Some(site) = new {
            old = Some(std::mem::replace(&mut self.site, site));
            self.n_generations += 1;
            self.generation = name_of_generation(self.n_generations);
            self.troubles.clear();
            if changes.paths.iter().any(|path| is_media(path)) {
                self.media.clone_from(&self.generation);
            }
        }
        if is_new || self.is_stale {
            self.is_stale = false;
            self.publish(self.site.navigate.as_deref().filter(|_| is_new).map(str::to_string));
        }
        if is_new {
            self.make_samples();
        }
        // Giving back its memory takes longer than a page.
        let _goes_here_if_not_there = self.state.workers.send(Box::new(move || drop(old)));
    }

    /// Plans the files and makes some pages, once whoever waits for one
    /// has been told.
    fn make_samples(&self) {
        let site = Arc::clone(&self.site);
        let make = move || {
            (site.paths)();
            (site.samples)().into_iter().for_each(|idx| drop((site.bytes)(idx)));
        };
        let _no_thread = thread::Builder::new().spawn(make);
    }

    /// Tells of files that could not be made as they should be.
    pub(super) fn say_troubles(&mut self, report: &dyn Fn(Event<'_>)) {
        let troubles = (self.site.troubles)();
        if troubles == self.troubles {
            return;
        }
        let new: Vec<Problem> =
            troubles.iter().filter(|trouble| !self.troubles.contains(trouble)).cloned().collect();
        self.troubles = troubles;
        report(Event::Troubled { problems: &new });
        if !self.is_stale {
            self.publish(None);
        }
    }

    fn publish(&mut self, navigate: Option<String>) {
        let now: Vec<Problem> = self.site.problems.iter().chain(&self.troubles).cloned().collect();
        let fresh = live::fresh(&mut self.known, &now);
        let message = live::standing(&self.generation, &self.media, navigate.as_deref(), &fresh);
        self.state.hub.publish(&message);
    }

    pub(super) fn say_failure(&mut self, failure: &Failure) {
        self.is_stale = true;
        self.state.hub.publish(&live::failed(&self.generation, &self.media, failure));
    }
}

/// Returns the name of a generation. It differs between runs, so that a
/// page that was open while the server was not looks whether it changed.
fn name_of_generation(n_generations: usize) -> String {
    format!("{}-{n_generations}", std::process::id())
}

/// Tells whether a file may be a picture or a sound. The empty path
/// stands for any.
fn is_media(path: &Path) -> bool {
    let kind = http::content_type(&path.to_string_lossy().to_ascii_lowercase());
    let is_media = ["image/", "video/", "audio/"].iter().any(|media| kind.starts_with(media));
    is_media || path.as_os_str().is_empty()
}
