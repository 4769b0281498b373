//! A lexer for the languages that fences are written in: one engine and
//! a table for each language, in linear time over bytes.
//!
//! It gives the classes of `base::highlight`, and knows nothing of a
//! language beyond its words: no tree, no names that were declared. For
//! reading an example that is enough, and it is hundreds of times faster
//! than a grammar of regular expressions.

mod code;
mod config;
mod doc;
mod jvm;
mod lines;
mod markup;
mod native;
mod out;
mod script;
mod shell;
mod style;
mod web;
mod words;
mod yaml;

use code::syntax::Syntax;
use out::Out;

const PLAIN: u8 = b' ';
const COMMENT: u8 = b'c';
const STRING: u8 = b's';
const ESCAPE: u8 = b'e';
const NUMBER: u8 = b'n';
const CONSTANT: u8 = b'b';
const KEYWORD: u8 = b'k';
const OPERATOR: u8 = b'o';
const TYPE: u8 = b't';
const CALL: u8 = b'f';
const NAME: u8 = b'v';
const TAG: u8 = b'a';
const MARK: u8 = b'm';
const INSERTED: u8 = b'i';
const DELETED: u8 = b'd';

/// A language and its names, in lower case.
struct Language {
    names: &'static [&'static str],
    grammar: Grammar,
}

/// How a language is read.
#[derive(Clone, Copy)]
enum Grammar {
    Plain,
    Code(&'static Syntax),
    Console,
    Diff,
    Dockerfile,
    Http,
    Ini,
    Make,
    Markdown,
    Markup,
    Properties,
    Shell,
    Style,
    Yaml,
}

const LANGUAGES: &[Language] = &[
    Language {
        names: &["text", "txt", "plain", "plaintext", "none", "mermaid", "plantuml"],
        grammar: Grammar::Plain,
    },
    Language { names: &["yaml", "yml", "k8s"], grammar: Grammar::Yaml },
    Language { names: &["bash", "sh", "shell", "zsh", "ksh"], grammar: Grammar::Shell },
    Language { names: &["console", "shell-session", "terminal"], grammar: Grammar::Console },
    Language { names: &["typescript", "ts", "mts", "cts"], grammar: Grammar::Code(&web::TYPESCRIPT) },
    Language { names: &["tsx"], grammar: Grammar::Code(&web::TSX) },
    Language { names: &["javascript", "js", "jsx", "mjs", "cjs"], grammar: Grammar::Code(&web::JAVASCRIPT) },
    Language { names: &["json", "jsonc", "json5", "jsonl"], grammar: Grammar::Code(&config::JSON) },
    Language { names: &["python", "py", "python3", "py3"], grammar: Grammar::Code(&script::PYTHON) },
    Language { names: &["diff", "patch"], grammar: Grammar::Diff },
    Language { names: &["ini", "cfg", "editorconfig", "gitconfig"], grammar: Grammar::Ini },
    Language { names: &["properties", "env", "dotenv"], grammar: Grammar::Properties },
    Language { names: &["dockerfile", "docker", "containerfile"], grammar: Grammar::Dockerfile },
    Language { names: &["http"], grammar: Grammar::Http },
    Language { names: &["make", "makefile", "mk"], grammar: Grammar::Make },
    Language { names: &["markdown", "md", "mdx"], grammar: Grammar::Markdown },
    Language {
        names: &["html", "htm", "xml", "svg", "vue", "xhtml", "xsd", "xsl", "svelte"],
        grammar: Grammar::Markup,
    },
    Language { names: &["css", "scss", "less"], grammar: Grammar::Style },
    Language { names: &["toml"], grammar: Grammar::Code(&config::TOML) },
    Language { names: &["hcl", "tf", "terraform", "tfvars"], grammar: Grammar::Code(&config::HCL) },
    Language {
        names: &["sql", "mysql", "postgres", "postgresql", "psql", "sqlite"],
        grammar: Grammar::Code(&config::SQL),
    },
    Language { names: &["proto", "protobuf"], grammar: Grammar::Code(&config::PROTO) },
    Language { names: &["graphql", "gql"], grammar: Grammar::Code(&config::GRAPHQL) },
    Language { names: &["nginx"], grammar: Grammar::Code(&config::NGINX) },
    Language { names: &["promql"], grammar: Grammar::Code(&config::PROMQL) },
    Language { names: &["java"], grammar: Grammar::Code(&jvm::JAVA) },
    Language { names: &["kotlin", "kt", "kts"], grammar: Grammar::Code(&jvm::KOTLIN) },
    Language { names: &["groovy", "gradle", "jenkinsfile"], grammar: Grammar::Code(&jvm::GROOVY) },
    Language { names: &["rust", "rs"], grammar: Grammar::Code(&native::RUST) },
    Language { names: &["go", "golang"], grammar: Grammar::Code(&native::GO) },
    Language { names: &["c", "h"], grammar: Grammar::Code(&native::C) },
    Language { names: &["cpp", "c++", "cc", "hpp", "cxx"], grammar: Grammar::Code(&native::CPP) },
    Language { names: &["cs", "csharp", "c#"], grammar: Grammar::Code(&native::CSHARP) },
    Language { names: &["swift"], grammar: Grammar::Code(&native::SWIFT) },
    Language { names: &["ruby", "rb"], grammar: Grammar::Code(&script::RUBY) },
    Language { names: &["php"], grammar: Grammar::Code(&script::PHP) },
    Language { names: &["lua"], grammar: Grammar::Code(&script::LUA) },
    Language {
        names: &["powershell", "ps1", "pwsh", "posh", "ps"],
        grammar: Grammar::Code(&script::POWERSHELL),
    },
];

/// Tells whether the lexer knows a language, by a name in lower case.
pub fn knows(language: &str) -> bool {
    grammar(language).is_some()
}

/// Returns the one name of a language that has several.
pub fn name(language: &str) -> Option<&'static str> {
    known(language).map(|known| known.names[0])
}

/// Returns `code` as safe HTML with spans around its tokens; `None` when
/// the language is unknown.
pub fn html(language: &str, code: &str) -> Option<String> {
    let mut lexer = Lexer { bytes: code.as_bytes(), out: Out::new(code), pos: 0, end: code.len() };
    lexer.run(grammar(language)?, 0);
    Some(lexer.out.finish())
}

fn grammar(language: &str) -> Option<Grammar> {
    known(language).map(|known| known.grammar)
}

fn known(language: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|known| known.names.contains(&language))
}

/// Where the lexer stands. What it steps over without a token is plain.
struct Lexer<'c> {
    bytes: &'c [u8],
    out: Out<'c>,
    pos: usize,
    /// The end of what is read as the present language.
    end: usize,
}

impl Lexer<'_> {
    /// Reads from here to the end. `depth` counts the languages around
    /// this one.
    fn run(&mut self, grammar: Grammar, depth: usize) {
        match grammar {
            Grammar::Plain => self.pos = self.end,
            Grammar::Code(syntax) => code::read(self, syntax),
            Grammar::Console => shell::read_console(self),
            Grammar::Diff => lines::read_diff(self),
            Grammar::Dockerfile => lines::read_dockerfile(self),
            Grammar::Http => lines::read_http(self),
            Grammar::Ini => lines::read_ini(self),
            Grammar::Make => lines::read_make(self),
            Grammar::Markdown => doc::read_markdown(self, depth),
            Grammar::Markup => markup::read(self, depth),
            Grammar::Properties => lines::read_properties(self),
            Grammar::Shell => shell::read(self),
            Grammar::Style => style::read(self),
            Grammar::Yaml => yaml::read(self),
        }
        self.pos = self.end;
    }

    /// Reads a part as another language, then goes on behind it.
    fn run_part(&mut self, grammar: Grammar, from: usize, to: usize, depth: usize) {
        let end = std::mem::replace(&mut self.end, to);
        self.pos = from;
        self.run(grammar, depth + 1);
        self.end = end;
        self.pos = to;
    }

    /// Returns the byte some steps ahead, or zero behind the end.
    fn peek(&self, ahead: usize) -> u8 {
        self.at(self.pos + ahead)
    }

    fn at(&self, pos: usize) -> u8 {
        if pos < self.end { self.bytes[pos] } else { 0 }
    }

    fn starts(&self, pos: usize, text: &str) -> bool {
        self.bytes[pos.min(self.end)..self.end].starts_with(text.as_bytes())
    }

    /// Returns the offset of the next byte, or the end.
    fn find(&self, from: usize, byte: u8) -> usize {
        let from = from.min(self.end);
        self.bytes[from..self.end]
            .iter()
            .position(|other| *other == byte)
            .map_or(self.end, |found| from + found)
    }

    /// Returns the offset of the next `text`, or the end.
    fn find_text(&self, mut from: usize, text: &str) -> usize {
        let first = text.as_bytes()[0];
        loop {
            from = self.find(from, first);
            if from >= self.end || self.starts(from, text) {
                return from;
            }
            from += 1;
        }
    }

    fn line_end(&self, from: usize) -> usize {
        self.find(from, b'\n')
    }

    /// Returns the offset behind spaces and tabs.
    fn skip_blanks(&self, mut from: usize) -> usize {
        while matches!(self.at(from), b' ' | b'\t') {
            from += 1;
        }
        from
    }

    /// Returns the offset of a line's end without the blanks before it.
    fn trim(&self, from: usize, mut to: usize) -> usize {
        while to > from && matches!(self.bytes[to - 1], b' ' | b'\t' | b'\r') {
            to -= 1;
        }
        to
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests;
