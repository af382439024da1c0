//! Reports as PDF: papers set by typst, with a Japanese font that is compiled in. No disk, no network.
//!
//! A [`Paper`] is cleaned and measured (`manuscript`), handed to a fixed template as data, never as markup, laid out, and
//! written as PDF/A-2a that is tagged as PDF/UA-1 asks, or, where the tags would make a file too large to be sent around, as
//! PDF/A-2b without them. The same paper gives the same bytes.

pub mod codes;
mod columns;
mod font;
mod letters;
mod manuscript;
mod one_page;
mod packed;
mod picture;
mod world;

use base::{Problem, Time};
use codes::{NOT_SET, NOT_WRITTEN, PICTURE_UNREADABLE};
use font::Fonts;
use manuscript::{Manuscript, ORDINARY, SMALLEST, Sizes, TIGHT};
use report::paper::Paper;
use typst::comemo;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};
use world::Desk;

/// The kind of paper that has one page, for a director to sign.
const ONE_PAGE: &str = "director";
/// A file for the mail of a hospital or an authority. Tags are most of what a long paper weighs.
const LARGE_BYTES: usize = 2_000_000;
/// Layout calls itself for what lies in each other; the stacks of a server's workers are not made for that.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// A paper as PDF.
///
/// # Errors
///
/// PR-0001 to PR-0004, all of them faults: a paper that says anything at all can be set.
pub fn pdf(paper: &Paper) -> Result<Vec<u8>, Problem> {
    pdf_within(paper, LARGE_BYTES)
}

/// The same with tags where it has at most so many bytes.
fn pdf_within(paper: &Paper, bytes_max: usize) -> Result<Vec<u8>, Problem> {
    aside(|| {
        let (document, json) = document(paper)?;
        let tagged = write(paper, &document, json.clone(), true)?;
        if tagged.len() <= bytes_max { Ok(tagged) } else { write(paper, &document, json, false) }
    })
}

/// How many pages a paper has.
///
/// # Errors
///
/// As of [`pdf`].
pub fn pages(paper: &Paper) -> Result<usize, Problem> {
    aside(|| Ok(document(paper)?.0.pages().len()))
}

/// Does it on a thread of its own: with a stack that is large enough, and so that no fault of the typesetter ends the process.
fn aside<T: Send>(work: impl FnOnce() -> Result<T, Problem> + Send) -> Result<T, Problem> {
    let done = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("press".to_owned()).stack_size(STACK_BYTES);
        let running = thread.spawn_scoped(scope, work);
        running.map(std::thread::ScopedJoinHandle::join)
    });
    // What typst remembers of a paper is of no use for the next one, and would stay for good.
    comemo::evict(0);
    match done {
        Ok(Ok(result)) => result,
        Ok(Err(_panic)) => Err(Problem::new(&NOT_SET).log("the typesetter panicked")),
        Err(error) => Err(Problem::new(&NOT_SET).log(format!("no thread: {error}"))),
    }
}

/// The pages of a paper, and the data that they were made of.
fn document(paper: &Paper) -> Result<(PagedDocument, String), Problem> {
    let fonts = Fonts::embedded()?;
    if paper.kind == ONE_PAGE {
        on_one_page(fonts, paper)
    } else {
        set(fonts, Manuscript::of(paper, fonts, ORDINARY))
    }
}

/// The paper in the largest letters in which it fits on one page. Where none are small enough, long texts are cut, and then what
/// stands last is left out, with a remark about it.
fn on_one_page(fonts: &'static Fonts, paper: &Paper) -> Result<(PagedDocument, String), Problem> {
    let paper = one_page::joined(paper);
    let fitting = |paper: &Paper, sizes: Sizes| {
        let (document, json) = set(fonts, Manuscript::of(paper, fonts, sizes))?;
        Ok::<_, Problem>((document.pages().len() == 1).then_some((document, json)))
    };
    if let Some(smallest) = fitting(&paper, SMALLEST)? {
        for sizes in TIGHT {
            if let Some(larger) = fitting(&paper, sizes)? {
                return Ok(larger);
            }
        }
        return Ok(smallest);
    }
    let all = one_page::entries(&paper);
    let mut letters = usize::MAX;
    for fewer in one_page::LETTERS {
        letters = fewer;
        if let Some(whole) = fitting(&one_page::shortened(&paper, all, letters), SMALLEST)? {
            return Ok(whole);
        }
    }
    let (mut kept, mut too_many, mut last) = (0, all, None);
    while kept < too_many {
        let keep = usize::midpoint(kept, too_many);
        match fitting(&one_page::shortened(&paper, keep, letters), SMALLEST)? {
            Some(fits) => (kept, last) = (keep.saturating_add(1), Some(fits)),
            None => too_many = keep,
        }
    }
    last.ok_or_else(|| Problem::new(&NOT_SET).log("no page holds it"))
}

fn set(fonts: &'static Fonts, manuscript: Manuscript) -> Result<(PagedDocument, String), Problem> {
    let result = compiled(fonts, &manuscript);
    // Which of both is wrong, the layout or a picture, shows when the pictures are gone.
    let Err(problem) = &result else { return result };
    let place = problem.log_line().to_owned();
    if manuscript.has_pictures() && compiled(fonts, &manuscript.without_pictures()).is_ok() {
        return Err(Problem::new(&PICTURE_UNREADABLE).log(place));
    }
    result
}

fn compiled(fonts: &'static Fonts, manuscript: &Manuscript) -> Result<(PagedDocument, String), Problem> {
    let json = to_json(manuscript)?;
    let desk = Desk::with(fonts, json.clone()).ok_or_else(|| Problem::new(&NOT_SET))?;
    let output = typst::compile::<PagedDocument>(&desk).output;
    output.map(|document| (document, json)).map_err(|wrong| Problem::new(&NOT_SET).log(places(&desk, &wrong)))
}

fn to_json(manuscript: &Manuscript) -> Result<String, Problem> {
    serde_json::to_string(manuscript).map_err(|error| Problem::new(&NOT_SET).log(error.to_string()))
}

fn places(desk: &Desk, wrong: &[SourceDiagnostic]) -> String {
    wrong.iter().take(3).map(|one| desk.place(one)).collect::<Vec<_>>().join(", ")
}

/// Writes pages as PDF, with tags or without, with the moment of the paper as its date and its content as what it is known by.
fn write(paper: &Paper, document: &PagedDocument, json: String, tagged: bool) -> Result<Vec<u8>, Problem> {
    let wanted: &[PdfStandard] =
        if tagged { &[PdfStandard::A_2a, PdfStandard::Ua_1] } else { &[PdfStandard::A_2b] };
    let standards = PdfStandards::new(wanted);
    let options = PdfOptions {
        ident: Smart::Custom(json),
        creator: Smart::Custom(Some(format!("Akashi {}", paper.program))),
        timestamp: timestamp(paper.as_of.0),
        tagged,
        standards: standards.map_err(|_| Problem::new(&NOT_WRITTEN).log("standards do not go together"))?,
        ..PdfOptions::default()
    };
    let written = typst_pdf::pdf(document, &options).map_err(|wrong| {
        let messages = wrong.len();
        Problem::new(&NOT_WRITTEN).log(format!("{messages} messages"))
    })?;
    Ok(packed::packed(&written).unwrap_or(written))
}

/// A moment in the time of Japan, as PDF dates it.
fn timestamp(moment: Time) -> Option<Timestamp> {
    const JAPAN_MINUTES: i32 = 9 * 60;
    let there = moment.plus_seconds(i64::from(JAPAN_MINUTES) * 60).to_string();
    let mut numbers = there.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse::<u16>().ok());
    let mut next = || numbers.next().flatten();
    let year = i32::from(next()?);
    let [month, day, hour, minute, second] =
        [next(), next(), next(), next(), next()].map(|part| part.and_then(|part| u8::try_from(part).ok()));
    let datetime = Datetime::from_ymd_hms(year, month?, day?, hour?, minute?, second?)?;
    Timestamp::new_local(datetime, JAPAN_MINUTES)
}

#[cfg(test)]
#[path = "../tests/paper/sample.rs"]
#[expect(dead_code, reason = "tests beside this crate use the rest")]
mod sample;

#[cfg(test)]
mod tests {
    use super::*;
    use base::Language::Japanese;

    fn holds(pdf: &[u8], text: &str) -> bool {
        pdf.windows(text.len()).any(|window| window == text.as_bytes())
    }

    #[test]
    fn only_a_paper_that_would_be_too_large_to_send_goes_without_tags() {
        let paper = sample::every_block(Japanese, 9);
        let tagged = pdf(&paper).unwrap();
        assert!(holds(&tagged, "<pdfaid:conformance>A<") && holds(&tagged, "<pdfuaid:part>1<"));
        assert_eq!(pdf_within(&paper, tagged.len()).unwrap(), tagged, "the limit itself is not too large");
        let without = pdf_within(&paper, tagged.len() - 1).unwrap();
        assert!(holds(&without, "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B<"));
        assert!(!holds(&without, "pdfuaid"));
        assert!(without.len() < tagged.len());
    }

    #[test]
    fn tags_are_packed_and_weigh_little() {
        let paper = sample::every_block(Japanese, 40);
        let (tagged, without) = (pdf(&paper).unwrap(), pdf_within(&paper, 0).unwrap());
        assert!(!holds(&tagged, "/StructElem") && holds(&tagged, "/ObjStm"));
        assert!(tagged.len() < without.len() / 2 * 3, "{} and {}", tagged.len(), without.len());
    }
}
