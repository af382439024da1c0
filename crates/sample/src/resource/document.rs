//! DocumentReference (JP_DocumentReference): notes and letters of referral as text.

use super::Scene;
use crate::data::staff::{CLINIC_ID, CLINIC_NAME};
use crate::element::{concept, narrative, period, resource, shown};
use crate::json::{Decimal, Json, list, object};
use crate::story::person::Course;
use crate::story::visit::{Reason, active};
use crate::systems::{jp_core, profile};

/// The progress note of a visit, in the order S, O, A, P.
pub(crate) fn note(scene: &Scene<'_>, id: &str) -> Json {
    let medicines: Vec<&str> = scene.visit.prescribed.iter().map(|line| line.line.medicine.name).collect();
    let plan = if medicines.is_empty() {
        String::from("経過観察。")
    } else {
        format!("{} 処方。", medicines.join("、"))
    };
    let (said, judged) = story(scene);
    let text =
        format!("S) {said}\nO) 全身状態良好。バイタルサインは測定記録のとおり。\nA) {judged}\nP) {plan}\n");
    document(scene, id, ("11506-3", "経過記録"), &text)
}

/// A letter to another clinic about a long illness.
pub(crate) fn referral(
    scene: &Scene<'_>,
    id: &str,
    course: &Course,
    department: &str,
    question: &str,
) -> Json {
    let (person, date) = (scene.person, scene.visit.start.date);
    let physician = scene.visit.physician;
    let text = format!(
        "診療情報提供書\n\n{}\n見本総合病院 {department} 御担当先生 御侍史\n\n患者氏名：{} 様（{} 生、{}歳）\n\
         傷病名：{}\n経過：{}頃より当院にて加療中です。{}\n目的：{question}\n\
         ご多忙のところ恐れ入りますが、よろしくお願い申し上げます。\n\n{CLINIC_NAME} {} {}\n",
        date.japanese(),
        person.display(),
        person.birth.japanese(),
        person.age(date),
        course.chronic.disease.name,
        course.onset.japanese(),
        course.chronic.note,
        physician.family.kanji,
        physician.given.kanji,
    );
    document(scene, id, ("57133-1", "診療情報提供書"), &text)
}

fn story(scene: &Scene<'_>) -> (String, String) {
    match scene.visit.reason {
        Reason::Review(_) => {
            let courses: Vec<&Course> = active(scene.person, scene.visit.start.date).collect();
            let names: Vec<&str> = courses.iter().map(|course| course.chronic.disease.name).collect();
            (
                courses.iter().map(|course| course.chronic.note).collect(),
                format!("{} 安定。", names.join("、")),
            )
        }
        Reason::Acute(acute) => {
            let side = scene.visit.side.map_or("", |side| side.name);
            (format!("{}。", acute.complaint), format!("{side}{}。", acute.disease.name))
        }
        Reason::Shots(_) => (String::from("体調良好。予防接種希望。"), String::from("接種可。")),
        Reason::Checkup => (String::from("自覚症状なし。健康診断希望。"), String::from("健康診断。")),
    }
}

fn document(scene: &Scene<'_>, id: &str, kind: (&'static str, &'static str), text: &str) -> Json {
    let data = base64(text.as_bytes());
    let size = i64::try_from(text.len()).unwrap_or(0);
    let attachment = object! {
        "contentType": "text/plain; charset=utf-8",
        "language": "ja",
        "data": data,
        "size": Decimal::whole(size),
        "title": kind.1,
        "creation": scene.after(scene.visit.minutes),
    };
    let context = object! {
        "encounter": list![scene.encounter()],
        "period": period(scene.visit.start, scene.visit.end()),
    };
    resource("DocumentReference", id, profile!("JP_DocumentReference"))
        .with("text", narrative(&format!("{} {}", scene.visit.start.date.japanese(), kind.1)))
        .with("status", "current")
        .with("docStatus", "final")
        .with("type", concept(jp_core!("JP_DocumentCodes_CS"), kind.0, kind.1))
        .with("subject", scene.subject())
        .with("date", scene.after(scene.visit.minutes))
        .with("author", list![scene.physician()])
        .with("custodian", shown("Organization", CLINIC_ID, CLINIC_NAME))
        .with("content", list![object! { "attachment": attachment }])
        .with("context", context)
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
        let word = word << (8 * (3 - u32::try_from(chunk.len()).unwrap_or(3)));
        for place in 0..4_u32 {
            let six = usize::try_from((word >> (18 - 6 * place)) & 63).unwrap_or(0);
            let padding = usize::try_from(place).unwrap_or(0) > chunk.len();
            let letter = ALPHABET.get(six).filter(|_| !padding).copied().unwrap_or(b'=');
            out.push(char::from(letter));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads_as_the_standard_shows() {
        let cases = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        for (length, expected) in cases.into_iter().enumerate() {
            assert_eq!(base64(&b"foobar"[..length]), expected);
        }
        assert_eq!(base64("診療".as_bytes()), "6Ki655mC");
    }
}
