//! What poppler reads in a PDF: text, places of words, fonts, sizes of pages.

use std::process::Command;
use tempfile::TempDir;

/// A PDF in a folder of its own.
pub(crate) struct Pdf {
    folder: TempDir,
}

/// A word at its place (pt, from the upper left).
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) page: usize,
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
    pub(crate) text: String,
}

impl Pdf {
    /// Of a paper.
    pub(crate) fn of(paper: &report::paper::Paper) -> Self {
        let bytes = press::pdf(paper).unwrap_or_else(|problem| panic!("{problem}"));
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("paper.pdf"), bytes).unwrap();
        Self { folder }
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).args(arguments);
        let output = command.output().unwrap_or_else(|error| panic!("{program} (poppler-utils): {error}"));
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// All text in the order of the file, which is that in which screen readers say it.
    pub(crate) fn text(&self) -> String {
        self.run("pdftotext", &["-raw", "-enc", "UTF-8", "paper.pdf", "-"])
    }

    /// The text without spaces and ends of lines.
    pub(crate) fn dense(&self) -> String {
        self.text().chars().filter(|letter| !letter.is_whitespace()).collect()
    }

    /// The same of each page.
    pub(crate) fn pages(&self) -> Vec<String> {
        let text = self.text();
        let pages = text.trim_end_matches('\u{c}').split('\u{c}');
        pages.map(|page| page.chars().filter(|letter| !letter.is_whitespace()).collect()).collect()
    }

    /// What is said of the whole.
    pub(crate) fn info(&self) -> String {
        self.run("pdfinfo", &["-l", "1000", "paper.pdf"])
    }

    /// Whether these bytes stand in the file as they are, as its metadata does.
    pub(crate) fn holds(&self, text: &str) -> bool {
        let bytes = std::fs::read(self.folder.path().join("paper.pdf")).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    }

    /// The fonts.
    pub(crate) fn fonts(&self) -> String {
        self.run("pdffonts", &["paper.pdf"])
    }

    /// Width and height of each page.
    pub(crate) fn sizes(&self) -> Vec<(f64, f64)> {
        let sizes = self.info();
        let sizes = sizes.lines().filter(|line| line.starts_with("Page ") && line.contains(" size:"));
        sizes
            .map(|line| {
                let mut numbers = line.split_whitespace().filter_map(|word| word.parse::<f64>().ok()).skip(1);
                (numbers.next().unwrap(), numbers.next().unwrap())
            })
            .collect()
    }

    /// All words with their places.
    pub(crate) fn words(&self) -> Vec<Word> {
        let boxes = self.run("pdftotext", &["-bbox", "-enc", "UTF-8", "paper.pdf", "-"]);
        let (mut page, mut words) = (0, Vec::new());
        for line in boxes.lines().map(str::trim) {
            page += usize::from(line.starts_with("<page "));
            let Some(rest) = line.strip_prefix("<word ") else { continue };
            let (place, text) = rest.split_once('>').unwrap();
            let number = |name: &str| {
                let value = place.split(name).nth(1).and_then(|rest| rest.split('"').nth(1)).unwrap();
                value.parse::<f64>().unwrap()
            };
            words.push(Word {
                page,
                left: number("xMin="),
                right: number("xMax="),
                top: number("yMin="),
                bottom: number("yMax="),
                text: text.trim_end_matches("</word>").to_owned(),
            });
        }
        words
    }
}
