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
    ("text.html.javadoc", 'c'),
    ("string", 's'),
    ("punctuation.definition.string", 's'),
    ("constant.character.escape", 'e'),
    ("constant.other.placeholder", 'e'),
    ("constant.numeric", 'n'),
    ("constant", 'b'),
    ("support.constant", 'b'),
    ("variable.language", 'b'),
    ("keyword", 'k'),
    ("keyword.operator", 'o'),
    ("keyword.operator.word", 'k'),
    ("keyword.operator.dockerfile", 'k'),
    ("keyword.operator.accessor", ' '),
    ("keyword.name.ini", 'v'),
    ("keyword.other.http-header.key", 'v'),
    ("keyword.other.phpdoc", 'c'),
    ("keyword.other.block.begin.makefile", ' '),
    ("keyword.other.block.end.makefile", ' '),
    ("keyword.control.loop.for.in", 'o'),
    ("storage", 'k'),
    ("storage.type.primitive", 't'),
    ("storage.type.void", 't'),
    ("storage.type.buildin", 't'),
    ("storage.type.go", 't'),
    ("storage.type.keyword", 'k'),
    ("storage.modifier.required.graphql", ' '),
    ("storage.modifier.list.graphql", ' '),
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
    ("variable.type.graphql", 't'),
    ("entity.name.function", 'f'),
    ("support.function", 'f'),
    ("variable.function", 'f'),
    ("variable.annotation", 'f'),
    ("variable.annotation.cs", 't'),
    ("entity.name.definition", 'f'),
    ("entity.name.macro", 'f'),
    ("support.macro", 'f'),
    ("variable", 'v'),
    ("variable.language.star", 'o'),
    ("variable.other.constant.python", 'b'),
    ("support.variable.magic", 'b'),
    ("entity.name.constant.graphql", 'b'),
    // C++ guesses them by their first letters.
    ("variable.parameter.c++", ' '),
    ("variable.other.readwrite.member.c++", ' '),
    ("support.variable", 'v'),
    ("entity.name.tag.yaml", 'v'),
    ("entity.name.tag.toml", 'v'),
    ("entity.name.key", 'v'),
    ("entity.name.field", 'v'),
    ("support.type.property-name", 'v'),
    ("support.type.custom-property", 'v'),
    ("support.type.vendor-prefix", 'v'),
    ("meta.property-name", 'v'),
    ("meta.mapping.key", 'v'),
    ("meta.object-literal.key", 'v'),
    ("meta.property.object", 'v'),
    ("punctuation.separator.key-value", ' '),
    ("punctuation.separator.sequence", ' '),
    ("punctuation.terminator", ' '),
    ("punctuation.terminator.entity", 'b'),
    ("punctuation.separator.combinator", 'o'),
    ("punctuation.accessor.arrow", 'o'),
    ("string.unquoted.css", 'b'),
    ("entity.name.tag", 'a'),
    ("entity.other.attribute-name", 'a'),
    ("entity.name.section", 'm'),
    ("entity.name.table", 'm'),
    ("entity.section", 'm'),
    ("markup.heading", 'm'),
    ("markup.bold", 'm'),
    ("markup.raw", 's'),
    ("markup.underline.link", 's'),
    ("markup.underline.link.cs", 'c'),
    ("markup.underline.link.php", 'c'),
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

/// Calls `on_token` with the class, the text and the scopes of each part
/// of the code, line ends among them; `None` as in [`html`], or where the
/// grammar itself fails.
pub fn each_token(language: &str, code: &str, on_token: &mut dyn FnMut(char, &str, &[Scope])) -> Option<()> {
    let set = grammars();
    tokens(set, syntax(&set.grammars, language)?, code, on_token)
}

/// The grammars, and the scopes of [`CLASSES`], read once.
struct Grammars {
    grammars: SyntaxSet,
    classes: Vec<(Scope, char)>,
    /// The scopes of keys, of which the strings in JSON know nothing.
    keys: [Scope; 2],
}

fn grammars() -> &'static Grammars {
    static GRAMMARS: OnceLock<Grammars> = OnceLock::new();
    GRAMMARS.get_or_init(|| Grammars {
        grammars: two_face::syntax::extra_newlines(),
        classes: CLASSES
            .iter()
            .filter_map(|(scope, class)| Some((Scope::from_str(scope).ok()?, *class)))
            .collect(),
        keys: ["meta.mapping.key", "meta.object-literal.key"]
            .map(|scope| Scope::from_str(scope).expect("a scope of three plain words")),
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
    let mut out = String::with_capacity(code.len() * 2);
    let mut writer = LineWriter { out: &mut out, open: ' ', gap: String::new() };
    tokens(set, syntax, code, &mut |class, text, _| match text {
        "\n" => {
            writer.close();
            writer.out.push('\n');
        }
        _ => writer.push(class, text),
    })?;
    writer.close();
    Some(out)
}

fn tokens(
    set: &Grammars,
    syntax: &SyntaxReference,
    code: &str,
    on_token: &mut dyn FnMut(char, &str, &[Scope]),
) -> Option<()> {
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
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
        let mut from = 0;
        for (offset, operation) in operations {
            let to = offset.min(text.len());
            if to > from {
                on_token(class(set, &mut known, &stack), &text[from..to], stack.as_slice());
                from = to;
            }
            stack.apply(&operation).ok()?;
        }
        on_token(class(set, &mut known, &stack), &text[from..], stack.as_slice());
        if line.ends_with('\n') {
            on_token(' ', "\n", stack.as_slice());
        }
    }
    Some(())
}

/// The classes of the scopes that one text has. Only ever looked up.
type Known = HashMap<Scope, Option<char>>;

/// Writes the tokens of one line.
struct LineWriter<'o> {
    out: &'o mut String,
    /// The class of the open span, or a space.
    open: char,
    /// Spaces that look the same in any colour: they go into a span only
    /// if it goes on behind them.
    gap: String,
}

impl LineWriter<'_> {
    fn push(&mut self, class: char, text: &str) {
        let bare = text.trim_end_matches([' ', '\t']);
        if bare.is_empty() && self.gap.is_empty() {
            self.gap.push_str(text);
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
        self.out.push_str(&self.gap);
        push_escaped(self.out, bare);
        self.gap.clear();
        self.gap.push_str(&text[bare.len()..]);
    }

    /// Ends the open span, and writes the spaces that stood behind it.
    fn close(&mut self) {
        if self.open != ' ' {
            self.out.push_str("</span>");
            self.open = ' ';
        }
        self.out.push_str(&self.gap);
        self.gap.clear();
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
    let is_key = |scope: &Scope| set.keys.iter().any(|key| key.is_prefix_of(*scope));
    if class == 's' && scopes.iter().any(is_key) { 'v' } else { class }
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
