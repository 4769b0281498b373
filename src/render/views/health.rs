//! The report of all problems: by repository, by owner and by code, and
//! what the catalog does not say.

use crate::model::diagnostic::Diagnostic;
use crate::model::site::Site;
use crate::model::site_path::SitePath;
use crate::render::gaps::Gap;
use crate::render::index::{Counts, Group, Grouping, Index, Subject};
use crate::render::place::{Place, href, link};
use crate::render::view::{
    Columns, DanglingRow, HealthGap, HealthGroup, HealthTab, HealthView, Pages, Problem,
};

use super::about::{line_url, message_html};
use super::{catalog, relations};

/// So many problems stand on one page.
pub const PAGE_LEN: usize = 100;

/// A page of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Problems(Grouping),
    /// Entities that lack something.
    Gap(Gap),
    /// Relations to what is not in the catalog.
    Dangling,
}

impl Part {
    /// Every part, in the order of their tabs.
    pub const ALL: [Part; 8] = [
        Part::Problems(Grouping::Repository),
        Part::Problems(Grouping::Owner),
        Part::Problems(Grouping::Code),
        Part::Dangling,
        Part::Gap(Gap::Owner),
        Part::Gap(Gap::Docs),
        Part::Gap(Gap::Lifecycle),
        Part::Gap(Gap::Description),
    ];

    /// Returns the folder of a part's pages.
    pub fn folder(self) -> String {
        match self {
            Part::Problems(Grouping::Repository) => "health".to_string(),
            Part::Problems(Grouping::Owner) => "health/by-owner".to_string(),
            Part::Problems(Grouping::Code) => "health/by-code".to_string(),
            Part::Dangling => "health/dangling".to_string(),
            Part::Gap(gap) => format!("health/without-{}", gap.name()),
        }
    }

    /// Returns how many pages a part has.
    pub fn n_pages(self, index: &Index, site: &Site) -> usize {
        self.count(index, site).div_ceil(PAGE_LEN).max(1)
    }

    fn count(self, index: &Index, site: &Site) -> usize {
        match self {
            Part::Problems(_) => site.diagnostics.len(),
            Part::Dangling => index.dangling.len(),
            Part::Gap(gap) => index.gaps[gap as usize].len(),
        }
    }

    fn title(self) -> &'static str {
        match self {
            Part::Problems(Grouping::Repository) => "By repository",
            Part::Problems(Grouping::Owner) => "By owner",
            Part::Problems(Grouping::Code) => "By code",
            Part::Dangling => "Dangling relations",
            Part::Gap(Gap::Owner) => "Without an owner",
            Part::Gap(Gap::Docs) => "Without docs",
            Part::Gap(Gap::Lifecycle) => "Without a lifecycle",
            Part::Gap(Gap::Description) => "Without a description",
        }
    }
}

/// Makes one page of a part, counted from 1.
pub fn view(place: Place, part: Part, number: usize) -> HealthView {
    let counts = place.index.counts;
    let first = (number - 1) * PAGE_LEN;
    let gap = match part {
        Part::Gap(gap) => &place.index.gaps[gap as usize][..],
        _ => &[],
    };
    let head_title = match part {
        Part::Problems(Grouping::Repository) => "Health".to_string(),
        part => format!("{} · Health", part.title()),
    };
    HealthView {
        head: super::head(place, &head_title),
        n_errors: counts.n_errors,
        n_warnings: counts.n_warnings,
        n_infos: counts.n_infos,
        tabs: tabs(place, part),
        gaps: gap_tiles(place),
        json: href(place, &SitePath::new("health.json")),
        list_title: part.title().to_string(),
        columns: Columns { kind: true, system: true, owner: true, entity_type: true, ..Columns::default() },
        rows: catalog::rows(place, gap.chunks(PAGE_LEN).nth(number - 1).unwrap_or_default()),
        dangling: match part {
            Part::Dangling => dangling(place, first),
            _ => Vec::new(),
        },
        groups: match part {
            Part::Problems(grouping) => groups(place, grouping, first),
            _ => Vec::new(),
        },
        pages: pages(place, part, number),
    }
}

fn pages(place: Place, part: Part, number: usize) -> Option<Pages> {
    super::pages(place, &part.folder(), number, part.n_pages(place.index, place.site))
}

fn tabs(place: Place, current: Part) -> Vec<HealthTab> {
    let tab = |part: Part| HealthTab {
        title: part.title(),
        href: href(place, &SitePath::page(&part.folder())),
        current: part == current,
        count: part.count(place.index, place.site),
    };
    Part::ALL.into_iter().filter(|part| matches!(part, Part::Problems(_) | Part::Dangling)).map(tab).collect()
}

fn gap_tiles(place: Place) -> Vec<HealthGap> {
    let gap = |gap: Gap| HealthGap {
        name: gap.name(),
        count: place.index.gaps[gap as usize].len(),
        href: href(place, &SitePath::page(&Part::Gap(gap).folder())),
    };
    Gap::ALL.into_iter().map(gap).collect()
}

fn dangling(place: Place, first: usize) -> Vec<DanglingRow> {
    let on_page = place.index.dangling.iter().skip(first).take(PAGE_LEN);
    on_page
        .map(|dangling| {
            let relation = &place.site.catalog.relations_of(dangling.from)[dangling.relation_idx];
            DanglingRow {
                entity: link(place, dangling.from),
                relation: relations::title(relation.kind),
                target: relation.target.to_string(),
            }
        })
        .collect()
}

/// Returns the groups of a page, of which the first and the last may be
/// cut.
fn groups(place: Place, grouping: Grouping, first: usize) -> Vec<HealthGroup> {
    let mut groups = Vec::new();
    let (mut start, end) = (0, first + PAGE_LEN);
    for group in &place.index.health[grouping as usize] {
        let range = start..start + group.diagnostics.len();
        start = range.end;
        if range.end <= first || range.start >= end {
            continue;
        }
        let from = first.saturating_sub(range.start);
        let to = (end - range.start).min(group.diagnostics.len());
        groups.push(HealthGroup { is_continued: from > 0, ..health_group(place, group, from, to) });
    }
    groups
}

fn health_group(place: Place, group: &Group, from: usize, to: usize) -> HealthGroup {
    let Counts { n_errors, n_warnings, n_infos } = group.counts;
    let (title, url, note) = match group.subject {
        Subject::Portal => ("This portal".to_string(), None, None),
        Subject::Repo(repo) => {
            let repo = place.site.snapshot.repo(repo);
            (repo.name.to_string(), repo.remote.as_ref().map(|remote| remote.url.clone()), None)
        }
        Subject::Owner(owner) => {
            let owner = link(place, owner);
            (owner.title, owner.href, None)
        }
        Subject::NoOwner => ("Nobody’s".to_string(), None, None),
        Subject::Code(code) => (code.id.to_string(), None, Some(code.summary.to_string())),
    };
    HealthGroup {
        title,
        href: url,
        note,
        n_errors,
        n_warnings,
        n_infos,
        problems: group.diagnostics[from..to]
            .iter()
            .map(|idx| problem(place, &place.site.diagnostics[*idx]))
            .collect(),
        is_continued: false,
    }
}

/// Returns a diagnostic as a page shows it.
pub fn problem(place: Place, diag: &Diagnostic) -> Problem {
    let snapshot = &place.site.snapshot;
    Problem {
        severity: diag.severity().name(),
        code: diag.code.id,
        message_html: message_html(&diag.message),
        help_html: diag.help.as_deref().map(message_html),
        repo: diag.span.map_or_else(String::new, |span| snapshot.repo_of(span.file).name.to_string()),
        place: diag
            .span
            .map(|span| format!("{}:{}:{}", snapshot.file(span.file).path, span.line, span.column)),
        url: diag.span.and_then(|span| {
            line_url(snapshot.repo_of(span.file), &snapshot.file(span.file).path, span.line)
        }),
    }
}
