//! The kinds of entities that Backstage knows, and the fields of their
//! specs: which there must be, what they hold, what they refer to.

use crate::model::relation::RelationKind;
use crate::model::yaml::Node;

use super::kinds_template;

/// A kind and its versions.
pub struct Kind {
    pub name: &'static str,
    pub versions: &'static [&'static str],
    fields: &'static [Field],
}

/// A field of a spec.
#[derive(Debug)]
pub struct Field {
    pub name: &'static str,
    pub is_required: bool,
    pub shape: Shape,
    pub refers: Option<Refers>,
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A text that is not empty.
    Text,
    AnyText,
    /// A list of texts that are not empty.
    Texts,
    AnyTexts,
    /// `required` or `optional`.
    Presence,
    /// A text or a boolean, as in `if`.
    Condition,
    /// A mapping, with what is known of its fields.
    Record(&'static [Field]),
    /// A mapping whose other fields are texts.
    RecordOfTexts(&'static [Field]),
    /// A list of mappings.
    Records(&'static [Field]),
    /// A list of at least one mapping.
    SomeRecords(&'static [Field]),
    /// A mapping, or a list of mappings.
    RecordOrRecords(&'static [Field]),
}

/// That a field refers to entities.
#[derive(Debug, Clone, Copy)]
pub struct Refers {
    /// The kind of a reference that names none.
    pub default_kind: Option<&'static str>,
    /// The relation of the entity to the target.
    pub relation: RelationKind,
    /// The kinds that a target may have, in lower case; any if empty.
    pub kinds: &'static [&'static str],
    /// Whether a target of another kind has no relation, as in
    /// Backstage's newest kinds, or is merely odd.
    pub drops_others: bool,
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
const CORE_ALPHA: &[&str] = &["backstage.io/v1alpha1"];
const SCAFFOLDER: &[&str] = &["scaffolder.backstage.io/v1beta3"];

/// Returns a field of a shape that may be left out.
pub const fn field(name: &'static str, shape: Shape) -> Field {
    Field { name, is_required: false, shape, refers: None }
}

/// Returns a field that must be there.
pub const fn required(field: Field) -> Field {
    Field { is_required: true, ..field }
}

const fn text(name: &'static str) -> Field {
    field(name, Shape::Text)
}

const fn texts(name: &'static str) -> Field {
    field(name, Shape::Texts)
}

const fn one(
    name: &'static str,
    default_kind: &'static str,
    relation: RelationKind,
    kinds: &'static [&'static str],
) -> Field {
    let refers = Some(Refers { default_kind: Some(default_kind), relation, kinds, drops_others: false });
    Field { name, is_required: false, shape: Shape::Text, refers }
}

const fn many(
    name: &'static str,
    default_kind: Option<&'static str>,
    relation: RelationKind,
    kinds: &'static [&'static str],
) -> Field {
    let refers = Some(Refers { default_kind, relation, kinds, drops_others: false });
    Field { name, is_required: false, shape: Shape::Texts, refers }
}

/// Returns a field of Backstage's newest kinds, which drop a target of
/// another kind.
const fn strictly(field: Field) -> Field {
    match field.refers {
        Some(refers) => Field { refers: Some(Refers { drops_others: true, ..refers }), ..field },
        None => field,
    }
}

const TYPE: Field = required(text("type"));
const LIFECYCLE: Field = required(text("lifecycle"));
const OWNER: Field = one("owner", "Group", RelationKind::OwnedBy, &["group", "user"]);
const OWNER_REQUIRED: Field = required(OWNER);
const SYSTEM: Field = one("system", "System", RelationKind::PartOf, &["system"]);
const DEPENDS_ON: Field = many("dependsOn", None, RelationKind::DependsOn, &[]);
const DEPENDENCY_OF: Field = many("dependencyOf", None, RelationKind::DependencyOf, &[]);
const PROVIDES_APIS: Field = many("providesApis", Some("API"), RelationKind::ProvidesApi, &["api"]);
const CONSUMES_APIS: Field = many("consumesApis", Some("API"), RelationKind::ConsumesApi, &["api"]);
const SUBCOMPONENT_OF: Field = one("subcomponentOf", "Component", RelationKind::PartOf, &["component"]);
const DOMAIN: Field = one("domain", "Domain", RelationKind::PartOf, &["domain"]);
const PROFILE: Field =
    field("profile", Shape::Record(&[text("displayName"), text("email"), text("picture")]));

const AI_OWNER: Field = strictly(OWNER_REQUIRED);
const AI_SYSTEM: Field = strictly(SYSTEM);
const AI_DEPENDS_ON: Field =
    strictly(many("dependsOn", Some("AiResource"), RelationKind::DependsOn, &["airesource"]));
const AI_SKILLS: Field =
    required(strictly(many("skills", Some("AiResource"), RelationKind::HasPart, &["airesource"])));
const AI_PLUGINS: Field =
    required(strictly(many("plugins", Some("AiResource"), RelationKind::HasPart, &["airesource"])));

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
        fields: &[
            OWNER_REQUIRED,
            one("subdomainOf", "Domain", RelationKind::PartOf, &["domain"]),
            text("type"),
        ],
    },
    Kind {
        name: "Group",
        versions: CORE,
        fields: &[
            TYPE,
            one("parent", "Group", RelationKind::ChildOf, &["group"]),
            required(many("children", Some("Group"), RelationKind::ParentOf, &["group"])),
            many("members", Some("User"), RelationKind::HasMember, &["user"]),
            PROFILE,
        ],
    },
    Kind {
        name: "User",
        versions: CORE,
        fields: &[required(many("memberOf", Some("Group"), RelationKind::MemberOf, &["group"])), PROFILE],
    },
    Kind {
        name: "Location",
        versions: CORE,
        fields: &[text("type"), text("target"), texts("targets"), field("presence", Shape::Presence)],
    },
    Kind {
        name: "Template",
        versions: SCAFFOLDER,
        fields: &[
            TYPE,
            OWNER,
            text("lifecycle"),
            kinds_template::STEPS,
            kinds_template::PARAMETERS,
            kinds_template::OUTPUT,
            kinds_template::SECRETS,
            kinds_template::PRESENTATION,
            kinds_template::DECORATORS,
            kinds_template::OLD_DECORATORS,
            kinds_template::RECOVERY,
        ],
    },
    Kind { name: "AiResource", versions: CORE_ALPHA, fields: &[TYPE, LIFECYCLE, AI_OWNER, AI_SYSTEM] },
];

/// APIs whose definition is elsewhere: they name servers instead.
const REMOTE_API: &[Field] = &[
    TYPE,
    LIFECYCLE,
    strictly(OWNER_REQUIRED),
    SYSTEM,
    required(field("remotes", Shape::SomeRecords(&[required(text("type")), required(text("url"))]))),
];
const SERVER_API: &[Field] = &[TYPE, LIFECYCLE, OWNER_REQUIRED, SYSTEM];

/// AI resources by their type.
const AI_SKILL: &[Field] = &[
    TYPE,
    LIFECYCLE,
    AI_OWNER,
    AI_SYSTEM,
    AI_DEPENDS_ON,
    texts("disciplines"),
    texts("categories"),
    texts("agents"),
    text("allowedTools"),
    text("license"),
    text("compatibility"),
];
const AI_RULE: &[Field] = &[
    TYPE,
    LIFECYCLE,
    AI_OWNER,
    AI_SYSTEM,
    texts("disciplines"),
    required(text("category")),
    required(text("rationale")),
];
const AI_PLUGIN: &[Field] = &[TYPE, LIFECYCLE, AI_OWNER, AI_SYSTEM, AI_SKILLS, text("version")];
const AI_MARKETPLACE: &[Field] = &[TYPE, LIFECYCLE, AI_OWNER, AI_SYSTEM, AI_PLUGINS, text("version")];

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
        ("AiResource", Some("skill")) => AI_SKILL,
        ("AiResource", Some("rule")) => AI_RULE,
        ("AiResource", Some("plugin")) => AI_PLUGIN,
        ("AiResource", Some("marketplace")) => AI_MARKETPLACE,
        _ => kind.fields,
    }
}

/// Returns the fields that may refer to entities, for any document.
pub fn referring(root: &Node) -> &'static [Field] {
    match known(root) {
        Known::Kind(kind) => fields(kind, root.get("spec")),
        Known::Version { .. } | Known::Nothing(_) => FOREIGN,
    }
}
