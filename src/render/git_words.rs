//! Words of MkDocs' git plugins in the body of a page, such as
//! `{{ git_revision_date_localized }}`, with what git knows put in their
//! place. What git knows is no part of a page's own key, so this is done
//! when a page is written, and only for docs whose configuration names
//! one of the plugins.

use crate::base::svg::tag_end;
use crate::base::text::push_escaped;
use crate::model::docs_site::DocsSite;
use crate::model::git_words;

/// No word is longer, with its spaces.
const MAX_WORD: usize = 80;

/// Returns the body of a page with the words replaced. Code keeps them:
/// it shows how they are written.
pub fn replaced(html: String, docs: &DocsSite, page_idx: usize) -> String {
    let Some(words) = docs.plan.git_words.as_deref() else { return html };
    if !html.contains("{{") {
        return html;
    }
    let history = docs.pages[page_idx].history.as_ref();
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = &*html;
    let mut code_depth = 0_usize;
    while let Some(at) = rest.find(['<', '{']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('<') {
            let (tag, after) = rest.split_at(tag_end(rest).unwrap_or(rest.len()));
            let name = tag.trim_start_matches(['<', '/']);
            if name.starts_with("code") || name.starts_with("pre") {
                let is_end = tag.starts_with("</");
                code_depth = if is_end { code_depth.saturating_sub(1) } else { code_depth + 1 };
            }
            out.push_str(tag);
            rest = after;
            continue;
        }
        let found = word(rest).filter(|_| code_depth == 0);
        let text = found.and_then(|(name, len)| {
            let text = git_words::text(words, &name.to_ascii_lowercase(), history, &docs.history)?;
            Some((text, len))
        });
        match text {
            Some((text, len)) => {
                push_escaped(&mut out, &text);
                rest = &rest[len..];
            }
            None => {
                out.push('{');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Reads `{{ name }}` at the start of a text: the name, and how long it
/// is with its braces.
fn word(text: &str) -> Option<(&str, usize)> {
    let inner = text.strip_prefix("{{")?;
    let bytes = &inner.as_bytes()[..inner.len().min(MAX_WORD)];
    let end = bytes.windows(2).position(|pair| pair == b"}}")?;
    let name = inner.get(..end)?.trim();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    name.bytes().all(is_name).then_some((name, end + 4))
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn words_stand_between_braces() {
        assert_eq!(word("{{ git_revision_date }} x"), Some(("git_revision_date", 23)));
        assert_eq!(word("{{a}}"), Some(("a", 5)));
        assert_eq!(word("{{ a b }}"), None);
        assert_eq!(word("{ a }"), None);
        assert_eq!(word("{{ a }"), None);
        assert_eq!(word(&format!("{{{{{}}}}}", "é".repeat(80))), None);
    }
}
