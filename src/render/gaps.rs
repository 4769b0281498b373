//! What the catalog does not say: relations to entities that are not
//! there, and entities without an owner, docs, a lifecycle or a
//! description.

use crate::model::entity::{Entity, EntityId};
use crate::model::relation::{Relation, RelationKind};
use crate::model::site::Site;

/// Something that an entity should have and does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    Owner,
    Docs,
    Lifecycle,
    Description,
}

/// A relation whose target is not in the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dangling {
    pub from: EntityId,
    /// An index into the relations of `from`.
    pub relation_idx: usize,
}

impl Gap {
    /// Every gap, in the order that pages show them.
    pub const ALL: [Gap; 4] = [Gap::Owner, Gap::Docs, Gap::Lifecycle, Gap::Description];

    /// Returns the word for addresses and for JSON.
    pub fn name(self) -> &'static str {
        match self {
            Gap::Owner => "owner",
            Gap::Docs => "docs",
            Gap::Lifecycle => "lifecycle",
            Gap::Description => "description",
        }
    }

    /// Returns the entities that have this gap, in order.
    pub fn entities(self, site: &Site) -> Vec<EntityId> {
        let ids = (0..site.catalog.entities.len()).map(|idx| EntityId(idx as u32));
        ids.filter(|id| self.is_in(site, *id)).collect()
    }

    fn is_in(self, site: &Site, id: EntityId) -> bool {
        let entity = site.catalog.entity(id);
        if !self.is_expected(entity) {
            return false;
        }
        match self {
            Gap::Owner => {
                let relations = site.catalog.relations_of(id);
                !relations.iter().any(|relation| relation.kind == RelationKind::OwnedBy)
            }
            Gap::Docs => site.docs_of(id).is_none(),
            Gap::Lifecycle => entity.spec_text("lifecycle").is_none_or(str::is_empty),
            Gap::Description => {
                entity.metadata.description.as_deref().is_none_or(|text| text.trim().is_empty())
            }
        }
    }

    /// Tells whether readers look for it at an entity of this kind.
    fn is_expected(self, entity: &Entity) -> bool {
        match (self, &*entity.entity_ref.kind) {
            (_, "user" | "group" | "location") => false,
            (Gap::Docs, kind) => matches!(kind, "component" | "system"),
            (Gap::Lifecycle, kind) => matches!(kind, "component" | "api" | "airesource"),
            (Gap::Owner | Gap::Description, _) => true,
        }
    }
}

/// Returns all relations whose target is missing, by the entity that
/// has them.
pub fn dangling(relations: &[Vec<Relation>]) -> Vec<Dangling> {
    let of_entity = |(from, relations): (usize, &Vec<Relation>)| {
        let missing = relations.iter().enumerate().filter(|(_, relation)| relation.entity.is_none());
        let dangling = |(relation_idx, _)| Dangling { from: EntityId(from as u32), relation_idx };
        missing.map(dangling).collect::<Vec<_>>()
    };
    relations.iter().enumerate().flat_map(of_entity).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::testing;

    #[test]
    fn gaps_are_those_that_readers_notice() {
        let site = testing::site();
        let names = |gap: Gap| -> Vec<&str> {
            gap.entities(&site).iter().map(|id| &*site.catalog.entity(*id).metadata.name).collect()
        };
        assert_eq!(names(Gap::Owner), ["shop", "till-system", "odd"]);
        assert_eq!(names(Gap::Docs), ["till-system"]);
        assert_eq!(names(Gap::Lifecycle), ["orders"]);
        let index = crate::render::index::index(&site);
        assert_eq!(index.dangling, [Dangling { from: EntityId(1), relation_idx: 3 }]);
    }
}
