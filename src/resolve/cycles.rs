//! Cycles among relations that should have none: a group within itself,
//! a component that depends on itself by way of others.

use crate::model::codes;
use crate::model::diagnostic::Diagnostic;
use crate::model::entity::{Catalog, EntityId, Reference};
use crate::model::relation::RelationKind;

use super::relations::Leads;

/// What may not lead back to where it began: the fields, and the
/// relation that they stand for, in the direction in which it is walked.
const CHAINS: [(&[&str], RelationKind); 4] = [
    (&["dependsOn", "dependencyOf"], RelationKind::DependsOn),
    (&["parent", "children"], RelationKind::ChildOf),
    (&["subcomponentOf"], RelationKind::PartOf),
    (&["subdomainOf"], RelationKind::PartOf),
];
/// How many names a report lists.
const N_NAMES: usize = 5;

/// Reports each cycle once, at the first reference that is part of it.
pub fn report(catalog: &Catalog, leads: &Leads, diags: &mut Vec<Diagnostic>) {
    for (fields, relation) in CHAINS {
        let edges = edges(catalog, leads, fields, relation);
        if edges.is_empty() {
            continue;
        }
        for component in components(catalog.entities.len(), &edges) {
            report_one(catalog, leads, fields, &component, diags);
        }
    }
}

/// Returns the edges from entity to entity, sorted.
fn edges(catalog: &Catalog, leads: &Leads, fields: &[&str], relation: RelationKind) -> Vec<(u32, u32)> {
    let mut edges = Vec::new();
    for idx in 0..catalog.entities.len() {
        for (reference, target) in leads.of(catalog, idx) {
            let is_meant = || {
                [reference.relation, reference.relation.opposite()].contains(&relation)
                    && fields.contains(&reference.field)
            };
            let Some(target) = target.filter(|_| is_meant()) else { continue };
            edges.push(match reference.relation == relation {
                true => (idx as u32, target.0),
                false => (target.0, idx as u32),
            });
        }
    }
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// Returns the strongly connected components that are cycles: Tarjan's
/// algorithm, without recursion.
fn components(n: usize, edges: &[(u32, u32)]) -> Vec<Vec<u32>> {
    const NONE: u32 = u32::MAX;
    // Where the edges of each node begin.
    let mut begins = vec![0; n + 1];
    for (from, _) in edges {
        begins[*from as usize + 1] += 1;
    }
    for node in 0..n {
        begins[node + 1] += begins[node];
    }
    let targets = |node: u32| begins[node as usize]..begins[node as usize + 1];
    let (mut order, mut low) = (vec![NONE; n], vec![0; n]);
    let mut is_open = vec![false; n];
    let (mut open, mut found, mut n_seen) = (Vec::new(), Vec::new(), 0);
    for (start, _) in edges {
        if order[*start as usize] != NONE {
            continue;
        }
        let mut stack = vec![(*start, targets(*start))];
        while let Some((node, left)) = stack.last_mut() {
            let node = *node;
            let at = node as usize;
            if order[at] == NONE {
                (order[at], low[at]) = (n_seen, n_seen);
                n_seen += 1;
                open.push(node);
                is_open[at] = true;
            }
            if let Some(edge) = left.next() {
                let next = edges[edge].1;
                if order[next as usize] == NONE {
                    stack.push((next, targets(next)));
                } else if is_open[next as usize] {
                    low[at] = low[at].min(order[next as usize]);
                }
                continue;
            }
            stack.pop();
            if let Some((above, _)) = stack.last() {
                low[*above as usize] = low[*above as usize].min(low[at]);
            }
            if low[at] == order[at] {
                let from = open.iter().rposition(|open| *open == node).unwrap_or(0);
                let component = open.split_off(from);
                for member in &component {
                    is_open[*member as usize] = false;
                }
                let is_loop = || edges.binary_search(&(node, node)).is_ok();
                if component.len() > 1 || is_loop() {
                    found.push(component);
                }
            }
        }
    }
    found
}

fn report_one(
    catalog: &Catalog,
    leads: &Leads,
    fields: &[&str],
    component: &[u32],
    diags: &mut Vec<Diagnostic>,
) {
    let mut members: Vec<u32> = component.to_vec();
    members.sort_unstable();
    let is_within = |(reference, target): &(&Reference, Option<EntityId>)| {
        fields.contains(&reference.field)
            && target.is_some_and(|target| members.binary_search(&target.0).is_ok())
    };
    let within = members.iter().flat_map(|idx| leads.of(catalog, *idx as usize)).filter(is_within);
    let first = within.map(|(reference, _)| reference).min_by_key(|reference| reference.span);
    let Some(first) = first else { return };
    let mut names: Vec<String> = members
        .iter()
        .take(N_NAMES)
        .map(|idx| format!("`{}`", catalog.entities[*idx as usize].entity_ref))
        .collect();
    if members.len() > N_NAMES {
        names.push(format!("and {} more", members.len() - N_NAMES));
    }
    diags.push(codes::catalog::reference_cycle(first.span, first.field, &names.join(", ")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(n: usize, edges: &[(u32, u32)], expected: &[&[u32]]) {
        let mut edges = edges.to_vec();
        edges.sort_unstable();
        let mut found = components(n, &edges);
        for component in &mut found {
            component.sort_unstable();
        }
        found.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn cycles_are_found_and_chains_are_not() {
        check(4, &[(0, 1), (1, 2), (2, 3)], &[]);
        check(3, &[(0, 1), (1, 0), (1, 2)], &[&[0, 1]]);
        check(3, &[(2, 2)], &[&[2]]);
        check(6, &[(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 3)], &[&[0, 1, 2], &[3, 4, 5]]);
        check(3, &[(0, 1), (0, 2), (1, 2)], &[]);
    }

    #[test]
    fn long_chains_end() {
        let n = 100_000;
        let edges: Vec<(u32, u32)> = (0..n).map(|idx| (idx, (idx + 1) % n)).collect();
        assert_eq!(components(n as usize, &edges).len(), 1);
    }
}
