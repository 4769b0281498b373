//! Settings of `pymdownx.magiclink`: which hosts there are, and what is
//! made of their addresses and of shorthands.

use crate::base::url;
use crate::model::extensions::{MagicHost, MagicKind, MagicLinks};
use crate::model::yaml::Node;

use super::{MAX_NAMES, is_set, names};

/// The hosts that everybody knows, and what of their addresses is no
/// user.
const HOSTS: [(&str, &str, MagicKind, &str, &[&str]); 5] = [
    (
        "github",
        "GitHub",
        MagicKind::GitHub,
        "https://github.com",
        &["marketplace", "notifications", "issues", "pull", "sponsors", "settings", "support"],
    ),
    (
        "gitlab",
        "GitLab",
        MagicKind::GitLab,
        "https://gitlab.com",
        &["dashboard", "-", "explore", "help", "projects"],
    ),
    (
        "bitbucket",
        "Bitbucket",
        MagicKind::Bitbucket,
        "https://bitbucket.org",
        &["dashboard", "account", "plans", "support", "repo"],
    ),
    ("twitter", "Twitter", MagicKind::Social, "https://twitter.com", &["i", "messages", "bookmarks", "home"]),
    ("x", "X", MagicKind::Social, "https://x.com", &["i", "messages", "bookmarks", "home"]),
];

/// Reads the settings; `None` when nothing is on.
pub(super) fn links(settings: &Node) -> Option<Box<MagicLinks>> {
    let is_on = |key: &str| is_set(Some(settings), key).unwrap_or(false);
    let hosts = hosts(settings);
    let provider = settings.get("provider").and_then(Node::text).unwrap_or("github");
    let (references, people) = (is_on("repo_url_shorthand"), is_on("social_url_shorthand"));
    let links = MagicLinks {
        reads_references: references,
        reads_mentions: references || people,
        reads_people: people,
        shortens: is_on("repo_url_shortener"),
        shortens_people: is_on("social_url_shortener"),
        hides_scheme: is_on("hide_protocol"),
        is_normal: is_on("normalize_issue_symbols"),
        host: hosts.iter().position(|host| &*host.name == provider).unwrap_or(0),
        hosts,
        user: name(settings, "user"),
        repo: name(settings, "repo"),
        labels: labels(settings),
    };
    let is_any = links.reads_mentions || links.shortens || links.shortens_people || links.hides_scheme;
    is_any.then(|| Box::new(links))
}

fn hosts(settings: &Node) -> Vec<MagicHost> {
    let excluded = settings.get("shortener_user_exclude");
    let excluded_of =
        |name: &str| excluded.and_then(|excluded| excluded.get(name)).map(|node| names(Some(node)));
    let known = HOSTS.iter().map(|(name, label, kind, url, others)| MagicHost {
        name: (*name).into(),
        label: (*label).into(),
        kind: *kind,
        url: (*url).into(),
        excluded: excluded_of(name).unwrap_or_else(|| others.iter().map(|name| Box::from(*name)).collect()),
    });
    let own = settings.get("custom").and_then(Node::mapping).unwrap_or(&[]);
    let own = own.iter().take(MAX_NAMES).filter_map(|(name, entry)| {
        let text = |key: &str| entry.get(key).and_then(Node::text).map(str::trim);
        let name = name.text().filter(|name| (1..=40).contains(&name.len()))?;
        let is_new = HOSTS.iter().all(|(known, ..)| *known != name);
        let like = HOSTS.iter().find(|(kind, ..)| text("type") == Some(*kind))?;
        let host = text("host").filter(|host| host.starts_with("https://") || host.starts_with("http://"))?;
        let host = host.trim_end_matches('/').to_ascii_lowercase();
        let is_safe = host.len() <= 200 && url::safe_url(&host).is_some();
        let others =
            || excluded_of(like.0).unwrap_or_else(|| like.4.iter().map(|name| Box::from(*name)).collect());
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (is_new && is_safe && is_name).then(|| MagicHost {
            name: name.into(),
            label: text("label").filter(|label| label.len() <= 100).unwrap_or(name).into(),
            kind: like.2,
            url: host.as_str().into(),
            excluded: excluded_of(name).unwrap_or_else(others),
        })
    });
    known.chain(own).collect()
}

fn labels(settings: &Node) -> Vec<(Box<str>, Box<str>)> {
    let label = |(name, label): &(Node, Node)| {
        let (name, label) = (name.text()?, label.text()?);
        (label.len() <= 100).then(|| (Box::from(name), Box::from(label)))
    };
    let labels = settings.get("labels").and_then(Node::mapping).unwrap_or(&[]);
    labels.iter().filter_map(label).take(MAX_NAMES).collect()
}

fn name(settings: &Node, key: &str) -> Option<Box<str>> {
    let name = settings.get(key).and_then(Node::text)?.trim();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (!name.is_empty() && name.len() <= 100 && name.bytes().all(is_name)).then(|| Box::from(name))
}
