//! What a file may be, judged by its name alone.

use crate::model::file::FileKind;

const MARKDOWN: [&str; 6] = ["md", "markdown", "mdown", "mkdn", "mkd", "mdx"];
const YAML: [&str; 3] = ["yaml", "yml", "json"];

/// Returns the kind of a file by the last part of its path. Extensions
/// count in any case, whole names as they are.
pub fn kind(path: &str) -> FileKind {
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((_, extension)) = name.rsplit_once('.') else { return FileKind::Other };
    let is_one_of =
        |extensions: &[&str]| extensions.iter().any(|known| known.eq_ignore_ascii_case(extension));
    match name {
        "mkdocs.yml" | "mkdocs.yaml" => FileKind::Mkdocs,
        "book.toml" => FileKind::BookToml,
        _ if name.starts_with("docusaurus.config.") => FileKind::Docusaurus,
        _ if is_one_of(&MARKDOWN) => FileKind::Markdown,
        _ if is_one_of(&YAML) => FileKind::Yaml,
        _ => FileKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expected: FileKind, paths: &[&str]) {
        for path in paths {
            assert_eq!(kind(path), expected, "{path}");
        }
    }

    #[test]
    fn names_tell_the_kind() {
        check(
            FileKind::Yaml,
            &["catalog-info.yaml", "a/b.yml", ".x/org.YAML", "swagger.json", "mkdocs.json"],
        );
        check(FileKind::Mkdocs, &["mkdocs.yml", "docs/mkdocs.yaml"]);
        check(FileKind::Docusaurus, &["docusaurus.config.js", "web/docusaurus.config.ts"]);
        check(FileKind::BookToml, &["book.toml", "guide/book.toml"]);
        check(
            FileKind::Markdown,
            &["README.md", "a/b.MD", "x.markdown", "x.mdown", "x.mkdn", "x.mkd", "x.mdx", ".md"],
        );
        check(FileKind::Other, &["", "md", "a.md/x", "Cargo.toml", "x.md.bak", "mkdocs"]);
    }
}
