//! `callboard entities`: the catalog as lines of JSON, for scripts that
//! compare it with another one: first the entities, then the problems in
//! the form of `check --format json`. Not in the help.

use crate::base::world::World;
use crate::model::diagnostic::Severity;
use crate::model::entity::EntityId;
use crate::model::failure::Failure;
use crate::render::api::entity::{self, Definition};

use super::args::{Entities, Format};
use super::environment::Environment;
use super::status::Status;
use super::{build, portal, print, report};

/// Prints the entities in the order of their references.
pub(crate) fn entities(world: &dyn World, environment: &Environment, args: &Entities) -> Result<(), Failure> {
    let opened = portal::open(world, environment, &args.portal.path, None, None)?;
    let (site, _theme) = build::site(world, opened, &Status::new(false))?;
    let mut text = String::new();
    for (idx, of_one) in site.catalog.entities.iter().enumerate() {
        let repo = serde_json::json!(&*site.snapshot.repo_of(of_one.file).name);
        let file = serde_json::json!(&*site.snapshot.file(of_one.file).path);
        let line = of_one.name_span.line;
        text.push_str(&format!("{{\"repo\":{repo},\"file\":{file},\"line\":{line},\"entity\":"));
        entity::push(&site, EntityId(idx as u32), Definition::Whole, &mut text);
        text.push_str("}\n");
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
