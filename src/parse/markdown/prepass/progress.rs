//! Two small constructs between brackets: `[TOC]`, and progress bars,
//! `[=85% "almost"]`.

use super::super::Flavour;
use super::container::{Container, ContainerKind, Title};
use super::{Line, Prepass, Where};

/// Rewrites `[TOC]` on a line of its own.
pub(super) fn contents(prepass: &mut Prepass, lines: &[Line], at: usize, place: Where) -> Option<usize> {
    let is_alone = lines.get(at + 1).is_none_or(Line::is_blank) && !place.in_paragraph();
    if lines[at].text.trim() != "[TOC]" || !is_alone || prepass.flavour != Flavour::TechDocs {
        return None;
    }
    let container = Container { kind: ContainerKind::Contents, classes: Vec::new(), title: Title::None };
    prepass.container(container, "", &lines[at], |_| {});
    Some(at + 1)
}

/// Rewrites a progress bar.
pub(super) fn bar(prepass: &mut Prepass, lines: &[Line], at: usize, place: Where) -> Option<usize> {
    if prepass.flavour != Flavour::TechDocs || place.in_paragraph() {
        return None;
    }
    let (done, label) = progress(lines[at].text.trim())?;
    let title = if label.is_empty() { Title::None } else { Title::Given };
    let container = Container { kind: ContainerKind::Progress { done }, classes: Vec::new(), title };
    prepass.container(container, label, &lines[at], |_| {});
    Some(at + 1)
}

/// Reads how much is done, in per mille, and the label.
fn progress(text: &str) -> Option<(u16, &str)> {
    let (inner, rest) = text.strip_prefix("[=")?.split_once(']')?;
    let has_attrs = rest.trim_start().starts_with('{') && rest.trim_end().ends_with('}');
    if !rest.trim().is_empty() && !has_attrs {
        return None;
    }
    let inner = inner.trim_start_matches('=').trim();
    let length = inner.find([' ', '"', '\'']).unwrap_or(inner.len());
    let (amount, label) = inner.split_at(length);
    let share = match amount.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().ok()? / 100.0,
        None => {
            let (done, all) = amount.split_once('/')?;
            let (done, all) = (done.parse::<f64>().ok()?, all.parse::<f64>().ok()?);
            if all > 0.0 { done / all } else { 0.0 }
        }
    };
    let label = label.trim();
    let quote = label.chars().next();
    let label = match quote {
        None => "",
        Some(quote @ ('"' | '\'')) => label[1..].strip_suffix(quote)?,
        Some(_) => return None,
    };
    share.is_finite().then(|| ((share.clamp(0.0, 1.0) * 1000.0).round() as u16, label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read() {
        assert_eq!(progress("[=85% \"a b\"]"), Some((850, "a b")));
        assert_eq!(progress("[===3/4]{: .thin}"), Some((750, "")));
        assert_eq!(progress("[=212.5% '!']"), Some((1000, "!")));
        assert_eq!(progress("[=0/0 \"\"]"), Some((0, "")));
        assert_eq!(progress("[=x%]"), None);
        assert_eq!(progress("[=5%](a)"), None);
        assert_eq!(progress("[=nan%]"), None);
    }
}
