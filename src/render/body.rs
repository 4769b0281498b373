//! Bodies of pages: pieces of safe HTML, with links put into the holes.

use std::borrow::Cow;

use crate::base::text::push_escaped;
use crate::model::doc::{Doc, LinkKind, Piece};
use crate::model::docs_site::LinkTarget;

use super::index::Names;
use super::place::{Place, href};

/// The sizes of pictures by link, in the order of the links.
pub type Sizes = [(u32, [u32; 2])];

/// Returns the body of a page as HTML. `links` is as long as
/// `doc.links`.
pub fn html(place: Place, doc: &Doc, links: &[LinkTarget], sizes: &Sizes) -> String {
    html_with(place, doc, links, sizes, &place.index.names)
}

/// Like [`html`], with other names of files.
pub fn html_with(place: Place, doc: &Doc, links: &[LinkTarget], sizes: &Sizes, names: &Names) -> String {
    let pieces = doc.body.get();
    let n_bytes = pieces.iter().map(|piece| match piece {
        Piece::Html(html) => html.len(),
        Piece::Link(_) => 64,
    });
    let mut body = String::with_capacity(n_bytes.sum());
    let mut skipped = 0;
    for (piece_idx, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Html(html) => body.push_str(&html[std::mem::take(&mut skipped)..]),
            Piece::Link(idx) => {
                let kind = doc.links.get(*idx as usize).map_or(LinkKind::Href, |link| link.kind);
                let target = links.get(*idx as usize).unwrap_or(&LinkTarget::Broken);
                push_link(place, kind, target, names, &mut body);
                if kind == LinkKind::Src
                    && let Ok(found) = sizes.binary_search_by_key(idx, |(link, _)| *link)
                {
                    push_size(&pieces, piece_idx, sizes[found].1, &mut body);
                }
                if kind == LinkKind::Href {
                    skipped = push_external(pieces.get(piece_idx + 1), target, &mut body);
                }
            }
        }
    }
    body
}

fn push_link(place: Place, kind: LinkKind, target: &LinkTarget, names: &Names, body: &mut String) {
    let url: Cow<str> = match target {
        LinkTarget::Broken => {
            body.push_str(" data-broken");
            return;
        }
        LinkTarget::Site { path, fragment: None } => href(place, names.get(path).unwrap_or(path)).into(),
        LinkTarget::Site { path, fragment: Some(fragment) } => {
            format!("{}#{fragment}", href(place, names.get(path).unwrap_or(path))).into()
        }
        LinkTarget::Fragment(fragment) => format!("#{fragment}").into(),
        LinkTarget::External(url) => Cow::Borrowed(url),
    };
    body.push_str(match kind {
        LinkKind::Href => " href=\"",
        LinkKind::Src => " src=\"",
    });
    push_escaped(body, &url);
    body.push('"');
}

/// Says how large a picture is, so that nothing moves when it arrives,
/// unless its author has said so.
fn push_size(pieces: &[Piece], piece_idx: usize, [width, height]: [u32; 2], body: &mut String) {
    let html = |idx: Option<usize>| match idx.and_then(|idx| pieces.get(idx)) {
        Some(Piece::Html(html)) => &**html,
        _ => "",
    };
    let before = html(piece_idx.checked_sub(1)).rsplit('<').next().unwrap_or("");
    let after = html(Some(piece_idx + 1)).split('>').next().unwrap_or("");
    let is_given = [before, after].iter().any(|tag| tag.contains(" width=") || tag.contains(" height="));
    if before.starts_with("img") && !is_given {
        body.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
    }
}

/// Marks a link by what it leads to. What is external from its form
/// alone has the attributes already, and loses them when it leads to a
/// page of the portal: returns how much of the next piece is left out.
fn push_external(next: Option<&Piece>, target: &LinkTarget, body: &mut String) -> usize {
    const MARK: &str = " rel=\"noopener noreferrer\" class=\"external\"";
    let rest = match next {
        Some(Piece::Html(html)) => &**html,
        _ => "",
    };
    let tag = rest.split('>').next().unwrap_or("");
    let is_web = |url: &str| url.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("http"));
    match target {
        LinkTarget::External(_) if tag.contains(" rel=") => 0,
        LinkTarget::External(url) if is_web(url) && !tag.contains(" class=") => {
            body.push_str(MARK);
            0
        }
        LinkTarget::External(_) => {
            body.push_str(" rel=\"noopener noreferrer\"");
            0
        }
        _ if rest.starts_with(MARK) => MARK.len(),
        _ => 0,
    }
}
