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

use bitcode::{Decode, Encode};

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
    pub n_documents: u32,
    /// See above.
    bytes: Vec<u8>,
    /// Where each term begins.
    starts: Vec<u32>,
    /// How the text of each document begins.
    pub leads: Vec<Box<str>>,
    /// The words of titles as they stand there, and how many titles have
    /// each.
    pub words: Vec<(Box<str>, u32)>,
}

/// A part as the memo keeps it.
#[derive(Encode, Decode)]
pub struct Kept {
    n_documents: u32,
    bytes: Vec<u8>,
    leads: Vec<Box<str>>,
    words: Vec<(Box<str>, u32)>,
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
    let bytes = tally.written();
    let starts = starts(&bytes).unwrap_or_default();
    Part { n_documents: leads.len() as u32, bytes, starts, leads, words: counted(words) }
}

impl Part {
    /// Takes back what the memo has kept.
    pub fn recalled(kept: Kept) -> Option<Part> {
        let Kept { n_documents, bytes, leads, words } = kept;
        let starts = starts(&bytes)?;
        Some(Part { n_documents, bytes, starts, leads, words })
    }

    /// Returns what the memo keeps.
    pub fn kept(&self) -> Kept {
        Kept {
            n_documents: self.n_documents,
            bytes: self.bytes.clone(),
            leads: self.leads.clone(),
            words: self.words.clone(),
        }
    }

    /// Returns how many terms there are.
    pub fn n_terms(&self) -> usize {
        self.starts.len()
    }

    /// Returns a term in sortable bytes.
    pub fn term(&self, idx: usize) -> &[u8] {
        let mut bytes = &self.bytes[self.starts[idx] as usize..];
        term(&mut bytes).unwrap_or_default()
    }

    /// Returns the documents of a term, field by field.
    pub fn lists(&self, idx: usize) -> [List<'_>; 4] {
        let mut bytes = &self.bytes[self.starts[idx] as usize..];
        term(&mut bytes).and_then(|_| lists(&mut bytes)).unwrap_or_default()
    }
}

impl Tally {
    fn document(&mut self, pipeline: &Pipeline, document: u16, texts: &Texts<'_>) {
        // Quarters, of which a word of code counts one.
        let mut length = 0;
        let mut left = MAX_BODY_BYTES;
        for text in texts.prose() {
            length += 4 * self.count(pipeline, cut(text, &mut left), 4);
        }
        for text in texts.code() {
            length += self.count(pipeline, cut(text, &mut left), 1);
        }
        self.list(Field::Body, document, length);

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

    /// Counts the terms of a body; returns how many parts it has.
    fn count(&mut self, pipeline: &Pipeline, text: &str, by: u32) -> u32 {
        let Tally { vocabulary, tallied, found, .. } = self;
        let mut length = 0;
        vocabulary.each_term(pipeline, text, |occurrence| {
            if !occurrence.is_minor() {
                *count_of(tallied, found, occurrence.number()) += by;
                length += u32::from(occurrence.is_part());
            }
        });
        length
    }

    /// Counts the terms of a heading or a tag.
    fn add(&mut self, pipeline: &Pipeline, text: &str) -> u32 {
        let Tally { vocabulary, tallied, found, .. } = self;
        let mut length = 0;
        vocabulary.each_term(pipeline, text, |occurrence| {
            *count_of(tallied, found, occurrence.number()) += 1;
            length += u32::from(occurrence.is_part());
        });
        length
    }

    /// Notes the terms of a title.
    fn say(&mut self, pipeline: &Pipeline, text: &str) -> u32 {
        let Tally { vocabulary, tallied, found, .. } = self;
        let mut length = 0;
        vocabulary.each_term(pipeline, text, |occurrence| {
            *count_of(tallied, found, occurrence.number()) = 1;
            length += u32::from(occurrence.is_part());
        });
        length
    }

    /// Lists the document under all terms that were counted.
    fn list(&mut self, field: Field, document: u16, length: u32) {
        let Tally { tallied, found, terms, postings, .. } = self;
        // Most counts are small, and most of those come again.
        let mut weights = [None; 16];
        for term in found.drain(..) {
            let Tallied { count, place } = &mut tallied[term as usize];
            if *place == 0 {
                terms.push(term);
                *place = terms.len() as u32;
            }
            let count = std::mem::take(count);
            let weight = match weights.get_mut(count as usize) {
                Some(weight) => *weight.get_or_insert_with(|| digits::weight_code(count, length)),
                None => digits::weight_code(count, length),
            };
            postings.push(Posting { list: (*place - 1) << 2 | field as u32, document, weight });
        }
    }

    /// Writes the part, and is ready for the next one.
    fn written(&mut self) -> Vec<u8> {
        let (starts, sorted) = by_list(&self.postings, self.terms.len() * 4);
        let vocabulary = &self.vocabulary;
        let mut order: Vec<(u64, u32)> =
            (0..).zip(&self.terms).map(|(place, term)| (head(vocabulary.term(*term)), place)).collect();
        order.sort_unstable_by(|a, b| {
            let term = |place: u32| vocabulary.term(self.terms[place as usize]);
            a.0.cmp(&b.0).then_with(|| term(a.1).cmp(term(b.1)))
        });
        let mut bytes = Vec::with_capacity(self.postings.len() * 3);
        for (_, place) in order {
            let of_field = |field: usize| {
                let list = place as usize * 4 + field;
                &sorted[starts[list] as usize..starts[list + 1] as usize]
            };
            push_term(&mut bytes, vocabulary.term(self.terms[place as usize]));
            push_lists(&mut bytes, [of_field(0), of_field(1), of_field(2), of_field(3)]);
        }
        for term in self.terms.drain(..) {
            self.tallied[term as usize].place = 0;
        }
        self.postings.clear();
        bytes
    }
}

fn count_of<'c>(tallied: &'c mut Vec<Tallied>, found: &mut Vec<u32>, term: u32) -> &'c mut u32 {
    if term as usize >= tallied.len() {
        tallied.resize(term as usize + 1, Tallied::default());
    }
    let count = &mut tallied[term as usize].count;
    if *count == 0 {
        found.push(term);
    }
    count
}

/// Sorts postings by list; in a list they keep their order, that of the
/// documents. Returns where each list begins.
fn by_list(postings: &[Posting], n_lists: usize) -> (Vec<u32>, Vec<Posting>) {
    let mut starts = vec![0_u32; n_lists + 1];
    for posting in postings {
        starts[posting.list as usize + 1] += 1;
    }
    for list in 0..n_lists {
        starts[list + 1] += starts[list];
    }
    let mut next = starts.clone();
    let mut sorted = vec![Posting::default(); postings.len()];
    for posting in postings {
        let next = &mut next[posting.list as usize];
        sorted[*next as usize] = *posting;
        *next += 1;
    }
    (starts, sorted)
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

fn push_lists(bytes: &mut Vec<u8>, fields: [&[Posting]; 4]) {
    let present = fields.iter().enumerate().map(|(nth, list)| u8::from(!list.is_empty()) << nth).sum();
    bytes.push(present);
    for list in fields {
        let [first, further @ ..] = list else { continue };
        push_number(bytes, list.len() as u32);
        push_number(bytes, u32::from(first.document));
        let Some(last) = further.last() else {
            bytes.push(digits::character(first.weight));
            continue;
        };
        push_number(bytes, u32::from(last.document - first.document));
        // Most lists take less than 128 bytes, and so one for their
        // number; for others, what is written moves on by one.
        let start = bytes.len();
        bytes.push(0);
        bytes.push(digits::character(first.weight));
        let mut before = first.document;
        for posting in further {
            digits::push_number(bytes, u32::from(posting.document - before - 1));
            bytes.push(digits::character(posting.weight));
            before = posting.document;
        }
        let mut n_bytes = Vec::new();
        push_number(&mut n_bytes, (bytes.len() - start - 1) as u32);
        bytes.splice(start..=start, n_bytes);
    }
}

/// Returns where each term begins; `None` if something is wrong.
fn starts(bytes: &[u8]) -> Option<Vec<u32>> {
    let mut starts = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        starts.push((bytes.len() - rest.len()) as u32);
        term(&mut rest)?;
        lists(&mut rest)?;
    }
    Some(starts)
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

    use super::*;
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
        for idx in 0..part.n_terms() {
            text.push_str(std::str::from_utf8(part.term(idx)).unwrap());
            for (field, list) in Field::ALL.into_iter().zip(part.lists(idx)) {
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
        assert_eq!(part.words, [("money".into(), 1), ("tills".into(), 1)]);
        assert_eq!(part.leads[0], "A till and the money".into());
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
        let part = made(documents);
        let again = Part::recalled(bitcode::decode(&bitcode::encode(&part.kept())).unwrap()).unwrap();
        assert_eq!(shown(&part), shown(&again));
        assert_eq!(again.lists(2)[Field::Body as usize].n_documents, 600);
        let mut kept = part.kept();
        kept.bytes.truncate(kept.bytes.len() - 1);
        assert!(Part::recalled(kept).is_none(), "it is cut off");
    }

    #[test]
    fn bodies_are_cut() {
        let long: &'static str = Box::leak(format!("{}zebra", "é ".repeat(50_000)).into_boxed_str());
        assert!(!shown(&made(vec![texts("", "", long, "")])).contains("zebra"));
    }
}
