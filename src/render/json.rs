//! JSON as text, for files that are large or many: no tree is made of
//! what is only written.

use std::fmt::Write;

use crate::model::yaml::{Node, Scalar, ScalarType, Value};

/// Appends a string with its quotes.
pub fn push_text(out: &mut String, text: &str) {
    out.push('"');
    let mut from = 0;
    for (offset, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[from..offset]);
        match escape {
            "" => {
                let _infallible = write!(out, "\\u{byte:04x}");
            }
            escape => out.push_str(escape),
        }
        from = offset + 1;
    }
    out.push_str(&text[from..]);
    out.push('"');
}

/// Appends a key with its colon, and a comma before it unless it is the
/// first of its object.
pub fn push_key(out: &mut String, key: &str) {
    if !out.ends_with('{') {
        out.push(',');
    }
    push_text(out, key);
    out.push(':');
}

/// Appends a key and a string.
pub fn push_pair(out: &mut String, key: &str, text: &str) {
    push_key(out, key);
    push_text(out, text);
}

/// Appends a key and a number.
pub fn push_number(out: &mut String, key: &str, number: usize) {
    push_key(out, key);
    let _infallible = write!(out, "{number}");
}

/// Appends a list of strings.
pub fn push_texts<'t>(out: &mut String, texts: impl IntoIterator<Item = &'t str>) {
    out.push('[');
    for text in texts {
        if !out.ends_with('[') {
            out.push(',');
        }
        push_text(out, text);
    }
    out.push(']');
}

/// Appends a node as [`Node::to_json`] reads it.
pub fn push_node(out: &mut String, node: &Node) {
    match &node.value {
        Value::Sequence(items) => {
            out.push('[');
            for (idx, item) in items.iter().enumerate() {
                if idx > 0 {
                    out.push(',');
                }
                push_node(out, item);
            }
            out.push(']');
        }
        Value::Mapping(entries) => {
            out.push('{');
            for (key, value) in entries {
                push_key(out, key.scalar().map_or("", |scalar| &*scalar.text));
                push_node(out, value);
            }
            out.push('}');
        }
        Value::Scalar(scalar) => push_scalar(out, scalar),
    }
}

fn push_scalar(out: &mut String, scalar: &Scalar) {
    let text = &*scalar.text;
    match scalar.scalar_type() {
        ScalarType::Null => out.push_str("null"),
        ScalarType::Bool if text.eq_ignore_ascii_case("true") => out.push_str("true"),
        ScalarType::Bool => out.push_str("false"),
        ScalarType::Int | ScalarType::Float => match serde_json::from_str::<serde_json::Number>(text) {
            Ok(number) => {
                let _infallible = write!(out, "{number}");
            }
            Err(_) => push_text(out, text),
        },
        ScalarType::String => push_text(out, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_a_string_of_json() {
        for text in ["", "plain", "a \"b\" \\ c", "\n\r\t\u{1}\u{1f}\u{7f}", "é 🦀 \u{2028}"] {
            let mut json = String::new();
            push_text(&mut json, text);
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text, "{json}");
        }
    }

    #[test]
    fn keys_are_set_apart() {
        let mut json = String::from("{");
        push_pair(&mut json, "a", "{");
        push_number(&mut json, "b", 2);
        push_key(&mut json, "c");
        push_texts(&mut json, ["x", "["]);
        json.push('}');
        assert_eq!(json, r#"{"a":"{","b":2,"c":["x","["]}"#);
    }
}
