//! A drawing that another program made, such as Mermaid or Graphviz, as
//! SVG for the middle of a page.
//!
//! It is taken apart and built anew from lists of what draws and nothing
//! else: no script, no link, no address, no style, no identifier but
//! ours. What its stylesheet says becomes attributes, its colours become
//! the theme's or stay the author's, and its text is escaped. What comes
//! out is held to `svg::is_inert` once more.

mod css;
mod label;
mod paint;
mod xml;

use std::collections::{HashMap, HashSet};

use super::{svg, text};
use css::Rule;
use paint::Paint;
use xml::Node;

pub use paint::TOKENS;

/// Stands in a drawing where its identifiers begin; a page puts another
/// text there for each of its drawings. No page can contain it.
pub const ID: char = '\u{fdd5}';

/// A larger drawing is none for a page.
const MAX_BYTES: usize = 1 << 20;

/// The classes of widths: above each of these the next one begins.
const WIDTHS: [f64; 3] = [560.0, 900.0, 1800.0];

/// Elements that draw, or hold what draws.
const ELEMENTS: &[&str] = &[
    "a",
    "circle",
    "clipPath",
    "defs",
    "ellipse",
    "g",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "path",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "svg",
    "switch",
    "symbol",
    "text",
    "tspan",
    "use",
];

/// Elements that only matter if something refers to them.
const REFERRED: &[&str] = &["clipPath", "linearGradient", "marker", "mask", "radialGradient", "symbol"];

/// Around letters that stand on a line.
const HALO: &str = " stroke=\"var(--dg-ground,#fffffe)\" stroke-width=\"5\" stroke-linejoin=\"round\" paint-order=\"stroke\"";

const SHAPES: &[&str] = &["circle", "ellipse", "path", "polygon", "polyline", "rect"];

/// Attributes of numbers and of words that are not styles.
const GEOMETRY: &[&str] = &[
    "clipPathUnits",
    "cx",
    "cy",
    "d",
    "dx",
    "dy",
    "fx",
    "fy",
    "gradientTransform",
    "gradientUnits",
    "height",
    "lengthAdjust",
    "markerHeight",
    "markerUnits",
    "markerWidth",
    "maskUnits",
    "offset",
    "orient",
    "points",
    "preserveAspectRatio",
    "r",
    "refX",
    "refY",
    "rotate",
    "rx",
    "ry",
    "textLength",
    "transform",
    "viewBox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];

/// Properties of styles that attributes may hold as well, beside colours
/// and references.
const PROPERTIES: &[&str] = &[
    "alignment-baseline",
    "baseline-shift",
    "clip-rule",
    "dominant-baseline",
    "fill-opacity",
    "fill-rule",
    "font-size",
    "font-style",
    "font-weight",
    "letter-spacing",
    "opacity",
    "stop-opacity",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
    "text-decoration",
];

const COLORS: &[&str] = &["fill", "stroke", "stop-color"];
const REFERENCES: &[&str] = &["clip-path", "marker-end", "marker-mid", "marker-start", "mask"];

/// Returns a drawing as safe SVG without its root element's name, role
/// and label, or why there is none.
pub fn inline(source: &str, label: &str) -> Result<String, &'static str> {
    if source.len() > MAX_BYTES {
        return Err("it is too large");
    }
    let start = source.find("<svg").ok_or("it is no SVG")?;
    let nodes = xml::nodes(&source[start..])?;
    let root = nodes.last().filter(|root| root.name == "svg").ok_or("it is no SVG")?;
    let mut sheet = String::new();
    for node in nodes.iter().filter(|node| node.name == "style") {
        node.children.iter().for_each(|idx| sheet.push_str(&nodes[*idx].text));
    }
    let rules = css::rules(&sheet);
    let writer = Writer { nodes: &nodes, rules: &rules, ids: ids(&nodes, &rules) };
    let mut out = String::with_capacity(source.len() / 3);
    writer.open_root(root, label, &mut out)?;
    let mut path = vec![root];
    let above = Above { ground: None, fill: writer.fill(&path) };
    root.children.iter().for_each(|idx| writer.node(*idx, &mut path, &mut above.clone(), &mut out));
    out.push_str("</svg>");
    match svg::is_inert(out.as_bytes()) && out.len() <= MAX_BYTES {
        true => Ok(out),
        false => Err("it has parts that no drawing may have"),
    }
}

/// Numbers what something refers to, in the order of the references.
fn ids<'n>(nodes: &'n [Node], rules: &'n [Rule]) -> HashMap<&'n str, usize> {
    let mut ids = HashMap::new();
    let known: HashMap<&str, &Node> = nodes.iter().filter_map(|node| Some((node.get("id")?, node))).collect();
    let mut seen: HashSet<&str> = HashSet::new();
    let mut add = |id: &'n str| {
        // A thing that uses others could be many times as large as it
        // seems.
        if seen.insert(id) && known.get(id).is_some_and(|node| !has_use(nodes, node)) {
            ids.insert(id, ids.len());
        }
    };
    for node in nodes.iter() {
        for (name, value) in &node.attributes {
            match *name {
                "href" => value.strip_prefix('#').into_iter().for_each(&mut add),
                _ => references(value).for_each(&mut add),
            }
        }
    }
    for (_, value) in rules.iter().flat_map(|rule| rule.declarations()) {
        references(value).for_each(&mut add);
    }
    ids
}

fn has_use(nodes: &[Node], node: &Node) -> bool {
    node.name == "use" || node.children.iter().any(|idx| has_use(nodes, &nodes[*idx]))
}

/// Returns what `url(#…)` of a value refer to.
fn references(value: &str) -> impl Iterator<Item = &str> {
    value.split("url(").skip(1).filter_map(|rest| {
        let inside = rest.split(')').next()?.trim().trim_matches(['"', '\'']);
        inside.strip_prefix('#')
    })
}

/// What an element stands on, and what text is painted with there.
#[derive(Clone)]
struct Above {
    ground: Option<Paint>,
    fill: Option<Paint>,
}

struct Writer<'w> {
    nodes: &'w [Node<'w>],
    rules: &'w [Rule<'w>],
    ids: HashMap<&'w str, usize>,
}

impl<'w> Writer<'w> {
    fn open_root(&self, root: &'w Node<'w>, label: &str, out: &mut String) -> Result<(), &'static str> {
        let number = |text: &str| {
            let number: f64 = text.trim().trim_end_matches("px").trim_end_matches("pt").parse().ok()?;
            (number.is_finite() && (1.0..100_000.0).contains(&number)).then_some(number)
        };
        let view: Option<Vec<f64>> = root.get("viewBox").and_then(|view| {
            let parts = view.split([' ', ',']).filter(|part| !part.is_empty()).take(5);
            parts.map(|part| part.parse().ok().filter(|number: &f64| number.is_finite())).collect()
        });
        let own = || Some(vec![0.0, 0.0, number(root.get("width")?)?, number(root.get("height")?)?]);
        let view = view.filter(|view| view.len() == 4).or_else(own).ok_or("it has no size")?;
        let [x, y, width, height] = view[..] else { return Err("it has no size") };
        if !(1.0..100_000.0).contains(&width) || !(1.0..100_000.0).contains(&height) {
            return Err("it has no size");
        }
        let class = WIDTHS.iter().filter(|limit| width > **limit).count();
        let class = ["", " cb-drawing-wide", " cb-drawing-wider", " cb-drawing-widest"][class];
        out.push_str(&format!(
            "<svg class=\"cb-drawing{class}\" role=\"img\" aria-label=\"{}\" viewBox=\"{} {} {} {}\" width=\"{}\" height=\"{}\"",
            label.replace(['"', '&', '<', '>'], " "),
            rounded(x),
            rounded(y),
            rounded(width),
            rounded(height),
            width.ceil(),
            height.ceil(),
        ));
        let mut style = css::style(self.rules, &[root], root.get("style").unwrap_or(""));
        // Boxes are measured for letters of 14 pixels; readers' fonts
        // differ, so they get a little more room.
        style.iter_mut().filter(|said| **said == ("font-size", "14px")).for_each(|said| said.1 = "13px");
        self.push_style(root, &style, None, out);
        out.push('>');
        Ok(())
    }

    fn fill(&self, path: &[&'w Node<'w>]) -> Option<Paint> {
        let node = path.last()?;
        let style = css::style(self.rules, path, node.get("style").unwrap_or(""));
        self.color(node, &style, "fill")
    }

    /// Writes a node and all below it, as far as it may be.
    fn node(&self, idx: usize, path: &mut Vec<&'w Node<'w>>, above: &mut Above, out: &mut String) {
        let Some(node) = self.nodes.get(idx) else { return };
        if node.name.is_empty() {
            if path.iter().any(|node| node.name == "text") {
                push_text(&node.text, out);
            }
            return;
        }
        let id = node.get("id").and_then(|id| self.ids.get(id));
        if node.name == "foreignObject" {
            return self.label(node, path, above, out);
        }
        if !ELEMENTS.contains(&node.name) || (REFERRED.contains(&node.name) && id.is_none()) || is_void(node)
        {
            return;
        }
        path.push(node);
        let style = css::style(self.rules, path, node.get("style").unwrap_or(""));
        if !style.contains(&("display", "none")) && !style.contains(&("visibility", "hidden")) {
            self.element(node, id, &style, path, above, out);
        }
        path.pop();
    }

    fn element(
        &self,
        node: &'w Node<'w>,
        id: Option<&usize>,
        style: &[(&str, &str)],
        path: &mut Vec<&'w Node<'w>>,
        above: &mut Above,
        out: &mut String,
    ) {
        let (start, name) = (out.len(), if matches!(node.name, "a" | "switch") { "g" } else { node.name });
        let mut inner = above.clone();
        if let Some(fill) = self.color(node, style, "fill") {
            inner.fill = Some(fill);
        }
        let is_text = matches!(name, "text" | "tspan");
        let on_ground = || above.ground.as_ref()?.text_on();
        let readable = match &inner.fill {
            Some(Paint::Own { .. } | Paint::Nothing | Paint::Reference(_)) => None,
            _ if is_text => on_ground(),
            _ => None,
        };
        if SHAPES.contains(&name) && !is_mark(node) && !matches!(inner.fill, Some(Paint::Nothing)) {
            above.ground.clone_from(&inner.fill);
        }
        out.push('<');
        out.push_str(name);
        if let Some(number) = id {
            out.push_str(&format!(" id=\"{ID}{number}\""));
        }
        if name == "g" && is_state_label(path) {
            self.push_centred(node, out);
        } else {
            self.push_geometry(node, out);
        }
        self.push_style(node, style, readable.as_ref(), out);
        if name == "text" && path.iter().any(|node| has_class(node, "edgeLabel")) {
            out.push_str(HALO);
        }
        let is_bare = out.len() == start + 1 + name.len() && matches!(name, "g" | "tspan" | "defs");
        if is_bare && name != "defs" {
            out.truncate(start);
        } else {
            out.push('>');
        }
        let content = out.len();
        for idx in &node.children {
            // Of several forms of one thing the first that draws.
            let is_html = self.nodes.get(*idx).is_some_and(|child| child.name == "foreignObject");
            if node.name != "switch" || (out.len() == content && !is_html) {
                self.node(*idx, path, &mut inner, out);
            }
        }
        let is_empty = out.len() == content;
        let is_blank = is_text && out[content..].trim().is_empty();
        if matches!(name, "g" | "defs" | "text" | "tspan" | "svg") && (is_empty || is_blank && name == "text")
        {
            out.truncate(start);
        } else if is_empty && out.ends_with('>') {
            out.truncate(content - 1);
            out.push_str("/>");
        } else if !is_bare || name == "defs" {
            out.extend(["</", name, ">"]);
        }
        // What lies in a group with others is what they stand on.
        if name == "g" && inner.ground.is_some() && !out[start..].contains("<text") {
            above.ground = inner.ground;
        }
    }

    /// Writes the words of a label that is HTML.
    fn label(&self, node: &'w Node<'w>, path: &[&'w Node<'w>], above: &Above, out: &mut String) {
        let Some(label) = label::label(self.nodes, node) else { return };
        let is_on_line = path.iter().any(|node| has_class(node, "edgeLabel"));
        let ground = above.ground.as_ref().filter(|_| !is_on_line);
        let paint = ground.and_then(|ground| ground.text_on().or_else(|| ground.label_on()));
        for (idx, line) in label.lines.iter().enumerate() {
            let y = rounded(label.y + label.step * idx as f64);
            out.push_str(&format!(
                "<text x=\"{}\" y=\"{y}\" dominant-baseline=\"central\"",
                rounded(label.x)
            ));
            out.push_str(if label.is_centred { " text-anchor=\"middle\"" } else { "" });
            if let Some(written) = paint.as_ref().and_then(|paint| paint.written(|_| None)) {
                out.extend([" fill=\"", &written, "\""]);
            }
            out.push_str(if is_on_line { HALO } else { "" });
            out.push('>');
            push_text(line, out);
            out.push_str("</text>");
        }
    }

    /// Writes where the label of a state stands, whose text begins in the
    /// middle of its box.
    fn push_centred(&self, node: &Node, out: &mut String) {
        let place = node.get("transform").and_then(|text| text.strip_prefix("translate(")?.strip_suffix(')'));
        let y = place.and_then(|place| place.split_once(',')).and_then(|(_, y)| y.trim().parse().ok());
        let y = y.filter(|y: &f64| y.is_finite()).unwrap_or(0.0);
        out.push_str(&format!(" transform=\"translate(0,{})\" text-anchor=\"middle\"", rounded(y)));
    }

    fn push_geometry(&self, node: &Node, out: &mut String) {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || " .,()+-%\n\t".contains(c);
        for (name, value) in &node.attributes {
            if *name == "href" && node.name == "use" {
                if let Some(number) = value.strip_prefix('#').and_then(|id| self.ids.get(id)) {
                    out.push_str(&format!(" href=\"#{ID}{number}\""));
                }
            } else if GEOMETRY.contains(name) && value.chars().all(is_plain) && !value.is_empty() {
                out.extend([" ", name, "=\""]);
                push_shortened(value, out);
                out.push('"');
            }
        }
    }

    /// Writes what holds for an element; `fill` takes the place of its
    /// own.
    fn push_style(&self, node: &Node, style: &[(&str, &str)], fill: Option<&Paint>, out: &mut String) {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || " .,+-%".contains(c);
        for name in PROPERTIES {
            let value = said(node, style, name).filter(|value| !value.is_empty() && value.len() <= 200);
            let is_default = |value: &str| {
                matches!(
                    (*name, value),
                    ("font-style" | "font-weight", "normal")
                        | ("stroke-dasharray", "0" | "none")
                        | ("opacity", "1")
                )
            };
            if let Some(value) = value.filter(|value| value.chars().all(is_plain) && !is_default(value)) {
                out.extend([" ", name, "=\"", value, "\""]);
            }
        }
        for name in COLORS {
            let paint = match fill.filter(|_| *name == "fill") {
                Some(fill) => Some(fill.clone()),
                None => self.color(node, style, name),
            };
            let reference = |id: &str| Some(format!("{ID}{}", self.ids.get(id)?));
            if let Some(written) = paint.and_then(|paint| paint.written(reference)) {
                out.extend([" ", name, "=\"", &written, "\""]);
            }
        }
        for name in REFERENCES {
            let id = said(node, style, name).and_then(|value| references(value).next());
            if let Some(number) = id.and_then(|id| self.ids.get(id)) {
                out.push_str(&format!(" {name}=\"url(#{ID}{number})\""));
            }
        }
        let family = said(node, style, "font-family").map(str::to_ascii_lowercase);
        if family.is_some_and(|family| family.contains("mono") || family.contains("courier")) {
            out.push_str(" font-family=\"monospace\"");
        }
    }

    fn color(&self, node: &Node, style: &[(&str, &str)], name: &str) -> Option<Paint> {
        let value = said(node, style, name)?;
        if value.len() > 100 {
            return None;
        }
        match references(value).next() {
            Some(id) => self.ids.contains_key(id).then(|| Paint::Reference(id.to_string())),
            None => paint::paint(value),
        }
    }
}

/// Tells whether the last element of a path is the label of a state,
/// which Mermaid places as if it were HTML.
fn is_state_label(path: &[&Node]) -> bool {
    let is_states = path.first().and_then(|root| root.get("aria-roledescription")) == Some("stateDiagram");
    match path {
        [.., node, label] if is_states => has_class(node, "node") && has_class(label, "label"),
        _ => false,
    }
}

fn has_class(node: &Node, class: &str) -> bool {
    node.get("class").is_some_and(|classes| classes.split_ascii_whitespace().any(|known| known == class))
}

/// Returns what holds of a property: a style outweighs an attribute.
fn said<'s>(node: &'s Node, style: &[(&'s str, &'s str)], name: &str) -> Option<&'s str> {
    let of_style = style.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
    of_style.or_else(|| node.get(name)).map(str::trim)
}

/// Tells whether a shape is too small for text to stand on.
fn is_mark(node: &Node) -> bool {
    const LEAST: f64 = 12.0;
    node.name == "circle"
        && node.get("r").and_then(|radius| radius.parse().ok()).is_some_and(|radius: f64| radius < LEAST)
}

/// Tells whether an element draws nothing for want of a size.
fn is_void(node: &Node) -> bool {
    let is_nothing = |name: &str| node.get(name).is_none_or(|value| matches!(value.trim(), "" | "0"));
    match node.name {
        // What stands on a line has a halo instead.
        "rect" if has_class(node, "background") => true,
        "rect" => is_nothing("width") || is_nothing("height"),
        "path" => is_nothing("d"),
        "circle" => is_nothing("r"),
        _ => false,
    }
}

fn push_text(content: &str, out: &mut String) {
    let is_sound = |c: char| !c.is_control() && !matches!(c, '\u{fdd0}'..='\u{fdef}');
    for c in content.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| is_sound(*c)) {
        match c {
            // A numbered reference, which others write, is not let through.
            '\'' => out.push('\''),
            c => text::push_escaped(out, c.encode_utf8(&mut [0; 4])),
        }
    }
}

/// Writes numbers with two decimals at most; what stands between them
/// stays.
fn push_shortened(value: &str, out: &mut String) {
    let n_kept =
        if value.contains("scale") || value.contains("matrix") || value.contains("rotate") { 5 } else { 2 };
    let mut rest = value;
    while let Some(point) = rest.find('.') {
        let (before, after) = rest.split_at(point);
        out.push_str(before);
        let n_digits = after[1..].bytes().take_while(u8::is_ascii_digit).count();
        let (decimals, next) = after.split_at(n_digits + 1);
        rest = next;
        // A power of ten counts from what stands before it.
        let decimals = match next.starts_with(['e', 'E']) {
            true => decimals,
            false => decimals[..decimals.len().min(n_kept + 1)].trim_end_matches('0').trim_end_matches('.'),
        };
        if decimals.is_empty() && !before.ends_with(|c: char| c.is_ascii_digit()) {
            out.push('0');
        }
        out.push_str(decimals);
    }
    out.push_str(&rest.replace(['\n', '\t'], " "));
}

fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
