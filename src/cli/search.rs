//! `callboard search`: what the search box finds, in the terminal.

use std::sync::Arc;

use serde::Serialize;

use crate::base::world::World;
use crate::model::failure::Failure;
use crate::render::search;
use crate::render::search::find::{Found, Hit};

use super::args::Search;
use super::environment::Environment;
use super::status::Status;
use super::{Outcome, build, portal, print, print_error, report};

/// A result as `--json` prints it.
#[derive(Serialize)]
struct Row<'h> {
    title: &'h str,
    url: String,
    breadcrumb: &'h str,
    group: &'h str,
    teaser: &'h str,
    score: f64,
}

/// Makes the index of a portal, as far as the cache does not know it, and
/// prints what it has of a query.
pub(crate) fn search(
    world: &dyn World,
    environment: &Environment,
    args: &Search,
) -> Result<Outcome, Failure> {
    let status = Status::new(environment.shows_progress);
    let opened = portal::open(world, environment, &args.portal.path, None, Some(&args.caching))?;
    let memo = Arc::clone(&opened.memo);
    if !opened.config.search.enable {
        return Err(Failure::usage("this portal has no search: `search.enable` is `false`"));
    }
    let made = build::site(world, opened, &status).map(|(site, _)| {
        status.begin("search");
        let files = search::files(&memo, &site, search::Want::All);
        (site, files)
    });
    memo.save(world);
    memo.close();
    status.clear();
    let (site, files) = made?;
    if memo.is_broken() {
        return Err(Failure::environment("the cache is damaged").with_help("run the command again"));
    }
    let found = search::find::find(&site.config, &files, &args.query, args.limit)
        .ok_or_else(|| Failure::environment("the index cannot be read, which is a mistake in Callboard"))?;
    let base_url = site.config.portal.base_url.as_deref().unwrap_or_default();
    let mut text = String::new();
    for hit in &found.hits {
        match args.json {
            true => push_json(&mut text, hit, base_url),
            false => push_hit(&mut text, hit, base_url),
        }
    }
    print(&text)?;
    if !args.json {
        print_error(&summary(&found, &args.query));
    }
    Ok(Outcome::Done)
}

fn push_json(text: &mut String, hit: &Hit, base_url: &str) {
    let row = Row {
        title: &hit.title,
        url: format!("{base_url}{}", hit.url),
        breadcrumb: &hit.breadcrumb,
        group: &hit.group,
        teaser: &hit.teaser,
        score: hit.score,
    };
    text.push_str(&serde_json::to_string(&row).expect("texts and numbers always make JSON"));
    text.push('\n');
}

fn push_hit(text: &mut String, hit: &Hit, base_url: &str) {
    let printable = report::printable_paragraphs;
    text.push_str(&format!("{}  ({})\n", printable(&hit.title), printable(&hit.breadcrumb)));
    text.push_str(&format!("    {base_url}{}\n", printable(&hit.url)));
    if !hit.teaser.is_empty() {
        text.push_str(&format!("    {}\n", printable(&hit.teaser)));
    }
}

fn summary(found: &Found, query: &str) -> String {
    let mut text = String::new();
    for (typed, meant) in &found.mended {
        text.push_str(&format!("nothing has `{typed}`; near it is `{meant}`\n"));
    }
    match (found.total, found.is_partial) {
        (0, _) => text.push_str(&format!("nothing found for `{}`\n", report::printable_paragraphs(query))),
        (n, true) => text.push_str(&format!("nothing has all of these words; {n} have some\n")),
        (n, false) => text.push_str(&format!("{n} found\n")),
    }
    text
}
