//! The picture of a site as SVG: networks as boxes, links between them, the ways of attackers in red with numbered hops.
//!
//! It needs nothing beside itself, follows light and dark, and says in words what it shows to whoever cannot see it.

mod label;
mod layout;
mod route;

use super::text::harmless;
use super::words::choose;
use base::Language;
use layout::{Area, Boxed, Card, Layout, WIDTH};
use route::{Point, Router};
use site::connection::Kind;
use site::picture::{Line, Picture, Row, Symbol, Way};
use std::collections::BTreeMap;

const STYLE: &str = include_str!("style.css");

/// Space for the legend below.
const LEGEND: i64 = 74;
/// Distance of two numbers on lines.
const BADGE: i64 = 24;

/// The picture as an SVG document.
pub fn picture_svg(picture: &Picture, language: Language) -> String {
    let layout = layout::layout(picture, language);
    let areas = layout.areas();
    let names = names(picture, language);
    let mut drawing = Drawing { out: String::new(), language, router: Router::new(&layout) };
    drawing.open(picture, &layout, &names);
    for one in &layout.boxes {
        drawing.zone(one);
    }
    // The ways of attackers take the best routes; links go around them, and are drawn below them.
    let segments = drawing.segments(picture, &layout, &areas);
    for card in &layout.cards {
        drawing.feet(card, &areas);
    }
    for line in &picture.links {
        drawing.link(line, &areas, &names);
    }
    drawing.ways(&segments);
    for card in &layout.cards {
        drawing.card(card);
    }
    drawing.badges(&segments);
    drawing.legend(picture, layout.height);
    drawing.out.push_str("</svg>\n");
    drawing.out
}

fn names(picture: &Picture, language: Language) -> BTreeMap<&str, String> {
    let zones = picture.zones.iter().map(|zone| (zone.id.as_str(), label::zone(zone, language)));
    zones.chain(picture.devices.iter().map(|one| (one.id.as_str(), label::device(one, language)))).collect()
}

/// A piece of a way, with the numbers of the hops that it is.
struct Segment {
    points: Vec<Point>,
    decided: bool,
    hops: Vec<String>,
}

struct Drawing {
    out: String,
    language: Language,
    router: Router,
}

impl Drawing {
    fn add(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn open(&mut self, picture: &Picture, layout: &Layout<'_>, names: &BTreeMap<&str, String>) {
        let height = layout.height.saturating_add(LEGEND);
        let title = escaped(choose(self.language, "ネットワーク図", "Picture of the network"));
        self.add(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"akashi-picture\" lang=\"{}\" viewBox=\"0 0 {WIDTH} {height}\" \
             role=\"img\" aria-labelledby=\"picture-title picture-desc\">",
            super::words::tag(self.language)
        ));
        self.add(&format!("<title id=\"picture-title\">{title}</title>"));
        let told = escaped(&self.told(picture, names));
        self.add(&format!("<desc id=\"picture-desc\">{told}</desc>"));
        self.add(&format!("<style>{STYLE}</style>"));
        self.add(&format!("<rect class=\"ground\" width=\"{WIDTH}\" height=\"{height}\"/>"));
    }

    /// The picture in words.
    fn told(&self, picture: &Picture, names: &BTreeMap<&str, String>) -> String {
        let (zones, devices, links) = (picture.zones.len(), picture.devices.len(), picture.links.len());
        let mut told = match self.language {
            Language::Japanese => {
                format!(
                    "ネットワーク {zones}、機器 {devices}、回線 {links}、攻撃経路 {}。",
                    picture.paths.len()
                )
            }
            Language::English => format!(
                "Networks: {zones}, devices: {devices}, links: {links}, attack paths: {}.",
                picture.paths.len()
            ),
        };
        for way in &picture.paths {
            let passed: Vec<&str> =
                way.passes.iter().filter_map(|id| names.get(id.as_str())).map(String::as_str).collect();
            let doubt =
                if way.decided { "" } else { choose(self.language, "（未確定）", " (not certain)") };
            told.push_str(&[" ", &passed.join(" → "), doubt, choose(self.language, "。", ".")].concat());
        }
        told
    }

    fn zone(&mut self, one: &Boxed<'_>) {
        let Area { x, y, width, height } = one.area;
        let row = row_class(one.zone.row);
        let shade = if one.depth.is_multiple_of(2) { "even" } else { "odd" };
        self.add(&format!(
            "<rect class=\"zone {row} {shade}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"10\"/>"
        ));
        let mut at = y.saturating_add(25);
        for line in &one.title {
            self.text("zone-title", (x.saturating_add(20), at), line);
            at = at.saturating_add(17);
        }
        if !one.zone.note.is_empty() {
            self.text("zone-note", (x.saturating_add(20), at), &super::text::name(&one.zone.note));
        }
    }

    fn card(&mut self, card: &Card<'_>) {
        let Area { x, y, width, height } = card.area;
        let symbol = symbol_class(card.device.symbol);
        let holds = if card.device.holds { " holds" } else { "" };
        self.add(&format!("<g class=\"card {symbol}{holds}\">"));
        self.add(&format!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>"));
        let middle = x.saturating_add(width / 2);
        let note = label::note(card.device, self.language);
        let lines = i64::try_from(card.title.len()).unwrap_or(0).saturating_add(i64::from(note.is_some()));
        let mut at = y.saturating_add(height.saturating_sub(lines.saturating_mul(17)) / 2).saturating_add(13);
        for line in &card.title {
            self.text("card-title", (middle, at), line);
            at = at.saturating_add(17);
        }
        if let Some(note) = note {
            self.text("card-note", (middle, at), &note);
        }
        self.add("</g>");
    }

    /// Lines from a device to the other networks in which it has a foot.
    fn feet(&mut self, card: &Card<'_>, areas: &BTreeMap<&str, Area>) {
        for zone in &card.device.also {
            let Some(area) = areas.get(zone.as_str()).filter(|area| !area.contains(card.area)) else {
                continue;
            };
            let points = self.router.line(card.area, *area);
            self.line("foot", &points, None);
        }
    }

    fn link(&mut self, line: &Line, areas: &BTreeMap<&str, Area>, names: &BTreeMap<&str, String>) {
        let (Some(from), Some(to)) = (areas.get(line.from.as_str()), areas.get(line.to.as_str())) else {
            return;
        };
        if from.contains(*to) || to.contains(*from) {
            return;
        }
        let points = self.router.line(*from, *to);
        let class = match line.kind {
            Some(Kind::Secure) => "link secure",
            Some(Kind::Open) => "link open",
            Some(Kind::Undecided) => "link unknown",
            None => "link inside",
        };
        let ends: Vec<&str> = [&line.from, &line.to]
            .iter()
            .filter_map(|id| names.get(id.as_str()))
            .map(String::as_str)
            .collect();
        let called = super::text::name(if line.name.is_empty() { &line.id } else { &line.name });
        let told = match line.kind {
            Some(kind) => {
                format!("{called}: {} ({})", ends.join(" – "), super::words::kind(self.language, kind))
            }
            None => format!("{called}: {}", ends.join(" – ")),
        };
        self.line(class, &points, Some(&told));
    }

    /// The pieces of all ways, each once.
    fn segments(
        &mut self,
        picture: &Picture,
        layout: &Layout<'_>,
        areas: &BTreeMap<&str, Area>,
    ) -> Vec<Segment> {
        let heads: BTreeMap<&str, Area> =
            layout.boxes.iter().map(|one| (one.zone.id.as_str(), one.head)).collect();
        let mut places: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let mut segments: Vec<Segment> = Vec::new();
        let lettered = picture.paths.len() > 1;
        for (way, letter) in picture.paths.iter().zip('A'..='Z') {
            for (hop, (from, to)) in steps(way).enumerate() {
                let number = hop.saturating_add(1);
                let told = if lettered { format!("{letter}{number}") } else { number.to_string() };
                if let Some(segment) = places.get(&(from, to)).and_then(|place| segments.get_mut(*place)) {
                    segment.decided |= way.decided;
                    segment.hops.push(told);
                    continue;
                }
                let (Some(&start), Some(&end)) = (areas.get(from), areas.get(to)) else { continue };
                // Within a network a way begins at its title, and ends there.
                let start =
                    if start.contains(end) { heads.get(from).copied().unwrap_or(start) } else { start };
                let end = if end.contains(start) { heads.get(to).copied().unwrap_or(end) } else { end };
                let points = self.router.line(start, end);
                places.insert((from, to), segments.len());
                segments.push(Segment { points, decided: way.decided, hops: vec![told] });
            }
        }
        segments
    }

    fn ways(&mut self, segments: &[Segment]) {
        for segment in segments {
            let class = if segment.decided { "way" } else { "way uncertain" };
            self.line(class, &segment.points, None);
            if let [.., before, last] = segment.points.as_slice() {
                self.head(*before, *last);
            }
        }
    }

    /// The head of an arrow.
    fn head(&mut self, (from_x, from_y): Point, (x, y): Point) {
        let (right, down) =
            ((x - from_x).signum().saturating_mul(11), (y - from_y).signum().saturating_mul(11));
        let (back_x, back_y) = (x.saturating_sub(right), y.saturating_sub(down));
        // Across the direction of the line.
        let (side_x, side_y) = (down / 2, right / 2);
        self.add(&format!(
            "<polygon class=\"head\" points=\"{x},{y} {},{} {},{}\"/>",
            back_x.saturating_add(side_x),
            back_y.saturating_add(side_y),
            back_x.saturating_sub(side_x),
            back_y.saturating_sub(side_y)
        ));
    }

    /// The numbers of the hops, beside each other.
    fn badges(&mut self, segments: &[Segment]) {
        let mut taken: Vec<Point> = Vec::new();
        for segment in segments {
            let mut free = along(&segment.points).into_iter();
            for hop in &segment.hops {
                let apart = |at: &Point| {
                    taken.iter().all(|(x, y)| (x - at.0).abs() >= BADGE || (y - at.1).abs() >= BADGE)
                };
                let Some(at) = free.find(apart).or_else(|| segment.points.first().copied()) else { continue };
                taken.push(at);
                self.badge(at, hop, segment.decided);
            }
        }
    }

    fn badge(&mut self, (x, y): Point, hop: &str, decided: bool) {
        let class = if decided { "badge" } else { "badge uncertain" };
        self.add(&format!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"11\"/>"));
        self.text("hop", (x, y.saturating_add(4)), hop);
    }

    fn line(&mut self, class: &str, points: &[Point], told: Option<&str>) {
        let point =
            |(place, (x, y)): (usize, &Point)| format!("{}{x} {y}", if place == 0 { 'M' } else { 'L' });
        let path: String = points.iter().enumerate().map(point).collect();
        match told {
            Some(told) => {
                let told = escaped(told);
                self.add(&format!("<path class=\"{class}\" d=\"{path}\"><title>{told}</title></path>"));
            }
            None => self.add(&format!("<path class=\"{class}\" d=\"{path}\"/>")),
        }
    }

    fn text(&mut self, class: &str, (x, y): Point, text: &str) {
        self.add(&format!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>", escaped(text)));
    }

    /// What the lines mean, as far as they occur, and what is not drawn.
    fn legend(&mut self, picture: &Picture, top: i64) {
        let language = self.language;
        let samples = [
            ("way", choose(language, "攻撃経路（数字は順番）", "attack path, hops numbered")),
            ("way uncertain", choose(language, "攻撃経路（未確定）", "attack path, not certain")),
            ("link open", choose(language, "オープンな回線", "open link")),
            ("link secure", choose(language, "セキュアな回線", "secure link")),
            ("link unknown", choose(language, "種類が不明な回線", "link of unknown kind")),
            ("link inside", choose(language, "クラウド内部の接続", "within the cloud")),
            ("foot", choose(language, "機器が属する別のネットワーク", "device also in this network")),
        ];
        let (mut x, mut y) = (layout::MARGIN, top.saturating_add(12));
        for (class, told) in samples {
            if !self.out.contains(&format!("<path class=\"{class}\"")) {
                continue;
            }
            let columns = unicode_width::UnicodeWidthStr::width(told);
            let width = i64::try_from(columns).unwrap_or(0).saturating_mul(7).saturating_add(62);
            if x.saturating_add(width) > WIDTH {
                (x, y) = (layout::MARGIN, y.saturating_add(24));
            }
            self.line(class, &[(x, y), (x.saturating_add(34), y)], None);
            self.text("legend", (x.saturating_add(42), y.saturating_add(4)), told);
            x = x.saturating_add(width);
        }
        let left_out = [
            (picture.paths_left_out, "図にない攻撃経路", "attack paths not drawn"),
            (picture.links_left_out, "図にない回線", "links not drawn"),
        ];
        let left_out = left_out.iter().filter(|(count, ..)| *count > 0);
        let told: Vec<String> =
            left_out.map(|(count, ja, en)| format!("{}: {count}", choose(language, ja, en))).collect();
        if !told.is_empty() {
            self.text("legend", (layout::MARGIN, y.saturating_add(28)), &told.join("   "));
        }
    }
}

fn steps(way: &Way) -> impl Iterator<Item = (&str, &str)> {
    let to = way.passes.iter().skip(1);
    way.passes.iter().zip(to).map(|(from, to)| (from.as_str(), to.as_str()))
}

/// Places on a line, from near its end to its beginning, then from there outwards: where numbers may stand.
fn along(points: &[Point]) -> Vec<Point> {
    let mut places = Vec::new();
    let mut skip = 26;
    for (to, from) in points.iter().rev().zip(points.iter().rev().skip(1)) {
        let length = (to.0 - from.0).abs().saturating_add((to.1 - from.1).abs());
        let mut at = skip;
        while at <= length {
            let part = |to: i64, from: i64| to.saturating_sub((to - from).signum().saturating_mul(at));
            let upright = to.0 == from.0;
            places.push(if upright { (to.0, part(to.1, from.1)) } else { (part(to.0, from.0), to.1) });
            at = at.saturating_add(12);
        }
        skip = at.saturating_sub(length).max(0);
    }
    places
}

fn row_class(row: Row) -> &'static str {
    match row {
        Row::Internet => "internet",
        Row::Border => "border",
        Row::Information => "information",
        Row::Medical => "medical",
        Row::Outside => "outside",
    }
}

fn symbol_class(symbol: Symbol) -> &'static str {
    match symbol {
        Symbol::Terminal => "terminal",
        Symbol::Server => "server",
        Symbol::Store => "store",
        Symbol::Gateway => "gateway",
        Symbol::Appliance => "appliance",
        Symbol::Folded => "folded",
    }
}

/// A text for XML and for eyes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for one in harmless(text).chars() {
        match one {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
