//! The register of documents: what is there, whether it is what was registered, and until when it counts.

use super::{Evidence, people_only};
use crate::codes;
use crate::command::{NewDocument, Place, until};
use crate::kept::{Approved, Document, Stood, Withdrawn};
use crate::register::Step;
use crate::words::{NAME_CHARS_MAX, NOTE_CHARS_MAX, optional, text, wrong};
use base::{Problem, Time};
use data_encoding::HEXLOWER;
use guideline::Day;
use guideline::{Fact, Heading, Moment, Template, Text};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use store::disk::file_problem;
use store::{Actor, ActorKind};

/// Largest file whose digest is taken, in bytes.
const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Longest path or address, in characters.
const PLACE_CHARS_MAX: usize = 1_000;

/// Whether a document counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Counts,
    NotApproved,
    Expired,
    Changed,
    Missing,
    Withdrawn,
}

impl Standing {
    fn word(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::NotApproved => "not-approved",
            Self::Expired => "expired",
            Self::Changed => "changed",
            Self::Missing => "missing",
            Self::Withdrawn => "withdrawn",
        }
    }

    fn told(self, document: &Document) -> Text {
        let title = &document.title;
        let (ja, en) = match self {
            Self::Counts => (format!("台帳の文書「{title}」"), format!("registered document \"{title}\"")),
            Self::NotApproved => {
                (format!("文書「{title}」が未承認"), format!("document \"{title}\" is not approved"))
            }
            Self::Expired => {
                let on = &document.review_on;
                (
                    format!("文書「{title}」が見直し期限（{on}）を過ぎた"),
                    format!("document \"{title}\" was to be reviewed by {on}"),
                )
            }
            Self::Changed => (
                format!("文書「{title}」のファイルが登録時と異なる"),
                format!("the file of document \"{title}\" is not what was registered"),
            ),
            Self::Missing => (
                format!("文書「{title}」のファイルを読めない"),
                format!("the file of document \"{title}\" cannot be read"),
            ),
            Self::Withdrawn => {
                (format!("文書「{title}」は取り下げ済み"), format!("document \"{title}\" was withdrawn"))
            }
        };
        Text { ja, en }
    }
}

/// What was found where a document should lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    AsRegistered,
    Changed,
    Missing,
}

fn standing(document: &Document, found: Found, now: Time) -> Standing {
    if document.withdrawn.is_some() {
        return Standing::Withdrawn;
    }
    match found {
        Found::Changed => Standing::Changed,
        Found::Missing => Standing::Missing,
        Found::AsRegistered if document.review_on.ends() <= now => Standing::Expired,
        Found::AsRegistered if document.approved.is_none() => Standing::NotApproved,
        Found::AsRegistered => Standing::Counts,
    }
}

/// SHA-256 of a file, as hexadecimal digits.
///
/// # Errors
/// It cannot be read, is no regular file, or is larger than 256 MiB.
pub fn digest(path: &Path) -> Result<String, Problem> {
    let problem = |error: &std::io::Error| file_problem(path, error);
    let file = std::fs::File::open(path).map_err(|error| problem(&error))?;
    let metadata = file.metadata().map_err(|error| problem(&error))?;
    if !metadata.is_file() || metadata.len() > FILE_BYTES_MAX {
        return Err(wrong(
            "a document is one file of at most 256 MiB",
            "文書は 256 MiB 以下の 1 つのファイルです",
        ));
    }
    let mut sum = Sha256::new();
    let mut reader = std::io::BufReader::new(file.take(FILE_BYTES_MAX));
    let mut piece = vec![0; 64 * 1024];
    loop {
        let count = reader.read(&mut piece).map_err(|error| problem(&error))?;
        match piece.get(..count) {
            Some([]) | None => return Ok(HEXLOWER.encode(&sum.finalize())),
            Some(read) => sum.update(read),
        }
    }
}

impl Evidence {
    /// What lies where the documents of the register should lie.
    async fn look_at_files(&self) -> BTreeMap<String, Found> {
        let files: Vec<(String, String, Option<String>)> = self
            .register()
            .documents
            .values()
            .map(|one| &one.kept)
            .filter(|document| document.withdrawn.is_none())
            .filter_map(|document| match &document.place {
                Place::File(path) => Some((document.id.clone(), path.clone(), document.sha256.clone())),
                Place::Link(_) | Place::Shelf(_) => None,
            })
            .collect();
        let look = move || {
            let found = |(id, path, registered): (String, String, Option<String>)| {
                let found = match digest(Path::new(&path)) {
                    Ok(digest) if Some(&digest) == registered.as_ref() => Found::AsRegistered,
                    Ok(_) => Found::Changed,
                    Err(_) => Found::Missing,
                };
                (id, found)
            };
            files.into_iter().map(found).collect()
        };
        // A look that was cut off found nothing: no document counts by it.
        tokio::task::spawn_blocking(look).await.unwrap_or_default()
    }

    /// The facts that the register tells: of each kind that is in it, whether one of its documents counts.
    pub(super) async fn document_facts(&self, now: Time) -> Vec<Fact> {
        let found = self.look_at_files().await;
        let register = self.register();
        let mut kinds: BTreeMap<&str, Vec<(&Stood<Document>, Standing)>> = BTreeMap::new();
        for one in register.documents.values().filter(|one| one.kept.withdrawn.is_none()) {
            let standing = standing(&one.kept, seen(&found, &one.kept), now);
            kinds.entry(&one.kept.kind).or_default().push((one, standing));
        }
        kinds.into_iter().filter_map(|(kind, documents)| fact(kind, &documents, now)).collect()
    }

    pub(super) async fn list_documents(&self) -> Result<Value, Problem> {
        let (found, now) = (self.look_at_files().await, self.clock.now());
        let register = self.register();
        let shown: Vec<Value> =
            register.documents.values().map(|one| shown(one, seen(&found, &one.kept), now)).collect();
        Ok(json!({ "documents": shown }))
    }

    /// Every kind, with how many of its documents count, and the days by which they are to be reviewed.
    pub(super) async fn list_kinds(&self) -> Result<Value, Problem> {
        let (found, now) = (self.look_at_files().await, self.clock.now());
        let engine = self.engine()?;
        let register = self.register();
        let of_kind = |kind: &str| {
            let all = register.documents.values().filter(|one| one.kept.kind == kind);
            all.filter(|one| standing(&one.kept, seen(&found, &one.kept), now) == Standing::Counts).count()
        };
        let kinds: Vec<Value> = engine
            .registry
            .documents()
            .map(|kind| {
                Ok(json!({
                    "kind": kind.kind,
                    "name": { "ja": kind.name.ja, "en": kind.name.en },
                    "owner": kind.owner,
                    "review_months": kind.review_months,
                    "template": kind.template,
                    "counting": of_kind(&kind.kind),
                    "requirements": self.rules.resting_on(&format!("document.{}", kind.kind))?,
                }))
            })
            .collect::<Result<_, Problem>>()?;
        Ok(json!({ "kinds": kinds }))
    }

    /// A document to begin with, in Japanese, filled in with what is known now.
    pub(super) async fn template(&self, kind: &str, facility: Option<&str>) -> Result<Value, Problem> {
        let template =
            Template::of(kind).ok_or_else(|| Problem::new(&codes::NO_TEMPLATE).with("kind", kind))?;
        let facility = optional(facility, NAME_CHARS_MAX, "the name of the facility", "施設名")?;
        let facts = self.facts().await?;
        let heading = Heading {
            facility: facility.as_deref().unwrap_or("【施設名を記入してください】"),
            date: &Day::of(self.clock.now()).in_japanese(),
            version: "第1版（案）",
        };
        let text = template.render(&facts, &self.engine()?.registry, &heading);
        Ok(json!({ "kind": kind, "text": text }))
    }

    pub(super) async fn add_document(&self, by: &Actor, wanted: NewDocument) -> Result<Value, Problem> {
        people_only(by)?;
        let _changing = self.changing.lock().await;
        let now = self.clock.now();
        let kind = self.engine()?.registry.document(&wanted.kind);
        let kind = kind.ok_or_else(|| Problem::new(&codes::KIND_UNKNOWN).with("kind", &wanted.kind))?;
        let (place, sha256) = place(by, wanted.place, wanted.sha256.as_deref())?;
        let approved = wanted.approved_by.as_deref().map(|name| approved(by, name, wanted.approved_on, now));
        let review_on = wanted.review_on.unwrap_or_else(|| Day::of(until(None, now, kind.review_months)));
        if review_on.ends() <= now {
            return Err(wrong("the day of the next review is over already", "次の見直し日を過ぎています"));
        }
        let document = Document {
            id: self.new_id()?,
            kind: wanted.kind,
            title: text(&wanted.title, NAME_CHARS_MAX, "a title", "題名")?,
            version: text(&wanted.version, NAME_CHARS_MAX, "a version", "版")?,
            place,
            sha256,
            owner: text(&wanted.owner, NAME_CHARS_MAX, "the name of the owner", "管理者名")?,
            approved: approved.transpose()?,
            review_on,
            entered_by: by.id.clone(),
            at: Moment(now),
            withdrawn: None,
        };
        let mut steps = Vec::new();
        if let Some(old) = &wanted.replaces {
            let reason = "replaced by a new version / 新しい版に差し替え".to_owned();
            let gone = Withdrawn {
                by: by.id.clone(),
                at: Moment(now),
                reason,
                replaced_by: Some(document.id.clone()),
            };
            steps.push(Step::Document(Document { withdrawn: Some(gone), ..self.document(old)? }));
        }
        let id = document.id.clone();
        steps.push(Step::Document(document));
        self.write(by, steps).await?;
        self.show_document(&id).await
    }

    pub(super) async fn approve_document(
        &self,
        by: &Actor,
        id: &str,
        name: &str,
        on: Option<Day>,
    ) -> Result<Value, Problem> {
        people_only(by)?;
        let _changing = self.changing.lock().await;
        let document = self.document(id)?;
        if let (Place::File(path), Some(registered)) = (&document.place, &document.sha256) {
            let found = digest(Path::new(path))?;
            if found != *registered {
                return Err(Problem::new(&codes::DOCUMENT_CHANGED)
                    .with("path", path)
                    .with("document", id)
                    .with("found", found)
                    .with("registered", registered));
            }
        }
        let approved = approved(by, name, on, self.clock.now())?;
        self.write(by, vec![Step::Document(Document { approved: Some(approved), ..document })]).await?;
        self.show_document(id).await
    }

    pub(super) async fn withdraw_document(
        &self,
        by: &Actor,
        id: &str,
        reason: &str,
    ) -> Result<Value, Problem> {
        people_only(by)?;
        let _changing = self.changing.lock().await;
        let document = self.document(id)?;
        let reason = text(reason, NOTE_CHARS_MAX, "a reason", "理由")?;
        let gone = Withdrawn { by: by.id.clone(), at: Moment(self.clock.now()), reason, replaced_by: None };
        self.write(by, vec![Step::Document(Document { withdrawn: Some(gone), ..document })]).await?;
        self.show_document(id).await
    }

    /// A document that stands.
    fn document(&self, id: &str) -> Result<Document, Problem> {
        let found = self.register().documents.get(id).map(|one| one.kept.clone());
        found
            .filter(|document| document.withdrawn.is_none())
            .ok_or_else(|| Problem::new(&codes::DOCUMENT_UNKNOWN).with("document", id))
    }

    async fn show_document(&self, id: &str) -> Result<Value, Problem> {
        let (found, now) = (self.look_at_files().await, self.clock.now());
        let register = self.register();
        let one = register.documents.get(id);
        let one = one.ok_or_else(|| Problem::new(&codes::DOCUMENT_UNKNOWN).with("document", id))?;
        Ok(shown(one, seen(&found, &one.kept), now))
    }
}

fn seen(found: &BTreeMap<String, Found>, document: &Document) -> Found {
    match document.place {
        Place::File(_) => found.get(&document.id).copied().unwrap_or(Found::Missing),
        Place::Link(_) | Place::Shelf(_) => Found::AsRegistered,
    }
}

/// Of the documents of a kind the one that counts longest, or else why the nearest does not.
fn fact(kind: &str, documents: &[(&Stood<Document>, Standing)], now: Time) -> Option<Fact> {
    let key = format!("document.{kind}");
    let best =
        |(one, standing): &&(&Stood<Document>, Standing)| (std::cmp::Reverse(*standing), one.kept.review_on);
    let (one, standing) = documents.iter().max_by_key(best)?;
    let counts = *standing == Standing::Counts;
    let value = guideline::Value::YesNo(counts);
    let seen = if counts { one.time } else { now };
    let mut fact = Fact::seen(&key, value, seen, standing.told(&one.kept)).at(one.position);
    fact.valid_until = counts.then(|| Moment(one.kept.review_on.ends()));
    Some(fact)
}

fn shown(one: &Stood<Document>, found: Found, now: Time) -> Value {
    let mut shown = json!(one.kept);
    if let Some(members) = shown.as_object_mut() {
        members.insert("standing".to_owned(), json!(standing(&one.kept, found, now).word()));
        members.insert("position".to_owned(), json!(one.position.0));
    }
    shown
}

/// Where it lies, with its digest: of a file taken from it, of anything else as given.
fn place(by: &Actor, place: Place, sha256: Option<&str>) -> Result<(Place, Option<String>), Problem> {
    let given = sha256.map(|given| {
        let digits = given.trim().to_ascii_lowercase();
        let good = digits.len() == 64 && HEXLOWER.decode(digits.as_bytes()).is_ok();
        good.then_some(digits).ok_or_else(|| {
            wrong("a SHA-256 digest has 64 hexadecimal digits", "SHA-256 ダイジェストは 16 進数 64 桁です")
        })
    });
    let given = given.transpose()?;
    match place {
        Place::File(path) => {
            if by.kind != ActorKind::System {
                return Err(Problem::new(&codes::FILE_ELSEWHERE));
            }
            let path = text(&path, PLACE_CHARS_MAX, "a path", "パス")?;
            if !Path::new(&path).is_absolute() {
                return Err(wrong("the path of a file is absolute", "ファイルは絶対パスで指定します"));
            }
            let found = digest(Path::new(&path))?;
            if given.is_some_and(|given| given != found) {
                return Err(wrong(
                    "the file has another digest than the one given",
                    "ファイルのダイジェストが指定と異なります",
                ));
            }
            Ok((Place::File(path), Some(found)))
        }
        Place::Link(link) => {
            let link = text(&link, PLACE_CHARS_MAX, "a link", "リンク")?;
            if !link.starts_with("https://") && !link.starts_with("http://") {
                return Err(wrong("a link begins with https://", "リンクは https:// で始まります"));
            }
            Ok((Place::Link(link), given))
        }
        Place::Shelf(shelf) => {
            Ok((Place::Shelf(text(&shelf, PLACE_CHARS_MAX, "the place", "保管場所")?), given))
        }
    }
}

fn approved(by: &Actor, name: &str, on: Option<Day>, now: Time) -> Result<Approved, Problem> {
    let on = on.unwrap_or_else(|| Day::of(now));
    if on.begins() > now {
        return Err(wrong("the day of the approval has not come yet", "承認日が未来の日付です"));
    }
    let by_name = text(name, NAME_CHARS_MAX, "the name of who approved", "承認者名")?;
    Ok(Approved { by: by_name, on, entered_by: by.id.clone() })
}
