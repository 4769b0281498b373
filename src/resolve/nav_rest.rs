//! What stands for the rest in a list of the navigation: `...` with or
//! without a pattern. Each page belongs to the first pattern of its list
//! that matches it, else to the entry without one.

use std::collections::{HashMap, HashSet};

use crate::base::pattern::{self, Pattern, Slashes};
use crate::model::docs_site::{DocsPlan, NavItem, PlannedNav, RestPattern, Takes};

/// How many patterns of one list count.
const MAX_PATTERNS: usize = 100;

/// The rest of one list.
#[derive(Default)]
pub struct Rests {
    /// Pages that the list names, by themselves or by their folders.
    pub named: HashSet<usize>,
    /// Which pattern of the list takes a page.
    taken: HashMap<usize, usize>,
    /// How many patterns the reader of the list has met.
    n_met: usize,
    /// Folders whose rest stands somewhere already.
    given: HashSet<Box<str>>,
    /// The entries of folders.
    sorted: HashMap<Box<str>, Vec<NavItem>>,
}

/// Reads the pattern of an entry, if it has one.
pub fn read(takes: &Takes) -> Result<Option<Pattern>, String> {
    let pattern = match takes {
        Takes::All => return Ok(None),
        Takes::Any(glob) => pattern::glob(glob.trim_end_matches('/'), Slashes::Are),
        Takes::Names(RestPattern::Glob(glob)) | Takes::Paths(RestPattern::Glob(glob)) => {
            pattern::glob(glob, Slashes::Count)
        }
        Takes::Names(RestPattern::Regex(text)) | Takes::Paths(RestPattern::Regex(text)) => {
            pattern::regex(text)
        }
    };
    pattern.map(Some)
}

/// Finds which pattern of a list takes which of the pages.
pub fn rests(
    nav: &[PlannedNav],
    plan: &DocsPlan,
    named: HashSet<usize>,
    pages: &dyn Fn() -> Vec<usize>,
    purse: &mut u64,
) -> Rests {
    let patterns = patterns(nav);
    let mut rests = Rests { named, ..Rests::default() };
    if patterns.is_empty() {
        return rests;
    }
    for page in pages() {
        let source = &*plan.pages[page].source;
        let taker = patterns
            .iter()
            .position(|(folder, takes, pattern)| is_taken(takes, pattern.as_ref(), folder, source, purse));
        rests.taken.extend(taker.map(|taker| (page, taker)));
    }
    rests
}

/// Returns the patterns of a list in its order, with the folders that
/// they count in. One that cannot be read matches nothing.
fn patterns(nav: &[PlannedNav]) -> Vec<(&str, &Takes, Option<Pattern>)> {
    let mut patterns = Vec::new();
    let mut rest: Vec<&PlannedNav> = nav.iter().rev().collect();
    while let Some(item) = rest.pop() {
        match item {
            PlannedNav::Rest { folder, takes, .. } if *takes != Takes::All => {
                let is_counted = patterns.len() < MAX_PATTERNS;
                let pattern = is_counted.then(|| read(takes).ok().flatten()).flatten();
                patterns.push((&**folder, takes, pattern));
            }
            PlannedNav::Section { items, .. } => rest.extend(items.iter().rev()),
            _ => {}
        }
    }
    patterns
}

fn is_taken(takes: &Takes, pattern: Option<&Pattern>, folder: &str, source: &str, purse: &mut u64) -> bool {
    let Some(pattern) = pattern else { return false };
    let below = match folder {
        "" => Some(source),
        folder => source.strip_prefix(folder).and_then(|below| below.strip_prefix('/')),
    };
    let Some(below) = below else { return false };
    match takes {
        Takes::All => false,
        Takes::Names(_) => pattern.is_match(below.split('/').next().unwrap_or(below), purse),
        Takes::Paths(_) => pattern.is_match(below, purse),
        Takes::Any(_) => {
            pattern.is_match(below, purse)
                || pattern.is_match(below.rsplit('/').next().unwrap_or(below), purse)
        }
    }
}

impl Rests {
    /// Returns what the next entry for a rest stands for. `sorted` makes
    /// all entries of its folder.
    pub fn next(
        &mut self,
        takes: &Takes,
        folder: &str,
        sorted: &mut dyn FnMut() -> Vec<NavItem>,
    ) -> Vec<NavItem> {
        let taker = (*takes != Takes::All).then(|| {
            self.n_met += 1;
            self.n_met - 1
        });
        if taker.is_none() && !self.given.insert(folder.into()) {
            return Vec::new();
        }
        if !self.sorted.contains_key(folder) {
            self.sorted.insert(folder.into(), sorted());
        }
        let (named, taken) = (&self.named, &self.taken);
        let is_kept = |page: usize| !named.contains(&page) && taken.get(&page).copied() == taker;
        kept(&self.sorted[folder], &is_kept)
    }
}

/// Returns what is left of entries. A section goes with its last page,
/// whatever links are in it.
// Sections are nested no deeper than folders are.
fn kept(items: &[NavItem], is_kept: &dyn Fn(usize) -> bool) -> Vec<NavItem> {
    items
        .iter()
        .filter_map(|item| match item {
            NavItem::Page { page, .. } if !is_kept(*page) => None,
            NavItem::Section { title, items } => {
                let items = kept(items, is_kept);
                let is_link = |item: &NavItem| matches!(item, NavItem::Link { .. });
                let is_empty = items.iter().all(is_link);
                (!is_empty).then(|| NavItem::Section { title: title.clone(), items })
            }
            item => Some(item.clone()),
        })
        .collect()
}

/// Takes the entries of sections out of them.
pub fn flat(items: Vec<NavItem>) -> Vec<NavItem> {
    let mut flat = Vec::new();
    let mut rest: Vec<NavItem> = items.into_iter().rev().collect();
    while let Some(item) = rest.pop() {
        match item {
            NavItem::Section { items, .. } => rest.extend(items.into_iter().rev()),
            item => flat.push(item),
        }
    }
    flat
}
