//! Patient (JP_Patient).

use crate::data::staff::{CLINIC_ID, CLINIC_NAME};
use crate::element::{concept, human_names, identifier, narrative, resource, shown};
use crate::json::{Json, list, object};
use crate::story::person::Person;
use crate::systems::{RECORD_NUMBER, hl7, profile};

pub(crate) fn patient(person: &Person) -> Json {
    let sex = person.sex.of(["男性", "女性"]);
    let text = format!("{}（{sex}、{}生）", person.display(), person.birth.japanese());
    resource("Patient", &person.key, profile!("JP_Patient"))
        .with("text", narrative(&text))
        .with("identifier", list![record_number(person)])
        .with("active", Json::Flag(true))
        .with("name", human_names(person.family, person.given))
        .with("telecom", telecom(person))
        .with("gender", person.sex.code())
        .with("birthDate", person.birth.to_string())
        .with("address", list![address(person)])
        .with("managingOrganization", shown("Organization", CLINIC_ID, CLINIC_NAME))
}

fn record_number(person: &Person) -> Json {
    identifier(RECORD_NUMBER, format!("{:08}", person.number))
        .with("use", "usual")
        .with("type", concept(hl7!("v2-0203"), "MR", "Medical record number"))
}

fn telecom(person: &Person) -> Json {
    let phone = |value: &str, kind: &'static str| {
        object! { "system": "phone", "value": value.to_owned(), "use": kind }
    };
    let mut numbers = vec![phone(&person.home.phone, "home")];
    numbers.extend(person.home.mobile.as_deref().map(|number| phone(number, "mobile")));
    numbers.into()
}

fn address(person: &Person) -> Json {
    let home = &person.home;
    object! {
        "use": "home",
        "text": format!("{}{}{}", home.place.prefecture, home.place.city, home.line),
        "line": list![home.line.clone()],
        "city": home.place.city,
        "state": home.place.prefecture,
        "postalCode": home.place.postal_code,
        "country": "JP",
    }
}
