//! Entity references: `[<kind>:][<namespace>/]<name>`.

use std::fmt;

/// The full name of an entity, in lower case, as references compare.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityRef {
    pub kind: Box<str>,
    pub namespace: Box<str>,
    pub name: Box<str>,
}

/// Why a reference could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefTrouble {
    /// A part is empty: `:x`, `a/`, `k:`.
    Form,
    /// It names no kind, and the field has no default.
    MissingKind,
}

impl EntityRef {
    /// Returns a reference of the three parts, lower-cased.
    pub fn new(kind: &str, namespace: &str, name: &str) -> Self {
        EntityRef {
            kind: kind.to_lowercase().into(),
            namespace: namespace.to_lowercase().into(),
            name: name.to_lowercase().into(),
        }
    }

    /// Reads a reference by Backstage's rule: the first `:` ends the
    /// kind and the first `/` the namespace; a `/` before the `:` leaves
    /// the colon to the name. Missing parts take the defaults.
    pub fn parse(
        text: &str,
        default_kind: Option<&str>,
        default_namespace: &str,
    ) -> Result<Self, RefTrouble> {
        let colon = text.find(':');
        let slash = text.find('/');
        let (kind, rest) = match (colon, slash) {
            (Some(colon), Some(slash)) if slash < colon => (None, text),
            (Some(colon), _) => (Some(&text[..colon]), &text[colon + 1..]),
            (None, _) => (None, text),
        };
        let (namespace, name) = match rest.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, rest),
        };
        if kind == Some("") || namespace == Some("") || name.is_empty() {
            return Err(RefTrouble::Form);
        }
        let kind = kind.or(default_kind).ok_or(RefTrouble::MissingKind)?;
        Ok(EntityRef::new(kind, namespace.unwrap_or(default_namespace), name))
    }

    /// Returns the shortest form that a reader understands: without the
    /// kind if it is `default_kind`, without the namespace `default`.
    pub fn short(&self, default_kind: Option<&str>) -> String {
        let mut short = String::new();
        if default_kind != Some(&*self.kind) {
            short.push_str(&self.kind);
            short.push(':');
        }
        if &*self.namespace != "default" {
            short.push_str(&self.namespace);
            short.push('/');
        }
        short.push_str(&self.name);
        short
    }
}

impl fmt::Display for EntityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}/{}", self.kind, self.namespace, self.name)
    }
}

/// Backstage's own kinds, as references write them.
pub const KINDS: &[&str] =
    &["api", "component", "domain", "group", "location", "resource", "system", "template", "user"];

/// Tells whether a text is a reference with one of Backstage's kinds, as
/// links write it: `component:pay`, `api:default/orders#definition`.
pub fn is_reference(text: &str) -> bool {
    let Some((kind, rest)) = text.split_once(':') else { return false };
    let name = rest.split('#').next().unwrap_or(rest);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind))
        && name.split('/').count() <= 2
        && name.split('/').all(|part| !part.is_empty() && part.chars().all(is_plain))
}
