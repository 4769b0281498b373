//! The allow-list of tags and attributes, and the tree sanitiser that
//! every page with HTML of its own goes through as a whole.
//!
//! The writer already applies the list; ammonia checks it again on the
//! tree that a browser would build, and puts that tree in order. Neither
//! has any foreign content: no SVG, no MathML, no raw-text elements.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use ammonia::Builder;

use super::pieces::{HOLE_END, HOLE_START};
use super::source::is_marker;

/// Tags that a page may have.
const TAGS: &[&str] = &[
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
];

/// Attributes of any tag.
const GENERIC: &[&str] = &["class", "dir", "id", "lang", "title"];

/// Attributes of some tags that a page may write and that are kept as
/// they are.
const PAGE_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("del", &["datetime"]),
    ("details", &["open"]),
    ("ins", &["datetime"]),
    ("li", &["value"]),
    ("ol", &["reversed", "start", "type"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("time", &["datetime"]),
];

/// Attributes that the writer adds.
const OUR_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["aria-label", "href", "rel"]),
    ("div", &["data-tabs"]),
    ("img", &["alt", "height", "loading", "src", "width"]),
    ("label", &["for"]),
    ("span", &["role"]),
];

/// Returns the name to write for a tag of a page, if it may have it.
pub(super) fn allowed_tag(name: &str) -> Option<&'static str> {
    let name = match name {
        "center" => "div",
        "strike" => "s",
        name => name,
    };
    TAGS.iter().find(|tag| **tag == name).copied()
}

/// Tells whether a page may write an attribute that is kept as it is.
pub(super) fn is_allowed_attribute(tag: &str, name: &str) -> bool {
    matches!(name, "dir" | "lang")
        || PAGE_ATTRIBUTES.iter().any(|(of, names)| *of == tag && names.contains(&name))
}

/// Returns HTML of the writer as a browser's tree would have it, with
/// nothing but what is allowed.
pub(super) fn sanitized(html: &str) -> String {
    static BUILDER: OnceLock<Builder<'static>> = OnceLock::new();
    BUILDER.get_or_init(builder).clean(html).to_string()
}

fn builder() -> Builder<'static> {
    let mut of_tags: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (tag, names) in PAGE_ATTRIBUTES.iter().chain(OUR_ATTRIBUTES) {
        of_tags.entry(tag).or_default().extend(names.iter());
    }
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.iter().copied().chain(["label"]).collect())
        .clean_content_tags(HashSet::from(["script", "style"]))
        .generic_attributes(GENERIC.iter().copied().collect())
        .tag_attributes(of_tags)
        .url_schemes(HashSet::new())
        .link_rel(None)
        .strip_comments(true)
        .attribute_filter(|_, name, value| filtered(name, value));
    builder
}

/// Addresses are holes or fragments; nothing else has markers.
fn filtered<'v>(name: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let is_address = matches!(name, "href" | "src");
    let is_hole = value
        .strip_prefix(HOLE_START)
        .and_then(|value| value.strip_suffix(HOLE_END))
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    match (is_address, is_hole) {
        (true, true) => Some(Cow::Borrowed(value)),
        (true, false) if value.starts_with('#') && !value.contains(is_marker) => Some(Cow::Borrowed(value)),
        (true, false) => None,
        // Of ours only those of tabs, whatever they are called.
        (false, _) if name == "for" && value.starts_with("cb-") && !value.starts_with("cb-tab-") => None,
        (false, _) if value.contains(is_marker) => Some(Cow::Owned(value.replace(is_marker, ""))),
        (false, _) => Some(Cow::Borrowed(value)),
    }
}
