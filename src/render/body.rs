//! Bodies of pages: pieces of safe HTML, with links put into the holes.

use std::borrow::Cow;

use crate::base::text::push_escaped;
use crate::model::doc::{Doc, LinkKind, Piece};
use crate::model::docs_site::LinkTarget;

use super::place::{Place, href};

/// Returns the body of a page as HTML. `links` is as long as
/// `doc.links`.
pub fn html(place: Place, doc: &Doc, links: &[LinkTarget]) -> String {
    let pieces = doc.body.get();
    let n_bytes = pieces.iter().map(|piece| match piece {
        Piece::Html(html) => html.len(),
        Piece::Link(_) => 64,
    });
    let mut body = String::with_capacity(n_bytes.sum());
    for (piece_idx, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Html(html) => body.push_str(html),
            Piece::Link(idx) => {
                let kind = doc.links.get(*idx as usize).map_or(LinkKind::Href, |link| link.kind);
                let target = links.get(*idx as usize).unwrap_or(&LinkTarget::Broken);
                push_link(place, kind, target, &mut body);
                let is_external = kind == LinkKind::Href && matches!(target, LinkTarget::External(_));
                // What is known to be external from its form alone has
                // the attribute already.
                if is_external && !has_rel(pieces.get(piece_idx + 1)) {
                    body.push_str(" rel=\"noopener noreferrer\"");
                }
            }
        }
    }
    body
}

fn push_link(place: Place, kind: LinkKind, target: &LinkTarget, body: &mut String) {
    let url: Cow<str> = match target {
        LinkTarget::Broken => {
            body.push_str(" data-broken");
            return;
        }
        LinkTarget::Site { path, fragment: None } => href(place, path).into(),
        LinkTarget::Site { path, fragment: Some(fragment) } => {
            format!("{}#{fragment}", href(place, path)).into()
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

fn has_rel(next: Option<&Piece>) -> bool {
    let Some(Piece::Html(html)) = next else { return false };
    html.split('>').next().is_some_and(|tag| tag.contains(" rel="))
}
