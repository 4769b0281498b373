//! Links of an entity: those of `metadata.links`, and those that are
//! made of annotations by a table, `[catalog.link]` and our own.

use percent_encoding::utf8_percent_encode;

use crate::base::url::{PATH, safe_url};
use crate::model::entity::{Annotation, Entity};
use crate::render::kinds;
use crate::render::place::Place;
use crate::render::view::OutLink;

/// So many links are listed.
const MAX_LINKS: usize = 60;

/// A link of an annotation.
struct Shape<'s> {
    key: &'s str,
    title: &'s str,
    icon: &'s str,
    /// `{value}` is the annotation's value, `{1}` and `{2}` its parts
    /// between slashes.
    url: &'s str,
}

/// Annotations whose pages have one address for everybody. The rest
/// depends on an own host, which only the configuration knows.
const KNOWN: &[Shape] = &[
    Shape {
        key: "github.com/project-slug",
        title: "GitHub",
        icon: "github",
        url: "https://github.com/{value}",
    },
    Shape {
        key: "github.com/team-slug",
        title: "GitHub team",
        icon: "github",
        url: "https://github.com/orgs/{1}/teams/{2}",
    },
    Shape {
        key: "github.com/user-login",
        title: "GitHub",
        icon: "github",
        url: "https://github.com/{value}",
    },
    Shape {
        key: "gitlab.com/project-slug",
        title: "GitLab",
        icon: "gitlab",
        url: "https://gitlab.com/{value}",
    },
    Shape {
        key: "bitbucket.org/project-slug",
        title: "Bitbucket",
        icon: "bitbucket",
        url: "https://bitbucket.org/{value}",
    },
    Shape {
        key: "circleci.com/project-slug",
        title: "CircleCI",
        icon: "dashboard",
        url: "https://app.circleci.com/pipelines/{value}",
    },
    Shape {
        key: "buildkite.com/project-slug",
        title: "Buildkite",
        icon: "dashboard",
        url: "https://buildkite.com/{value}",
    },
    Shape {
        key: "rollbar.com/project-slug",
        title: "Rollbar",
        icon: "warning",
        url: "https://rollbar.com/{value}",
    },
    Shape { key: "lighthouse.com/website-url", title: "Website", icon: "web", url: "{value}" },
];

/// Returns the links of an entity, its own first.
pub fn links(place: Place, entity: &Entity) -> Vec<OutLink> {
    let own = entity.metadata.links.iter().take(MAX_LINKS).map(|link| OutLink {
        title: link.title.as_deref().filter(|title| !title.is_empty()).unwrap_or(&link.url).to_string(),
        url: link.url.to_string(),
        icon: kinds::link_icon(link.icon.as_deref()),
        link_type: link.link_type.as_deref().map(str::to_string),
        annotation: None,
    });
    let mut links: Vec<OutLink> = own.collect();
    for annotation in entity.metadata.annotations.iter().take(MAX_LINKS) {
        let Some(link) = annotated(place, annotation) else { continue };
        if !links.iter().any(|other| other.url.trim_end_matches('/') == link.url.trim_end_matches('/')) {
            links.push(link);
        }
    }
    links
}

/// Returns the link of an annotation. What the configuration says of it
/// comes first; an empty URL there means none.
fn annotated(place: Place, annotation: &Annotation) -> Option<OutLink> {
    let configured = place.site.config.catalog.links.iter().find(|link| *link.annotation == *annotation.key);
    let shape = match configured {
        Some(link) => Shape {
            key: &link.annotation,
            title: &link.title,
            icon: link.icon.as_deref().unwrap_or(""),
            url: &link.url,
        },
        None => KNOWN.iter().find(|shape| shape.key == &*annotation.key).map(|shape| Shape { ..*shape })?,
    };
    let url = filled(shape.url, annotation.value.trim())?;
    Some(OutLink {
        title: shape.title.to_string(),
        url,
        icon: kinds::link_icon(Some(shape.icon)),
        link_type: None,
        annotation: Some(annotation.key.to_string()),
    })
}

/// Returns the URL of a value, if it is a safe one of the web.
fn filled(url: &str, value: &str) -> Option<String> {
    if value.trim().is_empty() || url.is_empty() || value.split('/').any(|part| part == "..") {
        return None;
    }
    if url == "{value}" {
        return crate::render::provenance::web_url(value);
    }
    let encoded = |text: &str| utf8_percent_encode(text, PATH).to_string();
    let mut filled = url.replace("{value}", &encoded(value));
    for (idx, part) in value.split('/').take(9).enumerate() {
        filled = filled.replace(&format!("{{{}}}", idx + 1), &encoded(part));
    }
    // Values of an unexpected form leave a part open.
    let is_whole = !(1..=9).any(|number| filled.contains(&format!("{{{number}}}")));
    let filled = safe_url(&filled).filter(|_| is_whole)?.into_owned();
    crate::render::provenance::web_url(&filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, value: &str, expected: Option<&str>) {
        assert_eq!(filled(url, value).as_deref(), expected);
    }

    #[test]
    fn values_are_put_into_urls() {
        check("https://github.com/{value}", "acme/pay", Some("https://github.com/acme/pay"));
        check("https://g.example/{2}/x?o={1}", "a/b", Some("https://g.example/b/x?o=a"));
        check("https://g.example/d?var={value}", "a b&c\"", Some("https://g.example/d?var=a%20b&c%22"));
        check("{value}", "https://x.example/", Some("https://x.example/"));
    }

    #[test]
    fn values_lead_nowhere_else() {
        check("{value}", "javascript:alert(1)", None);
        check("https://github.com/{value}", "../../x", None);
        check("https://github.com/orgs/{1}/teams/{2}", "alone", None);
        check("", "x", None);
        check("https://github.com/{value}", " ", None);
    }
}
