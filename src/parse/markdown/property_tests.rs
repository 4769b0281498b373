//! Pages put together at random from what the dialect knows, and what
//! must hold for all of them: no panic, no text lost, places that never
//! go back, harmless HTML, time in proportion to length.
//!
//! `CALLBOARD_SEED=… CALLBOARD_PAGES=…` runs other pages, or more.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::hostile_tests::assert_safe;
use super::snippets::Included;
use super::*;

/// A small generator of our own: the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n.max(1)
    }

    fn one<'s>(&mut self, list: &[&'s str]) -> &'s str {
        list[self.roll(list.len())]
    }
}

/// A page that is being written. Its words are `q1z`, `q2z`, …: each
/// stands there once, and has to be seen.
struct Author {
    dice: Dice,
    n_words: usize,
    notes: Vec<String>,
}

impl Author {
    fn word(&mut self) -> String {
        self.n_words += 1;
        format!("q{}z", self.n_words)
    }

    /// A few words with marks around them.
    fn words(&mut self) -> String {
        let n = 1 + self.dice.roll(4);
        (0..n).map(|_| self.marked()).collect::<Vec<_>>().join(" ")
    }

    fn marked(&mut self) -> String {
        const MARKS: &[(&str, &str)] = &[
            ("", ""),
            ("", "."),
            ("**", "**"),
            ("*", "*"),
            ("_", "_"),
            ("`", "`"),
            ("`` ` ", " ``"),
            ("==", "=="),
            ("^^", "^^"),
            ("~~", "~~"),
            ("H~", "~O"),
            ("x^", "^"),
            ("[", "](a.md)"),
            ("[", "](my page.md \"t\")"),
            ("[", "][r]"),
            ("[", "] [r]"),
            ("[", "]"),
            ("![", "](a.png){ width=30 }"),
            ("<kbd>", "</kbd>"),
            ("<b class=x>", "</b>"),
            ("<span>", ""),
            ("", "<br>"),
            (":smile: ", ""),
            (":material-no-such-icon: ", ""),
            ("{++", "++}"),
            ("{--", "--}"),
            ("{>>", "<<}"),
            ("{~~", "~>a~~}"),
            ("https://", ".example/a"),
            ("<https://", ".example/>"),
            ("", "@a.example"),
            ("++ctrl+", "++"),
            ("&amp;", "&lt;"),
            ("\\*", "\\_"),
            ("**", ""),
            ("`", ""),
            ("[", "("),
            ("<", ">"),
            ("--> ", " (c)"),
            ("#", ""),
            ("| ", " |"),
            ("{{ ", " }}"),
            ("\"", "\""),
            ("'", "'s --"),
            ("\\(", "\\)"),
            ("\\(", "\n- \\)"),
            ("\\(", ""),
            ("$", "$"),
            ("\\[ ", " \\]"),
            ("@jo/", ""),
            ("", "#12"),
            ("https://github.com/a/", "/issues/1"),
            ("<<", ">>"),
        ];
        let (open, close) = MARKS[self.dice.roll(MARKS.len())];
        if self.dice.roll(12) == 0 {
            let name = format!("n{}", self.n_words);
            self.notes.push(name.clone());
            return format!("{}[^{name}]", self.word());
        }
        format!("{open}{}{close}", self.word())
    }

    fn blocks(&mut self, depth: usize, n: usize) -> Vec<String> {
        let mut lines = Vec::new();
        for _ in 0..n {
            lines.extend(self.block(depth));
            if self.dice.roll(4) > 0 {
                lines.push(String::new());
            }
        }
        lines
    }

    /// Blocks that stand below something, indented.
    fn inner(&mut self, depth: usize, indent: &str) -> Vec<String> {
        let n = 1 + self.dice.roll(2);
        let lines = self.blocks(depth + 1, n).into_iter();
        lines.map(|line| if line.is_empty() { line } else { format!("{indent}{line}") }).collect()
    }

    fn block(&mut self, depth: usize) -> Vec<String> {
        let kind = if depth > 3 { self.dice.roll(9) } else { self.dice.roll(24) };
        match kind {
            0..=2 => (0..1 + self.dice.roll(3)).map(|_| self.words()).collect(),
            3 => {
                let (level, list) =
                    (1 + self.dice.roll(6), self.dice.one(&["", "", " {#id .c}", " #", " { x }"]));
                vec![format!("{} {}{list}", "#".repeat(level), self.words())]
            }
            4 => vec![self.words(), self.dice.one(&["===", "---", "=", "- - -"]).to_string()],
            5 => self.table(),
            6 => self.code(),
            7 => self.element(depth),
            8 => self.odd(),
            9..=13 => self.list(depth),
            14 | 15 => self.container(depth),
            16 => self.tabs(depth),
            17 => self.quote(depth),
            18 => self.definitions(depth),
            19 => self.element(depth),
            20 => self.directive(depth),
            21 => self.note(depth),
            22 => vec!["--8<-- \"part.md\"".to_string()],
            _ => self.odd(),
        }
    }

    fn list(&mut self, depth: usize) -> Vec<String> {
        let mark = self.dice.one(&["-", "*", "+", "1.", "2)", "10.", "- [ ]", "* [x]"]).to_string();
        let indent = self.dice.one(&["  ", "   ", "    ", "    ", "\t", " "]).to_string();
        let gap = self.dice.one(&[" ", " ", "  ", "   "]).to_string();
        let mut lines = Vec::new();
        for _ in 0..1 + self.dice.roll(3) {
            lines.push(format!("{mark}{gap}{}", self.words()));
            if self.dice.roll(3) == 0 {
                lines.push(String::new());
            }
            if self.dice.roll(2) == 0 {
                lines.extend(self.inner(depth, &indent));
            }
        }
        lines
    }

    fn container(&mut self, depth: usize) -> Vec<String> {
        let mark = self.dice.one(&["!!!", "???", "???+", "!!!"]).to_string();
        let title = match self.dice.roll(3) {
            0 => String::new(),
            _ => format!(" \"{}\"", self.word()),
        };
        let mut lines = vec![format!("{mark} note{title}")];
        if self.dice.roll(3) == 0 {
            lines.push(String::new());
        }
        let indent = self.dice.one(&["    ", "    ", "    ", "\t", "  ", "     "]).to_string();
        lines.extend(self.inner(depth, &indent));
        lines
    }

    fn tabs(&mut self, depth: usize) -> Vec<String> {
        let mut lines = Vec::new();
        for _ in 0..1 + self.dice.roll(3) {
            let mark = self.dice.one(&["===", "===", "===!", "===+"]).to_string();
            lines.push(format!("{mark} \"{}\"", self.word()));
            lines.extend(self.inner(depth, "    "));
        }
        lines
    }

    fn quote(&mut self, depth: usize) -> Vec<String> {
        let mut lines = Vec::new();
        if self.dice.roll(2) == 0 {
            lines.push(format!("> [!{}] {}", self.dice.one(&["NOTE", "tip", "WARNING"]), self.word()));
        }
        let is_lazy = self.dice.roll(4) == 0;
        for line in self.inner(depth, "") {
            lines.push(if is_lazy && self.dice.roll(2) == 0 { line } else { format!("> {line}") });
        }
        lines
    }

    fn definitions(&mut self, depth: usize) -> Vec<String> {
        let mut lines = vec![self.word(), format!(":   {}", self.words())];
        if self.dice.roll(2) == 0 {
            lines.push(String::new());
            lines.extend(self.inner(depth, "    "));
        }
        lines
    }

    fn directive(&mut self, depth: usize) -> Vec<String> {
        let (open, close) = match self.dice.roll(4) {
            0 => (format!(":::tip {}", self.word()), ":::"),
            1 => (format!(":::note[{}]", self.word()), ":::"),
            2 => (format!("/// note | {}", self.word()), "///"),
            _ => (format!("/// details | {}", self.word()), "///"),
        };
        let mut lines = vec![open, String::new()];
        lines.extend(self.inner(depth, ""));
        if self.dice.roll(6) > 0 {
            lines.push(close.to_string());
        }
        lines
    }

    fn note(&mut self, depth: usize) -> Vec<String> {
        let Some(name) = self.notes.pop() else { return Vec::new() };
        let mut lines = vec![format!("[^{name}]: {}", self.words())];
        if self.dice.roll(2) == 0 {
            lines.push(String::new());
            lines.extend(self.inner(depth, "    "));
        }
        lines
    }

    fn table(&mut self) -> Vec<String> {
        let n = 1 + self.dice.roll(3);
        let edge = self.dice.one(&["|", ""]).to_string();
        let row = |author: &mut Author| {
            let cells = (0..n).map(|_| match author.dice.roll(3) {
                0 => format!("`a|{}`", author.word()),
                _ => author.word(),
            });
            format!("{edge} {} {edge}", cells.collect::<Vec<_>>().join(" | "))
        };
        let mut lines = vec![row(self), format!("|{}", "-:|".repeat(n))];
        for _ in 0..self.dice.roll(4) {
            lines.push(row(self));
        }
        lines
    }

    fn code(&mut self) -> Vec<String> {
        if self.dice.roll(4) == 0 {
            return (0..2).map(|_| format!("    {}", self.word())).collect();
        }
        let marks = self.dice.one(&["```", "~~~", "````"]);
        let info =
            self.dice.one(&["", "py", "yaml title=\"x\"", " {.js hl_lines=\"1\"}", "text linenums=\"1\""]);
        let mut lines = vec![format!("{marks}{info}")];
        for _ in 0..self.dice.roll(4) {
            let before =
                self.dice.one(&["", "  ", "    - ", "# ", "!!! ", "<div>", "\t", "``", "> "]).to_string();
            lines.push(format!("{before}{}", self.word()));
            if self.dice.roll(4) == 0 {
                lines.push(String::new());
            }
        }
        if self.dice.roll(8) > 0 {
            lines.push(marks.to_string());
        }
        lines
    }

    fn element(&mut self, depth: usize) -> Vec<String> {
        let word = self.word();
        match self.dice.roll(8) {
            0 => vec![format!("<p align=\"center\">{word}</p>")],
            1 => vec!["<table><tr>".to_string(), format!("<td>{word}</td>"), "</tr></table>".to_string()],
            2 => vec![format!("<!-- x -->{word}")],
            3 => vec![format!("<pre>\n{word}\n\n  a\n</pre>")],
            kind if depth > 3 => vec![format!("<b>{word}</b>{kind}")],
            4 => {
                let indent = self.dice.one(&["", "", "    "]).to_string();
                let inner = self.inner(depth, &indent);
                let open = ["<div class=\"grid\" markdown>".to_string(), String::new()];
                let close = [String::new(), "</div>".to_string()];
                open.into_iter().chain([word]).chain([String::new()]).chain(inner).chain(close).collect()
            }
            5 => {
                let inner = self.inner(depth, "");
                let open = [format!("<details><summary>{word}</summary>"), String::new()];
                open.into_iter().chain(inner).chain([String::new(), "</details>".to_string()]).collect()
            }
            6 => {
                let inner = self.inner(depth, "  ");
                [format!("<div>{word}")].into_iter().chain(inner).chain(["</div>".to_string()]).collect()
            }
            _ => vec![format!("<section>{word}")],
        }
    }

    fn odd(&mut self) -> Vec<String> {
        let odd = [
            "---",
            "***",
            "[TOC]",
            "{: .x #id }",
            "*[HTML]: a",
            "[r]: a.md \"t\"",
            "[=50% \"x\"]",
            "",
            "",
            "\\",
            "<!-- a\n\nb -->",
            "\u{a0}",
            "\u{fdd0}",
            "&#xFDD1;",
            ">",
            "-",
            "1.",
            "    ",
            "|",
            ":",
            "</div>",
            "///Footnotes Go Here///",
            "{==",
            "==}",
        ];
        let word = self.word();
        match self.dice.roll(6) {
            0 => vec!["\\[".to_string(), word, "\\]".to_string()],
            1 => vec!["\\begin{align}".to_string(), format!("- {word} &= 1"), "\\end{align}".to_string()],
            2 => vec!["{++".to_string(), String::new(), word, String::new(), "++}".to_string()],
            _ => vec![self.dice.one(&odd).to_string()],
        }
    }
}

/// Writes a page: its text, and how many words have to be seen.
fn page(seed: u64) -> (String, usize) {
    let mut author = Author { dice: Dice(seed | 1), n_words: 0, notes: Vec::new() };
    for _ in 0..8 {
        author.dice.roll(2);
    }
    let n = 1 + author.dice.roll(8);
    let mut lines = author.blocks(0, n);
    while let Some(name) = author.notes.pop() {
        let words = author.word();
        lines.extend([String::new(), format!("[^{name}]: {words}")]);
    }
    // Some pages are indented by chance.
    if author.dice.roll(3) == 0 {
        for line in lines.iter_mut().filter(|line| !line.is_empty()) {
            match author.dice.roll(8) {
                0 => line.insert(0, ' '),
                1 => line.insert_str(0, "  "),
                2 => *line = line.trim_start().to_string(),
                _ => {}
            }
        }
    }
    let end = author.dice.one(&["\n", "\n", "\n", "\r\n"]);
    (lines.join(end), author.n_words)
}

/// A page of any bytes: what pages are made of, cut and mixed.
fn mixed(seed: u64) -> Vec<u8> {
    const MARKS: &[u8] = b"\n \t<>[]()`*_~:!|#-+={}\"'&\\/^";
    let mut dice = Dice(seed | 1);
    let (text, _) = page(seed.rotate_left(17));
    let mut bytes = text.into_bytes();
    for _ in 0..1 + dice.roll(20) {
        let at = dice.roll(bytes.len() + 1);
        match dice.roll(4) {
            0 => bytes.insert(at, dice.roll(256) as u8),
            1 => bytes.insert(at, MARKS[dice.roll(MARKS.len())]),
            2 => bytes.truncate(at),
            _ => {
                let to = (at + dice.roll(40)).min(bytes.len());
                let part: Vec<u8> = bytes[at..to].to_vec();
                let at = dice.roll(bytes.len() + 1);
                bytes.splice(at..at, part);
            }
        }
    }
    bytes
}

/// A docs site that has set everything.
fn everything() -> &'static Extensions {
    static EVERYTHING: OnceLock<Extensions> = OnceLock::new();
    EVERYTHING.get_or_init(|| {
        let text = "\
- pymdownx.arithmatex: {smart_dollar: false}
- pymdownx.keys: {strict: true, camel_case: true, separator: ''}
- smarty: {smart_angled_quotes: true}
- footnotes: {BACKLINK_TEXT: up, SUPERSCRIPT_TEXT: '[{}]'}
- pymdownx.highlight: {anchor_linenums: true}
- pymdownx.magiclink: {repo_url_shorthand: true, repo_url_shortener: true, hide_protocol: true, user: acme, repo: pay}
";
        let documents = crate::parse::yaml::documents(FileId(0), text, &mut Vec::new());
        crate::parse::extensions::extensions(&documents[0].root)
    })
}

fn options((flavour, is_set): (Flavour, bool)) -> MarkdownOptions<'static> {
    MarkdownOptions {
        flavour,
        highlight: false,
        text: true,
        remote_images: &[],
        extensions: if is_set { everything() } else { &EXTENSIONS },
        mdx: false,
        draw: Draw::ANEW,
    }
}

fn read(path: &str) -> Result<Included, Refusal> {
    match path {
        "part.md" => Ok(Included { file: FileId(1), text: "a *part*\n\n- of it\n\n    - deep\n".into() }),
        _ => Err(Refusal::NotFound),
    }
}

/// Returns the HTML of a page, and all that is said of it.
fn html_and_words(bytes: &[u8], options: &MarkdownOptions) -> (String, String) {
    let doc = doc(FileId(0), bytes, options, &read);
    let mut html = String::new();
    for piece in doc.body.get().iter() {
        match piece {
            Piece::Html(part) => html.push_str(part),
            Piece::Link(number) => {
                assert!(doc.links.get(*number as usize).is_some(), "a hole has no link");
                html.push_str(" href=\"#hole\"");
            }
        }
    }
    let said = doc.diagnostics.iter().map(|diag| diag.message.clone()).collect::<Vec<_>>().join("\n");
    let targets = doc.links.iter().map(|link| link.target.to_string()).collect::<Vec<_>>().join("\n");
    (html, said + "\n" + &targets)
}

/// Returns the words of a page that nobody sees.
fn lost(text: &str, flavour: (Flavour, bool)) -> Vec<String> {
    let (html, said) = html_and_words(text.as_bytes(), &options(flavour));
    // The names of keys get a capital.
    let (html, said) = (html.to_lowercase(), said.to_lowercase());
    let is_there = |word: &str| html.contains(word) || said.contains(word);
    words_of(text).into_iter().filter(|word| !is_there(word)).collect()
}

fn words_of(text: &str) -> BTreeSet<String> {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric());
    let is_word = |part: &&str| {
        let digits = part.strip_prefix('q').and_then(|part| part.strip_suffix('z'));
        digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    parts.filter(is_word).map(str::to_string).collect()
}

/// Takes lines out of a page as long as something is still wrong with it.
fn smallest(text: &str, is_wrong: &dyn Fn(&str) -> bool) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let mut length = lines.len() / 2;
    while length > 0 {
        let mut at = 0;
        while at + length <= lines.len() {
            let mut fewer = lines.clone();
            fewer.drain(at..at + length);
            match is_wrong(&fewer.join("\n")) {
                true => lines = fewer,
                false => at += 1,
            }
        }
        length /= 2;
    }
    lines.join("\n")
}

/// `CALLBOARD_SEED` and `CALLBOARD_PAGES` ask for other pages, and for
/// more of them; cargo builds the tests again for them.
fn seeds(n: u64) -> impl Iterator<Item = u64> {
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<u64>().ok());
    let first = number(option_env!("CALLBOARD_SEED")).unwrap_or(20_261_121);
    (0..number(option_env!("CALLBOARD_PAGES")).unwrap_or(n))
        .map(move |idx| (first + idx).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// How pages are read: the flavour, and whether the site has settings.
const FLAVOURS: [(Flavour, bool); 4] = [
    (Flavour::TechDocs, false),
    (Flavour::GitHub, false),
    (Flavour::MdBook, false),
    (Flavour::TechDocs, true),
];

#[test]
fn pages_of_all_kinds_lose_no_text() {
    let mut faults = Vec::new();
    for seed in seeds(400) {
        let (text, _) = page(seed);
        for flavour in FLAVOURS {
            if lost(&text, flavour).is_empty() || faults.len() > 9 {
                continue;
            }
            let least = smallest(&text, &|text| !lost(text, flavour).is_empty());
            let words = lost(&least, flavour);
            faults.push(format!("seed {seed}, {flavour:?} loses {words:?}:\n{least}\n"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn pages_of_all_kinds_are_harmless_and_small() {
    for seed in seeds(400) {
        for bytes in [page(seed).0.into_bytes(), mixed(seed)] {
            for flavour in FLAVOURS {
                let (html, _) = html_and_words(&bytes, &options(flavour));
                assert_safe(&html, &String::from_utf8_lossy(&bytes));
                assert!(html.len() < bytes.len() * 40 + 10_000, "seed {seed}: {} bytes", html.len());
            }
        }
    }
}

/// What the pre-pass writes comes from lines further and further down,
/// and every word from the line that it stands on.
#[test]
fn places_never_go_back() {
    for seed in seeds(400) {
        for (text, is_whole) in
            [(page(seed).0, true), (String::from_utf8_lossy(&mixed(seed)).into_owned(), false)]
        {
            // What is brought in has places of its own.
            let text = text.replace("8<", "");
            let mut diags = Vec::new();
            let source = source::decode(FileId(0), text.as_bytes(), &mut diags);
            let mut places = Places::new(FileId(0), &source.text, 0);
            let lines =
                snippets::lines(Flavour::TechDocs, &source.text, (0, 1), &[], &read, &mut places, &mut diags);
            let extensions = if seed % 2 == 0 { &EXTENSIONS } else { everything() };
            let prepared = prepass::prepared(Flavour::TechDocs, extensions, &lines, &mut places, &mut diags);
            let source_lines: Vec<&str> = source::lines(&source.text).map(|(_, line)| line).collect();
            let mut last = 0;
            let mut offset = 0;
            for line in prepared.text.split_inclusive('\n') {
                let number = prepared.source_line(offset);
                assert!((1..=source_lines.len() as u32).contains(&number), "seed {seed}: line {number}");
                offset += line.len();
                let words = words_of(line);
                if words.is_empty() {
                    // Marks of containers have the places of their openers.
                    continue;
                }
                assert!(number >= last, "seed {seed}: line {number} after line {last}\n{text}");
                last = number;
                // A formula of several lines stands on its first one.
                let is_whole = is_whole && !line.contains([prepass::INLINE, prepass::BLOCK]);
                for word in words.iter().filter(|_| is_whole) {
                    let is_here = source_lines[number as usize - 1].contains(word.as_str())
                        || source_lines.get(number as usize).is_some_and(|next| next.contains(word.as_str()));
                    assert!(
                        is_here,
                        "seed {seed}: {word} is not on line {number}\n{text}\n---\n{}",
                        prepared.text
                    );
                }
            }
        }
    }
}

#[test]
fn time_grows_with_length() {
    const N: u32 = 32;
    for seed in seeds(400).step_by(40) {
        for bytes in [page(seed).0.into_bytes(), mixed(seed)] {
            let time = |bytes: &[u8]| {
                let runs = (0..3).map(|_| {
                    let start = Instant::now();
                    html_and_words(bytes, &options((Flavour::TechDocs, true)));
                    start.elapsed()
                });
                runs.min().unwrap_or_default()
            };
            let once = time(&bytes).max(Duration::from_millis(1));
            let mut many = bytes.clone();
            for _ in 1..N {
                many.extend_from_slice(b"\n\n");
                many.extend_from_slice(&bytes);
            }
            let times = time(&many);
            assert!(times < once * N * 10, "seed {seed}: {once:?} becomes {times:?} for {N} times the text");
        }
    }
}
