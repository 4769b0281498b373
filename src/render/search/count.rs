//! The words of pages, counted as soon as the pages are read: the text of
//! a page is near then, and need not be kept. What is counted means
//! something in this process alone, and never reaches the memo.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use crate::base::par::{n_threads, thread_number};
use crate::model::config::Config;
use crate::model::doc::{Doc, Held, Words};

use super::documents::Texts;
use super::part::Tally;
use super::tokens::Pipeline;

/// What each thread has counted so far.
pub struct Counters {
    of_threads: Vec<Mutex<Tally>>,
}

/// Whether anybody but the search needs the text of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    Kept,
    Dropped,
}

impl Default for Counters {
    fn default() -> Self {
        // One is of no thread of the loop.
        Counters { of_threads: (0..=n_threads()).map(|_| Mutex::default()).collect() }
    }
}

impl Counters {
    /// Counts the words of pages that nobody else has yet.
    pub fn count(&self, config: &Config, docs: &mut [Arc<Doc>], text: Text) {
        let pipeline = Pipeline::of(config);
        let words = thread_number().min(self.of_threads.len() - 1);
        let mut tally = self.of_threads[words].lock().unwrap_or_else(PoisonError::into_inner);
        for doc in docs.iter_mut().filter_map(Arc::get_mut) {
            let Held::Here(sections) = &doc.sections else { continue };
            let texts = Texts {
                body: doc.description.as_deref().into_iter().collect(),
                sections: Cow::Borrowed(sections),
                ..Texts::default()
            };
            let counted = (!doc.search_exclude).then(|| tally.counted(&pipeline, &texts, words));
            doc.counted = counted.map(Box::new);
            if text == Text::Dropped {
                doc.sections = Vec::new().into();
            }
        }
    }

    /// Returns the words of each thread, by number.
    pub fn into_words(self) -> Vec<Words> {
        let tallies = self.of_threads.into_iter();
        tallies.map(|tally| tally.into_inner().unwrap_or_else(PoisonError::into_inner).into_words()).collect()
    }
}
