//! Bars and trends as they stand in a page: a drawing for the eye, and the numbers beside it for everybody.

use super::lines;
use crate::paper::{Bars, Tone, Trend, short_day};

/// The width of a drawing, in its own units.
const WIDTH: u64 = 1_000;
/// The height of a drawing of a trend.
const HEIGHT: u64 = 240;

/// A drawing of rectangles, each with its tone.
pub(super) struct Chart {
    pub(super) caption: String,
    pub(super) legend: Vec<(&'static str, String)>,
    pub(super) rows: Vec<ChartRow>,
    /// Of a trend: the columns of its drawing.
    pub(super) columns: Vec<Piece>,
}

/// A row of numbers, with its bar where it has one.
pub(super) struct ChartRow {
    pub(super) label: String,
    pub(super) counts: Vec<u64>,
    pub(super) pieces: Vec<Piece>,
}

/// A rectangle.
pub(super) struct Piece {
    pub(super) class: &'static str,
    pub(super) x: u64,
    pub(super) y: u64,
    pub(super) width: u64,
    pub(super) height: u64,
}

/// How a tone is called in the style sheet.
pub(super) fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Good => "good",
        Tone::Partly => "partly",
        Tone::Bad => "bad",
        Tone::Asked => "asked",
        Tone::Unknown => "unknown",
        Tone::Apart => "apart",
    }
}

/// Bars of equal length.
pub(super) fn bars(bars: &Bars) -> Chart {
    let row = |(label, counts): &(String, Vec<u64>)| {
        let spans = spans(counts, counts.iter().fold(0, |sum, one| sum.saturating_add(*one)), WIDTH);
        let piece = |(place, (x, width)): (usize, (u64, u64))| Piece {
            class: tone(&bars.legend, place),
            x,
            y: 0,
            width,
            height: 20,
        };
        let pieces = spans.into_iter().enumerate().filter(|(_, (_, width))| *width > 0).map(piece).collect();
        ChartRow { label: lines(label).join(" "), counts: counts.clone(), pieces }
    };
    Chart {
        caption: lines(&bars.caption).join(" "),
        legend: legend(&bars.legend),
        rows: bars.rows.iter().map(row).collect(),
        columns: Vec::new(),
    }
}

/// A column for each moment, all to one scale.
pub(super) fn trend(trend: &Trend) -> Chart {
    let sum = |counts: &[u64]| counts.iter().fold(0_u64, |sum, one| sum.saturating_add(*one));
    let most = trend.points.iter().map(|(_, counts)| sum(counts)).max().unwrap_or(0);
    let count = u64::try_from(trend.points.len()).unwrap_or(u64::MAX).max(1);
    let step = WIDTH.checked_div(count).unwrap_or(0);
    let width = step.saturating_sub(step.checked_div(5).unwrap_or(0)).max(1);
    let mut columns = Vec::new();
    for (place, (_, counts)) in trend.points.iter().enumerate() {
        let x = step.saturating_mul(u64::try_from(place).unwrap_or(u64::MAX));
        for (part, (from, height)) in spans(counts, most, HEIGHT).into_iter().enumerate() {
            let y = HEIGHT.saturating_sub(from).saturating_sub(height);
            if height > 0 {
                columns.push(Piece { class: tone(&trend.legend, part), x, y, width, height });
            }
        }
    }
    let row = |(at, counts): &(guideline::Moment, Vec<u64>)| ChartRow {
        label: short_day(at.0),
        counts: counts.clone(),
        pieces: Vec::new(),
    };
    Chart {
        caption: lines(&trend.caption).join(" "),
        legend: legend(&trend.legend),
        rows: trend.points.iter().map(row).collect(),
        columns,
    }
}

/// Where each part begins and how long it is, when `whole` is as long as `length`. The parts leave no gap between them.
fn spans(counts: &[u64], whole: u64, length: u64) -> Vec<(u64, u64)> {
    let place = |sum: u64| {
        let wide = u128::from(sum).saturating_mul(u128::from(length));
        wide.checked_div(u128::from(whole)).and_then(|place| u64::try_from(place).ok()).unwrap_or(0)
    };
    let mut sum = 0_u64;
    let mut spans = Vec::new();
    for one in counts {
        let from = place(sum);
        sum = sum.saturating_add(*one);
        spans.push((from, place(sum).saturating_sub(from)));
    }
    spans
}

fn legend(legend: &[(Tone, String)]) -> Vec<(&'static str, String)> {
    legend.iter().map(|(tone, name)| (class(*tone), lines(name).join(" "))).collect()
}

fn tone(legend: &[(Tone, String)], place: usize) -> &'static str {
    legend.get(place).map_or("plain", |(tone, _)| class(*tone))
}

#[cfg(test)]
mod tests {
    use super::spans;

    #[test]
    fn parts_fill_the_whole_without_gaps() {
        assert_eq!(spans(&[1, 1, 1], 3, 1_000), [(0, 333), (333, 333), (666, 334)]);
        assert_eq!(spans(&[0, 0], 0, 1_000), [(0, 0), (0, 0)]);
        assert_eq!(spans(&[u64::MAX, 5], u64::MAX, 10), [(0, 10), (10, 0)]);
        // A smaller sum than the whole leaves the rest empty.
        assert_eq!(spans(&[2], 4, 100), [(0, 50)]);
    }
}
