//! Diagnostics of entities and their relations.

use crate::model::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::model::entity_ref::EntityRef;

/// All codes of this file.
pub const ALL: &[&Code] = &[
    &MISSING_FIELD,
    &INVALID_FIELD,
    &UNKNOWN_FIELD,
    &UNKNOWN_KIND,
    &INVALID_REFERENCE,
    &REFERENCE_KIND,
    &UNSAFE_URL,
    &DUPLICATE_ENTITY,
    &SUBSTITUTION,
    &REMOTE_SUBSTITUTION,
    &LOCATION_TARGET,
    &LOCATION_CYCLE,
    &KIND_NOT_ALLOWED,
    &RESERVED_NAMESPACE,
    &NOT_PUBLIC,
    &FOREIGN_ADDRESS,
    &BROKEN_DEFINITION,
    &REFERENCE_CYCLE,
    &UNKNOWN_OWNER,
    &UNKNOWN_TARGET,
    &UNRENDERED_TEMPLATE,
];

/// A field that an entity must have.
pub static MISSING_FIELD: Code = Code {
    id: "missing-field",
    severity: Severity::Error,
    summary: "a field that every entity of this kind must have",
    explanation: "Backstage refuses the entity. Callboard shows it as far as it can be read; without a \
`kind` or a `metadata.name` there is nothing to show it under. Add the field:\n\n```yaml\nspec:\n  type: \
service\n  lifecycle: production\n  owner: team-payments\n```",
};

/// A value that breaks a rule of the descriptor format.
pub static INVALID_FIELD: Code = Code {
    id: "invalid-field",
    severity: Severity::Error,
    summary: "a value that the descriptor format does not allow",
    explanation: "Names are at most 63 letters, digits, `-`, `_` and `.`, and begin and end with a letter \
or digit; namespaces and tags are lower case; annotations are texts. A value such as `1.10` or `true` is \
not a text for YAML: put it in quotes. Backstage refuses the entity, Callboard shows it with the value as \
it was written.",
};

/// A key beside `metadata` and `spec`.
pub static UNKNOWN_FIELD: Code = Code {
    id: "unknown-field",
    severity: Severity::Error,
    summary: "a field at the top of an entity that does not belong there",
    explanation: "An entity has `apiVersion`, `kind`, `metadata` and `spec` and nothing else; Backstage \
refuses it otherwise. Most often the indentation is wrong, and the field belongs into `spec`.",
};

/// A kind, or a version of it, that Backstage does not know.
pub static UNKNOWN_KIND: Code = Code {
    id: "unknown-kind",
    severity: Severity::Warning,
    summary: "a kind or an apiVersion that Backstage does not know by itself",
    explanation: "The entity is shown with all its fields, but what they mean is not known, so they are not \
checked. Kinds and versions are case-sensitive: `Component`, not `component`; `backstage.io/v1alpha1` for \
all kinds but `Template`, which has `scaffolder.backstage.io/v1beta3`.",
};

/// A reference that cannot be read.
pub static INVALID_REFERENCE: Code = Code {
    id: "invalid-reference",
    severity: Severity::Error,
    summary: "a reference to another entity that cannot be read",
    explanation: "References have the form `[<kind>:][<namespace>/]<name>`. The kind may be left out where \
the field implies it (`owner: team-a` is a group); `dependsOn` and `dependencyOf` always need it: \
`resource:orders-db`.",
};

/// A reference to an entity of a kind that does not fit.
pub static REFERENCE_KIND: Code = Code {
    id: "reference-kind",
    severity: Severity::Warning,
    summary: "a reference to an entity of another kind than the field is for",
    explanation: "An `owner` is a `Group` or a `User`, a `system` a `System`, and so on. Backstage draws the \
relation all the same, or drops it without a word where the entity is of one of its newer kinds \
(`AiResource`), but its pages show it nowhere. Most often another field is meant: `dependsOn` in place of \
`consumesApis`.",
};

/// An address that must not become a link.
pub static UNSAFE_URL: Code = Code {
    id: "unsafe-url",
    severity: Severity::Error,
    summary: "an address that is not safe to link to",
    explanation: "Only absolute addresses with `https:`, `http:`, `mailto:` or `tel:` become links. Others, \
such as `javascript:`, would run in the reader's browser with the rights of the portal. The link is left \
out.",
};

/// Two entities with one reference.
pub static DUPLICATE_ENTITY: Code = Code {
    id: "duplicate-entity",
    severity: Severity::Error,
    summary: "two entities with the same kind, namespace and name",
    explanation: "The reference of an entity names it in the whole portal, whatever the case of its letters. \
The first one counts, in the order of repositories, files and documents; this one is not shown. Rename one \
of them, or give it a `namespace`.",
};

/// A `$text`, `$json` or `$yaml` that failed.
pub static SUBSTITUTION: Code = Code {
    id: "substitution",
    severity: Severity::Error,
    summary: "a `$text`, `$json` or `$yaml` whose file cannot be brought in",
    explanation: "The value is a path relative to the YAML file, or an address of a file in a repository of \
this portal. It cannot lead out of the repository. `$yaml` and `$json` need a file that holds exactly one \
document.",
};

/// A substitution of a file that is not in the portal.
pub static REMOTE_SUBSTITUTION: Code = Code {
    id: "remote-substitution",
    severity: Severity::Warning,
    summary: "a `$text`, `$json` or `$yaml` of an address outside of this portal",
    explanation: "Callboard reads files and fetches nothing, so that a build depends on nothing but its \
sources. Add the repository as a source, or keep a copy of the file beside the descriptor.",
};

/// A target of a Location.
pub static LOCATION_TARGET: Code = Code {
    id: "location-target",
    severity: Severity::Error,
    summary: "a target of a Location that does not exist",
    explanation: "A target is a file relative to the Location's own file, a pattern such as \
`./**/catalog-info.yaml`, or an address. Backstage reports a target that is missing unless the Location says \
`presence: optional`. Callboard finds entities by their content and needs no Locations.",
};

/// A Location that leads back to itself.
pub static LOCATION_CYCLE: Code = Code {
    id: "location-cycle",
    severity: Severity::Warning,
    summary: "a Location that leads back to itself",
    explanation: "The Location names a file whose own Locations lead back to it. Every file is read once, so \
nothing is lost, but one of the targets is not needed. A pattern that happens to match its own file is not \
reported.",
};

/// A kind that a source may not declare.
pub static KIND_NOT_ALLOWED: Code = Code {
    id: "kind-not-allowed",
    severity: Severity::Error,
    summary: "an entity of a kind that its repository may not declare",
    explanation: "`book.toml` restricts the kinds of entities, for all repositories or for one: whoever \
declares a `Group` or a `User` decides who owns what. The entity is left out.\n\n```toml\n[catalog]\nallow = \
[\"Component\", \"API\", \"System\", \"Resource\"]\n\n[[source]]\npath = \"org\"\nallow = [\"Group\", \"User\", \
\"Domain\"]\n```",
};

/// An entity that is not meant for all readers.
pub static NOT_PUBLIC: Code = Code {
    id: "not-public",
    severity: Severity::Error,
    summary: "an entity whose visibility is not `public`",
    explanation: "Callboard builds one site, and whoever may open it reads all of it. An entity with \
`callboard.dev/visibility` is left out unless the value is `public`, and so are docs in its folder that no \
other entity has: a word that is misspelt must not publish anything. This report names the entity, as do \
references of others to it; what nobody may know of belongs into no source of the portal.",
};

/// An annotation that leads to a host that is not the repository's.
pub static FOREIGN_ADDRESS: Code = Code {
    id: "foreign-address",
    severity: Severity::Warning,
    summary: "an address of sources that is at another host than the repository",
    explanation: "`backstage.io/source-location`, `backstage.io/view-url` and `backstage.io/edit-url` take the \
place of the addresses that Callboard makes itself, so a button \"Edit\" could lead anywhere. Only the host of \
the repository counts, and those that `book.toml` names; with another one the annotation is left out.\n\n\
```toml\n[catalog]\nhosts = [\"git.acme.example\"]\n```",
};

/// A definition of an API that cannot be read.
pub static BROKEN_DEFINITION: Code = Code {
    id: "broken-definition",
    severity: Severity::Error,
    summary: "the definition of an API that is not what its type says",
    explanation: "A definition of type `openapi` is YAML or JSON with `openapi` or `swagger` at its top, one of \
type `asyncapi` has `asyncapi`. A definition that is written in the descriptor itself is looked at, up to \
64 kB; it is shown as it was written.",
};

/// A namespace that belongs to others.
pub static RESERVED_NAMESPACE: Code = Code {
    id: "reserved-namespace",
    severity: Severity::Error,
    summary: "an entity in a namespace that is reserved for other repositories",
    explanation: "`book.toml` reserves the namespace for some repositories, so that no other can take a name \
in it. The entity is left out; give it another `metadata.namespace`, or add the repository to the \
list.\n\n```toml\n[catalog.reserved-namespaces]\nplatform = [\"platform-services\"]\n```",
};

/// Entities that refer to one another in a circle.
pub static REFERENCE_CYCLE: Code = Code {
    id: "reference-cycle",
    severity: Severity::Warning,
    summary: "entities that depend on or contain one another in a circle",
    explanation: "A group cannot be within itself, nor a component be a part of itself, and components that \
depend on one another in a circle can only be changed together. Every entity is shown, and each relation is \
drawn once. Remove one of the references.",
};

/// Owners that are not in the catalog.
pub static UNKNOWN_OWNER: Code = Code {
    id: "unknown-owner",
    severity: Severity::Info,
    summary: "owners that are not in the catalog",
    explanation: "The entities name owners that no source declares as a `Group` or `User`. That is common \
where people come from a directory rather than from files. The names are shown without a link. To give them \
pages, declare them:\n\n```yaml\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: \
team-payments\nspec:\n  type: team\n  children: []\n```",
};

/// Other references that are not in the catalog.
pub static UNKNOWN_TARGET: Code = Code {
    id: "unknown-target",
    severity: Severity::Info,
    summary: "references to entities that are not in the catalog",
    explanation: "The entities refer to others that no source declares, in `system`, `dependsOn`, \
`providesApis` and the like. They are shown without a link. Check the spelling, the kind and the namespace, \
or add the repository that declares them.",
};

/// A file that is the input of a template engine.
pub static UNRENDERED_TEMPLATE: Code = Code {
    id: "unrendered-template",
    severity: Severity::Info,
    summary: "a file that looks like a template which was never rendered",
    explanation: "The file has placeholders (`{{ … }}`, `{% … %}`) where an entity has its name, or is not \
YAML because of them. It is left out. Files that a software template fetches are found without this note; \
for others, an `exclude` of the source or a `.callboardignore` file ends it.",
};

/// `field` is not there.
pub fn missing_field(span: Span, field: &str) -> Diagnostic {
    Diagnostic::new(&MISSING_FIELD, Some(span), format!("`{field}` must have a value"))
        .with_help(format!("add `{field}`"))
}

/// The value `found` of `field` breaks a rule.
pub fn invalid_field(span: Span, field: &str, found: &str, expected: &str) -> Diagnostic {
    let message = format!("`{field}` is {found}, expected {expected}");
    Diagnostic::new(&INVALID_FIELD, Some(span), message)
}

/// `field` stands at the top of an entity.
pub fn unknown_field(span: Span, field: &str, nearest: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::new(&UNKNOWN_FIELD, Some(span), format!("unknown field `{field}`"));
    match nearest {
        Some(nearest) => diagnostic.with_help(format!("did you mean `{nearest}`?")),
        None => diagnostic.with_help("indent it, if it belongs to `spec` or `metadata`"),
    }
}

/// Backstage has no such kind.
pub fn unknown_kind(span: Span, kind: &str, nearest: Option<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::new(&UNKNOWN_KIND, Some(span), format!("kind `{kind}` is not known"));
    match nearest {
        Some(nearest) => diagnostic.with_help(format!("did you mean `{nearest}`?")),
        None => diagnostic.with_help("it is shown with all its fields, which are not checked"),
    }
}

/// The kind is known, but not in this version.
pub fn unknown_version(span: Span, kind: &str, version: &str, expected: &str) -> Diagnostic {
    let message = format!("apiVersion `{version}` of kind `{kind}` is not known");
    Diagnostic::new(&UNKNOWN_KIND, Some(span), message).with_help(format!("write `{expected}`"))
}

/// A part of the reference is empty.
pub fn invalid_reference(span: Span, field: &str, text: &str) -> Diagnostic {
    let message =
        format!("`{field}` refers to `{text}`, which is not of the form `[<kind>:][<namespace>/]<name>`");
    Diagnostic::new(&INVALID_REFERENCE, Some(span), message).with_help("write `<kind>:<name>`")
}

/// The reference has no kind, and the field has no default.
pub fn reference_without_kind(span: Span, field: &str, text: &str) -> Diagnostic {
    let message = format!("`{field}` refers to `{text}` without a kind");
    Diagnostic::new(&INVALID_REFERENCE, Some(span), message)
        .with_help(format!("write `component:{text}` or `resource:{text}`"))
}

/// The field is not for targets of this kind.
pub fn reference_kind(span: Span, field: &str, target: &EntityRef, expected: &[&str]) -> Diagnostic {
    let expected = expected.join("` or `");
    let message = format!("`{field}` refers to `{target}`, expected a `{expected}`");
    Diagnostic::new(&REFERENCE_KIND, Some(span), message)
        .with_help("correct the kind, or move the reference to the field that it is for")
}

/// The URL of a link is not safe.
pub fn unsafe_url(span: Span, field: &str, url: &str) -> Diagnostic {
    let message = format!("`{field}` is `{url}`, which is not safe to link to");
    Diagnostic::new(&UNSAFE_URL, Some(span), message)
        .with_help("write an address that begins with `https://`")
}

/// `entity_ref` is already there.
pub fn duplicate_entity(span: Span, entity_ref: &str, first_place: &str, first: Span) -> Diagnostic {
    let message = format!("`{entity_ref}` is already declared in {first_place}; this one is not shown");
    Diagnostic::new(&DUPLICATE_ENTITY, Some(span), message)
        .with_note("first declared here", Some(first))
        .with_help("rename one of the two, or give one another `namespace`")
}

/// The file of a substitution cannot be brought in.
pub fn substitution(span: Span, key: &str, target: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&SUBSTITUTION, Some(span), format!("`{key}` cannot bring in `{target}`: {why}"))
        .with_help("write a path relative to this file, inside of the repository")
}

/// The address of a substitution is not in the portal.
pub fn remote_substitution(span: Span, key: &str, target: &str) -> Diagnostic {
    let message = format!("`{key}` names `{target}`, which is not in a source of this portal");
    Diagnostic::new(&REMOTE_SUBSTITUTION, Some(span), message)
        .with_help("add that repository as a source, or copy the file into this one")
}

/// A target of a Location cannot be used.
pub fn location_target(span: Span, target: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&LOCATION_TARGET, Some(span), format!("target `{target}` {why}"))
        .with_help("correct it, remove it, or write `presence: optional`")
}

/// A target leads to a file that leads back here.
pub fn location_cycle(span: Span, target: &str) -> Diagnostic {
    let message = format!("target `{target}` leads back to the Location that it comes from");
    Diagnostic::new(&LOCATION_CYCLE, Some(span), message).with_help("remove one of the targets")
}

/// The repository may not declare entities of this kind.
pub fn kind_not_allowed(span: Span, kind: &str, repo: &str, allow: &[String]) -> Diagnostic {
    let allowed = match allow {
        [] => "none".to_string(),
        allow => format!("`{}`", allow.join("`, `")),
    };
    let message = format!("`{repo}` may not declare a `{kind}`, expected {allowed}");
    Diagnostic::new(&KIND_NOT_ALLOWED, Some(span), message)
        .with_help("move it to a repository that may, or add the kind to `allow` of its source")
}

/// The visibility of an entity is not `public`.
pub fn not_public(span: Span, entity: &str, value: &str) -> Diagnostic {
    let message = format!("`{entity}` is marked `{value}`, expected `public`; it is left out");
    Diagnostic::new(&NOT_PUBLIC, Some(span), message)
        .with_help("write `public`, or take its repository out of the sources")
}

/// An annotation leads to another host than the repository's.
pub fn foreign_address(span: Span, key: &str, host: &str, own: &str) -> Diagnostic {
    let message = format!("`{key}` leads to `{host}`, and the repository is at `{own}`; it is left out");
    Diagnostic::new(&FOREIGN_ADDRESS, Some(span), message)
        .with_help("remove it, or add the host to `hosts` of `[catalog]` in `book.toml`")
}

/// A definition does not read as what its type says.
pub fn broken_definition(span: Span, definition_type: &str, why: &str) -> Diagnostic {
    let message = format!("`spec.definition` is not `{definition_type}`: {why}");
    Diagnostic::new(&BROKEN_DEFINITION, Some(span), message)
        .with_help("correct the definition, or its `spec.type`")
}

/// The namespace is reserved for other repositories.
pub fn reserved_namespace(span: Span, namespace: &str, repo: &str) -> Diagnostic {
    let message = format!("namespace `{namespace}` is reserved, and `{repo}` may not use it");
    Diagnostic::new(&RESERVED_NAMESPACE, Some(span), message)
        .with_help("write another `metadata.namespace`, or none")
}

/// The entities that `names` lists refer to one another.
pub fn reference_cycle(span: Span, field: &str, names: &str) -> Diagnostic {
    let message = format!("`{field}` leads in a circle: {names}");
    Diagnostic::new(&REFERENCE_CYCLE, Some(span), message).with_help("remove one of the references")
}

/// Owners of a repository's entities that are not in the catalog;
/// `names` lists some of them.
pub fn unknown_owners(span: Span, n_owners: usize, names: &str, help: Option<&str>) -> Diagnostic {
    let subject = if n_owners == 1 { "one owner is" } else { &format!("{n_owners} owners are") };
    let message = format!("{subject} not in the catalog: {names}");
    Diagnostic::new(&UNKNOWN_OWNER, Some(span), message)
        .with_help(help.unwrap_or("declare them as `Group` or `User` entities"))
}

/// References of a repository's entities that are not in the catalog;
/// `names` lists some of them.
pub fn unknown_targets(span: Span, n_targets: usize, names: &str, help: Option<&str>) -> Diagnostic {
    let subject =
        if n_targets == 1 { "one reference leads" } else { &format!("{n_targets} references lead") };
    let message = format!("{subject} to no entity of the catalog: {names}");
    Diagnostic::new(&UNKNOWN_TARGET, Some(span), message)
        .with_help(help.unwrap_or("check their spelling, or add the repository that declares them"))
}

/// The file has placeholders where an entity has its name.
pub fn unrendered_template(span: Span) -> Diagnostic {
    let message = "this looks like a template that was never rendered; it is left out".to_string();
    Diagnostic::new(&UNRENDERED_TEMPLATE, Some(span), message)
        .with_help("exclude it, if it is not meant for the catalog")
}
