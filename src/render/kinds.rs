//! What pages call the kinds of entities: order, plural, icon.

/// The kinds that Backstage knows, in the order of menus, with their
/// plural and the name of their icon.
const KNOWN: &[(&str, &str, &str)] = &[
    ("component", "Components", "component"),
    ("api", "APIs", "api"),
    ("resource", "Resources", "resource"),
    ("system", "Systems", "system"),
    ("domain", "Domains", "domain"),
    ("group", "Groups", "group"),
    ("user", "Users", "user"),
    ("template", "Templates", "template"),
    ("location", "Locations", "location"),
    ("airesource", "AI resources", "ai"),
];

/// Returns the place of a kind in menus; kinds that we do not know come
/// last, by name.
pub fn order(kind: &str) -> (usize, &str) {
    (KNOWN.iter().position(|(known, ..)| *known == kind).unwrap_or(KNOWN.len()), kind)
}

/// Returns the plural of a kind; `written` is how an entity spells it.
pub fn plural(kind: &str, written: &str) -> String {
    if let Some((_, plural, _)) = KNOWN.iter().find(|(known, ..)| *known == kind) {
        return (*plural).to_string();
    }
    match written.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if written.ends_with(['s', 'x']) => format!("{written}es"),
        _ => format!("{written}s"),
    }
}

/// Returns the name of a kind's icon.
pub fn icon(kind: &str) -> &'static str {
    KNOWN.iter().find(|(known, ..)| *known == kind).map_or("other", |(_, _, icon)| icon)
}

/// Returns the icon of an entry of `metadata.links`: Backstage's system
/// icons, and the names that real descriptors use beside them.
pub fn link_icon(name: Option<&str>) -> &'static str {
    let Some(name) = name else { return "link" };
    let name = name.to_lowercase();
    let name = name.strip_prefix("kind:").unwrap_or(&name);
    match name {
        "github" | "gitlab" | "git" | "bitbucket" | "code" | "source" | "repo" | "repository" => "code",
        "dashboard" | "grafana" | "chart" | "monitoring" | "datadog" | "metrics" | "kibana" => "dashboard",
        "docs" | "techdocs" | "doc" | "book" | "documentation" | "article" | "confluence" => "docs",
        "chat" | "slack" | "teams" | "discord" | "message" => "chat",
        "email" | "mail" => "email",
        "help" | "support" | "question" => "help",
        "alert" | "warning" | "pagerduty" | "opsgenie" | "oncall" => "warning",
        "cloud" | "aws" | "gcp" | "azure" => "cloud",
        "search" => "search",
        "star" => "star",
        "catalog" | "home" => "catalog",
        "scaffolder" => "template",
        _ => match KNOWN.iter().find(|(known, ..)| *known == name) {
            Some((_, _, icon)) => icon,
            None => "link",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_plural(written: &str, expected: &str) {
        assert_eq!(plural(&written.to_lowercase(), written), expected);
    }

    #[test]
    fn plurals() {
        check_plural("API", "APIs");
        check_plural("Component", "Components");
        check_plural("AiResource", "AI resources");
        check_plural("Policy", "Policies");
        check_plural("Survey", "Surveys");
        check_plural("Process", "Processes");
        check_plural("Widget", "Widgets");
    }

    #[test]
    fn icons_of_links() {
        assert_eq!(link_icon(Some("GitHub")), "code");
        assert_eq!(link_icon(Some("kind:api")), "api");
        assert_eq!(link_icon(Some("unheard-of")), "link");
        assert_eq!(link_icon(None), "link");
    }
}
