//! The search page. A script answers there; without one it is everything
//! that has a name, from A to Z, on as many pages as it takes.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use crate::base::text;
use crate::model::entity::EntityId;
use crate::model::site::Site;
use crate::model::site_path::SitePath;
use crate::render::place::{Place, entity_path, href, shortened};
use crate::render::view::{Head, Letter, LetterEntry, Link, SearchView};

/// So many entries stand on one page, and fewer if they are long: a page
/// is to stay below 300 kB.
const MAX_ENTRIES: usize = 1_000;
const MAX_BYTES: usize = 180_000;
/// What the markup of an entry takes.
const ENTRY_BYTES: usize = 120;
const MAX_TITLE_CHARS: usize = 120;

/// Something that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    Entity(EntityId),
    /// An index into the site's docs.
    Docs(usize),
}

/// The entries of a letter that stand on one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterPart {
    /// An upper-case letter, or `#` for everything else.
    pub letter: String,
    pub entries: Vec<Named>,
}

/// Returns everything that has a name by its first letter, page by page;
/// one page at least.
pub fn letter_pages(site: &Site) -> Vec<Vec<LetterPart>> {
    let entities = (0..site.catalog.entities.len() as u32).map(|idx| Named::Entity(EntityId(idx)));
    let docs = site.docs.iter().enumerate().filter(|(_, docs)| !docs.pages.is_empty());
    let mut letters: BTreeMap<(bool, String), Vec<Named>> = BTreeMap::new();
    for named in entities.chain(docs.map(|(idx, _)| Named::Docs(idx))) {
        letters.entry(letter(title(site, named))).or_default().push(named);
    }
    let mut pages: Vec<Vec<LetterPart>> = vec![Vec::new()];
    let (mut n_entries, mut n_bytes) = (0, 0);
    for ((_, letter), mut entries) in letters {
        entries.sort_by_cached_key(|named| (title(site, *named).to_lowercase(), *named));
        let mut part = LetterPart { letter: letter.clone(), entries: Vec::new() };
        for named in entries {
            let size = size(site, named);
            if n_entries == MAX_ENTRIES || n_bytes + size > MAX_BYTES {
                push_part(&mut pages, &mut part);
                pages.push(Vec::new());
                (n_entries, n_bytes) = (0, 0);
            }
            n_entries += 1;
            n_bytes += size;
            part.entries.push(named);
        }
        push_part(&mut pages, &mut part);
    }
    pages
}

/// Ends a part of a page, unless nothing is in it.
fn push_part(pages: &mut [Vec<LetterPart>], part: &mut LetterPart) {
    let entries = std::mem::take(&mut part.entries);
    if let (false, Some(page)) = (entries.is_empty(), pages.last_mut()) {
        page.push(LetterPart { letter: part.letter.clone(), entries });
    }
}

/// Letters first, accents folded, then `#`. Scripts without capitals
/// have too many signs for a letter each.
fn letter(title: &str) -> (bool, String) {
    match title.nfkd().next() {
        Some(first) if first.is_uppercase() || first.is_lowercase() => {
            (false, first.to_uppercase().collect())
        }
        _ => (true, "#".to_string()),
    }
}

fn title(site: &Site, named: Named) -> &str {
    match named {
        Named::Entity(id) => site.catalog.entity(id).display_name(),
        Named::Docs(idx) => &site.docs[idx].plan.title,
    }
}

fn path(site: &Site, named: Named) -> SitePath {
    match named {
        Named::Entity(id) => entity_path(&site.catalog.entity(id).entity_ref),
        Named::Docs(idx) => SitePath::page(&site.docs[idx].plan.base),
    }
}

/// Returns about how many bytes an entry takes.
fn size(site: &Site, named: Named) -> usize {
    let title = shortened(title(site, named), MAX_TITLE_CHARS);
    ENTRY_BYTES + text::escape_html(&title).len() + path(site, named).as_str().len()
}

/// Makes one page of the search page, counted from 1.
pub fn view(place: Place, number: usize) -> SearchView {
    let pages = &place.index.letters;
    let mut links: Vec<Link> = Vec::new();
    for (page_idx, page) in pages.iter().enumerate() {
        let folder = href(place, &super::page_path("search", page_idx + 1));
        for (part_idx, part) in page.iter().enumerate() {
            if links.last().is_none_or(|link| link.title != part.letter) {
                let anchor = format!("#letter-{}", part_idx + 1);
                let href = if page_idx + 1 == number { anchor } else { format!("{folder}{anchor}") };
                links.push(Link { title: part.letter.clone(), href: Some(href) });
            }
        }
    }
    let parts = number.checked_sub(1).and_then(|idx| pages.get(idx)).map_or(&[][..], Vec::as_slice);
    SearchView {
        head: Head { noindex: true, ..super::head(place, "Search") },
        action: href(place, &SitePath::page("search")),
        links,
        letters: parts.iter().map(|part| letter_view(place, part)).collect(),
        pages: super::pages(place, "search", number, pages.len()),
    }
}

fn letter_view(place: Place, part: &LetterPart) -> Letter {
    let entry = |named: &Named| LetterEntry {
        title: shortened(title(place.site, *named), MAX_TITLE_CHARS),
        href: href(place, &path(place.site, *named)),
        kind: match named {
            Named::Entity(id) => place.site.catalog.entity(*id).kind.clone(),
            Named::Docs(_) => "Docs".into(),
        },
    };
    Letter { letter: part.letter.clone(), entries: part.entries.iter().map(entry).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::testing;

    fn lines(site: &Site) -> String {
        let line = |part: &LetterPart| {
            let titles: Vec<&str> = part.entries.iter().map(|named| title(site, *named)).collect();
            format!("{} {}", part.letter, titles.join(", "))
        };
        let page = |page: &Vec<LetterPart>| page.iter().map(line).collect::<Vec<_>>().join("\n");
        letter_pages(site).iter().map(page).collect::<Vec<_>>().join("\n--\n")
    }

    #[test]
    fn everything_with_a_name_has_a_letter() {
        expect_test::expect![[r#"
            A ada
            C Check-out docs, checkout
            O odd, orders
            S shop
            T till-system, tills"#]]
        .assert_eq(&lines(&testing::site()));
    }

    #[test]
    fn accents_fold_and_scripts_without_capitals_share_a_place() {
        let of = |title: &str| letter(title).1;
        assert_eq!([of("élan"), of("Ελλάδα"), of("сервис")], ["E", "Ε", "С"]);
        assert_eq!([of("検索"), of("2fa"), of("")], ["#", "#", "#"]);
    }

    #[test]
    fn long_lists_go_on_on_a_further_page() {
        let mut site = testing::site();
        let docs = site.docs[0].clone();
        site.docs = (0..MAX_ENTRIES * 2)
            .map(|idx| {
                let mut docs = docs.as_ref().clone();
                docs.plan.title = format!("Zeta <{idx:04}>").into();
                docs.into()
            })
            .collect();
        let pages = letter_pages(&site);
        let counts: Vec<usize> =
            pages.iter().map(|page| page.iter().map(|part| part.entries.len()).sum()).collect();
        assert!(counts.len() >= 3 && counts.iter().all(|count| *count <= MAX_ENTRIES), "{counts:?}");
        let n_names: usize = counts.iter().sum();
        assert_eq!(n_names, MAX_ENTRIES * 2 + site.catalog.entities.len());
    }
}
