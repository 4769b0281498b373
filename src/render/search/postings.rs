//! Which documents each word stands in, field by field, in two bytes a
//! posting: documents come in order, and most words stand once.

use super::documents::Texts;
use super::index::Field;
use super::vocabulary::Vocabulary;

/// The words of documents that follow one another.
pub struct Postings {
    /// By the number of a word.
    pub words: Vec<Box<str>>,
    /// By field, with the number of the word. Most words stand in one
    /// field alone.
    pub lists: [Vec<(u32, List)>; 4],
    /// How many words each document has, by field.
    pub lengths: Vec<[u32; 4]>,
}

/// The documents of a word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// For each document its distance to the one before, doubled, and
    /// one more if a count follows that is not 1.
    bytes: Vec<u8>,
    last: u32,
    /// How many documents there are.
    pub len: u32,
}

impl List {
    /// Adds a document after all others, by its place among them.
    fn push(&mut self, place: u32, count: u32) {
        let distance = place - self.last;
        self.last = place;
        self.len += 1;
        push_number(&mut self.bytes, u64::from(distance) << 1 | u64::from(count != 1));
        if count != 1 {
            push_number(&mut self.bytes, u64::from(count));
        }
    }

    /// Returns the places of the documents and how often the word stands
    /// in each.
    pub fn iter(&self) -> impl Iterator<Item = (u32, u32)> {
        let mut bytes = &*self.bytes;
        let mut place = 0;
        std::iter::from_fn(move || {
            let head = number(&mut bytes)?;
            place += (head >> 1) as u32;
            let count = if head & 1 == 1 { number(&mut bytes)? as u32 } else { 1 };
            Some((place, count))
        })
    }
}

/// Returns the postings of `n_documents`, whose places among all begin at
/// `first`; `texts` gives the text of each.
pub fn postings<'s>(first: u32, n_documents: usize, texts: impl Fn(u32) -> Texts<'s>) -> Postings {
    let mut vocabulary = Vocabulary::english();
    let mut lists: [Vec<(u32, List)>; 4] = Default::default();
    // Which of the lists is that of a word, by field, counted from 1.
    let mut list_numbers: [Vec<u32>; 4] = Default::default();
    let mut lengths = Vec::with_capacity(n_documents);
    // How often each word stands in the field at hand, and which do.
    let mut counts: Vec<u32> = Vec::new();
    let mut found: Vec<u32> = Vec::new();
    for place in (first..).take(n_documents) {
        let texts = texts(place);
        lengths.push(Field::ALL.map(|field| {
            let mut length = 0;
            for text in &texts[field as usize] {
                vocabulary.each_word(text, |word| {
                    if word as usize >= counts.len() {
                        counts.resize(word as usize + 1, 0);
                    }
                    if counts[word as usize] == 0 {
                        found.push(word);
                    }
                    counts[word as usize] += 1;
                    length += 1;
                });
            }
            let (lists, list_numbers) = (&mut lists[field as usize], &mut list_numbers[field as usize]);
            list_numbers.resize(counts.len(), 0);
            for word in found.drain(..) {
                let list_number = &mut list_numbers[word as usize];
                if *list_number == 0 {
                    lists.push((word, List::default()));
                    *list_number = lists.len() as u32;
                }
                let (_, list) = &mut lists[*list_number as usize - 1];
                list.push(place, std::mem::take(&mut counts[word as usize]));
            }
            length
        }));
    }
    Postings { words: vocabulary.into_words(), lists, lengths }
}

/// Appends a number, seven bits in a byte, the least first.
fn push_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_give_back_what_was_put_in() {
        let documents = [(0, 1), (1, 2), (127, 1), (128, 300), (70_000, 1), (u32::MAX, u32::MAX)];
        let mut list = List::default();
        assert_eq!(list.len, 0);
        for (place, count) in documents {
            list.push(place, count);
        }
        assert_eq!(list.len, 6);
        assert_eq!(list.iter().collect::<Vec<_>>(), documents);
    }

    #[test]
    fn words_are_counted_by_field_and_document() {
        let owned = |texts: Vec<&'static str>| texts.into_iter().map(Into::into).collect::<Vec<_>>();
        let texts = |place: u32| match place {
            7 => [vec!["Tills"], vec![], vec!["till", "tills"], vec!["a till", "money"]].map(owned),
            _ => [vec!["Money"], vec![], vec![], vec!["money for money"]].map(owned),
        };
        let postings = postings(7, 2, texts);
        assert_eq!(postings.words, ["till".into(), "money".into()] as [Box<str>; 2]);
        assert_eq!(postings.lengths, [[1, 0, 2, 2], [1, 0, 0, 2]]);
        let lists = |field: Field| -> Vec<(u32, Vec<(u32, u32)>)> {
            postings.lists[field as usize].iter().map(|(word, list)| (*word, list.iter().collect())).collect()
        };
        assert_eq!(lists(Field::Title), [(0, vec![(7, 1)]), (1, vec![(8, 1)])]);
        assert_eq!(lists(Field::Headings), []);
        assert_eq!(lists(Field::Tags), [(0, vec![(7, 2)])]);
        assert_eq!(lists(Field::Body), [(0, vec![(7, 1)]), (1, vec![(7, 1), (8, 2)])]);
    }
}
