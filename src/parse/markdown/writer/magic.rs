//! Magic links: shorthands for what lies at the host of a repository,
//! `#12`, `!12`, `@user`, `user/repo#12`, commits, and the other way
//! round, addresses of such things that are shown as shorthands.
//!
//! A name may be of 100 characters, so all looking back and ahead is
//! bounded.

use crate::model::extensions::{MagicHost, MagicKind, MagicLinks};

/// The longest name of a repository.
const MAX_NAME: usize = 100;

/// How long a whole hash is.
const HASH: usize = 40;

/// A link: what it shows, where it leads, what its title says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) text: String,
    pub(super) target: String,
    pub(super) title: String,
}

/// Something at a host.
#[derive(Debug, Clone, Copy)]
enum Thing<'t> {
    Issue(&'t str),
    Pull(&'t str),
    Discussion(&'t str),
    Commit(&'t str),
    Compare(&'t str, &'t str),
    Repository,
    User,
}

/// Reads a shorthand whose sign, one of `@#!?`, stands at `text[at..]`;
/// returns where it begins and how long it is.
pub(super) fn shorthand(magic: &MagicLinks, text: &str, at: usize) -> Option<(usize, usize, Found)> {
    let after = &text[at + 1..];
    let sign = text.as_bytes()[at];
    if sign == b'@' {
        let of_repository = magic.reads_references.then(|| commit_of(magic, text, at)).flatten();
        return of_repository
            .or_else(|| mention(magic, after).map(|(length, found)| (at, 1 + length, found)));
    }
    let n_digits = after.bytes().take(10).take_while(u8::is_ascii_digit).count();
    let is_number = (1..10).contains(&n_digits) && !after.starts_with('0') && ends_word(&after[n_digits..]);
    if !is_number || !magic.reads_references {
        return None;
    }
    let (host, user, repo, n_before) = project(magic, &text[..at])?;
    let number = &after[..n_digits];
    let thing = match sign {
        b'#' => Thing::Issue(number),
        b'!' => Thing::Pull(number),
        _ if magic.hosts[host].kind == MagicKind::GitHub => Thing::Discussion(number),
        _ => return None,
    };
    Some((at - n_before, n_before + 1 + n_digits, link(magic, host, user, repo, thing)))
}

/// Reads the hash of a commit, or two of them, at the start of a text;
/// returns how long it is.
pub(super) fn commit(magic: &MagicLinks, text: &str) -> Option<(usize, Found)> {
    let (thing, length) = hashes(text)?;
    let (user, repo) = (magic.user.as_deref()?, magic.repo.as_deref()?);
    let is_git = magic.reads_references && magic.hosts[magic.host].kind != MagicKind::Social;
    is_git.then(|| (length, link(magic, magic.host, user, repo, thing)))
}

/// Returns what an address is shown as, if it is that of something at a
/// known host.
fn shortened(magic: &MagicLinks, url: &str) -> Option<Found> {
    let rest_of = |host: &MagicHost| {
        let rest = strip_prefix(url, &host.url).or_else(|| {
            let (scheme, name) = host.url.split_once("://")?;
            strip_prefix(url, &format!("{scheme}://www.{name}"))
        })?;
        rest.strip_prefix('/')
    };
    let (host, rest) = magic.hosts.iter().enumerate().find_map(|(idx, host)| Some((idx, rest_of(host)?)))?;
    let known = &magic.hosts[host];
    let is_on = if known.kind == MagicKind::Social { magic.shortens_people } else { magic.shortens };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let parts: Vec<&str> = rest.splitn(8, '/').collect();
    let is_excluded = known.excluded.iter().any(|name| name.eq_ignore_ascii_case(parts[0]));
    if !is_on || is_excluded || !is_user(known.kind, parts[0]) {
        return None;
    }
    let (repo, thing) = match (&parts[1..], known.kind) {
        ([], _) => ("", Thing::User),
        (_, MagicKind::Social) => return None,
        ([repo], _) => (*repo, Thing::Repository),
        ([repo, inner @ ..], kind) => (*repo, thing_at(kind, inner)?),
    };
    // What is one's own is known where both names are.
    let is_own = magic.user.is_some() && magic.repo.is_some();
    let found = link_of(magic, host, parts[0], repo, thing, is_own);
    (!matches!(thing, Thing::Repository) || !repo.is_empty())
        .then(|| Found { target: url.to_string(), ..found })
}

/// Returns what a bare address is shown as, if that is not all of it.
pub(super) fn short(magic: &MagicLinks, url: &str) -> Option<Found> {
    let whole = |text: &str| Found { text: text.to_string(), target: url.to_string(), title: String::new() };
    let without_scheme = || url.split_once("://").filter(|_| magic.hides_scheme).map(|(_, rest)| whole(rest));
    shortened(magic, url).or_else(without_scheme)
}

/// Reads what follows the name of a repository in an address.
fn thing_at<'t>(kind: MagicKind, parts: &[&'t str]) -> Option<Thing<'t>> {
    let is_number =
        |text: &str| (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_hash = |text: &str| (7..=HASH).contains(&text.len()) && text.bytes().all(is_hex);
    let compare = |text: &'t str, dots: &str| {
        let (first, last) = text.split_once(dots)?;
        (is_hash(first) && is_hash(last)).then_some(Thing::Compare(first, last))
    };
    match (kind, parts) {
        (MagicKind::GitHub | MagicKind::GitLab, ["issues", n]) if is_number(n) => Some(Thing::Issue(n)),
        (MagicKind::GitHub, ["pull", n]) if is_number(n) => Some(Thing::Pull(n)),
        (MagicKind::GitHub, ["discussions", n]) if is_number(n) => Some(Thing::Discussion(n)),
        (MagicKind::GitHub | MagicKind::GitLab, ["commit", hash]) if is_hash(hash) => {
            Some(Thing::Commit(hash))
        }
        (MagicKind::GitHub | MagicKind::GitLab, ["compare", both]) => compare(both, "..."),
        (MagicKind::GitLab, ["merge_requests", n]) if is_number(n) => Some(Thing::Pull(n)),
        (MagicKind::GitLab, ["-", inner @ ..]) if inner.first() != Some(&"-") => thing_at(kind, inner),
        (MagicKind::Bitbucket, ["issues", n] | ["issues", n, _]) if is_number(n) => Some(Thing::Issue(n)),
        (
            MagicKind::Bitbucket,
            ["pull-requests", n] | ["pull-requests", n, _] | ["pull-requests", n, _, "diff"],
        ) if is_number(n) => Some(Thing::Pull(n)),
        (MagicKind::Bitbucket, ["commits", "commit", hash]) if is_hash(hash) => Some(Thing::Commit(hash)),
        (MagicKind::Bitbucket, ["branches", "commits", both]) => {
            let both = both.strip_suffix("#diff")?;
            compare(both, "..").or_else(|| compare(both, "%0d"))
        }
        _ => None,
    }
}

/// Reads `@user`, `@host:user` and `@user/repo` behind the sign.
fn mention(magic: &MagicLinks, after: &str) -> Option<(usize, Found)> {
    let named = magic.hosts.iter().enumerate().find_map(|(idx, host)| {
        let rest = after.strip_prefix(&*host.name)?.strip_prefix(':')?;
        let is_on = if host.kind == MagicKind::Social { magic.reads_people } else { magic.reads_references };
        is_on.then_some((idx, rest))
    });
    let (host, rest) = named.unwrap_or((magic.host, after));
    let kind = magic.hosts[host].kind;
    let user = user(kind, rest)?;
    let n_before = after.len() - rest.len() + user.len();
    if magic.reads_references
        && kind != MagicKind::Social
        && let Some(repo) = rest[user.len()..].strip_prefix('/').and_then(repository)
    {
        return Some((n_before + 1 + repo.len(), link(magic, host, user, repo, Thing::Repository)));
    }
    Some((n_before, link(magic, host, user, "", Thing::User)))
}

/// Reads `repo@hash` and `user/repo@hash` around a sign.
fn commit_of(magic: &MagicLinks, text: &str, at: usize) -> Option<(usize, usize, Found)> {
    let (thing, length) = hashes(&text[at + 1..])?;
    let (host, user, repo, n_before) = project(magic, &text[..at]).filter(|(.., n_before)| *n_before > 0)?;
    Some((at - n_before, n_before + 1 + length, link(magic, host, user, repo, thing)))
}

/// Reads which repository is meant at the end of a text: host, user,
/// repository, and how long that was.
fn project<'t>(magic: &'t MagicLinks, before: &'t str) -> Option<(usize, &'t str, &'t str, usize)> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./:".contains(byte);
    let n_before = before.bytes().rev().take(2 * MAX_NAME + 50).take_while(|byte| is_part(byte)).count();
    let written = &before[before.len() - n_before..];
    let own_user = || magic.user.as_deref();
    let is_git = |host: usize| magic.hosts[host].kind != MagicKind::Social;
    if !written.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        return is_git(magic.host).then_some((magic.host, own_user()?, magic.repo.as_deref()?, 0));
    }
    if before[..before.len() - n_before].ends_with('@') {
        return None;
    }
    let Some((user, repo)) = written.split_once('/') else {
        return (is_git(magic.host) && !written.contains(':'))
            .then_some((magic.host, own_user()?, written, n_before))
            .filter(|(_, _, repo, _)| repo.len() <= MAX_NAME);
    };
    let (host, user) = match user.split_once(':') {
        Some((name, user)) => (magic.hosts.iter().position(|host| &*host.name == name)?, user),
        None => (magic.host, user),
    };
    let is_repo = (1..=MAX_NAME).contains(&repo.len()) && !repo.contains(['/', ':']);
    (is_git(host) && is_repo && is_user(magic.hosts[host].kind, user)).then_some((host, user, repo, n_before))
}

/// Reads a hash, or two with dots between them.
fn hashes(text: &str) -> Option<(Thing<'_>, usize)> {
    let hash = |text: &str| text.bytes().take(HASH).take_while(|byte| is_hex(*byte)).count() == HASH;
    if !hash(text) {
        return None;
    }
    let (first, rest) = text.split_at(HASH);
    if let Some(last) = rest.strip_prefix("...").filter(|rest| hash(rest) && ends_word(&rest[HASH..])) {
        return Some((Thing::Compare(first, &last[..HASH]), 2 * HASH + 3));
    }
    ends_word(rest).then_some((Thing::Commit(first), HASH))
}

/// Returns the link to something.
fn link(magic: &MagicLinks, host: usize, user: &str, repo: &str, thing: Thing) -> Found {
    link_of(magic, host, user, repo, thing, true)
}

fn link_of(magic: &MagicLinks, host: usize, user: &str, repo: &str, thing: Thing, may_be_own: bool) -> Found {
    let known = &magic.hosts[host];
    let is_own_user = may_be_own && host == magic.host && magic.user.as_deref() == Some(user);
    let is_own_repo = is_own_user && magic.repo.as_deref() == Some(repo);
    let project = match (is_own_user, is_own_repo) {
        (_, true) => String::new(),
        (true, _) => repo.to_string(),
        _ => format!("{user}/{repo}"),
    };
    let short = |hash: &str| {
        let length = if known.kind == MagicKind::GitLab { 8 } else { 7 };
        hash.get(..length).unwrap_or(hash).to_string()
    };
    let of_project = |what: &str| if is_own_repo { what.to_string() } else { format!("{project}@{what}") };
    let sign = |sign: char| if magic.is_normal { '#' } else { sign };
    let (text, key, name, said) = match thing {
        Thing::Issue(n) => (format!("{project}#{n}"), "issue", "Issue", format!("{user}/{repo} #{n}")),
        Thing::Pull(n) => {
            (format!("{project}{}{n}", sign('!')), "pull", "Pull Request", format!("{user}/{repo} #{n}"))
        }
        Thing::Discussion(n) => {
            (format!("{project}{}{n}", sign('?')), "discuss", "Discussion", format!("{user}/{repo} #{n}"))
        }
        Thing::Commit(hash) => {
            (of_project(&short(hash)), "commit", "Commit", format!("{user}/{repo}@{}", short(hash)))
        }
        Thing::Compare(first, last) => {
            let both = format!("{}...{}", short(first), short(last));
            (of_project(&both), "compare", "Compare", format!("{user}/{repo}@{both}"))
        }
        Thing::Repository => (format!("{user}/{repo}"), "repository", "Repository", format!("{user}/{repo}")),
        Thing::User => (format!("@{user}"), "mention", "User", user.to_string()),
    };
    let named = magic.labels.iter().find(|(known, _)| &**known == key).map_or(name, |(_, label)| label);
    let title = format!("{} {named}: {said}", known.label);
    Found { text, target: target(known, user, repo, thing), title }
}

fn target(host: &MagicHost, user: &str, repo: &str, thing: Thing) -> String {
    let inner = match (host.kind, thing) {
        (_, Thing::User) => return format!("{}/{user}", host.url),
        (_, Thing::Repository) => return format!("{}/{user}/{repo}", host.url),
        (MagicKind::GitLab, Thing::Issue(n)) => format!("-/issues/{n}"),
        (MagicKind::GitLab, Thing::Pull(n)) => format!("-/merge_requests/{n}"),
        (MagicKind::GitLab, Thing::Commit(hash)) => format!("-/commit/{hash}"),
        (MagicKind::GitLab, Thing::Compare(first, last)) => format!("-/compare/{first}...{last}"),
        (MagicKind::Bitbucket, Thing::Pull(n)) => format!("pull-requests/{n}"),
        (MagicKind::Bitbucket, Thing::Commit(hash)) => format!("commits/commit/{hash}"),
        (MagicKind::Bitbucket, Thing::Compare(first, last)) => {
            format!("branches/commits/{first}..{last}#diff")
        }
        (_, Thing::Issue(n)) => format!("issues/{n}"),
        (_, Thing::Pull(n)) => format!("pull/{n}"),
        (_, Thing::Discussion(n)) => format!("discussions/{n}"),
        (_, Thing::Commit(hash)) => format!("commit/{hash}"),
        (_, Thing::Compare(first, last)) => format!("compare/{first}...{last}"),
    };
    format!("{}/{user}/{repo}/{inner}", host.url)
}

/// Returns the name of a user that a text begins with.
fn user(kind: MagicKind, text: &str) -> Option<&str> {
    let is_part = |byte: &u8| match kind {
        MagicKind::GitLab => byte.is_ascii_alphanumeric() || b"-_.".contains(byte),
        MagicKind::Social => byte.is_ascii_alphanumeric() || *byte == b'_',
        _ => byte.is_ascii_alphanumeric() || b"-_".contains(byte),
    };
    let length = text.as_bytes().iter().take(MAX_NAME).take_while(|byte| is_part(byte)).count();
    let name = text[..length].trim_end_matches(['-', '.']);
    (is_user(kind, name) && ends_word(&text[name.len()..])).then_some(name)
}

fn is_user(kind: MagicKind, name: &str) -> bool {
    let has_only =
        |others: &[u8]| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || others.contains(&byte));
    let is_long = name.len() > if kind == MagicKind::Social { 15 } else { 39 };
    let is_plain = |c: char| c.is_ascii_alphanumeric();
    !name.is_empty()
        && !is_long
        && match kind {
            MagicKind::GitHub => has_only(b"-_") && name.starts_with(is_plain) && name.ends_with(is_plain),
            MagicKind::GitLab => has_only(b"-_.") && !name.starts_with('-') && !name.ends_with('.'),
            MagicKind::Bitbucket => has_only(b"-_"),
            MagicKind::Social => has_only(b"_"),
        }
}

/// Returns the name of a repository that a text begins with.
fn repository(text: &str) -> Option<&str> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let length = text.as_bytes().iter().take(MAX_NAME).take_while(|byte| is_part(byte)).count();
    let name = text[..length].trim_end_matches(['-', '_', '.']);
    (!name.is_empty() && ends_word(&text[name.len()..])).then_some(name)
}

fn ends_word(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

fn is_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn strip_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let start = text.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::file::FileId;
    use crate::parse::yaml;

    const HASH_A: &str = "0123456789abcdef0123456789abcdef01234567";

    fn magic(settings: &str) -> Box<MagicLinks> {
        let all = "user: acme, repo: pay, repo_url_shorthand: true, repo_url_shortener: true";
        let text = format!("pymdownx.magiclink: {{{all}{settings}}}");
        let documents = yaml::documents(FileId(0), &text, &mut Vec::new());
        crate::parse::extensions::extensions(&documents[0].root).magic.expect("it is on")
    }

    #[track_caller]
    fn check(settings: &str, text: &str, expected: Option<(&str, &str, &str)>) {
        let magic = magic(settings);
        let at = text.find(['#', '!', '@', '?']).expect("a sign");
        let found = shorthand(&magic, text, at);
        let found = found.as_ref().map(|(start, length, found)| {
            (&text[*start..start + length], found.text.as_str(), found.target.as_str())
        });
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn shorthands_are_read() {
        check("", "see #12.", Some(("#12", "#12", "https://github.com/acme/pay/issues/12")));
        check("", "!7", Some(("!7", "!7", "https://github.com/acme/pay/pull/7")));
        check("", "?7", Some(("?7", "?7", "https://github.com/acme/pay/discussions/7")));
        check("", "x b/c#1", Some(("b/c#1", "b/c#1", "https://github.com/b/c/issues/1")));
        check("", "shop#1", Some(("shop#1", "shop#1", "https://github.com/acme/shop/issues/1")));
        check("", "by @jo-do,", Some(("@jo-do", "@jo-do", "https://github.com/jo-do")));
        check("", "@jo/x.", Some(("@jo/x", "jo/x", "https://github.com/jo/x")));
        check(
            "",
            "gitlab:a/b!3",
            Some(("gitlab:a/b!3", "a/b!3", "https://gitlab.com/a/b/-/merge_requests/3")),
        );
        for text in ["#12a", "# 1", "wow!", "#0", "a/b/c#1", "@", "@-", "@a_", "x:y#1"] {
            check("", text, None);
        }
    }

    #[test]
    fn hosts_are_named_or_set() {
        let settings =
            ", provider: own, custom: {own: {type: gitlab, label: Ours, host: 'https://git.acme.example/'}}";
        check(settings, "!7", Some(("!7", "!7", "https://git.acme.example/acme/pay/-/merge_requests/7")));
        check(settings, "?7", None);
        check(settings, "@github:jo", Some(("@github:jo", "@jo", "https://github.com/jo")));
        check(settings, "@x:jo", Some(("@x", "@x", "https://git.acme.example/x")));
        check(", social_url_shorthand: true", "@x:jo", Some(("@x:jo", "@jo", "https://x.com/jo")));
    }

    #[test]
    fn commits_are_read() {
        let (own, magic) = (format!("{HASH_A}, that is it"), magic(""));
        let (length, found) = commit(&magic, &own).expect("a commit");
        assert_eq!((length, found.text.as_str()), (HASH, "0123456"));
        assert_eq!(commit(&magic, &format!("{HASH_A}0")), None);
        let (length, found) = commit(&magic, &format!("{HASH_A}...{HASH_A}")).expect("a comparison");
        assert_eq!((length, found.text.as_str()), (83, "0123456...0123456"));
        let other = format!("b/c@{HASH_A}");
        check("", &other, Some((&other, "b/c@0123456", &format!("https://github.com/b/c/commit/{HASH_A}"))));
    }

    #[track_caller]
    fn check_short(settings: &str, url: &str, expected: Option<(&str, &str)>) {
        let found = shortened(&magic(settings), url);
        assert_eq!(found.as_ref().map(|found| (&*found.text, &*found.title)), expected, "{url}");
    }

    #[test]
    fn addresses_are_shortened() {
        check_short("", "https://github.com/acme/pay/issues/12", Some(("#12", "GitHub Issue: acme/pay #12")));
        check_short(
            "",
            "https://GitHub.com/acme/shop/pull/1/",
            Some(("shop!1", "GitHub Pull Request: acme/shop #1")),
        );
        check_short("", "https://www.github.com/b/c", Some(("b/c", "GitHub Repository: b/c")));
        check_short("", "https://github.com/b", Some(("@b", "GitHub User: b")));
        check_short("", "https://gitlab.com/b/c/-/issues/2", Some(("b/c#2", "GitLab Issue: b/c #2")));
        check_short(
            "",
            &format!("https://bitbucket.org/b/c/commits/commit/{HASH_A}"),
            Some(("b/c@0123456", "Bitbucket Commit: b/c@0123456")),
        );
        check_short(
            ", normalize_issue_symbols: yes",
            "https://github.com/b/c/pull/1",
            Some(("b/c#1", "GitHub Pull Request: b/c #1")),
        );
        check_short(
            ", labels: {issue: Fall}",
            "https://github.com/b/c/issues/1",
            Some(("b/c#1", "GitHub Fall: b/c #1")),
        );
        for url in [
            "https://github.com/issues/x",
            "https://github.com/b/c/tree/main",
            "https://github.com/b/c/issues/x",
            "https://x.com/b",
            "https://github.com",
            "https://github.com/",
            "https://github.company/b",
        ] {
            check_short("", url, None);
        }
        check_short(", social_url_shortener: true", "https://x.com/b", Some(("@b", "X User: b")));
    }
}
