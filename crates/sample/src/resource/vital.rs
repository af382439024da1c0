//! Observation: vital signs (JP_Observation_VitalSigns), body measurements, smoking.

use super::Scene;
use crate::data::staff::{Member, STAFF};
use crate::element::{code_of, coding, quantity, resource, words};
use crate::json::{Decimal, Json, list, object};
use crate::story::measure::Circulation;
use crate::systems::{LOINC, NURSING_OBSERVATION, UCUM, jp_core, profile};

/// What kind of observation: its names in the code systems.
struct Sign {
    profile: &'static str,
    category: (&'static str, &'static str),
    second: Option<(&'static str, &'static str, &'static str)>,
    code: (&'static str, &'static str),
    loinc: &'static str,
    name: &'static str,
}

const VITAL: (&str, &str) = ("vital-signs", "Vital Signs");
const BODY: (&str, &str) = ("body-measurement", "Body Measurement");

const fn vital(
    second: (&'static str, &'static str),
    code: &'static str,
    loinc: &'static str,
    name: &'static str,
) -> Sign {
    Sign {
        profile: profile!("JP_Observation_VitalSigns"),
        category: VITAL,
        second: Some((jp_core!("JP_ObservationVitalSignsCategory_CS"), second.0, second.1)),
        code: (NURSING_OBSERVATION, code),
        loinc,
        name,
    }
}

const fn body(second: &'static str, code: &'static str, loinc: &'static str, name: &'static str) -> Sign {
    Sign {
        profile: profile!("JP_Observation_BodyMeasurement"),
        category: BODY,
        second: Some((jp_core!("JP_ObservationBodyMeasurementCategory_CS"), second, name)),
        code: (jp_core!("JP_ObservationBodyMeasurementCode_CS"), code),
        loinc,
        name,
    }
}

/// Blood pressure, with its two numbers as components.
pub(crate) fn blood_pressure(scene: &Scene<'_>, id: &str, circulation: Circulation) -> Json {
    let sign = vital(("blood-pressure", "血圧"), "31002365", "85354-9", "血圧");
    let part = |loinc: &'static str, name: &'static str, value: i64| {
        let code = object! { "coding": list![coding(LOINC, loinc, name)], "text": name };
        object! { "code": code, "valueQuantity": quantity(Decimal::whole(value), "mmHg", UCUM, "mm[Hg]") }
    };
    observation(scene, id, &sign).with(
        "component",
        list![
            part("8480-6", "収縮期血圧", circulation.systolic),
            part("8462-4", "拡張期血圧", circulation.diastolic)
        ],
    )
}

/// Pulse.
pub(crate) fn pulse(scene: &Scene<'_>, id: &str, circulation: Circulation) -> Json {
    let sign = vital(("pulse-rate", "脈拍数"), "31001390", "8867-4", "脈拍数");
    observation(scene, id, &sign)
        .with("valueQuantity", quantity(Decimal::whole(circulation.pulse), "回/分", UCUM, "/min"))
}

/// Body temperature from tenths of a degree.
pub(crate) fn temperature(scene: &Scene<'_>, id: &str, tenths: i64) -> Json {
    let sign = vital(("temperature", "体温"), "31001368", "8310-5", "体温");
    observation(scene, id, &sign).with("valueQuantity", quantity(Decimal::new(tenths, 1), "℃", UCUM, "Cel"))
}

/// Body height.
pub(crate) fn height(scene: &Scene<'_>, id: &str) -> Json {
    let sign = body("height", "31000298", "8302-2", "身長");
    let millimetres = scene.person.height_millimetres(scene.visit.start.date);
    observation(scene, id, &sign)
        .with("valueQuantity", quantity(Decimal::new(millimetres, 1), "cm", UCUM, "cm"))
}

/// Body weight; `noise` in hundreds of grams.
pub(crate) fn weight(scene: &Scene<'_>, id: &str, noise: i64) -> Json {
    let sign = body("weight", "31000296", "29463-7", "体重");
    let tenths = scene.person.weight_grams(scene.visit.start.date) / 100 + noise;
    observation(scene, id, &sign).with("valueQuantity", quantity(Decimal::new(tenths, 1), "kg", UCUM, "kg"))
}

/// Smoking: the product of cigarettes a day and years (ブリンクマン指数), with both as components.
pub(crate) fn smoking(scene: &Scene<'_>, id: &str, cigarettes: i64, years: i64) -> Json {
    let system = jp_core!("JP_ObservationSocialHistoryCode_CS");
    let part = |code: &'static str, name: &'static str, value: i64, unit: &'static str| {
        let code = object! { "coding": list![coding(system, code, name)], "text": name };
        object! { "code": code, "valueQuantity": object! { "value": Decimal::whole(value), "unit": unit } }
    };
    let sign = Sign {
        profile: profile!("JP_Observation_SocialHistory"),
        category: ("social-history", "Social History"),
        second: None,
        code: (system, "MD0012920"),
        loinc: "",
        name: "喫煙指数",
    };
    observation(scene, id, &sign)
        .with("valueQuantity", object! { "value": Decimal::whole(cigarettes * years) })
        .with(
            "component",
            list![
                part("MD0012910", "通算喫煙年数", years, "年"),
                part("MD0012900", "１日の喫煙本数", cigarettes, "本")
            ],
        )
}

fn observation(scene: &Scene<'_>, id: &str, sign: &Sign) -> Json {
    let mut codings = vec![coding(sign.code.0, sign.code.1, sign.name)];
    if !sign.loinc.is_empty() {
        codings.push(code_of(LOINC, sign.loinc));
    }
    let mut categories = vec![simple_category(sign.category)];
    categories.extend(sign.second.map(|(system, code, name)| {
        object! { "coding": list![coding(system, code, name)] }
    }));
    resource("Observation", id, sign.profile)
        .with("status", "final")
        .with("category", categories)
        .with("code", words(sign.name).with("coding", codings))
        .with("subject", scene.subject())
        .with("encounter", scene.encounter())
        .with("effectiveDateTime", scene.after(4))
        .with("performer", list![super::practitioner(nurse(scene))])
}

fn simple_category((code, name): (&'static str, &'static str)) -> Json {
    object! { "coding": list![coding(jp_core!("JP_SimpleObservationCategory_CS"), code, name)] }
}

fn nurse(scene: &Scene<'_>) -> &'static Member {
    let [_, _, _, internal, paediatric, _] = &STAFF;
    if scene.visit.physician.department == paediatric.department { paediatric } else { internal }
}
