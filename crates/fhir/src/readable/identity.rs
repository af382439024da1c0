//! Who a patient is, the same way everywhere: name in kanji and kana, birth date with the era, age, sex, number.

use super::moment;
use super::value::{representation, whole_name};
use crate::json::Node;
use base::{Language, Time};
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

/// What tells one patient from another. `Debug` shows nothing of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// The id of the record.
    pub id: String,
    /// The number of the medical record, where the patient has one (HL7 v2-0203 `MR`).
    pub number: Option<String>,
    /// The name as it is written; in kanji where there is one.
    pub name: Option<String>,
    /// The name as it is read.
    pub kana: Option<String>,
    /// The birth date as FHIR writes it.
    pub birth: Option<String>,
    /// The day of death as FHIR writes it, or empty where only the death is known.
    pub death: Option<String>,
    /// `male`, `female`, `other` or `unknown`.
    pub sex: Option<String>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity")
    }
}

impl Identity {
    /// Reads it from a Patient. What is not there stays none.
    pub fn of(patient: &Node) -> Self {
        let text = |member: &str| patient.get(member).and_then(Node::as_str).map(str::to_owned);
        let names = patient.get("name").and_then(Node::as_array).unwrap_or_default();
        let used: Vec<&Node> = names.iter().filter(|name| !is_past(name)).collect();
        let written = |wanted: Writing| {
            let own = used.iter().find(|name| Writing::of(name) == wanted);
            own.and_then(|name| whole_name(name))
        };
        let name = written(Writing::Ideographic).or_else(|| written(Writing::Alphabetic));
        let death = match patient.get("deceasedBoolean") {
            Some(Node::Bool(true)) => Some(String::new()),
            _ => text("deceasedDateTime"),
        };
        Self {
            id: text("id").unwrap_or_default(),
            number: number(patient),
            name,
            kana: written(Writing::Syllabic),
            birth: text("birthDate"),
            death,
            sex: text("gender"),
        }
    }

    /// All of it on one line. What is not known is said to be unknown.
    pub fn line(&self, on: Date, language: Language) -> String {
        let ja = language == Language::Japanese;
        let choose =
            |japanese: &str, english: &str| if ja { japanese.to_owned() } else { english.to_owned() };
        let name = match (&self.name, &self.kana) {
            (Some(name), Some(kana)) if ja => format!("{name}（{kana}）"),
            (Some(name), Some(kana)) => format!("{name} ({kana})"),
            (Some(name), None) | (None, Some(name)) => name.clone(),
            (None, None) => choose("氏名不明", "name unknown"),
        };
        let born = self.birth.as_deref().and_then(|birth| moment::birth(birth, language));
        let born = match born {
            Some(born) if ja => format!("{born}生"),
            Some(born) => format!("born {born}"),
            None => choose("生年月日不明", "birth date unknown"),
        };
        let age = self.age(on, language).unwrap_or_else(|| choose("年齢不明", "age unknown"));
        let sex = match self.sex.as_deref() {
            Some("male") => choose("男", "male"),
            Some("female") => choose("女", "female"),
            Some("other") => choose("その他の性別", "other sex"),
            _ => choose("性別不明", "sex unknown"),
        };
        let number = match &self.number {
            Some(number) if ja => format!("患者番号 {number}（ID {}）", self.id),
            Some(number) => format!("number {number} (id {})", self.id),
            None if ja => format!("ID {}", self.id),
            None => format!("id {}", self.id),
        };
        [name, born, age, sex, number].join("  ")
    }

    /// The same at a moment, whose day is that of Japan.
    pub fn line_at(&self, at: Time, language: Language) -> String {
        let zone = TimeZone::fixed(Offset::constant(9));
        let moment = jiff::Timestamp::from_microsecond(at.microseconds()).unwrap_or_default();
        self.line(moment.to_zoned(zone).date(), language)
    }

    /// The age on a day; of the dead the age at death, said to be that.
    fn age(&self, on: Date, language: Language) -> Option<String> {
        let birth = self.birth.as_deref()?;
        let dead = |at: Option<String>| match (at, language) {
            (Some(at), Language::Japanese) => format!("死亡（{at}）"),
            (Some(at), Language::English) => format!("dead ({at})"),
            (None, Language::Japanese) => "死亡".to_owned(),
            (None, Language::English) => "dead".to_owned(),
        };
        match self.death.as_deref() {
            None => moment::age(birth, on, language),
            Some(death) => {
                let day = death.get(..10).and_then(|day| day.parse::<Date>().ok());
                Some(dead(day.and_then(|day| moment::age(birth, day, language))))
            }
        }
    }
}

/// The writing of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writing {
    /// Kanji.
    Ideographic,
    /// Kana.
    Syllabic,
    /// Latin letters.
    Alphabetic,
}

impl Writing {
    /// By what the name says of itself, or else by its characters.
    pub(crate) fn of(name: &Node) -> Self {
        match representation(name) {
            Some("IDE") => Self::Ideographic,
            Some("SYL") => Self::Syllabic,
            Some("ABC") => Self::Alphabetic,
            _ => Self::by_characters(&whole_name(name).unwrap_or_default()),
        }
    }

    fn by_characters(name: &str) -> Self {
        let is_kana = |c: char| matches!(c, 'ぁ'..='ゟ' | '゠'..='ヿ' | 'ｦ'..='ﾟ');
        let is_han = |c: char| matches!(c, '々' | '㐀'..='䶿' | '一'..='鿿' | '豈'..='﫿' | '𠀀'..='𯿿');
        match (name.chars().any(is_han), name.chars().any(is_kana)) {
            (true, _) => Self::Ideographic,
            (false, true) => Self::Syllabic,
            (false, false) => Self::Alphabetic,
        }
    }
}

/// A name that is no longer used.
fn is_past(name: &Node) -> bool {
    name.get("use").and_then(Node::as_str) == Some("old")
        || name.get("period").is_some_and(|period| period.get("end").is_some())
}

/// The first identifier of type `MR`.
fn number(patient: &Node) -> Option<String> {
    let identifiers = patient.get("identifier").and_then(Node::as_array)?;
    let is_record_number = |identifier: &&Node| {
        let codings = identifier.get("type").and_then(|kind| kind.get("coding")).and_then(Node::as_array);
        codings.unwrap_or_default().iter().any(|one| one.get("code").and_then(Node::as_str) == Some("MR"))
    };
    let own = identifiers.iter().find(is_record_number)?;
    own.get("value").and_then(Node::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;
    use jiff::civil::date;

    fn line(patient: &str, language: Language) -> String {
        Identity::of(&parse(patient.as_bytes()).unwrap()).line(date(2026, 4, 1), language)
    }

    const WHOLE: &str = r#"{"resourceType":"Patient","id":"p1","gender":"female","birthDate":"1985-03-02",
        "identifier":[{"value":"x"},{"type":{"coding":[{"code":"MR"}]},"value":"0012345"}],
        "name":[
          {"use":"old","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation","valueCode":"IDE"}],"family":"旧姓","given":["花子"]},
          {"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation","valueCode":"SYL"}],"family":"ヤマダ","given":["ハナコ"]},
          {"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation","valueCode":"IDE"}],"family":"山田","given":["花子"]}]}"#;

    #[test]
    fn a_patient_is_shown_by_kanji_kana_birth_with_era_age_sex_and_number() {
        assert_eq!(
            line(WHOLE, Language::Japanese),
            "山田 花子（ヤマダ ハナコ）  1985年3月2日（昭和60年）生  41 歳  女  患者番号 0012345（ID p1）"
        );
        assert_eq!(
            line(WHOLE, Language::English),
            "山田 花子 (ヤマダ ハナコ)  born 1985-03-02 (Showa 60)  41 y  female  number 0012345 (id p1)"
        );
    }

    #[test]
    fn writings_are_told_apart_by_their_characters_where_nothing_says_them() {
        let patient =
            r#"{"id":"p","name":[{"text":"Sato Ken"},{"text":"さとう けん"},{"text":"佐々木 健"}]}"#;
        let found = Identity::of(&parse(patient.as_bytes()).unwrap());
        assert_eq!(found.name.as_deref(), Some("佐々木 健"));
        assert_eq!(found.kana.as_deref(), Some("さとう けん"));
        let roman = Identity::of(&parse(br#"{"name":[{"text":"Sato Ken"}]}"#).unwrap());
        assert_eq!((roman.name.as_deref(), roman.kana), (Some("Sato Ken"), None));
    }

    #[test]
    fn what_is_not_known_is_said_to_be_unknown() {
        let ja = line(r#"{"id":"p9"}"#, Language::Japanese);
        assert_eq!(ja, "氏名不明  生年月日不明  年齢不明  性別不明  ID p9");
        let dead = r#"{"id":"p","birthDate":"1940-01-01","deceasedDateTime":"2020-06-01T10:00:00+09:00"}"#;
        assert!(line(dead, Language::Japanese).contains("死亡（80 歳）"));
        let known = r#"{"id":"p","birthDate":"1940-01-01","deceasedBoolean":true}"#;
        assert!(line(known, Language::English).contains("  dead  "));
    }
}
