//! `markdown_extensions` of `mkdocs.yml`, as far as a page depends on it.

use crate::model::extensions::{Extensions, Shorthand};
use crate::model::yaml::Node;

/// How many folders and files a setting may name.
const MAX_NAMES: usize = 32;

/// Reads the value of `markdown_extensions`: a list of names and of
/// mappings, or a mapping.
pub fn extensions(node: &Node) -> Extensions {
    let mut found = Extensions::default();
    for item in node.sequence().unwrap_or(&[]) {
        match item.mapping() {
            Some(entries) => {
                entries.iter().for_each(|(name, settings)| add(&mut found, name, Some(settings)))
            }
            None => add(&mut found, item, None),
        }
    }
    for (name, settings) in node.mapping().unwrap_or(&[]) {
        add(&mut found, name, Some(settings));
    }
    found
}

fn add(found: &mut Extensions, name: &Node, settings: Option<&Node>) {
    let settings = settings.filter(|settings| settings.mapping().is_some());
    match name.text() {
        Some("pymdownx.arithmatex" | "mdx_math" | "markdown_katex") => found.math = true,
        Some("pymdownx.snippets") => {
            found.snippet_bases = names(settings.and_then(|settings| settings.get("base_path")));
            found.appended = names(settings.and_then(|settings| settings.get("auto_append")));
        }
        Some("pymdownx.magiclink") => found.shorthand = settings.and_then(shorthand),
        _ => {}
    }
}

fn names(node: Option<&Node>) -> Vec<Box<str>> {
    let Some(node) = node else { return Vec::new() };
    let items = node.sequence().unwrap_or(&[]).iter().filter_map(Node::text);
    node.text().into_iter().chain(items).take(MAX_NAMES).map(Box::from).collect()
}

fn shorthand(settings: &Node) -> Option<Shorthand> {
    settings.get("repo_url_shorthand").and_then(Node::bool).filter(|is_on| *is_on)?;
    let host = match settings.get("provider").and_then(Node::text) {
        None | Some("github") => "https://github.com",
        Some("gitlab") => "https://gitlab.com",
        Some("bitbucket") => "https://bitbucket.org",
        Some(_) => return None,
    };
    let name = |key: &str| {
        let name = settings.get(key).and_then(Node::text)?.trim();
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        (!name.is_empty() && name.len() <= 100 && name.bytes().all(is_name)).then(|| Box::from(name))
    };
    Some(Shorthand { host: host.into(), user: name("user")?, repo: name("repo") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::file::FileId;
    use crate::parse::yaml;

    fn read(text: &str) -> Extensions {
        let documents = yaml::documents(FileId(0), text, &mut Vec::new());
        extensions(&documents[0].root)
    }

    #[test]
    fn settings_are_read_from_lists_and_mappings() {
        let list = read(
            "- admonition\n- pymdownx.snippets:\n    base_path: [a, b]\n    auto_append: c.md\n- pymdownx.arithmatex\n",
        );
        assert_eq!((list.math, list.snippet_bases.len(), list.appended.len()), (true, 2, 1));
        let mapping = read("pymdownx.magiclink:\n  repo_url_shorthand: true\n  user: acme\n  repo: pay\n");
        assert_eq!(mapping.shorthand.expect("it is on").user, "acme".into());
        assert_eq!(read("pymdownx.magiclink:\n  user: acme\n").shorthand, None);
        assert_eq!(read("nonsense"), Extensions::default());
    }
}
