//! Entities as boxes of a graph.

use crate::model::entity::EntityId;
use crate::model::entity_ref::EntityRef;
use crate::render::kinds;
use crate::render::place::{Place, entity_href};

use super::{Look, Node};

/// Returns the box of an entity. Its note is its kind and type.
pub fn node(place: Place, id: EntityId, look: Look) -> Node {
    let entity = place.site.catalog.entity(id);
    let note = match entity.spec_text("type").filter(|of_type| !of_type.is_empty()) {
        Some(of_type) => format!("{} · {of_type}", entity.kind),
        None => entity.kind.to_string(),
    };
    Node {
        label: place.index.labels[id.0 as usize].title.to_string(),
        title: format!("{} ({note})", entity.entity_ref),
        note,
        href: (look != Look::Focus).then(|| entity_href(place, id)),
        icon: kinds::icon(&entity.entity_ref.kind),
        look,
    }
}

/// Returns the box of something that is not in the catalog.
pub fn missing(target: &EntityRef) -> Node {
    Node {
        label: target.short(Some(&target.kind)),
        note: "not found".to_string(),
        href: None,
        title: format!("{target} is not in the catalog"),
        icon: kinds::icon(&target.kind),
        look: Look::Missing,
    }
}

/// Returns the box that stands for so many others.
pub fn more(n_others: usize, note: &str, href: Option<String>) -> Node {
    Node {
        label: format!("{n_others} more"),
        note: note.to_string(),
        href,
        title: match note {
            "" => format!("{n_others} more"),
            note => format!("{n_others} more: {note}"),
        },
        icon: "other",
        look: Look::More,
    }
}
