//! The words of a language and their classes, hashed at compile time.

const SLOTS: usize = 1024;

/// No word is longer.
pub(super) const MAX_WORD: usize = 24;

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) class: u8,
    /// The class of the name behind it, as of the function's behind
    /// `fn`; or [`super::PLAIN`].
    pub(super) next: u8,
}

/// Words with a class, and the class of the name behind each.
pub(super) type Group = (u8, u8, &'static str);

/// The words of a language, found by one hash.
pub(super) struct Words {
    groups: &'static [Group],
    /// The group's number plus one, the word's offset and length in it.
    slots: [(u8, u16, u8); SLOTS],
}

impl Words {
    /// Hashes words that are separated by single spaces. Of a word in
    /// two groups the first counts.
    pub(super) const fn new(groups: &'static [Group]) -> Self {
        let mut slots = [(0, 0, 0); SLOTS];
        let mut group = 0;
        while group < groups.len() {
            let text = groups[group].2.as_bytes();
            let mut from = 0;
            while from < text.len() {
                let mut to = from;
                while to < text.len() && text[to] != b' ' {
                    to += 1;
                }
                let mut slot = hash(text, from, to);
                while slots[slot].0 != 0 {
                    slot = (slot + 1) % SLOTS;
                }
                slots[slot] = (group as u8 + 1, from as u16, (to - from) as u8);
                from = to + 1;
            }
            group += 1;
        }
        Words { groups, slots }
    }

    /// Finds a word.
    pub(super) fn get(&self, word: &[u8]) -> Option<Word> {
        if word.is_empty() || word.len() > MAX_WORD {
            return None;
        }
        let mut slot = hash(word, 0, word.len());
        loop {
            let (group, from, len) = self.slots[slot];
            if group == 0 {
                return None;
            }
            let (class, next, text) = self.groups[group as usize - 1];
            let from = from as usize;
            if len as usize == word.len() && text.as_bytes()[from..from + word.len()] == *word {
                return Some(Word { class, next });
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// Finds a word, in whatever case it is written.
    pub(super) fn get_folded(&self, word: &[u8]) -> Option<Word> {
        let mut folded = [0; MAX_WORD];
        let folded = folded.get_mut(..word.len())?;
        folded.copy_from_slice(word);
        folded.make_ascii_lowercase();
        self.get(folded)
    }
}

const fn hash(text: &[u8], from: usize, to: usize) -> usize {
    let len = to - from;
    let first = text[from] as usize;
    let last = text[to - 1] as usize;
    let middle = text[from + len / 2] as usize;
    let second = text[from + (len > 1) as usize] as usize;
    (first * 37 + last * 101 + middle * 263 + second * 643 + len * 1031) % SLOTS
}
