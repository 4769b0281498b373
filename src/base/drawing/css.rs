//! The stylesheet of a drawing, read far enough to say what holds for an
//! element. A page's own rules must not reach a drawing's elements, nor
//! the other way round, so each element gets what holds for it as
//! attributes, and the stylesheet is left out.

use super::xml::Node;

/// More rules are not read.
const MAX_RULES: usize = 4000;

/// A declaration: its property and its value.
type Declaration<'c> = (&'c str, &'c str);

pub(super) struct Rule<'c> {
    /// From the outermost to the element itself.
    parts: Vec<Part<'c>>,
    /// How many identifiers, classes and names it has.
    weight: (usize, usize, usize),
    declarations: Vec<Declaration<'c>>,
}

/// What one element must be.
#[derive(Default)]
struct Part<'c> {
    name: Option<&'c str>,
    id: Option<&'c str>,
    classes: Vec<&'c str>,
    attributes: Vec<Attribute<'c>>,
    /// Whether the part before it must be the element right around it.
    is_child: bool,
}

struct Attribute<'c> {
    name: &'c str,
    value: Option<&'c str>,
    is_ending: bool,
}

/// Reads a stylesheet. What is not understood applies to nothing.
pub(super) fn rules(css: &str) -> Vec<Rule<'_>> {
    let mut rules = Vec::new();
    let mut rest = css;
    while let Some(start) = rest.find('{') {
        let selectors = rest[..start].rsplit('}').next().unwrap_or("").trim();
        let body = &rest[start + 1..];
        if selectors.starts_with('@') {
            rest = after_block(body);
            continue;
        }
        let end = body.find('}').unwrap_or(body.len());
        for selector in selectors.split(',') {
            if rules.len() >= MAX_RULES {
                return rules;
            }
            if let Some(parts) = parts(selector) {
                let weight = parts.iter().fold((0, 0, 0), |(ids, classes, names), part| {
                    (
                        ids + usize::from(part.id.is_some()),
                        classes + part.classes.len() + part.attributes.len(),
                        names + usize::from(part.name.is_some()),
                    )
                });
                rules.push(Rule { parts, weight, declarations: declarations(&body[..end]) });
            }
        }
        rest = body.get(end + 1..).unwrap_or("");
    }
    rules
}

/// Returns what follows a block that may have others in it.
fn after_block(text: &str) -> &str {
    let mut depth = 1;
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[offset + 1..];
        }
    }
    ""
}

/// Reads the declarations of a rule or of a `style` attribute.
pub(super) fn declarations(text: &str) -> Vec<Declaration<'_>> {
    let parts = text.split(';').filter_map(|part| part.split_once(':'));
    let trimmed = parts.map(|(name, value)| (name.trim(), value.trim()));
    trimmed.filter(|(name, value)| !name.is_empty() && !value.is_empty()).take(64).collect()
}

fn parts(selector: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut is_child = false;
    for word in selector.split_ascii_whitespace() {
        for (idx, word) in word.split('>').enumerate() {
            is_child |= idx > 0;
            if !word.is_empty() {
                parts.push(Part { is_child: std::mem::take(&mut is_child), ..part(word)? });
            }
        }
    }
    (!parts.is_empty() && parts.len() <= 8).then_some(parts)
}

fn part(word: &str) -> Option<Part<'_>> {
    let mut part = Part::default();
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        if first == '[' {
            let (inside, after) = rest[1..].split_once(']')?;
            let (name, value) = match inside.split_once('=') {
                Some((name, value)) => (name, Some(value.trim_matches(['"', '\'']))),
                None => (inside, None),
            };
            let ending = name.strip_suffix('$');
            part.attributes.push(Attribute {
                name: ending.unwrap_or(name),
                value,
                is_ending: ending.is_some(),
            });
            rest = after;
            continue;
        }
        let after = rest.strip_prefix(['.', '#', '*']).unwrap_or(rest);
        let end = after.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').unwrap_or(after.len());
        let (name, next) = after.split_at(end);
        match first {
            '.' => part.classes.push(name),
            '#' => part.id = Some(name),
            '*' => {}
            // `:hover` and the like hold for no picture.
            _ if name.is_empty() => return None,
            _ => part.name = Some(name),
        }
        rest = next;
    }
    Some(part)
}

impl Part<'_> {
    fn fits(&self, node: &Node) -> bool {
        let has_class = |class: &&str| {
            node.get("class")
                .is_some_and(|classes| classes.split_ascii_whitespace().any(|known| known == *class))
        };
        let fits = |attribute: &Attribute| match (node.get(attribute.name), attribute.value) {
            (Some(found), Some(value)) if attribute.is_ending => found.ends_with(value),
            (Some(found), Some(value)) => found == value,
            (found, _) => found.is_some(),
        };
        self.name.is_none_or(|name| node.name == name)
            && self.id.is_none_or(|id| node.get("id") == Some(id))
            && self.classes.iter().all(has_class)
            && self.attributes.iter().all(fits)
    }
}

impl<'c> Rule<'c> {
    pub(super) fn declarations(&self) -> impl Iterator<Item = Declaration<'c>> {
        self.declarations.iter().copied()
    }

    /// Tells whether the rule holds for the last element of a path.
    fn holds(&self, path: &[&Node]) -> bool {
        let (Some((last, outer)), Some((node, above))) = (self.parts.split_last(), path.split_last()) else {
            return false;
        };
        if !last.fits(node) {
            return false;
        }
        let (mut above, mut is_child) = (above, last.is_child);
        for part in outer.iter().rev() {
            let mut found = above.iter().rposition(|node| part.fits(node));
            if is_child {
                found = found.filter(|idx| idx + 1 == above.len());
            }
            let Some(idx) = found else { return false };
            (above, is_child) = (&above[..idx], part.is_child);
        }
        true
    }
}

/// Returns what holds for the last element of a path: each property with
/// the value that wins. `extra` is the element's own `style`.
pub(super) fn style<'s>(rules: &'s [Rule<'s>], path: &[&Node<'s>], own: &'s str) -> Vec<(&'s str, &'s str)> {
    let mut holding: Vec<&Rule> = rules.iter().filter(|rule| rule.holds(path)).collect();
    // Stable, so that of two alike the later one wins.
    holding.sort_by_key(|rule| rule.weight);
    let of_rules = holding.iter().flat_map(|rule| rule.declarations.iter().copied());
    let mut winning: Vec<(&str, &str, bool)> = Vec::new();
    for (name, value) in of_rules.chain(declarations(own)) {
        let (value, is_important) = match value.strip_suffix("!important") {
            Some(value) => (value.trim_end(), true),
            None => (value, false),
        };
        match winning.iter_mut().find(|(known, _, _)| *known == name) {
            Some(known) if known.2 && !is_important => {}
            Some(known) => *known = (name, value, is_important),
            None => winning.push((name, value, is_important)),
        }
    }
    winning.into_iter().map(|(name, value, _)| (name, value)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::xml;
    use super::*;

    #[track_caller]
    fn check(css: &str, own: &str, expected: &[(&str, &str)]) {
        let nodes = xml::nodes("<svg id='s'><g class='a b'><rect class='c' id='x-end' k='v'/></g></svg>");
        let nodes = nodes.expect("sound");
        let path = [&nodes[2], &nodes[1], &nodes[0]];
        assert_eq!(style(&rules(css), &path, own), expected, "{css}");
    }

    #[test]
    fn what_is_more_exact_wins() {
        check("rect{fill:a}#s .c{fill:b}.a .c{fill:c}", "", &[("fill", "b")]);
        check("rect{fill:a}rect{fill:b}", "", &[("fill", "b")]);
        check("#s rect{fill:a}", "fill: b; stroke:c", &[("fill", "b"), ("stroke", "c")]);
        check("#s rect{fill:a !important}", "fill:b", &[("fill", "a")]);
    }

    #[test]
    fn selectors_are_read() {
        check("g.a.b>rect{fill:a}", "", &[("fill", "a")]);
        check("svg>rect{fill:a}", "", &[]);
        check("#s [k=\"v\"],.nothing{fill:a}", "", &[("fill", "a")]);
        check("[id$=\"-end\"]{fill:a}[id$=\"-start\"]{fill:b}", "", &[("fill", "a")]);
        check("rect:hover{fill:a}rect:not(.d){fill:b}", "", &[]);
        check("@keyframes x{from{fill:a}to{fill:b}}rect{fill:c}", "", &[("fill", "c")]);
        check("rect{fill", "", &[]);
    }
}
