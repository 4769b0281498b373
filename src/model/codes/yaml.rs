//! Diagnostics of YAML documents.

use crate::model::diagnostic::{Code, Diagnostic, Severity, Span};

/// All codes of this file.
pub const ALL: &[&Code] =
    &[&YAML_SYNTAX, &YAML_LIMIT, &YAML_ALIAS, &YAML_KEY, &YAML_TAG, &DUPLICATE_KEY, &NOT_UTF8];

/// A document that is not YAML.
pub static YAML_SYNTAX: Code = Code {
    id: "yaml-syntax",
    severity: Severity::Error,
    summary: "a document that is not valid YAML",
    explanation: "The document could not be read and is left out; the other documents of the file are not \
affected. The usual causes are a tab in place of spaces, a quote or bracket that is never closed, \
a line that is indented too little or too much, and text that holds `: ` or ` #` and needs quotes: \
`title: \"Payments: the service\"`.",
};

/// A document that is larger than anybody writes.
pub static YAML_LIMIT: Code = Code {
    id: "yaml-limit",
    severity: Severity::Error,
    summary: "a YAML document that exceeds a limit",
    explanation: "Callboard reads files of many repositories and trusts none of them, so every document has \
limits: its size, its depth, the number of its nodes and what its aliases expand to. The document is left \
out. Split it into several documents, or move large texts to files of their own and bring them in with \
`$text`.",
};

/// An alias that cannot be followed.
pub static YAML_ALIAS: Code = Code {
    id: "yaml-alias",
    severity: Severity::Error,
    summary: "a YAML alias that leads nowhere or to itself",
    explanation: "An alias (`*name`) repeats the node that carries the anchor `&name` earlier in the same \
document. It cannot name an anchor of another document, one that comes later, or a node that it is part of.",
};

/// A key that is not a text.
pub static YAML_KEY: Code = Code {
    id: "yaml-key",
    severity: Severity::Warning,
    summary: "a key of a mapping that is not a text",
    explanation: "The keys of an entity are texts. A list or a mapping as a key is dropped with its value. \
Often this is an unquoted placeholder such as `{{ name }}`, which YAML reads as a mapping inside of a mapping.",
};

/// A tag that means nothing here.
pub static YAML_TAG: Code = Code {
    id: "yaml-tag",
    severity: Severity::Error,
    summary: "a YAML tag that an entity cannot have",
    explanation: "Tags such as `!include`, `!ENV` or `!!python/object` ask a program to do something. \
Callboard never does: the value stays the text that it is. Remove the tag; to bring in another file write \
`$text: ./file.yaml`.",
};

/// The same key twice in one mapping.
pub static DUPLICATE_KEY: Code = Code {
    id: "duplicate-key",
    severity: Severity::Error,
    summary: "a key that occurs twice in one mapping",
    explanation: "Programs disagree on which of the two counts; Backstage refuses the whole document. \
Callboard keeps the first and drops the second. Remove one of them, or join their values.",
};

/// Text that is not UTF-8.
pub static NOT_UTF8: Code = Code {
    id: "not-utf8",
    severity: Severity::Error,
    summary: "a file that is not UTF-8",
    explanation: "The file has bytes that are no UTF-8, most often because it was saved in an old encoding such \
as Latin-1. It is read with \u{fffd} in their place. Save it as UTF-8, for example with `iconv -f latin1 -t \
utf-8`.",
};

/// The document is not YAML for the reason `what`. `opened` is where a
/// bracket stands that was still open there.
pub fn syntax(span: Span, what: &str, help: Option<&str>, opened: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::new(&YAML_SYNTAX, Some(span), format!("invalid YAML: {what}"));
    let diagnostic = match help {
        Some(help) => diagnostic.with_help(help),
        None => diagnostic,
    };
    match opened {
        Some(opened) => diagnostic.with_note("inside of the bracket that opens here", Some(opened)),
        None => diagnostic,
    }
}

/// A quote or bracket is never closed; `noticed` is where the reader
/// gave up.
pub fn unclosed(span: Span, open: &str, noticed: Option<Span>) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(&YAML_SYNTAX, Some(span), format!("invalid YAML: `{open}` is never closed"))
            .with_help("close it, or put the text around it in quotes");
    match noticed {
        Some(noticed) => diagnostic.with_note("noticed here", Some(noticed)),
        None => diagnostic,
    }
}

/// A tab stands where YAML wants spaces.
pub fn tab(span: Span) -> Diagnostic {
    Diagnostic::new(&YAML_SYNTAX, Some(span), "invalid YAML: a tab where only spaces may stand".to_string())
        .with_help("indent with spaces")
}

/// The text holds a NUL character.
pub fn nul(span: Span) -> Diagnostic {
    Diagnostic::new(&YAML_SYNTAX, Some(span), "invalid YAML: a NUL character".to_string())
        .with_help("remove it; a text file holds none")
}

/// The document has more of `what` than `limit`.
pub fn limit(span: Span, what: &str, limit: usize) -> Diagnostic {
    Diagnostic::new(&YAML_LIMIT, Some(span), format!("{what} exceeds the limit of {limit}"))
        .with_help("split the document, or bring in large parts with `$text`")
}

/// `name` is not an anchor of this document.
pub fn unknown_alias(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&YAML_ALIAS, Some(span), format!("alias `*{name}` names no anchor of this document"))
        .with_help(format!("write `&{name}` before the node that it repeats, or quote the text"))
}

/// An alias lies inside of the node that it repeats.
pub fn self_alias(span: Span) -> Diagnostic {
    Diagnostic::new(&YAML_ALIAS, Some(span), "an alias repeats a node that it is part of".to_string())
        .with_help("write the value out")
}

/// A key is not a text.
pub fn key_not_text(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(&YAML_KEY, Some(span), format!("a key is {what}, expected a text"))
        .with_help("put it in quotes, if it is a text or a placeholder")
}

/// A value of an entity carries a tag.
pub fn unknown_tag(span: Span, tag: &str) -> Diagnostic {
    Diagnostic::new(&YAML_TAG, Some(span), format!("tag `{tag}` has no meaning in an entity"))
        .with_help("remove the tag, or put the value in quotes")
}

/// `key` occurs again; the first one counts.
pub fn duplicate_key(span: Span, key: &str, first: Span) -> Diagnostic {
    Diagnostic::new(&DUPLICATE_KEY, Some(span), format!("key `{key}` occurs twice; the first one counts"))
        .with_note("first here", Some(first))
        .with_help("remove one of the two")
}

/// Bytes of the file are not UTF-8.
pub fn not_utf8(span: Span) -> Diagnostic {
    Diagnostic::new(&NOT_UTF8, Some(span), "this is not UTF-8".to_string())
        .with_help("save the file as UTF-8")
}
