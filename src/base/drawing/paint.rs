//! The colours of a drawing: those of a theme by their names, so that
//! light and dark follow the reader, and the author's own as they are.

/// Names of the theme's colours, `--dg-…`, and what they are where a
/// theme has none: the colours that Mermaid is told to draw with.
pub const TOKENS: &[(&str, &str)] = &[
    ("text", "#1b2127"),
    ("muted", "#57626f"),
    ("line", "#57626e"),
    ("ground", "#fffffe"),
    ("node", "#e8f2f1"),
    ("edge", "#0f6e64"),
    ("group", "#f5f7f8"),
    ("group-line", "#cbd2d8"),
    ("alt", "#eef1f5"),
    ("note", "#fff4cf"),
    ("note-line", "#c9a227"),
    ("on-strong", "#fffffd"),
    ("s1", "#d7ebe8"),
    ("s2", "#dbe7f8"),
    ("s3", "#f9e7d2"),
    ("s4", "#e9e0f8"),
    ("s5", "#fbdfe2"),
    ("s6", "#e0f0d8"),
    ("s7", "#fdf0c4"),
    ("s8", "#d8eef6"),
    ("t1", "#0f7a6f"),
    ("t2", "#1e5fae"),
    ("t3", "#b45f06"),
    ("t4", "#6b3fb5"),
    ("t5", "#b3262f"),
    ("t6", "#3f7d20"),
    ("t7", "#8a6a00"),
    ("t8", "#0b7285"),
];

/// What tools draw with where nobody chose a colour.
const DEFAULTS: &[(&str, &str)] = &[
    ("#000000", "text"),
    ("#181818", "text"),
    ("#333333", "text"),
    ("#444444", "muted"),
    ("#666666", "muted"),
    ("#131300", "text"),
    ("#ffffff", "ground"),
];

/// Colours that have names, as far as authors use them.
const NAMES: &[(&str, &str)] = &[
    ("black", "#000000"),
    ("white", "#ffffff"),
    ("red", "#ff0000"),
    ("green", "#008000"),
    ("blue", "#0000ff"),
    ("yellow", "#ffff00"),
    ("orange", "#ffa500"),
    ("purple", "#800080"),
    ("pink", "#ffc0cb"),
    ("gray", "#808080"),
    ("grey", "#808080"),
    ("lightgray", "#d3d3d3"),
    ("lightgrey", "#d3d3d3"),
    ("darkgray", "#a9a9a9"),
    ("darkgrey", "#a9a9a9"),
    ("lightblue", "#add8e6"),
    ("lightgreen", "#90ee90"),
    ("lightyellow", "#ffffe0"),
    ("navy", "#000080"),
    ("teal", "#008080"),
    ("cyan", "#00ffff"),
    ("aqua", "#00ffff"),
    ("lime", "#00ff00"),
    ("magenta", "#ff00ff"),
    ("fuchsia", "#ff00ff"),
    ("maroon", "#800000"),
    ("olive", "#808000"),
    ("silver", "#c0c0c0"),
    ("gold", "#ffd700"),
    ("tomato", "#ff6347"),
    ("brown", "#a52a2a"),
    ("ivory", "#fffff0"),
    ("beige", "#f5f5dc"),
    ("coral", "#ff7f50"),
    ("salmon", "#fa8072"),
    ("khaki", "#f0e68c"),
    ("violet", "#ee82ee"),
    ("indigo", "#4b0082"),
    ("steelblue", "#4682b4"),
    ("skyblue", "#87ceeb"),
    ("whitesmoke", "#f5f5f5"),
];

/// What a shape or a text is painted with.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Paint {
    /// A colour of the theme, as an index into [`TOKENS`].
    Token(usize),
    /// One that the author chose, and how much of it shows.
    Own {
        rgb: [u8; 3],
        alpha: f32,
    },
    Nothing,
    /// A gradient, by its identifier.
    Reference(String),
}

/// Reads a colour; `None` if it is none.
pub(super) fn paint(value: &str) -> Option<Paint> {
    let value = value.trim().to_ascii_lowercase();
    if matches!(&*value, "none" | "transparent") {
        return Some(Paint::Nothing);
    }
    let named = NAMES.iter().find(|(name, _)| *name == value).map(|(_, hex)| *hex);
    let (rgb, alpha) = color(named.unwrap_or(&value))?;
    if alpha <= 0.0 {
        return Some(Paint::Nothing);
    }
    let hex = hex(rgb);
    let default = DEFAULTS.iter().find(|(known, _)| *known == hex).map(|(_, token)| *token);
    let is_it = |(name, known): &(&str, &str)| Some(*name) == default || *known == hex;
    Some(match TOKENS.iter().position(is_it).filter(|_| alpha >= 1.0) {
        Some(token) => Paint::Token(token),
        None => Paint::Own { rgb, alpha },
    })
}

fn color(text: &str) -> Option<([u8; 3], f32)> {
    if let Some(digits) = text.strip_prefix('#') {
        let digit = |idx: usize| u8::from_str_radix(digits.get(idx..=idx)?, 16).ok();
        let pair = |idx: usize| u8::from_str_radix(digits.get(idx..idx + 2)?, 16).ok();
        return match digits.len() {
            3 | 4 => {
                let alpha = if digits.len() == 4 { digit(3)? } else { 15 };
                Some(([digit(0)? * 17, digit(1)? * 17, digit(2)? * 17], f32::from(alpha) / 15.0))
            }
            6 | 8 => {
                let alpha = if digits.len() == 8 { pair(6)? } else { 255 };
                Some(([pair(0)?, pair(2)?, pair(4)?], f32::from(alpha) / 255.0))
            }
            _ => None,
        };
    }
    let (function, inside) = text.strip_suffix(')')?.split_once('(')?;
    let parts: Vec<(f32, bool)> = inside
        .split([',', ' ', '/'])
        .filter(|part| !part.is_empty())
        .take(5)
        .map(|part| {
            let number = part.trim_end_matches("deg");
            let (number, is_share) =
                number.strip_suffix('%').map_or((number, false), |number| (number, true));
            Some((number.parse().ok().filter(|number: &f32| number.is_finite())?, is_share))
        })
        .collect::<Option<_>>()?;
    let share = |(number, is_share): (f32, bool)| if is_share { number / 100.0 } else { number };
    let alpha = parts.get(3).copied().map_or(1.0, share).clamp(0.0, 1.0);
    let [first, second, third] = *parts.get(..3)? else { return None };
    match function {
        "rgb" | "rgba" => {
            let channel = |(number, is_share): (f32, bool)| if is_share { number * 2.55 } else { number };
            Some(([first, second, third].map(|part| channel(part).round().clamp(0.0, 255.0) as u8), alpha))
        }
        "hsl" | "hsla" => Some((of_hue(first.0, second.0 / 100.0, third.0 / 100.0), alpha)),
        _ => None,
    }
}

fn of_hue(hue: f32, saturation: f32, lightness: f32) -> [u8; 3] {
    let (saturation, lightness) = (saturation.clamp(0.0, 1.0), lightness.clamp(0.0, 1.0));
    let reach = saturation * lightness.min(1.0 - lightness);
    let channel = |offset: f32| {
        let place = (offset + hue / 30.0).rem_euclid(12.0);
        let value = lightness - reach * (place - 3.0).min(9.0 - place).clamp(-1.0, 1.0);
        (value * 255.0).round().clamp(0.0, 255.0) as u8
    };
    [channel(0.0), channel(8.0), channel(4.0)]
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

impl Paint {
    /// Returns what an attribute says of it. `reference` gives the new
    /// name of a gradient.
    pub(super) fn written(&self, reference: impl Fn(&str) -> Option<String>) -> Option<String> {
        Some(match self {
            Paint::Token(idx) => {
                let (name, color) = TOKENS.get(*idx)?;
                format!("var(--dg-{name},{color})")
            }
            Paint::Own { rgb, alpha } if *alpha >= 1.0 => hex(*rgb),
            Paint::Own { rgb: [red, green, blue], alpha } => format!("rgba({red},{green},{blue},{alpha:.2})"),
            Paint::Nothing => "none".to_string(),
            Paint::Reference(id) => format!("url(#{})", reference(id)?),
        })
    }

    /// Returns the theme's colour for a label on one of its strong ones.
    pub(super) fn label_on(&self) -> Option<Paint> {
        let Paint::Token(idx) = self else { return None };
        let is_strong = TOKENS.get(*idx).is_some_and(|(name, _)| name.len() == 2 && name.starts_with('t'));
        is_strong
            .then(|| TOKENS.iter().position(|(name, _)| *name == "on-strong").map(Paint::Token))
            .flatten()
    }

    /// Returns the colour for text that stands on this one, if the
    /// theme's would not do: an author's colour stays in the dark.
    pub(super) fn text_on(&self) -> Option<Paint> {
        let Paint::Own { rgb, alpha } = self else { return None };
        if *alpha < 0.5 {
            return None;
        }
        let linear = |channel: u8| (f32::from(channel) / 255.0).powf(2.2);
        let [red, green, blue] = rgb.map(linear);
        let is_light = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.3;
        Some(Paint::Own { rgb: if is_light { [0x1b, 0x21, 0x27] } else { [0xff; 3] }, alpha: 1.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, expected: Option<&str>) {
        let written = paint(value).and_then(|paint| paint.written(|_| None));
        assert_eq!(written.as_deref(), expected, "{value}");
    }

    #[test]
    fn colours_are_the_themes_or_the_authors() {
        check("#1B2127", Some("var(--dg-text,#1b2127)"));
        check("black", Some("var(--dg-text,#1b2127)"));
        check("#fff", Some("var(--dg-ground,#fffffe)"));
        check("#f9f", Some("#ff99ff"));
        check("rgb(255, 0, 10)", Some("#ff000a"));
        check("rgba(255,0,10,0.5)", Some("rgba(255,0,10,0.50)"));
        check("hsl(120, 100%, 25%)", Some("#008000"));
        check("hsl(-240 100% 25%)", Some("#008000"));
        check("transparent", Some("none"));
        check("#12345600", Some("none"));
        for none in ["", "url(#x)", "#12", "#gggggg", "rgb(1,2)", "expression(1)", "var(--x)", "#é12"] {
            check(none, None);
        }
    }

    #[test]
    fn text_on_an_authors_colour_can_be_read() {
        let on = |value: &str| paint(value)?.text_on()?.written(|_| None);
        assert_eq!(on("#ff99ff").as_deref(), Some("#1b2127"));
        assert_eq!(on("#08427b").as_deref(), Some("#ffffff"));
        assert_eq!(on("#e8f2f1"), None);
    }
}
