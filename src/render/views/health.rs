//! The report of all problems, repository by repository.

use crate::model::diagnostic::Diagnostic;
use crate::render::place::Place;
use crate::render::view::{HealthGroup, HealthView, Problem};

use super::about::{line_url, message_html};

/// So many problems stand on one page.
pub const PAGE_LEN: usize = 250;

/// Makes one page of the report, counted from 1.
pub fn view(place: Place, number: usize) -> HealthView {
    let counts = place.index.counts;
    let total = place.site.diagnostics.len().div_ceil(PAGE_LEN).max(1);
    HealthView {
        head: super::head(place, "Health"),
        n_errors: counts.n_errors,
        n_warnings: counts.n_warnings,
        n_infos: counts.n_infos,
        groups: groups(place, (number - 1) * PAGE_LEN),
        pages: super::pages(place, "health", number, total),
    }
}

/// Returns the groups of a page, of which the first and the last may be
/// cut.
fn groups(place: Place, first: usize) -> Vec<HealthGroup> {
    let mut groups = Vec::new();
    let (mut start, end) = (0, first + PAGE_LEN);
    for group in &place.index.health {
        let range = start..start + group.diagnostics.len();
        start = range.end;
        if range.end <= first || range.start >= end {
            continue;
        }
        let from = first.saturating_sub(range.start);
        let to = (end - range.start).min(group.diagnostics.len());
        groups.push(HealthGroup {
            title: match group.repo {
                Some(repo) => place.site.snapshot.repo(repo).name.to_string(),
                None => "This portal".to_string(),
            },
            n_errors: group.counts.n_errors,
            n_warnings: group.counts.n_warnings,
            n_infos: group.counts.n_infos,
            problems: group.diagnostics[from..to]
                .iter()
                .map(|idx| problem(place, &place.site.diagnostics[*idx]))
                .collect(),
            is_continued: from > 0,
        });
    }
    groups
}

/// Returns a diagnostic as a page shows it.
pub fn problem(place: Place, diag: &Diagnostic) -> Problem {
    let snapshot = &place.site.snapshot;
    Problem {
        severity: diag.severity().name(),
        code: diag.code.id,
        message_html: message_html(&diag.message),
        help_html: diag.help.as_deref().map(message_html),
        place: diag
            .span
            .map(|span| format!("{}:{}:{}", snapshot.file(span.file).path, span.line, span.column)),
        url: diag.span.and_then(|span| {
            line_url(snapshot.repo_of(span.file), &snapshot.file(span.file).path, span.line)
        }),
    }
}
