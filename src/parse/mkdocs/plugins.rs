//! Plugins and extensions: those that Callboard does itself, those that
//! it never runs, and those that it does not know, each named once.

use super::settings::listed;
use super::{env_default, is_env, orders};
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::mkdocs::{OrderFile, Redirect, Sort};
use crate::model::yaml::Node;

/// How many redirects one configuration may have.
const MAX_REDIRECTS: usize = 10_000;
/// Keys that would run code or scripts of the repository.
const ACTIVE_KEYS: &[&str] = &["hooks", "extra_javascript", "extra_templates"];
/// Plugins that generate or run content, without which pages differ.
const ACTIVE_PLUGINS: &[&str] = &[
    "exec",
    "gen-files",
    "macros",
    "markdown-exec",
    "mkdocs-simple-hooks",
    "mkdocs-jupyter",
    "mkdocstrings",
    "simple-hooks",
];
/// Plugins whose work Callboard does, or that have nothing to do here.
const DONE_PLUGINS: &[&str] = &[
    "awesome-nav",
    "awesome-pages",
    "autorefs",
    "exclude",
    "exclude-search",
    "gh-admonitions",
    "git-authors",
    "git-committers",
    "git-committers-2",
    "git-revision-date",
    "git-revision-date-localized",
    "glightbox",
    "group",
    "include-markdown",
    "info",
    "literate-nav",
    "macros",
    "markdownextradata",
    "meta",
    "minify",
    "minify_html",
    "monorepo",
    "offline",
    "open-in-new-tab",
    "optimize",
    "print-site",
    "privacy",
    "redirects",
    "same-dir",
    "search",
    "section-index",
    "techdocs-core",
];
/// Plugins that are not there, and what pages lack without them.
const MISSING_PLUGINS: &[(&str, &str)] = &[
    ("blog", "posts are pages in the order of their names, without archive and categories"),
    ("d2", "D2 diagrams are shown as code"),
    ("drawio", "`.drawio` files are links to download"),
    ("ezlinks", "`[[page]]` stays as it is written"),
    ("kroki", "its diagrams are shown as code"),
    ("mermaid2", "its own settings do not count"),
    ("mike", "only the version that is checked out is shown"),
    ("pdf-export", "there is no PDF; the print page has the whole site"),
    ("roamlinks", "`[[page]]` stays as it is written"),
    ("rss", "there is no feed of pages"),
    ("social", "there are no pictures for social media"),
    ("swagger-ui-tag", "`<swagger-ui>` is left out; add an API entity instead"),
    ("table-reader", "`{{ read_csv(…) }}` stays as it is written"),
    ("tags", "there is no page of tags"),
    ("with-pdf", "there is no PDF; the print page has the whole site"),
];
/// Extensions outside of pymdownx whose syntax is read, or that change
/// nothing here.
const EXTENSIONS: &[&str] = &[
    "abbr",
    "admonition",
    "attr_list",
    "codehilite",
    "def_list",
    "extra",
    "fenced_code",
    "footnotes",
    "legacy_attrs",
    "legacy_em",
    "markdown_checklist.extension",
    "markdown_include.include",
    "markdown_inline_graphviz",
    "md_in_html",
    "mdx_breakless_lists",
    "mdx_truly_sane_lists",
    "mdx_gh_links",
    "meta",
    "nl2br",
    "plantuml_markdown",
    "sane_lists",
    "smarty",
    "tables",
    "toc",
];

/// Names what would run code in one diagnostic, and what is not there in
/// another one.
pub(super) fn unsupported(root: &Node, diags: &mut Vec<Diagnostic>) {
    let mut active = Named::default();
    for key in ACTIVE_KEYS {
        if let Some((key_node, value)) = root.entry(key)
            && !value.is_null()
        {
            active.add(key_node.span, format!("`{key}`"));
        }
    }
    if let Some((key_node, value)) = root.get("theme").and_then(|theme| theme.entry("custom_dir"))
        && !value.is_null()
    {
        active.add(key_node.span, "`theme.custom_dir`".to_string());
    }
    let mut missing = Named::default();
    for (node, _) in listed(root, "plugins") {
        let name = node.text().unwrap_or("");
        let name = name.rsplit('/').next().unwrap_or(name);
        let lack = MISSING_PLUGINS.iter().find(|(plugin, _)| *plugin == name).map(|(_, lack)| *lack);
        match lack {
            _ if ACTIVE_PLUGINS.contains(&name) => active.add(node.span, format!("`plugins.{name}`")),
            Some(lack) => missing.add(node.span, format!("`plugins.{name}` ({lack})")),
            None if DONE_PLUGINS.contains(&name) => {}
            None => missing.add(node.span, format!("`plugins.{name}` (what it adds to pages is missing)")),
        }
    }
    for (node, _) in listed(root, "markdown_extensions") {
        let name = node.text().unwrap_or("");
        let short = name.strip_prefix("markdown.extensions.").unwrap_or(name);
        let is_known =
            EXTENSIONS.contains(&short) || short.starts_with("pymdownx.") || short.starts_with("materialx.");
        if !is_known {
            let what = format!("`markdown_extensions.{name}` (its syntax stays as it is written)");
            missing.add(node.span, what);
        }
    }
    for (key, value) in root.mapping().unwrap_or(&[]) {
        let is_bare_env = is_env(value) && env_default(value).is_none();
        if let Some(key) = key.scalar()
            && is_bare_env
        {
            active.add(value.span, format!("`!ENV` of `{}`", key.text));
        }
    }
    if let Some(span) = active.first {
        diags.push(codes::docs::docs_config_ignored(span, &active.names));
    }
    if let Some(span) = missing.first {
        diags.push(codes::docs::docs_config_unsupported(span, &missing.names));
    }
}

/// Things of one diagnostic, which stands at the first of them.
#[derive(Default)]
struct Named {
    first: Option<Span>,
    names: Vec<String>,
}

impl Named {
    fn add(&mut self, span: Span, name: String) {
        let first = self.first.unwrap_or(span);
        self.first = Some(if (span.file, span.start) < (first.file, first.start) { span } else { first });
        if !self.names.contains(&name) {
            self.names.push(name);
        }
    }
}

fn plugin<'n>(root: &'n Node, names: &[&str]) -> Option<Option<&'n Node>> {
    let listed = listed(root, "plugins");
    listed
        .into_iter()
        .find(|(node, _)| node.text().is_some_and(|name| names.contains(&name)))
        .map(|(_, set)| set)
}

/// Reads `redirect_maps` of the redirects plugin.
pub(super) fn redirects(root: &Node) -> Vec<Redirect> {
    let maps = plugin(root, &["redirects"]).flatten().and_then(|set| set.get("redirect_maps"));
    let pairs = maps.and_then(Node::mapping).unwrap_or(&[]).iter().take(MAX_REDIRECTS);
    let redirect = |(from, to): &(Node, Node)| {
        Some(Redirect { from: from.text()?.trim().into(), to: to.text()?.trim().into(), span: from.span })
    };
    pairs.filter_map(redirect).collect()
}

/// Returns the files by which a plugin orders folders.
pub(super) fn order_file(root: &Node) -> Option<OrderFile> {
    let name = |set: Option<&Node>, key: &str, default: &str| -> Box<str> {
        let name = set.and_then(|set| set.get(key)).and_then(Node::text).map(str::trim);
        name.filter(|name| !name.is_empty() && !name.contains('/')).unwrap_or(default).into()
    };
    if let Some(set) = plugin(root, &["awesome-pages"]) {
        return Some(OrderFile::AwesomePages(name(set, "filename", ".pages")));
    }
    if let Some(set) = plugin(root, &["awesome-nav"]) {
        return Some(OrderFile::AwesomePages(name(set, "filename", ".nav.yml")));
    }
    plugin(root, &["literate-nav"]).map(|set| OrderFile::LiterateNav(name(set, "nav_file", "SUMMARY.md")))
}

/// Returns how folders are sorted and whether sections of one entry
/// collapse, where the files of awesome-pages say nothing of it.
pub(super) fn order_defaults(root: &Node) -> (Sort, bool) {
    let Some(set) = plugin(root, &["awesome-pages"]).flatten() else { return (Sort::default(), false) };
    (orders::sort(set), set.get("collapse_single_pages").and_then(Node::bool) == Some(true))
}

/// Returns the patterns of the exclude plugin.
pub(super) fn excluded(root: &Node) -> Vec<Box<str>> {
    let globs = plugin(root, &["exclude"]).flatten().and_then(|set| set.get("glob"));
    let items = globs.map(|node| node.sequence().unwrap_or(std::slice::from_ref(node)));
    items.unwrap_or(&[]).iter().filter_map(Node::text).map(|glob| format!("/{glob}").into()).collect()
}
