//! One version with its proof: what the journal says of it, whether that verifies, and the file to take away.

use super::file::ProofFile;
use super::{banner_of, segment};
use crate::banner::Banner;
use crate::codes::PAGE_UNKNOWN;
use crate::desk::{Ask, Desk, Refused, Verified};
use crate::fault::{Told, told};
use crate::form::encoded;
use crate::frame::Frame;
use crate::shown::Shown;
use crate::spoken::in_words;
use crate::visit::Visit;
use crate::words::Words;
use crate::write::names;
use askama::Template;
use base::Problem;
use fhir::readable::{Line, Naming, heading_of, lines_of, named};

/// What became of the check.
enum Check {
    /// Nobody asked for it yet.
    Not,
    Good(Verified),
    Bad(Vec<Told>),
}

#[derive(Template)]
#[template(path = "proof/version.html")]
struct Page<'a> {
    frame: Frame<'a>,
    banner: Option<Banner>,
    kind: &'a str,
    id: &'a str,
    number: &'a str,
    title: Option<String>,
    file: ProofFile,
    lines: Vec<Line>,
    check: Check,
}

impl Page<'_> {
    /// The address of something of this record.
    fn of(&self, what: &str) -> String {
        self.frame.to(&format!("records/{}/{}{what}", encoded(self.kind), encoded(self.id)))
    }

    /// Where the entry stands in the tree, in words.
    fn place(&self, verified: &Verified) -> String {
        let (position, entries) = (("position", verified.position), ("entries", verified.entries));
        self.frame.words.with2("proof-good-tree", position, entries)
    }

    /// The address of what is stored of this version.
    fn raw(&self) -> String {
        let [facility, kind, id, number] =
            [self.frame.facility, self.kind, self.id, self.number].map(encoded);
        format!("/f/{facility}/fhir/{kind}/{id}/_history/{number}?_format=json&_pretty=true")
    }

    /// The address of something of this version.
    fn of_version(&self, what: &str) -> String {
        self.of(&format!("/proof/{}{what}", encoded(self.number)))
    }
}

/// The proof file of the version that is asked for.
async fn proof(visit: &Visit, desk: &dyn Desk) -> Result<Vec<u8>, Refused> {
    let [kind, id, number] = [1, 2, 4].map(|place| encoded(segment(visit, place)));
    let path = format!("fhir/{kind}/{id}/_history/{number}/$proof");
    Ok(desk.call(Ask::get(path)).await?.bytes)
}

/// `GET /f/{facility}/console/records/{type}/{id}/proof/{version}`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let bytes = proof(visit, desk).await?;
    let mut file = ProofFile::read(&bytes, visit.language).ok_or_else(|| Problem::new(&PAGE_UNKNOWN))?;
    file.made.learn_names(desk, Words(visit.language));
    let check = match visit.query.has("verify").then(|| desk.verify(&bytes)) {
        None => Check::Not,
        Some(Ok(verified)) => Check::Good(verified),
        Some(Err(refused)) => Check::Bad(told(&refused.0, visit.language)),
    };
    let content = match file.written.take() {
        Some(content) => {
            // People are named; where nobody can be looked up, references stay as they are.
            let names = names(visit, desk, &[&content]).await.unwrap_or_default();
            Some(in_words(&named(&content, &names, Naming::Name), Words(visit.language)))
        }
        None => None,
    };
    let title = content.as_ref().and_then(|node| heading_of(node, visit.language).ok()?.title);
    let lines = content.and_then(|node| lines_of(&node, visit.language).ok()).unwrap_or_default();
    let page = Page {
        banner: banner_of(visit, desk, file.content.as_ref()).await,
        frame: Frame::of(visit, desk),
        kind: segment(visit, 1),
        id: segment(visit, 2),
        number: segment(visit, 4),
        title,
        file,
        lines,
        check,
    };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

/// `GET /f/{facility}/console/records/{type}/{id}/proof/{version}/file`
pub(super) async fn file(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let bytes = proof(visit, desk).await?;
    let [kind, id, number] = [1, 2, 4].map(|place| segment(visit, place));
    let name = format!("{kind}-{id}-{number}.proof.json");
    Ok(Shown::File { name, media: "application/vnd.akashi.proof+json".to_owned(), bytes })
}
