//! Substitutions: `$text`, `$json`, `$yaml`, `$openapi` and `$asyncapi`
//! bring a file of the portal into an entity. What is brought in is not
//! searched for further substitutions, as in Backstage; the last two bring
//! in what the file refers to as well.

use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::file::{self, FileId, Snapshot, folder_of};
use crate::model::yaml::{Node, Scalar, Value};

use super::bundle;
use super::catalog::Files;
use super::checkouts::{self, Checkouts};

/// The largest file that may be brought in.
const FILE_BYTES: u64 = 16 << 20;
/// What all files that one repository brings in may amount to.
pub const REPO_BYTES: u64 = 256 << 20;

/// What a substitution needs to know of the portal.
pub struct Context<'c> {
    pub snapshot: &'c Snapshot,
    pub checkouts: &'c Checkouts<'c>,
    pub files: &'c Files<'c>,
}

/// Replaces every substitution in a node of `file`. One that fails stays
/// as it was written. `n_bytes_left` is what the repository may still
/// bring in.
pub fn substitute(
    context: &Context,
    file: FileId,
    node: &mut Node,
    n_bytes_left: &mut u64,
    diags: &mut Vec<Diagnostic>,
) {
    if let Some((key, value)) = key_and_value(node) {
        if let Some(replacement) = replacement(context, file, key, value, n_bytes_left, diags) {
            *node = replacement;
        }
        return;
    }
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => {
            for item in items {
                substitute(context, file, item, n_bytes_left, diags);
            }
        }
        Value::Mapping(entries) => {
            // Beside other keys a `$…` is no substitution, and Backstage
            // looks no further there.
            let is_other = entries.len() > 1
                && entries.iter().any(|(key, _)| key.scalar().is_some_and(|key| key.text.starts_with('$')));
            for (_, value) in entries.iter_mut().filter(|_| !is_other) {
                substitute(context, file, value, n_bytes_left, diags);
            }
        }
    }
}

/// Tells whether a node is a substitution, one that failed for instance.
pub fn is_substitution(node: &Node) -> bool {
    key_and_value(node).is_some()
}

fn key_and_value(node: &Node) -> Option<(&str, &Node)> {
    let [(key, value)] = node.mapping()? else { return None };
    let key = &*key.scalar()?.text;
    matches!(key, "$text" | "$json" | "$yaml" | "$openapi" | "$asyncapi").then_some((key, value))
}

fn replacement(
    context: &Context,
    file: FileId,
    key: &str,
    value: &Node,
    n_bytes_left: &mut u64,
    diags: &mut Vec<Diagnostic>,
) -> Option<Node> {
    let Some(target) = value.string() else {
        let expected = "a path relative to this file, or an address";
        diags.push(codes::catalog::invalid_field(value.span, key, value.what(), expected));
        return None;
    };
    if target.contains("{{") {
        return None;
    }
    let fail = |why: &str| codes::catalog::substitution(value.span, key, target, why);
    let found = match target_file(context, file, target) {
        Target::File(found) => found,
        Target::Elsewhere => {
            diags.push(codes::catalog::remote_substitution(value.span, key, target));
            return None;
        }
        Target::Trouble(why) => {
            diags.push(fail(&why));
            return None;
        }
    };
    let text = match text_of(context, found, n_bytes_left) {
        Ok(text) => text,
        Err(why) => {
            diags.push(fail(&why));
            return None;
        }
    };
    if matches!(key, "$openapi" | "$asyncapi") {
        let mut troubles = Vec::new();
        let bundled = bundled(context, found, &text, n_bytes_left, &mut troubles);
        diags.extend(troubles.iter().map(|why| fail(why)));
        return Some(text_node(value.span, bundled.as_deref().unwrap_or(&text)));
    }
    if !matches!(key, "$yaml" | "$json") {
        return Some(text_node(value.span, &text));
    }
    let n_before = diags.len();
    let mut nodes = (context.files.nodes)(found, &text, diags);
    if nodes.len() == 1 {
        // Whatever is wrong with it as a whole is wrong here.
        return nodes.pop().map(|node| Node { span: value.span, ..node });
    }
    if diags.len() == n_before {
        diags.push(fail(&format!("it holds {} documents, expected one", nodes.len())));
    }
    None
}

/// Reads a file within what the repository may still bring in.
fn text_of(context: &Context, file: FileId, n_bytes_left: &mut u64) -> Result<String, String> {
    let size_bytes = context.snapshot.file(file).size_bytes;
    if size_bytes > FILE_BYTES {
        return Err(format!("it is larger than {} MiB", FILE_BYTES >> 20));
    }
    if size_bytes > *n_bytes_left {
        return Err(format!("the repository brings in more than {} MiB", REPO_BYTES >> 20));
    }
    *n_bytes_left -= size_bytes;
    (context.files.text)(file)
}

/// Returns a definition with the files that it refers to; `None` when
/// there are none, so that it stays as it was written.
fn bundled(
    context: &Context,
    file: FileId,
    text: &str,
    n_bytes_left: &mut u64,
    troubles: &mut Vec<String>,
) -> Option<String> {
    // Most definitions are one file, and large.
    if !text.contains("$ref") {
        return None;
    }
    // What is wrong with it as a whole is said on the page of the API.
    let mut nodes = (context.files.nodes)(file, text, &mut Vec::new());
    let root = nodes.pop().filter(|_| nodes.is_empty())?;
    let find = |from: FileId, path: &str| match target_file(context, from, path) {
        Target::File(found) => Ok(Some(found)),
        Target::Elsewhere => Ok(None),
        Target::Trouble(why) => Err(why),
    };
    let mut read = |file: FileId| {
        let text = text_of(context, file, n_bytes_left)?;
        let mut diags = Vec::new();
        let mut nodes = (context.files.nodes)(file, &text, &mut diags);
        match (nodes.pop(), diags.into_iter().next()) {
            (Some(node), None) if nodes.is_empty() => Ok(node),
            (_, Some(diag)) => Err(diag.message),
            _ => Err("it does not hold exactly one document".to_string()),
        }
    };
    bundle::bundle(file, &root, &mut bundle::Reader { file: &find, read: &mut read }, troubles)
}

fn text_node(span: Span, text: &str) -> Node {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Node { span, tag: None, value: Value::Scalar(Scalar { text: text.into(), plain: false }) }
}

enum Target {
    File(FileId),
    /// An address that no source has.
    Elsewhere,
    Trouble(String),
}

fn target_file(context: &Context, file: FileId, target: &str) -> Target {
    if target.contains("://") {
        return match checkouts::file(context.checkouts, target) {
            Ok(Some(found)) => Target::File(found),
            Err(place) => {
                let repo = &context.snapshot.repo(place.repo).name;
                Target::Trouble(format!("source `{repo}` has no file `{}`", place.path))
            }
            Ok(None) if target.starts_with("http://") || target.starts_with("https://") => Target::Elsewhere,
            Ok(None) => Target::Trouble("only `https:` addresses are read".to_string()),
        };
    }
    let here = context.snapshot.file(file);
    let Some(path) = file::target(folder_of(&here.path), target) else {
        return Target::Trouble("it leads out of the repository".to_string());
    };
    match context.snapshot.find(here.repo, &path) {
        Some(found) => Target::File(found),
        None => Target::Trouble(format!("there is no file `{path}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::{checkouts::checkouts, testing};

    /// Brings in the same file several times, as if it had that size.
    #[track_caller]
    fn check(size_bytes: u64, n_times: usize, expected: usize, why: &str) {
        let mut snapshot = testing::snapshot("//- a:big.txt\nx\n//- a:c.yaml\nx\n");
        snapshot.files[0].size_bytes = size_bytes;
        let checkouts = checkouts(&snapshot);
        let text = |_: FileId| Ok("x".to_string());
        let nodes = |_: FileId, _: &str, _: &mut Vec<Diagnostic>| Vec::new();
        let files = Files { text: &text, nodes: &nodes };
        let context = Context { snapshot: &snapshot, checkouts: &checkouts, files: &files };
        let span = Span::of_file(FileId(1));
        let entry = || (text_node(span, "$text"), text_node(span, "./big.txt"));
        let item = || Node { span, tag: None, value: Value::Mapping(vec![entry()]) };
        let items = (0..n_times).map(|_| item()).collect();
        let mut root = Node { span, tag: None, value: Value::Sequence(items) };
        let mut diags = Vec::new();
        let mut n_bytes_left = REPO_BYTES;
        substitute(&context, FileId(1), &mut root, &mut n_bytes_left, &mut diags);
        let items = root.sequence().expect("it is still a list");
        assert_eq!(items.iter().filter(|item| item.string() == Some("x")).count(), expected);
        assert!(diags.iter().all(|diag| diag.message.contains(why)), "{diags:?}");
        assert_eq!(diags.len(), n_times - expected);
    }

    #[test]
    fn what_is_brought_in_has_a_budget() {
        check(1, 300, 300, "");
        check(16 << 20, 20, 16, "brings in more than 256 MiB");
        check((16 << 20) + 1, 1, 0, "larger than 16 MiB");
    }
}
