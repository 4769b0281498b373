//! The kinds of entities that Backstage knows, and the fields of their
//! specs: which there must be, what they hold, what they refer to.

use crate::model::relation::RelationKind;
use crate::model::yaml::Node;

/// A kind and its versions.
pub struct Kind {
    pub name: &'static str,
    pub versions: &'static [&'static str],
    fields: &'static [Field],
}

/// A field of a spec.
pub struct Field {
    pub name: &'static str,
    pub is_required: bool,
    pub shape: Shape,
    pub refers: Option<Refers>,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Text,
    Texts,
    /// `required` or `optional`.
    Presence,
    List,
    Profile,
    Remotes,
}

/// That a field refers to entities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refers {
    /// The kind of a reference that names none.
    pub default_kind: Option<&'static str>,
    /// The relation of the entity to the target.
    pub relation: RelationKind,
}

/// How much of an entity's kind is known.
pub enum Known<'n> {
    Kind(&'static Kind),
    /// The kind, but not in this version.
    Version {
        kind: &'static str,
        version: &'n Node,
        expected: &'static str,
    },
    /// Not even the kind; the node that names it.
    Nothing(&'n Node),
}

const CORE: &[&str] = &["backstage.io/v1alpha1", "backstage.io/v1beta1"];
const SCAFFOLDER: &[&str] = &["scaffolder.backstage.io/v1beta3"];

const fn text(name: &'static str) -> Field {
    Field { name, is_required: false, shape: Shape::Text, refers: None }
}

const fn list(name: &'static str) -> Field {
    Field { name, is_required: false, shape: Shape::List, refers: None }
}

const fn profile() -> Field {
    Field { name: "profile", is_required: false, shape: Shape::Profile, refers: None }
}

const fn one(name: &'static str, default_kind: &'static str, relation: RelationKind) -> Field {
    let refers = Some(Refers { default_kind: Some(default_kind), relation });
    Field { name, is_required: false, shape: Shape::Text, refers }
}

const fn many(name: &'static str, default_kind: Option<&'static str>, relation: RelationKind) -> Field {
    Field { name, is_required: false, shape: Shape::Texts, refers: Some(Refers { default_kind, relation }) }
}

const fn required(field: Field) -> Field {
    Field { is_required: true, ..field }
}

const TYPE: Field = required(text("type"));
const LIFECYCLE: Field = required(text("lifecycle"));
const OWNER: Field = one("owner", "Group", RelationKind::OwnedBy);
const OWNER_REQUIRED: Field = required(OWNER);
const SYSTEM: Field = one("system", "System", RelationKind::PartOf);
const DEPENDS_ON: Field = many("dependsOn", None, RelationKind::DependsOn);
const DEPENDENCY_OF: Field = many("dependencyOf", None, RelationKind::DependencyOf);
const PROVIDES_APIS: Field = many("providesApis", Some("API"), RelationKind::ProvidesApi);
const CONSUMES_APIS: Field = many("consumesApis", Some("API"), RelationKind::ConsumesApi);
const SUBCOMPONENT_OF: Field = one("subcomponentOf", "Component", RelationKind::PartOf);
const DOMAIN: Field = one("domain", "Domain", RelationKind::PartOf);

const AI_DEPENDS_ON: Field = many("dependsOn", Some("AiResource"), RelationKind::DependsOn);
const SKILLS: Field = many("skills", Some("AiResource"), RelationKind::DependsOn);
const PLUGINS: Field = many("plugins", Some("AiResource"), RelationKind::DependsOn);

/// Every kind that Backstage has.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "Component",
        versions: CORE,
        fields: &[
            TYPE,
            LIFECYCLE,
            OWNER_REQUIRED,
            SYSTEM,
            SUBCOMPONENT_OF,
            PROVIDES_APIS,
            CONSUMES_APIS,
            DEPENDS_ON,
            DEPENDENCY_OF,
        ],
    },
    Kind {
        name: "API",
        versions: CORE,
        fields: &[TYPE, LIFECYCLE, OWNER_REQUIRED, SYSTEM, required(text("definition"))],
    },
    Kind {
        name: "Resource",
        versions: CORE,
        fields: &[TYPE, OWNER_REQUIRED, DEPENDS_ON, DEPENDENCY_OF, SYSTEM],
    },
    Kind { name: "System", versions: CORE, fields: &[OWNER_REQUIRED, DOMAIN, text("type")] },
    Kind {
        name: "Domain",
        versions: CORE,
        fields: &[OWNER_REQUIRED, one("subdomainOf", "Domain", RelationKind::PartOf), text("type")],
    },
    Kind {
        name: "Group",
        versions: CORE,
        fields: &[
            TYPE,
            one("parent", "Group", RelationKind::ChildOf),
            required(many("children", Some("Group"), RelationKind::ParentOf)),
            many("members", Some("User"), RelationKind::HasMember),
            profile(),
        ],
    },
    Kind {
        name: "User",
        versions: CORE,
        fields: &[required(many("memberOf", Some("Group"), RelationKind::MemberOf)), profile()],
    },
    Kind {
        name: "Location",
        versions: CORE,
        fields: &[
            text("type"),
            text("target"),
            Field { name: "targets", is_required: false, shape: Shape::Texts, refers: None },
            Field { name: "presence", is_required: false, shape: Shape::Presence, refers: None },
        ],
    },
    Kind { name: "Template", versions: SCAFFOLDER, fields: &[TYPE, required(list("steps")), OWNER] },
    Kind {
        name: "AiResource",
        versions: CORE,
        fields: &[TYPE, LIFECYCLE, OWNER_REQUIRED, SYSTEM, AI_DEPENDS_ON, SKILLS, PLUGINS],
    },
];

/// APIs whose definition is elsewhere: they name servers instead.
const REMOTE_API: &[Field] = &[
    TYPE,
    LIFECYCLE,
    OWNER_REQUIRED,
    SYSTEM,
    Field { name: "remotes", is_required: true, shape: Shape::Remotes, refers: None },
];
const SERVER_API: &[Field] = &[TYPE, LIFECYCLE, OWNER_REQUIRED, SYSTEM];

/// AI resources by their type.
const AI_RULE: &[Field] =
    &[TYPE, LIFECYCLE, OWNER_REQUIRED, SYSTEM, required(text("category")), required(text("rationale"))];
const AI_PLUGIN: &[Field] = &[TYPE, LIFECYCLE, OWNER_REQUIRED, SYSTEM, required(SKILLS)];
const AI_MARKETPLACE: &[Field] = &[TYPE, LIFECYCLE, OWNER_REQUIRED, SYSTEM, required(PLUGINS)];

/// What a kind that we do not know most likely means by these fields.
const FOREIGN: &[Field] =
    &[OWNER, SYSTEM, DOMAIN, SUBCOMPONENT_OF, PROVIDES_APIS, CONSUMES_APIS, DEPENDS_ON, DEPENDENCY_OF];

/// Tells whether the kind of a document is known. Both words are
/// case-sensitive.
pub fn known(root: &Node) -> Known<'_> {
    let kind_node = root.get("kind").unwrap_or(root);
    let Some(kind) = KINDS.iter().find(|kind| Some(kind.name) == kind_node.text()) else {
        return Known::Nothing(kind_node);
    };
    match root.get("apiVersion") {
        Some(version) if version.text().is_some_and(|text| kind.versions.contains(&text)) => {
            Known::Kind(kind)
        }
        version => Known::Version {
            kind: kind.name,
            version: version.unwrap_or(kind_node),
            expected: kind.versions[0],
        },
    }
}

/// Returns the fields of a kind's spec, as its type wants them.
pub fn fields(kind: &Kind, spec: Option<&Node>) -> &'static [Field] {
    let spec_type = spec.and_then(|spec| spec.get("type")).and_then(Node::text);
    match (kind.name, spec_type) {
        ("API", Some("mcp-server")) => REMOTE_API,
        ("API", Some("ai-model-server")) => SERVER_API,
        ("AiResource", Some("rule")) => AI_RULE,
        ("AiResource", Some("plugin")) => AI_PLUGIN,
        ("AiResource", Some("marketplace")) => AI_MARKETPLACE,
        _ => kind.fields,
    }
}

/// Returns the fields that may refer to entities, for any document.
pub fn referring(root: &Node) -> &'static [Field] {
    match known(root) {
        Known::Kind(kind) => kind.fields,
        Known::Version { .. } | Known::Nothing(_) => FOREIGN,
    }
}

/// Returns the relation that a field stands for, whatever the kind.
pub fn relation(field: &str) -> Option<RelationKind> {
    let known = KINDS.iter().flat_map(|kind| kind.fields).chain(FOREIGN);
    known
        .filter(|candidate| candidate.name == field)
        .find_map(|field| field.refers)
        .map(|refers| refers.relation)
}
