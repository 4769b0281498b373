//! The terms of many documents, numbered. The same few thousand words
//! make up all prose, so what stands between two spaces is cut into
//! tokens and stemmed once, and looked up ever after.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use crate::model::doc::Words;

use super::tokens::{self, Pipeline, Role};

/// Longer pieces hardly come twice, and are not remembered.
const MAX_REMEMBERED_BYTES: usize = 64;
/// Up to this they are numbers of their own.
const MAX_SHORT: usize = 15;
/// So many sets of pieces lie close at hand.
const N_SETS: usize = 16_384;
/// Room for so many short pieces and terms is made at once.
const N_EXPECTED: usize = 1 << 14;
/// So many pieces are looked for at the same time.
const N_AHEAD: usize = 16;
/// Longer ones, of which there are few, don't.
const MAX_CLOSE: usize = 11;
/// So many pieces are remembered; a vocabulary that has more is full.
const MAX_PIECES: usize = 400_000;

/// A term of a text: its number, and what it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence(u32);

/// The only term of a piece, or where its terms are in the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known(u32);

/// A piece of a text that is looked for.
#[derive(Debug, Clone, Copy)]
struct Ahead {
    start: usize,
    end: usize,
    /// Of a short one.
    short: Short,
    /// Where it may be close at hand.
    set: usize,
}

impl Default for Ahead {
    fn default() -> Self {
        Ahead { start: 0, end: 0, short: Short([0; 2]), set: 0 }
    }
}

/// Marks a place in the memory.
const SEVERAL: u32 = 1 << 31;

impl Occurrence {
    fn new(number: u32, role: Role, is_minor: bool) -> Self {
        Occurrence(number << 2 | u32::from(role == Role::Part) << 1 | u32::from(is_minor))
    }

    /// Returns the number of the term.
    pub fn number(self) -> u32 {
        self.0 >> 2
    }

    /// Tells whether it is a piece of its own, not one of several.
    pub fn is_part(self) -> bool {
        self.0 & 2 != 0
    }

    /// See [`tokens::Term::is_minor`].
    pub fn is_minor(self) -> bool {
        self.0 & 1 != 0
    }
}

/// Terms by number, in the order in which they came up.
pub struct Vocabulary {
    numbers: HashMap<Box<[u8]>, u32, Seed>,
    /// The same for the short ones.
    short_numbers: HashMap<Short, u32, Seed>,
    /// All terms, in bytes that sort as JavaScript sorts text.
    terms: Words,
    /// The terms of a piece of text.
    pieces: HashMap<Box<str>, Known, Seed>,
    /// The same for the short ones, which are most: to compare a key of
    /// this map, no text far away has to be read. Small as it is,
    /// much of it stays where the processor reads fast.
    short: HashMap<Short, Known, Seed>,
    /// The pieces that came last, by their hash. Most of a text is a few
    /// thousand words, and these lie together here.
    close: Vec<Close>,
    seed: Seed,
    /// A word that stands with a capital letter, without it.
    small: String,
    /// The terms of pieces that have several, after their number.
    memory: Vec<Occurrence>,
    /// The terms of a piece that is not remembered.
    passing: Vec<Occurrence>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        let seed = Seed::default();
        Vocabulary {
            numbers: HashMap::with_hasher(seed),
            short_numbers: HashMap::with_capacity_and_hasher(N_EXPECTED, seed),
            terms: Words::default(),
            pieces: HashMap::with_hasher(seed),
            short: HashMap::with_capacity_and_hasher(N_EXPECTED, seed),
            close: vec![Close::default(); N_SETS],
            seed,
            small: String::new(),
            memory: Vec::new(),
            passing: Vec::new(),
        }
    }
}

impl Vocabulary {
    /// Calls `found` with the terms of a text, some at a time and in any
    /// order. No token reaches over a space, so the pieces between spaces
    /// have together the tokens of the whole.
    pub fn each_terms(&mut self, pipeline: &Pipeline, text: &str, mut found: impl FnMut(&[Occurrence])) {
        let mut ahead = [Ahead::default(); N_AHEAD];
        let mut single = [Occurrence(0); N_AHEAD];
        let mut at = 0;
        loop {
            let mut n_ahead = 0;
            for next in &mut ahead {
                let Some((start, end)) = next_piece(text.as_bytes(), at) else { break };
                at = end;
                *next = self.ahead(text, start, end);
                n_ahead += 1;
            }
            if n_ahead == 0 {
                return;
            }
            // What lies far away is on its way here before the first of
            // it is needed, instead of being waited for each time.
            let near = ahead[..n_ahead].iter().fold(0, |near, piece| near ^ self.close[piece.set].low[0]);
            std::hint::black_box(near);
            let mut n_single = 0;
            for piece in &ahead[..n_ahead] {
                match self.known(text, piece) {
                    Some(Known(of)) if of & SEVERAL == 0 => {
                        single[n_single] = Occurrence(of);
                        n_single += 1;
                    }
                    Some(Known(of)) => {
                        let start = (of & !SEVERAL) as usize;
                        let n = self.memory[start].0 as usize;
                        found(&self.memory[start + 1..=start + n]);
                    }
                    None => {
                        self.learn(pipeline, &text[piece.start..piece.end]);
                        found(&self.passing);
                    }
                }
            }
            found(&single[..n_single]);
        }
    }

    fn ahead(&self, text: &str, start: usize, end: usize) -> Ahead {
        let n_bytes = end - start;
        let mut ahead = Ahead { start, end, ..Ahead::default() };
        if n_bytes <= MAX_SHORT {
            ahead.short = short_at(text, start, end);
        }
        if n_bytes <= MAX_CLOSE {
            let mut hash = Folded(self.seed.0);
            ahead.short.hash(&mut hash);
            ahead.set = hash.finish() as usize % N_SETS;
        }
        ahead
    }

    fn known(&mut self, text: &str, ahead: &Ahead) -> Option<Known> {
        let Ahead { start, end, short, set } = *ahead;
        let n_bytes = end - start;
        if n_bytes > MAX_SHORT {
            return self.pieces.get(&text[start..end]).copied();
        }
        if n_bytes > MAX_CLOSE {
            return self.short.get(&short).copied();
        }
        let close = &mut self.close[set];
        if let Some(known) = close.find(short) {
            return Some(known);
        }
        let known = self.short.get(&short).copied()?;
        close.add(short, known);
        Some(known)
    }

    /// Finds the terms of a piece, and remembers them unless it is long.
    fn learn(&mut self, pipeline: &Pipeline, piece: &str) {
        self.passing.clear();
        if is_plain_word(piece) {
            let mut small = std::mem::take(&mut self.small);
            small.clear();
            small.push_str(piece);
            small.make_ascii_lowercase();
            self.pass(pipeline, &small, Role::Part);
            self.small = small;
        } else {
            for token in tokens::tokens(piece) {
                self.pass(pipeline, &token.text, token.role);
            }
        }
        if piece.len() > MAX_REMEMBERED_BYTES {
            return;
        }
        let known = match *self.passing {
            [Occurrence(only)] => Known(only),
            _ => {
                let start = self.memory.len() as u32;
                self.memory.push(Occurrence(self.passing.len() as u32));
                self.memory.extend(&self.passing);
                Known(start | SEVERAL)
            }
        };
        match piece.len() > MAX_SHORT {
            true => self.pieces.insert(piece.into(), known),
            false => self.short.insert(short(piece.as_bytes()), known),
        };
    }

    fn pass(&mut self, pipeline: &Pipeline, token: &str, role: Role) {
        let term = pipeline.term(token);
        let number = match term.text.is_ascii() {
            true => self.number(term.text.as_bytes()),
            false => self.number(&sortable(&term.text)),
        };
        self.passing.push(Occurrence::new(number, role, term.is_minor));
    }

    /// Returns the number of a term, a new one if need be.
    pub fn number(&mut self, term: &[u8]) -> u32 {
        let number = self.terms.ends.len() as u32;
        if term.len() <= MAX_SHORT {
            match self.short_numbers.entry(short(term)) {
                Entry::Occupied(known) => return *known.get(),
                Entry::Vacant(vacant) => vacant.insert(number),
            };
        } else {
            if let Some(known) = self.numbers.get(term) {
                return *known;
            }
            self.numbers.insert(term.into(), number);
        }
        self.terms.bytes.extend_from_slice(term);
        self.terms.ends.push(self.terms.bytes.len() as u32);
        number
    }

    /// Returns a term in bytes that sort as JavaScript sorts text.
    pub fn term(&self, number: u32) -> &[u8] {
        self.terms.word(number)
    }

    /// Returns all terms by number.
    pub fn into_words(self) -> Words {
        self.terms
    }

    /// Forgets pieces, if there are so many that to know them takes more
    /// room than it saves time. Terms keep their numbers.
    pub fn forget_pieces_if_full(&mut self) {
        if self.pieces.len() + self.short.len() > MAX_PIECES {
            self.pieces = HashMap::with_hasher(self.seed);
            self.short = HashMap::with_hasher(self.seed);
            self.close.fill(Close::default());
            self.memory = Vec::new();
        }
    }

    /// Returns how many terms there are.
    pub fn n_terms(&self) -> usize {
        self.terms.ends.len()
    }

    /// Tells whether there are so many pieces that a new vocabulary takes
    /// less room than a longer one saves time.
    pub fn is_full(&self) -> bool {
        self.pieces.len() + self.short.len() > MAX_PIECES || self.terms.bytes.len() > 64 << 20
    }
}

/// Returns text in bytes that sort as JavaScript sorts it: by UTF-16
/// units, in which characters beyond U+FFFF come before U+E000.
pub fn sortable(text: &str) -> Vec<u8> {
    let moved = |byte: u8| if matches!(byte, 0xee | 0xef) { byte + 7 } else { byte };
    text.bytes().map(moved).collect()
}

/// Appends the text of sortable bytes.
pub fn push_sorted(out: &mut Vec<u8>, term: &[u8]) {
    if term.is_ascii() {
        return out.extend_from_slice(term);
    }
    let back = |byte: &u8| if matches!(byte, 0xf5 | 0xf6) { byte - 7 } else { *byte };
    out.extend(term.iter().map(back));
}

/// What a byte is to pieces: part of them, punctuation, or a space.
const CLASSES: [u8; 256] = classes();
const PART: u8 = 0;
const PUNCTUATION: u8 = 1;
const SPACE: u8 = 2;

const fn classes() -> [u8; 256] {
    let mut classes = [PART; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        classes[byte as usize] = match byte {
            byte if byte.is_ascii_whitespace() => SPACE,
            byte if byte.is_ascii_punctuation() => PUNCTUATION,
            _ => PART,
        };
        byte += 1;
    }
    classes
}

/// Returns where the next piece begins and ends: what stands between two
/// spaces, without the ASCII punctuation at both ends, since there is
/// less to remember if `(word,` is `word`.
fn next_piece(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    let class = |byte: &u8| CLASSES[usize::from(*byte)];
    let start = from + bytes[from..].iter().position(|byte| class(byte) == PART)?;
    // Most are a word and a space, or a sign between them.
    if let Some(block) = bytes[start..].first_chunk() {
        let n_letters = n_letters(block);
        let behind = |n: usize| block.get(n_letters + n).map(class);
        match behind(0) {
            Some(SPACE) => return Some((start, start + n_letters)),
            Some(PUNCTUATION) if behind(1) == Some(SPACE) => return Some((start, start + n_letters)),
            _ => {}
        }
    }
    let mut end = start + 1;
    for (n, byte) in bytes[start + 1..].iter().enumerate() {
        match class(byte) {
            PART => end = start + 2 + n,
            SPACE => break,
            _ => {}
        }
    }
    Some((start, end))
}

/// Returns how many letters, digits and bytes of other scripts a block
/// begins with: eight bytes are looked at together, and none of them
/// decides where the processor goes on.
fn n_letters(block: &[u8; 16]) -> usize {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    const ONES: u64 = 0x0101_0101_0101_0101;
    let others = |bytes: u64| {
        let low = bytes & !HIGH;
        let small = low | (0x20 * ONES);
        // The highest bit of a byte is set where it is no less than that.
        let from = |bytes: u64, least: u8| bytes + (0x80 - u64::from(least)) * ONES;
        let letters = from(small, b'a') & !from(small, b'z' + 1);
        let digits = from(low, b'0') & !from(low, b'9' + 1);
        !(letters | digits | bytes) & HIGH
    };
    let block = u128::from_le_bytes(*block);
    let others = u128::from(others(block as u64)) | u128::from(others((block >> 64) as u64)) << 64;
    others.trailing_zeros() as usize / 8
}

/// Tells whether a piece is a word that is its only token: letters of
/// ASCII, of which none but the first is a capital.
fn is_plain_word(piece: &str) -> bool {
    let is_rest = |rest: &[u8]| rest.iter().all(u8::is_ascii_lowercase);
    piece.len() <= tokens::MAX_CHARS
        && piece
            .as_bytes()
            .split_first()
            .is_some_and(|(first, rest)| first.is_ascii_alphabetic() && is_rest(rest))
}

/// Four pieces of one hash, in as many bytes as a processor reads at once.
/// What is found moves forward, what is new goes to the end.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct Close {
    low: [u64; 4],
    high: [u32; 4],
    known: [u32; 4],
}

impl Close {
    /// Returns the other half of a piece of up to 11 bytes: three of them,
    /// and how many there are.
    fn high(short: Short) -> u32 {
        short.0[1] as u32 | (short.0[1] >> 32) as u32
    }

    fn find(&mut self, short: Short) -> Option<Known> {
        let (low, high) = (short.0[0], Close::high(short));
        // Without a branch for each: which it is cannot be foretold.
        let is_at = |at: usize| u32::from((self.low[at] == low) & (self.high[at] == high)) << at;
        let found = is_at(0) | is_at(1) | is_at(2) | is_at(3);
        if found == 0 {
            return None;
        }
        let at = found.trailing_zeros() as usize;
        let known = self.known[at];
        if at > 0 {
            self.low.swap(at, at - 1);
            self.high.swap(at, at - 1);
            self.known.swap(at, at - 1);
        }
        Some(Known(known))
    }

    fn add(&mut self, short: Short, known: Known) {
        (self.low[3], self.high[3], self.known[3]) = (short.0[0], Close::high(short), known.0);
    }
}

/// A piece of up to 15 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Short([u64; 2]);

impl Hash for Short {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u128(u128::from(self.0[0]) | u128::from(self.0[1]) << 64);
    }
}

/// Returns a piece of 1 to 15 bytes as [`short`] does, taking it out of
/// the text around it, which takes no look at how long it is.
fn short_at(text: &str, start: usize, end: usize) -> Short {
    let block = text.as_bytes().get(start..).and_then(<[u8]>::first_chunk::<16>);
    let (Some(block), n @ 1..=15) = (block, end - start) else { return short(&text.as_bytes()[start..end]) };
    let bytes = u128::from_le_bytes(*block) & (u128::MAX >> (128 - 8 * n));
    Short([bytes as u64, (bytes >> 64) as u64 | (n as u64) << 56])
}

/// Returns a piece of up to 15 bytes as two numbers of its own: its bytes
/// from the lowest on, and in the highest how many they are. It is read in
/// overlapping words, since copying it to read it back makes the processor
/// wait.
fn short(bytes: &[u8]) -> Short {
    let n = bytes.len();
    let (low, high) = match (bytes.first_chunk(), bytes.last_chunk(), bytes.first_chunk(), bytes.last_chunk())
    {
        (Some(first), Some(last), ..) if n > 8 => {
            (u64::from_le_bytes(*first), u64::from_le_bytes(*last) >> (8 * (16 - n)))
        }
        (Some(all), ..) => (u64::from_le_bytes(*all), 0),
        (.., Some(first), Some(last)) => {
            let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
            (u64::from(first) | u64::from(last) << (8 * (n - 4)), 0)
        }
        _ => (bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)), 0),
    };
    Short([low, high | (n as u64) << 56])
}

/// Hashes fast, and differently in every run, so that no text can be
/// written whose words collide. The order of a map never shows.
#[derive(Clone, Copy)]
struct Seed(u64);

impl Default for Seed {
    fn default() -> Self {
        Seed(RandomState::new().hash_one(0_u8) | 1)
    }
}

impl BuildHasher for Seed {
    type Hasher = Folded;

    fn build_hasher(&self) -> Folded {
        Folded(self.0)
    }
}

/// A hash by multiplying and folding the halves of the product.
struct Folded(u64);

impl Folded {
    fn add(&mut self, low: u64, high: u64) {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let product = u128::from(low ^ self.0) * u128::from(high ^ self.0.rotate_left(32) ^ ODD);
        self.0 = (product >> 64) as u64 ^ product as u64 ^ self.0.rotate_left(17);
    }
}

impl Hasher for Folded {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(16) {
            let mut block = [0; 16];
            block[..chunk.len()].copy_from_slice(chunk);
            self.write_u128(u128::from_le_bytes(block));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(u64::from(byte), 1);
    }

    fn write_usize(&mut self, number: usize) {
        self.add(number as u64, 2);
    }

    fn write_u128(&mut self, number: u128) {
        self.add(number as u64, (number >> 64) as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::config::Config;

    /// Word for word, a text has the terms that it has as a whole.
    #[track_caller]
    fn check(text: &str) {
        let pipeline = Pipeline::of(&Config::of_folder("/portal".into()));
        let mut vocabulary = Vocabulary::default();
        let mut found = Vec::new();
        vocabulary.each_terms(&pipeline, text, |terms| found.extend_from_slice(terms));
        let mut again = Vec::new();
        vocabulary.each_terms(&pipeline, text, |terms| again.extend_from_slice(terms));
        again.sort_by_key(|occurrence| occurrence.0);
        let mut sorted = found.clone();
        sorted.sort_by_key(|occurrence| occurrence.0);
        assert_eq!(sorted, again, "of {text:?}");
        let mut terms: Vec<(Vec<u8>, bool)> =
            found.iter().map(|found| (vocabulary.term(found.number()).to_vec(), found.is_part())).collect();
        let mut whole: Vec<(Vec<u8>, bool)> = tokens::tokens(text)
            .into_iter()
            .map(|token| (sortable(&pipeline.term(&token.text).text), token.role == Role::Part))
            .collect();
        // Exact forms come last in a text, and last in each piece.
        terms.sort();
        whole.sort();
        whole.dedup();
        terms.dedup();
        assert_eq!(terms, whole, "of {text:?}");
    }

    #[test]
    fn short_pieces_are_numbers_of_their_own() {
        let text = "abcdefghijklmno";
        for n in 0..=MAX_SHORT {
            let mut bytes = [0; 16];
            bytes[..n].copy_from_slice(&text.as_bytes()[..n]);
            bytes[15] = n as u8;
            let number = u128::from_le_bytes(bytes);
            let expected = Short([number as u64, (number >> 64) as u64]);
            assert_eq!(short(&text.as_bytes()[..n]), expected, "{n}");
            assert_eq!(short_at(&format!("- {text}, and more"), 2, 2 + n), expected, "{n}");
            assert_eq!(short_at(&text[..n], 0, n), expected, "{n}");
        }
    }

    #[test]
    fn pieces_end_at_spaces_and_lose_punctuation() {
        let text = "  (word, -- a\tb--c\u{a0}é) \u{b}.";
        let mut pieces = Vec::new();
        let mut at = 0;
        while let Some((start, end)) = next_piece(text.as_bytes(), at) {
            pieces.push(&text[start..end]);
            at = end;
        }
        assert_eq!(pieces, ["word", "a", "b--c\u{a0}é", "\u{b}"]);
        let trimmed = |piece: &'static str| piece.trim_matches(|c: char| c.is_ascii_punctuation());
        let expected: Vec<&str> = text
            .to_string()
            .leak()
            .split_ascii_whitespace()
            .map(trimmed)
            .filter(|it| !it.is_empty())
            .collect();
        assert_eq!(pieces, expected);
    }

    #[test]
    fn every_byte_is_the_same_in_a_block_and_alone() {
        for byte in 0..=127_u8 {
            for (before, behind) in [("ab", " x y"), ("Zz09", ", x"), ("é", "- x"), ("", "x x")] {
                let text = format!("{before}{}{behind}", char::from(byte));
                let long = format!("{text} and further words");
                let pieces = |text: &str| {
                    let mut at = 0;
                    let next = std::iter::from_fn(|| {
                        let piece = next_piece(text.as_bytes(), at)?;
                        at = piece.1;
                        Some(piece)
                    });
                    next.collect::<Vec<_>>()
                };
                let short = pieces(&text);
                assert_eq!(short, pieces(&long)[..short.len()], "{text:?}");
            }
        }
    }

    #[test]
    fn close_pieces_are_told_apart() {
        let pieces = ["a", "ab", "aaaaaaaa", "aaaaaaaaa", "aaaaaaaab", "aaaaaaaaaaa", "aaaaaaaaaab"];
        for (nth, piece) in pieces.iter().enumerate() {
            let mut close = Close::default();
            assert_eq!(close.find(short(piece.as_bytes())), None);
            close.add(short(piece.as_bytes()), Known(7));
            for (other, piece) in pieces.iter().enumerate() {
                assert_eq!(close.find(short(piece.as_bytes())).is_some(), nth == other, "{piece}");
            }
        }
        let mut close = Close::default();
        for (nth, piece) in pieces.iter().enumerate() {
            close.add(short(piece.as_bytes()), Known(nth as u32));
            for _ in 0..3 {
                assert_eq!(
                    close.find(short(piece.as_bytes())),
                    Some(Known(nth as u32)),
                    "it moves to the front"
                );
            }
        }
        assert_eq!(close.find(short(pieces[0].as_bytes())), None, "it had to go");
        assert_eq!(close.find(short(pieces[3].as_bytes())), Some(Known(3)));
    }

    #[test]
    fn pieces_have_the_terms_of_the_whole() {
        check("");
        check("Checkout Services checkout a A HTML html x9 Über");
        check("The quick (brown) foxes; the \"quick\", brown: FOXES jumped.");
        check("serde_yaml::from_str, `getUserName()` -- _private_ ../a/b.md don't 'tis ' '' #x");
        check("État Über cafe\u{301} -\u{301}x =\u{338} \u{338}y a\u{a0}b x\u{b4}y ½ ﬁne");
        check("検索サービス「検索」 APIの検 ,検. 索\u{3000}検 が\u{3099}x か\u{3099}");
        check("각 \u{1100}\u{1161} \u{1161}\u{11a8} -\u{489}a \u{489} ʼn İstanbul ẞ");
        check(&format!("{0} {0} {1}{0} {0}", "x".repeat(40), "long-".repeat(9)));
    }

    #[test]
    fn short_pieces_differ_as_their_bytes_do() {
        assert_eq!(short(b"abc"), short(b"abc"));
        assert_ne!(short(b""), short(b"\0"));
        assert_ne!(short(b"a"), short(b"a\0"));
        assert_ne!(short(b"fifteen letter"), short(b"fifteen letter\0"));
    }

    #[test]
    fn terms_sort_as_in_javascript() {
        let mut words = ["z", "é", "\u{ffee}", "\u{20000}", "a", "\u{e001}", "検"];
        words.sort_by_key(|word| word.encode_utf16().collect::<Vec<u16>>());
        assert!(words.is_sorted_by_key(|word| sortable(word)));
        for word in words {
            let mut out = Vec::new();
            push_sorted(&mut out, &sortable(word));
            assert_eq!(out, word.as_bytes());
        }
    }

    #[test]
    fn terms_are_numbered_as_they_come() {
        let pipeline = Pipeline::of(&Config::of_folder("/portal".into()));
        let mut vocabulary = Vocabulary::default();
        vocabulary.each_terms(&pipeline, "zebra apples, apple", |_| {});
        assert_eq!(vocabulary.n_terms(), 2);
        assert_eq!((vocabulary.term(0), vocabulary.term(1)), (&b"zebra"[..], &b"appl"[..]));
    }
}
