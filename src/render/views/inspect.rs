//! What defined an entity and where: its ancestry, what stands beside
//! it, and its source.

use std::collections::BTreeMap;

use crate::model::diagnostic::Span;
use crate::model::entity::{Entity, EntityId};
use crate::model::file::{FileId, folder_of, join};
use crate::model::site::Site;
use crate::model::yaml::Node;
use crate::render::api;
use crate::render::place::{Place, entity_href, href, link};
use crate::render::view::{Inspect, Link};

use super::{about, catalog};

/// So many entities of the same file are named.
const MAX_COLOCATED: usize = 24;
/// A definition longer than this is linked and not shown again.
const MAX_DEFINITION: usize = 1_000;
/// So much of a document is shown.
const MAX_YAML: usize = 40_000;
/// So many Locations are followed from one to the next.
const MAX_ANCESTORS: usize = 8;

/// Returns what is known of an entity's origin.
pub fn inspect(place: Place, id: EntityId) -> Inspect {
    let entity = place.site.catalog.entity(id);
    let beside = place.index.by_file.get(&entity.file).map_or(&[][..], Vec::as_slice);
    let mut colocated = beside.iter().filter(|other| **other != id);
    Inspect {
        reference: entity.entity_ref.to_string(),
        api_version: entity.api_version.to_string(),
        kind: entity.kind.to_string(),
        namespace: entity.entity_ref.namespace.to_string(),
        name: entity.metadata.name.to_string(),
        json: href(place, &api::entity_path(&entity.entity_ref)),
        ancestry: ancestry(place, entity),
        colocated: colocated.by_ref().take(MAX_COLOCATED).map(|other| link(place, *other)).collect(),
        n_more_colocated: colocated.count(),
    }
}

/// From the repository down to the entity's file, by the Locations that
/// name it.
fn ancestry(place: Place, entity: &Entity) -> Vec<Link> {
    let snapshot = &place.site.snapshot;
    let mut ancestry = Vec::new();
    let mut file = entity.file;
    let place_of = |file: FileId, line: u32| Link {
        title: format!("{}:{line}", snapshot.file(file).path),
        href: about::line_url(snapshot.repo_of(file), &snapshot.file(file).path, line),
    };
    ancestry.push(place_of(file, entity.name_span.line));
    while let Some(location) = place.index.located_by.get(&file).filter(|_| ancestry.len() < MAX_ANCESTORS) {
        let entity = place.site.catalog.entity(*location);
        if entity.file == file {
            break;
        }
        ancestry.push(Link {
            title: format!("Location {}", entity.display_name()),
            href: Some(entity_href(place, *location)),
        });
        file = entity.file;
    }
    let repo = snapshot.repo_of(entity.file);
    let title = if repo.name.is_empty() { "This portal".to_string() } else { repo.name.to_string() };
    ancestry.push(Link { title, href: repo.remote.as_ref().map(|remote| remote.url.clone()) });
    ancestry.reverse();
    ancestry
}

/// Returns the Location that names each file, the first where there are
/// several. Patterns are not followed here.
pub fn located_by(site: &Site) -> BTreeMap<FileId, EntityId> {
    let mut located = BTreeMap::new();
    for (idx, entity) in site.catalog.entities.iter().enumerate() {
        if &*entity.entity_ref.kind != "location" {
            continue;
        }
        let here = site.snapshot.file(entity.file);
        for target in catalog::targets(entity) {
            let file =
                join(folder_of(&here.path), &target).and_then(|path| site.snapshot.find(here.repo, &path));
            if let Some(file) = file {
                located.entry(file).or_insert(EntityId(idx as u32));
            }
        }
    }
    located
}

/// Returns the document's YAML. A definition has a place of its own.
pub fn yaml(entity: &Entity) -> String {
    let source = &*entity.source;
    let cut = |source: &str| match source.char_indices().nth(MAX_YAML) {
        Some((end, _)) => format!("{}\n# … the file goes on", &source[..end]),
        None => source.to_string(),
    };
    let Some(definition) = own_definition(entity) else { return cut(source) };
    let start = (definition.span.start.saturating_sub(entity.document.start)) as usize;
    let end = (definition.span.end.saturating_sub(entity.document.start)) as usize;
    match (source.get(..start), source.get(end..)) {
        (Some(before), Some(after)) if end > start => {
            let after = after.trim_start_matches(['\n', '\r']);
            cut(&format!("{} # see Definition\n{after}", before.trim_end()))
        }
        _ => cut(source),
    }
}

/// Returns a long definition that stands in the document itself.
fn own_definition(entity: &Entity) -> Option<&Node> {
    let definition = entity.spec("definition")?;
    let Span { file, start, end, .. } = definition.span;
    let is_within = file == entity.file && start >= entity.document.start && end <= entity.document.end;
    (is_within && (end - start) as usize > MAX_DEFINITION).then_some(definition)
}
