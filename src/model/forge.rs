//! Git hosts and the shapes of their URLs, after the tables of
//! Backstage's `@backstage/integration`.

use percent_encoding::{AsciiSet, utf8_percent_encode};

use crate::base::url::PATH;

/// What is escaped in a path that is a value of a query.
const QUERY_PATH: &AsciiSet = &PATH.add(b'&').add(b'+').add(b'=').add(b'\'');
/// What is escaped in a value of a query.
const QUERY: &AsciiSet = &QUERY_PATH.add(b'/').add(b':');

/// The kind of a git host, which decides the shape of its URLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Forge {
    GitHub,
    GitLab,
    BitbucketCloud,
    BitbucketServer,
    AzureDevOps,
    Gitea,
    /// Any other host: only the repository's own page is known.
    Plain,
}

/// A repository at its host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Remote {
    /// The repository's page: `https://github.com/acme/payments`,
    /// without a slash at the end and without user or password.
    pub url: String,
    pub forge: Forge,
}

impl Remote {
    /// Reads a remote from what `git remote` prints or a person writes:
    /// `https://…`, `ssh://git@…`, `git@host:owner/repo.git`. `None`
    /// when it is not the URL of a host.
    pub fn parse(text: &str) -> Option<Remote> {
        let text = text.trim();
        let (scheme, web) = match text.strip_prefix("http://") {
            // A host of an intranet may have no other.
            Some(rest) => ("http", without_user(rest).to_string()),
            None => ("https", host_and_path(text)?),
        };
        let web = web.trim_end_matches('/');
        let web = web.strip_suffix(".git").unwrap_or(web);
        let (host, path) = web.split_once('/')?;
        let host = host.to_ascii_lowercase();
        let path = path.trim_start_matches('/');
        let is_host_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte);
        // An `@` can be the rest of a password that holds a slash.
        let is_odd = |c: char| c.is_control() || c.is_whitespace() || "\"<>?#@\\`".contains(c);
        if host.is_empty() || host.starts_with(['-', '.', ':']) || !host.bytes().all(is_host_byte) {
            return None;
        }
        if path.is_empty()
            || path.contains(is_odd)
            || path.split('/').any(|part| matches!(part, "" | "." | ".."))
        {
            return None;
        }
        let (host, path) = page(&host, path);
        let forge = Forge::of_host(&host, &path);
        Some(Remote { url: format!("{scheme}://{host}/{path}"), forge })
    }

    /// Returns the page of a file.
    pub fn file_url(&self, git_ref: &str, path: &str) -> String {
        self.url_of("blob", git_ref, path)
    }

    /// Returns the page of a folder.
    pub fn folder_url(&self, git_ref: &str, path: &str) -> String {
        if path.is_empty() && git_ref == "HEAD" {
            return self.url.clone();
        }
        self.url_of("tree", git_ref, path)
    }

    /// Returns what the relative addresses of a folder's files are
    /// relative to, in Backstage's form: the folder's page, with a slash
    /// at its end. A host that we do not know has none.
    pub fn base_url(&self, git_ref: &str, path: &str) -> Option<String> {
        let folder = if path.is_empty() { String::new() } else { format!("{path}/") };
        let url = match self.forge {
            Forge::Plain => return None,
            Forge::AzureDevOps => return Some(self.page_of("tree", git_ref, &folder)),
            _ => self.page_of("tree", git_ref, &folder),
        };
        let (page, query) = url.split_once('?').map_or((&*url, None), |(page, query)| (page, Some(query)));
        let page = page.trim_end_matches('/');
        Some(match query {
            Some(query) => format!("{page}/?{query}"),
            None => format!("{page}/"),
        })
    }

    /// Returns the page that edits a file, where the host has one. Only
    /// a branch can be edited; `HEAD` stands for one on some hosts.
    pub fn edit_url(&self, git_ref: &str, path: &str) -> Option<String> {
        if is_commit(git_ref) {
            return None;
        }
        let (url, git_ref, escaped) = (&self.url, escape(git_ref), escape(path));
        match (self.forge, &*git_ref) {
            (Forge::GitHub, _) => Some(format!("{url}/edit/{git_ref}/{escaped}")),
            (Forge::GitLab, _) => Some(format!("{url}/-/edit/{git_ref}/{escaped}")),
            (Forge::BitbucketServer, _) => Some(format!("{url}/browse/{escaped}")),
            (_, "HEAD") | (Forge::Plain, _) => None,
            (Forge::BitbucketCloud, _) => {
                Some(format!("{url}/src/{git_ref}/{escaped}?mode=edit&at={git_ref}"))
            }
            (Forge::Gitea, _) => Some(format!("{url}/_edit/{git_ref}/{escaped}")),
            (Forge::AzureDevOps, _) => Some(self.file_url(&git_ref, path)),
        }
    }

    /// Returns the page of a new issue with title and text filled in,
    /// where the host has one.
    pub fn issue_url(&self, title: &str, body: &str) -> Option<String> {
        let (title, body) = (utf8_percent_encode(title, QUERY), utf8_percent_encode(body, QUERY));
        match self.forge {
            Forge::GitHub | Forge::Gitea => {
                Some(format!("{}/issues/new?title={title}&body={body}", self.url))
            }
            Forge::GitLab => {
                Some(format!("{}/issues/new?issue[title]={title}&issue[description]={body}", self.url))
            }
            _ => None,
        }
    }

    fn url_of(&self, what: &str, git_ref: &str, path: &str) -> String {
        self.page_of(what, git_ref, path).trim_end_matches('/').to_string()
    }

    fn page_of(&self, what: &str, git_ref: &str, path: &str) -> String {
        let is_commit = is_commit(git_ref);
        let (url, escaped_ref) = (&self.url, escape(git_ref));
        let path = match self.forge {
            Forge::AzureDevOps => utf8_percent_encode(path, QUERY_PATH).to_string(),
            _ => escape(path),
        };
        match (self.forge, git_ref) {
            (Forge::GitHub, _) => format!("{url}/{what}/{escaped_ref}/{path}"),
            (Forge::GitLab, _) => format!("{url}/-/{what}/{escaped_ref}/{path}"),
            (Forge::BitbucketCloud, _) => format!("{url}/src/{escaped_ref}/{path}"),
            (Forge::BitbucketServer, "HEAD") => format!("{url}/browse/{path}"),
            (Forge::BitbucketServer, _) => format!("{url}/browse/{path}?at={}", escape_query(git_ref)),
            (Forge::AzureDevOps, "HEAD") => format!("{url}?path=/{path}"),
            (Forge::AzureDevOps, _) => {
                let sort = if is_commit { "GC" } else { "GB" };
                format!("{url}?path=/{path}&version={sort}{}", escape_query(git_ref))
            }
            (Forge::Gitea, _) if is_commit => format!("{url}/src/commit/{escaped_ref}/{path}"),
            (Forge::Gitea, "HEAD") | (Forge::Plain, _) => url.clone(),
            (Forge::Gitea, _) => format!("{url}/src/branch/{escaped_ref}/{path}"),
        }
    }
}

impl Forge {
    /// Tells the kind of a host by its name, and where that says nothing
    /// by the shape of the path.
    pub fn of_host(host: &str, path: &str) -> Forge {
        let has_label = |label: &str| host.split(['.', ':', '-']).any(|part| part == label);
        match host {
            "github.com" => Forge::GitHub,
            "gitlab.com" => Forge::GitLab,
            "bitbucket.org" => Forge::BitbucketCloud,
            "dev.azure.com" => Forge::AzureDevOps,
            "codeberg.org" | "gitea.com" => Forge::Gitea,
            _ if path.starts_with("_git/") || path.contains("/_git/") => Forge::AzureDevOps,
            _ if is_bitbucket_page(path) => Forge::BitbucketServer,
            _ if has_label("github") || has_label("ghe") => Forge::GitHub,
            _ if has_label("gitlab") => Forge::GitLab,
            _ if has_label("gitea") || has_label("forgejo") => Forge::Gitea,
            _ => Forge::Plain,
        }
    }
}

fn is_bitbucket_page(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts[..], ["projects" | "users", _, "repos", _])
}

/// Returns `host/path` of anything but `http://`.
fn host_and_path(text: &str) -> Option<String> {
    if let Some(rest) = text.strip_prefix("https://") {
        return Some(without_user(rest).to_string());
    }
    if let Some(rest) = text.strip_prefix("ssh://").or_else(|| text.strip_prefix("git+ssh://")) {
        let (host, path) = without_user(rest).split_once('/')?;
        // The port is that of ssh, and says nothing about the web.
        return Some(format!("{}/{path}", host.split(':').next()?));
    }
    let (host, path) = without_user(text).split_once(':')?;
    // Without a user, a word without a dot is a scheme, a drive or an
    // alias of somebody's ssh configuration.
    let is_host = text.contains('@') || host.contains('.');
    (is_host && !host.contains('/') && !path.starts_with("//"))
        .then(|| format!("{host}/{}", path.trim_start_matches('/')))
}

/// Turns the address that git uses into that of the page, on the hosts
/// where they differ.
fn page(host: &str, path: &str) -> (String, String) {
    let parts: Vec<&str> = path.split('/').collect();
    let is_bitbucket_server =
        host.split(['.', '-']).any(|part| part == "bitbucket") && host != "bitbucket.org";
    match (host, &parts[..]) {
        ("ssh.dev.azure.com", ["v3", organization, project, name]) => {
            ("dev.azure.com".to_string(), format!("{organization}/{project}/_git/{name}"))
        }
        ("vs-ssh.visualstudio.com", ["v3", organization, project, name]) => {
            (format!("{organization}.visualstudio.com"), format!("{project}/_git/{name}"))
        }
        (_, ["scm", owner, name]) => (host.to_string(), bitbucket_page(owner, name)),
        (_, [owner, name]) if is_bitbucket_server => (host.to_string(), bitbucket_page(owner, name)),
        _ => (host.to_string(), path.to_string()),
    }
}

fn bitbucket_page(owner: &str, name: &str) -> String {
    match owner.strip_prefix('~') {
        Some(user) => format!("users/{user}/repos/{name}"),
        None => format!("projects/{owner}/repos/{name}"),
    }
}

fn is_commit(git_ref: &str) -> bool {
    matches!(git_ref.len(), 40 | 64) && git_ref.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn without_user(rest: &str) -> &str {
    let authority_end = rest.find('/').unwrap_or(rest.len());
    match rest[..authority_end].rfind('@') {
        Some(at) => &rest[at + 1..],
        None => rest,
    }
}

fn escape(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

fn escape_query(value: &str) -> String {
    utf8_percent_encode(value, QUERY).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    #[track_caller]
    fn parses(text: &str, expected: &str) {
        assert_eq!(Remote::parse(text).map(|remote| remote.url).as_deref(), Some(expected), "{text}");
    }

    /// Checks the pages of `docs/a b.md` on a branch, of the folder
    /// `docs` at `HEAD`, of the editor and of a commit.
    #[track_caller]
    fn check(url: &str, forge: Forge, pages: [&str; 4]) {
        let remote = Remote::parse(url).unwrap();
        assert_eq!(remote.forge, forge);
        let found = [
            remote.file_url("feat/x", "docs/a b.md"),
            remote.folder_url("HEAD", "docs"),
            remote.edit_url("main", "docs/a b.md").unwrap_or_default(),
            remote.file_url(COMMIT, "x"),
        ];
        let shown = found.each_ref().map(|found| found.replace(COMMIT, "COMMIT"));
        let relative = shown.each_ref().map(|shown| shown.strip_prefix(&remote.url).unwrap_or(shown));
        assert_eq!(relative, pages);
    }

    #[test]
    fn addresses_of_git_become_pages() {
        for text in [
            "https://github.com/acme/x",
            "https://github.com/acme/x.git",
            "https://GitHub.com/acme/x/",
            "https://user:token@github.com/acme/x.git",
            "https://x-access-token:gh@s_1@github.com/acme/x",
            "git@github.com:acme/x.git",
            "git@github.com:/acme/x.git",
            "github.com:acme/x",
            "ssh://git@github.com/acme/x.git",
            "ssh://git@github.com:22/acme/x.git",
            "git+ssh://git@github.com/acme/x.git",
            " https://github.com/acme/x\n",
        ] {
            parses(text, "https://github.com/acme/x");
        }
        parses("git@gitlab.com:group/sub/team/x.git", "https://gitlab.com/group/sub/team/x");
        parses("http://git.acme.example:3000/a/b.git", "http://git.acme.example:3000/a/b");
        parses("git@githost:team/x.git", "https://githost/team/x");
        parses(
            "git@ssh.dev.azure.com:v3/org/My%20Project/x",
            "https://dev.azure.com/org/My%20Project/_git/x",
        );
        parses("org@vs-ssh.visualstudio.com:v3/org/p/x", "https://org.visualstudio.com/p/_git/x");
        parses("https://org@dev.azure.com/org/p/_git/x", "https://dev.azure.com/org/p/_git/x");
        parses(
            "https://bitbucket.acme.example/scm/PRJ/x.git",
            "https://bitbucket.acme.example/projects/PRJ/repos/x",
        );
        parses(
            "ssh://git@bitbucket.acme.example:7999/~ann/x.git",
            "https://bitbucket.acme.example/users/ann/repos/x",
        );
    }

    #[test]
    fn what_is_no_host_is_no_remote() {
        for text in [
            "",
            "x",
            "/srv/git/x.git",
            "../x",
            "file:///srv/x",
            "C:\\git\\x",
            "C:/git/x",
            "javascript:alert(1)",
            "data:text/html,x",
            "ext::sh -c x",
            "https://",
            "https://github.com",
            "https://github.com/",
            "https:///x",
            "ssh://-oProxyCommand=x/y",
            "https://a b/c",
            "https://github.com/a\"b",
            "https://github.com/a/../b",
            "https://github.com/a?b",
            "https://github.com/a#b",
            "https://u:p@ss/word@github.com/a/b",
            "https://git\u{7}hub.com/a/b",
            "git@host",
            "//github.com/a/b",
            "//evil.example:x/y",
        ] {
            assert_eq!(Remote::parse(text), None, "{text}");
        }
    }

    #[test]
    fn github() {
        check(
            "https://ghe.acme.example/acme/x",
            Forge::GitHub,
            ["/blob/feat/x/docs/a%20b.md", "/tree/HEAD/docs", "/edit/main/docs/a%20b.md", "/blob/COMMIT/x"],
        );
    }

    #[test]
    fn gitlab() {
        check(
            "git@gitlab.acme.example:g/sub/x.git",
            Forge::GitLab,
            [
                "/-/blob/feat/x/docs/a%20b.md",
                "/-/tree/HEAD/docs",
                "/-/edit/main/docs/a%20b.md",
                "/-/blob/COMMIT/x",
            ],
        );
    }

    #[test]
    fn bitbucket() {
        check(
            "git@bitbucket.org:acme/x.git",
            Forge::BitbucketCloud,
            [
                "/src/feat/x/docs/a%20b.md",
                "/src/HEAD/docs",
                "/src/main/docs/a%20b.md?mode=edit&at=main",
                "/src/COMMIT/x",
            ],
        );
        check(
            "https://git.acme.example/scm/prj/x.git",
            Forge::BitbucketServer,
            [
                "/browse/docs/a%20b.md?at=feat%2Fx",
                "/browse/docs",
                "/browse/docs/a%20b.md",
                "/browse/x?at=COMMIT",
            ],
        );
    }

    #[test]
    fn azure() {
        check(
            "https://dev.azure.com/org/p/_git/x",
            Forge::AzureDevOps,
            [
                "?path=/docs/a%20b.md&version=GBfeat%2Fx",
                "?path=/docs",
                "?path=/docs/a%20b.md&version=GBmain",
                "?path=/x&version=GCCOMMIT",
            ],
        );
    }

    #[test]
    fn a_path_cannot_end_the_value_of_a_query() {
        let remote = Remote::parse("https://dev.azure.com/o/p/_git/x").unwrap();
        assert!(remote.file_url("m&n", "a&b+c").ends_with("?path=/a%26b%2Bc&version=GBm%26n"));
    }

    #[test]
    fn gitea() {
        check(
            "https://codeberg.org/acme/x",
            Forge::Gitea,
            ["/src/branch/feat/x/docs/a%20b.md", "", "/_edit/main/docs/a%20b.md", "/src/commit/COMMIT/x"],
        );
    }

    #[test]
    fn any_other_host_has_its_page_alone() {
        check("https://git.acme.example/x", Forge::Plain, ["", "", "", ""]);
    }

    #[test]
    fn a_commit_is_never_edited() {
        for url in ["https://github.com/a/b", "https://gitlab.com/a/b", "https://codeberg.org/a/b"] {
            assert_eq!(Remote::parse(url).unwrap().edit_url(COMMIT, "x"), None);
        }
    }

    #[test]
    fn issues_carry_title_and_text() {
        let issue = |url: &str| Remote::parse(url).unwrap().issue_url("a & b", "c\nd").unwrap_or_default();
        assert_eq!(
            issue("https://github.com/a/b"),
            "https://github.com/a/b/issues/new?title=a%20%26%20b&body=c%0Ad"
        );
        assert_eq!(
            issue("https://gitlab.com/a/b"),
            "https://gitlab.com/a/b/issues/new?issue[title]=a%20%26%20b&issue[description]=c%0Ad"
        );
        assert_eq!(issue("https://bitbucket.org/a/b"), "");
    }
}
