//! `callboard explain`: what a diagnostic means and how to mend it.

use crate::base::text::nearest;
use crate::model::codes;
use crate::model::failure::Failure;

/// Returns the explanation of a code, or the list of all codes.
pub(crate) fn explain(code: Option<&str>) -> Result<String, Failure> {
    let Some(id) = code else { return Ok(list()) };
    match codes::find(id) {
        Some(code) => {
            Ok(format!("{} ({}): {}\n\n{}\n", code.id, code.severity.name(), code.summary, code.explanation))
        }
        None => {
            let failure =
                Failure::usage(format!("there is no diagnostic `{}`", super::report::printable(id)));
            let all = codes::all();
            Err(match nearest(id, all.iter().map(|code| code.id)) {
                Some(nearest) => failure.with_help(format!("did you mean `{nearest}`?")),
                None => failure.with_help("`callboard explain` lists all of them"),
            })
        }
    }
}

fn list() -> String {
    let all = codes::all();
    let width = all.iter().map(|code| code.id.len()).max().unwrap_or(0);
    all.iter()
        .map(|code| format!("{:<width$}  {:<7}  {}\n", code.id, code.severity.name(), code.summary))
        .collect()
}
