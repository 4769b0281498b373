//! Relations between entities, each with its opposite.

use std::sync::Arc;

use super::entity::EntityId;
use super::entity_ref::EntityRef;

/// A kind of relation, named as Backstage names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RelationKind {
    OwnedBy,
    OwnerOf,
    PartOf,
    HasPart,
    ProvidesApi,
    ApiProvidedBy,
    ConsumesApi,
    ApiConsumedBy,
    DependsOn,
    DependencyOf,
    ChildOf,
    ParentOf,
    MemberOf,
    HasMember,
}

/// A relation of an entity, seen from that entity. The target need not
/// exist.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Relation {
    pub kind: RelationKind,
    /// Shared by all relations that lead to it.
    pub target: Arc<EntityRef>,
    /// The target's number, if it exists.
    pub entity: Option<EntityId>,
}

impl RelationKind {
    /// Every kind, in the order that pages show them.
    pub const ALL: [RelationKind; 14] = [
        RelationKind::OwnedBy,
        RelationKind::OwnerOf,
        RelationKind::PartOf,
        RelationKind::HasPart,
        RelationKind::ProvidesApi,
        RelationKind::ApiProvidedBy,
        RelationKind::ConsumesApi,
        RelationKind::ApiConsumedBy,
        RelationKind::DependsOn,
        RelationKind::DependencyOf,
        RelationKind::ChildOf,
        RelationKind::ParentOf,
        RelationKind::MemberOf,
        RelationKind::HasMember,
    ];

    /// Returns the relation as its target sees it.
    pub fn opposite(self) -> RelationKind {
        match self {
            RelationKind::OwnedBy => RelationKind::OwnerOf,
            RelationKind::OwnerOf => RelationKind::OwnedBy,
            RelationKind::PartOf => RelationKind::HasPart,
            RelationKind::HasPart => RelationKind::PartOf,
            RelationKind::ProvidesApi => RelationKind::ApiProvidedBy,
            RelationKind::ApiProvidedBy => RelationKind::ProvidesApi,
            RelationKind::ConsumesApi => RelationKind::ApiConsumedBy,
            RelationKind::ApiConsumedBy => RelationKind::ConsumesApi,
            RelationKind::DependsOn => RelationKind::DependencyOf,
            RelationKind::DependencyOf => RelationKind::DependsOn,
            RelationKind::ChildOf => RelationKind::ParentOf,
            RelationKind::ParentOf => RelationKind::ChildOf,
            RelationKind::MemberOf => RelationKind::HasMember,
            RelationKind::HasMember => RelationKind::MemberOf,
        }
    }

    /// Returns Backstage's name: `ownedBy`.
    pub fn name(self) -> &'static str {
        match self {
            RelationKind::OwnedBy => "ownedBy",
            RelationKind::OwnerOf => "ownerOf",
            RelationKind::PartOf => "partOf",
            RelationKind::HasPart => "hasPart",
            RelationKind::ProvidesApi => "providesApi",
            RelationKind::ApiProvidedBy => "apiProvidedBy",
            RelationKind::ConsumesApi => "consumesApi",
            RelationKind::ApiConsumedBy => "apiConsumedBy",
            RelationKind::DependsOn => "dependsOn",
            RelationKind::DependencyOf => "dependencyOf",
            RelationKind::ChildOf => "childOf",
            RelationKind::ParentOf => "parentOf",
            RelationKind::MemberOf => "memberOf",
            RelationKind::HasMember => "hasMember",
        }
    }
}
