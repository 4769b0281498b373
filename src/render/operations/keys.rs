//! OpenAPI and AsyncAPI: keys within keys, in YAML or in JSON. Blocks of
//! YAML are read line by line, each key by how far it is indented; what
//! stands in braces is read as JSON is.

use super::{Kind, Offer, push};

const METHODS: [&str; 10] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "subscribe", "publish"];
/// What lies deeper says nothing of operations.
const MAX_DEPTH: usize = 5;

/// Reads a definition in YAML.
pub(super) fn yaml(source: &str, offers: &mut Vec<Offer>) {
    // The keys above a line, with their indentation; what is too deep is
    // only counted.
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut block: Option<usize> = None;
    // Where the next line begins, and where the value of a key ended.
    let (mut next, mut read) = (0, 0);
    for (line_idx, line) in source.split_inclusive('\n').enumerate() {
        let start = next;
        next += line.len();
        let text = line.trim_start_matches(' ');
        let indent = line.len() - text.len();
        if start < read || text.trim_end().is_empty() || block.is_some_and(|key| indent > key) {
            continue;
        }
        block = None;
        while above.last().is_some_and(|(last, _)| *last >= indent) {
            above.pop();
        }
        if above.is_empty() && text.starts_with('{') {
            read = start + indent + flow(&source[start + indent..], &[], line_idx, offers);
        }
        let text = text.trim_end();
        let Some((key, rest)) = entry(text) else { continue };
        let value = value(rest);
        if value.starts_with(['|', '>']) {
            block = Some(indent);
        }
        let mut path: Vec<&str> = above.iter().map(|(_, key)| key.as_str()).collect();
        path.push(&key);
        let is_flow = value.starts_with(['{', '[']);
        if above.len() < MAX_DEPTH {
            take(&path, if block.is_some() || is_flow { "" } else { value }, line_idx, offers);
        }
        if is_flow {
            let at = start + indent + text.len() - rest.len();
            read = at + flow(&source[at..], &path, line_idx, offers);
        } else if above.len() < MAX_DEPTH {
            above.push((indent, key));
        }
    }
}

/// Returns the key of a line of YAML, and what follows.
fn entry(text: &str) -> Option<(String, &str)> {
    let (key, rest) = match text.chars().next()? {
        '#' | '-' | '{' | '[' | '&' | '*' | '!' | '%' => return None,
        quote @ ('"' | '\'') => text[1..].split_once(quote)?,
        _ => match text.find(": ").or_else(|| text.trim_end().strip_suffix(':').map(str::len)) {
            Some(end) => text.split_at(end),
            None => {
                let end = text.find(":\t").or_else(|| text.find(": #"))?;
                text.split_at(end)
            }
        },
    };
    Some((key.to_string(), rest.trim_start().strip_prefix(':')?))
}

/// Returns the value after a key, as far as it stands in the line.
fn value(rest: &str) -> &str {
    let value = rest.split_once(" #").map_or(rest, |(value, _)| value).trim();
    let unquoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    unquoted.unwrap_or(value)
}

/// Reads a definition in JSON.
pub(super) fn json(source: &str, offers: &mut Vec<Offer>) {
    flow(source, &[], 0, offers);
}

/// Reads a value in braces or brackets that stands below some keys, as
/// JSON or as YAML has it. Returns where it ends.
fn flow(source: &str, keys: &[&str], first_line_idx: usize, offers: &mut Vec<Offer>) -> usize {
    // For each open bracket the key that is being read, none in a list.
    let mut above: Vec<Option<String>> = keys.iter().map(|key| Some(key.to_string())).collect();
    let (mut line_idx, mut is_key, mut rest) = (first_line_idx, false, source);
    while let Some(c) = rest.chars().next() {
        let mut end = c.len_utf8();
        match c {
            '\n' => line_idx += 1,
            '{' => {
                above.push(Some(String::new()));
                is_key = true;
            }
            '[' => {
                above.push(None);
                is_key = false;
            }
            '}' | ']' => {
                above.pop();
                is_key = false;
                if above.len() <= keys.len() {
                    return source.len() - rest.len() + end;
                }
            }
            ',' => is_key = matches!(above.last(), Some(Some(_))),
            ':' => is_key = false,
            '#' => end = rest.find('\n').unwrap_or(rest.len()),
            c if c.is_whitespace() => {}
            _ => {
                end = scalar_end(rest, c);
                let text = scalar(&rest[..end]);
                line_idx += rest[..end].matches('\n').count();
                take_scalar(&mut above, text, is_key, line_idx, offers);
            }
        }
        rest = &rest[end..];
    }
    source.len()
}

/// Returns where a text ends: with its quote, or before what has a
/// meaning of its own.
fn scalar_end(text: &str, first: char) -> usize {
    let mut bytes = text.bytes().enumerate().skip(1).peekable();
    while let Some((at, byte)) = bytes.next() {
        let next = bytes.peek().map_or(b' ', |(_, next)| *next);
        match (first, byte) {
            ('"', b'\\') => drop(bytes.next()),
            ('\'', b'\'') if next == b'\'' => drop(bytes.next()),
            ('"', b'"') | ('\'', b'\'') => return at + 1,
            ('"' | '\'', _) => {}
            (_, b',' | b'{' | b'}' | b'[' | b']' | b'\n') => return at,
            (_, b':') if next.is_ascii_whitespace() || b",{}[]".contains(&next) => return at,
            (_, b' ') if next == b'#' => return at,
            _ => {}
        }
    }
    text.len()
}

/// Returns the text of a scalar; none of one that is broken.
fn scalar(text: &str) -> String {
    if text.starts_with('"') {
        return serde_json::from_str(text).unwrap_or_default();
    }
    match text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        Some(quoted) => quoted.replace("''", "'"),
        None => text.trim_end().to_string(),
    }
}

/// Takes a key, or the value of one.
fn take_scalar(
    above: &mut [Option<String>],
    text: String,
    is_key: bool,
    line_idx: usize,
    offers: &mut Vec<Offer>,
) {
    let value = if is_key {
        if let Some(Some(key)) = above.last_mut() {
            *key = text;
        }
        String::new()
    } else {
        text
    };
    let path: Option<Vec<&str>> = match above.len() {
        0..=MAX_DEPTH => above.iter().map(Option::as_deref).collect(),
        _ => None,
    };
    // What other keys have for a value says nothing.
    let says = |path: &[&str]| is_key || matches!(path.last(), Some(&("operationId" | "summary")));
    if let Some(path) = path.filter(|path| says(path)) {
        take(&path, &value, line_idx, offers);
    }
}

/// Takes from a key what it says of operations. In braces a key comes
/// once by itself, and once more with its value if that is a text.
fn take(path: &[&str], value: &str, line_idx: usize, offers: &mut Vec<Offer>) {
    match path {
        ["paths" | "webhooks" | "channels", of, method] if METHODS.contains(method) => {
            push(offers, Kind::Operation, &format!("{} {of}", method.to_uppercase()), line_idx);
        }
        ["paths" | "webhooks" | "channels", of, method, "operationId"] if !value.is_empty() => {
            let call = format!("{} {of}", method.to_uppercase());
            if let Some(offer) = offers.last_mut().filter(|offer| offer.name == call) {
                offer.call = call;
                offer.name = value.to_string();
            }
        }
        ["paths" | "webhooks" | "channels", of, method, "summary"] if !value.is_empty() => {
            let call = format!("{} {of}", method.to_uppercase());
            if let Some(offer) = offers.last_mut().filter(|offer| offer.name == call || offer.call == call) {
                offer.summary = value.to_string();
            }
        }
        ["operations", name] if value.is_empty() => {
            push(offers, Kind::Operation, name, line_idx);
        }
        ["operations", name, "summary"] if !value.is_empty() => {
            if let Some(offer) = offers.last_mut().filter(|offer| offer.name == *name) {
                offer.summary = value.to_string();
            }
        }
        ["components", "schemas" | "messages", name] | ["definitions", name] if value.is_empty() => {
            push(offers, Kind::Schema, name, line_idx);
        }
        _ => {}
    }
}
