//! Navigation and page titles of a docs site.

use std::sync::Arc;

use crate::base::text::calmed;

use super::docs_files::{stem, without_number};
use super::nav_tree;
use crate::model::doc::Doc;
use crate::model::docs_site::{
    DocPage, DocsPlan, DocsSite, DocsSource, NavItem, PlannedNav, PlannedPage, is_index,
};
use crate::model::git_words::DocsHistory;

/// Joins a plan with its pages, which are as many as the plan's and in
/// the same order. Links stay empty.
pub fn docs_site(plan: DocsPlan, docs: Vec<Arc<Doc>>) -> DocsSite {
    let mut nav_titles: Vec<Option<&str>> = vec![None; plan.pages.len()];
    if let Some(nav) = &plan.nav {
        collect_titles(nav, &mut nav_titles);
    }
    let titles: Vec<Box<str>> = plan
        .pages
        .iter()
        .zip(&docs)
        .zip(nav_titles)
        .map(|((page, doc), nav)| title(&plan, page, doc, nav))
        .collect();
    let nav = nav_tree::nav(&plan, &docs, &titles);
    let order = order(&nav, plan.pages.len());
    let base_len = plan.base.len();
    let home = plan.pages.iter().position(|page| page.path.as_str().get(base_len..) == Some("/index.html"));
    let pages = docs.into_iter().zip(titles).map(|(doc, title)| DocPage::new(&title, doc)).collect();
    DocsSite { plan, pages, nav, order, home, history: DocsHistory::default() }
}

/// Returns the title of a page: of the navigation, of the front matter,
/// of the first heading, of the file name.
fn title(plan: &DocsPlan, page: &PlannedPage, doc: &Doc, nav_title: Option<&str>) -> Box<str> {
    let heading = doc.headings.first().filter(|_| doc.starts_with_title).map(|heading| &*heading.text);
    let label = doc.meta_value("sidebar_label").filter(|_| plan.source == DocsSource::Docusaurus);
    let given = nav_title
        .or(label)
        .or(doc.meta_title.as_deref())
        .or(heading)
        .map(str::trim)
        .filter(|title| !title.is_empty());
    match given {
        Some(title) => calmed(title).into(),
        None if plan.source == DocsSource::Readme => plan.title.clone(),
        None if plan.source == DocsSource::Docusaurus => title_of_path(without_number(&page.source)).into(),
        None => title_of_path(&page.source).into(),
    }
}

/// Returns a title for `guides/first-steps.md`: `First steps`; `Home`
/// for the index at the top, the folder's name for one below it.
fn title_of_path(source: &str) -> String {
    let (folder, name) = source.rsplit_once('/').unwrap_or(("", source));
    match (is_index(name), folder) {
        (true, "") => "Home".to_string(),
        (true, folder) => prettified(folder.rsplit('/').next().unwrap_or(folder)),
        (false, _) => prettified(stem(name)),
    }
}

/// Puts spaces for `-` and `_`, and a capital first if there is none.
pub fn prettified(name: &str) -> String {
    let spaced = name.replace(['-', '_'], " ");
    let spaced = spaced.trim();
    let is_lower = !spaced.contains(char::is_uppercase);
    let mut chars = spaced.chars();
    match chars.next() {
        Some(first) if is_lower => first.to_uppercase().chain(chars).collect(),
        _ => spaced.to_string(),
    }
}

/// Finds the titles that the navigation gives to pages; the first counts.
fn collect_titles<'n>(nav: &'n [PlannedNav], titles: &mut [Option<&'n str>]) {
    for item in nav {
        match item {
            PlannedNav::Page { title, page } => {
                if titles[*page].is_none() {
                    titles[*page] = title.as_deref();
                }
            }
            PlannedNav::Section { items, .. } => collect_titles(items, titles),
            PlannedNav::Link { .. } | PlannedNav::Folder { .. } | PlannedNav::Rest { .. } => {}
        }
    }
}

/// Returns the pages of the navigation in its order, each once.
fn order(nav: &[NavItem], n_pages: usize) -> Vec<usize> {
    let mut order = Vec::new();
    let mut seen = vec![false; n_pages];
    let mut rest: Vec<&NavItem> = nav.iter().rev().collect();
    while let Some(item) = rest.pop() {
        match item {
            NavItem::Page { page, .. } => {
                if !std::mem::replace(&mut seen[*page], true) {
                    order.push(*page);
                }
            }
            NavItem::Section { items, .. } => rest.extend(items.iter().rev()),
            NavItem::Link { .. } => {}
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};

    use expect_test::{Expect, expect};

    use super::super::{docs_nav, fixture};
    use super::*;
    use crate::model::diagnostic::Span;
    use crate::model::file::{FileId, RepoId};
    use crate::model::mkdocs::{DocsConfig, NavEntry, NavTarget};
    use crate::model::site_path::SitePath;

    /// Makes a docs site of `sources`, ` = First heading` after a source
    /// and ` @ front matter` after that.
    fn site(sources: &[&str], nav: Option<&[NavEntry]>, said: &mut String) -> DocsSite {
        let files: Vec<String> =
            sources.iter().map(|source| format!("r:docs/{}", source.split(' ').next().unwrap())).collect();
        let snapshot = fixture::snapshot(&files.iter().map(String::as_str).collect::<Vec<_>>());
        let mut pages = Vec::new();
        let mut docs = Vec::new();
        for (idx, file) in snapshot.files.iter().enumerate() {
            let source = &file.path["docs/".len()..];
            let line = sources.iter().find(|line| line.split(' ').next() == Some(source)).unwrap();
            let (line, meta) =
                line.split_once(" @ ").map_or((*line, None), |(line, meta)| (line, Some(meta)));
            let mut doc =
                fixture::doc(FileId(idx as u32), line.split_once(" = ").map(|(_, title)| title), &[], &[]);
            doc.meta_title = meta.map(Box::from);
            docs.push(doc.into());
            let path = SitePath::page(&format!("b/{}", super::super::docs_files::page_folder(source)));
            pages.push(PlannedPage { file: FileId(idx as u32), source: source.into(), path });
        }
        let mut diags = Vec::new();
        let includes = HashMap::new();
        let of_sections = BTreeMap::new();
        let mut known = docs_nav::pages(&DocsConfig::default(), &pages, "docs", &includes, &of_sections);
        let nav = nav.map(|nav| docs_nav::planned(nav, &mut known, &mut diags));
        said.push_str(&fixture::said(&snapshot, &diags));
        let plan = DocsPlan {
            title: "Site".into(),
            pages,
            nav,
            ..DocsPlan::of_folder(RepoId(1), DocsSource::Mkdocs, "b")
        };
        docs_site(plan, docs)
    }

    fn show(nav: &[NavItem], site: &DocsSite, depth: usize, text: &mut String) {
        let indent = "  ".repeat(depth);
        for item in nav {
            match item {
                NavItem::Page { title, page } => {
                    text.push_str(&format!("{indent}{title} = {}\n", site.plan.pages[*page].source))
                }
                NavItem::Link { title, url } => text.push_str(&format!("{indent}{title} = <{url}>\n")),
                NavItem::Section { title, items } => {
                    text.push_str(&format!("{indent}{title}:\n"));
                    show(items, site, depth + 1, text);
                }
            }
        }
    }

    fn shown(sources: &[&str], nav: Option<&[NavEntry]>) -> String {
        let mut said = String::new();
        let site = site(sources, nav, &mut said);
        let mut text = String::new();
        show(&site.nav, &site, 0, &mut text);
        let name = |page: &usize| format!("{} `{}`", site.plan.pages[*page].source, site.pages[*page].title);
        let order: Vec<String> = site.order.iter().map(name).collect();
        text.push_str(&format!("order: {}\nhome: {:?}\n", order.join(", "), site.home.as_ref().map(name)));
        text + &said
    }

    #[track_caller]
    fn derived_nav(sources: &[&str], expected: Expect) {
        expected.assert_eq(&shown(sources, None));
    }

    #[test]
    fn a_derived_nav_has_the_index_first_and_folders_last() {
        derived_nav(
            &[
                "b.md",
                "a.md",
                "index.md",
                "10.md",
                "9.md",
                "a-dir/x.md",
                "a-dir/index.md",
                "Zdir/sub_dir/y.md",
                "zdir2/README.md",
            ],
            expect![[r#"
                Home = index.md
                10 = 10.md
                9 = 9.md
                A = a.md
                B = b.md
                Zdir:
                  Sub dir:
                    Y = Zdir/sub_dir/y.md
                A dir:
                  Overview = a-dir/index.md
                  X = a-dir/x.md
                Zdir2 = zdir2/README.md
                order: index.md `Home`, 10.md `10`, 9.md `9`, a.md `A`, b.md `B`, Zdir/sub_dir/y.md `Y`, a-dir/index.md `A dir`, a-dir/x.md `X`, zdir2/README.md `Zdir2`
                home: Some("index.md `Home`")
            "#]],
        );
        derived_nav(
            &["only/one.md"],
            expect![[r#"
            Only:
              One = only/one.md
            order: only/one.md `One`
            home: None
        "#]],
        );
        derived_nav(
            &[],
            expect![[r#"
            order: 
            home: None
        "#]],
        );
    }

    #[test]
    fn titles_come_from_the_front_matter_the_heading_or_the_name() {
        derived_nav(
            &[
                "index.md",
                "a.md = Heading @ Front",
                "b.md = Heading",
                "c-d_e.md",
                "API-guide.md",
                "f.md =  ",
                "é-x.md",
            ],
            expect![[r#"
                Home = index.md
                API guide = API-guide.md
                Front = a.md
                Heading = b.md
                C d e = c-d_e.md
                F = f.md
                É x = é-x.md
                order: index.md `Home`, API-guide.md `API guide`, a.md `Front`, b.md `Heading`, c-d_e.md `C d e`, f.md `F`, é-x.md `É x`
                home: Some("index.md `Home`")
            "#]],
        );
        derived_nav(
            &["index.md = Welcome", "readme-first.md"],
            expect![[r#"
            Welcome = index.md
            Readme first = readme-first.md
            order: index.md `Welcome`, readme-first.md `Readme first`
            home: Some("index.md `Welcome`")
        "#]],
        );
    }

    fn entry(title: Option<&str>, path: &str) -> NavEntry {
        NavEntry {
            title: title.map(Box::from),
            target: NavTarget::Path(path.into()),
            span: Span::of_file(FileId(0)),
        }
    }

    fn section(title: &str, items: Vec<NavEntry>) -> NavEntry {
        NavEntry {
            title: Some(title.into()),
            target: NavTarget::Section(items),
            span: Span::of_file(FileId(0)),
        }
    }

    #[test]
    fn a_configured_nav_names_pages_sections_and_links() {
        let nav = [
            entry(Some("Start"), "index.md"),
            entry(None, "b.md"),
            section(
                "More",
                vec![
                    entry(Some("A"), "./a/x.md"),
                    entry(Some("A again"), "a/x.md"),
                    section("Empty", vec![]),
                ],
            ),
            entry(Some("Chat"), "https://chat.example"),
            entry(None, "https://bare.example/x"),
            entry(Some("Dir"), "dir/"),
            entry(Some("Bad"), "javascript:alert(1)"),
            entry(Some("Out"), "../x.md"),
            entry(Some("Typo"), "a/xx.md"),
            entry(Some("Moved"), "old/b.md"),
            entry(None, "..."),
            entry(None, "!include ./sub/mkdocs.yml"),
        ];
        expect![[r#"
            Start = index.md
            B = b.md
            More:
              A = a/x.md
              A again = a/x.md
            Chat = <https://chat.example>
            https://bare.example/x = <https://bare.example/x>
            Dir = dir/README.md
            Unlisted = unlisted.md
            order: index.md `Start`, b.md `B`, a/x.md `A`, dir/README.md `Dir`, unlisted.md `Unlisted`
            home: Some("index.md `Start`")
            docs/a/x.md: warning unsafe-link: link to `javascript:alert(1)` has a scheme that is not allowed
            docs/a/x.md: warning nav-not-found: the navigation names `../x.md`, which is not a page in `docs/` (did you mean `a/x.md`?)
            docs/a/x.md: warning nav-not-found: the navigation names `a/xx.md`, which is not a page in `docs/`
            docs/a/x.md: warning nav-not-found: the navigation names `old/b.md`, which is not a page in `docs/` (did you mean `b.md`?)
        "#]].assert_eq(&shown(
            &["index.md", "a/x.md = Heading", "b.md", "dir/README.md", "unlisted.md"],
            Some(&nav),
        ));
    }
}
