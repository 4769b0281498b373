//! Emoji by name: those of GitHub, and names that other tools have for
//! them. A name that is not listed stays text.

/// Names that EmojiOne has, and GitHub has not.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("cross_mark", "x"),
    ("frame_photo", "framed_picture"),
    ("green_circle", "green_circle"),
    ("hammer_pick", "hammer_and_pick"),
    ("hugging", "hugs"),
    ("info", "information_source"),
    ("robot_face", "robot"),
    ("slight_smile", "slightly_smiling_face"),
    ("thinking_face", "thinking"),
    ("thumbs_down", "-1"),
    ("thumbs_up", "+1"),
    ("thumbdown", "-1"),
    ("thumbup", "+1"),
    ("tools", "hammer_and_wrench"),
    ("upside_down", "upside_down_face"),
];

/// Finds an emoji by its name, without colons.
pub(super) fn emoji(name: &str) -> Option<&'static str> {
    let known = |name: &str| emojis::get_by_shortcode(name).map(emojis::Emoji::as_str);
    known(name).or_else(|| {
        let other = OTHER_NAMES.iter().find(|(other, _)| *other == name).map(|(_, name)| *name);
        match other {
            Some(name) => known(name),
            None => turned(name).iter().find_map(|name| known(name)),
        }
    })
}

/// Returns `raising_hand_man` for `man_raising_hand`, and the like for
/// `woman_in_lotus_position`.
fn turned(name: &str) -> Vec<String> {
    match name.split_once('_') {
        Some((who @ ("man" | "woman"), what)) => {
            [what, what.trim_start_matches("in_")].map(|what| format!("{what}_{who}")).into()
        }
        _ => Vec::new(),
    }
}

/// Tells whether a shortcode names an icon of Material for MkDocs.
pub(super) fn is_icon(name: &str) -> bool {
    ["material-", "fontawesome-", "octicons-", "simple-"].iter().any(|set| name.starts_with(set))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_several_tools_are_known() {
        assert_eq!(emoji("smile"), Some("😄"));
        assert_eq!(emoji("+1"), emoji("thumbsup"));
        assert_eq!(emoji("man_raising_hand"), Some("🙋‍♂️"));
        assert_eq!(emoji("slight_smile"), Some("🙂"));
        assert_eq!(emoji("woman_in_lotus_position"), Some("🧘‍♀️"));
        assert_eq!(emoji("nothing_like_it"), None);
        let unknown: Vec<_> = OTHER_NAMES.iter().filter(|(name, _)| emoji(name).is_none()).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}
