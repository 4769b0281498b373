//! Relations in both directions, and what refers to nothing.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::base::par::{par_map, par_map_into};
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::entity::{Catalog, Entity, EntityId, Reference};
use crate::model::entity_ref::EntityRef;
use crate::model::file::{RepoId, Snapshot};
use crate::model::relation::{Relation, RelationKind};

use super::kinds;

/// How many names a summary lists.
const N_NAMES: usize = 5;

/// The entity that each reference leads to, looked up once.
pub struct Leads {
    /// By entity, in the order of its references.
    targets: Vec<Vec<Option<EntityId>>>,
}

impl Leads {
    /// Returns the references of an entity, each with its target.
    pub fn of<'c>(
        &'c self,
        catalog: &'c Catalog,
        idx: usize,
    ) -> impl Iterator<Item = (&'c Reference, Option<EntityId>)> {
        catalog.entities[idx].references.iter().zip(self.targets[idx].iter().copied())
    }
}

/// Looks every reference up.
pub fn leads(catalog: &Catalog) -> Leads {
    let by_ref: HashMap<&EntityRef, u32> =
        catalog.entities.iter().enumerate().map(|(idx, entity)| (&entity.entity_ref, idx as u32)).collect();
    let targets = par_map(&catalog.entities, |entity| {
        let target = |reference: &Reference| by_ref.get(&reference.target).map(|idx| EntityId(*idx));
        entity.references.iter().map(target).collect()
    });
    Leads { targets }
}

/// The far end of a relation. Entities are sorted by reference, so their
/// numbers compare as their references do.
#[derive(Clone, Copy)]
enum End<'c> {
    Known(u32),
    Unknown(&'c EntityRef),
}

fn entity_ref<'c>(catalog: &'c Catalog, end: End<'c>) -> &'c EntityRef {
    match end {
        End::Known(idx) => &catalog.entities[idx as usize].entity_ref,
        End::Unknown(entity_ref) => entity_ref,
    }
}

/// Returns the relations of every entity: those that its fields name,
/// and the opposites of those that name it. One edge stays one, however
/// often it is named; a target that does not exist has no side of its
/// own.
pub fn relations(catalog: &Catalog, leads: &Leads) -> Vec<Vec<Relation>> {
    let mut edges: Vec<Vec<(RelationKind, End)>> = vec![Vec::new(); catalog.entities.len()];
    for idx in 0..catalog.entities.len() {
        for (reference, target) in leads.of(catalog, idx) {
            let kind = reference.relation;
            match target {
                Some(target) => {
                    edges[idx].push((kind, End::Known(target.0)));
                    edges[target.0 as usize].push((kind.opposite(), End::Known(idx as u32)));
                }
                None => edges[idx].push((kind, End::Unknown(&reference.target))),
            }
        }
    }
    let shared: Vec<Arc<EntityRef>> =
        catalog.entities.iter().map(|entity| Arc::new(entity.entity_ref.clone())).collect();
    par_map_into(edges, |mut edges| {
        let order = |(kind, end): &(RelationKind, End), (other_kind, other): &(RelationKind, End)| {
            kind.cmp(other_kind).then_with(|| match (end, other) {
                (End::Known(idx), End::Known(other)) => idx.cmp(other),
                _ => entity_ref(catalog, *end).cmp(entity_ref(catalog, *other)),
            })
        };
        edges.sort_unstable_by(order);
        edges.dedup_by(|one, other| order(one, other).is_eq());
        let relation = |(kind, end): (RelationKind, End)| match end {
            End::Known(idx) => {
                Relation { kind, entity: Some(EntityId(idx)), target: Arc::clone(&shared[idx as usize]) }
            }
            End::Unknown(target) => Relation { kind, entity: None, target: Arc::new(target.clone()) },
        };
        edges.into_iter().map(relation).collect()
    })
}

/// Reports references that lead nowhere: one line for the owners of each
/// repository, one for everything else.
pub fn report_unknown(snapshot: &Snapshot, catalog: &Catalog, leads: &Leads, diags: &mut Vec<Diagnostic>) {
    let mut unknown: BTreeMap<(RepoId, bool), BTreeMap<&EntityRef, Unknown>> = BTreeMap::new();
    for (idx, entity) in catalog.entities.iter().enumerate() {
        for (reference, target) in leads.of(catalog, idx) {
            if target.is_some() {
                continue;
            }
            let repo = snapshot.file(entity.file).repo;
            let seen = unknown
                .entry((repo, reference.field == "owner"))
                .or_default()
                .entry(&reference.target)
                .or_insert(Unknown { first: reference.span, n_times: 0 });
            seen.first = seen.first.min(reference.span);
            seen.n_times += 1;
        }
    }
    if unknown.is_empty() {
        return;
    }
    let likely = Likely::new(&catalog.entities);
    for ((_, is_owner), targets) in unknown {
        let first = targets.values().map(|unknown| unknown.first).min();
        let Some(first) = first else { continue };
        let mut listed: Vec<(&EntityRef, &Unknown)> =
            targets.iter().map(|(target, seen)| (*target, seen)).collect();
        listed.sort_by_key(|(target, seen)| (std::cmp::Reverse(seen.n_times), *target));
        let names = names(&listed);
        let help = listed.iter().take(N_NAMES).find_map(|(target, _)| {
            if let Some(other) = other_kind(catalog, target) {
                return Some(format!("`{other}` exists; write that, if it is meant by `{target}`"));
            }
            let near = likely.find(target)?;
            Some(format!("did you mean `{near}` in place of `{target}`?"))
        });
        diags.push(match is_owner {
            true => codes::catalog::unknown_owners(first, listed.len(), &names, help.as_deref()),
            false => codes::catalog::unknown_targets(first, listed.len(), &names, help.as_deref()),
        });
    }
}

struct Unknown {
    first: Span,
    n_times: usize,
}

fn names(listed: &[(&EntityRef, &Unknown)]) -> String {
    let mut names: Vec<String> = listed
        .iter()
        .take(N_NAMES)
        .map(|(target, seen)| match seen.n_times {
            1 => format!("`{target}`"),
            n_times => format!("`{target}` ({n_times} times)"),
        })
        .collect();
    if listed.len() > N_NAMES {
        names.push(format!("and {} more", listed.len() - N_NAMES));
    }
    names.join(", ")
}

/// Finds an entity of the same name and another kind.
fn other_kind(catalog: &Catalog, target: &EntityRef) -> Option<EntityRef> {
    let of_kind = |kind: &kinds::Kind| EntityRef::new(kind.name, &target.namespace, &target.name);
    kinds::KINDS.iter().map(of_kind).find(|candidate| catalog.find(candidate).is_some())
}

/// Finds names that differ by one character from a given one, without
/// comparing it to all: two such names share a name with one character
/// left out.
struct Likely<'c> {
    entities: &'c [Entity],
    by_shorter: HashMap<u64, Vec<u32>>,
}

impl<'c> Likely<'c> {
    fn new(entities: &'c [Entity]) -> Self {
        let mut by_shorter: HashMap<u64, Vec<u32>> = HashMap::new();
        for (idx, entity) in entities.iter().enumerate() {
            for hash in shorter(&entity.entity_ref) {
                by_shorter.entry(hash).or_default().push(idx as u32);
            }
        }
        Likely { entities, by_shorter }
    }

    fn find(&self, target: &EntityRef) -> Option<&'c EntityRef> {
        // Short names are near to one another by chance.
        if target.name.len() < 5 {
            return None;
        }
        shorter(target)
            .into_iter()
            .filter_map(|hash| self.by_shorter.get(&hash))
            .flat_map(|found| found.iter().take(50))
            .map(|idx| &self.entities[*idx as usize].entity_ref)
            .filter(|near| near.kind == target.kind && near.namespace == target.namespace)
            .filter(|near| strsim::osa_distance(&near.name, &target.name) == 1)
            .filter(|near| !differ_by_digit(&near.name, &target.name))
            .min()
    }
}

/// Names that differ by a number are different things, not typos.
fn differ_by_digit(one: &str, other: &str) -> bool {
    let without_digits = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    without_digits(one) == without_digits(other)
}

fn shorter(entity_ref: &EntityRef) -> Vec<u64> {
    let name = &*entity_ref.name;
    let hash = |before: &str, after: &str| {
        let mut hasher = DefaultHasher::new();
        (&entity_ref.kind, &entity_ref.namespace).hash(&mut hasher);
        hasher.write(before.as_bytes());
        hasher.write(after.as_bytes());
        hasher.finish()
    };
    let left_out = name.char_indices().take(80).map(|(at, c)| hash(&name[..at], &name[at + c.len_utf8()..]));
    std::iter::once(hash(name, "")).chain(left_out).collect()
}
