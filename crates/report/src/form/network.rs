//! The kept check of the site as a part of a report: the picture of the network, and open paths to the records hop by hop.

use super::coverage::journal;
use super::words::{field, tell};
use super::{Given, OpenPath, SiteShown};
use crate::paper::{Block, Picture, Section, moment};

/// What the check shows; said plainly where none is kept, or an earlier program kept it.
pub(super) fn sections(given: &Given<'_>) -> Vec<Section> {
    let Some(site) = given.site else {
        let none = given.say(
            "構成の検査は、まだ記録されていません。ネットワークの構成も、外から記録に届く経路の有無も不明です。`akashi check site.yaml --keep` で検査し、記録してください。",
            "No check of the site is kept. Neither the network nor whether there are open paths to the records is known. Check the site and keep the result with `akashi check site.yaml --keep`.",
        );
        let heading = given.say("構成の検査がありません", "There is no check of the site");
        return vec![Section::new(heading, vec![Block::Text(none.to_owned())])];
    };
    vec![picture(given, site), paths(given, site)]
}

fn picture(given: &Given<'_>, site: &SiteShown) -> Section {
    let count = |count: u64| tell(given, format!("{count} 件"), count.to_string());
    let fields = vec![
        field(given.say("検査の日時", "Checked"), moment(site.at.0, given.language)),
        field(given.say("検査の記録", "Kept"), journal(given, site.position)),
        field(given.say("違反と判断した指摘", "Findings of violations"), count(site.violated)),
        field(given.say("判断できなかった点", "Not decided"), count(site.undecided)),
    ];
    let shown = match &site.picture {
        Some(svg) => Block::Picture(Picture {
            caption: given.say("ネットワーク構成図", "Picture of the network").to_owned(),
            svg: svg.of(given.language).to_owned(),
        }),
        None => Block::Text(
            given
                .say(
                    "この検査は以前の版のソフトウェアで記録されたため、構成図は残っていません。もう一度検査すると表示されます。",
                    "An earlier program kept this check, without a picture. Check again to have one.",
                )
                .to_owned(),
        ),
    };
    let is_wide = site.picture.as_ref().is_some_and(|svg| is_wide(svg.of(given.language)));
    let heading = given.say("ネットワーク構成図", "Picture of the network");
    Section { is_wide, ..Section::new(heading, vec![Block::Fields(fields), shown]) }
}

/// Whether a picture is larger on the long side of a page, by its own measures.
fn is_wide(svg: &str) -> bool {
    let of_box = svg.split_once("viewBox=\"").and_then(|(_, rest)| rest.split_once('"'));
    let numbers = of_box.map(|(numbers, _)| numbers.split_whitespace().filter_map(|one| one.parse().ok()));
    let numbers: Vec<f64> = numbers.into_iter().flatten().collect();
    matches!(numbers.as_slice(), [_, _, width, height] if *width > 1.4 * *height)
}

fn paths(given: &Given<'_>, site: &SiteShown) -> Section {
    let heading = given.say("記録に届く開いた経路", "Open paths to the records");
    let told = |text: String| Section::new(heading, vec![Block::Text(text)]);
    match &site.open_paths {
        None => told(
            given
                .say(
                    "この検査は以前の版のソフトウェアで記録されたため、経路の一覧は残っていません。経路がないという意味ではなく、不明です。",
                    "An earlier program kept this check, without the paths. That is not the same as no path: it is not known.",
                )
                .to_owned(),
        ),
        Some(paths) if paths.is_empty() => {
            let undecided = site.undecided;
            told(tell(
                given,
                format!("検査した構成には、記録に届く開いた経路は見つかりませんでした。判断できなかった点は {undecided} 件です。"),
                format!("No open path to the records was found in what was checked. {undecided} points could not be decided."),
            ))
        }
        Some(paths) => {
            let count = paths.len();
            let mut blocks = vec![Block::Text(tell(
                given,
                format!("届くべきでない場所から記録に届く経路が {count} 本見つかっています。"),
                format!("{count} paths lead to the records from where they should not."),
            ))];
            for (place, path) in paths.iter().enumerate() {
                blocks.extend(shown(given, place.saturating_add(1), path));
            }
            Section::new(heading, blocks)
        }
    }
}

fn shown(given: &Given<'_>, number: usize, path: &OpenPath) -> Vec<Block> {
    let title = path.title.of(given.language);
    let hops = path.hops.iter().enumerate().map(|(place, hop)| {
        let (place, hop) = (place.saturating_add(1), hop.of(given.language));
        format!("({place}) {hop}")
    });
    let mut points: Vec<String> = hops.collect();
    if path.cuts.is_empty() {
        points.push(
            given
                .say("一か所だけで断つ方法は見つかっていません。", "Nothing single would cut it.")
                .to_owned(),
        );
    }
    for cut in &path.cuts {
        let cut = cut.of(given.language);
        points.push(tell(given, format!("断つ方法：{cut}"), format!("cut by: {cut}")));
    }
    let heading = tell(given, format!("経路 {number}：{title}"), format!("Path {number}: {title}"));
    vec![Block::Text(heading), Block::Points(points)]
}
