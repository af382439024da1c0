//! What a report says otherwise than an earlier one: rows that came, went and changed, cell by cell.

mod again;

use super::{Block, Cell, Column, Field, Paper, Row, Section, Table, moment};
use again::Numbers;
use base::{Language, Problem};
use guideline::codes;
use std::collections::{BTreeMap, BTreeSet};

/// What stands before the section that this makes, in both languages: it is no part of the next comparison.
const HEADINGS: [&str; 2] = ["前の版からの変更", "Changes since another version"];

/// How forms label a place in the journal.
const POSITIONS: [&str; 2] = ["ジャーナル位置", "Journal position"];

/// A row by its table, its key, and its place among rows of the same key.
type Key<'a> = (String, &'a str, usize);

/// A row with the titles of its columns.
struct Line<'a> {
    columns: &'a [Column],
    cells: &'a [Cell],
}

/// One cell, one field that says something else than before.
struct Change {
    table: String,
    row: String,
    column: String,
    old: String,
    new: String,
}

/// What `new` says otherwise than `old`.
///
/// Rows are the same when their tables are called alike and their keys are alike. A new number of the same evidence is no
/// change; what differs in dates and in places of the journal alone stands in a table of its own, since it changes with
/// every look at a running system.
///
/// # Errors
/// GL-0042: they are not of one kind, or not in one language.
pub fn compare(old: &Paper, new: &Paper) -> Result<Section, Problem> {
    if old.kind != new.kind || old.language != new.language {
        let named = |paper: &Paper| format!("{} ({})", paper.kind, language_word(paper.language));
        let problem = Problem::new(&codes::REPORT_KIND).with("old", named(old)).with("new", named(new));
        return Err(problem.log("two reports that cannot be compared"));
    }
    Ok(Comparison { old, new, language: new.language }.section())
}

fn language_word(language: Language) -> &'static str {
    match language {
        Language::Japanese => "ja",
        Language::English => "en",
    }
}

struct Comparison<'a> {
    old: &'a Paper,
    new: &'a Paper,
    language: Language,
}

impl<'a> Comparison<'a> {
    fn say(&self, ja: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Japanese => ja,
            Language::English => en,
        }
    }

    fn section(&self) -> Section {
        let (before, after) = (lines(self.old), lines(self.new));
        let (had, has) = (by_key(&before), by_key(&after));
        let added: Vec<_> = after.iter().filter(|(key, _)| !had.contains_key(key)).collect();
        let dropped: Vec<_> = before.iter().filter(|(key, _)| !has.contains_key(key)).collect();
        let (changed, seen_again) = self.changes(&had, &after);
        let texts = self.other_texts();
        let mut blocks = vec![Block::Fields(self.heads())];
        if added.is_empty() && dropped.is_empty() && changed.is_empty() && texts.is_empty() {
            blocks.push(Block::Text(self.nothing(&seen_again).to_owned()));
        }
        if !added.is_empty() || !dropped.is_empty() {
            let rows = dropped.iter().map(|one| self.moved(one, false));
            let rows = added.iter().map(|one| self.moved(one, true)).chain(rows).collect();
            blocks.push(Block::Table(self.moved_table(rows)));
        }
        let tables = [
            (self.say("変わった内容", "What changed"), changed),
            (self.say("日付・位置だけの変更", "Dates and places only"), seen_again),
        ];
        for (name, changes) in tables.into_iter().filter(|(_, changes)| !changes.is_empty()) {
            blocks.push(Block::Table(self.changed_table(name, changes)));
        }
        if !texts.is_empty() {
            blocks.push(Block::Note(
                self.say(
                    "次の節では、表の行以外（本文、図、キーのない行）も変わっています。",
                    "In these sections, something else than keyed rows changed too: texts, pictures, rows without a key.",
                )
                .to_owned(),
            ));
            blocks.push(Block::Points(texts));
        }
        Section::new(self.say(HEADINGS[0], HEADINGS[1]), blocks).on_new_page().wide()
    }

    fn nothing(&self, seen_again: &[Change]) -> &'static str {
        if seen_again.is_empty() {
            self.say("前の版から変わったことはありません。", "Nothing changed since the other version.")
        } else {
            self.say(
                "前の版から内容の変わったことはありません。日付とジャーナル位置だけが新しくなっています。",
                "Nothing changed since the other version but dates and places in the journal.",
            )
        }
    }

    /// Which two papers these are, and in what their heads differ.
    fn heads(&self) -> Vec<Field> {
        let named = |paper: &Paper| {
            let at = moment(paper.as_of.0, self.language);
            let version = match (self.language, paper.version) {
                (Language::Japanese, 0) => "未発行の版".to_owned(),
                (Language::English, 0) => "not handed out".to_owned(),
                (Language::Japanese, version) => format!("第{version}版"),
                (Language::English, version) => format!("version {version}"),
            };
            match self.language {
                Language::Japanese => format!("{version}（{at}、Akashi {}）", paper.program),
                Language::English => format!("{version} ({at}, Akashi {})", paper.program),
            }
        };
        let mut fields = vec![
            Field { label: self.say("前の版", "The other version").to_owned(), value: named(self.old) },
            Field { label: self.say("今の版", "This version").to_owned(), value: named(self.new) },
        ];
        let edition = |paper: &Paper| paper.edition.clone().unwrap_or_else(|| "―".to_owned());
        let heads = [
            (self.say("ガイドラインの版", "Edition"), edition(self.old), edition(self.new)),
            (self.say("医療機関・薬局名", "Facility"), self.old.facility.clone(), self.new.facility.clone()),
            (self.say("表題", "Title"), self.old.title.clone(), self.new.title.clone()),
            (self.say("副題", "Subtitle"), self.old.subtitle.clone(), self.new.subtitle.clone()),
        ];
        for (label, old, new) in heads.into_iter().filter(|(_, old, new)| old != new) {
            fields.push(Field { label: label.to_owned(), value: format!("{old} → {new}") });
        }
        fields
    }

    /// Cells and fields that differ: what they say, and what differs in dates and places only.
    fn changes(
        &self,
        had: &BTreeMap<&Key<'a>, &Line<'a>>,
        after: &[(Key<'a>, Line<'a>)],
    ) -> (Vec<Change>, Vec<Change>) {
        let numbers = (Numbers::of(self.old), Numbers::of(self.new));
        let (mut changed, mut again) = (Vec::new(), Vec::new());
        let mut put = |change: Change, is_detail: bool| {
            let (old, new) = (numbers.0.resolved(&change.old), numbers.1.resolved(&change.new));
            if old == new {
                return;
            }
            let is_again = is_detail || again::without_dates(&old) == again::without_dates(&new);
            if is_again { again.push(change) } else { changed.push(change) }
        };
        for (key, new) in after {
            let Some(old) = had.get(key) else { continue };
            let row = name(new.cells, key.1);
            let is_evidence = again::is_evidence(new.cells);
            for (place, (column, old, new)) in pairs(old, new).into_iter().enumerate() {
                let is_detail = is_evidence && place != again::VALUE;
                let table = key.0.clone();
                put(Change { table, row: row.clone(), column, old, new }, is_detail);
            }
        }
        for (change, is_detail) in field_changes(self.old, self.new) {
            put(change, is_detail);
        }
        (changed, again)
    }

    /// The headings of sections whose texts, pictures, charts and rows without a key differ, came or went.
    fn other_texts(&self) -> Vec<String> {
        let (before, after) = (texts(self.old), texts(self.new));
        let headings: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let differs = |heading: &&String| before.get(*heading) != after.get(*heading);
        headings.into_iter().filter(differs).cloned().collect()
    }

    fn moved(&self, one: &(Key<'a>, Line<'a>), is_new: bool) -> Row {
        let ((table, key, _), line) = one;
        let between = self.say("：", ": ");
        let said = line
            .columns
            .iter()
            .zip(line.cells)
            .map(|(column, cell)| format!("{}{between}{}", column.title, cell.text));
        let kind = if is_new { self.say("追加", "added") } else { self.say("削除", "dropped") };
        let cells = vec![
            Cell::plain(kind),
            Cell::plain(table),
            Cell::plain(name(line.cells, key)),
            Cell::plain(said.collect::<Vec<_>>().join("\n")),
        ];
        Row::Cells { key: None, cells }
    }

    fn moved_table(&self, rows: Vec<Row>) -> Table {
        let columns = vec![
            Column::new(self.say("種別", "What"), 4),
            Column::new(self.say("表", "Table"), 8),
            Column::new(self.say("行", "Row"), 14),
            Column::new(self.say("内容", "Content"), 36),
        ];
        Table {
            name: self.say("追加・削除された行", "Rows added and dropped").to_owned(), columns, rows
        }
    }

    fn changed_table(&self, name: &str, changes: Vec<Change>) -> Table {
        let columns = vec![
            Column::new(self.say("表", "Table"), 8),
            Column::new(self.say("行", "Row"), 14),
            Column::new(self.say("項目", "Column"), 7),
            Column::new(self.say("前の版", "Before"), 18),
            Column::new(self.say("今の版", "Now"), 18),
        ];
        let row = |change: Change| {
            let Change { table, row, column, old, new } = change;
            let cells = [table, row, column, old, new].map(Cell::plain).to_vec();
            Row::Cells { key: None, cells }
        };
        Table { name: name.to_owned(), columns, rows: changes.into_iter().map(row).collect() }
    }
}

/// The sections that are compared.
fn sections(paper: &Paper) -> impl Iterator<Item = &Section> {
    paper.sections.iter().filter(|section| !HEADINGS.contains(&section.heading.as_str()))
}

/// The rows that have a key, in their order.
fn lines(paper: &Paper) -> Vec<(Key<'_>, Line<'_>)> {
    let mut found = Vec::new();
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (name, table) in sections(paper).flat_map(Section::tables) {
        for row in &table.rows {
            let Row::Cells { key: Some(key), cells } = row else { continue };
            let place = next(&mut counts, (name, key));
            found.push(((name.to_owned(), key.as_str(), place), Line { columns: &table.columns, cells }));
        }
    }
    found
}

fn by_key<'l, 'a, T>(all: &'l [(Key<'a>, T)]) -> BTreeMap<&'l Key<'a>, &'l T> {
    all.iter().map(|(key, one)| (key, one)).collect()
}

/// The place among those of one name.
fn next<'a>(counts: &mut BTreeMap<(&'a str, &'a str), usize>, name: (&'a str, &'a str)) -> usize {
    let count = counts.entry(name).or_default();
    let place = *count;
    *count = count.saturating_add(1);
    place
}

/// Labels with values by section, label and place among those of one label, in their order.
fn fields(paper: &Paper) -> Vec<(Key<'_>, &str)> {
    let mut found = Vec::new();
    let mut counts = BTreeMap::new();
    for section in sections(paper) {
        for block in &section.blocks {
            let Block::Fields(fields) = block else { continue };
            for one in fields {
                let place = next(&mut counts, (&section.heading, &one.label));
                found.push(((section.heading.clone(), one.label.as_str(), place), one.value.as_str()));
            }
        }
    }
    found
}

/// Fields that say something else, with whether that is a place in the journal only.
fn field_changes(old: &Paper, new: &Paper) -> Vec<(Change, bool)> {
    let (before, after) = (fields(old), fields(new));
    let (had, has) = (by_key(&before), by_key(&after));
    let change = |key: &Key<'_>, old: &str, new: &str| {
        let (table, row) = (key.0.clone(), key.1.to_owned());
        let is_place = POSITIONS.contains(&key.1);
        (Change { table, row, column: "―".to_owned(), old: old.to_owned(), new: new.to_owned() }, is_place)
    };
    let kept = after.iter().map(|(key, new)| change(key, had.get(key).map_or("―", |old| old), new));
    let gone = before.iter().filter(|(key, _)| !has.contains_key(key));
    kept.chain(gone.map(|(key, old)| change(key, old, "―"))).collect()
}

/// What else the sections hold, by their headings.
fn texts(paper: &Paper) -> BTreeMap<String, Vec<String>> {
    let numbers = Numbers::of(paper);
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for section in sections(paper) {
        let own = found.entry(section.heading.clone()).or_default();
        for block in &section.blocks {
            let said = match block {
                Block::Text(text) | Block::Note(text) => text.clone(),
                Block::Points(points) => points.join("\n"),
                Block::Fields(_) => continue,
                Block::Table(table) => {
                    let is_unkeyed = |row: &&Row| !matches!(row, Row::Cells { key: Some(_), .. });
                    let rows: Vec<&Row> = table.rows.iter().filter(is_unkeyed).collect();
                    format!("{rows:?}")
                }
                Block::Bars(bars) => format!("{bars:?}"),
                Block::Trend(trend) => format!("{trend:?}"),
                Block::Picture(picture) => format!("{picture:?}"),
            };
            own.push(again::without_dates(&numbers.resolved(&said)));
        }
    }
    found
}

/// The cells of two rows, brought together by the titles of their columns.
fn pairs(old: &Line<'_>, new: &Line<'_>) -> Vec<(String, String, String)> {
    let text = |line: &Line<'_>, title: &str| {
        let place = line.columns.iter().position(|column| column.title == title);
        place.and_then(|place| line.cells.get(place)).map_or_else(|| "―".to_owned(), |cell| cell.text.clone())
    };
    let own = new.columns.iter().map(|column| column.title.as_str());
    let gone = old.columns.iter().map(|column| column.title.as_str());
    let gone = gone.filter(|title| !new.columns.iter().any(|column| column.title == *title));
    own.chain(gone).map(|title| (title.to_owned(), text(old, title), text(new, title))).collect()
}

/// What a row is called: the first lines of its first two cells, or its key.
fn name(cells: &[Cell], key: &str) -> String {
    let firsts: Vec<&str> = cells
        .iter()
        .take(2)
        .filter_map(|cell| cell.text.lines().next())
        .filter(|line| !line.is_empty())
        .collect();
    let name = if again::is_evidence(cells) {
        firsts.get(1).copied().unwrap_or(key).to_owned()
    } else {
        firsts.join(" ")
    };
    if name.is_empty() || name == key { key.to_owned() } else { format!("{name}\n{key}") }
}
