//! Grammars for the long tail of languages, which the lexer does not
//! know: syntect with the grammars of two-face. The hundreds of scopes
//! become the few classes of `base::highlight`.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::OnceLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::text::push_escaped;

/// Names that authors use, and the grammar's name or extension.
const ALIASES: &[(&str, &str)] = &[
    ("bash", "sh"),
    ("c++", "cpp"),
    ("cmd", "bat"),
    ("console", "sh"),
    ("csharp", "cs"),
    ("cts", "ts"),
    ("docker", "dockerfile"),
    ("golang", "go"),
    ("hcl", "tf"),
    ("javascript", "js"),
    ("json5", "json"),
    ("jsonc", "json"),
    ("jsonl", "json"),
    ("jsx", "tsx"),
    ("k8s", "yaml"),
    ("kt", "kotlin"),
    ("make", "makefile"),
    ("md", "markdown"),
    ("mjs", "js"),
    ("mts", "ts"),
    ("objc", "m"),
    ("postgres", "sql"),
    ("postgresql", "sql"),
    ("properties", "java properties"),
    ("protobuf", "proto"),
    ("py3", "py"),
    ("python3", "py"),
    ("pycon", "py"),
    ("shell", "sh"),
    ("shell-session", "sh"),
    ("terminal", "sh"),
    ("terraform", "tf"),
    ("typescript", "ts"),
    ("yml", "yaml"),
    ("zsh", "sh"),
];

/// Scopes and their classes. The longest prefix of a scope wins.
const CLASSES: &[(&str, char)] = &[
    ("comment", 'c'),
    ("punctuation.definition.comment", 'c'),
    ("string", 's'),
    ("punctuation.definition.string", 's'),
    ("constant.character.escape", 'e'),
    ("constant.other.placeholder", 'e'),
    ("constant.numeric", 'n'),
    ("constant.language", 'b'),
    ("constant", 'b'),
    ("support.constant", 'b'),
    ("variable.language", 'b'),
    ("keyword", 'k'),
    ("keyword.operator", 'o'),
    ("keyword.operator.word", 'k'),
    ("storage", 'k'),
    ("entity.name.type", 't'),
    ("entity.name.class", 't'),
    ("entity.name.struct", 't'),
    ("entity.name.enum", 't'),
    ("entity.name.interface", 't'),
    ("entity.name.trait", 't'),
    ("entity.name.namespace", 't'),
    ("entity.other.inherited-class", 't'),
    ("support.type", 't'),
    ("support.class", 't'),
    ("storage.type.primitive", 't'),
    ("entity.name.function", 'f'),
    ("support.function", 'f'),
    ("variable.function", 'f'),
    ("variable.annotation", 'f'),
    ("entity.name.macro", 'f'),
    ("support.macro", 'f'),
    ("variable", 'v'),
    ("entity.name.tag.yaml", 'v'),
    ("support.type.property-name", 'v'),
    ("entity.name.tag", 'a'),
    ("entity.other.attribute-name", 'a'),
    ("entity.name.section", 'm'),
    ("markup.heading", 'm'),
    ("markup.bold", 'm'),
    ("markup.raw", 's'),
    ("markup.underline.link", 's'),
    ("markup.inserted", 'i'),
    ("markup.deleted", 'd'),
    ("meta.diff.range", 'm'),
    ("meta.diff.header", 'm'),
    ("source", ' '),
    ("text", ' '),
];

/// Returns `code` as safe HTML, highlighted as `language`; `None` where
/// no grammar is known.
pub fn html(language: &str, code: &str) -> Option<String> {
    let set = grammars();
    highlighted(set, syntax(&set.grammars, language)?, code)
}

/// The grammars, and the scopes of [`CLASSES`], read once.
struct Grammars {
    grammars: SyntaxSet,
    classes: Vec<(Scope, char)>,
    /// The scope of keys, of which the strings in JSON know nothing.
    key: Scope,
}

fn grammars() -> &'static Grammars {
    static GRAMMARS: OnceLock<Grammars> = OnceLock::new();
    GRAMMARS.get_or_init(|| Grammars {
        grammars: two_face::syntax::extra_newlines(),
        classes: CLASSES
            .iter()
            .filter_map(|(scope, class)| Some((Scope::from_str(scope).ok()?, *class)))
            .collect(),
        key: Scope::from_str("meta.mapping.key").expect("a scope of three plain words"),
    })
}

fn syntax<'s>(set: &'s SyntaxSet, language: &str) -> Option<&'s SyntaxReference> {
    let name = language.to_ascii_lowercase();
    let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name.as_str(), |(_, name)| name);
    let syntax = set.find_syntax_by_token(name)?;
    (syntax.name != "Plain Text").then_some(syntax)
}

/// Highlights line by line; `None` when the grammar itself fails.
fn highlighted(set: &Grammars, syntax: &SyntaxReference, code: &str) -> Option<String> {
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut out = String::with_capacity(code.len() * 2);
    let mut line_with_end = String::new();
    let mut known = Known::new();
    for line in code.split_inclusive('\n') {
        // The grammars expect every line to end.
        line_with_end.clear();
        line_with_end.push_str(line);
        if !line.ends_with('\n') {
            line_with_end.push('\n');
        }
        let operations = state.parse_line(&line_with_end, &set.grammars).ok()?;
        let text = line.strip_suffix('\n').unwrap_or(line);
        let mut writer = LineWriter { out: &mut out, open: ' ', gap: "" };
        let mut from = 0;
        for (offset, operation) in operations {
            let to = offset.min(text.len());
            if to > from {
                writer.push(class(set, &mut known, &stack), &text[from..to]);
                from = to;
            }
            stack.apply(&operation).ok()?;
        }
        writer.push(class(set, &mut known, &stack), &text[from..]);
        writer.close();
        if line.ends_with('\n') {
            out.push('\n');
        }
    }
    Some(out)
}

/// The classes of the scopes that one text has. Only ever looked up.
type Known = HashMap<Scope, Option<char>>;

/// Writes the tokens of one line.
struct LineWriter<'o, 'l> {
    out: &'o mut String,
    /// The class of the open span, or a space.
    open: char,
    /// Spaces that look the same in any colour: they go into a span only
    /// if it goes on behind them.
    gap: &'l str,
}

impl<'l> LineWriter<'_, 'l> {
    fn push(&mut self, class: char, text: &'l str) {
        let bare = text.trim_end_matches([' ', '\t']);
        if bare.is_empty() && self.gap.is_empty() {
            self.gap = text;
            return;
        }
        if class != self.open && !bare.is_empty() {
            self.close();
            if class != ' ' {
                self.out.push_str("<span class=\"");
                self.out.push(class);
                self.out.push_str("\">");
                self.open = class;
            }
        }
        self.out.push_str(self.gap);
        push_escaped(self.out, bare);
        self.gap = &text[bare.len()..];
    }

    /// Ends the open span, and writes the spaces that stood behind it.
    fn close(&mut self) {
        if self.open != ' ' {
            self.out.push_str("</span>");
            self.open = ' ';
        }
        self.out.push_str(self.gap);
        self.gap = "";
    }
}

/// Returns the class of a stack of scopes: that of the innermost scope
/// that has one. A string that is a key counts as one.
fn class(set: &Grammars, known: &mut Known, stack: &ScopeStack) -> char {
    let of_scope = |scope: &Scope| {
        let matching = set.classes.iter().filter(|(prefix, _)| prefix.is_prefix_of(*scope));
        matching.max_by_key(|(prefix, _)| prefix.len()).map(|(_, class)| *class)
    };
    let scopes = stack.as_slice();
    let mut remembered = |scope: &Scope| *known.entry(*scope).or_insert_with(|| of_scope(scope));
    let class = scopes.iter().rev().find_map(&mut remembered).unwrap_or(' ');
    let is_key = class == 's' && scopes.iter().any(|scope| set.key.is_prefix_of(*scope));
    if is_key { 'v' } else { class }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(language: &str, code: &str, expected: Expect) {
        expected.assert_eq(&html(language, code).expect("the language is known"));
    }

    #[test]
    fn languages_are_known_by_many_names() {
        for name in ["sh", "bash", "shell", "console", "yaml", "yml", "ts", "tsx", "typescript", "js", "jsx"]
        {
            assert!(syntax(&grammars().grammars, name).is_some(), "{name}");
        }
        for name in ["csharp", "jsonc", "hcl", "terraform", "python", "go", "java", "rust", "toml", "proto"] {
            assert!(syntax(&grammars().grammars, name).is_some(), "{name}");
        }
        for name in ["dockerfile", "diff", "sql", "ini", "properties", "groovy", "http", "graphql", "kotlin"]
        {
            assert!(syntax(&grammars().grammars, name).is_some(), "{name}");
        }
        for name in ["makefile", "xml", "html", "css", "nginx", "rego", "ruby", "php", "c", "cpp", "markdown"]
        {
            assert!(syntax(&grammars().grammars, name).is_some(), "{name}");
        }
        for name in ["", "text", "txt", "none", "no-such-language"] {
            assert!(syntax(&grammars().grammars, name).is_none(), "{name}");
        }
    }

    #[test]
    fn scopes_become_few_classes() {
        check(
            "yaml",
            "a: \"x<y\" # z\n",
            expect![[r#"
            <span class="v">a</span>: <span class="s">&quot;x&lt;y&quot;</span> <span class="c"># z</span>
        "#]],
        );
        check(
            "rust",
            "fn main() { let x = 1; }",
            expect![[
                r#"<span class="k">fn</span> <span class="f">main</span>() { <span class="k">let</span> x <span class="o">=</span> <span class="n">1</span>; }"#
            ]],
        );
        check(
            "diff",
            "-a\n+b\n",
            expect![[r#"
            <span class="d">-a</span>
            <span class="i">+b</span>
        "#]],
        );
        check(
            "json",
            "{\"a\": [1, true, \"\\n\"]}",
            expect![[
                r#"{<span class="v">&quot;a&quot;</span>: [<span class="n">1</span>, <span class="b">true</span>, <span class="s">&quot;</span><span class="e">\n</span><span class="s">&quot;</span>]}"#
            ]],
        );
    }
}
