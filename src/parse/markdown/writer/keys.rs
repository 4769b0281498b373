//! Keys to press: `++ctrl+alt+del++`, `++"Any text"++`.

use std::borrow::Cow;

use crate::model::extensions::Keys;

/// How many keys may be pressed together, and how long a name may be.
const MAX_KEYS: usize = 8;
const MAX_NAME: usize = 40;

/// Keys whose label is not simply their name.
const LABELS: &[(&str, &str)] = &[
    ("alt-graph", "AltGr"),
    ("arrow-down", "Down"),
    ("arrow-left", "Left"),
    ("arrow-right", "Right"),
    ("arrow-up", "Up"),
    ("backslash", "\\"),
    ("backtab", "Back Tab"),
    ("bar", "|"),
    ("brace-left", "{"),
    ("brace-right", "}"),
    ("bracket-left", "["),
    ("bracket-right", "]"),
    ("colon", ":"),
    ("comma", ","),
    ("command", "Cmd"),
    ("context-menu", "Menu"),
    ("control", "Ctrl"),
    ("delete", "Del"),
    ("double-quote", "\""),
    ("equal", "="),
    ("escape", "Esc"),
    ("exclam", "!"),
    ("function", "Fn"),
    ("grave", "`"),
    ("greater", ">"),
    ("hash", "#"),
    ("insert", "Ins"),
    ("left-control", "Left Ctrl"),
    ("left-windows", "Left Win"),
    ("less", "<"),
    ("media-next-track", "Next Track"),
    ("media-pause", "Pause"),
    ("media-play", "Play"),
    ("media-play-pause", "Play/Pause"),
    ("media-prev-track", "Previous Track"),
    ("media-stop", "Stop"),
    ("minus", "-"),
    ("num-asterisk", "Num *"),
    ("num-delete", "Num Del"),
    ("num-equal", "Num ="),
    ("num-minus", "Num -"),
    ("num-plus", "Num +"),
    ("num-separator", "Num ."),
    ("num-slash", "Num /"),
    ("num0", "Num 0"),
    ("num1", "Num 1"),
    ("num2", "Num 2"),
    ("num3", "Num 3"),
    ("num4", "Num 4"),
    ("num5", "Num 5"),
    ("num6", "Num 6"),
    ("num7", "Num 7"),
    ("num8", "Num 8"),
    ("num9", "Num 9"),
    ("period", "."),
    ("plus", "+"),
    ("question", "?"),
    ("right-control", "Right Ctrl"),
    ("right-windows", "Right Win"),
    ("semicolon", ";"),
    ("single-quote", "'"),
    ("slash", "/"),
    ("tilde", "~"),
    ("underscore", "_"),
    ("volume-mute", "Mute"),
    ("windows", "Win"),
    ("x-button1", "X Button 1"),
    ("x-button2", "X Button 2"),
];

/// Other names of keys.
const ALIASES: &[(&str, &str)] = &[
    ("add", "num-plus"),
    ("altgr", "alt-graph"),
    ("apps", "context-menu"),
    ("back", "backspace"),
    ("bksp", "backspace"),
    ("bktab", "backtab"),
    ("cancel", "break"),
    ("capital", "caps-lock"),
    ("caps", "caps-lock"),
    ("close-brace", "brace-right"),
    ("close-bracket", "bracket-right"),
    ("clr", "clear"),
    ("cmd", "command"),
    ("cplk", "caps-lock"),
    ("ctl", "control"),
    ("ctrl", "control"),
    ("dblquote", "double-quote"),
    ("decimal", "num-separator"),
    ("del", "delete"),
    ("divide", "num-slash"),
    ("dot", "period"),
    ("down", "arrow-down"),
    ("esc", "escape"),
    ("exclamation", "exclam"),
    ("favorites", "browser-favorites"),
    ("fn", "function"),
    ("forward", "browser-forward"),
    ("grave-accent", "grave"),
    ("greater-than", "greater"),
    ("gt", "greater"),
    ("hyphen", "minus"),
    ("ins", "insert"),
    ("lalt", "left-alt"),
    ("launch-mail", "mail"),
    ("launch-media", "media"),
    ("lbutton", "left-button"),
    ("lcmd", "left-command"),
    ("lcommand", "left-command"),
    ("lcontrol", "left-control"),
    ("lctrl", "left-control"),
    ("left", "arrow-left"),
    ("left-cmd", "left-command"),
    ("left-ctrl", "left-control"),
    ("left-opt", "left-option"),
    ("left-win", "left-windows"),
    ("less-than", "less"),
    ("lmeta", "left-meta"),
    ("lopt", "left-option"),
    ("loption", "left-option"),
    ("lshift", "left-shift"),
    ("lsuper", "left-super"),
    ("lt", "less"),
    ("lwin", "left-windows"),
    ("lwindows", "left-windows"),
    ("mbutton", "middle-button"),
    ("menu", "context-menu"),
    ("multiply", "num-asterisk"),
    ("mute", "volume-mute"),
    ("next", "page-down"),
    ("next-track", "media-next-track"),
    ("num-del", "num-delete"),
    ("numlk", "num-lock"),
    ("open-brace", "brace-left"),
    ("open-bracket", "bracket-left"),
    ("opt", "option"),
    ("page-dn", "page-down"),
    ("page-up", "page-up"),
    ("pause", "media-pause"),
    ("pg-dn", "page-down"),
    ("pg-up", "page-up"),
    ("pgdn", "page-down"),
    ("pgup", "page-up"),
    ("pipe", "bar"),
    ("play", "media-play"),
    ("play-pause", "media-play-pause"),
    ("prev-track", "media-prev-track"),
    ("prior", "page-up"),
    ("prtsc", "print-screen"),
    ("question-mark", "question"),
    ("ralt", "right-alt"),
    ("rbutton", "right-button"),
    ("rcmd", "right-command"),
    ("rcommand", "right-command"),
    ("rcontrol", "right-control"),
    ("rctrl", "right-control"),
    ("refresh", "browser-refresh"),
    ("return", "enter"),
    ("right", "arrow-right"),
    ("right-cmd", "right-command"),
    ("right-ctrl", "right-control"),
    ("right-meta", "right-meta"),
    ("right-opt", "right-option"),
    ("right-win", "right-windows"),
    ("rmeta", "right-meta"),
    ("ropt", "right-option"),
    ("roption", "right-option"),
    ("rshift", "right-shift"),
    ("rsuper", "right-super"),
    ("rwin", "right-windows"),
    ("rwindows", "right-windows"),
    ("scroll", "scroll-lock"),
    ("search", "browser-search"),
    ("separator", "num-separator"),
    ("spc", "space"),
    ("stop", "media-stop"),
    ("subtract", "num-minus"),
    ("tabulator", "tab"),
    ("up", "arrow-up"),
    ("vol-down", "volume-down"),
    ("vol-mute", "volume-mute"),
    ("vol-up", "volume-up"),
    ("win", "windows"),
    ("xbutton1", "x-button1"),
    ("xbutton2", "x-button2"),
];

/// Reads keys at the start of a text, which begins with `++`; returns
/// their labels and how long they are.
pub(super) fn keys<'t>(text: &'t str, settings: Option<&'t Keys>) -> Option<(Vec<Cow<'t, str>>, usize)> {
    let inner = text.strip_prefix("++")?;
    let mut rest = inner;
    let mut keys = Vec::new();
    loop {
        let (key, after) = key(rest, settings)?;
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

fn key<'t>(text: &'t str, settings: Option<&'t Keys>) -> Option<(Cow<'t, str>, &'t str)> {
    if let Some(quote @ ('"' | '\'')) = text.chars().next() {
        let quoted = &text[1..];
        let length = quoted.bytes().take(MAX_NAME * 2).position(|byte| byte == quote as u8)?;
        return (length > 0).then(|| (Cow::Borrowed(&quoted[..length]), &quoted[length + 1..]));
    }
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let length = text.as_bytes().iter().take(MAX_NAME + 1).take_while(|byte| is_name(byte)).count();
    let (name, after) = text.split_at(length);
    (1..=MAX_NAME).contains(&length).then(|| (label(name, settings), after))
}

fn label<'t>(name: &'t str, settings: Option<&'t Keys>) -> Cow<'t, str> {
    let parted = settings.is_some_and(|settings| settings.is_camel).then(|| canonical(&parted(name)));
    let plain = canonical(name);
    let own = |name: &str| {
        let labels = settings.map_or(&[][..], |settings| &settings.labels);
        labels.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, label)| &**label)
    };
    let known = |name: &str| Some(LABELS[LABELS.binary_search_by_key(&name, |(known, _)| *known).ok()?].1);
    let names = [parted.as_deref().unwrap_or(&plain), &plain, name];
    if let Some(label) = names.iter().find_map(|name| own(name)) {
        return Cow::Borrowed(label);
    }
    if let Some(label) = names.iter().find_map(|name| known(name)) {
        return Cow::Borrowed(label);
    }
    let words: Vec<String> = names[0]
        .split('-')
        .map(|word| {
            let mut chars = word.chars();
            chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
        })
        .collect();
    Cow::Owned(words.join(" "))
}

/// Returns the usual name of a key: in lower case, and not another one.
fn canonical(name: &str) -> String {
    let name = name.to_ascii_lowercase().replace('_', "-");
    match ALIASES.binary_search_by_key(&name.as_str(), |(known, _)| *known) {
        Ok(idx) => ALIASES[idx].1.to_string(),
        Err(_) => name,
    }
}

/// Parts the words of a name that is written as `PageUp`.
fn parted(name: &str) -> String {
    let mut parted = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !parted.is_empty() && !parted.ends_with('-') {
            parted.push('-');
        }
        parted.push(c);
    }
    parted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read() {
        let labels = |text: &str| keys(text, None).map(|(keys, length)| (keys.join(" "), length));
        assert_eq!(labels("++ctrl+alt+del++ x"), Some(("Ctrl Alt Del".to_string(), 16)));
        assert_eq!(labels("++\"a b\"+page-up++"), Some(("a b Page Up".to_string(), 17)));
        assert_eq!(labels("++shift+f12++"), Some(("Shift F12".to_string(), 13)));
        assert_eq!(labels("++'a'+return++"), Some(("a Enter".to_string(), 14)));
        assert_eq!(labels("++ and D++"), None);
        assert_eq!(labels("++i"), None);
        assert_eq!(labels("++++"), None);
    }

    #[test]
    fn settings_name_keys() {
        let settings = Keys {
            separator: "".into(),
            is_strict: false,
            is_camel: true,
            labels: vec![("page-up".into(), "Hoch".into()), ("super-key".into(), "Hyper".into())],
        };
        let labels = |text: &str| keys(text, Some(&settings)).map(|(keys, _)| keys.join("|"));
        assert_eq!(labels("++PgUp+ArrowDown+F1++").as_deref(), Some("Hoch|Down|F1"));
        assert_eq!(labels("++SuperKey+AltGr+ctrl++").as_deref(), Some("Hyper|AltGr|Ctrl"));
    }

    #[test]
    fn labels_are_sorted() {
        assert!(LABELS.is_sorted_by_key(|(name, _)| *name));
        assert!(ALIASES.is_sorted_by_key(|(name, _)| *name));
    }
}
