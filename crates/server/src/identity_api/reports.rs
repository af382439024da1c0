//! `POST /f/{facility}/admin/report`: a report as the file that the caller takes, with its digest and version.

use super::Asked;
use crate::answer::{self, Content, Reply};
use crate::codes;
use crate::language::weighted;
use base::Problem;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use evidence::{Command, Evidence, NewReport, Output};
use http::header::{ACCEPT, CONTENT_DISPOSITION, HeaderName, HeaderValue};
use http::{HeaderMap, StatusCode};
use identity::Caller;
use records::Problems;
use serde_json::Value;

/// The command whose answer is a file.
pub(super) const NAME: &str = "report";
/// The digest of what is sent (RFC 9530).
const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");
/// Which version of the report it is.
const REPORT_VERSION: HeaderName = HeaderName::from_static("report-version");
/// In which order forms are taken where the caller likes several alike.
const FORMS: [Output; 4] = [Output::Json, Output::Pdf, Output::Xlsx, Output::Html];

pub(super) async fn hand_out(
    evidence: &Evidence,
    caller: &Caller,
    command: Command,
    asked: &Asked<'_>,
) -> Result<Reply, Problems> {
    let Command::Report(wanted) = command else {
        return Err(Problem::new(&codes::ADDRESS_UNKNOWN).into());
    };
    let output = output(asked.headers(), wanted.output)?;
    let wanted = NewReport { output: Some(output), ..wanted };
    let told = evidence.perform(&caller.actor, Command::Report(wanted)).await?;
    if let Some(named) = evidence::named(&told) {
        asked.law.trail.note(|access| access.target = named);
    }
    Ok(reply(output, &told)
        .ok_or_else(|| Problem::new(&codes::START_FAILED).log("a report without its file"))?)
}

fn reply(output: Output, told: &Value) -> Option<Reply> {
    let file = told.get("files")?.get(0)?;
    let text = |name: &str| file.get(name).and_then(Value::as_str);
    let bytes = STANDARD.decode(text("base64")?).ok()?;
    let digest = from_hex(text("sha256")?)?;
    let mut reply = answer::file(StatusCode::OK, Content { media: output.media(), bytes });
    let fields = [
        // Its name is made of ids: letters, digits, hyphens and full stops.
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", text("name")?)),
        (REPR_DIGEST, format!("sha-256=:{}:", STANDARD.encode(digest))),
        (REPORT_VERSION, told.get("version")?.to_string()),
    ];
    for (name, value) in fields {
        reply.headers_mut().insert(name, HeaderValue::try_from(value).ok()?);
    }
    Some(reply)
}

/// The bytes of hexadecimal digits.
fn from_hex(digits: &str) -> Option<Vec<u8>> {
    let byte = |at: usize| u8::from_str_radix(digits.get(at..at.checked_add(2)?)?, 16).ok();
    (0..digits.len()).step_by(2).map(byte).collect()
}

/// As which file the report goes out: as the body says, if the caller takes that, otherwise what the caller likes best.
fn output(headers: &HeaderMap, wanted: Option<Output>) -> Result<Output, Problem> {
    if wanted == Some(Output::Bundle) {
        return Ok(Output::Bundle);
    }
    let offered: Vec<Output> = wanted.map_or_else(|| FORMS.to_vec(), |one| vec![one]);
    // Of forms that are liked alike the first wins.
    let best =
        offered.into_iter().rev().map(|one| (liked(headers, one), one)).max_by_key(|(weight, _)| *weight);
    best.filter(|(weight, _)| *weight > 0)
        .map(|(_, one)| one)
        .ok_or_else(|| Problem::new(&codes::FORMAT_NOT_OFFERED))
}

/// How much a caller likes a form: by the range that names it most closely (RFC 9110, section 12.5.1). Who says nothing
/// takes anything.
fn liked(headers: &HeaderMap, output: Output) -> u32 {
    let media = output.media().split(';').next().unwrap_or_default();
    let family = media.split('/').next().unwrap_or_default();
    let ranges = [media.to_owned(), format!("{family}/*"), "*/*".to_owned()];
    let mut found = [None; 3];
    let mut said = false;
    for field in headers.get_all(ACCEPT) {
        for (range, weight) in field.to_str().unwrap_or("").split(',').filter_map(weighted) {
            said = true;
            for (known, place) in ranges.iter().zip(&mut found) {
                if range.eq_ignore_ascii_case(known) {
                    *place = Some(u32::from(weight));
                }
            }
        }
    }
    found.into_iter().flatten().next().unwrap_or(u32::from(!said))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(accept: Option<&'static str>, wanted: Option<Output>) -> Option<Output> {
        let fields = accept.map(|text| (ACCEPT, HeaderValue::from_static(text)));
        output(&HeaderMap::from_iter(fields), wanted).ok()
    }

    #[test]
    fn a_caller_gets_the_form_it_likes_best() {
        let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        for (accept, form) in [
            (None, Some(Output::Json)),
            (Some("*/*"), Some(Output::Json)),
            (Some("application/pdf"), Some(Output::Pdf)),
            (Some(xlsx), Some(Output::Xlsx)),
            (Some("text/html,application/xhtml+xml,*/*;q=0.8"), Some(Output::Html)),
            (Some("application/*, application/json;q=0"), Some(Output::Pdf)),
            (Some("application/json;q=0.2, application/pdf;q=0.7"), Some(Output::Pdf)),
            (Some("image/png"), None),
            (Some("application/pdf;q=0"), None),
        ] {
            assert_eq!(chosen(accept, None), form, "{accept:?}");
        }
    }

    #[test]
    fn what_the_body_says_is_sent_if_the_caller_takes_it() {
        assert_eq!(chosen(None, Some(Output::Pdf)), Some(Output::Pdf));
        assert_eq!(chosen(Some("*/*"), Some(Output::Html)), Some(Output::Html));
        assert_eq!(chosen(Some("application/json"), Some(Output::Pdf)), None);
    }
}
