//! The words of many documents, numbered. The same few thousand words
//! make up all prose, so what stands between two spaces is cut into
//! tokens and stemmed once, and looked up ever after.

use std::collections::HashMap;
use std::ops::Range;

use super::tokens::{self, Pipeline};

/// Longer pieces hardly come twice, and are not remembered.
const MAX_REMEMBERED_BYTES: usize = 64;

/// Words by number, in the order in which they came up.
pub struct Vocabulary {
    pipeline: Pipeline,
    numbers: HashMap<Box<str>, u32>,
    /// Which of `memory` are the words of a piece of text.
    pieces: HashMap<Box<str>, Range<u32>>,
    /// The same for the short ones, which are most: to compare a key of
    /// this map, no text far away has to be read.
    short_pieces: HashMap<u128, Range<u32>>,
    memory: Vec<u32>,
    /// The words of a piece that is not remembered.
    passing: Vec<u32>,
}

impl Vocabulary {
    /// Returns a vocabulary without words.
    pub fn english() -> Self {
        Vocabulary {
            pipeline: Pipeline::english(),
            numbers: HashMap::new(),
            pieces: HashMap::new(),
            short_pieces: HashMap::new(),
            memory: Vec::new(),
            passing: Vec::new(),
        }
    }

    /// Calls `found` with the number of each word of a text, in order.
    /// No token reaches over a space, so the pieces between spaces have
    /// together the tokens of the whole.
    pub fn each_word(&mut self, text: &str, mut found: impl FnMut(u32)) {
        for piece in text.split_whitespace() {
            // Less to remember: `(word,` is `word`.
            let piece = piece.trim_matches(|c: char| c.is_ascii_punctuation());
            self.words(piece).iter().copied().for_each(&mut found);
        }
    }

    fn words(&mut self, piece: &str) -> &[u32] {
        let short = short(piece);
        let known = match &short {
            Some(short) => self.short_pieces.get(short),
            None => self.pieces.get(piece),
        };
        if let Some(range) = known {
            return &self.memory[range.start as usize..range.end as usize];
        }
        self.passing.clear();
        for token in tokens::tokens(piece) {
            if let Some(word) = self.pipeline.word(token) {
                let next = self.numbers.len() as u32;
                self.passing.push(*self.numbers.entry(word.into()).or_insert(next));
            }
        }
        if piece.len() <= MAX_REMEMBERED_BYTES {
            let start = self.memory.len() as u32;
            self.memory.extend(&self.passing);
            let range = start..self.memory.len() as u32;
            match short {
                Some(short) => self.short_pieces.insert(short, range),
                None => self.pieces.insert(piece.into(), range),
            };
        }
        &self.passing
    }

    /// Returns how many words there are.
    pub fn n_words(&self) -> usize {
        self.numbers.len()
    }

    /// Returns the words by number.
    pub fn into_words(self) -> Vec<Box<str>> {
        let mut words = vec![Box::default(); self.numbers.len()];
        #[expect(clippy::iter_over_hash_type, reason = "each word has its place already")]
        for (word, number) in self.numbers {
            words[number as usize] = word;
        }
        words
    }
}

/// Returns a piece of up to 15 bytes as a number of its own.
fn short(piece: &str) -> Option<u128> {
    if piece.len() > 15 {
        return None;
    }
    let mut bytes = [0; 16];
    bytes[..piece.len()].copy_from_slice(piece.as_bytes());
    // The last byte tells `a` from `a` and a zero.
    bytes[15] = piece.len() as u8;
    Some(u128::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Word for word, a text has the tokens that it has as a whole.
    #[track_caller]
    fn check(text: &str) {
        let mut vocabulary = Vocabulary::english();
        let mut numbers = Vec::new();
        vocabulary.each_word(text, |number| numbers.push(number));
        let mut again = Vec::new();
        vocabulary.each_word(text, |number| again.push(number));
        assert_eq!(numbers, again, "of {text:?}");
        let words = vocabulary.into_words();
        let words: Vec<&str> = numbers.iter().map(|number| &*words[*number as usize]).collect();
        let pipeline = Pipeline::english();
        let whole: Vec<String> =
            tokens::tokens(text).into_iter().filter_map(|token| pipeline.word(token)).collect();
        assert_eq!(words, whole, "of {text:?}");
    }

    #[test]
    fn pieces_have_the_words_of_the_whole() {
        check("");
        check("The quick (brown) foxes; the \"quick\", brown: FOXES jumped.");
        check("serde_yaml::from_str, `getUserName()` -- _private_ ../a/b.md don't 'tis ' '' #x");
        check("État Über cafe\u{301} -\u{301}x =\u{338} \u{338}y a\u{a0}b x\u{b4}y ½ ﬁne");
        check("検索サービス「検索」 APIの検 ,検. 索\u{3000}検 が\u{3099}x か\u{3099}");
        check("각 \u{1100}\u{1161} \u{1161}\u{11a8} -\u{489}a \u{489} ʼn İstanbul ẞ");
        check(&format!("{0} {0} {1}{0} {0}", "x".repeat(40), "long-".repeat(9)));
    }

    #[test]
    fn short_pieces_differ_as_their_bytes_do() {
        assert_eq!(short("abc"), short("abc"));
        assert_ne!(short(""), short("\0"));
        assert_ne!(short("a"), short("a\0"));
        assert!(short("fifteen letters").is_some());
        assert!(short("sixteen letters.").is_none());
    }

    #[test]
    fn words_are_numbered_as_they_come() {
        let mut vocabulary = Vocabulary::english();
        vocabulary.each_word("zebra apples, apple", |_| {});
        assert_eq!(vocabulary.into_words(), ["zebra".into(), "appl".into()] as [Box<str>; 2]);
    }
}
