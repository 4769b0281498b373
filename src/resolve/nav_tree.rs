//! The navigation of a docs site as the tree of its folders: derived
//! from the files, or as a configuration and files in the folders say.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::docs_files::{matcher, stem, without_number};
use super::nav::prettified;
use super::nav_rest::{self, Rests};
use crate::base::pattern::PURSE;
use crate::model::doc::Doc;
use crate::model::docs_site::{DocsPlan, DocsSource, NavItem, OVERVIEW, PlannedFolder, PlannedNav, is_index};
use crate::model::file::folder_of;
use crate::model::mkdocs::Sort;

/// Folders below this depth are not nested further.
const MAX_DEPTH: usize = 32;

/// What a navigation is made from.
struct Tree<'t> {
    plan: &'t DocsPlan,
    docs: &'t [Arc<Doc>],
    titles: &'t [Box<str>],
    /// How many more entries there may be: folders that name one another
    /// over and over would multiply.
    n_left: usize,
    /// What patterns may still cost.
    purse: u64,
}

#[derive(Default)]
struct Folder<'p> {
    /// Relative to the docs folder.
    path: String,
    pages: Vec<usize>,
    folders: BTreeMap<&'p str, Folder<'p>>,
}

/// An entry of a folder before it is one of the navigation.
#[derive(Clone, Copy)]
enum Child<'f, 'p> {
    Page(usize),
    Folder(&'p str, &'f Folder<'p>),
}

/// Returns the navigation of a docs site.
pub fn nav(plan: &DocsPlan, docs: &[Arc<Doc>], titles: &[Box<str>]) -> Vec<NavItem> {
    let n_left = plan.pages.len().saturating_mul(4) + 20_000;
    let mut tree = Tree { plan, docs, titles, n_left, purse: PURSE };
    let own = plan.folders.get("").and_then(|folder| folder.nav.as_deref());
    // A configuration's own `nav` goes before that of a file.
    let planned = plan.nav.as_deref().or(own);
    let mut items = match planned {
        Some(nav) if !needs_folders(nav) => tree.listed(nav, &Folder::default()),
        Some(nav) => tree.listed(nav, &folders(plan)),
        None => tree.folder_items(&folders(plan)),
    };
    name_overviews(plan, &mut items, None);
    items
}

/// Calls the first page or the index of a section `Overview` where it
/// would only repeat the section's title right below it; a section of
/// nothing else is that page.
// Sections are nested no deeper than folders and `nav` are.
fn name_overviews(plan: &DocsPlan, items: &mut [NavItem], section: Option<&str>) {
    for (position, item) in items.iter_mut().enumerate() {
        match item {
            NavItem::Section { title, items } => {
                name_overviews(plan, items, Some(title));
                if let [NavItem::Page { title: inner, page }] = &items[..]
                    && &**inner == OVERVIEW
                    && &**title != OVERVIEW
                {
                    *item = NavItem::Page { title: title.clone(), page: *page };
                }
            }
            NavItem::Page { title, page } => {
                let is_same = section.is_some_and(|section| section.to_lowercase() == title.to_lowercase());
                if is_same && (position == 0 || plan.is_of_section(*page)) {
                    *title = OVERVIEW.into();
                }
            }
            NavItem::Link { .. } => {}
        }
    }
}

fn needs_folders(nav: &[PlannedNav]) -> bool {
    nav.iter().any(|item| match item {
        PlannedNav::Folder { .. } | PlannedNav::Rest { .. } => true,
        PlannedNav::Section { items, .. } => needs_folders(items),
        PlannedNav::Page { .. } | PlannedNav::Link { .. } => false,
    })
}

fn folders(plan: &DocsPlan) -> Folder<'_> {
    let left_out = matcher(&plan.not_in_nav);
    let mut root = Folder::default();
    for (idx, page) in plan.pages.iter().enumerate() {
        let is_generated = plan.generated.contains_key(&idx);
        if is_generated || left_out.as_ref().is_some_and(|left_out| left_out(&page.source)) {
            continue;
        }
        let mut folder = &mut root;
        let above = page.source.rsplit_once('/').map_or("", |(above, _)| above);
        for part in above.split('/').filter(|part| !part.is_empty()).take(MAX_DEPTH) {
            let path = match &*folder.path {
                "" => part.to_string(),
                above => format!("{above}/{part}"),
            };
            folder = folder.folders.entry(part).or_insert_with(|| Folder { path, ..Folder::default() });
        }
        folder.pages.push(idx);
    }
    root
}

impl<'t> Tree<'t> {
    /// Returns the entries of a folder: as its file says, else sorted.
    fn folder_items(&mut self, folder: &Folder<'t>) -> Vec<NavItem> {
        let planned = self.plan.folders.get(&*folder.path);
        match planned.and_then(|planned| planned.nav.as_deref()) {
            Some(nav) if !folder.path.is_empty() || self.plan.nav.is_none() => self.listed(nav, folder),
            _ => self.sorted_items(folder, planned),
        }
    }

    // Folders are nested no deeper than `MAX_DEPTH`.
    fn sorted_items(&mut self, folder: &Folder<'t>, planned: Option<&PlannedFolder>) -> Vec<NavItem> {
        let mut items = Vec::new();
        let own = planned.map(|planned| planned.sort).unwrap_or_default();
        for child in self.children(folder, own.or(self.plan.sort)) {
            if self.n_left == 0 {
                break;
            }
            self.n_left -= 1;
            match child {
                Child::Page(page) => {
                    items.push(NavItem::Page { title: self.titles[page].clone(), page });
                }
                Child::Folder(name, folder) => items.extend(self.section(name, folder, None)),
            }
        }
        items
    }

    /// Returns a folder as a section, unless nothing is in it or it is
    /// hidden.
    fn section(&mut self, name: &str, folder: &Folder<'t>, title: Option<&str>) -> Option<NavItem> {
        let planned = self.plan.folders.get(&*folder.path);
        if planned.is_some_and(|planned| planned.is_hidden) {
            return None;
        }
        let mut items = self.folder_items(folder);
        if let Some(page) = planned.and_then(|planned| planned.page)
            && !items.is_empty()
        {
            items.retain(|item| !matches!(item, NavItem::Page { page: other, .. } if *other == page));
            items.insert(0, NavItem::Page { title: OVERVIEW.into(), page });
        }
        let own_title = planned.and_then(|planned| planned.title.as_deref());
        match &items[..] {
            [] => None,
            [_] if self.collapses(&folder.path) => items.pop(),
            _ => {
                // A folder's own word counts most.
                let title = own_title.or(title).map(Box::from);
                let title = title.unwrap_or_else(|| self.folder_title(name));
                Some(NavItem::Section { title, items })
            }
        }
    }

    /// Tells whether a folder of one entry is that entry: as it says
    /// itself, or as it or one above it says of all below. What the docs
    /// folder says counts for itself alone, and so for nothing.
    fn collapses(&self, folder: &str) -> bool {
        let said = |folder: &str| self.plan.folders.get(folder).map(|planned| planned.collapse);
        if let Some(own) = said(folder).and_then(|collapse| collapse.own) {
            return own;
        }
        let mut at = folder;
        while !at.is_empty() {
            if let Some(below) = said(at).and_then(|collapse| collapse.below) {
                return below;
            }
            at = folder_of(at);
        }
        self.plan.collapses
    }

    fn folder_title(&self, name: &str) -> Box<str> {
        match self.plan.source {
            DocsSource::Docusaurus => prettified(without_number(name)).into(),
            _ => prettified(name).into(),
        }
    }

    /// Returns the children of a folder in their order: as MkDocs has it
    /// the index, the other pages, then the folders; as Docusaurus has
    /// it all of them by position; or as a file says.
    fn children<'f>(&self, folder: &'f Folder<'t>, sort: Sort) -> Vec<Child<'f, 't>> {
        let mut pages = folder.pages.clone();
        pages.sort_by_key(|page| {
            let source = &*self.plan.pages[*page].source;
            let name = source.rsplit('/').next().unwrap_or(source);
            (!is_index(name), name, source)
        });
        let pages = pages.into_iter().map(Child::Page);
        let folders = folder.folders.iter().map(|(name, folder)| Child::Folder(name, folder));
        let mut children: Vec<Child> = pages.chain(folders).collect();
        if self.plan.source == DocsSource::Docusaurus {
            children.sort_by_cached_key(|child| {
                (self.position(child), !self.is_index_page(child), self.name(child).to_string())
            });
        }
        if sort.is_said() {
            // Those that are alike keep their order either way.
            match sort.is_descending == Some(true) {
                true => children.sort_by_cached_key(|child| Reverse(self.sort_key(child, sort))),
                false => children.sort_by_cached_key(|child| self.sort_key(child, sort)),
            }
            if sort.has_index_first {
                children.sort_by_key(|child| !self.is_index_page(child));
            }
        }
        children
    }

    fn is_index_page(&self, child: &Child) -> bool {
        matches!(child, Child::Page(page) if is_index(self.name(&Child::Page(*page))))
    }

    fn name<'c>(&'c self, child: &Child<'c, 't>) -> &'c str {
        match child {
            Child::Page(page) => {
                let source = &*self.plan.pages[*page].source;
                source.rsplit('/').next().unwrap_or(source)
            }
            Child::Folder(name, _) => name,
        }
    }

    /// Returns where Docusaurus puts an entry: by what is said of it, by
    /// the number that its name begins with, last of all without one.
    fn position(&self, child: &Child) -> i64 {
        let given = match child {
            Child::Page(page) => self.docs[*page].meta_value("sidebar_position").and_then(position),
            Child::Folder(_, folder) => {
                self.plan.folders.get(&*folder.path).and_then(|folder| folder.position)
            }
        };
        let name = self.name(child);
        let digits = name.len() - name.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let numbered = || match without_number(name).len() < name.len() {
            true => name[..digits].parse::<i64>().ok().map(|number| number.saturating_mul(1000)),
            false => None,
        };
        given.or_else(numbered).unwrap_or(i64::MAX)
    }

    fn sort_key(&self, child: &Child, sort: Sort) -> String {
        let key = match (sort.by_title == Some(true), child) {
            (true, Child::Page(page)) => self.titles[*page].to_string(),
            (true, Child::Folder(name, folder)) => {
                let planned = self.plan.folders.get(&*folder.path).and_then(|folder| folder.title.clone());
                planned.unwrap_or_else(|| prettified(name).into()).into()
            }
            (false, _) if sort.has_index_first => stem(self.name(child)).to_string(),
            (false, _) => self.name(child).to_string(),
        };
        let key = if sort.ignores_case { key.to_lowercase() } else { key };
        if sort.is_natural { padded(&key) } else { key }
    }

    /// Returns the entries of a list, what stands for the rest filled in.
    fn listed(&mut self, nav: &[PlannedNav], folder: &Folder<'t>) -> Vec<NavItem> {
        let mut rests = match needs_folders(nav) {
            true => {
                let pages = || all_pages(folder);
                nav_rest::rests(nav, self.plan, named(nav, folder), &pages, &mut self.purse)
            }
            false => Rests::default(),
        };
        self.entries(nav, folder, &mut rests)
    }

    fn entries(&mut self, nav: &[PlannedNav], folder: &Folder<'t>, rests: &mut Rests) -> Vec<NavItem> {
        let mut items = Vec::new();
        for item in nav {
            if self.n_left == 0 {
                break;
            }
            self.n_left -= 1;
            match item {
                PlannedNav::Page { title, page } => {
                    let given = title.as_deref().filter(|title| !title.is_empty());
                    items.push(NavItem::Page {
                        title: given.unwrap_or(&self.titles[*page]).into(),
                        page: *page,
                    });
                }
                PlannedNav::Section { title, items: inner } => {
                    let inner = self.entries(inner, folder, rests);
                    if !inner.is_empty() {
                        items.push(NavItem::Section { title: title.clone(), items: inner });
                    }
                }
                PlannedNav::Link { title, url, .. } => {
                    items.push(NavItem::Link { title: title.clone(), url: url.clone() });
                }
                PlannedNav::Folder { title, folder: path } => {
                    if let Some((name, below)) = found(folder, path) {
                        items.extend(self.section(name, below, title.as_deref()));
                    }
                }
                PlannedNav::Rest { folder: path, takes, is_flat } => {
                    let of = if *folder.path == **path {
                        Some(folder)
                    } else {
                        found(folder, path).map(|(_, of)| of)
                    };
                    if let Some(of) = of {
                        let planned = self.plan.folders.get(&*of.path);
                        let mut rest = rests.next(takes, &of.path, &mut || self.sorted_items(of, planned));
                        if *is_flat {
                            rest = nav_rest::flat(rest);
                        }
                        items.append(&mut rest);
                    }
                }
            }
        }
        items
    }
}

fn all_pages(folder: &Folder) -> Vec<usize> {
    let mut pages = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        pages.extend(&folder.pages);
        folders.extend(folder.folders.values());
    }
    pages
}

/// Returns the pages that a list names, and those of the folders that it
/// names.
fn named(nav: &[PlannedNav], folder: &Folder) -> HashSet<usize> {
    let mut named = HashSet::new();
    let mut rest: Vec<&PlannedNav> = nav.iter().collect();
    while let Some(item) = rest.pop() {
        match item {
            PlannedNav::Page { page, .. } => {
                named.insert(*page);
            }
            PlannedNav::Section { items, .. } => rest.extend(items),
            PlannedNav::Folder { folder: path, .. } => {
                named.extend(found(folder, path).map(|(_, folder)| all_pages(folder)).unwrap_or_default());
            }
            PlannedNav::Link { .. } | PlannedNav::Rest { .. } => {}
        }
    }
    named
}

/// Finds a folder below another one, both relative to the docs folder.
fn found<'f, 'p>(folder: &'f Folder<'p>, path: &str) -> Option<(&'p str, &'f Folder<'p>)> {
    let below = match &*folder.path {
        "" => path,
        above => path.strip_prefix(above)?.strip_prefix('/')?,
    };
    let mut at: Option<(&'p str, &'f Folder<'p>)> = None;
    for part in below.split('/') {
        let from = at.map_or(folder, |(_, folder)| folder);
        let (name, next) = from.folders.get_key_value(part)?;
        at = Some((name, next));
    }
    at
}

/// Returns a text in which numbers sort by their value.
fn padded(text: &str) -> String {
    let mut padded = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        padded.push_str(&rest[..start]);
        let digits = &rest[start..];
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        padded.push_str(&format!("{:0>12}", digits[..end].trim_start_matches('0')));
        rest = &digits[end..];
    }
    padded.push_str(rest);
    padded
}

fn position(text: &str) -> Option<i64> {
    let position: f64 = text.trim().parse().ok()?;
    position.is_finite().then_some((position * 1000.0).clamp(-1e15, 1e15) as i64)
}
