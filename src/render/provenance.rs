//! Where an entity comes from: the annotations that Backstage generates
//! for what it reads from a code host, made of what is known of the
//! repository. What a descriptor says itself is not generated.

use std::borrow::Cow;

use crate::base::url::safe_url;
use crate::model::diagnostic::Span;
use crate::model::entity::Entity;
use crate::model::file::folder_of;
use crate::model::site::Site;

use super::views::about::line_url;

const VIEW: &str = "backstage.io/view-url";
const EDIT: &str = "backstage.io/edit-url";
const SOURCE: &str = "backstage.io/source-location";
/// Where the owner of an entity that names none comes from.
const INFERRED: &str = "callboard.dev/owner-inferred-from";

/// Returns the annotations that the descriptor does not have.
pub fn annotations(site: &Site, entity: &Entity) -> Vec<(&'static str, String)> {
    let file = site.snapshot.file(entity.file);
    let repo = site.snapshot.repo(file.repo);
    let view = repo.view_url(&file.path);
    let location = match &view {
        Some(view) => format!("url:{view}"),
        // Never where it lies on this machine.
        None => format!("file:{}/{}", repo.name, file.path),
    };
    let folder = repo.base_url(folder_of(&file.path)).map(|url| format!("url:{url}"));
    let origin = entity.origin.map(|origin| {
        let (file, repo) = (site.snapshot.file(origin), site.snapshot.repo_of(origin));
        let view = repo.view_url(&file.path).map(|view| format!("url:{view}"));
        view.unwrap_or_else(|| format!("file:{}/{}", repo.name, file.path))
    });
    let all = [
        ("backstage.io/managed-by-location", Some(location.clone())),
        ("backstage.io/managed-by-origin-location", Some(origin.unwrap_or(location))),
        (SOURCE, folder),
        (VIEW, view),
        (EDIT, repo.edit_url(&file.path)),
        (INFERRED, entity.inferred_owner.map(|span| inferred_from(site, span))),
    ];
    let own = |key: &str| entity.annotation(key).is_some();
    all.into_iter().filter(|(key, _)| !own(key)).filter_map(|(key, value)| Some((key, value?))).collect()
}

/// Returns the line of `CODEOWNERS` that names an owner.
fn inferred_from(site: &Site, span: Span) -> String {
    let (file, repo) = (site.snapshot.file(span.file), site.snapshot.repo_of(span.file));
    line_url(repo, &file.path, span.line).unwrap_or_else(|| format!("{}:{}", file.path, span.line))
}

/// Returns the page that shows an entity's sources, if its descriptor
/// names one.
pub fn source_location(entity: &Entity) -> Option<String> {
    let value = &entity.annotation(SOURCE)?.value;
    web_url(value.strip_prefix("url:").unwrap_or(value))
}

/// Returns the page that the descriptor names for itself.
pub fn own_view_url(entity: &Entity) -> Option<String> {
    web_url(&entity.annotation(VIEW)?.value)
}

/// Returns the page that the descriptor names to edit itself.
pub fn own_edit_url(entity: &Entity) -> Option<String> {
    web_url(&entity.annotation(EDIT)?.value)
}

/// Returns a URL if it is safe and leads to a page of the web.
pub fn web_url(url: &str) -> Option<String> {
    let url = safe_url(url)?;
    url.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("http")).then(|| Cow::into_owned(url))
}
