//! Members of groups, and what groups and users own.

use std::collections::BTreeMap;

use crate::model::entity::EntityId;
use crate::model::relation::{Relation, RelationKind};
use crate::model::yaml::Node;
use crate::render::kinds;
use crate::render::place::{Place, link_to};
use crate::render::view::{EntityLink, Member, Members, Tile};

/// So many members are shown.
const MAX_MEMBERS: usize = 200;
/// Backstage shows the six largest kinds of what is owned.
const MAX_TILES: usize = 6;

/// Returns the members of a group; `None` for other kinds.
pub fn members(place: Place, id: EntityId) -> Option<Members> {
    let entity = place.site.catalog.entity(id);
    if &*entity.entity_ref.kind != "group" {
        return None;
    }
    let targets = related(place, id, RelationKind::HasMember);
    let n_more = targets.len().saturating_sub(MAX_MEMBERS);
    let mut members: Vec<Member> =
        targets.into_iter().take(MAX_MEMBERS).map(|relation| member(place, relation)).collect();
    members.sort_by_cached_key(|member| member.entity.title.to_lowercase());
    Some(Members { title: format!("{} members", entity.display_name()), members, n_more })
}

/// Returns what a group or a user owns, by kind and type, most first.
pub fn ownership(place: Place, id: EntityId) -> Vec<Tile> {
    let entity = place.site.catalog.entity(id);
    if !matches!(&*entity.entity_ref.kind, "group" | "user") {
        return Vec::new();
    }
    let mut counts: BTreeMap<(usize, String), (&'static str, usize)> = BTreeMap::new();
    for relation in related(place, id, RelationKind::OwnerOf) {
        let Some(owned) = place.site.catalog.find(&relation.target) else { continue };
        let owned = place.site.catalog.entity(owned);
        let kind = &owned.entity_ref.kind;
        let title = match owned.spec_text("type") {
            Some(entity_type) => format!("{} · {entity_type}", owned.kind),
            None => owned.kind.to_string(),
        };
        let order = kinds::order(kind).0;
        counts.entry((order, title)).or_insert((kinds::icon(kind), 0)).1 += 1;
    }
    let mut tiles: Vec<Tile> =
        counts.into_iter().map(|((_, title), (icon, count))| Tile { title, icon, count }).collect();
    tiles.sort_by_key(|tile| std::cmp::Reverse(tile.count));
    tiles.truncate(MAX_TILES);
    tiles
}

fn related(place: Place<'_>, id: EntityId, kind: RelationKind) -> Vec<&Relation> {
    place.site.catalog.relations_of(id).iter().filter(|relation| relation.kind == kind).collect()
}

fn member(place: Place, relation: &Relation) -> Member {
    let entity: EntityLink = link_to(place, &relation.target, Some("user"));
    let found = place.site.catalog.find(&relation.target);
    let profile = found.and_then(|id| place.site.catalog.entity(id).spec.get("profile"));
    let email = profile.and_then(|profile| profile.get("email")).and_then(Node::text);
    Member { initials: initials(&entity.title), email: email.map(str::to_string), entity }
}

fn initials(name: &str) -> String {
    let words = name.split([' ', '.', '-', '_']).filter_map(|word| word.chars().next());
    words.filter(|c| c.is_alphanumeric()).take(2).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_of_names() {
        assert_eq!(initials("Ada Lovelace"), "AL");
        assert_eq!(initials("john.doe"), "JD");
        assert_eq!(initials("élan"), "É");
        assert_eq!(initials("-- --"), "");
    }
}
