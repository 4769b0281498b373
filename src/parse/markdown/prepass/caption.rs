//! Captions that count themselves: `/// figure-caption` is `Figure 1.`,
//! `/// figure-caption | ^1` belongs to the one before it, `1.1`, and
//! `/// table-caption | 12` goes on from 12.

/// How deep numbers are nested.
const MAX_LEVELS: usize = 8;

/// The last number of each kind of caption.
#[derive(Default)]
pub(super) struct Captions {
    figures: Vec<u32>,
    tables: Vec<u32>,
}

impl Captions {
    /// Returns what stands before a caption; nothing for a plain one.
    pub(super) fn label(&mut self, name: &str, argument: &str) -> Option<String> {
        let (word, last) = match name {
            "figure-caption" => ("Figure", &mut self.figures),
            "table-caption" => ("Table", &mut self.tables),
            _ => return None,
        };
        let argument = argument.trim_start_matches(['<', '>', ' ']);
        let given = argument.split([' ', '#', '.']).next().unwrap_or("");
        match given.strip_prefix('^').map(str::parse::<usize>) {
            Some(Ok(level)) => {
                last.resize(level.min(MAX_LEVELS - 1) + 1, 0);
                next(last);
            }
            _ => match numbers(argument) {
                Some(numbers) => *last = numbers,
                None => {
                    last.resize(1, 0);
                    next(last);
                }
            },
        }
        let number: Vec<String> = last.iter().map(u32::to_string).collect();
        Some(format!("{word} {}.", number.join(".")))
    }
}

fn next(last: &mut [u32]) {
    // What is nested in nothing is nested in the first.
    last.iter_mut().rev().skip(1).for_each(|number| *number = (*number).max(1));
    if let Some(number) = last.last_mut() {
        *number = number.saturating_add(1);
    }
}

/// Reads `12` or `3.1` at the start.
fn numbers(text: &str) -> Option<Vec<u32>> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    text[..end].split('.').take(MAX_LEVELS).map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_count_themselves() {
        let mut captions = Captions::default();
        let labels: Vec<String> = ["", "^1", "< ^1 #id", "", "12", "#id", "3.1", "^1", "^x"]
            .iter()
            .filter_map(|argument| captions.label("figure-caption", argument))
            .collect();
        assert_eq!(
            labels.join(" "),
            "Figure 1. Figure 1.1. Figure 1.2. Figure 2. Figure 12. Figure 13. Figure 3.1. Figure 3.2. Figure 4."
        );
        assert_eq!(captions.label("table-caption", "").as_deref(), Some("Table 1."));
        assert_eq!(captions.label("caption", ""), None);
    }
}
