//! What plugins are to put in for `{{ git_revision_date }}` and its
//! likes.

use super::settings::listed;
use super::{env_default, is_env};
use crate::model::git_words::{DateForm, GitWords};
use crate::model::yaml::Node;

/// A longer format is none.
const MAX_FORMAT_BYTES: usize = 200;

/// Reads the settings of the plugins; `None` where there are none.
pub(super) fn git_words(root: &Node) -> Option<Box<GitWords>> {
    let mut words = GitWords::default();
    for (name, set) in listed(root, "plugins") {
        let name = name.text().unwrap_or("");
        let is = |key: &str| set.and_then(|set| set.get(key)).and_then(truth);
        match name.rsplit('/').next().unwrap_or(name) {
            "git-revision-date" if is("modify_md") != Some(false) => words.plain = true,
            "git-revision-date-localized" if is("enabled") != Some(false) => {
                words.localized = Some(form(set));
                words.has_creation = is("enable_creation_date") == Some(true);
                words.falls_back = is("fallback_to_build_date") == Some(true);
            }
            "git-authors" if is("enabled") != Some(false) => words.authors = true,
            _ => {}
        }
    }
    (words != GitWords::default()).then(|| Box::new(words))
}

fn truth(node: &Node) -> Option<bool> {
    if is_env(node) { env_default(node).and_then(Node::bool) } else { node.bool() }
}

fn form(set: Option<&Node>) -> DateForm {
    let text = |key: &str| set.and_then(|set| set.get(key)).and_then(Node::text);
    // Names of months are English alone.
    let is_english = text("locale").is_none_or(|locale| locale.starts_with("en"));
    match text("type") {
        Some("iso_date") => DateForm::Iso,
        Some("iso_datetime") => DateForm::IsoTime,
        Some("datetime" | "datetime-timezone") if is_english => DateForm::LongTime,
        Some("datetime" | "datetime-timezone") => DateForm::IsoTime,
        Some("custom") => match text("custom_format").unwrap_or("%d. %B %Y") {
            format if format.len() <= MAX_FORMAT_BYTES && (is_english || !has_names(format)) => {
                DateForm::Custom(format.into())
            }
            _ => DateForm::Iso,
        },
        // How long ago it was nobody knows who builds.
        _ if is_english => DateForm::Long,
        _ => DateForm::Iso,
    }
}

fn has_names(format: &str) -> bool {
    ["%a", "%A", "%b", "%B", "%p"].iter().any(|name| format.contains(name))
}
