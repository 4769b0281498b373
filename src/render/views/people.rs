//! Members of groups, and what groups and users own.

use std::collections::{BTreeMap, HashSet};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::model::entity::EntityId;
use crate::model::relation::{Relation, RelationKind};
use crate::model::site::Site;
use crate::model::site_path::SitePath;
use crate::model::yaml::Node;
use crate::render::kinds;
use crate::render::place::{Place, entity_href, href, link, link_or_name};
use crate::render::view::{Columns, EntityLink, Link, ListView, Member, Members, Ownership, Row, Tile};

use super::catalog;

/// So many members are shown; more have pages of their own.
pub const MAX_MEMBERS: usize = 48;
/// So many groups below or above a group are looked at.
const MAX_GROUPS: usize = 200;
/// So many members of groups below are found, and so many shown.
const MAX_INDIRECT: usize = 2_000;
const MAX_INDIRECT_SHOWN: usize = 48;
/// So many relations of groups are looked at.
const MAX_RELATIONS: usize = 5_000;
/// Backstage shows the six largest kinds of what is owned.
const MAX_TILES: usize = 6;
/// The folder of the pages of a large group's members.
pub const MEMBERS: &str = "members";

/// Returns the members of a group; `None` for other kinds.
pub fn members(place: Place, id: EntityId) -> Option<Members> {
    let entity = place.site.catalog.entity(id);
    if &*entity.entity_ref.kind != "group" {
        return None;
    }
    let direct = sorted_members(place, id);
    let n_more = direct.len().saturating_sub(MAX_MEMBERS);
    let (indirect, is_bounded) = indirect_members(place, id, &direct);
    Some(Members {
        title: format!("{} members", entity.display_name()),
        count: direct.len(),
        n_more,
        all: (n_more > 0).then(|| format!("{MEMBERS}/")),
        members: direct.into_iter().take(MAX_MEMBERS).map(|relation| member(place, relation)).collect(),
        n_indirect: indirect.len(),
        indirect: indirect
            .into_iter()
            .take(MAX_INDIRECT_SHOWN)
            .map(|(relation, through)| Member {
                through: Some(link(place, through)),
                ..member(place, relation)
            })
            .collect(),
        is_bounded,
    })
}

/// Returns how many members a group has that is too large for one page.
pub fn n_listed_members(site: &Site, id: EntityId) -> Option<usize> {
    let relations = site.catalog.relations_of(id).iter();
    let n_members = relations.filter(|relation| relation.kind == RelationKind::HasMember).count();
    let is_group = &*site.catalog.entity(id).entity_ref.kind == "group";
    (is_group && n_members > MAX_MEMBERS).then_some(n_members)
}

/// Makes one page of the members of a large group.
pub fn member_page(place: Place, id: EntityId, number: usize) -> ListView {
    let title = place.site.catalog.entity(id).display_name().to_string();
    let members = sorted_members(place, id);
    let on_page = members.chunks(catalog::PAGE_LEN).nth(number - 1).unwrap_or_default();
    let row = |relation: &&Relation| -> Row {
        match relation.entity {
            Some(member) => catalog::row(place, member),
            None => super::relations::missing_row(place, &relation.target, Some("user")),
        }
    };
    let folder = format!("{}/{MEMBERS}", place.index.folders[id.0 as usize]);
    ListView {
        head: super::head(place, &format!("{title} members")),
        crumbs: vec![
            Link { title: title.clone(), href: Some(entity_href(place, id)) },
            Link { title: "Members".to_string(), href: None },
        ],
        title,
        table_title: "Members".to_string(),
        count: members.len(),
        columns: Columns { description: true, tags: true, ..Columns::default() },
        rows: on_page.iter().map(row).collect(),
        pages: super::pages(place, &folder, number, catalog::n_pages(members.len())),
    }
}

fn sorted_members<'s>(place: Place<'s>, id: EntityId) -> Vec<&'s Relation> {
    let mut members = related(place, id, RelationKind::HasMember);
    members.sort_by_cached_key(|relation| match relation.entity {
        Some(member) => (false, place.site.catalog.entity(member).display_name().to_lowercase()),
        None => (true, relation.target.to_string()),
    });
    members
}

/// Returns the members of the groups below who are not in `direct`, each
/// with the group, and whether some were left out.
fn indirect_members<'s>(
    place: Place<'s>,
    id: EntityId,
    direct: &[&'s Relation],
) -> (Vec<(&'s Relation, EntityId)>, bool) {
    let groups = reached(place, id, RelationKind::ParentOf);
    let mut seen: HashSet<&Relation> = direct.iter().copied().collect();
    let mut found = Vec::new();
    let mut n_left = MAX_RELATIONS;
    for group in &groups {
        for relation in related(place, *group, RelationKind::HasMember).into_iter().take(n_left) {
            n_left -= 1;
            if seen.insert(relation) {
                found.push((relation, *group));
            }
        }
    }
    let is_bounded = n_left == 0 || found.len() > MAX_INDIRECT || groups.len() >= MAX_GROUPS;
    found.truncate(MAX_INDIRECT);
    (found, is_bounded)
}

/// Returns the entities that a relation leads to, step by step, nearest
/// first.
fn reached(place: Place, id: EntityId, kind: RelationKind) -> Vec<EntityId> {
    let mut seen: HashSet<EntityId> = HashSet::from([id]);
    let mut reached = vec![id];
    let mut at = 0;
    while at < reached.len() && reached.len() < MAX_GROUPS {
        let relations = place.site.catalog.relations_of(reached[at]).iter();
        for relation in relations.filter(|relation| relation.kind == kind) {
            let Some(target) = relation.entity else { continue };
            if reached.len() < MAX_GROUPS && seen.insert(target) {
                reached.push(target);
            }
        }
        at += 1;
    }
    reached.remove(0);
    reached
}

/// Returns what a group or a user owns, by kind and type, most first:
/// directly, and through the groups that a group has or a user is in.
pub fn ownership(place: Place, id: EntityId) -> Option<Ownership> {
    let entity = place.site.catalog.entity(id);
    let through = match &*entity.entity_ref.kind {
        "group" => RelationKind::ParentOf,
        "user" => RelationKind::MemberOf,
        _ => return None,
    };
    let others = reached(place, id, through);
    let direct = tiles(place, &[id]);
    let mut all = vec![id];
    all.extend(others);
    let indirect = if all.len() > 1 { tiles(place, &all) } else { Vec::new() };
    let is_same = indirect.iter().map(|tile| tile.count).eq(direct.iter().map(|tile| tile.count));
    Some(Ownership { direct, indirect: if is_same { Vec::new() } else { indirect } })
}

fn tiles(place: Place, owners: &[EntityId]) -> Vec<Tile> {
    let mut seen: HashSet<EntityId> = HashSet::new();
    let mut counts: BTreeMap<(usize, &str, &str), usize> = BTreeMap::new();
    let mut n_left = MAX_RELATIONS;
    for owner in owners {
        let relations = place.site.catalog.relations_of(*owner).iter();
        let owned = relations.filter(|relation| relation.kind == RelationKind::OwnerOf);
        for relation in owned.take(n_left) {
            n_left -= 1;
            let Some(owned) = relation.entity.filter(|target| seen.insert(*target)) else { continue };
            let owned = place.site.catalog.entity(owned);
            let kind = &*owned.entity_ref.kind;
            let entity_type = owned.spec_text("type").unwrap_or("");
            *counts.entry((kinds::order(kind).0, kind, entity_type)).or_insert(0) += 1;
        }
    }
    let mut tiles: Vec<Tile> = counts
        .into_iter()
        .map(|((_, kind, of_type), count)| tile(place, owners, kind, of_type, count))
        .collect();
    tiles.sort_by_key(|tile| std::cmp::Reverse(tile.count));
    tiles.truncate(MAX_TILES);
    tiles
}

/// A tile leads to the table of its kind, filtered as it counts.
fn tile(place: Place, owners: &[EntityId], kind: &str, entity_type: &str, count: usize) -> Tile {
    let list = place.index.kinds.iter().find(|list| &*list.kind == kind);
    let plural = list.map_or_else(|| kinds::plural(kind, kind), |list| list.plural.clone());
    let mut url = href(place, &SitePath::page(&catalog::folder(kind)));
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    url.push_str("?filters[user]=all");
    if !entity_type.is_empty() {
        url.push_str(&format!("&filters[type]={}", encoded(entity_type)));
    }
    for owner in owners.iter().take(20) {
        let reference = place.site.catalog.entity(*owner).entity_ref.to_string();
        url.push_str(&format!("&filters[owners]={}", encoded(&reference)));
    }
    Tile {
        title: match entity_type {
            "" => plural,
            entity_type => format!("{plural} · {entity_type}"),
        },
        icon: kinds::icon(kind),
        count,
        href: url,
    }
}

fn related(place: Place<'_>, id: EntityId, kind: RelationKind) -> Vec<&Relation> {
    place.site.catalog.relations_of(id).iter().filter(|relation| relation.kind == kind).collect()
}

fn member(place: Place, relation: &Relation) -> Member {
    let entity: EntityLink = link_or_name(place, relation.entity, &relation.target, Some("user"));
    let found = relation.entity;
    let profile = found.and_then(|id| place.site.catalog.entity(id).spec("profile"));
    let email = profile.and_then(|profile| profile.get("email")).and_then(Node::text);
    Member { initials: initials(&entity.title), email: email.map(str::to_string), entity, through: None }
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
