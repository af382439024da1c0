//! The course of a test as a picture (SVG), drawn here: points, a line, the band of the reference range.

use super::element::{day, minutes};
use super::reading::{Flag, Reading};
use super::sheet::{Cell, Sheet, cell};
use crate::words::Words;
use std::fmt::Write as _;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 56.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 30.0;
/// Values that are written beside their points; of longer courses only the last and those outside.
const LABELLED_MAX: usize = 14;
/// Room that a character of them takes on the screen of a phone, where they are largest, and their height.
const LETTER: f64 = 13.0;
const LABEL_HEIGHT: f64 = 22.0;
/// Steps into which the height is parted, about.
const STEPS: f64 = 3.0;
/// Levels that are written at the left edge, at most, beside the lowest.
const LEVELS_MAX: u8 = 6;
const DECIMALS_MAX: usize = 9;

/// One course, or the courses of the parts of one test.
#[derive(Debug)]
pub(super) struct Plot {
    pub(super) anchor: String,
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) range: String,
    /// The reference range: upper edge and height.
    pub(super) band: Option<(String, String)>,
    pub(super) lines: Vec<Line>,
    /// Values at the left edge: height and text.
    pub(super) levels: Vec<(String, String)>,
    /// Days below: place, text, anchor of the text.
    pub(super) days: Vec<(String, String, &'static str)>,
    /// The latest values in words.
    pub(super) latest: String,
    /// The values, newest first.
    pub(super) rows: Vec<(String, Cell)>,
}

impl Plot {
    /// What the picture shows, in words.
    pub(super) fn told(&self, words: Words) -> String {
        words.with2("record-course-of", ("name", &self.name), ("latest", &self.latest))
    }
}

/// The course of one test or part.
#[derive(Debug)]
pub(super) struct Line {
    /// 0 for the first, 1 for the second.
    pub(super) place: usize,
    pub(super) name: String,
    /// Where its points are, as `polyline` takes it.
    pub(super) way: String,
    pub(super) points: Vec<Point>,
}

/// One value.
#[derive(Debug)]
pub(super) struct Point {
    pub(super) x: String,
    pub(super) y: String,
    /// Where its text stands.
    pub(super) above: String,
    pub(super) label: String,
    pub(super) told: String,
    pub(super) class: &'static str,
    /// Where its text stands, as numbers.
    place: (f64, f64),
}

impl Point {
    /// Whether its text would stand on that of another.
    fn covers(&self, other: &Self) -> bool {
        let width = |one: &Self| f64::from(u32::try_from(one.label.chars().count()).unwrap_or(u32::MAX));
        let room = (width(self) + width(other)) * LETTER / 2.0;
        (self.place.0 - other.place.0).abs() < room && (self.place.1 - other.place.1).abs() < LABEL_HEIGHT
    }
}

/// Takes away texts that would stand on others, which nobody could read: those outside of their range stay first, then the
/// newest. All values stand in the list below the picture.
fn part(lines: &mut [Line]) {
    let mut order: Vec<&mut Point> = lines.iter_mut().flat_map(|line| line.points.iter_mut().rev()).collect();
    order.sort_by(|one, other| {
        let rank = |point: &Point| (point.class.is_empty(), -point.place.0);
        let (one, other) = (rank(one), rank(other));
        one.0.cmp(&other.0).then(one.1.total_cmp(&other.1))
    });
    let mut kept: Vec<&mut Point> = Vec::new();
    for point in order.into_iter().filter(|point| !point.label.is_empty()) {
        if kept.iter().any(|one| one.covers(point)) {
            point.label.clear();
        } else {
            kept.push(point);
        }
    }
}

/// The plots of a table: one for each test with numbers of at least two moments; parts of one observation share one.
pub(super) fn plots(sheet: &Sheet) -> Vec<Plot> {
    let mut groups: Vec<Vec<&super::sheet::Test>> = Vec::new();
    for test in &sheet.tests {
        let key = |test: &super::sheet::Test| test.readings.first().map(|one| one.test.clone());
        let of_part = test.readings.first().is_some_and(|one| one.part.is_some());
        match groups
            .last_mut()
            .filter(|group| of_part && group.first().map(|one| key(one)) == Some(key(test)))
        {
            Some(group) => group.push(test),
            None => groups.push(vec![test]),
        }
    }
    groups.iter().filter_map(|group| plot(group)).collect()
}

/// What the picture shows, from and until when, from and up to which value: whole steps of `step`.
struct Span {
    from: f64,
    until: f64,
    least: f64,
    most: f64,
    step: f64,
}

impl Span {
    fn x(&self, minute: f64) -> f64 {
        LEFT + (minute - self.from) / (self.until - self.from) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        TOP + (self.most - value) / (self.most - self.least) * (HEIGHT - TOP - BOTTOM)
    }

    /// The heights at which the left edge is written on, and what stands there.
    fn levels(&self) -> Vec<(String, String)> {
        let digits = decimals(self.step);
        let value = |number_of: u8| self.least + f64::from(number_of) * self.step;
        let within = |value: &f64| *value < self.most + self.step / 2.0;
        let levels = (0..=LEVELS_MAX).map(value).take_while(within);
        levels.map(|value| (number(self.y(value)), format!("{value:.digits$}"))).collect()
    }
}

fn plot(group: &[&super::sheet::Test]) -> Option<Plot> {
    let first = *group.first()?;
    let all: Vec<(&Reading, f64, f64)> =
        group.iter().flat_map(|test| &test.readings).filter_map(placed).collect();
    let bounds = group.iter().filter_map(|test| test.readings.last());
    let bounds: Vec<f64> = bounds.flat_map(|one| [one.low, one.high]).flatten().collect();
    let span = span(&all, &bounds)?;
    let mut lines: Vec<Line> =
        group.iter().enumerate().map(|(place, test)| line(place, test, &span)).collect();
    part(&mut lines);
    let band = first.readings.last().filter(|_| group.len() == 1).and_then(|newest| band(newest, &span));
    let newest = |test: &&super::sheet::Test| {
        let latest = &test.latest;
        format!("{} {} {} {} ({})", test.name, latest.value, test.unit, latest.letters, latest.day)
    };
    let of_whole = group.len() == 1;
    let name = first.readings.last().filter(|_| !of_whole).map_or(&first.name, |one| &one.name);
    let mut rows: Vec<(String, &Reading)> =
        group.iter().flat_map(|test| test.readings.iter().map(|one| (test.name.clone(), one))).collect();
    rows.sort_by_key(|(_, one)| std::cmp::Reverse(super::element::sorted(&one.when)));
    Some(Plot {
        anchor: first.anchor.clone(),
        name: name.clone(),
        unit: first.unit.clone(),
        range: if of_whole { first.range.clone() } else { String::new() },
        band,
        lines,
        levels: span.levels(),
        days: days(&all, &span),
        latest: group.iter().map(newest).collect::<Vec<_>>().join(", "),
        rows: rows.into_iter().map(|(name, one)| (name, cell(one))).collect(),
    })
}

fn placed(reading: &Reading) -> Option<(&Reading, f64, f64)> {
    Some((reading, f64::from(minutes(&reading.when)?), reading.number?))
}

fn span(all: &[(&Reading, f64, f64)], bounds: &[f64]) -> Option<Span> {
    let from = all.iter().map(|(_, minute, _)| *minute).reduce(f64::min)?;
    let until = all.iter().map(|(_, minute, _)| *minute).reduce(f64::max)?;
    let values = || all.iter().map(|(_, _, value)| *value).chain(bounds.iter().copied());
    let (least, most, step) = height(values().reduce(f64::min)?, values().reduce(f64::max)?)?;
    (until > from).then_some(Span { from, until, least, most, step })
}

/// From and up to which value a picture of these goes, and in which steps; nothing where no step parts them.
fn height(least: f64, most: f64) -> Option<(f64, f64, f64)> {
    let room = if most > least { (most - least) * 0.05 } else { most.abs().max(1.0) * 0.1 };
    // What is never negative is not drawn below nought.
    let lowest = if least >= 0.0 { (least - room).max(0.0) } else { least - room };
    let step = round_step((most + room - lowest) / STEPS);
    let (from, to) = ((lowest / step).floor() * step, ((most + room) / step).ceil() * step);
    (from < to && from <= least && most <= to && (to - from).is_finite()).then_some((from, to, step))
}

/// The next step of 1, 2 or 5 times a power of ten that is not smaller than this: what people count in.
fn round_step(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    let fits = |times: &f64| times * power >= step;
    [1.0, 2.0, 5.0].into_iter().find(fits).unwrap_or(10.0) * power
}

/// Digits behind the point that values in such steps need.
fn decimals(step: f64) -> usize {
    (0..DECIMALS_MAX).find(|digits| format!("{step:.digits$}").parse() == Ok(step)).unwrap_or(DECIMALS_MAX)
}

fn line(place: usize, test: &super::sheet::Test, span: &Span) -> Line {
    let placed: Vec<(&Reading, f64, f64)> = test.readings.iter().filter_map(placed).collect();
    let last = placed.len().saturating_sub(1);
    let mut way = String::new();
    let mut points = Vec::new();
    for (number_of, (reading, minute, value)) in placed.iter().enumerate() {
        let (x, y) = (span.x(*minute), span.y(*value));
        // Writing to a String cannot fail.
        let _written = write!(way, "{},{} ", number(x), number(y));
        let outside = !matches!(reading.flag, Flag::Normal | Flag::Unsaid);
        let labelled = placed.len() <= LABELLED_MAX || number_of == last || outside;
        let letters = reading.flag.letters();
        let label = format!("{} {letters}", reading.value).trim().to_owned();
        points.push(Point {
            x: number(x),
            y: number(y),
            above: number(y - 9.0),
            told: format!("{}: {label} {}", day(&reading.when), reading.unit),
            label: if labelled { label } else { String::new() },
            class: reading.flag.class(),
            place: (x, y - 9.0),
        });
    }
    let name = test.readings.first().and_then(|one| one.part.clone()).unwrap_or_default();
    Line { place, name, way: way.trim_end().to_owned(), points }
}

fn band(newest: &Reading, span: &Span) -> Option<(String, String)> {
    if newest.low.is_none() && newest.high.is_none() {
        return None;
    }
    let top = span.y(newest.high.unwrap_or(span.most));
    let bottom = span.y(newest.low.unwrap_or(span.least));
    Some((number(top), number((bottom - top).max(0.0))))
}

fn days(all: &[(&Reading, f64, f64)], span: &Span) -> Vec<(String, String, &'static str)> {
    let at = |minute: f64| all.iter().find(|(_, one, _)| (*one - minute).abs() < 0.5);
    let told = |minute: f64, anchor| {
        at(minute).map(|(reading, ..)| (number(span.x(minute)), day(&reading.when), anchor))
    };
    [told(span.from, "start"), told(span.until, "end")].into_iter().flatten().collect()
}

fn number(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::{Line, Point, Span, height, part};

    #[test]
    fn no_value_is_written_on_another_and_those_outside_of_their_range_stay() {
        let point = |x: f64, label: &str, class: &'static str| Point {
            x: String::new(),
            y: String::new(),
            above: String::new(),
            label: label.to_owned(),
            told: String::new(),
            class,
            place: (x, 50.0),
        };
        let points = vec![
            point(0.0, "121", ""),
            point(300.0, "190 H", "high"),
            point(310.0, "122", ""),
            point(400.0, "129", ""),
        ];
        let mut lines = [Line { place: 0, name: String::new(), way: String::new(), points }];
        part(&mut lines);
        let labels: Vec<&str> = lines[0].points.iter().map(|one| one.label.as_str()).collect();
        assert_eq!(labels, ["121", "190 H", "", "129"]);
    }

    /// What is written at the left edge of a picture of values from `least` to `most`.
    fn edge(least: f64, most: f64) -> Vec<String> {
        let (least, most, step) = height(least, most).unwrap();
        let span = Span { from: 0.0, until: 1.0, least, most, step };
        span.levels().into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn the_edge_counts_in_steps_that_people_count_in() {
        assert_eq!(edge(0.46, 0.79), ["0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(edge(48.1, 58.4), ["45", "50", "55", "60"]);
        assert_eq!(edge(129.0, 129.0), ["110", "120", "130", "140", "150"]);
        assert_eq!(edge(0.0, 0.0), ["0.00", "0.05", "0.10"]);
        assert_eq!(edge(-3.0, 2.0), ["-4", "-2", "0", "2", "4"]);
        assert_eq!(edge(8_000.0, 142_000.0), ["0", "50000", "100000", "150000"]);
    }

    #[test]
    fn all_values_are_within_the_picture_and_all_levels_too() {
        for exponent in -4..8 {
            for (low, high) in [(1.0, 1.0), (1.0, 1.01), (0.0, 9.7), (3.3, 7.9), (-2.0, 0.1), (99.0, 101.0)] {
                let times = 10_f64.powi(exponent);
                let (least, most, step) = height(low * times, high * times).unwrap();
                assert!(least <= low * times && high * times <= most, "{low} {high} {exponent}");
                let span = Span { from: 0.0, until: 1.0, least, most, step };
                let levels = span.levels();
                assert!((2..=6).contains(&levels.len()), "{low} {high} {exponent}: {levels:?}");
                let last: f64 = levels.last().unwrap().1.parse().unwrap();
                assert!((last - most).abs() <= step / 1e6, "{levels:?} up to {most}");
            }
        }
    }

    #[test]
    fn values_that_no_step_parts_are_not_drawn() {
        assert_eq!(height(f64::MIN, f64::MAX), None);
        assert_eq!(height(f64::MAX, f64::MAX), None);
    }
}
