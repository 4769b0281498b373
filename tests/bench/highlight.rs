//! The lexer against the grammars: how many characters get the same
//! class, language by language, over the fences and files of a folder.
//!
//! ```text
//! cargo bench --bench highlight -- path/to/a/folder [language…]
//! ```
//!
//! Without a folder it compares one small sample, so that it cannot rot.
//! The grammars' scopes are collapsed to the lexer's classes; where the
//! grammar is arbitrary or wrong, [`DECISIONS`] says what was decided.

#![expect(clippy::disallowed_methods, reason = "reads the folder given on the command line")]
#![expect(clippy::print_stdout, reason = "prints a table")]

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;
use std::time::{Duration, Instant};

use callboard::base::lexer;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

/// No more of a language is compared.
const MAX_BYTES: usize = 200_000;

/// Names of languages as the grammars know them. JavaScript is compared
/// with the grammar of TSX, since its own does not know tags.
const GRAMMARS: &[(&str, &str)] = &[
    ("bash", "sh"),
    ("console", "sh"),
    ("dockerfile", "dockerfile"),
    ("hcl", "tf"),
    ("javascript", "tsx"),
    ("jsx", "tsx"),
    ("kotlin", "kt"),
    ("make", "makefile"),
    ("properties", "java properties"),
    ("typescript", "ts"),
];

/// Scopes and their classes. The longest prefix of a scope wins.
const CLASSES: &[(&str, u8)] = &[
    ("comment", b'c'),
    ("punctuation.definition.comment", b'c'),
    ("text.html.javadoc", b'c'),
    ("string", b's'),
    ("punctuation.definition.string", b's'),
    ("constant.character.escape", b'e'),
    ("constant.other.placeholder", b'e'),
    ("constant.numeric", b'n'),
    ("constant", b'b'),
    ("support.constant", b'b'),
    ("variable.language", b'b'),
    ("keyword", b'k'),
    ("keyword.operator", b'o'),
    ("keyword.operator.word", b'k'),
    ("keyword.operator.dockerfile", b'k'),
    ("keyword.operator.accessor", b' '),
    ("keyword.name.ini", b'v'),
    ("storage", b'k'),
    ("storage.type.primitive", b't'),
    ("storage.type.void", b't'),
    ("storage.type.buildin", b't'),
    ("storage.type.go", b't'),
    ("storage.type.keyword", b'k'),
    ("storage.modifier.required.graphql", b' '),
    ("entity.name.type", b't'),
    ("entity.name.class", b't'),
    ("entity.name.struct", b't'),
    ("entity.name.enum", b't'),
    ("entity.name.interface", b't'),
    ("entity.name.trait", b't'),
    ("entity.name.namespace", b't'),
    ("entity.other.inherited-class", b't'),
    ("support.type", b't'),
    ("support.class", b't'),
    ("variable.type.graphql", b't'),
    ("entity.name.function", b'f'),
    ("support.function", b'f'),
    ("variable.function", b'f'),
    ("variable.annotation", b'f'),
    ("entity.name.macro", b'f'),
    ("support.macro", b'f'),
    ("variable", b'v'),
    ("support.variable", b'v'),
    ("entity.name.tag.yaml", b'v'),
    ("entity.name.tag.toml", b'v'),
    ("entity.name.key", b'v'),
    ("entity.name.field", b'v'),
    ("support.type.property-name", b'v'),
    ("meta.mapping.key", b'v'),
    ("meta.object-literal.key", b'v'),
    ("meta.property.object", b'v'),
    ("punctuation.separator.key-value", b' '),
    ("entity.name.tag", b'a'),
    ("entity.other.attribute-name", b'a'),
    ("entity.name.section", b'm'),
    ("entity.name.table", b'm'),
    ("entity.section", b'm'),
    ("markup.heading", b'm'),
    ("markup.bold", b'm'),
    ("markup.raw", b's'),
    ("markup.underline.link", b's'),
    ("markup.inserted", b'i'),
    ("markup.deleted", b'd'),
    ("meta.diff.range", b'm'),
    ("meta.diff.header", b'm'),
    ("source", b' '),
    ("text", b' '),
];

/// Differences that are meant: language, the grammar's class, ours.
const DECISIONS: &[(&str, &[u8; 2])] = &[
    // Output is not a command.
    ("console", b"s "),
    ("console", b"f "),
    ("console", b"v "),
    // Keys of objects in fragments, and quoted ones.
    ("javascript", b" v"),
    ("javascript", b"sv"),
    // A key in a dictionary is one also if it comes first.
    ("python", b"sv"),
    // Types, calls behind a path and suffixes of numbers, as elsewhere.
    ("rust", b" t"),
    ("rust", b" f"),
    ("rust", b" v"),
    ("rust", b"kn"),
    // The grammar's list of words is short.
    ("sql", b" k"),
    ("sql", b" f"),
    ("sql", b"b "),
    // Fences and front matter in their own languages.
    ("markdown", b" v"),
    ("markdown", b" s"),
    ("markdown", b" c"),
    ("markdown", b"mc"),
    ("markdown", b"mv"),
];

struct Grammars {
    set: SyntaxSet,
    classes: Vec<(Scope, u8)>,
    keys: [Scope; 2],
}

#[derive(Default)]
struct Count {
    n_bytes: usize,
    n_chars: usize,
    n_same: usize,
    n_decided: usize,
    n_html: usize,
    took: Duration,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let grammars = Grammars {
        set: two_face::syntax::extra_newlines(),
        classes: CLASSES
            .iter()
            .map(|(scope, class)| (Scope::from_str(scope).expect("a scope"), *class))
            .collect(),
        keys: ["meta.mapping.key", "meta.object-literal.key"]
            .map(|scope| Scope::from_str(scope).expect("a scope")),
    };
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
        let Some(syntax) = syntax(&grammars.set, language) else { continue };
        let mut count = Count::default();
        for code in codes {
            if count.n_bytes + code.len() <= MAX_BYTES {
                compare(&grammars, syntax, language, code, &mut count);
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
        assert!(!args.is_empty() || percent(count.n_same) > 97.0, "the small sample differs");
    }
}

fn syntax<'s>(set: &'s SyntaxSet, language: &str) -> Option<&'s SyntaxReference> {
    let name = GRAMMARS.iter().find(|(name, _)| *name == language).map_or(language, |(_, name)| name);
    set.find_syntax_by_token(name)
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

fn compare(grammars: &Grammars, syntax: &SyntaxReference, language: &str, code: &str, count: &mut Count) {
    let Some(theirs) = classes_of_grammar(grammars, syntax, code) else { return };
    let start = Instant::now();
    let Some(html) = lexer::html(language, code) else { return };
    count.took += start.elapsed();
    let ours = classes_of_html(&html);
    assert_eq!(ours.len(), theirs.len(), "text was lost: {code}");
    count.n_bytes += code.len();
    count.n_html += html.len();
    for ((byte, ours), theirs) in code.bytes().zip(ours).zip(theirs) {
        if byte.is_ascii_whitespace() {
            continue;
        }
        count.n_chars += 1;
        count.n_same += usize::from(ours == theirs);
        let is_decided = ours != theirs && DECISIONS.contains(&(language, &[theirs, ours]));
        count.n_decided += usize::from(is_decided);
    }
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

fn classes_of_grammar(grammars: &Grammars, syntax: &SyntaxReference, code: &str) -> Option<Vec<u8>> {
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut classes = Vec::new();
    for line in code.split_inclusive('\n') {
        let ended = format!("{}\n", line.trim_end_matches('\n'));
        let mut from = 0;
        for (offset, operation) in state.parse_line(&ended, &grammars.set).ok()? {
            let to = offset.min(line.len());
            classes.extend(std::iter::repeat_n(class(grammars, &stack), to.saturating_sub(from)));
            from = to.max(from);
            stack.apply(&operation).ok()?;
        }
        classes.extend(std::iter::repeat_n(class(grammars, &stack), line.len() - from));
    }
    Some(classes)
}

fn class(grammars: &Grammars, stack: &ScopeStack) -> u8 {
    let of_scope = |scope: &Scope| {
        let matching = grammars.classes.iter().filter(|(prefix, _)| prefix.is_prefix_of(*scope));
        matching.max_by_key(|(prefix, _)| prefix.len()).map(|(_, class)| *class)
    };
    let class = stack.as_slice().iter().rev().find_map(of_scope).unwrap_or(b' ');
    let is_key = |scope: &Scope| grammars.keys.iter().any(|key| key.is_prefix_of(*scope));
    if class == b's' && stack.as_slice().iter().any(is_key) { b'v' } else { class }
}
