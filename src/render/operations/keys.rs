//! OpenAPI and AsyncAPI: keys within keys, in YAML or in JSON. Of YAML
//! only its blocks are read: each key by how far its line is indented.

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
    for (line_idx, line) in source.lines().enumerate() {
        let text = line.trim_start_matches(' ');
        let indent = line.len() - text.len();
        if text.trim_end().is_empty() || block.is_some_and(|key| indent > key) {
            continue;
        }
        block = None;
        while above.last().is_some_and(|(last, _)| *last >= indent) {
            above.pop();
        }
        let Some((key, value)) = entry(text) else { continue };
        if value.starts_with(['|', '>']) {
            block = Some(indent);
        }
        if above.len() >= MAX_DEPTH {
            continue;
        }
        let mut path: Vec<&str> = above.iter().map(|(_, key)| key.as_str()).collect();
        path.push(&key);
        take(&path, if block.is_some() { "" } else { value }, line_idx, offers);
        above.push((indent, key));
    }
}

/// Returns the key and the value of a line of YAML.
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
    let value = rest.trim_start().strip_prefix(':')?;
    let value = value.split_once(" #").map_or(value, |(value, _)| value).trim();
    let unquoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    Some((key.to_string(), unquoted.unwrap_or(value)))
}

/// Reads a definition in JSON.
pub(super) fn json(source: &str, offers: &mut Vec<Offer>) {
    // For each open bracket the key that is being read, none in a list.
    let mut above: Vec<Option<String>> = Vec::new();
    let (mut line_idx, mut is_key, mut rest) = (0, false, source);
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
            '}' | ']' => drop(above.pop()),
            ',' => is_key = matches!(above.last(), Some(Some(_))),
            ':' => is_key = false,
            '"' => {
                end = string_end(rest);
                let Ok(text) = serde_json::from_str::<String>(&rest[..end]) else { return };
                let depth = above.len();
                if is_key && let Some(Some(key)) = above.last_mut() {
                    *key = text;
                    if depth <= MAX_DEPTH {
                        take_at(&above, "", line_idx, offers);
                    }
                } else if depth <= MAX_DEPTH {
                    take_at(&above, &text, line_idx, offers);
                }
            }
            _ => {}
        }
        rest = &rest[end..];
    }
}

fn string_end(text: &str) -> usize {
    let mut bytes = text.bytes().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn take_at(above: &[Option<String>], value: &str, line_idx: usize, offers: &mut Vec<Offer>) {
    let path: Option<Vec<&str>> = above.iter().map(Option::as_deref).collect();
    if let Some(path) = path {
        take(&path, value, line_idx, offers);
    }
}

/// Takes from a key what it says of operations. In JSON a key comes once
/// by itself, and once more with its value if that is a text.
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
