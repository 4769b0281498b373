//! Mermaid diagrams as SVG, drawn while the portal is built and without a
//! browser. Of what the crate draws nothing goes to a page as it is: see
//! `drawing`.
//!
//! What an author writes can be hostile: its length, its nesting and the
//! work of laying it out are bounded by counts, and what is refused is
//! shown as its source.

use bitcode::{Decode, Encode};

#[cfg(feature = "mermaid")]
use super::drawing;

/// Longer sources are not drawn; Mermaid itself refuses them as well.
#[cfg(feature = "mermaid")]
const MAX_BYTES: usize = 50_000;

/// How many lines, how deep in brackets, in blocks and by indentation.
#[cfg(feature = "mermaid")]
const MAX_LINES: usize = 1500;
#[cfg(feature = "mermaid")]
const MAX_DEPTH: usize = 40;

/// Words that begin what `end` ends.
#[cfg(feature = "mermaid")]
const BLOCKS: &[&str] =
    &["subgraph", "loop", "alt", "opt", "par", "par_over", "critical", "break", "rect", "box", "block"];

/// Why a diagram is not drawn.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Refusal {
    pub reason: String,
    /// The line of the source, 0-based, where it is known.
    pub line_idx: Option<usize>,
}

/// Returns a diagram as safe SVG, see `drawing::inline`.
#[cfg(not(feature = "mermaid"))]
pub fn svg(_source: &str) -> Result<String, Refusal> {
    Err(Refusal { reason: "this Callboard was built without Mermaid".to_string(), line_idx: None })
}

/// Returns a diagram as safe SVG, see `drawing::inline`.
#[cfg(feature = "mermaid")]
pub fn svg(source: &str) -> Result<String, Refusal> {
    let refused = |reason: &str| Err(Refusal { reason: reason.to_string(), line_idx: None });
    if let Some(reason) = excess(source) {
        return refused(reason);
    }
    // The crate turns most of its own panics into errors; should one get
    // through, it is this diagram's trouble and not the portal's.
    let drawn = std::panic::catch_unwind(|| drawn(source));
    let svg = drawn.unwrap_or_else(|_| refused("it cannot be laid out"))?;
    drawing::inline(&svg, &label(source, &svg)).or_else(refused)
}

#[cfg(feature = "mermaid")]
fn drawn(source: &str) -> Result<String, Refusal> {
    use merman::svg::{RenderResourcePolicy, ResourceLimitId, SvgRenderOptions};
    use merman::{OperationControl, RenderOutput, RenderRequest, Renderer, SvgEnvironment, SvgRequest};

    static RENDERER: std::sync::LazyLock<Renderer> = std::sync::LazyLock::new(|| {
        let config = merman::MermaidConfig::from_value(config());
        Renderer::new().with_engine(merman::Engine::new().with_site_config(config))
    });
    let mut resources = RenderResourcePolicy::interactive();
    for (limit, count) in [
        (ResourceLimitId::MaxSourceBytes, MAX_BYTES),
        (ResourceLimitId::MaxModelItems, 3000),
        (ResourceLimitId::MaxModelTextBytes, 4 * MAX_BYTES),
        (ResourceLimitId::MaxModelNestingDepth, MAX_DEPTH),
        (ResourceLimitId::MaxLayoutWorkUnits, 1_000_000),
        (ResourceLimitId::MaxSvgBytes, 4 << 20),
        (ResourceLimitId::MaxSvgElements, 20_000),
    ] {
        resources = resources.with_limit(limit, count).unwrap_or(resources);
    }
    let request = SvgRequest {
        environment: SvgEnvironment::deterministic().with_resource_policy(resources),
        options: SvgRenderOptions { diagram_id: Some("dg".to_string()), ..SvgRenderOptions::default() },
        ..SvgRequest::default()
    };
    match RENDERER.render(RenderRequest::svg(source, OperationControl::new(), request)) {
        Ok(RenderOutput::Svg(Some(svg))) => Ok(svg.into_parts().0),
        Ok(_) => Err(Refusal { reason: "it names no kind of diagram".to_string(), line_idx: Some(0) }),
        Err(error) => Err(refusal(source, &error)),
    }
}

#[cfg(feature = "mermaid")]
fn refusal(source: &str, error: &merman::RenderError) -> Refusal {
    const MAX_CHARS: usize = 200;
    let line_idx = match error {
        merman::RenderError::Parse(diagnostic) => {
            let span = diagnostic.terminal_diagnostic_details().span;
            span.and_then(|span| Some(source.get(..span.start)?.matches('\n').count()))
        }
        _ => None,
    };
    let reason: String = error.to_string().chars().filter(|c| !c.is_control()).take(MAX_CHARS).collect();
    Refusal { reason, line_idx }
}

/// Tells what there is too much of.
#[cfg(feature = "mermaid")]
fn excess(source: &str) -> Option<&'static str> {
    if source.len() > MAX_BYTES || source.lines().count() > MAX_LINES {
        return Some("it is too long");
    }
    let (mut brackets, mut blocks) = (0_usize, 0_usize);
    let mut indents: Vec<usize> = Vec::new();
    let (mut is_setting, mut is_matter) = (false, false);
    for line in source.lines() {
        let text = line.trim();
        is_matter ^= text == "---";
        is_setting |= text.contains("%%{");
        let indent = line.len() - line.trim_start().len();
        if !text.is_empty() {
            indents.retain(|outer| *outer < indent);
            indents.push(indent);
        }
        let first = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
        let opens = BLOCKS.contains(&first) && !text.contains("--") || text.ends_with('{');
        blocks += usize::from(opens);
        blocks = blocks.saturating_sub(usize::from(first == "end" || text.starts_with('}')));
        // Crow's feet, `||--o{`, close nothing: outside of settings
        // brackets count within their line.
        if !is_setting && !is_matter {
            brackets = 0;
        }
        for byte in text.bytes() {
            match byte {
                b'(' | b'[' | b'{' => brackets += 1,
                b')' | b']' | b'}' => brackets = brackets.saturating_sub(1),
                _ => {}
            }
            if brackets.max(blocks).max(indents.len()) > MAX_DEPTH {
                return Some("it is nested too deeply");
            }
        }
        is_setting &= !text.contains("}%%");
    }
    None
}

/// Returns what those hear who have the page read to them.
#[cfg(feature = "mermaid")]
fn label(source: &str, svg: &str) -> String {
    let attribute = |name: &str| {
        let (_, after) = svg.get(..4000).unwrap_or(svg).split_once(&format!("{name}=\""))?;
        after.split('"').next()
    };
    let kind = match attribute("aria-roledescription").unwrap_or("") {
        "flowchart-v2" | "flowchart" => "Flowchart",
        "sequence" => "Sequence diagram",
        "class" | "classDiagram" => "Class diagram",
        "stateDiagram" => "State diagram",
        "er" => "Entity relationship diagram",
        "gantt" => "Gantt chart",
        "pie" => "Pie chart",
        "gitGraph" => "Git graph",
        "journey" => "User journey",
        "timeline" => "Timeline",
        "mindmap" => "Mind map",
        "requirement" => "Requirement diagram",
        "c4" => "C4 diagram",
        "quadrantChart" => "Quadrant chart",
        "xychart" => "Chart",
        "kanban" => "Kanban board",
        "block" => "Block diagram",
        _ => "Diagram",
    };
    let title = source.lines().find_map(|line| {
        let line = line.trim();
        let rest = line.strip_prefix("accTitle:").or_else(|| line.strip_prefix("title:"));
        rest.or_else(|| line.strip_prefix("title ")).map(str::trim).filter(|title| !title.is_empty())
    });
    match title {
        Some(title) => format!("{kind}: {}", title.chars().take(200).collect::<String>()),
        None => kind.to_string(),
    }
}

/// What Mermaid is told: text that needs no HTML, and the theme's colours,
/// which `drawing` finds again. An author's own themes do not count.
#[cfg(feature = "mermaid")]
fn config() -> serde_json::Value {
    use serde_json::{Map, Value, json};

    let color = |token: &str| {
        let known = drawing::TOKENS.iter().find(|(name, _)| *name == token);
        known.map_or("#000000", |(_, color)| *color)
    };
    let mut variables = Map::new();
    for (token, names) in VARIABLES {
        for name in names.split_ascii_whitespace() {
            variables.insert(name.to_string(), json!(color(token)));
        }
    }
    for idx in 0..12 {
        let (soft, strong) = (color(&format!("s{}", idx % 8 + 1)), color(&format!("t{}", idx % 8 + 1)));
        for (name, value) in [
            (format!("cScale{idx}"), soft),
            (format!("cScalePeer{idx}"), strong),
            (format!("cScaleInv{idx}"), color("line")),
            (format!("cScaleLabel{idx}"), color("text")),
            (format!("pie{}", idx + 1), soft),
            (format!("surface{idx}"), soft),
            (format!("surfacePeer{idx}"), strong),
            (format!("fillType{idx}"), soft),
            (format!("git{idx}"), strong),
            (format!("gitInv{idx}"), color("text")),
            (format!("gitBranchLabel{idx}"), color("on-strong")),
        ] {
            variables.insert(name, json!(value));
        }
    }
    let strong: Vec<&str> =
        (1..=8).map(|idx| color(["t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8"][idx - 1])).collect();
    // A line is to be seen on bars, so that their colours are far apart.
    let palette: Vec<&str> = [0, 2, 1, 3, 4, 5].into_iter().map(|idx: usize| strong[idx]).collect();
    variables.insert("fontFamily".to_string(), json!(FONT));
    for (name, value) in [
        ("fontSize", "14px"),
        ("pieTitleTextSize", "18px"),
        ("pieSectionTextSize", "14px"),
        ("pieLegendTextSize", "14px"),
        ("pieOpacity", "1"),
    ] {
        variables.insert(name.to_string(), json!(value));
    }
    variables.insert(
        "xyChart".to_string(),
        json!({
            "backgroundColor": "transparent",
            "titleColor": color("text"),
            "xAxisTitleColor": color("text"), "xAxisLabelColor": color("muted"),
            "xAxisTickColor": color("line"), "xAxisLineColor": color("line"),
            "yAxisTitleColor": color("text"), "yAxisLabelColor": color("muted"),
            "yAxisTickColor": color("line"), "yAxisLineColor": color("line"),
            "dataLabelColor": color("text"),
            "plotColorPalette": palette.join(","),
        }),
    );
    json!({
        "theme": "base",
        "look": "classic",
        "htmlLabels": false,
        "fontFamily": FONT,
        "fontSize": 14,
        "secure": ["secure", "securityLevel", "startOnLoad", "maxTextSize", "maxEdges", "theme", "themeVariables",
            "themeCSS", "fontFamily", "altFontFamily", "darkMode", "look", "htmlLabels", "layout", "elk"],
        "flowchart": {"htmlLabels": false, "wrappingWidth": 220},
        "class": {"htmlLabels": true},
        "state": {"htmlLabels": true},
        "gantt": {"axisFormat": "%d %b", "useWidth": 900},
        "er": {"htmlLabels": false},
        "journey": {"actorColours": strong, "sectionFills": (1..=8).map(|idx| Value::from(color(["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"][idx - 1]))).collect::<Vec<_>>()},
        "themeVariables": variables,
    })
}

#[cfg(feature = "mermaid")]
const FONT: &str = "arial, sans-serif";

/// The theme's colours, and what Mermaid's themes paint with them.
#[cfg(feature = "mermaid")]
const VARIABLES: &[(&str, &str)] = &[
    (
        "text",
        "primaryTextColor secondaryTextColor tertiaryTextColor textColor nodeTextColor titleColor labelColor \
         classText actorTextColor labelTextColor loopTextColor noteTextColor signalTextColor taskTextColor \
         taskTextDarkColor taskTextLightColor taskTextOutsideColor taskTextClickableColor stateLabelColor \
         transitionLabelColor requirementTextColor relationLabelColor pieTitleTextColor pieSectionTextColor \
         pieLegendTextColor quadrant1TextFill quadrant2TextFill quadrant3TextFill quadrant4TextFill quadrantTitleFill \
         quadrantPointTextFill commitLabelColor tagLabelColor archEdgeArrowColor errorTextColor scaleLabelColor \
         specialStateColor emTextColor",
    ),
    ("muted", "quadrantXAxisTextFill quadrantYAxisTextFill"),
    (
        "line",
        "lineColor defaultLinkColor arrowheadColor signalColor transitionColor relationColor archEdgeColor \
         actorLineColor",
    ),
    (
        "ground",
        "background backgroundColor edgeLabelBackground labelBackground labelBackgroundColor attributeBackgroundColorOdd rowOdd altSectionBkgColor \
      relationLabelBackground pieStrokeColor innerEndBackground commitLabelBackground tagLabelBackground compositeBackground \
      quadrant3Fill",
    ),
    (
        "node",
        "primaryColor mainBkg nodeBkg actorBkg labelBoxBkgColor stateBkg requirementBackground taskBkgColor rectBkgColor",
    ),
    (
        "edge",
        "primaryBorderColor nodeBorder actorBorder border1 border2 labelBoxBorderColor stateBorder requirementBorderColor \
         taskBorderColor activationBorderColor personBorder tagLabelBorder",
    ),
    (
        "group",
        "secondaryColor tertiaryColor clusterBkg sectionBkgColor sectionBkgColor2 altBackground excludeBkgColor compositeTitleBackground",
    ),
    (
        "group-line",
        "secondaryBorderColor tertiaryBorderColor clusterBorder compositeBorder gridColor pieOuterStrokeColor \
         quadrantInternalBorderStrokeFill quadrantExternalBorderStrokeFill archGroupBorderColor",
    ),
    (
        "alt",
        "attributeBackgroundColorEven rowEven doneTaskBkgColor activationBkgColor quadrant2Fill quadrant4Fill",
    ),
    ("note", "noteBkgColor"),
    ("note-line", "noteBorderColor"),
    ("on-strong", "sequenceNumberColor"),
    ("s1", "quadrant1Fill"),
    ("s2", "activeTaskBkgColor"),
    ("s5", "critBkgColor errorBkgColor"),
    ("t1", "quadrantPointFill"),
    ("t2", "activeTaskBorderColor vertLineColor"),
    ("t5", "critBorderColor todayLineColor"),
    ("t6", "doneTaskBorderColor"),
];

#[cfg(all(test, feature = "mermaid"))]
mod tests {
    use super::*;

    #[test]
    fn diagrams_are_drawn_from_lists_of_what_is_safe() {
        let svg = svg("flowchart LR\n  A[\"<img src=x onerror=alert(1)>\"] -->|yes| B{ok?}\n  click A \"javascript:alert(1)\"\n")
            .expect("a sound diagram");
        assert!(svg.starts_with("<svg class=\"cb-drawing\" role=\"img\" aria-label=\"Flowchart\""), "{svg}");
        for bad in ["<img", "onerror=", "javascript:", "style", "class=\"node", "foreignObject", "http"] {
            assert!(!svg.contains(bad), "{bad} in {svg}");
        }
        assert!(svg.contains("ok?") && svg.contains("var(--dg-node,"), "{svg}");
    }

    #[test]
    fn what_is_wrong_has_a_line() {
        let refusal = svg("sequenceDiagram\n  A->>B: x\n  ->> ->>\n").expect_err("it is wrong");
        assert_eq!(refusal.line_idx, Some(2), "{}", refusal.reason);
        assert_eq!(svg("no such diagram\n").expect_err("it is wrong").line_idx, None);
    }

    #[test]
    fn hostile_diagrams_are_refused() {
        let nested = |open: &str, close: &str, n: usize| format!("{}x{}", open.repeat(n), close.repeat(n));
        let cases = [
            format!("flowchart TD\nA --> B{}", " & C".repeat(20_000)),
            format!("flowchart TD\n{}", "subgraph a\n".repeat(1000)),
            format!("flowchart TD\nA{}", nested("(", ")", 1000)),
            format!("sequenceDiagram\n{}", "loop a\n".repeat(1000)),
            format!("stateDiagram-v2\n{}", "state a {\n".repeat(1000)),
            format!("mindmap\n{}", (0..300).map(|n| format!("{}a\n", " ".repeat(n))).collect::<String>()),
            format!("%%{{init: {}}}%%\nflowchart TD\nA", nested("{a:\n", "}", 1000)),
            format!("---\na: {}\n---\nflowchart TD\nA", nested("[", "]", 1000)),
        ];
        for case in cases {
            assert!(svg(&case).is_err(), "{}", &case[..60]);
        }
    }
}
