//! `POST [base]`: a batch, each entry for itself, or a transaction, all entries or none.

use crate::bundle_entry::{Look, Wish};
use crate::call::{Answer, Media, Problems, Returned, Target};
use crate::facility::{Caller, Facility};
use crate::reply::{self, quoted};
use crate::trail::Trail;
use crate::write;
use crate::{behalf, codes, create, delete, look, patch, transaction, update};
use access::Action;
use base::Problem;
use fhir::{Bundle, BundleKind, Entry};
use futures_util::future::join_all;

/// How the caller wants the entries to be treated and answered.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) returned: Returned,
    pub(crate) lenient: bool,
}

pub(crate) async fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    body: &[u8],
    wanted: Wanted,
) -> Result<Answer, Problems> {
    caller.may(Action::BUNDLE, "Bundle")?;
    let bundle = read_bundle(fhir::json::parse(body)?)?;
    if caller.behalf.is_some() {
        behalf::expect_in_bundle(&bundle.entries)?;
    }
    let (kind, entries) = match bundle.kind {
        BundleKind::Batch => ("batch-response", batch(facility, caller, bundle.entries, wanted).await),
        BundleKind::Transaction => {
            let entries = transaction::perform(facility, caller, bundle.entries, wanted).await?;
            ("transaction-response", entries)
        }
        BundleKind::Other(found) => {
            return Err(Problem::new(&codes::BUNDLE_TYPE).with("found", found).at("Bundle.type").into());
        }
    };
    let mut out = format!(r#"{{"resourceType":"Bundle","type":"{kind}""#).into_bytes();
    if !entries.is_empty() {
        out.extend(br#","entry":["#);
        out.extend(entries.join(&b','));
        out.push(b']');
    }
    out.push(b'}');
    Ok(Answer::found(out))
}

pub(crate) fn read_bundle(node: fhir::Node) -> Result<Bundle, Problems> {
    fhir::bundle::read(node).map_err(|problems| {
        let mut problems = problems.into_iter();
        match problems.next() {
            Some(first) => Problems::new(first, problems.collect()),
            None => Problem::new(&store::codes::DATABASE).log("a check failed without a problem").into(),
        }
    })
}

/// Entries of a batch know nothing of each other; their writes share commits because they wait together.
async fn batch(
    facility: &Facility,
    caller: &Caller<'_>,
    entries: Vec<Entry>,
    wanted: Wanted,
) -> Vec<Vec<u8>> {
    let answers = entries.into_iter().enumerate().map(|(index, entry)| async move {
        match part(facility, caller, index, entry, wanted).await {
            Ok(answer) => response(caller, &answer, wanted.returned),
            Err(problems) => failure(caller, &problems.below(&place(index))),
        }
    });
    join_all(answers).await
}

/// An entry with a trail of its own: it is a request for itself.
async fn part(
    facility: &Facility,
    caller: &Caller<'_>,
    index: usize,
    entry: Entry,
    wanted: Wanted,
) -> Result<Answer, Problems> {
    let trail = caller.trail.part(index)?;
    let caller = Caller { trail: &trail, ..*caller };
    let answer = match Wish::read(entry) {
        Ok(wish) => one(facility, &caller, wish, wanted).await,
        Err(problem) => Err(problem.into()),
    };
    ended(facility, &trail, answer).await
}

/// Writes down how a part ended. An answer whose entry cannot be written is none.
pub(crate) async fn ended(
    facility: &Facility,
    trail: &Trail,
    answer: Result<Answer, Problems>,
) -> Result<Answer, Problems> {
    let first = answer.as_ref().err().and_then(|problems| problems.all().first());
    let status = match &answer {
        Ok(answer) => reply::status_number(answer.outcome),
        Err(_) => fhir::outcome::status(first.map_or(base::Class::Fault, Problem::class)),
    };
    trail.note(|access| {
        access.status = status;
        access.code = first.map(|problem| problem.code().id.to_owned());
    });
    trail.close(facility).await?;
    answer
}

async fn one(
    facility: &Facility,
    caller: &Caller<'_>,
    wish: Wish,
    wanted: Wanted,
) -> Result<Answer, Problems> {
    name(&wish, caller.trail);
    match wish {
        Wish::Create { kind, resource, none_exist } => {
            let checked = write::of_type(&kind, write::check(resource)?)?;
            create::understood(facility, caller, &checked, none_exist.as_ref()).await
        }
        Wish::Update { target, resource, condition } => {
            let checked = write::of_type(target.kind(), write::check(resource)?)?;
            update::understood(facility, caller, target, &checked, condition).await
        }
        Wish::Patch { target, patch, condition } => {
            patch::understood(facility, caller, &target, &patch, condition).await
        }
        Wish::Delete { target, condition } => delete::perform(facility, caller, target, condition).await,
        Wish::Look(look) => looked(facility, caller, look, wanted.lenient),
    }
}

/// What the access entry says of an entry that writes; readings name themselves.
fn name(wish: &Wish, trail: &Trail) {
    let query = |target: &Target| target.criteria().cloned();
    let (action, target, query) = match wish {
        Wish::Create { kind, none_exist, .. } => (Action::CREATE, kind.clone(), none_exist.clone()),
        Wish::Update { target, .. } => (Action::UPDATE, target.to_string(), query(target)),
        Wish::Patch { target, .. } => (Action::PATCH, target.to_string(), query(target)),
        Wish::Delete { target, .. } => (Action::DELETE, target.to_string(), query(target)),
        Wish::Look(_) => return,
    };
    trail.asked(action, &target, query.as_deref());
}

/// The answer to an entry that reads.
pub(crate) fn looked(
    facility: &Facility,
    caller: &Caller<'_>,
    look: Look,
    lenient: bool,
) -> Result<Answer, Problems> {
    let answer = look::perform(facility, caller, look.reading, lenient)?;
    Ok(if look.head { Answer { body: Vec::new(), ..answer } } else { answer })
}

/// Where an entry stands.
pub(crate) fn place(index: usize) -> String {
    format!("Bundle.entry[{index}]")
}

/// The entry of the answer to an entry that went well.
pub(crate) fn response(caller: &Caller<'_>, answer: &Answer, returned: Returned) -> Vec<u8> {
    let mut out = b"{".to_vec();
    if let Some(stamp) = &answer.stamp {
        out.extend(
            format!(r#""fullUrl":{},"#, quoted(&format!("{}/{}", caller.base_url, stamp.key))).as_bytes(),
        );
    }
    let shown = !answer.outcome.of_write() || returned == Returned::Representation;
    if shown && !answer.body.is_empty() && answer.media == Media::FhirJson {
        out.extend(br#""resource":"#);
        out.extend(&answer.body);
        out.push(b',');
    }
    out.extend(format!(r#""response":{{"status":"{}""#, reply::status(answer.outcome)).as_bytes());
    if let Some(stamp) = &answer.stamp {
        let location = quoted(&format!("{}/{}/_history/{}", caller.base_url, stamp.key, stamp.version));
        out.extend(
            format!(
                r#","location":{location},"etag":"W/\"{}\"","lastModified":"{}""#,
                stamp.version, stamp.time
            )
            .as_bytes(),
        );
    }
    if answer.outcome.of_write() && returned == Returned::Outcome {
        out.extend(br#","outcome":"#);
        out.extend(reply::outcome_of_write(answer.outcome, caller.language));
    }
    out.extend(b"}}");
    out
}

/// The entry of the answer to an entry that failed.
pub(crate) fn failure(caller: &Caller<'_>, problems: &Problems) -> Vec<u8> {
    let class = problems.all().first().map_or(base::Class::Fault, Problem::class);
    let status = fhir::outcome::status(class);
    let mut out = format!(r#"{{"response":{{"status":"{status}","outcome":"#).into_bytes();
    out.extend(fhir::outcome::operation_outcome(problems.all(), caller.language));
    out.extend(b"}}");
    out
}
