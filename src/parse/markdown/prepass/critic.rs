//! A critic's marks around whole blocks: the signs stand on lines of
//! their own, with an empty line between them and what they are about.

use crate::model::extensions::Critic;

use super::super::Flavour;
use super::container::{Container, ContainerKind, CriticKind, Title};
use super::{Line, Prepass, Where};

const MARKS: [(&str, &str, CriticKind); 5] = [
    ("{==", "==}", CriticKind::Noticed),
    ("{++", "++}", CriticKind::Added),
    ("{--", "--}", CriticKind::Removed),
    ("{~~", "~~}", CriticKind::Removed),
    ("{>>", "<<}", CriticKind::Remarked),
];

/// Rewrites blocks between a critic's marks.
pub(super) fn critic(prepass: &mut Prepass, lines: &[Line], at: usize, place: Where) -> Option<usize> {
    let (open, close, kind) = *MARKS.iter().find(|(open, ..)| lines[at].text.trim() == *open)?;
    let is_apart = lines.get(at + 1).is_some_and(Line::is_blank) && !place.in_paragraph();
    if !is_apart || prepass.flavour != Flavour::TechDocs {
        return None;
    }
    let (mut between, mut end) = (None, None);
    for (idx, line) in lines.iter().enumerate().skip(at + 1) {
        prepass.lookahead = prepass.lookahead.checked_sub(1)?;
        match line.text.trim() {
            text if text == close => {
                end = Some(idx);
                break;
            }
            "~>" if open == "{~~" && between.is_none() => between = Some(idx),
            _ => {}
        }
    }
    let end = end?;
    let middle = if open == "{~~" { between? } else { end };
    part(prepass, kind, &lines[at], &lines[at + 1..middle]);
    if middle < end {
        part(prepass, CriticKind::Added, &lines[middle], &lines[middle + 1..end]);
    }
    Some(end + 1)
}

/// Rewrites what is between two marks, as the site has critics.
fn part(prepass: &mut Prepass, kind: CriticKind, from: &Line, body: &[Line]) {
    match (prepass.extensions.critic, kind) {
        (Critic::Accept, CriticKind::Removed | CriticKind::Remarked)
        | (Critic::Reject, CriticKind::Added | CriticKind::Remarked) => {}
        (Critic::Accept | Critic::Reject, _) => {
            prepass.blank(from);
            prepass.blocks(body);
        }
        (Critic::View, _) => {
            let kind = ContainerKind::Critic(kind);
            let container = Container { kind, classes: Vec::new(), title: Title::None };
            prepass.container(container, "", from, |prepass| prepass.blocks(body));
        }
    }
}
