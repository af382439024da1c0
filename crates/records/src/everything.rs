//! `$everything`: all that belongs to a record.

use crate::call::{Answer, Problems};
use crate::codes;
use crate::facility::{Caller, Facility};
use base::{Problem, RecordKey};

pub(crate) fn perform(
    _facility: &Facility,
    _caller: &Caller<'_>,
    key: &RecordKey,
    _query: &[(String, String)],
) -> Result<Answer, Problems> {
    Err(Problem::new(&codes::ABSENT).with("record", key).into())
}
