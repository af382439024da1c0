//! Long illnesses: how common at each age, how treated, what is measured.

use super::laboratory::Analyte;
use super::medicines as m;
use super::medicines::{Line, by_age, child, line};

/// A disease as the fee claims name it (傷病名マスター) and its ICD-10 code (2013, Japanese edition, no dot).
#[derive(Debug)]
pub(crate) struct Disease {
    pub(crate) name: &'static str,
    pub(crate) receipt: &'static str,
    pub(crate) icd10: &'static str,
}

pub(crate) const fn disease(name: &'static str, receipt: &'static str, icd10: &'static str) -> Disease {
    Disease { name, receipt, icd10 }
}

/// Which long illness it is, for the courses of measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Hypertension,
    Diabetes,
    Lipids,
    Asthma,
    UricAcid,
    Kidney,
    Anaemia,
    Fibrillation,
    Other,
}

/// A long illness.
#[derive(Debug)]
pub(crate) struct Chronic {
    pub(crate) kind: Kind,
    pub(crate) disease: Disease,
    /// Percent of the clinic's patients who have it, by decade of age: men, women.
    pub(crate) percent: [[u8; 10]; 2],
    /// Ways of treating it in adults; one is chosen for each patient.
    pub(crate) regimens: &'static [&'static [Line]],
    /// Treatment of children under 15.
    pub(crate) child: &'static [Line],
    pub(crate) analytes: &'static [Analyte],
    /// What the patient complains of, for the notes.
    pub(crate) note: &'static str,
    /// To whom the patient is referred: department, and why.
    pub(crate) referral: Option<(&'static str, &'static str)>,
}

const NEVER: [u8; 10] = [0; 10];

const fn chronic(kind: Kind, disease: Disease, percent: [[u8; 10]; 2]) -> Chronic {
    Chronic { kind, disease, percent, regimens: &[], child: &[], analytes: &[], note: "", referral: None }
}

pub(crate) static CHRONIC: &[Chronic] = &[
    Chronic {
        regimens: &[
            &[line(&m::AMLODIPINE_5, 1, &m::BREAKFAST, 0)],
            &[line(&m::AMLODIPINE_2, 1, &m::BREAKFAST, 0)],
            &[line(&m::NORVASC_5, 1, &m::BREAKFAST, 0)],
            &[line(&m::TELMISARTAN_40, 1, &m::BREAKFAST, 0)],
            &[line(&m::CANDESARTAN_8, 1, &m::BREAKFAST, 0), line(&m::AMLODIPINE_5, 1, &m::BREAKFAST, 0)],
        ],
        analytes: &[Analyte::Creatinine, Analyte::Egfr, Analyte::Potassium],
        note: "家庭血圧は概ね安定。めまい、動悸なし。",
        ..chronic(
            Kind::Hypertension,
            disease("高血圧症", "8833421", "I10"),
            [[0, 0, 0, 6, 20, 36, 48, 57, 60, 60], [0, 0, 0, 3, 11, 25, 40, 54, 60, 62]],
        )
    },
    Chronic {
        regimens: &[
            &[line(&m::METFORMIN_500, 1, &m::TWICE, 0)],
            &[line(&m::METFORMIN_250, 1, &m::TWICE, 0)],
            &[line(&m::DAPAGLIFLOZIN_5, 1, &m::BREAKFAST, 0), line(&m::METFORMIN_500, 1, &m::TWICE, 0)],
            &[line(&m::GLIMEPIRIDE_1, 1, &m::BREAKFAST, 0), line(&m::METFORMIN_250, 1, &m::TWICE, 0)],
        ],
        analytes: &[
            Analyte::HbA1c,
            Analyte::Glucose,
            Analyte::UrineProtein,
            Analyte::Creatinine,
            Analyte::Egfr,
        ],
        note: "間食は控えめ。低血糖症状なし。",
        referral: Some(("眼科", "糖尿病網膜症の有無につき、ご高診をお願いいたします。")),
        ..chronic(
            Kind::Diabetes,
            disease("２型糖尿病", "2500015", "E119"),
            [[0, 0, 0, 3, 9, 16, 20, 20, 17, 12], [0, 0, 0, 1, 4, 8, 12, 14, 14, 12]],
        )
    },
    Chronic {
        regimens: &[
            &[line(&m::ROSUVASTATIN_2, 1, &m::SUPPER, 0)],
            &[line(&m::ATORVASTATIN_10, 1, &m::SUPPER, 0)],
            &[line(&m::PITAVASTATIN_1, 1, &m::SUPPER, 0)],
        ],
        analytes: &[Analyte::Ldl, Analyte::Hdl, Analyte::Triglycerides, Analyte::Alt],
        note: "筋肉痛なし。",
        ..chronic(
            Kind::Lipids,
            disease("脂質異常症", "8844446", "E785"),
            [[0, 0, 1, 8, 18, 26, 28, 27, 22, 14], [0, 0, 1, 4, 11, 30, 38, 36, 28, 16]],
        )
    },
    Chronic {
        regimens: &[&[line(&m::SYMBICORT, 2, &m::INHALE, 0)]],
        child: &[child(&m::PRANLUKAST, 4, 20, &m::TWICE, 0)],
        note: "夜間の咳、喘鳴なし。吸入は継続できている。",
        ..chronic(
            Kind::Asthma,
            disease("気管支喘息", "4939008", "J459"),
            [[7, 6, 4, 4, 4, 4, 5, 5, 4, 3], [5, 5, 5, 5, 6, 6, 6, 5, 4, 3]],
        )
    },
    Chronic {
        regimens: &[
            &[line(&m::FEBUXOSTAT_10, 1, &m::BREAKFAST, 0)],
            &[line(&m::ALLOPURINOL_100, 1, &m::BREAKFAST, 0)],
        ],
        analytes: &[Analyte::UricAcid, Analyte::Creatinine],
        note: "関節痛の発作なし。",
        ..chronic(
            Kind::UricAcid,
            disease("高尿酸血症", "7906015", "E790"),
            [[0, 0, 2, 7, 10, 11, 10, 8, 5, 3], [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]],
        )
    },
    Chronic {
        analytes: &[Analyte::Creatinine, Analyte::Egfr, Analyte::Potassium, Analyte::Haemoglobin],
        note: "下腿浮腫なし。減塩を継続。",
        ..chronic(
            Kind::Kidney,
            disease("慢性腎臓病", "8844106", "N189"),
            [[0, 0, 0, 0, 1, 3, 7, 11, 15, 16], [0, 0, 0, 0, 1, 2, 4, 8, 13, 15]],
        )
    },
    Chronic {
        regimens: &[&[line(&m::LANSOPRAZOLE_15, 1, &m::BREAKFAST, 0)]],
        note: "胸やけは軽快。",
        ..chronic(
            Kind::Other,
            disease("逆流性食道炎", "5301002", "K210"),
            [[0, 0, 2, 5, 8, 10, 11, 11, 10, 8], [0, 0, 1, 3, 5, 8, 11, 12, 12, 10]],
        )
    },
    Chronic {
        regimens: &[
            &[line(&m::FEXOFENADINE_60, 1, &m::TWICE, 0)],
            &[line(&m::OLOPATADINE_5, 1, &m::TWICE, 0)],
        ],
        child: &[by_age(&m::FEXOFENADINE_DS, [6, 12], &m::TWICE, 0)],
        note: "鼻汁、くしゃみは内服で自制内。",
        ..chronic(
            Kind::Other,
            disease("アレルギー性鼻炎", "4779004", "J304"),
            [[8, 13, 11, 11, 9, 7, 4, 3, 2, 1], [6, 11, 11, 12, 10, 8, 5, 3, 2, 1]],
        )
    },
    Chronic {
        regimens: &[&[line(&m::LOXOPROFEN_TAPE, 1, &m::PATCH, 28)]],
        note: "階段昇降時に膝痛あり。",
        referral: Some(("整形外科", "膝関節の精査および今後の治療方針につき、ご高診をお願いいたします。")),
        ..chronic(
            Kind::Other,
            disease("変形性膝関節症", "7153018", "M179"),
            [[0, 0, 0, 0, 1, 4, 7, 10, 11, 10], [0, 0, 0, 0, 2, 8, 14, 20, 22, 20]],
        )
    },
    Chronic {
        regimens: &[&[line(&m::ELDECALCITOL, 1, &m::BREAKFAST, 0)]],
        note: "転倒なし。腰背部痛なし。",
        ..chronic(
            Kind::Other,
            disease("骨粗鬆症", "7330006", "M819"),
            [[0, 0, 0, 0, 0, 0, 1, 2, 4, 5], [0, 0, 0, 0, 0, 2, 8, 16, 22, 24]],
        )
    },
    Chronic {
        regimens: &[&[line(&m::ZOLPIDEM_5, 1, &m::BEDTIME, 0)]],
        note: "入眠は良好。日中の眠気なし。",
        ..chronic(
            Kind::Other,
            disease("不眠症", "8839792", "G470"),
            [[0, 0, 2, 3, 5, 6, 8, 10, 11, 11], [0, 0, 3, 4, 6, 8, 11, 14, 15, 15]],
        )
    },
    Chronic {
        regimens: &[&[line(&m::TAMSULOSIN, 1, &m::BREAKFAST, 0)]],
        note: "夜間頻尿は１～２回。",
        ..chronic(
            Kind::Other,
            disease("前立腺肥大症", "8836591", "N40"),
            [[0, 0, 0, 0, 1, 6, 13, 20, 24, 22], NEVER],
        )
    },
    Chronic {
        regimens: &[&[line(&m::APIXABAN_2, 1, &m::TWICE, 0)], &[line(&m::APIXABAN_2, 2, &m::TWICE, 0)]],
        analytes: &[Analyte::Creatinine, Analyte::Egfr, Analyte::Haemoglobin],
        note: "出血症状なし。脈不整あり。",
        referral: Some(("循環器内科", "心房細動につき、心エコーを含めた精査をお願いいたします。")),
        ..chronic(
            Kind::Fibrillation,
            disease("非弁膜症性心房細動", "8846906", "I489"),
            [[0, 0, 0, 0, 0, 1, 3, 6, 10, 11], [0, 0, 0, 0, 0, 0, 2, 4, 8, 10]],
        )
    },
    Chronic {
        regimens: &[&[line(&m::IRON, 1, &m::TWICE, 0)]],
        analytes: &[Analyte::Haemoglobin, Analyte::Platelets, Analyte::Leukocytes],
        note: "立ちくらみは軽快。便は黒色。",
        ..chronic(
            Kind::Anaemia,
            disease("鉄欠乏性貧血", "2809009", "D509"),
            [[0, 0, 0, 0, 0, 0, 1, 1, 2, 2], [0, 3, 5, 7, 9, 2, 1, 1, 2, 2]],
        )
    },
    Chronic {
        regimens: &[
            &[line(&m::MAGNESIUM_330, 1, &m::THRICE, 0)],
            &[line(&m::MAGNESIUM_330, 1, &m::TWICE, 0)],
        ],
        note: "排便は１日１回程度。",
        ..chronic(
            Kind::Other,
            disease("便秘症", "8840042", "K590"),
            [[0, 0, 0, 0, 1, 2, 4, 9, 14, 18], [0, 1, 2, 3, 4, 5, 7, 11, 16, 19]],
        )
    },
];
