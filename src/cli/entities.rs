//! `callboard entities`: the catalog as lines of JSON, for scripts that
//! compare it with another one: first the entities, then the problems in
//! the form of `check --format json`. Not in the help.

use serde::Serialize;

use crate::base::world::World;
use crate::model::diagnostic::Severity;
use crate::model::entity::EntityId;
use crate::model::entity_json::EntityJson;
use crate::model::failure::Failure;

use super::args::{Entities, Format};
use super::environment::Environment;
use super::status::Status;
use super::{build, portal, print, report};

#[derive(Serialize)]
struct Line<'c> {
    repo: &'c str,
    file: &'c str,
    line: u32,
    entity: EntityJson<'c>,
}

/// Prints the entities in the order of their references.
pub(crate) fn entities(world: &dyn World, environment: &Environment, args: &Entities) -> Result<(), Failure> {
    let opened = portal::open(world, environment, &args.portal.path, None, None)?;
    let (site, _theme) = build::site(world, opened, &Status::new(false))?;
    let mut text = String::new();
    for (idx, entity) in site.catalog.entities.iter().enumerate() {
        let id = EntityId(idx as u32);
        let line = Line {
            repo: &site.snapshot.repo_of(entity.file).name,
            file: &site.snapshot.file(entity.file).path,
            line: entity.name_span.line,
            entity: EntityJson { snapshot: &site.snapshot, catalog: &site.catalog, id },
        };
        text.push_str(&serde_json::to_string(&line).expect("strings and numbers always serialise"));
        text.push('\n');
    }
    let context = report::Context {
        world,
        snapshot: &site.snapshot,
        current_folder: &environment.current_folder,
        colored: false,
    };
    text.push_str(&report::report(&context, &site.diagnostics, Format::Json, Severity::Info));
    print(&text)
}
