//! Reports as they leave: made of what is known, rendered, and entered in the journal with who got which version.

mod bundle;
mod gather;
mod render;
mod said;

use super::Evidence;
use crate::codes;
use crate::command::{Earlier, NewReport, Output};
use crate::kept::{HandedFile, KeptReport, Stood, load_history, put, side_word};
use crate::words::{NAME_CHARS_MAX, optional, wrong};
use base::{Problem, Time};
use data_encoding::{BASE64, HEXLOWER};
use gather::Gathered;
use guideline::{Day, Moment, Side};
use render::Rendered;
use report::form::Form;
use report::paper::Paper;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::{Actor, ActorKind, Batch, Expected};

/// Most handings out of one report that are looked through.
const HANDED_OUT_MAX: usize = 1_000;
/// The member that names what was handed out.
const TARGET: &str = "target";
/// Longest paper that is kept for later comparison, in bytes of its JSON.
const PAPER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A report as it is asked for, with everything named.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    id: String,
    form: Form,
    edition: String,
    side: Option<Side>,
    facility: String,
    recipient: Option<String>,
    wanted: NewReport,
}

/// A paper that can be handed out.
struct Made {
    paper: Paper,
    answers: String,
    sha256: String,
}

impl Made {
    fn of(paper: Paper, answers: String) -> Self {
        let sha256 = digest(render::json(&paper).as_bytes());
        Self { paper, answers, sha256 }
    }

    /// The same under this version, of which its answers say nothing.
    fn under_version(self, version: u64) -> Self {
        Self::of(Paper { version, ..self.paper }, self.answers)
    }
}

impl Evidence {
    /// Hands out a report, and enters who got which version.
    pub(super) async fn report(&self, by: &Actor, wanted: NewReport) -> Result<Value, Problem> {
        let asked = self.asked(by, wanted)?;
        let gathered = self.gather(by, &asked, true).await?;
        // From here on one at a time: versions count up, and a PDF takes all of a processor.
        let _reporting = self.reporting.lock().await;
        let id = asked.id.clone();
        let earlier: Vec<Stood<KeptReport>> =
            self.store.inspect(|inside| load_history(inside, &id, HANDED_OUT_MAX))?;
        let mut made = self.made(&asked, &gathered, &earlier)?;
        let compared_with =
            asked.wanted.compare.as_ref().map(|one| earlier_paper(&asked, one, &earlier)).transpose()?;
        let kept_paper = kept_paper(&made.paper, &earlier)?;
        if let Some((_, old)) = &compared_with {
            let changes = render::compare(old, &made.paper)?;
            made.paper.sections.push(changes);
        }
        let files = self.files(&asked, &gathered, &made.paper).await?;
        let Paper { version, as_of, positions, .. } = made.paper;
        let kept = KeptReport {
            id: asked.id.clone(),
            form: asked.form.name().to_owned(),
            edition: asked.edition.clone(),
            side: asked.side,
            language: asked.wanted.language,
            version,
            output: asked.wanted.output(),
            files: files.iter().map(HandedFile::from).collect(),
            recipient: asked.recipient.clone(),
            by: by.id.clone(),
            at: Moment(self.clock.now()),
            as_of,
            facility: asked.facility.clone(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            positions,
            compared_with: compared_with.map(|(version, _)| version),
            answers: made.answers,
            sha256: made.sha256,
            paper: kept_paper,
        };
        let stood = self.enter(by, kept).await?;
        Ok(told(&stood, &files, &gathered))
    }

    /// A report as it stands now: its paper, which nobody is handed. Nothing is kept for it: an assessment that says something
    /// new has no place in the journal before somebody asks for it, or hands out a report.
    pub(super) async fn preview(&self, by: &Actor, wanted: NewReport) -> Result<Value, Problem> {
        let asked = self.asked(by, wanted)?;
        let gathered = self.gather(by, &asked, false).await?;
        let id = asked.id.clone();
        let earlier: Vec<Stood<KeptReport>> =
            self.store.inspect(|inside| load_history(inside, &id, HANDED_OUT_MAX))?;
        let mut made = self.made(&asked, &gathered, &earlier)?;
        if let Some(one) = &asked.wanted.compare {
            let (_, old) = earlier_paper(&asked, one, &earlier)?;
            made.paper.sections.push(render::compare(&old, &made.paper)?);
        }
        Ok(json!({ "paper": made.paper }))
    }

    /// What was handed out to whom, the newest first.
    pub(super) fn list_reports(&self) -> Result<Value, Problem> {
        let mut all = self.store.inspect(|inside| {
            let mut all: Vec<Stood<KeptReport>> = Vec::new();
            for one in crate::kept::load::<KeptReport>(inside)? {
                all.extend(load_history(inside, &one.id, HANDED_OUT_MAX.saturating_add(1))?);
            }
            Ok::<_, Problem>(all)
        })?;
        all.sort_by_key(|one| std::cmp::Reverse(one.position));
        let more = all.len() > HANDED_OUT_MAX;
        all.truncate(HANDED_OUT_MAX);
        Ok(json!({ "reports": all.iter().map(entry).collect::<Vec<_>>(), "more": more }))
    }

    fn asked(&self, by: &Actor, wanted: NewReport) -> Result<Asked, Problem> {
        let form = Form::ALL.into_iter().find(|form| form.name() == wanted.form).ok_or_else(|| {
            let known: Vec<&str> = Form::ALL.iter().map(|form| form.name()).collect();
            Problem::new(&codes::REPORT_UNKNOWN).with("form", &wanted.form).with("known", known.join(", "))
        })?;
        if wanted.output() == Output::Bundle && by.kind != ActorKind::System {
            return Err(Problem::new(&codes::BUNDLE_ELSEWHERE).with("form", form.name()));
        }
        let edition = wanted.edition.clone().unwrap_or_else(|| form.edition().to_owned());
        self.engine()?.catalogue.edition(&edition)?;
        let side = wanted.side.or(match form {
            // The ministry has one list for facilities and one for providers.
            Form::Checklist | Form::Inspection => Some(Side::Facility),
            Form::Sds | Form::Matrix | Form::Gaps | Form::Risk | Form::Director | Form::ServiceSpec => None,
        });
        if wanted.at.is_some() && form.assessed(&edition, side).is_empty() {
            return Err(Problem::new(&codes::NOT_OF_THEN).with("form", form.name()));
        }
        let name =
            optional(wanted.facility_name.as_deref(), NAME_CHARS_MAX, "the name of the facility", "施設名")?;
        let recipient =
            optional(wanted.recipient.as_deref(), NAME_CHARS_MAX, "the name of who gets it", "交付先")?;
        if wanted.at.is_some_and(|at| at.0 > self.clock.now()) {
            return Err(wrong("the moment has not come yet", "指定の時点は未来です"));
        }
        let facility = name.or_else(|| self.name.clone());
        let facility = facility.unwrap_or_else(|| self.store.facility().to_string());
        let id = KeptReport::id_of(form.name(), &edition, side, wanted.language);
        Ok(Asked { id, form, edition, side, facility, recipient, wanted })
    }

    /// The paper of what was gathered, with its version.
    fn made(
        &self,
        asked: &Asked,
        gathered: &Gathered,
        earlier: &[Stood<KeptReport>],
    ) -> Result<Made, Problem> {
        let now = self.clock.now();
        let last = earlier.iter().max_by_key(|one| (one.kept.version, one.position)).map(|one| &one.kept);
        let of_today = |one: &&KeptReport| Day::of(one.as_of.0) == Day::of(now);
        // What says the same as earlier today is the same paper: the same evidence gives the same bytes.
        if let Some(last) = last.filter(of_today).filter(|_| asked.wanted.at.is_none()) {
            let again = self.made_at(asked, gathered, (last.as_of.0, Some(last.version)))?;
            if again.sha256 == last.sha256 {
                return Ok(again);
            }
        }
        let as_of = asked.wanted.at.and_then(|_| gathered.newest()).unwrap_or(now);
        let first = self.made_at(asked, gathered, (as_of, None))?;
        let answers_alike = |one: &&Stood<KeptReport>| one.kept.answers == first.answers;
        let same = match last {
            Some(last) if last.answers == first.answers => Some(last.version),
            // A past moment may be told of by an earlier version.
            Some(_) if asked.wanted.at.is_some() => {
                earlier.iter().find(answers_alike).map(|one| one.kept.version)
            }
            Some(_) | None => None,
        };
        let version = same.unwrap_or_else(|| last.map_or(1, |last| last.version.saturating_add(1)));
        Ok(first.under_version(version))
    }

    fn made_at(
        &self,
        asked: &Asked,
        gathered: &Gathered,
        (as_of, version): (Time, Option<u64>),
    ) -> Result<Made, Problem> {
        let engine = self.engine()?;
        let given = gathered.given(engine, self.rules.method()?, (asked, as_of));
        let paper = Paper { version: version.unwrap_or(0), ..asked.form.paper(&given)? };
        let answers = said::answers(engine, &paper, gathered.moments().chain([as_of]));
        Ok(Made::of(paper, answers))
    }

    async fn files(
        &self,
        asked: &Asked,
        gathered: &Gathered,
        paper: &Paper,
    ) -> Result<Vec<Rendered>, Problem> {
        let bundled = asked.wanted.output() == Output::Bundle;
        let outputs = if bundled { Output::FILES.to_vec() } else { vec![asked.wanted.output()] };
        let (paper, press) = (paper.clone(), std::sync::Arc::clone(&self.press));
        let name = if bundled { "report".to_owned() } else { file_name(asked, paper.version) };
        let (facility, as_of) = (self.store.facility().to_string(), paper.as_of);
        let work = move || {
            let made = outputs.into_iter().map(|output| render::file(&paper, &press, (&name, output)));
            made.collect::<Result<Vec<_>, Problem>>()
        };
        let cut_off = |_| Problem::new(&codes::NOT_KEPT).log("a report was cut off while it was rendered");
        let mut files = tokio::task::spawn_blocking(work).await.map_err(cut_off)??;
        if bundled {
            files.push(bundle::facts(&gathered.judged)?);
            files.push(bundle::readme(&facility, as_of));
        }
        Ok(files)
    }

    async fn enter(&self, by: &Actor, kept: KeptReport) -> Result<Stood<KeptReport>, Problem> {
        let change = put(&kept, Expected::Anything)?;
        let receipt = self.store.append_identities(Batch::new(by.clone(), vec![change])).await?;
        let written = receipt.written.first().and_then(|one| Some((one.version?, one.position?, one.time)));
        let (version, position, time) =
            written.ok_or_else(|| Problem::new(&codes::NOT_KEPT).log("no place"))?;
        Ok(Stood { kept, version, position, time })
    }
}

/// What the file of a report is called, without its ending.
fn file_name(asked: &Asked, version: u64) -> String {
    format!(
        "{}-{}-{}-{}-v{version}",
        asked.form.name(),
        asked.edition,
        side_word(asked.side),
        asked.wanted.language.word()
    )
}

/// The paper for later comparison, without its pictures; none where this version is kept already, or it is too large.
fn kept_paper(paper: &Paper, earlier: &[Stood<KeptReport>]) -> Result<Option<Value>, Problem> {
    if earlier.iter().any(|one| one.kept.version == paper.version && one.kept.paper.is_some()) {
        return Ok(None);
    }
    let paper = render::without_pictures(paper);
    let small_enough = render::json(&paper).len() <= PAPER_BYTES_MAX;
    small_enough.then(|| serde_json::to_value(&paper).map_err(|error| render::failed(&error))).transpose()
}

/// The earlier version that is named, with its paper.
fn earlier_paper(
    asked: &Asked,
    one: &Earlier,
    earlier: &[Stood<KeptReport>],
) -> Result<(u64, Paper), Problem> {
    let absent = |shown: String| {
        Problem::new(&codes::NOTHING_EARLIER).with("earlier", shown).with("report", &asked.id)
    };
    let version = match one {
        Earlier::Version(version) => {
            let known = earlier.iter().any(|one| one.kept.version == *version);
            known.then_some(*version).ok_or_else(|| absent(version.to_string()))?
        }
        Earlier::Sha256(sha256) => {
            let digest = sha256.to_ascii_lowercase();
            let of = |one: &&Stood<KeptReport>| one.kept.files.iter().any(|file| file.sha256 == digest);
            earlier.iter().find(of).map(|one| one.kept.version).ok_or_else(|| absent(sha256.clone()))?
        }
    };
    let of_version = earlier.iter().filter(|one| one.kept.version == version);
    let paper = of_version.filter_map(|one| one.kept.paper.clone()).next_back();
    let paper = paper.and_then(|paper| render::read(&paper).ok());
    paper
        .map(|paper| (version, paper))
        .ok_or_else(|| Problem::new(&codes::NOT_COMPARABLE).with("version", version))
}

/// SHA-256 as hexadecimal digits.
fn digest(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

impl From<&Rendered> for HandedFile {
    fn from(file: &Rendered) -> Self {
        Self {
            name: file.name.clone(),
            sha256: digest(&file.bytes),
            bytes: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
        }
    }
}

/// The entry of a handing out as it is listed.
fn entry(stood: &Stood<KeptReport>) -> Value {
    let mut shown = json!(stood.kept);
    if let Some(members) = shown.as_object_mut() {
        members.remove("paper");
        members.insert(TARGET.to_owned(), json!(target(&stood.kept)));
        members.insert("position".to_owned(), json!(stood.position.0));
    }
    shown
}

/// What the access entry says was asked for.
fn target(kept: &KeptReport) -> String {
    let KeptReport { form, edition, version, .. } = kept;
    format!("{form} {edition} {} {} {version}", side_word(kept.side), kept.language.word())
}

/// What the access entry of a command names besides what was asked for: of a report that was handed out form, edition, side,
/// language and version.
pub fn named(reply: &Value) -> Option<String> {
    reply.get(TARGET).and_then(Value::as_str).map(ToOwned::to_owned)
}

fn told(stood: &Stood<KeptReport>, files: &[Rendered], gathered: &Gathered) -> Value {
    let mut shown = entry(stood);
    let with_bytes = files.iter().zip(&stood.kept.files).map(|(file, named)| {
        json!({
            "name": named.name,
            "media": file.media,
            "sha256": named.sha256,
            "bytes": named.bytes,
            "base64": BASE64.encode(&file.bytes),
        })
    });
    let (files, rests_on): (Vec<Value>, Vec<Value>) =
        (with_bytes.collect(), gathered.judged.iter().map(bundle::place).collect());
    if let Some(members) = shown.as_object_mut() {
        members.insert("files".to_owned(), json!(files));
        let record = format!("{}/{}", <KeptReport as crate::kept::Kept>::KIND, stood.kept.id);
        members.insert("entry".to_owned(), json!({ "record": record, "version": stood.version.number() }));
        members.insert("rests_on".to_owned(), json!(rests_on));
    }
    shown
}
