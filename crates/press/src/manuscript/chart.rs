//! Bars and trends as the template takes them: shares of a length for the drawing, and each number as a text beside it.

use super::Setter;
use crate::font::{Fonts, Weight};
use crate::letters::{Text, words};
use report::paper::{self, Tone, short_day};
use serde::Serialize;

/// The ways to fill an area that can be told apart without colour.
const PATTERNS: [&str; 7] = ["solid", "hatch", "cross", "dots", "blank", "lines", "light"];
/// Up to this many points the numbers stand below the columns of a trend; of more they stand in a table.
const POINTS_BELOW_MAX: usize = 12;
/// A part that is there is seen, however small it is.
const SEEN: f64 = 0.012;

/// Bars, each beside its label and above nothing: a table whose second column is drawn.
#[derive(Debug, Serialize)]
pub(super) struct Bars {
    caption: Text,
    /// Widths of labels and bars, and of the numbers of each part (pt).
    widths: (f64, f64, Vec<f64>),
    parts: Vec<Part>,
    rows: Vec<BarRow>,
}

#[derive(Debug, Serialize)]
struct BarRow {
    label: Text,
    shares: Vec<f64>,
    counts: Vec<String>,
}

/// A part of the whole.
#[derive(Debug, Serialize)]
struct Part {
    name: Text,
    pattern: &'static str,
}

/// Columns over time.
#[derive(Debug, Serialize)]
pub(super) struct Trend {
    caption: Text,
    /// Widths of names and of each column (pt).
    widths: (f64, f64),
    /// Whether the numbers stand below the columns.
    is_below: bool,
    when: &'static str,
    most: String,
    parts: Vec<Part>,
    points: Vec<Point>,
}

#[derive(Debug, Serialize)]
struct Point {
    /// The day, in two parts between which it is broken.
    day: (String, String),
    shares: Vec<f64>,
    counts: Vec<String>,
}

impl Bars {
    pub(super) fn of(setter: &mut Setter<'_>, bars: &paper::Bars) -> Self {
        let (room, size) = (setter.sheet.room(), setter.sizes.table);
        let count = bars.rows.iter().map(|(_, parts)| parts.len()).max().unwrap_or(0).max(bars.legend.len());
        let longest =
            bars.rows.iter().map(|(label, _)| setter.fonts.width(label, Weight::Regular)).fold(4.0, f64::max);
        let label = (longest * size + 10.0).min(room * 0.3);
        let numbers = number_widths(setter.fonts, bars, count, size, (room - label) * 0.8);
        let inner: Vec<f64> = numbers.iter().map(|width| (width - 8.0) / size).collect();
        let parts = parts(setter, &bars.legend, &inner);
        let widths = (label, room - label - numbers.iter().sum::<f64>(), numbers);
        let rows = bars.rows.iter().map(|(label, numbers)| BarRow {
            label: setter.within(label, Weight::Regular, (widths.0 - 8.0) / size),
            shares: shares(numbers, numbers.iter().copied().map(amount).sum()),
            counts: counts(numbers, count),
        });
        let rows = rows.collect();
        Self { caption: setter.text(&bars.caption), widths, parts, rows }
    }
}

impl Trend {
    pub(super) fn of(setter: &mut Setter<'_>, trend: &paper::Trend) -> Self {
        let (room, size) = (setter.sheet.room(), setter.sizes.table);
        let count =
            trend.points.iter().map(|(_, parts)| parts.len()).max().unwrap_or(0).max(trend.legend.len());
        let is_below = trend.points.len() <= POINTS_BELOW_MAX;
        let longest = trend
            .legend
            .iter()
            .map(|(_, name)| setter.fonts.width(name, Weight::Regular))
            .fold(6.0, f64::max);
        let name = if is_below {
            ((longest + 2.6) * size + 8.0).min(room * 0.3)
        } else {
            size * setter.fonts.width("2026-12-00", Weight::Regular) + 10.0
        };
        let each = if is_below { room - name } else { room } / real(trend.points.len().max(1));
        let whole = |numbers: &[u64]| numbers.iter().copied().map(amount).sum::<f64>();
        let most = trend.points.iter().map(|(_, numbers)| whole(numbers)).fold(0.0, f64::max);
        let name_width =
            if is_below { name / size - 3.6 } else { (room - name) / real(count.max(1)) / size - 3.6 };
        let parts = parts(setter, &trend.legend, &vec![name_width; count]);
        let points = trend.points.iter().map(|(when, numbers)| {
            let day = short_day(when.0);
            let (year, rest) = day.split_once('-').map_or((day.as_str(), ""), |(year, rest)| (year, rest));
            Point {
                day: (format!("{year}-"), rest.to_owned()),
                shares: shares(numbers, most),
                counts: counts(numbers, count),
            }
        });
        Self {
            caption: setter.text(&trend.caption),
            widths: (name, each),
            is_below,
            when: setter.say("日付", "Day"),
            most: format!("{most}"),
            parts,
            points: points.collect(),
        }
    }
}

/// The widest word of a name (em); in Japanese a few letters keep together.
fn widest_word(fonts: &Fonts, name: &str) -> f64 {
    let width = |text: &str| fonts.width(text, Weight::Regular);
    if width(name) <= 4.0 { width(name) } else { words(name).map(width).fold(0.0, f64::max) }
}

/// Columns for the numbers of each part: as wide as its name or its longest number needs, together no wider than `most`.
fn number_widths(fonts: &Fonts, bars: &paper::Bars, count: usize, size: f64, most: f64) -> Vec<f64> {
    let width = |at: usize| {
        let name = bars.legend.get(at).map_or(0.0, |(_, name)| widest_word(fonts, name));
        let numbers = bars.rows.iter().filter_map(|(_, numbers)| numbers.get(at));
        let numbers = numbers.map(|number| fonts.width(&number.to_string(), Weight::Regular));
        (numbers.fold(name.max(2.0), f64::max) + 0.4) * size + 8.0
    };
    let widths: Vec<f64> = (0..count).map(width).collect();
    let over = (widths.iter().sum::<f64>() / most).max(1.0);
    widths.into_iter().map(|width| width / over).collect()
}

/// The parts with names for columns so wide (em), each with a pattern of its own.
fn parts(setter: &mut Setter<'_>, legend: &[(Tone, String)], widths: &[f64]) -> Vec<Part> {
    let mut used: Vec<&'static str> = Vec::new();
    widths
        .iter()
        .enumerate()
        .map(|(at, width)| {
            let (tone, name) =
                legend.get(at).map_or((Tone::Plain, "―"), |(tone, name)| (*tone, name.as_str()));
            let own = pattern(tone);
            let free = PATTERNS.into_iter().find(|one| !used.contains(one)).unwrap_or(own);
            let pattern = if used.contains(&own) { free } else { own };
            used.push(pattern);
            Part { name: setter.within(name, Weight::Regular, width.max(1.0)), pattern }
        })
        .collect()
}

fn pattern(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "solid",
        Tone::Partly => "hatch",
        Tone::Bad => "cross",
        Tone::Asked => "dots",
        Tone::Unknown => "blank",
        Tone::Apart => "lines",
        Tone::Plain => "light",
    }
}

/// Shares of a whole that is this much, none of them too small to be seen; together at most 1.
fn shares(numbers: &[u64], whole: f64) -> Vec<f64> {
    if whole <= 0.0 {
        return vec![0.0; numbers.len()];
    }
    let shares =
        numbers.iter().map(|number| if *number == 0 { 0.0 } else { (amount(*number) / whole).max(SEEN) });
    let shares: Vec<f64> = shares.collect();
    let over = shares.iter().sum::<f64>().max(1.0);
    shares.into_iter().map(|share| share / over).collect()
}

fn counts(numbers: &[u64], count: usize) -> Vec<String> {
    (0..count).map(|at| numbers.get(at).map_or_else(|| "―".to_owned(), ToString::to_string)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "it is drawn; the number beside it is exact")]
fn amount(number: u64) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "there are few columns")]
fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_fill_the_bar_and_a_small_part_is_seen() {
        let shares = shares(&[100_000, 1, 0], 100_001.0);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(shares[1] > 0.01 && shares[2] == 0.0);
        assert_eq!(super::shares(&[0, 0], 0.0), [0.0, 0.0]);
    }
}
