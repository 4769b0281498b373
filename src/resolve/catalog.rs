//! From documents to the catalog: skeletons are set aside, substitutions
//! made, rules checked, duplicates settled, relations drawn.

use crate::base::par::par_map_into;
use crate::model::codes;
use crate::model::config::{Discovery, Rules};
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::entity::{Catalog, Entity};
use crate::model::file::{FileId, Snapshot};
use crate::model::yaml::{Document, Node};

use super::checkouts::checkouts;
use super::substitutions::{Context, REPO_BYTES, substitute};
use super::{cycles, entities, locations, owners, relations, screening, skeletons, validation};

/// Reads a text as YAML (or JSON), one node for each document.
pub type ReadNodes<'f> = dyn Fn(FileId, &str, &mut Vec<Diagnostic>) -> Vec<Node> + Sync + 'f;

/// How `resolve` reads the files that substitutions name, since it opens
/// none itself.
pub struct Files<'f> {
    /// Returns the text of a file, or why it could not be read.
    pub text: &'f (dyn Fn(FileId) -> Result<String, String> + Sync),
    /// Reads a text as YAML.
    pub nodes: &'f ReadNodes<'f>,
}

/// What is reported of one document; a hostile one has thousands.
const MOST_DIAGS: usize = 100;

/// Makes the catalog of all documents.
pub fn catalog(
    snapshot: &Snapshot,
    rules: &Rules,
    documents: Vec<Document>,
    files: &Files,
    diags: &mut Vec<Diagnostic>,
) -> Catalog {
    let checkouts = checkouts(snapshot);
    let context = Context { snapshot, checkouts: &checkouts, files };
    let documents = substituted(&context, documents, diags);

    let skeletons = skeletons::skeletons(snapshot, &checkouts, &documents);
    let mut catalog = Catalog { skeletons, ..Catalog::default() };
    let is_skeleton = |file: FileId| {
        let file = snapshot.file(file);
        catalog.is_skeleton(file.repo, &file.path)
    };
    diags.retain(|diag| !is_content(diag) || !diag.span.is_some_and(|span| is_skeleton(span.file)));
    let mut documents: Vec<Document> =
        documents.into_iter().filter(|document| !is_skeleton(document.span.file)).collect();
    let mut located = locations::located(snapshot, &checkouts, &documents);
    let mut origins = None;
    if rules.discovery == Discovery::Locations {
        let reached = locations::reached(snapshot, &located);
        let is_reached = |file: FileId| reached.contains_key(&file);
        diags.retain(|diag| !is_content(diag) || diag.span.is_none_or(|span| is_reached(span.file)));
        documents.retain(|document| is_reached(document.span.file));
        located.retain(|location| is_reached(location.file));
        origins = Some(reached);
    }
    locations::report(&located, MOST_DIAGS, diags);

    let found = par_map_into(documents, |document| {
        let mut diags = Vec::new();
        let mut entity = entity(document, &mut diags);
        if let Some(entity) = &mut entity {
            screening::addresses(snapshot, rules, entity, &mut diags);
            screening::definition(files, entity, &mut diags);
        }
        diags.truncate(MOST_DIAGS);
        (entity, diags)
    });
    let mut found_entities = Vec::new();
    for (entity, mut found) in found {
        let Some(entity) = entity.filter(|of| screening::is_allowed(snapshot, rules, of, &mut found)) else {
            diags.append(&mut found);
            continue;
        };
        match screening::is_public(&entity, &mut found) {
            true => found_entities.push(entity),
            false => catalog.withheld.push(screening::folder(snapshot, &entity)),
        }
        diags.append(&mut found);
    }
    catalog.withheld.sort();
    catalog.entities = distinct(snapshot, found_entities, diags);
    for entity in &mut catalog.entities {
        entity.origin = origins.as_ref().and_then(|origins| origins.get(&entity.file).copied());
    }
    owners::infer(snapshot, files, &mut catalog);
    let leads = relations::leads(&catalog);
    cycles::report(&catalog, &leads, diags);
    catalog.relations = relations::relations(&catalog, &leads);
    relations::report_unknown(snapshot, &catalog, &leads, diags);
    catalog
}

fn substituted(context: &Context, documents: Vec<Document>, diags: &mut Vec<Diagnostic>) -> Vec<Document> {
    let repo_of = |document: &Document| context.snapshot.file(document.span.file).repo;
    let mut by_repo: Vec<Vec<Document>> = Vec::new();
    for document in documents {
        match by_repo.last_mut() {
            Some(last) if last.first().map(&repo_of) == Some(repo_of(&document)) => last.push(document),
            _ => by_repo.push(vec![document]),
        }
    }
    // One repository has one budget, so its documents take turns.
    let substituted = par_map_into(by_repo, |mut documents| {
        let mut diags = Vec::new();
        let is_dump = |document: &Document| context.snapshot.repo(repo_of(document)).rules.is_dump;
        if documents.first().is_some_and(is_dump) {
            return (documents, diags);
        }
        let mut n_bytes_left = REPO_BYTES;
        for document in &mut documents {
            let mut found = Vec::new();
            substitute(context, document.span.file, &mut document.root, &mut n_bytes_left, &mut found);
            diags.extend(found.into_iter().take(MOST_DIAGS));
        }
        (documents, diags)
    });
    let mut documents = Vec::new();
    for (of_repo, mut found) in substituted {
        documents.extend(of_repo);
        diags.append(&mut found);
    }
    documents
}

/// Tells whether a diagnostic is about the text of a descriptor, which
/// does not matter in a skeleton.
fn is_content(diag: &Diagnostic) -> bool {
    [codes::yaml::ALL, codes::catalog::ALL].iter().any(|part| part.iter().any(|code| code.id == diag.code.id))
}

/// Reads one document, checks it, and keeps it if it can be named.
fn entity(document: Document, diags: &mut Vec<Diagnostic>) -> Option<Entity> {
    if entities::is_unrendered(&document) {
        diags.push(codes::catalog::unrendered_template(Span::of_file(document.span.file)));
        return None;
    }
    let name_span = entities::name_span(&document);
    validation::validate(&document.root, name_span, diags);
    entities::entity(document, name_span, diags)
}

/// Sorts by reference and settles duplicates: the first one wins, in the
/// order of repositories, files and documents.
fn distinct(snapshot: &Snapshot, entities: Vec<Entity>, diags: &mut Vec<Diagnostic>) -> Vec<Entity> {
    // Numbers move faster than entities.
    let mut order: Vec<usize> = (0..entities.len()).collect();
    order.sort_unstable_by(|a, b| {
        let (a, b) = (&entities[*a], &entities[*b]);
        (&a.entity_ref, a.document).cmp(&(&b.entity_ref, b.document))
    });
    let mut entities: Vec<Option<Entity>> = entities.into_iter().map(Some).collect();
    let n = order.len();
    let sorted = order.into_iter().filter_map(|idx| entities[idx].take());
    let mut distinct: Vec<Entity> = Vec::with_capacity(n);
    for entity in sorted {
        match distinct.last().filter(|last| last.entity_ref == entity.entity_ref) {
            Some(winner) => {
                let file = snapshot.file(winner.file);
                let repo = &snapshot.repo(file.repo).name;
                let place = format!("`{repo}`, {}:{}", file.path, winner.name_span.line);
                let name = entity.entity_ref.to_string();
                diags.push(codes::catalog::duplicate_entity(
                    entity.name_span,
                    &name,
                    &place,
                    winner.name_span,
                ));
            }
            None => distinct.push(entity),
        }
    }
    distinct
}
