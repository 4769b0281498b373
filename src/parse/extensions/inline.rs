//! Settings of extensions that change what is written in a line:
//! formulas, keys, quotes, and the marks of footnotes.

use crate::model::extensions::{Footnotes, Keys, MathSyntax, Smarty};
use crate::model::yaml::Node;

use super::{MAX_NAMES, is_set, names, text};

/// The longest text that a setting puts into pages.
const MAX_TEXT: usize = 200;

/// How many keys may be given names.
const MAX_KEYS: usize = 500;

/// Reads the settings of `pymdownx.arithmatex`.
pub(super) fn math(settings: Option<&Node>) -> MathSyntax {
    let listed = |key: &str, name: &str| match settings.and_then(|settings| settings.get(key)) {
        Some(node) => names(Some(node)).iter().any(|listed| &**listed == name),
        None => true,
    };
    MathSyntax {
        dollar: listed("inline_syntax", "dollar"),
        is_smart: is_set(settings, "smart_dollar").unwrap_or(true),
        round: listed("inline_syntax", "round"),
        dollars: listed("block_syntax", "dollar"),
        square: listed("block_syntax", "square"),
        begin: listed("block_syntax", "begin"),
    }
}

/// Reads the settings of `pymdownx.keys`.
pub(super) fn keys(settings: &Node) -> Option<Box<Keys>> {
    let labels = pairs(settings, "key_map", MAX_KEYS);
    let separator = settings.get("separator").and_then(Node::text).filter(|text| text.len() <= MAX_TEXT);
    Some(Box::new(Keys {
        separator: separator.unwrap_or("+").into(),
        is_strict: is_set(Some(settings), "strict").unwrap_or(false),
        is_camel: is_set(Some(settings), "camel_case").unwrap_or(false),
        labels,
    }))
}

/// Reads the settings of `smarty`.
pub(super) fn smarty(settings: Option<&Node>) -> Box<Smarty> {
    Box::new(Smarty {
        quotes: is_set(settings, "smart_quotes").unwrap_or(true),
        angled_quotes: is_set(settings, "smart_angled_quotes").unwrap_or(false),
        dashes: is_set(settings, "smart_dashes").unwrap_or(true),
        ellipses: is_set(settings, "smart_ellipses").unwrap_or(true),
        substitutions: settings
            .map(|settings| pairs(settings, "substitutions", MAX_NAMES))
            .unwrap_or_default(),
    })
}

/// Reads the settings of `footnotes`.
pub(super) fn footnotes(settings: &Node) -> Option<Box<Footnotes>> {
    let given = |key: &str| text(settings, key).filter(|text| (1..=MAX_TEXT).contains(&text.len()));
    let is_plain =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":._-".contains(&byte));
    let found = Footnotes {
        place: given("PLACE_MARKER"),
        back_text: given("BACKLINK_TEXT"),
        back_title: given("BACKLINK_TITLE").map(|title| title.replace("%d", "{}").into()),
        mark: given("SUPERSCRIPT_TEXT").filter(|mark| mark.contains("{}")),
        separator: given("SEPARATOR").filter(|text| is_plain(text)),
    };
    (found != Footnotes::default()).then(|| Box::new(found))
}

/// Reads a mapping of texts.
fn pairs(settings: &Node, key: &str, max: usize) -> Vec<(Box<str>, Box<str>)> {
    let pair = |(name, text): &(Node, Node)| {
        let (name, text) = (name.text()?, text.text()?);
        (name.len() <= MAX_TEXT && text.len() <= MAX_TEXT).then(|| (name.trim().into(), text.into()))
    };
    let entries = settings.get(key).and_then(Node::mapping).unwrap_or(&[]);
    entries.iter().filter_map(pair).take(max).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::file::FileId;
    use crate::parse::yaml;

    fn node(text: &str) -> Node {
        yaml::documents(FileId(0), text, &mut Vec::new()).swap_remove(0).root
    }

    #[test]
    fn formulas_have_the_forms_that_are_listed() {
        assert_eq!(math(None), MathSyntax::ALL);
        let some = math(Some(&node("{inline_syntax: [round], block_syntax: [begin], smart_dollar: false}")));
        assert!(some.round && some.begin && !some.dollar && !some.dollars && !some.square && !some.is_smart);
    }

    #[test]
    fn settings_of_keys_and_quotes_are_read() {
        let keys = keys(&node("{separator: '', strict: true, key_map: {page-up: Hoch}}")).expect("settings");
        assert_eq!((&*keys.separator, keys.is_strict, keys.is_camel), ("", true, false));
        assert_eq!(keys.labels, [("page-up".into(), "Hoch".into())]);
        let smarty =
            smarty(Some(&node("{smart_dashes: false, substitutions: {left-double-quote: '&bdquo;'}}")));
        assert!(smarty.quotes && !smarty.dashes && !smarty.angled_quotes);
        assert_eq!(smarty.substitutions.len(), 1);
    }

    #[test]
    fn settings_of_footnotes_are_read() {
        let found =
            footnotes(&node("{PLACE_MARKER: '[[notes]]', BACKLINK_TITLE: 'Back to %d', SEPARATOR: '\"'}"));
        let found = found.expect("settings");
        assert_eq!(found.place.as_deref(), Some("[[notes]]"));
        assert_eq!(found.back_title.as_deref(), Some("Back to {}"));
        assert_eq!(found.separator, None);
        assert_eq!(footnotes(&node("{UNIQUE_IDS: true}")), None);
    }
}
