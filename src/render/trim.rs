//! Takes comments and white space out of the theme's own scripts and
//! style sheets, which are written to be read and sent to be run. Every
//! line that has a word keeps its own line, so that no statement runs
//! into the next. What stands in strings, templates and regular
//! expressions stays as it is. Names that a script says are its own are
//! sent as one letter or two, the same wherever they stand.

use std::collections::{HashMap, HashSet};

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Script,
    Style,
}

/// Begins a comment that lists names of variables and properties which
/// nothing outside of the script knows.
const OWN_NAMES: &str = "// Own names:";
/// Short words that are no names.
const KEYWORDS: [&str; 4] = ["do", "if", "in", "of"];

/// Returns a text without comments, and without white space that means
/// nothing.
pub fn trimmed(text: &str, language: Language) -> String {
    let bare = pass(text, language, &HashMap::new());
    let own = text.lines().filter_map(|line| line.trim_start().strip_prefix(OWN_NAMES));
    let own: Vec<&str> = own.flat_map(str::split_whitespace).collect();
    if language == Language::Style || own.is_empty() {
        return bare;
    }
    // Names are given in the order of the list, the shortest first.
    let taken: HashSet<&str> = bare.split(|c| !is_name(c)).collect();
    let letters = || ('a'..='z').chain('A'..='Z');
    let pairs = letters().flat_map(|first| letters().map(move |second| format!("{first}{second}")));
    let free = letters().map(String::from).chain(pairs);
    let free = free.filter(|name| !taken.contains(&**name) && !KEYWORDS.contains(&&**name));
    let mut known = HashSet::new();
    pass(text, language, &own.into_iter().filter(|name| known.insert(*name)).zip(free).collect())
}

/// Tells whether a character may stand in a name.
fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn pass(text: &str, language: Language, short_names: &HashMap<&str, String>) -> String {
    let mut out = String::with_capacity(text.len());
    // How many braces are open in each `${…}` that is.
    let mut holes: Vec<usize> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let is_script = language == Language::Script;
        let end = match c {
            c if c.is_whitespace() || without_comment(rest, language).is_some() => {
                let after = without_space(rest, language);
                let space = if rest[..rest.len() - after.len()].contains('\n') { '\n' } else { ' ' };
                if let Some(next) = after.chars().next() {
                    push_space(&mut out, space, next, language);
                }
                rest = after;
                continue;
            }
            '/' if is_script && begins_regex(&out) => regex_end(rest),
            '"' | '\'' => quoted_end(rest, c),
            '`' if is_script => template_end(rest, &mut holes),
            '}' if holes.last() == Some(&0) => {
                holes.pop();
                template_end(rest, &mut holes)
            }
            c if is_script && is_name(c) => {
                let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
                if let Some(short) = short_names.get(&rest[..end]) {
                    out.push_str(short);
                    rest = &rest[end..];
                    continue;
                }
                end
            }
            _ => c.len_utf8(),
        };
        if let Some(open) = holes.last_mut() {
            *open = (*open + usize::from(c == '{')) - usize::from(c == '}' && end == 1);
        }
        out.push_str(&rest[..end]);
        rest = &rest[end..];
    }
    out
}

/// Returns what follows after white space and comments.
fn without_space(text: &str, language: Language) -> &str {
    let mut rest = text.trim_start();
    while let Some(after) = without_comment(rest, language) {
        rest = after.trim_start();
    }
    rest
}

/// Returns what follows after a comment, if there is one.
fn without_comment(text: &str, language: Language) -> Option<&str> {
    if let Some(comment) = text.strip_prefix("/*") {
        return Some(comment.split_once("*/").map_or("", |(_, after)| after));
    }
    let is_comment = language == Language::Script && text.starts_with("//");
    is_comment.then(|| text.find('\n').map_or("", |end| &text[end..]))
}

/// Pushes white space, unless it stands beside what needs none.
fn push_space(out: &mut String, space: char, next: char, language: Language) {
    let last = out.chars().next_back().unwrap_or('\n');
    let is_needless = match (language, space) {
        // A line that has not ended goes on in the next.
        (Language::Script, '\n') => "{,;([=?:&|".contains(last) || "})].?:".contains(next),
        (Language::Script, _) => {
            let signs = "{}()[];,<>=:?&|!*%^`\"'";
            let is_sign =
                |c: char, other: char| signs.contains(c) || "+-".contains(c) && !"+-".contains(other);
            is_sign(last, next) || is_sign(next, last)
        }
        (Language::Style, _) => "{};,>:".contains(last) || "{};,>".contains(next),
    };
    if !is_needless && last != '\n' {
        out.push(space);
    }
}

/// Tells whether a `/` after some code begins a regular expression.
fn begins_regex(code: &str) -> bool {
    let code = code.trim_end();
    let word = code.rsplit(|c| !is_name(c)).next().unwrap_or_default();
    matches!(word, "return" | "typeof" | "case" | "of" | "in" | "do" | "else" | "void")
        || code.chars().next_back().is_none_or(|c| "(,=:[!&|?{};+-*%~^<>".contains(c))
}

fn quoted_end(text: &str, quote: char) -> usize {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            c if c == quote || c == '\n' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn regex_end(text: &str) -> usize {
    let (mut in_class, mut chars) = (false, text.char_indices().skip(1));
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => {
                let flags = text[at + 1..].find(|c| !is_name(c));
                return flags.map_or(text.len(), |n_flags| at + 1 + n_flags);
            }
            '\n' => return at,
            _ => {}
        }
    }
    text.len()
}

/// Returns where a template ends, or its next hole begins.
fn template_end(text: &str, holes: &mut Vec<usize>) -> usize {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '`' => return at + 1,
            '$' if text[at + 1..].starts_with('{') => {
                holes.push(0);
                return at + 2;
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(language: Language, text: &str, expected: &str) {
        assert_eq!(trimmed(text, language), expected, "of {text:?}");
        assert_eq!(trimmed(expected, language), expected, "again");
    }

    #[test]
    fn scripts_lose_comments_and_white_space() {
        let check = |text, expected| check(Language::Script, text, expected);
        check("// a\n  let a = 1; // b\n\n\n  /* c\n d */ f(a, b);\n", "let a=1;f(a,b);");
        check("a\n  (b)\nc", "a\n(b)\nc");
        check("return x\n+ +y - -z", "return x\n+ +y- -z");
        check("const f = async (a) => { return a; }\nf()", "const f=async(a)=>{return a;}\nf()");
        check("x in y instanceof  z", "x in y instanceof z");
    }

    #[test]
    fn strings_templates_and_expressions_stay() {
        let check = |text, expected| check(Language::Script, text, expected);
        check(r#"a = "x  // y" + '  /* ' + "\"  "; "#, r#"a="x  // y"+'  /* '+"\"  ";"#);
        check("a = `b  ${ c + { d : `  ${ e }  ` }.f }  // g`;", "a=`b  ${c+{d:`  ${e}  `}.f}  // g`;");
        check("a = b.split(/  [/ ]  \\/ /g), c / d / e", "a=b.split(/  [/ ]  \\/ /g),c / d / e");
        check("return /  a/.test(b) ? 1 : 2", "return /  a/.test(b)?1:2");
        check("x = (a) / 2 // b", "x=(a)/ 2");
    }

    #[test]
    fn own_names_are_sent_shorter() {
        let short = |text: &str| trimmed(text, Language::Script);
        let own = "// Own names: place count\n// Own names: place x\n";
        assert_eq!(short(&format!("{own}place.count = a.counts + count;")), "b.c=a.counts+c;");
        assert_eq!(
            short(&format!("{own}f(\"count\", `place ${{ count }}`, /place/place, 0x1count)")),
            "f(\"count\",`place ${b}`,/place/place,0x1count)"
        );
        assert_eq!(short("// Other names: place\nplace"), "place");
        assert_eq!(trimmed("/* Own names: a */b{c:d}", Language::Style), "b{c:d}");
    }

    #[test]
    fn styles_keep_the_space_that_means_something() {
        let check = |text, expected| check(Language::Style, text, expected);
        check(
            "/* a */\na :hover > b ,\n c {\n  color : red;\n  margin: 0 1px;\n}\n",
            "a :hover>b,c{color :red;margin:0 1px;}",
        );
        check("a::after { content: \"  /* \" }", "a::after{content:\"  /* \"}");
        check("@media (a) and (b) { c { d: calc(1px + 2px) } }", "@media (a) and (b){c{d:calc(1px + 2px)}}");
    }

    #[test]
    fn a_text_that_breaks_off_is_no_trouble() {
        for text in ["\"", "`${", "/[", "/*", "a\\", "'\\", "`\\", "`${`", "}"] {
            for language in [Language::Script, Language::Style] {
                assert!(trimmed(text, language).len() <= text.len());
            }
        }
    }
}
