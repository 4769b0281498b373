//! The explorer of the graph. A script draws it; without one the page
//! lists who is related to whom.

use crate::model::entity::EntityId;
use crate::model::relation::{Relation, RelationKind};
use crate::model::site::Site;
use crate::model::site_path::SitePath;
use crate::render::data::GRAPH;
use crate::render::graph::export::PAIRS;
use crate::render::place::{Place, href, link, link_or_name};
use crate::render::view::{GraphRow, GraphView, RelationGroup};

use super::relations::{explorer, title};

/// So many relations stand on one page, and of one entity and kind.
const PAGE_RELATIONS: usize = 400;
const MAX_LISTED: usize = 20;
/// The folder of the explorer.
pub const FOLDER: &str = "catalog-graph";

/// Returns the first entity of each page, and the end.
pub fn page_starts(site: &Site) -> Vec<usize> {
    let mut starts = vec![0];
    let mut n_relations = 0;
    for (idx, relations) in site.catalog.relations.iter().enumerate() {
        let n_listed =
            PAIRS.iter().map(|pair| of_kind(relations, pair.1).count().min(MAX_LISTED)).sum::<usize>();
        if n_relations > 0 && n_relations + n_listed > PAGE_RELATIONS {
            starts.push(idx);
            n_relations = 0;
        }
        n_relations += n_listed + 1;
    }
    starts.push(site.catalog.entities.len());
    starts
}

/// Makes one page, counted from 1.
pub fn view(place: Place, number: usize) -> GraphView {
    let starts = &place.index.graph_starts;
    let site = place.site;
    let (start, end) = (starts[number - 1], starts[number]);
    let n_ends: usize = site.catalog.relations.iter().map(Vec::len).sum();
    GraphView {
        head: super::head(place, "Catalog graph"),
        data: href(place, &SitePath::new(GRAPH)),
        n_entities: site.catalog.entities.len(),
        n_relations: n_ends.div_ceil(2),
        rows: (start..end).filter_map(|idx| row(place, EntityId(idx as u32))).collect(),
        pages: super::pages(place, FOLDER, number, starts.len() - 1),
    }
}

/// Each relation stands with one of its ends: with what is owned, is a
/// part, provides, consumes or depends.
fn listed() -> impl Iterator<Item = RelationKind> {
    use RelationKind as R;
    [R::OwnedBy, R::PartOf, R::ChildOf, R::MemberOf, R::ProvidesApi, R::ConsumesApi, R::DependsOn].into_iter()
}

fn row(place: Place, id: EntityId) -> Option<GraphRow> {
    let relations = place.site.catalog.relations_of(id);
    let groups = listed().filter_map(|kind| {
        let n_all = of_kind(relations, kind).count();
        (n_all > 0).then(|| RelationGroup {
            name: kind.name(),
            title: title(kind),
            entities: of_kind(relations, kind)
                .take(MAX_LISTED)
                .map(|relation| link_or_name(place, relation.entity, &relation.target, None))
                .collect(),
            n_more: n_all.saturating_sub(MAX_LISTED),
            explore: explorer(place, id, Some(kind)),
        })
    });
    let groups: Vec<RelationGroup> = groups.collect();
    (!groups.is_empty()).then(|| GraphRow { entity: link(place, id), relations: groups })
}

fn of_kind(relations: &[Relation], kind: RelationKind) -> impl Iterator<Item = &Relation> {
    relations.iter().filter(move |relation| relation.kind == kind)
}
