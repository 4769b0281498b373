//! Git hosts and the shapes of their URLs, after the tables of
//! Backstage's `@backstage/integration`.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What is escaped in a path of a URL.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'^')
    .add(b'|');
/// What is escaped in a value of a query.
const QUERY: &AsciiSet = &PATH.add(b'&').add(b'+').add(b'=').add(b'/').add(b':').add(b'\'');

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
        let web = if let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) {
            without_user(rest).to_string()
        } else if let Some(rest) = text.strip_prefix("ssh://").or_else(|| text.strip_prefix("git+ssh://")) {
            let (host, path) = without_user(rest).split_once('/')?;
            let host = host.split(':').next()?;
            format!("{host}/{path}")
        } else {
            let (host, path) = without_user(text).split_once(':')?;
            // A word without a dot is a scheme, a drive or an alias of
            // somebody's ssh configuration, and no host.
            if host.contains('/')
                || path.starts_with(['\\', '/']) && !text.contains('@')
                || !host.contains('.')
            {
                return None;
            }
            format!("{host}/{}", path.trim_start_matches('/'))
        };
        let web = web.trim_end_matches('/');
        let web = web.strip_suffix(".git").unwrap_or(web);
        let (host, path) = web.split_once('/')?;
        let odd = |byte: u8| !(byte.is_ascii_alphanumeric() || b"-._:".contains(&byte));
        if host.is_empty()
            || path.is_empty()
            || host.bytes().any(odd)
            || path.bytes().any(|b| b.is_ascii_control() || b == b' ')
        {
            return None;
        }
        let host = host.to_ascii_lowercase();
        Some(Remote { url: format!("https://{host}/{path}"), forge: Forge::of_host(&host, path) })
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

    /// Returns the page that edits a file, where the host has one.
    pub fn edit_url(&self, git_ref: &str, path: &str) -> Option<String> {
        let (escaped_ref, escaped) = (escape(git_ref), escape(path));
        let is_commit = git_ref.len() >= 40 && git_ref.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_commit || git_ref == "HEAD" && self.forge != Forge::GitHub && self.forge != Forge::GitLab {
            return None;
        }
        match self.forge {
            Forge::GitHub => Some(format!("{}/edit/{escaped_ref}/{escaped}", self.url)),
            Forge::GitLab => Some(format!("{}/-/edit/{escaped_ref}/{escaped}", self.url)),
            Forge::BitbucketCloud => {
                Some(format!("{}?mode=edit&at={escaped_ref}", self.file_url(git_ref, path)))
            }
            Forge::Gitea => Some(format!("{}/_edit/{escaped_ref}/{escaped}", self.url)),
            Forge::BitbucketServer | Forge::AzureDevOps => Some(self.file_url(git_ref, path)),
            Forge::Plain => None,
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
        let (url, git_ref, path) = (&self.url, escape(git_ref), escape(path));
        let url = match self.forge {
            Forge::GitHub => format!("{url}/{what}/{git_ref}/{path}"),
            Forge::GitLab => format!("{url}/-/{what}/{git_ref}/{path}"),
            Forge::BitbucketCloud => format!("{url}/src/{git_ref}/{path}"),
            Forge::BitbucketServer => format!("{url}/browse/{path}?at={git_ref}"),
            Forge::AzureDevOps => format!("{url}?path={path}&version=GB{git_ref}"),
            Forge::Gitea => format!("{url}/src/branch/{git_ref}/{path}"),
            Forge::Plain => url.clone(),
        };
        url.trim_end_matches('/').to_string()
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
            _ if path.contains("/_git/") => Forge::AzureDevOps,
            _ if path.starts_with("projects/") && path.contains("/repos/") => Forge::BitbucketServer,
            _ if has_label("github") || has_label("ghe") => Forge::GitHub,
            _ if has_label("gitlab") => Forge::GitLab,
            _ if has_label("gitea") || has_label("forgejo") => Forge::Gitea,
            _ => Forge::Plain,
        }
    }
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
