//! The lexer against the grammars: how many characters get the same
//! class, language by language, over the fences and files of a folder.
//!
//! ```text
//! cargo bench --bench highlight -- path/to/a/folder [language…]
//! ```
//!
//! For each language that is named, the commonest differences are listed
//! with the grammar's scope and a few places.
//!
//! Without a folder it compares one small sample, so that it cannot rot.
//! The grammars' scopes are collapsed to the lexer's classes; where the
//! grammar is arbitrary or wrong, [`DECISIONS`] says what was decided.

#![expect(clippy::disallowed_methods, reason = "reads the folder given on the command line")]
#![expect(clippy::print_stdout, reason = "prints a table")]

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use callboard::base::{grammars, lexer};

/// No more of a language is compared.
const MAX_BYTES: usize = 200_000;

/// How many kinds of differences of a language are shown, and how often
/// each.
const MAX_SHOWN: usize = 25;
const MAX_EXAMPLES: usize = 5;

/// The grammar of JavaScript does not know tags, that of TSX does.
const GRAMMARS: &[(&str, &str)] = &[("javascript", "tsx"), ("powershell", "ps1")];

/// Differences that are meant: the language, the begin of the grammar's
/// innermost scope, our classes there, and why ours are right or no
/// uglier.
const DECISIONS: &[(&str, &str, &str, &str)] = &[
    ("console", "", " ", "output is not a command, though the grammar reads it as one"),
    ("cs", "variable.other", "t", "names with a capital in front of a dot are types or namespaces"),
    ("cs", "variable.parameter", "t", "names with a capital in front of a dot are types or namespaces"),
    ("cs", "meta.path", "tv", "the parts of a path are alike wherever it stands"),
    ("cs", "entity.other", "v", "the parts of a path are alike wherever it stands"),
    ("dockerfile", "source.dockerfile", "s", "a string is one wherever it stands"),
    ("dockerfile", "source.dockerfile", "kv", "instructions also in a recipe without `FROM`"),
    ("http", "meta.url", "vs", "a message is read also without its first line"),
    ("javascript", "", "v", "keys of objects, quoted ones too, also in a fragment that begins inside of one"),
    ("markdown", "markup.raw.code-fence", "", "fences are in their own language; the grammar knows five"),
    ("markdown", "meta.paragraph", "vsbnc", "front matter is YAML; a link to a heading is one"),
    ("markdown", "markup.raw.block", "", "four spaces in a list are no code"),
    ("php", "meta.path", "tf", "names behind a namespace are types and calls, as elsewhere"),
    ("python", "string.quoted", "v", "quoted keys of dictionaries, as in JSON"),
    ("python", "punctuation.definition.string", "v", "quoted keys of dictionaries, as in JSON"),
    ("rust", "source.rust", "tfv", "types, calls behind a path and fields, as elsewhere"),
    ("rust", "meta.", "tfv", "types, calls behind a path and fields, as elsewhere"),
    ("rust", "entity.name.impl", "t", "the type that is implemented"),
    ("rust", "support.type", "f", "`Some(…)` is a call like any other"),
    ("rust", "variable.parameter", "b", "`self` is one word everywhere"),
    ("rust", "storage.type.numeric", "n", "a number's suffix belongs to it"),
    ("sql", "source.sql", "kf", "the grammar's list of words is short"),
];

#[derive(Default)]
struct Count {
    n_bytes: usize,
    n_chars: usize,
    n_same: usize,
    n_decided: usize,
    n_html: usize,
    took: Duration,
    /// By the grammar's class and ours, and the grammar's scope.
    differences: BTreeMap<(u8, u8, String), Difference>,
}

#[derive(Default)]
struct Difference {
    n_chars: usize,
    examples: Vec<String>,
}

/// What the grammar says of a byte: the class, and the last scopes.
struct Theirs {
    class: u8,
    scopes: Rc<str>,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let mut samples = BTreeMap::new();
    match args.first() {
        Some(folder) => collect(Path::new(folder), &mut samples),
        None => {
            samples.insert("json".to_string(), vec!["{\"a\": [1, true, \"\\n\"]} // c\n".to_string()]);
        }
    }
    println!("{:12} {:>8} {:>8} {:>8} {:>8} {:>6}", "language", "bytes", "same %", "+dec. %", "MB/s", "html");
    for (language, codes) in &samples {
        if args.len() > 1 && !args[1..].contains(language) {
            continue;
        }
        let mut count = Count::default();
        for code in codes {
            if count.n_bytes + code.len() <= MAX_BYTES {
                compare(language, code, &mut count);
            }
        }
        let percent = |n: usize| 100.0 * n as f64 / count.n_chars.max(1) as f64;
        println!(
            "{language:12} {:8} {:8.2} {:8.2} {:8.1} {:6.2}",
            count.n_bytes,
            percent(count.n_same),
            percent(count.n_same + count.n_decided),
            count.n_bytes as f64 / 1e6 / count.took.as_secs_f64().max(1e-9),
            count.n_html as f64 / count.n_bytes.max(1) as f64,
        );
        if args.len() > 1 {
            print_differences(&count);
        }
        assert!(!args.is_empty() || percent(count.n_same) > 97.0, "the small sample differs");
    }
}

/// Lists the commonest differences, the grammar's class first.
fn print_differences(count: &Count) {
    let mut differences: Vec<_> = count.differences.iter().collect();
    differences.sort_by_key(|(_, difference)| std::cmp::Reverse(difference.n_chars));
    for ((theirs, ours, scopes), difference) in differences.iter().take(MAX_SHOWN) {
        let share = 100.0 * difference.n_chars as f64 / count.n_chars as f64;
        println!("  {share:6.2} % [{}] not [{}]  {scopes}", *theirs as char, *ours as char);
        for example in &difference.examples {
            println!("             {example}");
        }
    }
}

/// Gathers fences and files by the lexer's first name of their language.
fn collect(folder: &Path, samples: &mut BTreeMap<String, Vec<String>>) {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name();
    for entry in entries.into_iter().filter_entry(|entry| entry.file_name() != ".git").flatten() {
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let extension = name.rsplit('.').next().unwrap_or_default();
        let Some(language) = lexer::name(extension) else { continue };
        let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
        let text = text.replace("\r\n", "\n");
        if language == "markdown" {
            fences(&text, samples);
        }
        if text.len() <= 60_000 {
            samples.entry(language.to_string()).or_default().push(text);
        }
    }
    for codes in samples.values_mut() {
        codes.sort();
        codes.dedup();
        // Not only those that begin alike.
        codes.sort_by_key(|code| blake3::hash(code.as_bytes()).as_bytes()[0]);
    }
}

fn fences(text: &str, samples: &mut BTreeMap<String, Vec<String>>) {
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.trim_start().strip_prefix("```") else { continue };
        let indent = line.len() - line.trim_start().len();
        let mut code = String::new();
        for line in lines.by_ref().take_while(|line| !line.trim_start().starts_with("```")) {
            code.push_str(line.get(indent..).unwrap_or(line.trim_start()));
            code.push('\n');
        }
        let word = info.trim().split([' ', '{', ',']).next().unwrap_or_default().to_lowercase();
        if let Some(language) = lexer::name(&word).filter(|_| !word.is_empty()) {
            samples.entry(language.to_string()).or_default().push(code);
        }
    }
}

fn compare(language: &str, code: &str, count: &mut Count) {
    let grammar = GRAMMARS.iter().find(|(name, _)| *name == language).map_or(language, |(_, name)| name);
    let Some(theirs) = classes_of_grammar(grammar, code) else { return };
    let start = Instant::now();
    let Some(html) = lexer::html(language, code) else { return };
    count.took += start.elapsed();
    let ours = classes_of_html(&html);
    assert_eq!(ours.len(), theirs.len(), "text was lost: {code}");
    count.n_bytes += code.len();
    count.n_html += html.len();
    let mut before = None;
    for (pos, byte) in code.bytes().enumerate() {
        if byte.is_ascii_whitespace() {
            continue;
        }
        let (theirs, ours) = (&theirs[pos], ours[pos]);
        count.n_chars += 1;
        if theirs.class == ours {
            count.n_same += 1;
            before = None;
            continue;
        }
        if is_decided(language, theirs, ours) {
            count.n_decided += 1;
            before = None;
            continue;
        }
        let key = (theirs.class, ours, theirs.scopes.to_string());
        let difference = count.differences.entry(key.clone()).or_default();
        difference.n_chars += 1;
        if before.as_ref() != Some(&key) && difference.examples.len() < MAX_EXAMPLES {
            difference.examples.push(example(code, pos));
        }
        before = Some(key);
    }
}

fn is_decided(language: &str, theirs: &Theirs, ours: u8) -> bool {
    let is_meant = |(of, scope, classes, _why): &&(&str, &str, &str, &str)| {
        *of == language
            && theirs.scopes.starts_with(scope)
            && (classes.is_empty() || classes.as_bytes().contains(&ours))
    };
    DECISIONS.iter().any(|decision| is_meant(&decision))
}

/// Returns the line around an offset, with a mark at it.
fn example(code: &str, pos: usize) -> String {
    let pos = code.floor_char_boundary(pos);
    let from =
        code[..pos].rfind('\n').map_or(0, |at| at + 1).max(code.floor_char_boundary(pos.saturating_sub(40)));
    let to = code[pos..].find('\n').map_or(code.len(), |at| pos + at).min(code.ceil_char_boundary(pos + 30));
    format!("{}\u{25b8}{}", &code[from..pos], &code[pos..to])
}

/// Returns the class of each byte of the code.
fn classes_of_html(html: &str) -> Vec<u8> {
    let mut classes = Vec::new();
    let mut open = b' ';
    let mut rest = html;
    while let Some(first) = rest.bytes().next() {
        let len = match first {
            b'<' => {
                open = if rest.starts_with("</") { b' ' } else { rest.as_bytes()["<span class=\"".len()] };
                rest = &rest[rest.find('>').map_or(rest.len(), |end| end + 1)..];
                continue;
            }
            b'&' => rest.find(';').map_or(1, |end| end + 1),
            _ => rest.chars().next().map_or(1, char::len_utf8),
        };
        classes.extend(std::iter::repeat_n(open, if first == b'&' { 1 } else { len }));
        rest = &rest[len..];
    }
    classes
}

fn classes_of_grammar(language: &str, code: &str) -> Option<Vec<Theirs>> {
    let mut classes = Vec::new();
    grammars::each_token(language, code, &mut |class, text, scopes| {
        let last: Vec<String> = scopes.iter().rev().take(3).map(|scope| scope.build_string()).collect();
        let scopes: Rc<str> = last.join(" < ").into();
        let theirs = || Theirs { class: class as u8, scopes: Rc::clone(&scopes) };
        classes.extend(std::iter::repeat_with(theirs).take(text.len()));
    })?;
    Some(classes)
}
