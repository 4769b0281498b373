//! GraphQL and Protocol Buffers: words and brackets, one after the other.

use super::{Kind, Offer, push};

/// A piece of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'s> {
    Word(&'s str),
    Sign(char),
    /// A comment or a text, which says something of what follows.
    Says(&'s str),
}

/// Cuts a definition into tokens, with their lines. `comment` begins a
/// comment that ends with the line.
struct Tokens<'s> {
    rest: &'s str,
    line_idx: usize,
    comment: &'static str,
}

impl<'s> Iterator for Tokens<'s> {
    type Item = (usize, Token<'s>);

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let text = self.rest;
            let first = text.chars().next()?;
            let line_idx = self.line_idx;
            let until = |from: usize, end: &str| {
                text[from..]
                    .find(end)
                    .map_or((text.len(), text.len()), |at| (from + at, from + at + end.len()))
            };
            let (token, end) = if text.starts_with(self.comment) {
                let (end, _) = until(0, "\n");
                (Token::Says(&text[self.comment.len()..end]), end)
            } else if text.starts_with("/*") {
                let (inner, end) = until(2, "*/");
                (Token::Says(&text[2..inner]), end)
            } else if text.starts_with("\"\"\"") {
                let (inner, end) = until(3, "\"\"\"");
                (Token::Says(&text[3..inner]), end)
            } else if first == '"' {
                let inner = text[1..].find(['"', '\n']).map_or(text.len(), |at| 1 + at);
                (Token::Says(&text[1..inner]), (inner + 1).min(text.len()))
            } else if is_word(first) {
                let end = text.find(|c| !is_word(c)).unwrap_or(text.len());
                (Token::Word(&text[..end]), end)
            } else {
                (Token::Sign(first), first.len_utf8())
            };
            self.line_idx += text[..end].bytes().filter(|byte| *byte == b'\n').count();
            self.rest = &text[end..];
            if !matches!(token, Token::Sign(c) if c.is_whitespace()) {
                return Some((line_idx, token));
            }
        }
        None
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '@')
}

/// Reads a schema of GraphQL: the fields of the three roots are what can
/// be asked for.
pub(super) fn graphql(source: &str, offers: &mut Vec<Offer>) {
    let (mut depth, mut n_round) = (0_usize, 0_usize);
    let (mut kind, mut of, mut says, mut is_named) = ("", "", "", false);
    let mut tokens = Tokens { rest: source, line_idx: 0, comment: "#" }.peekable();
    while let Some((line_idx, token)) = tokens.next() {
        match token {
            Token::Says(text) => {
                if n_round == 0 {
                    says = text;
                }
                continue;
            }
            Token::Sign('{') => depth += 1,
            Token::Sign('}') => {
                depth = depth.saturating_sub(1);
                of = "";
            }
            Token::Sign('(') => n_round += 1,
            Token::Sign(')') => n_round = n_round.saturating_sub(1),
            Token::Word("extend") if depth == 0 => {}
            Token::Word(word @ ("type" | "interface" | "input" | "enum" | "union" | "scalar"))
                if depth == 0 && !is_named =>
            {
                (kind, is_named) = (word, true);
                continue;
            }
            Token::Word(name) if depth == 0 && is_named => {
                is_named = false;
                of = if kind == "type" { name } else { "" };
                if !is_root(name) && n_round == 0 && push(offers, Kind::Schema, name, line_idx) {
                    set_summary(offers, says);
                }
            }
            Token::Word(name) if depth == 1 && n_round == 0 && is_root(of) => {
                let is_field =
                    !name.starts_with('@') && matches!(tokens.peek(), Some((_, Token::Sign(':' | '('))));
                if is_field && push(offers, Kind::Operation, name, line_idx) {
                    set_call(offers, format!("{of}.{name}"));
                    set_summary(offers, says);
                }
            }
            _ => {}
        }
        says = "";
    }
}

fn is_root(name: &str) -> bool {
    matches!(name, "Query" | "Mutation" | "Subscription")
}

/// Reads a file of Protocol Buffers.
pub(super) fn protobuf(source: &str, offers: &mut Vec<Offer>) {
    let (mut package, mut service, mut says) = ("", "", "");
    let mut tokens = Tokens { rest: source, line_idx: 0, comment: "//" }.peekable();
    let mut is_start = true;
    while let Some((line_idx, token)) = tokens.next() {
        let was_start = is_start;
        is_start = matches!(token, Token::Sign('{' | '}' | ';') | Token::Says(_));
        let Token::Word(word) = token else {
            if let Token::Says(text) = token {
                says = text;
            }
            continue;
        };
        let name = match tokens.peek() {
            Some((_, Token::Word(name))) if was_start => *name,
            _ => {
                says = "";
                continue;
            }
        };
        match word {
            "package" => package = name,
            "service" => service = name,
            "rpc" if push(offers, Kind::Operation, name, line_idx) => {
                let dot = if package.is_empty() { "" } else { "." };
                set_call(offers, format!("{package}{dot}{service}/{name}"));
                set_summary(offers, says);
            }
            "message" | "enum" if push(offers, Kind::Schema, name, line_idx) => {
                set_summary(offers, says);
            }
            _ => {}
        }
        says = "";
    }
}

fn set_call(offers: &mut [Offer], call: String) {
    if let Some(offer) = offers.last_mut() {
        offer.call = call;
    }
}

fn set_summary(offers: &mut [Offer], says: &str) {
    if let Some(offer) = offers.last_mut() {
        offer.summary = says.split_whitespace().take(40).collect::<Vec<_>>().join(" ");
    }
}
