//! The postings of some documents that follow one another: which terms
//! they hold, and in which fields. A part is made on one thread, knows
//! nothing of the other parts, and is remembered by what it was made of;
//! the shards of the search are put together from all of them.
//!
//! ```text
//! for each term, in order:
//!   number of bytes, bytes       as `vocabulary::sortable` has them
//!   fields                       one bit each, `Field::Body` the lowest
//!   for each of its fields:
//!     number of documents, the first one
//!     if there are several: distance of the last, number of bytes
//!     weight of the first, then distance and weight of each further one,
//!     in the characters of `digits`, ready to go into a shard
//! ```

use std::ops::Range;
use std::sync::OnceLock;

use bitcode::{Decode, Encode};

use crate::base::hash::{self, Key};
use crate::base::memo::Memo;
use crate::model::doc::{Counted, Words};

use super::digits;
use super::documents::Texts;
use super::tokens::{self, Pipeline, Role};
use super::vocabulary::Vocabulary;

/// So many documents make a part at most: their places fit two bytes.
pub const MAX_DOCUMENTS: usize = 1_024;
/// How much of a page's text, or of an API's definition, is read.
const MAX_BODY_BYTES: usize = 100_000;
/// How many of a page's first characters are kept to be shown.
const MAX_LEAD_CHARS: usize = 120;
/// Words of titles that are no longer say too little to be guessed.
const MIN_WORD_CHARS: usize = 3;

/// A field of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Body,
    Title,
    Headings,
    Tags,
}

impl Field {
    /// Every field, in the order of the shards.
    pub const ALL: [Field; 4] = [Field::Body, Field::Title, Field::Headings, Field::Tags];

    /// Returns its name in the index.
    pub fn name(self) -> &'static str {
        match self {
            Field::Body => "body",
            Field::Title => "title",
            Field::Headings => "headings",
            Field::Tags => "tags",
        }
    }
}

/// The postings of documents that follow one another.
pub struct Part {
    pub outline: Outline,
    /// See above; of a part that the memo knows, once they are needed.
    bytes: OnceLock<Vec<u8>>,
}

/// What is said of a part without its postings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct Outline {
    pub n_documents: u32,
    /// How often any document is listed.
    pub n_postings: u64,
    /// Every stretch of the terms, in order: the first begins with no
    /// term at all.
    pub segments: Vec<Segment>,
    /// How the text of each document begins.
    pub leads: Vec<Box<str>>,
    /// The words of titles as they stand there, and how many titles have
    /// each; sorted.
    pub words: Vec<(Box<str>, u32)>,
}

/// The terms of a part from one beginning of terms on: one that
/// [`is_bound`], so that those of all parts lie at the same places.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Segment {
    pub from: Box<[u8]>,
    /// Where it begins in the bytes of the part.
    start: u32,
    /// The hash of its bytes, once the memo has asked for it.
    pub key: Key,
}

/// How many bytes at least make the beginning of a term.
const N_BOUND_BYTES: usize = 3;
/// One beginning in two to the power of this many bounds a segment.
pub const MIN_LEVEL: u32 = 2;

/// Returns the beginning of a term that may be a bound: three bytes, and
/// whole characters.
fn beginning_of(term: &[u8]) -> &[u8] {
    let mut n_bytes = N_BOUND_BYTES.min(term.len());
    while term.get(n_bytes).is_some_and(|byte| byte & 0xc0 == 0x80) {
        n_bytes += 1;
    }
    &term[..n_bytes]
}

/// Tells how rare a beginning is as a bound: of each level there are half
/// as many as of the one below.
pub fn level(beginning: &[u8]) -> u32 {
    super::shards::hash(beginning).trailing_zeros()
}

/// The documents of a term in one field of one part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct List<'p> {
    pub n_documents: u32,
    /// The first and the last document.
    pub first: u32,
    pub last: u32,
    /// Everything but the distance of the first document.
    pub rest: &'p [u8],
}

/// What counting takes, kept from part to part: the tables are large,
/// and the words of one part are those of the next.
#[derive(Default)]
pub struct Tally {
    vocabulary: Vocabulary,
    /// What is known of each term of the vocabulary.
    tallied: Vec<Tallied>,
    /// The terms of the field at hand.
    found: Vec<u32>,
    /// The terms of the part.
    terms: Vec<u32>,
    postings: Vec<Posting>,
    /// Terms of the vocabulary, sorted, with their heads; and the place
    /// of each there. New ones are added when they have become many.
    sorted: Vec<(u64, u32)>,
    ranks: Vec<u32>,
    /// Of words that were counted before: the number of each in the
    /// vocabulary and its place in the part, both counted from 1.
    numbers: Vec<Vec<u32>>,
    places: Vec<Vec<u32>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Tallied {
    /// How often the term stands in the field at hand.
    count: u32,
    /// Its place among the terms of the part, counted from 1.
    place: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Posting {
    /// The place of the term, four times, and the field.
    list: u32,
    document: u16,
    weight: u8,
}

/// Makes a part of the texts of documents, 1,024 at most.
pub fn part<'s>(tally: &mut Tally, pipeline: &Pipeline, texts: impl Iterator<Item = Texts<'s>>) -> Part {
    if tally.vocabulary.is_full() {
        *tally = Tally::default();
    }
    let mut leads = Vec::new();
    let mut words: Vec<String> = Vec::new();
    for (nth, texts) in texts.take(MAX_DOCUMENTS).enumerate() {
        tally.document(pipeline, nth as u16, &texts);
        leads.push(lead(&texts));
        let mut of_title = title_words(&texts);
        words.append(&mut of_title);
    }
    let n_postings = tally.postings.len() as u64;
    let (bytes, segments) = tally.written();
    let outline =
        Outline { n_documents: leads.len() as u32, n_postings, segments, leads, words: counted(words) };
    Part { outline, bytes: OnceLock::from(bytes) }
}

impl Part {
    /// Returns a part that the memo knows, without its postings.
    pub fn recalled(memo: &Memo, key: Key) -> Option<Part> {
        let (outline, bytes) = (hash::key(&[&key.0, b"outline"]), hash::key(&[&key.0, b"terms"]));
        let is_known = memo.keeps() && memo.has_large(outline) && memo.has_large(bytes);
        let outline = is_known.then(|| memo.large(outline)).flatten()?;
        Some(Part { outline, bytes: OnceLock::new() })
    }

    /// Keeps the part in the memo.
    pub fn keep(&mut self, memo: &Memo, key: Key) {
        let Some(bytes) = self.bytes.get() else { return };
        let ends: Vec<u32> = self.outline.segments.iter().skip(1).map(|segment| segment.start).collect();
        let ends = ends.into_iter().chain([bytes.len() as u32]);
        for (segment, end) in self.outline.segments.iter_mut().zip(ends) {
            segment.key = hash::key(&[&bytes[segment.start as usize..end as usize]]);
        }
        memo.put_large(hash::key(&[&key.0, b"outline"]), &self.outline);
        memo.put_large(hash::key(&[&key.0, b"terms"]), bytes);
    }

    /// Fetches the postings, if they are not here. A memo that has lost
    /// them is broken, and what is made with it is not used.
    pub fn fetch(&self, memo: &Memo, key: Key) {
        self.bytes.get_or_init(|| memo.large(hash::key(&[&key.0, b"terms"])).unwrap_or_default());
    }

    /// Returns the segments in which the terms of a range lie.
    pub fn segments(&self, from: &[u8], to: Option<&[u8]>) -> Range<usize> {
        let segments = &self.outline.segments;
        let after = segments.partition_point(|segment| *segment.from <= *from);
        let end = to.map_or(segments.len(), |to| segments.partition_point(|segment| *segment.from < *to));
        after.saturating_sub(1)..end
    }

    /// Calls `found` for each term of a range, with where it is.
    pub fn each_term<'p>(&'p self, from: &[u8], to: Option<&[u8]>, mut found: impl FnMut(u32, &'p [u8])) {
        let (bytes, segments) = (self.bytes(), self.segments(from, to));
        let begin =
            |nth: usize| self.outline.segments.get(nth).map_or(bytes.len(), |segment| segment.start as usize);
        let end = begin(segments.end);
        // Only the first and the last segment may reach out of the range.
        let last = begin(segments.end.saturating_sub(1)) as u32;
        let mut is_in = false;
        let mut rest = bytes.get(begin(segments.start)..end).unwrap_or_default();
        while !rest.is_empty() {
            let at = (end - rest.len()) as u32;
            let Some(term) = term(&mut rest) else { return };
            if lists(&mut rest).is_none() || (at >= last && to.is_some_and(|to| term >= to)) {
                return;
            }
            is_in = is_in || term >= from;
            if is_in {
                found(at, term);
            }
        }
    }

    /// Returns the term at a place, in sortable bytes.
    pub fn term(&self, at: u32) -> &[u8] {
        let mut bytes = &self.bytes()[at as usize..];
        term(&mut bytes).unwrap_or_default()
    }

    /// Returns the documents of the term at a place, field by field.
    pub fn lists(&self, at: u32) -> [List<'_>; 4] {
        let mut bytes = &self.bytes()[at as usize..];
        term(&mut bytes).and_then(|_| lists(&mut bytes)).unwrap_or_default()
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get().map_or(&[], Vec::as_slice)
    }
}

impl Tally {
    fn document(&mut self, pipeline: &Pipeline, document: u16, texts: &Texts<'_>) {
        match texts.counted {
            Some((counted, words)) => self.list_counted(document, counted, words),
            None => {
                let length = self.body(pipeline, texts);
                self.list(Field::Body, document, length);
            }
        }

        // A title says each of its words once.
        let mut length = 0;
        for title in &texts.title {
            length = length.max(self.say(pipeline, title));
        }
        self.list(Field::Title, document, length);
        for (field, texts) in [(Field::Headings, &texts.headings), (Field::Tags, &texts.tags)] {
            let length = texts.iter().map(|text| self.add(pipeline, text)).sum();
            self.list(field, document, length);
        }
    }

    /// Counts the terms of a body; returns its length in quarters, of
    /// which a word of code counts one.
    fn body(&mut self, pipeline: &Pipeline, texts: &Texts<'_>) -> u32 {
        let mut length = 0;
        let mut left = MAX_BODY_BYTES;
        for text in texts.prose() {
            length += 4 * self.count(pipeline, cut(text, &mut left), 4);
        }
        for text in texts.code() {
            length += self.count(pipeline, cut(text, &mut left), 1);
        }
        length
    }

    /// Counts the terms of a body, to be listed later.
    pub fn counted(&mut self, pipeline: &Pipeline, texts: &Texts<'_>, words: usize) -> Counted {
        self.vocabulary.forget_pieces_if_full();
        let length = self.body(pipeline, texts);
        let Tally { tallied, found, .. } = self;
        let mut weights = Vec::with_capacity(found.len());
        let mut codes = [None; 16];
        for term in &*found {
            let count = std::mem::take(&mut tallied[*term as usize].count);
            weights.push(code(&mut codes, count, length));
        }
        let terms = found.as_slice().into();
        found.clear();
        Counted { words, terms, weights: weights.into(), lead: lead(texts) }
    }

    /// Returns the words of what was counted.
    pub fn into_words(self) -> Words {
        self.vocabulary.into_words()
    }

    /// Lists a document under the terms that were counted before.
    fn list_counted(&mut self, document: u16, counted: &Counted, words: &Words) {
        let Tally { vocabulary, tallied, terms, postings, numbers, places, .. } = self;
        for table in [&mut *numbers, &mut *places] {
            if table.len() <= counted.words {
                table.resize(counted.words + 1, Vec::new());
            }
            table[counted.words].resize(words.ends.len(), 0);
        }
        let (numbers, places) = (&mut numbers[counted.words], &mut places[counted.words]);
        for (term, weight) in counted.terms.iter().zip(&counted.weights) {
            let place = &mut places[*term as usize];
            if *place == 0 {
                let number = &mut numbers[*term as usize];
                if *number == 0 {
                    *number = vocabulary.number(words.word(*term)) + 1;
                }
                *place = place_of(tallied, terms, *number - 1);
            }
            let list = (*place - 1) << 2 | Field::Body as u32;
            postings.push(Posting { list, document, weight: *weight });
        }
    }

    /// Counts the terms of a body; returns how many parts it has.
    fn count(&mut self, pipeline: &Pipeline, text: &str, by: u32) -> u32 {
        let Tally { vocabulary, tallied, found, .. } = self;
        let mut length = 0;
        vocabulary.each_terms(pipeline, text, |terms| {
            // See `Vocabulary::each_terms`.
            let near = terms.iter().fold(0, |near, term| {
                near ^ tallied.get(term.number() as usize).map_or(0, |tallied| tallied.count)
            });
            std::hint::black_box(near);
            for term in terms.iter().filter(|term| !term.is_minor()) {
                *count_of(tallied, found, term.number()) += by;
                length += u32::from(term.is_part());
            }
        });
        length
    }

    /// Counts the terms of a heading or a tag.
    fn add(&mut self, pipeline: &Pipeline, text: &str) -> u32 {
        let Tally { vocabulary, tallied, found, .. } = self;
        let mut length = 0;
        vocabulary.each_terms(pipeline, text, |terms| {
            for term in terms {
                *count_of(tallied, found, term.number()) += 1;
                length += u32::from(term.is_part());
            }
        });
        length
    }

    /// Notes the terms of a title.
    fn say(&mut self, pipeline: &Pipeline, text: &str) -> u32 {
        let Tally { vocabulary, tallied, found, .. } = self;
        let mut length = 0;
        vocabulary.each_terms(pipeline, text, |terms| {
            for term in terms {
                *count_of(tallied, found, term.number()) = 1;
                length += u32::from(term.is_part());
            }
        });
        length
    }

    /// Lists the document under all terms that were counted.
    fn list(&mut self, field: Field, document: u16, length: u32) {
        let Tally { tallied, found, terms, postings, .. } = self;
        // Most counts are small, and most of those come again.
        let mut weights = [None; 16];
        for term in found.drain(..) {
            let place = place_of(tallied, terms, term);
            let count = std::mem::take(&mut tallied[term as usize].count);
            let weight = code(&mut weights, count, length);
            postings.push(Posting { list: (place - 1) << 2 | field as u32, document, weight });
        }
    }

    /// Writes the part, and is ready for the next one.
    fn written(&mut self) -> (Vec<u8>, Vec<Segment>) {
        let (ends, sorted) = by_list(&self.postings, self.terms.len() * 4);
        let order = self.order();
        let vocabulary = &self.vocabulary;
        let mut bytes = Vec::with_capacity(self.postings.len() * 3);
        let mut segments = vec![Segment { from: Box::default(), start: 0, key: Key::default() }];
        let mut last: &[u8] = &[];
        for place in order {
            let term = vocabulary.term(self.terms[place as usize]);
            let beginning = beginning_of(term);
            if beginning != last && level(beginning) >= MIN_LEVEL {
                segments.push(Segment {
                    from: beginning.into(),
                    start: bytes.len() as u32,
                    key: Key::default(),
                });
            }
            last = beginning;
            let of_field = |field: usize| {
                let list = place as usize * 4 + field;
                let start = list.checked_sub(1).map_or(0, |before| ends[before]);
                &sorted[start as usize..ends[list] as usize]
            };
            push_term(&mut bytes, term);
            push_lists(&mut bytes, [of_field(0), of_field(1), of_field(2), of_field(3)]);
        }
        for term in self.terms.drain(..) {
            self.tallied[term as usize].place = 0;
        }
        self.places.iter_mut().for_each(|places| places.fill(0));
        self.postings.clear();
        (bytes, segments)
    }

    /// Returns the places of the part's terms in the order of the terms.
    /// Most of them were in parts before, and are sorted by number.
    fn order(&mut self) -> Vec<u32> {
        self.rank();
        let Tally { vocabulary, terms, ranks, .. } = self;
        let (mut ranked, mut others) = (Vec::with_capacity(terms.len()), Vec::new());
        for (place, term) in (0..).zip(&*terms) {
            match ranks.get(*term as usize) {
                Some(rank) => ranked.push((*rank, place)),
                None => others.push((head(vocabulary.term(*term)), place)),
            }
        }
        ranked.sort_unstable();
        let term = |place: u32| vocabulary.term(terms[place as usize]);
        others.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| term(a.1).cmp(term(b.1))));
        let mut order = Vec::with_capacity(terms.len());
        let mut ranked = ranked.into_iter().peekable();
        for (_, other) in others {
            while let Some((_, place)) = ranked.next_if(|(_, place)| term(*place) < term(other)) {
                order.push(place);
            }
            order.push(other);
        }
        order.extend(ranked.map(|(_, place)| place));
        order
    }

    /// Gives all terms of the vocabulary a rank, if many have none.
    fn rank(&mut self) {
        let Tally { vocabulary, sorted, ranks, .. } = self;
        let (n_ranked, n_terms) = (ranks.len(), vocabulary.n_terms());
        if n_terms - n_ranked <= n_ranked / 8 {
            return;
        }
        sorted.extend((n_ranked as u32..n_terms as u32).map(|term| (head(vocabulary.term(term)), term)));
        // A stable sort makes use of what is sorted already.
        sorted.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| vocabulary.term(a.1).cmp(vocabulary.term(b.1))));
        ranks.resize(n_terms, 0);
        for (rank, (_, term)) in (0..).zip(&*sorted) {
            ranks[*term as usize] = rank;
        }
    }
}

fn tallied_of(tallied: &mut Vec<Tallied>, term: u32) -> &mut Tallied {
    if term as usize >= tallied.len() {
        tallied.resize(term as usize + 1, Tallied::default());
    }
    &mut tallied[term as usize]
}

/// Returns the place of a term among those of the part, counted from 1.
fn place_of(tallied: &mut Vec<Tallied>, terms: &mut Vec<u32>, term: u32) -> u32 {
    let place = &mut tallied_of(tallied, term).place;
    if *place == 0 {
        terms.push(term);
        *place = terms.len() as u32;
    }
    *place
}

/// Returns the code of a weight. `known` has those of small counts, which
/// come again and again.
fn code(known: &mut [Option<u8>; 16], count: u32, length: u32) -> u8 {
    match known.get_mut(count as usize) {
        Some(weight) => *weight.get_or_insert_with(|| digits::weight_code(count, length)),
        None => digits::weight_code(count, length),
    }
}

fn count_of<'c>(tallied: &'c mut Vec<Tallied>, found: &mut Vec<u32>, term: u32) -> &'c mut u32 {
    let count = &mut tallied_of(tallied, term).count;
    if *count == 0 {
        found.push(term);
    }
    count
}

/// A posting in the list it belongs to: its document and its weight, in
/// half the room of a [`Posting`], as lists are read in no order that
/// the processor could foresee.
#[derive(Debug, Clone, Copy, Default)]
struct Listed(u32);

impl Listed {
    fn document(self) -> u16 {
        (self.0 >> 8) as u16
    }

    fn weight(self) -> u8 {
        self.0 as u8
    }
}

/// Sorts postings by list; in a list they keep their order, that of the
/// documents. Returns where each list ends, the next one's beginning.
fn by_list(postings: &[Posting], n_lists: usize) -> (Vec<u32>, Vec<Listed>) {
    let mut next = vec![0_u32; n_lists + 1];
    for posting in postings {
        next[posting.list as usize + 1] += 1;
    }
    for list in 0..n_lists {
        next[list + 1] += next[list];
    }
    let mut sorted = vec![Listed::default(); postings.len()];
    for posting in postings {
        let next = &mut next[posting.list as usize];
        sorted[*next as usize] = Listed(u32::from(posting.document) << 8 | u32::from(posting.weight));
        *next += 1;
    }
    (next, sorted)
}

/// Returns the first eight bytes of a term, which mostly tell it from
/// others, as a number.
pub fn head(term: &[u8]) -> u64 {
    let mut head = [0; 8];
    let n_bytes = term.len().min(8);
    head[..n_bytes].copy_from_slice(&term[..n_bytes]);
    u64::from_be_bytes(head)
}

fn push_term(bytes: &mut Vec<u8>, term: &[u8]) {
    push_number(bytes, term.len() as u32);
    bytes.extend_from_slice(term);
}

fn push_lists(bytes: &mut Vec<u8>, fields: [&[Listed]; 4]) {
    let present = fields.iter().enumerate().map(|(nth, list)| u8::from(!list.is_empty()) << nth).sum();
    bytes.push(present);
    for list in fields {
        let [first, further @ ..] = list else { continue };
        push_number(bytes, list.len() as u32);
        push_number(bytes, u32::from(first.document()));
        let Some(last) = further.last() else {
            bytes.push(digits::character(first.weight()));
            continue;
        };
        push_number(bytes, u32::from(last.document() - first.document()));
        // Most lists take less than 128 bytes, and so one for their
        // number; for others, what is written moves on by one.
        let start = bytes.len();
        bytes.push(0);
        bytes.push(digits::character(first.weight()));
        let mut before = first.document();
        for posting in further {
            digits::push_number(bytes, u32::from(posting.document() - before - 1));
            bytes.push(digits::character(posting.weight()));
            before = posting.document();
        }
        match bytes.len() - start - 1 {
            n_bytes @ 0..0x80 => bytes[start] = n_bytes as u8,
            n_bytes => {
                let mut number = Vec::new();
                push_number(&mut number, n_bytes as u32);
                bytes.splice(start..=start, number);
            }
        }
    }
}

fn term<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let n_bytes = number(bytes)?;
    taken(bytes, n_bytes)
}

fn lists<'b>(bytes: &mut &'b [u8]) -> Option<[List<'b>; 4]> {
    let (present, rest) = bytes.split_first()?;
    *bytes = rest;
    let mut lists = [List::default(); 4];
    for (nth, list) in lists.iter_mut().enumerate() {
        if present >> nth & 1 == 0 {
            continue;
        }
        list.n_documents = number(bytes)?;
        list.first = number(bytes)?;
        list.last = list.first;
        let mut n_bytes = 1;
        if list.n_documents > 1 {
            list.last += number(bytes)?;
            n_bytes = number(bytes)?;
        }
        list.rest = taken(bytes, n_bytes)?;
    }
    Some(lists)
}

fn taken<'b>(bytes: &mut &'b [u8], n_bytes: u32) -> Option<&'b [u8]> {
    let (taken, rest) = bytes.split_at_checked(n_bytes as usize)?;
    *bytes = rest;
    Some(taken)
}

/// Appends a number, seven bits in a byte, the least first.
fn push_number(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn number(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0;
    for shift in (0..32).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Returns as much of a text as is left to read.
fn cut<'t>(text: &'t str, left: &mut usize) -> &'t str {
    let text = &text[..text.floor_char_boundary(*left)];
    *left -= text.len();
    text
}

fn lead(texts: &Texts<'_>) -> Box<str> {
    if let Some((counted, _)) = texts.counted {
        return counted.lead.clone();
    }
    let first = texts.prose().find(|text| !text.trim().is_empty()).unwrap_or_default();
    beginning(first, MAX_LEAD_CHARS).into()
}

/// Returns the beginning of a text on one line, cut between words.
pub fn beginning(text: &str, max_chars: usize) -> String {
    let mut beginning = String::new();
    let mut n_chars = 0;
    for word in text.split_whitespace() {
        n_chars += word.chars().count() + 1;
        if n_chars > max_chars {
            beginning.push('…');
            break;
        }
        if !beginning.is_empty() {
            beginning.push(' ');
        }
        beginning.push_str(word);
    }
    beginning
}

/// Returns the words of a document's title, for those who mistype them.
fn title_words(texts: &Texts<'_>) -> Vec<String> {
    let mut words: Vec<String> = texts
        .title
        .iter()
        .flat_map(|title| tokens::tokens(title))
        .filter(|token| token.role != Role::Exact && token.text.chars().nth(MIN_WORD_CHARS - 1).is_some())
        .map(|token| token.text)
        .filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Sorts words and counts them.
fn counted(mut words: Vec<String>) -> Vec<(Box<str>, u32)> {
    words.sort_unstable();
    let mut counted: Vec<(Box<str>, u32)> = Vec::new();
    for word in words {
        match counted.last_mut() {
            Some((last, n)) if **last == *word => *n += 1,
            _ => counted.push((word.into(), 1)),
        }
    }
    counted
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::path::Path;

    use super::*;
    use crate::base::memo::{self, Trust};
    use crate::base::memory::Memory;
    use crate::model::config::Config;
    use crate::model::doc::Section;

    fn texts(
        title: &'static str,
        tags: &'static str,
        text: &'static str,
        code: &'static str,
    ) -> Texts<'static> {
        let section = Section { heading: None, text: text.into(), code: code.into() };
        Texts {
            title: vec![title.into()],
            tags: vec![tags.into()],
            sections: Cow::Owned(vec![section]),
            ..Texts::default()
        }
    }

    fn made(documents: Vec<Texts<'static>>) -> Part {
        let pipeline = Pipeline::of(&Config::of_folder("/portal".into()));
        part(&mut Tally::default(), &pipeline, documents.into_iter())
    }

    /// Shows each term with its lists: field, documents and weights.
    fn shown(part: &Part) -> String {
        let mut text = String::new();
        let mut places = Vec::new();
        part.each_term(&[], None, |at, _| places.push(at));
        for at in places {
            text.push_str(std::str::from_utf8(part.term(at)).unwrap());
            for (field, list) in Field::ALL.into_iter().zip(part.lists(at)) {
                if list.n_documents == 0 {
                    continue;
                }
                let mut rest = list.rest;
                let mut document = list.first;
                let mut documents = vec![(document, digits::weight(&mut rest).unwrap())];
                while !rest.is_empty() {
                    document += 1 + digits::number(&mut rest).unwrap();
                    documents.push((document, digits::weight(&mut rest).unwrap()));
                }
                assert_eq!(documents.len(), list.n_documents as usize);
                assert_eq!(document, list.last);
                text.push_str(&format!(" {}{documents:?}", field.name()));
            }
            text.push('\n');
        }
        text
    }

    #[test]
    fn terms_are_sorted_and_weighed() {
        let part = made(vec![
            texts("Tills", "till the", "A till and the money", ""),
            texts("Money", "", "money for money", "till x money"),
        ]);
        expect_test::expect![[r#"
            money body[(0, 6), (1, 1)] title[(1, 0)]
            the tags[(0, 6)]
            till body[(0, 6), (1, 20)] title[(0, 0)] tags[(0, 6)]
        "#]]
        .assert_eq(&shown(&part));
        assert_eq!(part.outline.words, [("money".into(), 1), ("tills".into(), 1)]);
        assert_eq!(part.outline.leads[0], "A till and the money".into());
    }

    #[test]
    fn a_title_is_as_long_as_its_longest_form() {
        let mut document = texts("", "", "", "");
        document.title = vec!["Check-out service".into(), "checkout".into()];
        expect_test::expect![[r#"
            check title[(0, 10)]
            check-out title[(0, 10)]
            checkout title[(0, 10)]
            out title[(0, 10)]
            servic title[(0, 10)]
        "#]]
        .assert_eq(&shown(&made(vec![document])));
    }

    #[test]
    fn long_lists_come_back_from_the_memo() {
        let documents =
            (0..900).map(|nth| texts("t", "", ["zebra", "zebra horse", "q"][nth % 3], "")).collect();
        let mut part = made(documents);
        let world = Memory::default();
        let folder = Path::new("/cache");
        let open = || memo::open(&world, folder, Key::default(), Trust::ContentOnly).0;
        let (first, key) = (open(), Key([7; 16]));
        part.keep(&first, key);
        first.save(&world);
        drop(first);
        let memo = open();
        let again = Part::recalled(&memo, key).unwrap();
        assert_eq!(part.outline, again.outline);
        assert_eq!(shown(&again), "", "its postings are not here yet");
        again.fetch(&memo, key);
        assert_eq!(shown(&part), shown(&again));
        let mut n_documents = 0;
        again.each_term(b"z", None, |at, _| n_documents += again.lists(at)[0].n_documents);
        assert_eq!(n_documents, 600);
        assert!(Part::recalled(&memo, Key::default()).is_none());
    }

    #[test]
    fn ranges_find_their_terms() {
        let words: Vec<String> =
            (0..4_000).map(|nth| format!("{}x{nth}", ["a", "é", "検", "zz"][nth % 4])).collect();
        let text: &'static str = Box::leak(words.join(" ").into_boxed_str());
        let part = made(vec![texts("", "", text, "")]);
        assert!(part.outline.segments.len() > 4, "{}", part.outline.segments.len());
        let mut all = Vec::new();
        part.each_term(&[], None, |_, term| all.push(term));
        let bounds: [&[u8]; 6] = [b"", b"ax1", b"ax12", "éx3".as_bytes(), b"zzx", b"zzx39"];
        for (nth, from) in bounds.iter().enumerate() {
            let to = bounds.get(nth + 1).copied();
            let mut found = Vec::new();
            part.each_term(from, to, |_, term| found.push(term));
            let expected: Vec<&[u8]> =
                all.iter().copied().filter(|term| term >= from && to.is_none_or(|to| *term < to)).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn bodies_are_cut() {
        let long: &'static str = Box::leak(format!("{}zebra", "é ".repeat(50_000)).into_boxed_str());
        assert!(!shown(&made(vec![texts("", "", long, "")])).contains("zebra"));
    }
}
