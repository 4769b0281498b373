//! All parts put together: for each term, in order, the text of its list
//! in a shard, and of what does not fit there. The lists of the parts are
//! written already, so that all but the first distance of each is copied.

use super::digits;
use super::part::{List, Part, head};

/// A field of a term lists so many documents, the best ones; the others
/// go into a shard of their own.
pub const MAX_LISTED: usize = 1_000;
/// Terms that follow one another, with their lists.
#[derive(Default)]
pub struct Stretch {
    pub entries: Vec<Entry>,
    /// In sortable bytes.
    pub terms: Vec<u8>,
    pub lists: Vec<u8>,
    /// What the lists leave out.
    pub more: Vec<u8>,
}

/// Where a term and its lists end in their stretch; they begin where
/// those of the one before end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Entry {
    pub term: u32,
    pub list: u32,
    pub more: u32,
}

impl Stretch {
    /// Appends a stretch whose terms come after all that are here.
    pub fn append(&mut self, other: Stretch) {
        if self.entries.is_empty() {
            *self = other;
            return;
        }
        let Entry { term, list, more } = self.start(self.entries.len());
        self.entries.extend(other.entries.iter().map(|entry| Entry {
            term: term + entry.term,
            list: list + entry.list,
            more: more + entry.more,
        }));
        self.terms.extend_from_slice(&other.terms);
        self.lists.extend_from_slice(&other.lists);
        self.more.extend_from_slice(&other.more);
    }

    /// Returns where the entry before one ends.
    pub fn start(&self, idx: usize) -> Entry {
        if idx == 0 { Entry::default() } else { self.entries[idx - 1] }
    }

    /// Returns a term in sortable bytes.
    pub fn term(&self, idx: usize) -> &[u8] {
        &self.terms[self.start(idx).term as usize..self.entries[idx].term as usize]
    }
}

/// Returns the number of the first document of each part.
pub fn firsts(parts: &[Part]) -> Vec<u32> {
    let mut n_documents = 0;
    let first = |part: &Part| {
        n_documents += part.outline.n_documents;
        n_documents - part.outline.n_documents
    };
    parts.iter().map(first).collect()
}

/// Puts the terms of all parts together that lie in a range. The
/// documents of the parts follow one another.
pub fn stretch(parts: &[Part], firsts: &[u32], from: &[u8], to: Option<&[u8]>) -> Stretch {
    // The head of each term, its part and its place there.
    let mut found: Vec<(u64, u32, u32)> = Vec::new();
    for (nth, part) in parts.iter().enumerate() {
        part.each_term(from, to, |at, term| found.push((head(term), nth as u32, at)));
    }
    let term = |of: &(u64, u32, u32)| parts[of.1 as usize].term(of.2);
    // Of one term, the parts stay in their order. The terms of each part
    // are sorted, which a stable sort makes use of.
    // A head with a zero at its end is the whole term.
    let is_whole = |of: &(u64, u32, u32)| of.0 & 0xff == 0;
    found.sort_by(|a, b| {
        let rest = || if is_whole(a) { std::cmp::Ordering::Equal } else { term(a).cmp(term(b)) };
        a.0.cmp(&b.0).then_with(rest)
    });
    let mut stretch = Stretch::default();
    let mut rest = &*found;
    let mut lists: Vec<(u32, [List<'_>; 4])> = Vec::new();
    while let Some(next) = rest.first() {
        let is_same =
            |other: &(u64, u32, u32)| other.0 == next.0 && (is_whole(next) || term(other) == term(next));
        let n_parts = rest.iter().take_while(|other| is_same(other)).count();
        lists.clear();
        lists.extend(rest[..n_parts].iter().map(|(_, part, idx)| {
            let part = *part as usize;
            (firsts[part], parts[part].lists(*idx))
        }));
        stretch.terms.extend_from_slice(term(next));
        push_entry(&mut stretch, &lists);
        rest = &rest[n_parts..];
    }
    stretch
}

/// Appends the lists of a term, whose name is there already.
fn push_entry(stretch: &mut Stretch, lists: &[(u32, [List<'_>; 4])]) {
    for field in 0..4 {
        if field > 0 {
            stretch.lists.push(digits::NEXT_FIELD);
            stretch.more.push(digits::NEXT_FIELD);
        }
        let n_documents: u32 = lists.iter().map(|(_, of)| of[field].n_documents).sum();
        if n_documents as usize > MAX_LISTED {
            push_capped(stretch, field, n_documents, lists);
        } else {
            push_whole(&mut stretch.lists, field, lists);
        }
    }
    for text in [&mut stretch.lists, &mut stretch.more] {
        while text.last() == Some(&digits::NEXT_FIELD) {
            text.pop();
        }
    }
    stretch.entries.push(Entry {
        term: stretch.terms.len() as u32,
        list: stretch.lists.len() as u32,
        more: stretch.more.len() as u32,
    });
}

fn push_whole(out: &mut Vec<u8>, field: usize, lists: &[(u32, [List<'_>; 4])]) {
    // The first document that can come next.
    let mut next = 0;
    for (first, of) in lists {
        let list = &of[field];
        if list.n_documents > 0 {
            digits::push_number(out, first + list.first - next);
            out.extend_from_slice(list.rest);
            next = first + list.last + 1;
        }
    }
}

/// Lists the best documents; those that are as good as others go by
/// their place.
fn push_capped(stretch: &mut Stretch, field: usize, n_documents: u32, lists: &[(u32, [List<'_>; 4])]) {
    let mut documents: Vec<(u32, u8)> = Vec::with_capacity(n_documents as usize);
    for (first, of) in lists {
        push_documents(&mut documents, *first, &of[field]);
    }
    let mut n_of_weight = [0_usize; digits::MAX_WEIGHT as usize + 1];
    for (_, weight) in &documents {
        n_of_weight[usize::from(*weight)] += 1;
    }
    // All that are better than this weight are listed, and so many of it.
    let (mut last, mut left) = (0, MAX_LISTED);
    while n_of_weight[usize::from(last)] <= left {
        left -= n_of_weight[usize::from(last)];
        last += 1;
    }
    digits::push_number(&mut stretch.lists, n_documents);
    stretch.lists.push(digits::CAPPED);
    let (mut next_listed, mut next_other) = (0, 0);
    for (document, weight) in documents {
        let is_listed = weight < last || weight == last && left > 0;
        if weight == last && is_listed {
            left -= 1;
        }
        let (out, next) = match is_listed {
            true => (&mut stretch.lists, &mut next_listed),
            false => (&mut stretch.more, &mut next_other),
        };
        digits::push_number(out, document - *next);
        out.push(digits::character(weight));
        *next = document + 1;
    }
}

/// Appends the documents of a list with their weights.
fn push_documents(documents: &mut Vec<(u32, u8)>, first: u32, list: &List<'_>) {
    let mut rest = list.rest;
    let mut document = first + list.first;
    for nth in 0..list.n_documents {
        if nth > 0 {
            document += 1 + digits::number(&mut rest).unwrap_or_default();
        }
        documents.push((document, digits::weight(&mut rest).unwrap_or_default()));
    }
}
