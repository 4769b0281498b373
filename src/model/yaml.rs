//! A YAML tree in which every node knows where it stood.

use super::diagnostic::Span;

/// One document of a file that reads as an entity.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub root: Node,
    /// From the first to the last byte of the document.
    pub span: Span,
    /// The bytes of `span`.
    pub source: Box<str>,
}

/// One node of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub span: Span,
    /// A tag other than those of the core schema: `!ENV`,
    /// `!!python/name:…`.
    pub tag: Option<Box<str>>,
    pub value: Value,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Scalar(Scalar),
    Sequence(Vec<Node>),
    /// In the order of the source; keys are distinct.
    Mapping(Vec<(Node, Node)>),
}

/// A scalar as it was written; its type is read on demand, so that the
/// source text is never lost (`1.10`, `no`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    pub text: Box<str>,
    /// Without quotes and not a block: the core schema may read it as
    /// something other than a string.
    pub plain: bool,
}

/// The type of a scalar by the YAML 1.2 core schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarType {
    Null,
    Bool,
    Int,
    Float,
    String,
}

impl Scalar {
    /// Returns the type by the YAML 1.2 core schema.
    pub fn scalar_type(&self) -> ScalarType {
        if !self.plain {
            return ScalarType::String;
        }
        match &*self.text {
            "" | "~" | "null" | "Null" | "NULL" => ScalarType::Null,
            "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => ScalarType::Bool,
            text if is_int(text) => ScalarType::Int,
            text if is_float(text) => ScalarType::Float,
            _ => ScalarType::String,
        }
    }

    /// Returns the value as JSON, its type by the core schema.
    pub fn to_json(&self) -> serde_json::Value {
        let text = &*self.text;
        let string = || serde_json::Value::String(text.to_string());
        match self.scalar_type() {
            ScalarType::Null => serde_json::Value::Null,
            ScalarType::Bool => serde_json::Value::Bool(text.eq_ignore_ascii_case("true")),
            ScalarType::Int | ScalarType::Float => match serde_json::from_str::<serde_json::Number>(text) {
                Ok(number) => serde_json::Value::Number(number),
                Err(_) => string(),
            },
            ScalarType::String => string(),
        }
    }
}

impl Node {
    /// Returns the entries, if this is a mapping.
    pub fn mapping(&self) -> Option<&[(Node, Node)]> {
        match &self.value {
            Value::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// Returns the items, if this is a sequence.
    pub fn sequence(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the scalar, if this is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Returns the text of a scalar whose type is string.
    pub fn string(&self) -> Option<&str> {
        let scalar = self.scalar()?;
        (scalar.scalar_type() == ScalarType::String).then_some(&scalar.text)
    }

    /// Returns the source text of any scalar but null.
    pub fn text(&self) -> Option<&str> {
        let scalar = self.scalar()?;
        (scalar.scalar_type() != ScalarType::Null).then_some(&scalar.text)
    }

    /// Returns a boolean; the spellings of YAML 1.1 count too.
    pub fn bool(&self) -> Option<bool> {
        match self.scalar()?.text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        }
    }

    /// Tells whether this is null, or nothing at all.
    pub fn is_null(&self) -> bool {
        self.scalar().is_some_and(|scalar| scalar.scalar_type() == ScalarType::Null)
    }

    /// Returns the value of a key, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let (_, value) = self.entry(key)?;
        Some(value)
    }

    /// Returns the key and the value of an entry.
    pub fn entry(&self, key: &str) -> Option<(&Node, &Node)> {
        self.mapping()?
            .iter()
            .find(|(candidate, _)| candidate.scalar().is_some_and(|scalar| &*scalar.text == key))
            .map(|(key, value)| (key, value))
    }

    /// Returns what the node is, for a message: `a list`, `a number`.
    pub fn what(&self) -> &'static str {
        match &self.value {
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
            Value::Scalar(scalar) => match scalar.scalar_type() {
                ScalarType::Null => "nothing",
                ScalarType::Bool => "a boolean",
                ScalarType::Int | ScalarType::Float => "a number",
                ScalarType::String => "a string",
            },
        }
    }

    /// Returns the node as JSON, types by the core schema.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Sequence(items) => items.iter().map(Node::to_json).collect(),
            Value::Mapping(entries) => serde_json::Value::Object(
                entries
                    .iter()
                    .map(|(key, value)| {
                        let key = key.scalar().map_or("", |scalar| &*scalar.text);
                        (key.to_string(), value.to_json())
                    })
                    .collect(),
            ),
            Value::Scalar(scalar) => scalar.to_json(),
        }
    }
}

fn is_int(text: &str) -> bool {
    if let Some(digits) = text.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return !digits.is_empty() && digits.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let starts_well = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let looks_numeric = unsigned.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    starts_well
        && looks_numeric
        && unsigned.bytes().any(|byte| byte.is_ascii_digit())
        && unsigned.parse::<f64>().is_ok()
}
