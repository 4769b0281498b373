//! Draws a graph as SVG that stands in a page: links are links, names
//! are text, and the look comes from the theme's stylesheet by classes.

use std::fmt::Write;

use crate::base::text::push_escaped;

use super::layout::{Layout, layered};
use super::{Graph, Look, NODE_HEIGHT, Node, fitted, width};
use crate::render::kinds;

/// Lays out and draws a graph. `label` says what it shows.
pub fn svg(graph: &Graph, label: &str) -> String {
    let sizes: Vec<(i32, i32)> = graph.nodes.iter().map(|node| (width(node), NODE_HEIGHT)).collect();
    let edges: Vec<(usize, usize)> = graph.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    drawn(graph, &layered(&sizes, &edges), label)
}

fn drawn(graph: &Graph, layout: &Layout, label: &str) -> String {
    let mut svg = String::with_capacity(256 + graph.nodes.len() * 420 + graph.edges.len() * 140);
    let Layout { width, height, .. } = layout;
    let _infallible = write!(
        svg,
        "<svg class=\"graph-svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"group\" aria-label=\""
    );
    push_escaped(&mut svg, label);
    svg.push_str("\"><g class=\"edges\" aria-hidden=\"true\">");
    for (edge, path) in graph.edges.iter().zip(&layout.paths) {
        push_edge(&mut svg, edge.label, path);
    }
    svg.push_str("</g>");
    for (idx, node) in graph.nodes.iter().enumerate() {
        push_node(&mut svg, node, layout.corners[idx], layout.sizes[idx]);
    }
    svg.push_str("</svg>");
    svg
}

/// A curve through the points of a path, flat where it passes a layer,
/// with a head that points where it goes.
fn push_edge(svg: &mut String, label: &str, path: &[(i32, i32)]) {
    let [first, .., (end_x, end_y)] = *path else { return };
    svg.push_str("<path class=\"edge\" d=\"");
    let _infallible = write!(svg, "M{} {}", first.0, first.1);
    for pair in path.windows(2) {
        let ((x, y), (to_x, to_y)) = (pair[0], pair[1]);
        let _infallible = match y == to_y {
            true => write!(svg, "H{to_x}"),
            false => {
                let middle = (x + to_x) / 2;
                write!(svg, "C{middle} {y} {middle} {to_y} {to_x} {to_y}")
            }
        };
    }
    svg.push('"');
    if label.is_empty() {
        svg.push_str("/>");
    } else {
        svg.push_str("><title>");
        push_escaped(svg, label);
        svg.push_str("</title></path>");
    }
    let back = if path[path.len() - 2].0 <= end_x { -7 } else { 7 };
    let _infallible = write!(svg, "<path class=\"head\" d=\"M{end_x} {end_y}l{back} -4v8z\"/>");
}

fn push_node(svg: &mut String, node: &Node, (x, y): (i32, i32), (width, height): (i32, i32)) {
    let look = match node.look {
        Look::Focus => " focus",
        Look::Plain => "",
        Look::Outside => " outside",
        Look::Missing => " missing",
        Look::More => " more",
    };
    let element = match &node.href {
        Some(href) => {
            svg.push_str("<a href=\"");
            push_escaped(svg, href);
            svg.push('"');
            "a"
        }
        None => {
            svg.push_str("<g");
            "g"
        }
    };
    let _infallible = write!(svg, " class=\"node{look}\"><title>");
    push_escaped(svg, &node.title);
    let _infallible =
        write!(svg, "</title><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>");
    let text_x = match node.look {
        Look::More => x + 14,
        _ => {
            let (icon_x, icon_y) = (x + 10, y + height / 2 - 9);
            let _infallible = write!(
                svg,
                "<path class=\"node-icon\" transform=\"translate({icon_x} {icon_y}) scale(.75)\" d=\"{}\"/>",
                kinds::icon_path(node.icon)
            );
            x + 36
        }
    };
    let label_y = if node.note.is_empty() { y + height / 2 + 5 } else { y + height / 2 - 2 };
    let _infallible = write!(svg, "<text x=\"{text_x}\" y=\"{label_y}\">");
    push_escaped(svg, &fitted(&node.label));
    svg.push_str("</text>");
    if !node.note.is_empty() {
        let _infallible = write!(svg, "<text class=\"note\" x=\"{text_x}\" y=\"{}\">", y + height / 2 + 13);
        push_escaped(svg, &fitted(&node.note));
        svg.push_str("</text>");
    }
    let _infallible = write!(svg, "</{element}>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::graph::Edge;

    #[test]
    fn names_are_escaped_and_links_are_links() {
        let node = |label: &str, href: Option<&str>| Node {
            label: label.to_string(),
            note: String::new(),
            href: href.map(str::to_string),
            title: format!("component:default/{label}"),
            icon: "component",
            look: Look::Plain,
        };
        let graph = Graph {
            nodes: vec![node("a<b>&\"", Some("../a/?x=1&y=2")), node("b", None)],
            edges: vec![Edge { from: 0, to: 1, label: "depends on" }],
        };
        let svg = svg(&graph, "What \"a\" needs");
        assert!(svg.contains("aria-label=\"What &quot;a&quot; needs\""), "{svg}");
        assert!(svg.contains("<a href=\"../a/?x=1&amp;y=2\" class=\"node\">"), "{svg}");
        assert!(svg.contains(">a&lt;b&gt;&amp;&quot;</text>"), "{svg}");
        assert!(!svg.contains("style=") && !svg.contains("<script"), "{svg}");
        assert_eq!(svg.matches("<g").count(), svg.matches("</g>").count());
    }
}
