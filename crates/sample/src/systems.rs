//! The names of code systems, identifier systems and profiles, as JP Core 1.2.0 gives them.

/// A profile of JP Core by the last part of its name.
macro_rules! profile {
    ($name:literal) => {
        concat!("http://jpfhir.jp/fhir/core/StructureDefinition/", $name)
    };
}

/// An extension of JP Core by the last part of its name.
macro_rules! extension {
    ($name:literal) => {
        concat!("http://jpfhir.jp/fhir/core/Extension/StructureDefinition/", $name)
    };
}

/// A code system of JP Core by the last part of its name.
macro_rules! jp_core {
    ($name:literal) => {
        concat!("http://jpfhir.jp/fhir/core/CodeSystem/", $name)
    };
}

/// A code system of the ministry of health (MHLW) by the last part of its name.
macro_rules! mhlw {
    ($name:literal) => {
        concat!("http://jpfhir.jp/fhir/core/mhlw/CodeSystem/", $name)
    };
}

/// A code system of HL7 by the last part of its name.
macro_rules! hl7 {
    ($name:literal) => {
        concat!("http://terminology.hl7.org/CodeSystem/", $name)
    };
}

pub(crate) use {extension, hl7, jp_core, mhlw, profile};

pub(crate) const NAME_REPRESENTATION: &str =
    "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation";
pub(crate) const UCUM: &str = "http://unitsofmeasure.org";
pub(crate) const LOINC: &str = "http://loinc.org";
pub(crate) const CVX: &str = "http://hl7.org/fhir/sid/cvx";

pub(crate) const INSTITUTION: &str = "http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no";
pub(crate) const INSTITUTION_SHORT: &str = "http://jpfhir.jp/fhir/core/mhlw/IdSystem/MedicalOrganizationID";
pub(crate) const INSURER: &str = "http://jpfhir.jp/fhir/core/mhlw/IdSystem/InsurerNumber";
pub(crate) const MEMBER: &str = "http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID";
pub(crate) const PHYSICIAN: &str = "http://jpfhir.jp/fhir/core/mhlw/IdSystem/medicalRegistrationNumber";
pub(crate) const RP_GROUP: &str = "http://jpfhir.jp/fhir/core/mhlw/IdSystem/Medication-RPGroupNumber";
pub(crate) const RP_PLACE: &str = "http://jpfhir.jp/fhir/core/mhlw/IdSystem/MedicationAdministrationIndex";
pub(crate) const INSTANCE: &str = "http://jpfhir.jp/fhir/core/IdSystem/resourceInstance-identifier";

pub(crate) const DEPARTMENT: &str = "http://jami.jp/SS-MIX2/CodeSystem/ClinicalDepartment";
pub(crate) const MODIFIER: &str = "http://medis.or.jp/CodeSystem/master-disease-modExCode";
pub(crate) const JLAC10: &str = "http://medis.or.jp/CodeSystem/master-JLAC10-17digits";
pub(crate) const NURSING_OBSERVATION: &str = "http://medis.or.jp/CodeSystem/master-nursingObservationKeyCode";
pub(crate) const HOT9: &str = "http://medis.or.jp/CodeSystem/master-HOT9";
pub(crate) const YJ: &str = "http://capstandard.jp/iyaku.info/CodeSystem/YJ-code";
pub(crate) const USAGE: &str = "http://jami.jp/CodeSystem/MedicationUsage";
pub(crate) const METHOD_BASIC: &str = "http://jami.jp/CodeSystem/MedicationMethodBasicUsage";
pub(crate) const METHOD_DETAIL: &str = "http://jami.jp/CodeSystem/MedicationMethodDetailUsage";

/// Ten-digit number of the clinic: Tokyo (13), medical (1), and seven digits no institution has.
pub(crate) const CLINIC_NUMBER: &str = "1319999999";
/// Medical record numbers of the clinic (JP Core: the institution's ten digits after a 1).
pub(crate) const RECORD_NUMBER: &str = "urn:oid:1.2.392.100495.20.3.51.11319999999";
/// Where `fullUrl`s begin; a name reserved for examples (RFC 2606).
pub(crate) const BASE: &str = "https://clinic.example/fhir/";
