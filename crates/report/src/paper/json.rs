//! A paper as JSON, and back (formats, section 17).

use super::{FORMAT, Paper, Row};
use crate::site::written;
use base::Problem;
use guideline::codes;
use serde::Deserialize;

/// The longest report that is read, in bytes. An inspection pack with its picture has about one million.
const REPORT_BYTES_MAX: usize = 64 << 20;

/// What every format of a report has.
#[derive(Deserialize)]
struct Head {
    format: u64,
}

/// A paper as JSON, with a newline at its end. The same paper gives the same bytes. What a terminal would obey is written as
/// `\u`.
pub fn to_json(paper: &Paper) -> String {
    written(paper)
}

/// Reads a paper. What it says is not checked: it is what somebody wrote into a file.
///
/// # Errors
/// GL-0041: it is of another format. GL-0040: it is no paper, or longer than any.
pub fn from_json(text: &str) -> Result<Paper, Problem> {
    if text.len() > REPORT_BYTES_MAX {
        let ja = format!("{REPORT_BYTES_MAX} バイトを超えています");
        return Err(refused(&format!("it is longer than {REPORT_BYTES_MAX} bytes"), &ja));
    }
    let head: Head = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
    if head.format != u64::from(FORMAT) {
        let other = Problem::new(&codes::REPORT_FORMAT).with("found", head.format).with("known", FORMAT);
        return Err(other.log("a report of another format"));
    }
    let paper: Paper = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
    let fits = |row: &Row, columns: usize| match row {
        Row::Heading(_) => true,
        Row::Cells { cells, .. } => cells.len() == columns,
    };
    for (_, table) in paper.tables() {
        if !table.rows.iter().all(|row| fits(row, table.columns.len())) {
            return Err(refused(
                "a row has other cells than its table has columns",
                "表の列と行の欄の数が合いません",
            ));
        }
    }
    Ok(paper)
}

fn unreadable(error: &serde_json::Error) -> Problem {
    let ja = format!("{} 行 {} 列の内容が形式に合いません", error.line(), error.column());
    refused(&error.to_string(), &ja)
}

/// What is wrong is told to whoever sent it, not to the log: it can quote the report.
fn refused(en: &str, ja: &str) -> Problem {
    Problem::new(&codes::REPORT).with("what", en).with("what_ja", ja).log("a report that cannot be read")
}
