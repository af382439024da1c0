//! Questions to a description, and their answers in a word.

use site::description::{Site, read};
use site::model::Model;
use site::network::NodeId;
use site::reach::{Answer, Question};

/// What every description begins with.
const HEAD: &str = "format: akashi-site/1\nfacility: { name: 架空病院 }\n";

/// A description, of which only the sections are written.
pub(crate) fn site(sections: &str) -> Site {
    read("test", &format!("{HEAD}{sections}")).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// The network of a description.
pub(crate) fn model(sections: &str) -> Model {
    Model::draw(Some(&site(sections)), &[]).unwrap()
}

/// Who is called so.
pub(crate) fn find(model: &Model, name: &str) -> NodeId {
    model.find(name).unwrap_or_else(|| panic!("{name} is not drawn"))
}

/// The answer of a network: `yes`, `no`, or `maybe` with what is not known.
pub(crate) fn ask(model: &Model, from: &str, to: &str) -> String {
    let reach = Question::of(&model.network).from(find(model, from));
    word(&reach.to(find(model, to)))
}

/// An answer in a line.
pub(crate) fn word(answer: &Answer) -> String {
    match answer {
        Answer::Reached(reached) if reached.decided => "yes".to_owned(),
        Answer::Reached(reached) => {
            let reasons =
                reached.reasons.iter().map(|reason| format!("{} of {}", reason.attribute, reason.place));
            format!("maybe: {}", reasons.collect::<Vec<_>>().join(", "))
        }
        Answer::Undecided(gaps) => {
            let reasons = gaps.iter().map(|gap| format!("{} of {}", gap.reason.attribute, gap.reason.place));
            format!("undecided: {}", reasons.collect::<Vec<_>>().join(", "))
        }
        Answer::NoPath => "no".to_owned(),
    }
}

/// Asks of pairs `from to` what is expected of each.
pub(crate) fn expect(sections: &str, pairs: &[(&str, &str, &str)]) {
    let model = model(sections);
    for (from, to, expected) in pairs {
        assert_eq!(ask(&model, from, to), *expected, "{from} -> {to}");
    }
}
