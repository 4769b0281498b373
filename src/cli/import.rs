//! `callboard import`: reads a Backstage's `app-config.yaml` and writes
//! the `book.toml` that comes nearest to it, with a list of what could
//! not be carried over.
//!
//! No value is printed that is not written to `book.toml` too, and
//! nothing of what is: variables of the environment are never read, so
//! that no secret can get into a file.

use std::path::Path;

use crate::base::world::World;
use crate::model::failure::Failure;
use crate::model::file::FileId;
use crate::model::yaml::{Node, Value};
use crate::parse::yaml;

use super::args::Import;
use super::environment::Environment;
use super::{Outcome, print};

mod carried;
mod sources;

use carried::{Carried, book_toml};

/// Reads the configurations, of which later ones win, and writes
/// `book.toml` beside the first one, or where it was asked for.
pub(crate) fn import(
    world: &dyn World,
    environment: &Environment,
    args: &Import,
) -> Result<Outcome, Failure> {
    let mut config: Option<Node> = None;
    for path in &args.configs {
        let node = read(world, environment, path)?;
        match &mut config {
            None => config = Some(node),
            Some(config) => overlay(config, node),
        }
    }
    let Some(mut config) = config else { return Err(Failure::usage("no configuration is named")) };
    let first = environment.absolute(&args.configs[0]);
    let root = match &args.dest_dir {
        Some(folder) => environment.absolute(folder),
        None => first.parent().unwrap_or(Path::new("/")).to_path_buf(),
    };
    let target = root.join("book.toml");
    if world.exists(&target) {
        return Err(Failure::usage(format!("`{}` is there already", environment.shown(&target)))
            .with_help("name another folder with `--dest-dir`, or remove it"));
    }
    let mut carried = Carried::default();
    resolve_variables(&mut config, "", &mut carried.left_out);
    let folder = first.parent().unwrap_or(Path::new("/"));
    carried::carry(world, &config, folder, &root, &mut carried);

    world.create_folder(&root).and_then(|()| world.write(&target, book_toml(&carried).as_bytes())).map_err(
        |error| Failure::environment(format!("cannot write `{}`: {error}", environment.shown(&target))),
    )?;
    print(&conclusion(environment, &target, &carried))?;
    Ok(Outcome::Done)
}

fn conclusion(environment: &Environment, target: &Path, carried: &Carried) -> String {
    let mut text = format!("wrote {}\n", environment.shown(target));
    let mut list = |title: &str, lines: &[String]| {
        if lines.is_empty() {
            return;
        }
        text.push_str(&format!("\n{title}:\n"));
        for line in lines {
            text.push_str(&format!("  {}\n", super::report::printable(line)));
        }
    };
    list("to do", &carried.to_do);
    list("not carried over", &carried.left_out);
    text
}

fn read(world: &dyn World, environment: &Environment, path: &Path) -> Result<Node, Failure> {
    let absolute = environment.absolute(path);
    let shown = environment.shown(&absolute);
    let bytes = world
        .read(&absolute)
        .map_err(|error| Failure::usage(format!("the configuration `{shown}` cannot be read: {error}")))?;
    let mut diags = Vec::new();
    let text = yaml::text(FileId(0), &bytes, &mut diags);
    let document = yaml::document(FileId(0), &text, &mut diags);
    match document {
        Some(document) if document.root.mapping().is_some() => Ok(document.root),
        _ => {
            let place = diags.first().and_then(|diag| Some((diag.span?, &diag.message)));
            let why = match place {
                Some((span, message)) => format!("{shown}:{}:{}: {message}", span.line, span.column),
                None => format!("the configuration `{shown}` is no mapping"),
            };
            Err(Failure::usage(why))
        }
    }
}

/// Puts one configuration over another: mappings become one, everything
/// else replaces what was there.
fn overlay(base: &mut Node, over: Node) {
    match (&mut base.value, over.value) {
        (Value::Mapping(entries), Value::Mapping(new)) => {
            for (key, value) in new {
                let name = key.scalar().map(|key| key.text.clone());
                let known = entries
                    .iter_mut()
                    .find(|(known, _)| known.scalar().map(|known| &known.text) == name.as_ref());
                match known {
                    Some((_, known)) => overlay(known, value),
                    None => entries.push((key, value)),
                }
            }
        }
        (slot, value) => *slot = value,
    }
}

/// Replaces `${NAME:-default}` by the default. What has none is removed,
/// as are `$env`, `$file` and `$include`, and said to be left out.
fn resolve_variables(node: &mut Node, path: &str, left_out: &mut Vec<String>) {
    let within = |key: &str| if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
    match &mut node.value {
        Value::Scalar(scalar) => match with_defaults(&scalar.text) {
            Ok(text) => scalar.text = text.into(),
            Err(name) => {
                // Of what is not read anyway nothing is said.
                if path.starts_with("app.")
                    || path.starts_with("organization.")
                    || path.starts_with("catalog.")
                {
                    left_out
                        .push(format!("`{path}`: it comes from the variable `{name}`, which is not read"));
                }
                *node = nothing(node);
            }
        },
        Value::Sequence(items) => {
            for (idx, item) in items.iter_mut().enumerate() {
                resolve_variables(item, &format!("{path}[{idx}]"), left_out);
            }
        }
        Value::Mapping(entries) => {
            let special = entries.iter().find_map(|(key, _)| {
                let key = &*key.scalar()?.text;
                matches!(key, "$env" | "$file" | "$include").then(|| key.to_string())
            });
            if let Some(key) = special {
                left_out.push(format!("`{path}`: `{key}` is not followed"));
                *node = nothing(node);
                return;
            }
            for (key, value) in entries {
                let key = key.scalar().map_or("", |key| &*key.text).to_string();
                resolve_variables(value, &within(&key), left_out);
            }
        }
    }
}

fn nothing(node: &Node) -> Node {
    let scalar = crate::model::yaml::Scalar { text: "".into(), plain: true };
    Node { span: node.span, tag: None, value: Value::Scalar(scalar) }
}

/// Returns a text with its variables' defaults, or the name of one that
/// has none.
fn with_defaults(text: &str) -> Result<String, String> {
    let (mut done, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("${") {
        let (before, after) = rest.split_at(at);
        if let Some(before) = before.strip_suffix('$') {
            // `$${` is an escaped `${`.
            done.push_str(before);
            done.push_str("${");
            rest = &after[2..];
            continue;
        }
        done.push_str(before);
        let Some(end) = after.find('}') else { break };
        let body = &after[2..end];
        match body.split_once(":-") {
            Some((_, default)) => done.push_str(default.trim()),
            None => return Err(body.trim().to_string()),
        }
        rest = &after[end + 1..];
    }
    done.push_str(rest);
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_take_their_defaults() {
        assert_eq!(with_defaults("a ${X:-b} c ${Y:-}!"), Ok("a b c !".to_string()));
        assert_eq!(with_defaults("plain $x {y}"), Ok("plain $x {y}".to_string()));
        assert_eq!(with_defaults("$${X}"), Ok("${X}".to_string()));
        assert_eq!(with_defaults("https://${HOST}"), Err("HOST".to_string()));
    }
}
