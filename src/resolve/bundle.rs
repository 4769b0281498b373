//! Bundles: `$openapi` and `$asyncapi` bring in a definition together
//! with the files that its `$ref`s name, as one document.
//!
//! As in Backstage, what a reference names is put in its place the first
//! time, and later references point there; so cycles end and nothing is
//! copied twice. References within the definition stay as they are, and
//! so do those to other hosts.

use std::collections::HashMap;

use crate::model::file::FileId;
use crate::model::yaml::{Node, Scalar, ScalarType, Value};

/// How deep a bundle may be nested.
const DEPTH: usize = 200;
/// How many nodes references may bring in.
const N_NODES: usize = 200_000;
/// How many files a definition may consist of.
const N_FILES: usize = 3_000;

/// Finds the file that a reference of another one names: `Ok(None)` when
/// it is none of the portal.
pub type FindFile<'r> = dyn Fn(FileId, &str) -> Result<Option<FileId>, String> + 'r;
/// Reads a file as one node.
pub type ReadNode<'r> = dyn FnMut(FileId) -> Result<Node, String> + 'r;

/// How the files of a definition are found and read.
pub struct Reader<'r> {
    pub file: &'r FindFile<'r>,
    pub read: &'r mut ReadNode<'r>,
}

/// Returns a definition with all that it refers to as JSON, which is
/// YAML as well; `None` when it refers to nothing outside of itself.
pub fn bundle(root: FileId, node: &Node, reader: &mut Reader, troubles: &mut Vec<String>) -> Option<String> {
    if !has_outer_reference(node) {
        return None;
    }
    let mut bundle = Bundle {
        root,
        reader,
        troubles,
        read: HashMap::new(),
        places: HashMap::new(),
        n_nodes_left: N_NODES,
        out: String::new(),
    };
    bundle.node(root, node, "", 0);
    Some(bundle.out)
}

fn has_outer_reference(node: &Node) -> bool {
    match &node.value {
        Value::Scalar(_) => false,
        Value::Sequence(items) => items.iter().any(has_outer_reference),
        Value::Mapping(entries) => {
            reference(node).is_some_and(|target| !target.starts_with('#'))
                || entries.iter().any(|(_, value)| has_outer_reference(value))
        }
    }
}

fn reference(node: &Node) -> Option<&str> {
    node.get("$ref")?.string()
}

struct Bundle<'b, 'r> {
    root: FileId,
    reader: &'b mut Reader<'r>,
    troubles: &'b mut Vec<String>,
    read: HashMap<FileId, Option<std::rc::Rc<Node>>>,
    /// Where the output has what a reference names.
    places: HashMap<(FileId, String), String>,
    n_nodes_left: usize,
    out: String,
}

impl Bundle<'_, '_> {
    /// Writes a node of `file` that goes to `place`, a JSON pointer.
    fn node(&mut self, file: FileId, node: &Node, place: &str, depth: usize) {
        match &node.value {
            Value::Scalar(scalar) => self.scalar(scalar),
            Value::Sequence(items) => {
                self.out.push('[');
                for (idx, item) in items.iter().enumerate() {
                    self.line(idx, depth);
                    self.node(file, item, &format!("{place}/{idx}"), depth + 1);
                }
                self.end(items.len(), depth, ']');
            }
            Value::Mapping(entries) => {
                if let Some(target) = reference(node)
                    && self.brought_in(file, target, place, depth)
                {
                    return;
                }
                self.out.push('{');
                for (idx, (key, value)) in entries.iter().enumerate() {
                    self.line(idx, depth);
                    let key = key.scalar().map_or("", |key| &*key.text);
                    self.text(key);
                    self.out.push_str(": ");
                    let place = format!("{place}/{}", key.replace('~', "~0").replace('/', "~1"));
                    self.node(file, value, &place, depth + 1);
                }
                self.end(entries.len(), depth, '}');
            }
        }
    }

    /// Writes what a reference names in place of it; `false` if it must
    /// stay as it is.
    fn brought_in(&mut self, file: FileId, target: &str, place: &str, depth: usize) -> bool {
        let (path, pointer) = target.split_once('#').unwrap_or((target, ""));
        let found = match path {
            "" => Ok(Some(file)),
            path => (self.reader.file)(file, path),
        };
        let found = match found {
            Ok(Some(found)) => found,
            Ok(None) => return false,
            Err(why) => {
                self.trouble(format!("`$ref: {target}`: {why}"));
                return false;
            }
        };
        let pointer = pointer.trim_end_matches('/');
        if found == self.root {
            // The definition itself lies where it always did.
            if path.is_empty() {
                return false;
            }
            self.pointer(pointer);
            return true;
        }
        let key = (found, pointer.to_string());
        if let Some(known) = self.places.get(&key).cloned() {
            self.pointer(&known);
            return true;
        }
        let Some(whole) = self.whole(found, target) else { return false };
        let Some(part) = at(&whole, pointer) else {
            self.trouble(format!("`$ref: {target}`: the file has nothing there"));
            return false;
        };
        let n_nodes = count(part, self.n_nodes_left + 1);
        if depth + 1 > DEPTH || n_nodes > self.n_nodes_left {
            self.trouble(format!("`$ref: {target}`: the definition becomes too large"));
            return false;
        }
        self.n_nodes_left -= n_nodes;
        self.places.insert(key, place.to_string());
        self.node(found, part, place, depth);
        true
    }

    fn whole(&mut self, file: FileId, target: &str) -> Option<std::rc::Rc<Node>> {
        if let Some(known) = self.read.get(&file) {
            return known.clone();
        }
        let read = match self.read.len() < N_FILES {
            true => (self.reader.read)(file),
            false => Err(format!("a definition consists of more than {N_FILES} files")),
        };
        let node = match read {
            Ok(node) => Some(std::rc::Rc::new(node)),
            Err(why) => {
                self.trouble(format!("`$ref: {target}`: {why}"));
                None
            }
        };
        self.read.insert(file, node.clone());
        node
    }

    fn trouble(&mut self, text: String) {
        const MOST: usize = 20;
        if self.troubles.len() < MOST && !self.troubles.contains(&text) {
            self.troubles.push(text);
        }
    }

    fn pointer(&mut self, place: &str) {
        self.out.push_str("{\"$ref\": ");
        self.text(&format!("#{place}"));
        self.out.push('}');
    }

    fn line(&mut self, idx: usize, depth: usize) {
        self.out.push_str(if idx == 0 { "\n" } else { ",\n" });
        self.indent(depth + 1);
    }

    fn end(&mut self, n: usize, depth: usize, bracket: char) {
        if n > 0 {
            self.out.push('\n');
            self.indent(depth);
        }
        self.out.push(bracket);
    }

    fn indent(&mut self, depth: usize) {
        for _ in 0..depth.min(40) {
            self.out.push_str("  ");
        }
    }

    /// Numbers stay as they were written, as far as JSON has them.
    fn scalar(&mut self, scalar: &Scalar) {
        let text = &*scalar.text;
        match scalar.scalar_type() {
            ScalarType::Null => self.out.push_str("null"),
            ScalarType::Bool => self.out.push_str(&text.to_ascii_lowercase()),
            ScalarType::Int | ScalarType::Float
                if serde_json::from_str::<serde_json::Number>(text).is_ok() =>
            {
                self.out.push_str(text);
            }
            _ => self.text(text),
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(&serde_json::Value::from(text).to_string());
    }
}

/// Returns what a JSON pointer, as it stands in a URL, names.
fn at<'n>(node: &'n Node, pointer: &str) -> Option<&'n Node> {
    let mut here = node;
    for part in pointer.split('/').skip(1) {
        let part = percent_encoding::percent_decode_str(part).decode_utf8().ok()?;
        let part = part.replace("~1", "/").replace("~0", "~");
        here = match here.sequence() {
            Some(items) => items.get(part.parse::<usize>().ok()?)?,
            None => here.get(&part)?,
        };
    }
    Some(here)
}

/// Counts the nodes, up to a limit.
fn count(node: &Node, limit: usize) -> usize {
    let mut n = 1;
    let mut add = |child: &Node| {
        if n <= limit {
            n += count(child, limit - n.min(limit));
        }
    };
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter().for_each(&mut add),
        Value::Mapping(entries) => entries.iter().for_each(|(_, value)| add(value)),
    }
    n
}
