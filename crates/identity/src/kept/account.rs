//! Accounts: who may come in, what they are at the facility, and until when.

use super::{CODES, Kept, KeptCodes};
use crate::words::AccountId;
use base::{Language, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountKind {
    /// A human being who works at the facility.
    Person,
    /// A machine such as a tablet or an analyser.
    Device,
    /// A program, or the organisation that runs it.
    Service,
    /// A named human being of a maintenance company, for one work order.
    Maintenance,
}

impl AccountKind {
    /// Whether a human being stands behind it, who has a password or a passkey.
    pub fn human(self) -> bool {
        matches!(self, Self::Person | Self::Maintenance)
    }
}

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal $en:literal $ja:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it in commands and interfaces.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The one with this word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }

            /// What people call it.
            pub fn name(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::English) => $en, (Self::$variant, Language::Japanese) => $ja,)+
                }
            }
        }
    };
}

named! {
    /// The occupations of a Japanese facility. JP Core asks for them in `PractitionerRole.code`.
    Occupation {
        /// 医師
        Doctor = "doctor" "doctor" "医師",
        /// 歯科医師
        Dentist = "dentist" "dentist" "歯科医師",
        /// 薬剤師
        Pharmacist = "pharmacist" "pharmacist" "薬剤師",
        /// 看護師
        Nurse = "nurse" "nurse" "看護師",
        /// 准看護師
        AssistantNurse = "assistant-nurse" "assistant nurse" "准看護師",
        /// 保健師
        PublicHealthNurse = "public-health-nurse" "public health nurse" "保健師",
        /// 助産師
        Midwife = "midwife" "midwife" "助産師",
        /// 臨床検査技師
        LaboratoryTechnologist = "laboratory-technologist" "clinical laboratory technologist" "臨床検査技師",
        /// 診療放射線技師
        RadiologicalTechnologist = "radiological-technologist" "radiological technologist" "診療放射線技師",
        /// 臨床工学技士
        ClinicalEngineer = "clinical-engineer" "clinical engineer" "臨床工学技士",
        /// 理学療法士
        PhysicalTherapist = "physical-therapist" "physical therapist" "理学療法士",
        /// 作業療法士
        OccupationalTherapist = "occupational-therapist" "occupational therapist" "作業療法士",
        /// 言語聴覚士
        SpeechTherapist = "speech-therapist" "speech-language-hearing therapist" "言語聴覚士",
        /// 視能訓練士
        Orthoptist = "orthoptist" "orthoptist" "視能訓練士",
        /// 歯科衛生士
        DentalHygienist = "dental-hygienist" "dental hygienist" "歯科衛生士",
        /// 歯科技工士
        DentalTechnician = "dental-technician" "dental technician" "歯科技工士",
        /// 管理栄養士
        Dietitian = "dietitian" "registered dietitian" "管理栄養士",
        /// 公認心理師
        Psychologist = "psychologist" "certified psychologist" "公認心理師",
        /// 社会福祉士・精神保健福祉士
        SocialWorker = "social-worker" "social worker" "社会福祉士・精神保健福祉士",
        /// 救急救命士
        EmergencyTechnician = "emergency-technician" "emergency life-saving technician" "救急救命士",
        /// 事務職員
        Clerk = "clerk" "clerk" "事務職員",
        /// 医師事務作業補助者: enters records for doctors, who approve them
        MedicalClerk = "medical-clerk" "medical clerk" "医師事務作業補助者",
        /// 研修医: a doctor in training, whose records a doctor approves
        Resident = "resident" "resident" "研修医",
        /// 学生・実習生: whose records a supervisor approves
        Student = "student" "student" "学生・実習生",
        /// その他の職員
        Other = "other" "other staff" "その他の職員",
    }
}

impl Occupation {
    /// System and code as FHIR writes it. JP Core publishes the codes of two occupations only; for two more HL7's own
    /// list has one; the others are written as text.
    pub fn coding(self) -> Option<(&'static str, &'static str)> {
        const JP_CORE: &str = "http://jpfhir.jp/fhir/core/CodeSystem/JP_PractitionerRole_CS";
        const HL7: &str = "http://terminology.hl7.org/CodeSystem/practitioner-role";
        match self {
            Self::Doctor => Some((JP_CORE, "JPR10000")),
            Self::Dentist => Some((JP_CORE, "JPR10200")),
            Self::Pharmacist => Some((HL7, "pharmacist")),
            Self::Nurse => Some((HL7, "nurse")),
            _ => None,
        }
    }
}

named! {
    /// What the guideline asks somebody to do beside their occupation (厚労省ガイドライン: 経営管理編, 企画管理編, システム運用編).
    Duty {
        /// 経営層
        Executive = "executive" "executive" "経営層",
        /// 企画管理者
        Planner = "planner" "planner" "企画管理者",
        /// システム運用担当者
        Operator = "operator" "operator" "システム運用担当者",
        /// 監査担当者
        Auditor = "auditor" "auditor" "監査担当者",
    }
}

/// How the people who use an account stand to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holding {
    /// It is one person's own.
    #[default]
    Own,
    /// Several people use it, so that nobody can say who did something with it. It has neither occupation nor duties, and
    /// stays shared: whoever knew its password may know it still.
    Shared,
    /// It is for emergencies (非常時用アカウント): disabled until somebody enables it with a reason.
    Emergency,
}

impl Holding {
    /// Whether it is one person's own; nothing is written for that.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_own(&self) -> bool {
        *self == Self::Own
    }
}

/// Whether an account may be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It may.
    Active,
    /// It may not, for this reason.
    Disabled {
        /// Why.
        reason: String,
    },
}

/// What a remote maintenance is for, and its time. Outside of it the account is of no use to anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkOrder {
    /// Number or name of the order.
    pub order: String,
    /// The company.
    pub company: String,
    /// From when.
    #[serde(with = "crate::moment")]
    pub from: Time,
    /// Until when, exclusively.
    #[serde(with = "crate::moment")]
    pub until: Time,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What it is for.
    pub kind: AccountKind,
    /// The person's or machine's name.
    pub name: String,
    /// The person's occupation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occupation: Option<Occupation>,
    /// The duties, of people and services.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub duties: BTreeSet<Duty>,
    /// Whether it may be used.
    pub state: State,
    /// How people stand to it, for accounts of people.
    #[serde(default, skip_serializing_if = "Holding::is_own")]
    pub holding: Holding,
    /// For remote maintenance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work_order: Option<WorkOrder>,
    /// Telephone number for codes by SMS (E.164).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The id of the person's `Practitioner` record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practitioner: Option<String>,
    /// What a service was granted: SMART scopes, separated by spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<String>,
    /// When it was made.
    #[serde(with = "crate::moment")]
    pub made: Time,
}

impl Account {
    /// Whether it may be used at this moment: it is active, and a work order lasts.
    pub fn usable(&self, now: Time) -> bool {
        let in_time = self.work_order.as_ref().is_none_or(|order| order.from <= now && now < order.until);
        self.state == State::Active && in_time
    }

    /// Whether it can do harm to the whole facility, so that its sessions end sooner.
    pub fn privileged(&self) -> bool {
        self.kind == AccountKind::Maintenance || !self.duties.is_empty()
    }
}

impl Kept for Account {
    const KIND: &'static str = "AkashiAccount";
    const CODES: &'static KeptCodes = &CODES;

    fn id(&self) -> &str {
        self.id.as_str()
    }
}
