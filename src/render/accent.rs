//! The accent colour: one colour that a person chose becomes two that
//! can be read, one on a light and one on a dark ground.

/// Red, green and blue, 0 to 255.
type Rgb = [u8; 3];

/// The grounds that links stand on, the darker surfaces of the light
/// look and the lighter ones of the dark.
const LIGHT_GROUND: Rgb = [0xf4, 0xf6, 0xf8];
const DARK_GROUND: Rgb = [0x1d, 0x22, 0x28];
/// WCAG's AA for text.
const CONTRAST: f64 = 4.6;

/// Returns the stylesheet for an accent of the form `#rgb` or
/// `#rrggbb`; `None` when it is neither.
pub fn stylesheet(accent: &str) -> Option<String> {
    let colour = parse(accent)?;
    let light = hex(readable(colour, LIGHT_GROUND, [0, 0, 0]));
    let dark = hex(readable(colour, DARK_GROUND, [255, 255, 255]));
    Some(format!(
        ":root {{ --accent: {light}; }}\n\
         @media (prefers-color-scheme: dark) {{ :root:not([data-theme=\"light\"]) {{ --accent: {dark}; }} }}\n\
         :root[data-theme=\"dark\"] {{ --accent: {dark}; }}\n"
    ))
}

fn parse(accent: &str) -> Option<Rgb> {
    let digits = accent.strip_prefix('#')?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let channel = |text: &str| u8::from_str_radix(text, 16).ok();
    match digits.len() {
        3 => {
            let wide: Vec<u8> =
                digits.chars().filter_map(|digit| channel(&format!("{digit}{digit}"))).collect();
            wide.try_into().ok()
        }
        6 => Some([channel(&digits[..2])?, channel(&digits[2..4])?, channel(&digits[4..])?]),
        _ => None,
    }
}

/// Returns the colour, mixed with `towards` only as far as the contrast
/// with `ground` needs.
fn readable(colour: Rgb, ground: Rgb, towards: Rgb) -> Rgb {
    (0..=20)
        .map(|step| mix(colour, towards, f64::from(step) / 20.0))
        .find(|mixed| contrast(*mixed, ground) >= CONTRAST)
        .unwrap_or(towards)
}

fn mix(one: Rgb, other: Rgb, share: f64) -> Rgb {
    let channel =
        |idx: usize| (f64::from(one[idx]) * (1.0 - share) + f64::from(other[idx]) * share).round() as u8;
    [channel(0), channel(1), channel(2)]
}

fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: Rgb) -> f64 {
    let linear = |channel: u8| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2])
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_forms() {
        assert_eq!(parse("#0af"), Some([0x00, 0xaa, 0xff]));
        assert_eq!(parse("#0AF012"), Some([0x0a, 0xf0, 0x12]));
        assert_eq!(parse("red"), None);
        assert_eq!(parse("#12345"), None);
        assert_eq!(parse("#ggg"), None);
        assert_eq!(parse("#é12"), None);
    }

    #[test]
    fn any_colour_becomes_readable() {
        for colour in ["#ffff00", "#000000", "#ffffff", "#7c3aed", "#0f0"] {
            let colour = parse(colour).unwrap();
            assert!(contrast(readable(colour, LIGHT_GROUND, [0, 0, 0]), LIGHT_GROUND) >= CONTRAST);
            assert!(contrast(readable(colour, DARK_GROUND, [255; 3]), DARK_GROUND) >= CONTRAST);
        }
    }

    #[test]
    fn a_readable_colour_stays() {
        assert_eq!(readable([0x0b, 0x57, 0xd0], LIGHT_GROUND, [0, 0, 0]), [0x0b, 0x57, 0xd0]);
    }
}
