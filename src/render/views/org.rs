//! The organisation: its groups as a tree, in a picture and as lists.

use std::fmt::Write;

use crate::base::text::push_escaped;
use crate::model::entity::EntityId;
use crate::model::relation::RelationKind;
use crate::model::site::Site;
use crate::render::graph::{self, Edge, Graph, Look, svg};
use crate::render::place::{Place, entity_href};
use crate::render::view::OrgView;

/// So many groups stand on one page, and in the picture.
const PAGE_LEN: usize = 400;
const MAX_DRAWN: usize = 60;
/// So many children of one group are drawn.
const MAX_CHILDREN: usize = 12;
/// Deeper levels are shown at this one.
const MAX_DEPTH: usize = 12;
/// The folder of the pages.
pub const FOLDER: &str = "org";

/// A group in the order of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Branch {
    pub group: EntityId,
    pub depth: usize,
    /// An index into the tree.
    pub parent: Option<usize>,
    pub n_members: usize,
}

/// Returns all groups, each after its parent and once. A group in a
/// circle stands where the circle is entered first.
pub fn tree(site: &Site) -> Vec<Branch> {
    let is_group = |id: &EntityId| &*site.catalog.entity(*id).entity_ref.kind == "group";
    let groups: Vec<EntityId> =
        (0..site.catalog.entities.len()).map(|idx| EntityId(idx as u32)).filter(is_group).collect();
    let related = |id: EntityId, kind: RelationKind| {
        let relations = site.catalog.relations_of(id).iter().filter(move |relation| relation.kind == kind);
        relations.filter_map(|relation| relation.entity)
    };
    let mut is_seen = vec![false; site.catalog.entities.len()];
    let mut tree = Vec::with_capacity(groups.len());
    let has_parent = |id: EntityId| related(id, RelationKind::ChildOf).any(|parent| is_group(&parent));
    let roots = groups.iter().filter(|id| !has_parent(**id)).chain(groups.iter());
    for root in roots {
        let mut stack = vec![(*root, 0, None)];
        while let Some((group, depth, parent)) = stack.pop() {
            if std::mem::replace(&mut is_seen[group.0 as usize], true) {
                continue;
            }
            let n_members = related(group, RelationKind::HasMember).count();
            tree.push(Branch { group, depth, parent, n_members });
            let at = tree.len() - 1;
            let mut children: Vec<EntityId> =
                related(group, RelationKind::ParentOf).filter(is_group).collect();
            children.sort_by_cached_key(|id| site.catalog.entity(*id).display_name().to_lowercase());
            stack.extend(children.into_iter().rev().map(|child| (child, depth + 1, Some(at))));
        }
    }
    tree
}

/// Returns how many pages the tree has.
pub fn n_pages(tree: &[Branch]) -> usize {
    tree.len().div_ceil(PAGE_LEN).max(1)
}

/// Makes one page, counted from 1.
pub fn view(place: Place, number: usize) -> OrgView {
    let tree = &place.index.org;
    let start = (number - 1) * PAGE_LEN;
    let on_page = &tree[start.min(tree.len())..(start + PAGE_LEN).min(tree.len())];
    let users = place.index.kinds.iter().find(|list| &*list.kind == "user");
    OrgView {
        head: super::head(place, "Organisation"),
        n_groups: tree.len(),
        n_users: users.map_or(0, |list| list.entities.len()),
        graph_html: (number == 1).then(|| picture(place, tree)).flatten(),
        tree_html: nested(place, on_page),
        pages: super::pages(place, FOLDER, number, n_pages(tree)),
    }
}

/// Draws the upper part of the tree: level by level, as far as it fits.
fn picture(place: Place, tree: &[Branch]) -> Option<String> {
    if tree.len() < 2 {
        return None;
    }
    let n_deepest = (0..MAX_DEPTH)
        .take_while(|depth| tree.iter().filter(|branch| branch.depth <= *depth).count() <= MAX_DRAWN)
        .last()
        .unwrap_or(0);
    let mut graph = Graph::default();
    let mut node_of: Vec<Option<usize>> = vec![None; tree.len()];
    let mut n_children = vec![0; tree.len()];
    for (idx, branch) in tree.iter().enumerate() {
        let parent_node = branch.parent.and_then(|parent| node_of[parent]);
        if let Some(parent) = branch.parent {
            n_children[parent] += 1;
        }
        let is_drawn = branch.depth <= n_deepest && graph.nodes.len() < MAX_DRAWN * 2;
        let is_within = branch.parent.is_none_or(|parent| n_children[parent] <= MAX_CHILDREN);
        if !is_drawn || !is_within || (branch.parent.is_some() && parent_node.is_none()) {
            continue;
        }
        let mut node = graph::entity::node(place, branch.group, Look::Plain);
        node.note = members(branch.n_members);
        node_of[idx] = Some(graph.nodes.len());
        graph.nodes.push(node);
        let to = graph.nodes.len() - 1;
        graph.edges.extend(parent_node.map(|from| Edge { from, to, label: "" }));
    }
    for (idx, branch) in tree.iter().enumerate() {
        let Some(from) = node_of[idx] else { continue };
        let n_shown = if branch.depth < n_deepest { n_children[idx].min(MAX_CHILDREN) } else { 0 };
        if n_children[idx] > n_shown {
            let href = Some(entity_href(place, branch.group));
            graph.nodes.push(graph::entity::more(n_children[idx] - n_shown, "groups", href));
            graph.edges.push(Edge { from, to: graph.nodes.len() - 1, label: "" });
        }
    }
    Some(svg::svg(&graph, "The tree of groups"))
}

fn members(n_members: usize) -> String {
    match n_members {
        0 => "no members".to_string(),
        1 => "1 member".to_string(),
        n => format!("{n} members"),
    }
}

/// Writes a part of the tree as nested lists. Where it begins in the
/// middle, the levels above are empty.
fn nested(place: Place, branches: &[Branch]) -> String {
    let mut html = String::with_capacity(branches.len() * 200);
    let Some(base) = branches.iter().map(|branch| branch.depth.min(MAX_DEPTH)).min() else { return html };
    let mut open = 0;
    for branch in branches {
        let depth = branch.depth.min(MAX_DEPTH) - base + 1;
        while open > depth {
            html.push_str("</li></ul>");
            open -= 1;
        }
        if open == depth {
            html.push_str("</li>");
        }
        while open < depth {
            html.push_str("<ul>");
            open += 1;
            if open < depth {
                html.push_str("<li>");
            }
        }
        let entity = place.site.catalog.entity(branch.group);
        html.push_str("<li><a class=\"entity\" href=\"");
        push_escaped(&mut html, &entity_href(place, branch.group));
        html.push_str("\"><span class=\"icon icon-group\" aria-hidden=\"true\"></span><span>");
        push_escaped(&mut html, entity.display_name());
        html.push_str("</span></a>");
        if let Some(of_type) = entity.spec_text("type") {
            html.push_str(" <span class=\"org-type\">");
            push_escaped(&mut html, of_type);
            html.push_str("</span>");
        }
        let _infallible = write!(html, " <span class=\"org-members\">{}</span>", members(branch.n_members));
    }
    for _ in 0..open {
        html.push_str("</li></ul>");
    }
    html
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::entity_ref::EntityRef;
    use crate::model::relation::Relation;
    use crate::model::site_path::SitePath;
    use crate::render::{index, testing};

    fn groups(pairs: &[(&str, &str)], names: &[&str]) -> Site {
        let mut site = testing::site();
        let reference = |name: &str| EntityRef::new("group", "default", name);
        let catalog = Arc::make_mut(&mut site.catalog);
        catalog.entities = names
            .iter()
            .map(|name| {
                let mut entity = testing::site().catalog.entities[3].clone();
                entity.entity_ref = reference(name);
                entity.metadata.name = (*name).into();
                entity
            })
            .collect();
        let of = |name: &&str| {
            let mut relations = Vec::new();
            for (parent, child) in pairs {
                let ends = [(parent, RelationKind::ParentOf, child), (child, RelationKind::ChildOf, parent)];
                for (_, kind, other) in ends.into_iter().filter(|(end, ..)| *end == name) {
                    let entity = names.iter().position(|name| name == other).map(|idx| EntityId(idx as u32));
                    relations.push(Relation { kind, target: reference(other).into(), entity });
                }
            }
            relations.sort();
            relations
        };
        catalog.relations = names.iter().map(of).collect();
        site.descriptions = vec![None; names.len()].into();
        site.docs_by_entity = vec![None; names.len()];
        site.docs.clear();
        site
    }

    #[test]
    fn groups_stand_below_their_parents() {
        let site = groups(
            &[("root", "b"), ("root", "a"), ("a", "deep"), ("x", "y"), ("y", "x")],
            &["a", "b", "deep", "root", "x", "y"],
        );
        let index = index::index(&site);
        let named: Vec<(&str, usize)> = index
            .org
            .iter()
            .map(|branch| (&*site.catalog.entity(branch.group).metadata.name, branch.depth))
            .collect();
        assert_eq!(named, [("root", 0), ("a", 1), ("deep", 2), ("b", 1), ("x", 0), ("y", 1)]);
        let path = SitePath::page("org");
        let place = Place { site: &site, index: &index, path: &path, absolute_root: None };
        let view = view(place, 1);
        assert_eq!(view.tree_html.matches("<ul>").count(), view.tree_html.matches("</ul>").count());
        assert_eq!(view.tree_html.matches("<li>").count(), view.tree_html.matches("</li>").count());
        assert_eq!(view.tree_html.matches("<li>").count(), 6);
        assert_eq!(view.graph_html.unwrap().matches("<a href").count(), 6);
    }
}
