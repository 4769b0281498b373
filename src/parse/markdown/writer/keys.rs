//! Keys to press: `++ctrl+alt+del++`, `++"Any text"++`.

use std::borrow::Cow;

/// How many keys may be pressed together, and how long a name may be.
const MAX_KEYS: usize = 8;
const MAX_NAME: usize = 40;

/// Keys whose label is not simply their name.
const LABELS: &[(&str, &str)] = &[
    ("alt-graph", "AltGr"),
    ("altgr", "AltGr"),
    ("arrow-down", "Down"),
    ("arrow-left", "Left"),
    ("arrow-right", "Right"),
    ("arrow-up", "Up"),
    ("backslash", "\\"),
    ("bar", "|"),
    ("bksp", "Backspace"),
    ("brace-left", "{"),
    ("brace-right", "}"),
    ("bracket-left", "["),
    ("bracket-right", "]"),
    ("caps", "Caps Lock"),
    ("cmd", "Cmd"),
    ("colon", ":"),
    ("comma", ","),
    ("command", "Cmd"),
    ("control", "Ctrl"),
    ("ctl", "Ctrl"),
    ("ctrl", "Ctrl"),
    ("delete", "Del"),
    ("dot", "."),
    ("double-quote", "\""),
    ("equal", "="),
    ("escape", "Esc"),
    ("exclam", "!"),
    ("grave", "`"),
    ("greater", ">"),
    ("hash", "#"),
    ("ins", "Ins"),
    ("insert", "Ins"),
    ("left", "Left"),
    ("less", "<"),
    ("minus", "-"),
    ("opt", "Option"),
    ("page-down", "Page Down"),
    ("page-up", "Page Up"),
    ("period", "."),
    ("pg-dn", "Page Down"),
    ("pg-up", "Page Up"),
    ("pgdn", "Page Down"),
    ("pgup", "Page Up"),
    ("pipe", "|"),
    ("plus", "+"),
    ("prtsc", "Print Screen"),
    ("question", "?"),
    ("return", "Return"),
    ("semicolon", ";"),
    ("single-quote", "'"),
    ("slash", "/"),
    ("spc", "Space"),
    ("tilde", "~"),
    ("underscore", "_"),
    ("win", "Win"),
    ("windows", "Win"),
];

/// Reads keys at the start of a text, which begins with `++`; returns
/// their labels and how long they are.
pub(super) fn keys(text: &str) -> Option<(Vec<Cow<'_, str>>, usize)> {
    let inner = text.strip_prefix("++")?;
    let mut rest = inner;
    let mut keys = Vec::new();
    loop {
        let (key, after) = key(rest)?;
        keys.push(key);
        if let Some(after) = after.strip_prefix("++") {
            return Some((keys, text.len() - after.len()));
        }
        rest = after.strip_prefix('+')?;
        if keys.len() >= MAX_KEYS {
            return None;
        }
    }
}

fn key(text: &str) -> Option<(Cow<'_, str>, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        let length = quoted.bytes().take(MAX_NAME * 2).position(|byte| byte == b'"')?;
        return (length > 0).then(|| (Cow::Borrowed(&quoted[..length]), &quoted[length + 1..]));
    }
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let length = text.as_bytes().iter().take(MAX_NAME + 1).take_while(|byte| is_name(byte)).count();
    let (name, after) = text.split_at(length);
    (1..=MAX_NAME).contains(&length).then(|| (label(name), after))
}

fn label(name: &str) -> Cow<'static, str> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    if let Ok(idx) = LABELS.binary_search_by_key(&name.as_str(), |(known, _)| *known) {
        return Cow::Borrowed(LABELS[idx].1);
    }
    let words: Vec<String> = name
        .split('-')
        .map(|word| {
            let mut chars = word.chars();
            chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
        })
        .collect();
    Cow::Owned(words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read() {
        let labels = |text: &str| keys(text).map(|(keys, length)| (keys.join(" "), length));
        assert_eq!(labels("++ctrl+alt+del++ x"), Some(("Ctrl Alt Del".to_string(), 16)));
        assert_eq!(labels("++\"a b\"+page-up++"), Some(("a b Page Up".to_string(), 17)));
        assert_eq!(labels("++shift+f12++"), Some(("Shift F12".to_string(), 13)));
        assert_eq!(labels("++ and D++"), None);
        assert_eq!(labels("++i"), None);
        assert_eq!(labels("++++"), None);
    }

    #[test]
    fn labels_are_sorted() {
        assert!(LABELS.is_sorted_by_key(|(name, _)| *name));
    }
}
