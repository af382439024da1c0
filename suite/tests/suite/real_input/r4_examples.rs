//! Every file that HL7 publishes with R4, examples and definitions, goes in by PUT under its own id.

use super::equal::{change, value};
use super::table::Row;
use http::Method;
use server::Bounds;
use std::time::Duration;
use testkit::{Client, Clinic, Plan, Reply, archive};

/// Name of the package where the workshop keeps it.
const PACKAGE: &str = "hl7.fhir.r4.examples-4.0.1.tgz";
/// What it holds beside its own description.
const FILES: usize = 5_306;
/// Some files are as long as a resource may be, and the tests' server is not optimised.
const PATIENCE: Duration = Duration::from_mins(10);

/// Files that are refused, the code of the first problem, and why it is right to refuse them. It may only shrink.
const REFUSED: &[(&str, &str, &str)] = &[
    ("ActivityDefinition-blood-tubes-supply.json", "FH-0120", EMPTY_NARRATIVE),
    ("ActivityDefinition-heart-valve-replacement.json", "FH-0120", EMPTY_NARRATIVE),
    ("AuditEvent-example-disclosure.json", "RC-0063", WRITTEN_BY_THE_SERVER),
    ("AuditEvent-example-error.json", "RC-0063", WRITTEN_BY_THE_SERVER),
    ("AuditEvent-example-login.json", "RC-0063", WRITTEN_BY_THE_SERVER),
    ("AuditEvent-example-logout.json", "RC-0063", WRITTEN_BY_THE_SERVER),
    ("AuditEvent-example-media.json", "RC-0063", WRITTEN_BY_THE_SERVER),
    ("AuditEvent-example-pixQuery.json", "RC-0063", WRITTEN_BY_THE_SERVER),
    ("AuditEvent-example-rest.json", "RC-0063", WRITTEN_BY_THE_SERVER),
    ("AuditEvent-example-search.json", "RC-0063", WRITTEN_BY_THE_SERVER),
    ("AuditEvent-example.json", "RC-0063", WRITTEN_BY_THE_SERVER),
    ("Bundle-dataelements.json", "SV-0004", TOO_LONG),
    ("Bundle-resources.json", "SV-0004", TOO_LONG),
    ("Condition-f202.json", "AC-0001", "its label says that it is restricted, and the tester treats nobody"),
    ("Coverage-9876B1.json", "ST-0040", JOINS_TWO),
    ("Encounter-example.json", "ST-0040", JOINS_TWO),
    ("Encounter-f203.json", "ST-0040", JOINS_TWO),
    ("EventDefinition-example.json", "FH-0120", EMPTY_NARRATIVE),
    ("ExplanationOfBenefit-EB3500.json", "ST-0040", JOINS_TWO),
    ("ExplanationOfBenefit-EB3501.json", "ST-0040", JOINS_TWO),
    ("ImplementationGuide-fhir.json", "FH-0022", NO_NAME),
    ("MedicationAdministration-medadmin0301.json", "ST-0040", JOINS_TWO),
    ("MedicationAdministration-medadmin0302.json", "ST-0040", JOINS_TWO),
    ("MedicationAdministration-medadmin0303.json", "ST-0030", NEVER_FINAL),
    ("MedicationAdministration-medadmin0304.json", "ST-0040", JOINS_TWO),
    ("MedicationAdministration-medadmin0305.json", "ST-0040", JOINS_TWO),
    ("MedicationAdministration-medadmin0306.json", "ST-0040", JOINS_TWO),
    ("MedicationAdministration-medadmin0307.json", "ST-0040", JOINS_TWO),
    ("MedicationAdministration-medadminexample03.json", "ST-0040", JOINS_TWO),
    ("MedicationDispense-meddisp0303.json", "ST-0040", JOINS_TWO),
    ("MedicationDispense-meddisp0305.json", "ST-0030", NEVER_FINAL),
    ("MedicationDispense-meddisp0309.json", "ST-0030", NEVER_FINAL),
    ("MedicationRequest-medrx002.json", "ST-0040", JOINS_TWO),
    ("MedicationRequest-medrx0301.json", "ST-0040", JOINS_TWO),
    ("MedicationRequest-medrx0302.json", "ST-0040", JOINS_TWO),
    ("MedicationRequest-medrx0303.json", "ST-0040", JOINS_TWO),
    ("MedicationRequest-medrx0305.json", "ST-0040", JOINS_TWO),
    ("MedicationRequest-medrx0307.json", "ST-0040", JOINS_TWO),
    ("MedicationRequest-medrx0308.json", "ST-0040", JOINS_TWO),
    ("MedicationRequest-medrx0309.json", "ST-0040", JOINS_TWO),
    ("MedicationRequest-medrx0310.json", "ST-0040", JOINS_TWO),
    ("MedicationRequest-medrx0311.json", "ST-0040", JOINS_TWO),
    ("MedicationRequest-medrx0315.json", "ST-0040", JOINS_TWO),
    ("MedicationRequest-medrx0316.json", "ST-0040", JOINS_TWO),
    ("MedicationRequest-medrx0318.json", "ST-0040", JOINS_TWO),
    ("MedicationRequest-medrx0323.json", "ST-0040", JOINS_TWO),
    ("MedicationRequest-medrx0330.json", "ST-0040", JOINS_TWO),
    ("MedicationRequest-medrx0332.json", "ST-0040", JOINS_TWO),
    ("MedicationRequest-medrx0333.json", "ST-0040", JOINS_TWO),
    ("MedicationRequest-medrx0339.json", "ST-0040", JOINS_TWO),
    ("MedicationStatement-example005.json", "ST-0030", NEVER_FINAL),
    ("Observation-blood-pressure.json", "ST-0040", JOINS_TWO),
    ("Observation-example-haplotype1.json", "ST-0040", JOINS_TWO),
    ("Observation-example-haplotype2.json", "ST-0040", JOINS_TWO),
    ("Observation-example-phenotype.json", "ST-0040", JOINS_TWO),
    ("Observation-f202.json", "ST-0030", NEVER_FINAL),
    ("Procedure-ambulation.json", "ST-0040", JOINS_TWO),
    ("Procedure-example.json", "ST-0040", JOINS_TWO),
    ("Questionnaire-qs1.json", "FH-0022", "items without `linkId`"),
    ("Questionnaire-zika-virus-exposure-assessment.json", "FH-0120", EMPTY_NARRATIVE),
    ("SearchParameter-codesystem-extensions-CodeSystem-author.json", "FH-0022", NO_BASE),
    ("SearchParameter-codesystem-extensions-CodeSystem-effective.json", "FH-0022", NO_BASE),
    ("SearchParameter-codesystem-extensions-CodeSystem-end.json", "FH-0022", NO_BASE),
    ("SearchParameter-codesystem-extensions-CodeSystem-keyword.json", "FH-0022", NO_BASE),
    ("SearchParameter-codesystem-extensions-CodeSystem-workflow.json", "FH-0022", NO_BASE),
    (
        "SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject.json",
        "FH-0023",
        "an id of 67 characters, where 64 may stand",
    ),
    ("SearchParameter-valueset-extensions-ValueSet-author.json", "FH-0022", NO_BASE),
    ("SearchParameter-valueset-extensions-ValueSet-effective.json", "FH-0022", NO_BASE),
    ("SearchParameter-valueset-extensions-ValueSet-end.json", "FH-0022", NO_BASE),
    ("SearchParameter-valueset-extensions-ValueSet-keyword.json", "FH-0022", NO_BASE),
    ("SearchParameter-valueset-extensions-ValueSet-workflow.json", "FH-0022", NO_BASE),
    ("ServiceRequest-ambulation.json", "ST-0040", JOINS_TWO),
    ("ServiceRequest-example.json", "ST-0040", JOINS_TWO),
    ("ServiceRequest-physiotherapy.json", "ST-0040", JOINS_TWO),
    ("StructureDefinition-Definition.json", "FH-0120", NO_BASE_DEFINITION),
    ("StructureDefinition-Event.json", "FH-0120", NO_BASE_DEFINITION),
    ("StructureDefinition-FiveWs.json", "FH-0120", NO_BASE_DEFINITION),
    ("StructureDefinition-Request.json", "FH-0120", NO_BASE_DEFINITION),
    ("VisionPrescription-33124.json", "ST-0040", JOINS_TWO),
    ("ig-r4.json", "FH-0022", NO_NAME),
];

/// The published examples refer to each other without regard to whose they are.
const NEVER_FINAL: &str = "withdrawn before it was ever final, which a plain write cannot say";
const JOINS_TWO: &str =
    "it refers to a record of another patient, or one of another patient that went in before refers to it";
const WRITTEN_BY_THE_SERVER: &str = "who did what is written down by the server alone";
const EMPTY_NARRATIVE: &str = "the narrative is empty (txt-2)";
const TOO_LONG: &str = "longer than a request may be";
const NO_NAME: &str = "neither name nor status, which an ImplementationGuide must have";
const NO_BASE: &str = "no resource type to search in, which a SearchParameter must have";
const NO_BASE_DEFINITION: &str = "neither abstract nor based on anything (sdf-4)";

type Document = (String, Vec<u8>);
/// A file that was refused: its name, code and message.
type Refused = (String, String, String);

/// Sends all of it; nothing where the package is not there.
pub(crate) fn sent() -> Option<Row> {
    let files: Vec<Document> = documents()?;
    assert_eq!(files.len(), FILES);
    let bounds = Bounds { request: PATIENCE, idle: PATIENCE, ..Bounds::default() };
    let clinic = Clinic::with(Plan { bounds, settles: true, ..Plan::default() });
    let client = clinic.client();
    let refused = in_order(&client, &files);
    let expected: Vec<(&str, &str)> = REFUSED.iter().map(|(name, code, _)| (*name, *code)).collect();
    let found: Vec<(&str, &str)> = refused.iter().map(|(name, code, _)| (&**name, &**code)).collect();
    assert_eq!(found, expected, "{refused:#?}");
    let report = clinic.verify().unwrap();
    let accepted = FILES - refused.len();
    let at_start = usize::try_from(Clinic::ENTRIES_AT_START - 1).unwrap() + Clinic::CONTENTS_OF_POLICY;
    let journal = clinic.journal();
    assert_eq!(journal.records(), accepted);
    assert_eq!(usize::try_from(report.contents).unwrap(), at_start + accepted + journal.accesses());
    let source = "FHIR R4 4.0.1, all published files";
    let refused = refused.len();
    Some(Row { source, files: FILES, resources: accepted, accepted, refused, equal: accepted })
}

/// The files by name, without the description of the package itself.
fn documents() -> Option<Vec<Document>> {
    let files = archive::documents_of(&archive::fetched(PACKAGE)?, "package/").into_iter();
    let named = files.map(|(path, bytes)| (path.trim_start_matches("package/").to_owned(), bytes));
    Some(named.filter(|(name, _)| name != "package.json").collect())
}

/// Sends the files one after the other: of two that cannot both stand, always the same one is refused. Gives back what was
/// refused, by name.
fn in_order(client: &Client, files: &[Document]) -> Vec<Refused> {
    let mut refused: Vec<Refused> = files.iter().filter_map(|file| refusal(client, file)).collect();
    refused.sort();
    refused
}

/// How a file is refused; nothing when it went in and came back equal.
fn refusal(client: &Client, (name, sent): &Document) -> Option<Refused> {
    let before = value(sent);
    let kind = before["resourceType"].as_str().unwrap();
    let key = format!("{kind}/{}", before["id"].as_str().unwrap());
    let put = written(client, Method::PUT, &key, sent);
    if put.status() == 201 {
        let found = change(sent, &client.get(&key).expect(200).body);
        assert!(found.is_none(), "{name}{}", found.unwrap());
        return None;
    }
    let refused = |reply: Reply| Some((name.clone(), reply.refusal().1, reply.message()));
    // What stands already, and what ties it to this one, is about the record of this address.
    if matches!(put.status(), 409 | 422) && put.refusal().1.starts_with("ST-") {
        return refused(put);
    }
    // Without an address of its own nothing but the resource itself can be wrong, or that anybody sends its type.
    let post = written(client, Method::POST, kind, sent);
    assert!(matches!(post.status(), 403 | 413 | 422), "{name}: {} {}", post.status(), post.message());
    refused(post)
}

/// Sends a resource. Of one that is longer than the server takes only the beginning is sent: it answers at once.
fn written(client: &Client, method: Method, path: &str, sent: &[u8]) -> Reply {
    let ask = client.ask(method, path).field("prefer", "return=minimal");
    if sent.len() > Bounds::default().body_bytes_max {
        return ask.resource(&sent[..1_000]).announcing(sent.len()).send();
    }
    ask.resource(sent).send()
}
