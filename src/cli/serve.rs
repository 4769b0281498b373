//! `callboard serve`.

use std::sync::Arc;
use std::sync::atomic::AtomicU8;

use crate::model::failure::Failure;

use super::Outcome;
use super::args::{Common, Serve};
use super::environment::Environment;

/// Builds the site, serves it and follows changes.
pub(crate) fn serve(
    _environment: &Environment,
    _common: &Common,
    _args: &Serve,
    _signal: Arc<AtomicU8>,
) -> Result<Outcome, Failure> {
    Ok(Outcome::Done)
}
