//! Diagnostics of links to other hosts, which `check --external` asks.

use crate::model::diagnostic::{Code, Diagnostic, Severity, Span};

/// All codes of this file.
pub const ALL: &[&Code] = &[&EXTERNAL_LINK_BROKEN, &EXTERNAL_LINK_UNCERTAIN];

/// A link to another host that leads to nothing.
pub static EXTERNAL_LINK_BROKEN: Code = Code {
    id: "external-link-broken",
    severity: Severity::Warning,
    summary: "a link to another host leads to nothing",
    explanation: "`callboard check --external` asked the host, which says that there is nothing (404 or 410), or \
        there is no such host. The page has moved, or has gone. Without `--external` no host is ever asked.",
};

/// The link to `url`, which is there `n_times`, leads to nothing.
pub fn external_link_broken(span: Span, url: &str, reason: &str, n_times: usize) -> Diagnostic {
    let more = if n_times > 1 { format!(", and {} more links to it", n_times - 1) } else { String::new() };
    Diagnostic::new(
        &EXTERNAL_LINK_BROKEN,
        Some(span),
        format!("link to `{url}`, which leads to nothing: {reason}{more}"),
    )
    .with_help("find where it has moved to, or remove the link")
}

/// Links to other hosts of which nothing certain is known.
pub static EXTERNAL_LINK_UNCERTAIN: Code = Code {
    id: "external-link-uncertain",
    severity: Severity::Info,
    summary: "it cannot be told whether some links to a host work",
    explanation: "`callboard check --external` asked the host, which wants a login, is too busy, does not answer, \
        or belongs to a private network. Such links are not called broken. Hosts of private networks are asked only \
        if `--allow-host` names them, since a page must not make a build knock on doors behind a firewall; a host \
        is asked for at most 100 addresses a run.",
};

/// Of `n_links` to a host, `url` first, nothing is known.
pub fn external_link_uncertain(span: Span, url: &str, reason: &str, n_links: usize) -> Diagnostic {
    let more = if n_links > 1 { format!(", and {} more of that host", n_links - 1) } else { String::new() };
    Diagnostic::new(
        &EXTERNAL_LINK_UNCERTAIN,
        Some(span),
        format!("nothing certain is known of the link to `{url}`{more}: {reason}"),
    )
    .with_help("open it in a browser; for a host of your own network, add `--allow-host`")
}
