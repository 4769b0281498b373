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

/// Returns what an icon of a kind is drawn with, in a square of 24.
pub fn icon_path(icon: &str) -> &'static str {
    match icon {
        "component" => "m12 3 8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
        "api" => "m8 7-5 5 5 5M16 7l5 5-5 5M14 4l-4 16",
        "resource" => {
            "M4 6a8 3 0 0 0 16 0a8 3 0 0 0-16 0v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3"
        }
        "system" => "M3 3h7v7H3zM14 3h7v7h-7zM3 14h7v7H3zM14 14h7v7h-7z",
        "domain" => "M5 21V3h10v18M15 9h4v12M3 21h18M9 7h2M9 11h2M9 15h2",
        "group" => {
            "M5.5 8a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0M2.5 20a6.5 6.5 0 0 1 13 0M16 4.8a3.5 3.5 0 0 1 0 6.4M18.5 14.5a6.5 6.5 0 0 1 3 5.5"
        }
        "user" => "M8 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0M4.5 21a7.5 7.5 0 0 1 15 0",
        "template" => "M3 4h18v16H3zM3 9h18M9 9v11",
        "location" => {
            "M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21zM9.5 9.5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0"
        }
        "ai" => "m12 4 1.9 5.1L19 11l-5.1 1.9L12 18l-1.9-5.1L5 11l5.1-1.9zM19 16v4M17 18h4",
        _ => "M4 4h16v16H4z",
    }
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
