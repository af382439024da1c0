//! A paper as the template takes it: cleaned texts, measures in points, and the words of this room. Data only, never markup.

mod block;
mod chart;
mod grid;

use crate::font::{Fonts, Weight};
use crate::letters::{LACKING, Letters, Text, number};
use base::Language;
use block::Block;
use report::paper::{Paper, Section, Tone, moment};
use serde::Serialize;

/// A point of print in a millimetre.
const MILLIMETRE: f64 = 72.0 / 25.4;
/// Up to this many sections a paper needs no list of contents.
const SECTIONS_WITHOUT_CONTENTS: usize = 8;
/// How deep headings are told apart.
const LEVELS: u8 = 4;
/// A longer title is cut where PDF keeps it beside the pages; on the pages it stands in full.
const NAME_LETTERS_MAX: usize = 300;

/// How large letters are (pt).
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Sizes {
    /// Texts.
    pub(crate) body: f64,
    /// Remarks.
    pub(crate) note: f64,
    /// Tables, at best.
    pub(crate) table: f64,
    /// Whether all of it has to stand on one page: no room is left that need not be, and nothing is set smaller than this.
    pub(crate) is_tight: bool,
}

/// The sizes of an ordinary paper.
pub(crate) const ORDINARY: Sizes = Sizes { body: 10.0, note: 8.5, table: 8.5, is_tight: false };

/// The sizes of a paper for one page, the largest first, besides the smallest.
pub(crate) const TIGHT: [Sizes; 3] = [tight(10.5, 9.5), tight(10.0, 9.0), tight(9.5, 9.0)];

/// The smallest of them.
pub(crate) const SMALLEST: Sizes = tight(9.0, 9.0);

const fn tight(body: f64, small: f64) -> Sizes {
    Sizes { body, note: small, table: small, is_tight: true }
}

/// A page and what is left free around its text (pt).
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Sheet {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Sheet {
    /// A4, on its long side when `is_wide`; with room to bind it on the left.
    fn a4(is_wide: bool, is_tight: bool) -> Self {
        let (width, height) = if is_wide { (297.0, 210.0) } else { (210.0, 297.0) };
        let (top, bottom) = if is_tight { (20.0, 15.0) } else { (24.0, 20.0) };
        let [width, height, left, right, top, bottom] =
            [width, height, 22.0, 18.0, top, bottom].map(|millimetres| millimetres * MILLIMETRE);
        Self { width, height, left, right, top, bottom }
    }

    /// How wide texts can be.
    fn room(&self) -> f64 {
        self.width - self.left - self.right
    }

    /// How high texts can be.
    fn height(&self) -> f64 {
        self.height - self.top - self.bottom
    }
}

/// What the template sets.
#[derive(Debug, Serialize)]
pub(crate) struct Manuscript {
    language: &'static str,
    sizes: Sizes,
    /// As programs show it beside the pages.
    name: String,
    facility: String,
    title: Text,
    subtitle: Option<Text>,
    about: Vec<(String, Text)>,
    head: (Text, Text),
    foot: Text,
    page: (&'static str, &'static str),
    contents: Option<&'static str>,
    runs: Vec<Run>,
    /// What became of letters that the font lacks.
    closing: Option<Text>,
}

/// Sections on pages of one direction.
#[derive(Debug, Serialize)]
struct Run {
    sheet: Sheet,
    sections: Vec<Part>,
}

/// A section.
#[derive(Debug, Serialize)]
struct Part {
    heading: Option<Text>,
    level: u8,
    is_fresh: bool,
    is_marked: bool,
    blocks: Vec<Block>,
}

/// What is needed to set texts: their language, their sizes, the page they stand on.
pub(crate) struct Setter<'a> {
    fonts: &'static Fonts,
    letters: &'a mut Letters,
    language: Language,
    sizes: Sizes,
    sheet: Sheet,
}

impl Setter<'_> {
    fn say(&self, ja: &'static str, en: &'static str) -> &'static str {
        say(self.language, ja, en)
    }

    /// A text across the page.
    fn text(&mut self, text: &str) -> Text {
        let width = self.sheet.room() / self.sizes.body;
        self.letters.text(text, Weight::Regular, width)
    }

    /// A text in a column so wide (em).
    fn within(&mut self, text: &str, weight: Weight, width: f64) -> Text {
        self.letters.text(text, weight, width)
    }
}

fn say(language: Language, ja: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Japanese => ja,
        Language::English => en,
    }
}

/// The sign of a tone, so that nothing is told by colour alone. Empty where it means nothing in particular.
pub(crate) fn mark(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "",
        Tone::Good => "○",
        Tone::Partly => "△",
        Tone::Bad => "×",
        Tone::Asked => "□",
        Tone::Unknown => "？",
        Tone::Apart => "－",
    }
}

impl Manuscript {
    /// A paper in these sizes.
    pub(crate) fn of(paper: &Paper, fonts: &'static Fonts, sizes: Sizes) -> Self {
        let mut letters = Letters::of(fonts);
        let is_wide = paper.sections.first().is_some_and(|section| section.is_wide);
        let mut setter = Setter {
            fonts,
            letters: &mut letters,
            language: paper.language,
            sizes,
            sheet: Sheet::a4(is_wide, sizes.is_tight),
        };
        let title = setter.within(&paper.title, Weight::Bold, setter.sheet.room() / 17.0);
        let subtitle = (!paper.subtitle.trim().is_empty()).then(|| setter.text(&paper.subtitle));
        let about = about(&mut setter, paper);
        let has_contents = !sizes.is_tight && paper.sections.len() > SECTIONS_WITHOUT_CONTENTS;
        let runs = runs(&mut setter, &paper.sections, has_contents);
        let (name, facility) = (letters.line(&paper.title), letters.line(&paper.facility));
        let program = format!("Akashi {}", paper.program);
        let mut clipped =
            |text: &str, width: f64| letters.text(&clip(fonts, text, width), Weight::Regular, width);
        let head = (clipped(&name, 34.0), clipped(&facility, 22.0));
        let foot = clipped(&format!("{}　{program}", foot(paper)), 44.0);
        let closing = closing(&mut letters, paper.language, sizes);
        Self {
            language: say(paper.language, "ja", "en"),
            sizes,
            name: name.chars().take(NAME_LETTERS_MAX).collect(),
            facility: facility.chars().take(NAME_LETTERS_MAX).collect(),
            title,
            subtitle,
            about,
            head,
            foot,
            page: match paper.language {
                Language::Japanese => ("", " ページ"),
                Language::English => ("Page ", ""),
            },
            contents: has_contents.then(|| say(paper.language, "目次", "Contents")),
            runs,
            closing,
        }
    }

    /// The same without its pictures.
    pub(crate) fn without_pictures(mut self) -> Self {
        for part in self.runs.iter_mut().flat_map(|run| &mut run.sections) {
            part.blocks.retain(|block| !matches!(block, Block::Picture { .. }));
        }
        self
    }

    /// Whether there are pictures in it.
    pub(crate) fn has_pictures(&self) -> bool {
        let mut blocks = self.runs.iter().flat_map(|run| &run.sections).flat_map(|part| &part.blocks);
        blocks.any(|block| matches!(block, Block::Picture { .. }))
    }
}

fn about(setter: &mut Setter<'_>, paper: &Paper) -> Vec<(String, Text)> {
    let mut rows = vec![(setter.say("施設", "Facility"), paper.facility.clone())];
    if let Some(edition) = &paper.edition {
        rows.push((setter.say("対象の版", "Edition"), edition.clone()));
    }
    rows.push((setter.say("報告書の版", "Version"), version(paper)));
    rows.push((setter.say("作成基準日時", "As of"), moment(paper.as_of.0, paper.language)));
    rows.push((setter.say("作成プログラム", "Program"), format!("Akashi {}", paper.program)));
    let positions: Vec<String> = paper.positions.iter().map(ToString::to_string).collect();
    let positions = match positions.as_slice() {
        [] => setter.say("なし", "none").to_owned(),
        some => some.join(setter.say("、", ", ")),
    };
    rows.push((setter.say("根拠のジャーナル位置", "Journal positions"), positions));
    let width = setter.sheet.room() / setter.sizes.body * 0.65;
    rows.into_iter()
        .map(|(label, value)| (label.to_owned(), setter.within(&value, Weight::Regular, width)))
        .collect()
}

fn version(paper: &Paper) -> String {
    match (paper.language, paper.version) {
        (Language::Japanese, 0) => "発行前（版番号なし）".to_owned(),
        (Language::English, 0) => "not handed out yet (no number)".to_owned(),
        (Language::Japanese, number) => format!("第{number}版"),
        (Language::English, number) => format!("Version {number}"),
    }
}

fn foot(paper: &Paper) -> String {
    let as_of = moment(paper.as_of.0, paper.language);
    match paper.language {
        Language::Japanese => format!("{as_of}現在　{}", version(paper)),
        Language::English => format!("As of {as_of}　{}", version(paper)),
    }
}

fn runs(setter: &mut Setter<'_>, sections: &[Section], has_contents: bool) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let (mut was_wide, mut above) = (None, 0);
    for section in sections {
        let begins = was_wide != Some(section.is_wide);
        was_wide = Some(section.is_wide);
        setter.sheet = Sheet::a4(section.is_wide, setter.sizes.is_tight);
        // PDF/UA takes no heading that leaves a level out.
        let level = section.level.clamp(1, LEVELS).min(above + 1);
        let is_fresh = if runs.is_empty() { has_contents } else { section.on_new_page && !begins };
        let part = part(setter, section, level, is_fresh);
        above = if part.heading.is_some() { level } else { above };
        match runs.last_mut() {
            Some(run) if !begins => run.sections.push(part),
            _ => runs.push(Run { sheet: setter.sheet, sections: vec![part] }),
        }
    }
    if runs.is_empty() {
        runs.push(Run { sheet: setter.sheet, sections: Vec::new() });
    }
    runs
}

fn part(setter: &mut Setter<'_>, section: &Section, level: u8, is_fresh: bool) -> Part {
    let heading = (!section.heading.trim().is_empty()).then(|| {
        let width = setter.sheet.room() / 15.0;
        setter.within(&section.heading, Weight::Bold, width)
    });
    let is_marked = section.heading.chars().count() <= NAME_LETTERS_MAX;
    let blocks = section.blocks.iter().map(|block| Block::of(setter, block, &section.heading)).collect();
    Part { heading, level, is_fresh, is_marked, blocks }
}

/// A text that ends with a dot of three where it is too wide (em).
fn clip(fonts: &Fonts, text: &str, width: f64) -> String {
    if fonts.width(text, Weight::Regular) <= width {
        return text.to_owned();
    }
    let mut so_far = 1.0;
    let fits = |letter: &char| {
        so_far += fonts.letter_width(*letter, Weight::Regular);
        so_far <= width
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

fn closing(letters: &mut Letters, language: Language, sizes: Sizes) -> Option<Text> {
    let numbers = |letters: &[char]| {
        let numbers: Vec<String> = letters.iter().map(|one| number(*one)).collect();
        numbers.join(" ")
    };
    let mut lines = Vec::new();
    if !letters.lacking().is_empty() {
        let beginning = match language {
            Language::Japanese => format!("{LACKING} は埋め込みフォントにない文字です（本文に出た順）："),
            Language::English => {
                format!(
                    "{LACKING} stands for letters that the embedded font lacks, in the order in which they came: "
                )
            }
        };
        lines.push(format!("{beginning}{}", numbers(letters.lacking())));
    }
    if !letters.variants().is_empty() {
        let beginning = say(
            language,
            "次の異体字の指定は反映せず、標準の字形で示しています：",
            "These marks for variants of letters were left out; the ordinary letter is shown: ",
        );
        lines.push(format!("{beginning}{}", numbers(letters.variants())));
    }
    (!lines.is_empty()).then(|| letters.text(&lines.join("\n"), Weight::Regular, 400.0 / sizes.note))
}
