//! What the dialect adds inside of text: `==mark==`, `^^insert^^`,
//! `~~delete~~`, `H~2~O`, `x^2^`, bare addresses, `:emoji:`.
//!
//! pulldown-cmark has resolved escapes already, so only text that reads
//! the same in the source counts: an escaped mark is its own piece of
//! text behind a backslash.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::base::text::{bytes_of, position};
use crate::model::extensions::{Extensions, Signs};

use super::super::Flavour;
use super::{Run, keys, magic};

/// How far a single mark of sub- or superscript may reach, in bytes.
const MAX_SCRIPT: usize = 200;

/// The longest bare address.
const MAX_URL: usize = 2000;

/// Bytes that something other than text may begin with. Addresses, which
/// begin with common letters, are looked for apart.
const BEGINS_MARK: [bool; 256] = bytes_of(b"=^~@:+-<({#!");

/// What is looked at to tell whether text is plain: every address has a
/// full stop or a colon.
const IS_ODD: [bool; 256] = bytes_of(b"=^~@:+-<({.");

/// What is no part of a host.
const ENDS_HOST: [bool; 256] = ends_host();

const fn ends_host() -> [bool; 256] {
    let mut ends = [true; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        ends[byte as usize] = !(byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-');
        byte += 1;
    }
    ends
}

/// What addresses begin with.
const BEGINS_ADDRESS: [bool; 256] = bytes_of(b"hw");

/// Returns where the next address may begin.
fn address(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(step) = position(&bytes[from..], &BEGINS_ADDRESS) {
        let at = from + step;
        if bytes[at..].starts_with(b"http") || bytes[at..].starts_with(b"www.") {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// The same where digits may stand for something else.
const BEGINS_NUMBER: [bool; 256] = {
    let mut table = BEGINS_MARK;
    let bytes = b"0123456789";
    let mut idx = 0;
    while idx < bytes.len() {
        table[bytes[idx] as usize] = true;
        idx += 1;
    }
    // `c/o`, in care of.
    table[b'c' as usize] = true;
    table
};

/// The same where shorthands of a host are read: a commit is hexadecimal.
const BEGINS_SHORTHAND: [bool; 256] = {
    let mut table = BEGINS_NUMBER;
    let bytes = b"?abdef";
    let mut idx = 0;
    while idx < bytes.len() {
        table[bytes[idx] as usize] = true;
        idx += 1;
    }
    table
};

/// Characters, the sign that they stand for, and whether they do so on a
/// site.
type Sign = (&'static str, &'static str, fn(&Signs) -> bool);

const SIGNS: [Sign; 9] = [
    ("(tm)", "\u{2122}", |signs| signs.trademark),
    ("(c)", "\u{a9}", |signs| signs.copyright),
    ("(r)", "\u{ae}", |signs| signs.registered),
    ("+/-", "\u{b1}", |signs| signs.plusminus),
    ("-->", "\u{2192}", |signs| signs.arrows),
    ("<-->", "\u{2194}", |signs| signs.arrows),
    ("<--", "\u{2190}", |signs| signs.arrows),
    ("=/=", "\u{2260}", |signs| signs.notequal),
    ("c/o", "\u{2105}", |signs| signs.care_of),
];

/// Fractions that have a character of their own.
const FRACTIONS: [(&str, &str); 15] = [
    ("1/4", "\u{bc}"),
    ("1/2", "\u{bd}"),
    ("3/4", "\u{be}"),
    ("1/3", "\u{2153}"),
    ("2/3", "\u{2154}"),
    ("1/5", "\u{2155}"),
    ("2/5", "\u{2156}"),
    ("3/5", "\u{2157}"),
    ("4/5", "\u{2158}"),
    ("1/6", "\u{2159}"),
    ("5/6", "\u{215a}"),
    ("1/8", "\u{215b}"),
    ("3/8", "\u{215c}"),
    ("5/8", "\u{215d}"),
    ("7/8", "\u{215e}"),
];

/// Tells whether a site asks for signs that a glance at a text does not
/// find, see [`is_plain`].
pub(super) fn reads_numbers(signs: &Signs) -> bool {
    signs.fractions || signs.ordinal_numbers || signs.care_of
}

/// A piece of a run.
#[derive(Debug)]
pub(super) enum Token<'e> {
    Text(Cow<'e, str>),
    /// A mark that has not found its partner is text.
    Mark(Mark),
    Open(Mark),
    Close,
    Url {
        text: &'e str,
        target: String,
        start: usize,
    },
    Emoji {
        name: &'e str,
        emoji: &'static str,
    },
    /// The shortcode of an icon, such as `:material-clock:`.
    Icon(&'e str),
    /// A sign for a few characters, such as an arrow.
    Sign(&'static str),
    /// Keys to press together.
    Keys(Vec<Cow<'e, str>>),
    /// A shorthand, or an address that is shown as one, and its place.
    Magic(Box<magic::Found>, Range<usize>),
    /// What is typeset: as it was written, and text with references.
    Typeset {
        plain: &'static str,
        html: Cow<'e, str>,
    },
    Event(Event<'e>, Range<usize>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Highlight,
    Insert,
    Delete,
    /// GitHub's short form of it.
    Strike,
    Sub,
    Sup,
    /// Marks of a critic, `{++ … ++}` and the like.
    Added,
    Removed,
    Replaced,
    Noticed,
    Remarked,
}

/// The marks of critics: what opens one, what closes it.
const CRITIC: [(&str, &str, Mark); 5] = [
    ("{++", "++}", Mark::Added),
    ("{--", "--}", Mark::Removed),
    ("{~~", "~>", Mark::Replaced),
    ("{==", "==}", Mark::Noticed),
    ("{>>", "<<}", Mark::Remarked),
];

impl Mark {
    pub(super) fn text(self) -> &'static str {
        match self {
            Mark::Highlight => "==",
            Mark::Insert => "^^",
            Mark::Delete => "~~",
            Mark::Strike => "~",
            Mark::Sub => "~",
            Mark::Sup => "^",
            Mark::Added => "{++",
            Mark::Removed => "{--",
            Mark::Replaced => "{~~",
            Mark::Noticed => "{==",
            Mark::Remarked => "{>>",
        }
    }
}

/// Returns the tags of a mark.
pub(super) fn tags(mark: Mark) -> (&'static str, &'static str) {
    match mark {
        Mark::Highlight => ("<mark>", "</mark>"),
        Mark::Insert => ("<ins>", "</ins>"),
        Mark::Delete | Mark::Strike => ("<del>", "</del>"),
        Mark::Sub => ("<sub>", "</sub>"),
        Mark::Sup => ("<sup>", "</sup>"),
        Mark::Added => ("<ins class=\"critic\">", "</ins>"),
        Mark::Removed | Mark::Replaced => ("<del class=\"critic\">", "</del>"),
        Mark::Noticed => ("<mark class=\"critic\">", "</mark>"),
        Mark::Remarked => ("<span class=\"critic comment\">", "</span>"),
    }
}

/// Tells whether a run, as most are, has nothing of the dialect in it:
/// no mark, address, shortcode or attribute list, and no image, whose
/// alternative text needs looking ahead. Such a run is its own tokens.
pub(super) fn is_plain(run: &Run) -> bool {
    run.iter().all(|(event, _)| match event {
        Event::Text(text) => is_plain_text(text.as_bytes()),
        Event::Start(Tag::Image { .. }) => false,
        _ => true,
    })
}

fn is_plain_text(text: &[u8]) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_+-".contains(byte);
    let mut from = 0;
    while let Some(step) = position(&text[from..], &IS_ODD) {
        let at = from + step;
        let (begin, after) = (text[at], &text[at + 1..]);
        let is_word = match begin {
            // Of every address the one or the other is a part.
            b'.' => !text[..at].ends_with(b"www"),
            b':' if after.starts_with(b"//") => false,
            b'@' => !may_be_email(text, at),
            b'+' => !after.starts_with(b"+") && !after.starts_with(b"/-"),
            b'-' => !after.starts_with(b"->") && !after.starts_with(b"-}"),
            b'<' => !after.starts_with(b"-") && !after.starts_with(b"<}"),
            b'(' => ![&b"c)"[..], b"r)", b"tm)"].iter().any(|sign| after.starts_with(sign)),
            // The name of an emoji may go on in the next event.
            b':' => after.first().is_some_and(|byte| !is_name(byte)),
            _ => false,
        };
        if !is_word {
            return false;
        }
        from = at + 1;
    }
    true
}

/// Tells whether the address of a mail may stand around a `@`. Its
/// name may begin in the event before.
fn may_be_email(text: &[u8], at: usize) -> bool {
    let n_before = text[..at].iter().rev().take(65).take_while(|byte| is_local(byte)).count();
    let is_cut = n_before == at;
    let is_named = (1..=64).contains(&n_before) && text[at - n_before].is_ascii_alphanumeric();
    (is_cut || is_named) && host_length(&text[at + 1..]).is_some()
}

/// Tells whether a byte may stand in the name before a `@`.
fn is_local(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._%+-".contains(byte)
}

/// Returns the length of the host that a text begins with, if it is that
/// of an address: a name, and a domain of letters.
fn host_length(text: &[u8]) -> Option<usize> {
    let host = &text[..text.len().min(254)];
    let mut length = position(host, &ENDS_HOST).unwrap_or(host.len());
    if !host[..length].contains(&b'.') {
        return None;
    }
    while length > 0 && matches!(text[length - 1], b'.' | b'-') {
        length -= 1;
    }
    let n_domain = text[..length].iter().rev().take_while(|byte| **byte != b'.').count();
    let domain = &text[length - n_domain..length];
    let is_address = length > n_domain + 1 && n_domain >= 2 && domain.iter().all(u8::is_ascii_alphabetic);
    is_address.then_some(length)
}

/// Splits a run into tokens.
pub(super) fn tokens<'e>(
    source: &'e str,
    run: &mut Run<'e>,
    flavour: Flavour,
    extensions: &'e Extensions,
) -> Vec<Token<'e>> {
    let reads_numbers = flavour == Flavour::TechDocs && reads_numbers(&extensions.signs);
    let mut scanner = Scanner {
        source,
        flavour,
        extensions,
        begins: match reads_numbers {
            _ if extensions.magic.as_ref().is_some_and(|magic| magic.reads_references) => &BEGINS_SHORTHAND,
            true => &BEGINS_NUMBER,
            false => &BEGINS_MARK,
        },
        tokens: Vec::with_capacity(run.len()),
        open: Vec::new(),
        depth: 0,
        n_links: 0,
        letters: None,
    };
    let mut verbatim: Option<Range<usize>> = None;
    for (event, range) in run.drain(..) {
        if let Event::Text(text) = &event
            && source.get(range.clone()) == Some(&**text)
        {
            verbatim = match verbatim {
                Some(before) if before.end == range.start => Some(before.start..range.end),
                Some(before) => {
                    scanner.scan(before);
                    Some(range)
                }
                None => Some(range),
            };
            continue;
        }
        if let Some(before) = verbatim.take() {
            scanner.scan(before);
        }
        scanner.event(event, range);
    }
    if let Some(before) = verbatim {
        scanner.scan(before);
    }
    scanner.tokens
}

struct OpenMark {
    mark: Mark,
    token_idx: usize,
    depth: usize,
}

struct Scanner<'e> {
    source: &'e str,
    flavour: Flavour,
    extensions: &'e Extensions,
    /// Bytes that something other than text may begin with.
    begins: &'static [bool; 256],
    tokens: Vec<Token<'e>>,
    /// Marks that wait for their partner.
    open: Vec<OpenMark>,
    depth: usize,
    n_links: usize,
    /// Where a text begins, and whether `(b)` is in it.
    letters: Option<(usize, bool)>,
}

impl<'e> Scanner<'e> {
    fn event(&mut self, event: Event<'e>, range: Range<usize>) {
        match &event {
            Event::Start(tag) => {
                self.depth += 1;
                self.n_links += usize::from(matches!(tag, Tag::Link { .. } | Tag::Image { .. }));
            }
            Event::End(tag) => {
                self.depth = self.depth.saturating_sub(1);
                while self.open.last().is_some_and(|open| open.depth > self.depth) {
                    self.open.pop();
                }
                let is_link = matches!(tag, TagEnd::Link | TagEnd::Image);
                self.n_links = self.n_links.saturating_sub(usize::from(is_link));
            }
            _ => {}
        }
        self.tokens.push(match event {
            // A reference to a character is that character.
            Event::Text(text) if self.extensions.smarty.is_none() => Token::Text(into_cow(text)),
            event => Token::Event(event, range),
        });
    }

    /// Reads text that is as in the source.
    fn scan(&mut self, range: Range<usize>) {
        let source = self.source;
        let text = &source[range.clone()];
        let bytes = text.as_bytes();
        let is_escaped = range.start > 0 && source.as_bytes()[range.start - 1] == b'\\';
        let mut from = 0;
        let mut at = usize::from(is_escaped).min(bytes.len());
        if is_escaped && self.extensions.smarty.is_some() && text.starts_with(['"', '\'', '-', '.', '<', '>'])
        {
            let escaped = Event::Text(text[..1].into());
            self.tokens.push(Token::Event(escaped, range.start..range.start + 1));
            from = 1;
        }
        let begins = self.begins;
        let mark = |at: usize| position(&bytes[at..], begins).map(|step| at + step);
        let address = |at: usize| address(&bytes[at..]).map(|step| at + step);
        let (mut next_mark, mut next_address) = (mark(at), address(at));
        while let Some(begin) = next_mark.into_iter().chain(next_address).min() {
            at = begin;
            let found = match bytes[at] {
                b'+' | b'-' | b'<' | b'(' | b'{' => self.sign(text, range.start, from, at),
                b'=' | b'~' if self.has_sign(bytes, at) => self.sign(text, range.start, from, at),
                b'=' | b'^' | b'~' => self.mark(text, range.start, from, at),
                b'h' | b'w' => self.url(text, range.start, from, at),
                b'@' => self
                    .email(text, range.start, from, at)
                    .or_else(|| self.reference(text, range.start, from, at)),
                b'#' | b'!' | b'?' => self.reference(text, range.start, from, at),
                b':' => self.emoji(text, from, at),
                b'0'..=b'9' => {
                    let number = self.number(text, range.start, from, at);
                    number.or_else(|| self.commit(text, range.start, from, at))
                }
                b'c' => {
                    let sign = self.sign(text, range.start, from, at);
                    sign.or_else(|| self.commit(text, range.start, from, at))
                }
                b'a'..=b'f' => self.commit(text, range.start, from, at),
                _ => None,
            };
            match found {
                Some(next) => (from, at) = (next, next),
                // The rest of a number is no number of its own.
                None if bytes[at].is_ascii_digit() => {
                    at += bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                }
                None => at += 1,
            }
            // Each is looked for only once.
            if next_mark.is_some_and(|mark| mark < at) {
                next_mark = mark(at);
            }
            if next_address.is_some_and(|address| address < at) {
                next_address = address(at);
            }
        }
        self.text(text, from, text.len());
    }

    fn text(&mut self, text: &'e str, from: usize, to: usize) {
        if to > from {
            self.tokens.push(Token::Text(Cow::Borrowed(&text[from..to])));
        }
    }

    fn mark(&mut self, text: &'e str, start: usize, from: usize, at: usize) -> Option<usize> {
        let byte = text.as_bytes()[at];
        let length = text[at..].bytes().take_while(|other| *other == byte).count();
        let mark = match (byte, length) {
            (b'=', 2) if self.flavour == Flavour::TechDocs => Mark::Highlight,
            (b'^', 2) if self.flavour == Flavour::TechDocs && self.extensions.marks.insert => Mark::Insert,
            (b'~', 2) if self.extensions.marks.delete => Mark::Delete,
            (b'~', 1) if self.flavour == Flavour::GitHub => Mark::Strike,
            (b'~', 1) if self.flavour == Flavour::TechDocs && self.extensions.marks.subscript => {
                return self.script(text, from, at);
            }
            (b'^', 1) if self.flavour == Flavour::TechDocs && self.extensions.marks.superscript => {
                return self.script(text, from, at);
            }
            _ if length > 1 => {
                // A longer run is text as a whole.
                self.text(text, from, at + length);
                return Some(at + length);
            }
            _ => return None,
        };
        let before = self.source[..start + at].chars().next_back().unwrap_or(' ');
        let after = self.source[start + at + length..].chars().next().unwrap_or(' ');
        // `a==b==c` is a comparison, not a mark.
        let is_barred = |c: char| mark == Mark::Highlight && c.is_alphanumeric();
        // As CommonMark has it for stars: `(~$5)` ends nothing.
        let is_turned = |inner: char, outer: char| {
            mark == Mark::Strike && inner.is_ascii_punctuation() && outer.is_alphanumeric()
                || mark == Mark::Strike && outer.is_alphanumeric() && !inner.is_alphanumeric()
        };
        let may_close = !before.is_whitespace() && !is_barred(after) && !is_turned(before, after);
        let may_open = !after.is_whitespace() && !is_barred(before) && !is_turned(after, before);
        let partner = self.open.iter().rposition(|open| open.mark == mark && open.depth == self.depth);
        self.text(text, from, at);
        match partner.filter(|_| may_close) {
            Some(position) => {
                self.tokens[self.open[position].token_idx] = Token::Open(mark);
                self.open.truncate(position);
                self.tokens.push(Token::Close);
            }
            None => {
                // An unmatched mark of the same kind can never be
                // reached again, so there are at most three.
                if may_open && partner.is_none() {
                    self.open.push(OpenMark { mark, token_idx: self.tokens.len(), depth: self.depth });
                }
                self.tokens.push(Token::Mark(mark));
            }
        }
        Some(at + length)
    }

    /// Tells whether a sign or the end of a critic's mark begins with a
    /// character that may also be a mark.
    fn has_sign(&self, bytes: &[u8], at: usize) -> bool {
        let rest = &bytes[at..];
        let closes = rest.starts_with(b"==}") || rest.starts_with(b"~~}") || rest.starts_with(b"~>");
        rest.starts_with(b"=/=") || (closes && !self.open.is_empty())
    }

    /// Reads what only MkDocs knows: signs, keys, marks of a critic.
    fn sign(&mut self, text: &'e str, start: usize, from: usize, at: usize) -> Option<usize> {
        if self.flavour != Flavour::TechDocs {
            return None;
        }
        let rest = &text[at..];
        let before = self.source[..start + at].chars().next_back().unwrap_or(' ');
        if let Some(next) = self.critic(text, from, at) {
            return Some(next);
        }
        if rest.starts_with("++") {
            let (keys, length) =
                keys::keys(rest, self.extensions.keys.as_deref()).filter(|_| !before.is_alphanumeric())?;
            self.text(text, from, at);
            self.tokens.push(Token::Keys(keys));
            return Some(at + length);
        }
        let signs = &self.extensions.signs;
        let (written, sign, _) =
            SIGNS.iter().find(|(written, _, is_on)| rest.starts_with(written) && is_on(signs))?;
        let next = rest[written.len()..].chars().next().unwrap_or(' ');
        let is_other = match *written {
            // `--8<--` is no arrow, and a row of dashes is a row.
            "-->" | "<--" => matches!(before, '-' | '8') || next == '-',
            // In `(a), (b), (c)` it is a letter.
            "(c)" => self.has_letters(text, start),
            "c/o" => is_word(before) || is_word(next),
            _ => false,
        };
        if is_other {
            return None;
        }
        self.text(text, from, at);
        self.tokens.push(Token::Sign(sign));
        Some(at + written.len())
    }

    /// Tells whether a text counts with letters. It is looked through
    /// once, however often it asks.
    fn has_letters(&mut self, text: &str, start: usize) -> bool {
        match self.letters {
            Some((of, has)) if of == start => has,
            _ => {
                let has = text.contains("(b)");
                self.letters = Some((start, has));
                has
            }
        }
    }

    /// Reads a fraction or the number of something in a row, if the site
    /// asks for them: `1/2`, `3rd`.
    fn number(&mut self, text: &'e str, start: usize, from: usize, at: usize) -> Option<usize> {
        let rest = &text[at..];
        let before = self.source[..start + at].chars().next_back().unwrap_or(' ');
        // A number is read where it begins, and not at each digit again.
        if before.is_ascii_digit() {
            return None;
        }
        if self.extensions.signs.fractions
            && let Some((_, sign)) = FRACTIONS.iter().find(|(written, _)| rest.starts_with(written))
            && !rest[3..].starts_with(|c: char| c.is_ascii_digit())
        {
            self.text(text, from, at);
            self.tokens.push(Token::Sign(sign));
            return Some(at + 3);
        }
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, after) = rest.split_at(length);
        let ending = after.get(..2)?;
        let next = after[2..].chars().next().unwrap_or(' ');
        let is_ordinal = match ending {
            _ if digits.ends_with("11") || digits.ends_with("12") || digits.ends_with("13") => ending == "th",
            "st" => digits.ends_with('1'),
            "nd" => digits.ends_with('2'),
            "rd" => digits.ends_with('3'),
            _ => ending == "th" && !digits.ends_with(['1', '2', '3']),
        };
        if !self.extensions.signs.ordinal_numbers || !is_ordinal || is_word(before) || is_word(next) {
            return None;
        }
        self.text(text, from, at + length);
        self.tokens.push(Token::Open(Mark::Sup));
        self.tokens.push(Token::Text(Cow::Borrowed(ending)));
        self.tokens.push(Token::Close);
        Some(at + length + 2)
    }

    /// Reads the start or the end of a critic's mark.
    fn critic(&mut self, text: &'e str, from: usize, at: usize) -> Option<usize> {
        let rest = &text[at..];
        if let Some((open, _, mark)) = CRITIC.iter().find(|(open, _, _)| rest.starts_with(open)) {
            self.text(text, from, at);
            let is_waiting = self.open.iter().any(|open| open.mark == *mark && open.depth == self.depth);
            if !is_waiting {
                self.open.push(OpenMark { mark: *mark, token_idx: self.tokens.len(), depth: self.depth });
            }
            self.tokens.push(Token::Mark(*mark));
            return Some(at + open.len());
        }
        let (close, mark) = CRITIC
            .iter()
            .map(|(_, close, mark)| (*close, *mark))
            .chain([("~~}", Mark::Added)])
            .find(|(close, _)| rest.starts_with(close))?;
        let position = self.open.iter().rposition(|open| open.mark == mark && open.depth == self.depth)?;
        self.text(text, from, at);
        self.tokens[self.open[position].token_idx] = Token::Open(mark);
        self.open.truncate(position);
        self.tokens.push(Token::Close);
        if mark == Mark::Replaced {
            self.open.push(OpenMark { mark: Mark::Added, token_idx: self.tokens.len(), depth: self.depth });
            self.tokens.push(Token::Text(Cow::Borrowed("")));
        }
        Some(at + close.len())
    }

    /// Reads `~2~` or `^2^`, which has no spaces inside.
    fn script(&mut self, text: &'e str, from: usize, at: usize) -> Option<usize> {
        let byte = text.as_bytes()[at];
        let inner = &text[at + 1..];
        let end =
            inner.bytes().take(MAX_SCRIPT).position(|other| other == byte || other.is_ascii_whitespace())?;
        let is_double = inner.as_bytes().get(end + 1) == Some(&byte);
        if end == 0 || inner.as_bytes()[end] != byte || is_double || inner[..end].contains('/') {
            return None;
        }
        self.text(text, from, at);
        self.tokens.push(Token::Open(if byte == b'~' { Mark::Sub } else { Mark::Sup }));
        self.tokens.push(Token::Text(Cow::Borrowed(&inner[..end])));
        self.tokens.push(Token::Close);
        Some(at + 1 + end + 1)
    }

    fn url(&mut self, text: &'e str, start: usize, from: usize, at: usize) -> Option<usize> {
        let rest = &text[at..];
        let prefix = ["https://", "http://", "www."].into_iter().find(|prefix| rest.starts_with(prefix))?;
        let before = self.source[..start + at].chars().next_back().unwrap_or(' ');
        if self.n_links > 0 || before.is_alphanumeric() || matches!(before, '/' | '.' | '-' | '_' | '@' | '=')
        {
            return None;
        }
        let length = url_length(rest);
        let host = &rest[prefix.len().min(length)..length];
        let starts_well = host.starts_with(char::is_alphanumeric) || host.starts_with('[');
        if !starts_well || (prefix == "www." && !host.contains('.')) {
            return None;
        }
        let url = &rest[..length];
        let target = if prefix == "www." { format!("https://{url}") } else { url.to_string() };
        self.text(text, from, at);
        if let Some(found) = self.extensions.magic.as_ref().and_then(|magic| magic::short(magic, url)) {
            self.tokens.push(Token::Magic(Box::new(found), start + at..start + at + length));
            return Some(at + length);
        }
        self.tokens.push(Token::Url { text: url, target, start: start + at });
        Some(at + length)
    }

    fn email(&mut self, text: &'e str, start: usize, from: usize, at: usize) -> Option<usize> {
        let n_before =
            text.as_bytes()[from..at].iter().rev().take(65).take_while(|byte| is_local(byte)).count();
        let n_host = host_length(&text.as_bytes()[at + 1..])?;
        let first = at - n_before;
        let is_email = (1..=64).contains(&n_before) && text.as_bytes()[first].is_ascii_alphanumeric();
        if self.n_links > 0 || !is_email {
            return None;
        }
        let end = at + 1 + n_host;
        self.text(text, from, first);
        let email = &text[first..end];
        self.tokens.push(Token::Url { text: email, target: format!("mailto:{email}"), start: start + first });
        Some(end)
    }

    /// Reads a shorthand for something at the host: `#12`, `@user`.
    fn reference(&mut self, text: &'e str, start: usize, from: usize, at: usize) -> Option<usize> {
        let magic =
            self.extensions.magic.as_ref().filter(|magic| magic.reads_mentions && self.n_links == 0)?;
        let (first, length, found) = magic::shorthand(magic, text, at)?;
        if first < from || is_word(self.source[..start + first].chars().next_back().unwrap_or(' ')) {
            return None;
        }
        self.text(text, from, first);
        self.tokens.push(Token::Magic(Box::new(found), start + first..start + first + length));
        Some(first + length)
    }

    /// Reads the hash of a commit.
    fn commit(&mut self, text: &'e str, start: usize, from: usize, at: usize) -> Option<usize> {
        let magic = self.extensions.magic.as_ref().filter(|_| self.n_links == 0)?;
        let before = self.source[..start + at].chars().next_back().unwrap_or(' ');
        if is_word(before) || before == '@' {
            return None;
        }
        let (length, found) = magic::commit(magic, &text[at..])?;
        self.text(text, from, at);
        self.tokens.push(Token::Magic(Box::new(found), start + at..start + at + length));
        Some(at + length)
    }

    fn emoji(&mut self, text: &'e str, from: usize, at: usize) -> Option<usize> {
        let inner = &text[at + 1..];
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_+-".contains(byte);
        let length = inner.as_bytes().iter().take(40).take_while(|byte| is_name(byte)).count();
        if inner.as_bytes().get(length) != Some(&b':') {
            return None;
        }
        let name = &inner[..length];
        let shortcode = &text[at..at + length + 2];
        let token = match super::super::emoji::emoji(name) {
            Some(emoji) => Token::Emoji { name: shortcode, emoji },
            None if super::super::emoji::is_icon(name) => Token::Icon(shortcode),
            None => return None,
        };
        self.text(text, from, at);
        self.tokens.push(token);
        Some(at + length + 2)
    }
}

/// Returns how long the address at the start of `text` is, without the
/// punctuation of the sentence around it.
fn url_length(text: &str) -> usize {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|' | '{' | '}');
    let mut length = text.len().min(MAX_URL);
    while !text.is_char_boundary(length) {
        length -= 1;
    }
    length = text[..length].find(is_end).unwrap_or(length);
    let n_open = text[..length].matches('(').count();
    let mut n_close = text[..length].matches(')').count();
    while let Some(last) = text[..length].chars().next_back() {
        match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | ']' | '\u{2026}' => {}
            ')' if n_close > n_open => n_close -= 1,
            _ => break,
        }
        length -= last.len_utf8();
    }
    length
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '/' | '-' | '&')
}

fn into_cow(text: pulldown_cmark::CowStr<'_>) -> Cow<'_, str> {
    match text {
        pulldown_cmark::CowStr::Borrowed(text) => Cow::Borrowed(text),
        text => Cow::Owned(text.into_string()),
    }
}
