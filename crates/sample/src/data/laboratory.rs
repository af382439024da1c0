//! Analytes of the laboratory: names, JLAC10 codes, units, reference ranges.

use crate::json::Decimal;

/// What is measured in blood or urine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Analyte {
    HbA1c,
    Glucose,
    Ldl,
    Hdl,
    Triglycerides,
    Ast,
    Alt,
    GammaGt,
    Creatinine,
    Egfr,
    UricAcid,
    Potassium,
    Leukocytes,
    Haemoglobin,
    Platelets,
    Crp,
    UrineProtein,
}

/// How an analyte is written.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) jlac10: &'static str,
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    /// The unit in UCUM.
    pub(crate) ucum: &'static str,
    pub(crate) places: u32,
    /// Reference range of men and of women, in units of the last place.
    pub(crate) range: [(Option<i64>, Option<i64>); 2],
}

const fn sheet(jlac10: &'static str, name: &'static str, unit: &'static str, ucum: &'static str) -> Sheet {
    Sheet { jlac10, name, unit, ucum, places: 0, range: [(None, None); 2] }
}

const fn both(low: i64, high: i64) -> [(Option<i64>, Option<i64>); 2] {
    [(Some(low), Some(high)); 2]
}

const fn each(male: (i64, i64), female: (i64, i64)) -> [(Option<i64>, Option<i64>); 2] {
    [(Some(male.0), Some(male.1)), (Some(female.0), Some(female.1))]
}

static HBA1C: Sheet =
    Sheet { places: 1, range: both(49, 60), ..sheet("3D046000001920402", "HbA1c（NGSP）", "%", "%") };
static GLUCOSE: Sheet = Sheet {
    range: both(73, 109),
    ..sheet("3D010000001926101", "グルコース（血糖）", "mg/dL", "mg/dL")
};
static LDL: Sheet = Sheet {
    range: both(65, 139),
    ..sheet("3F077000002327101", "LDLコレステロール", "mg/dL", "mg/dL")
};
static HDL: Sheet = Sheet {
    range: each((40, 90), (48, 103)),
    ..sheet("3F070000002327101", "HDLコレステロール", "mg/dL", "mg/dL")
};
static TRIGLYCERIDES: Sheet =
    Sheet { range: both(30, 149), ..sheet("3F015000002327101", "中性脂肪（TG）", "mg/dL", "mg/dL") };
static AST: Sheet = Sheet { range: both(13, 30), ..sheet("3B035000002327201", "AST（GOT）", "U/L", "U/L") };
static ALT: Sheet =
    Sheet { range: each((10, 42), (7, 23)), ..sheet("3B045000002327201", "ALT（GPT）", "U/L", "U/L") };
static GAMMA_GT: Sheet =
    Sheet { range: each((13, 64), (9, 32)), ..sheet("3B090000002327101", "γ-GT（γ-GTP）", "U/L", "U/L") };
static CREATININE: Sheet = Sheet {
    places: 2,
    range: each((65, 107), (46, 79)),
    ..sheet("3C015000002327101", "クレアチニン", "mg/dL", "mg/dL")
};
static EGFR: Sheet = Sheet {
    places: 1,
    range: [(Some(600), None); 2],
    ..sheet("8A065000002391901", "eGFR", "mL/min/1.73m²", "mL/min/{1.73_m2}")
};
static URIC_ACID: Sheet = Sheet {
    places: 1,
    range: each((37, 78), (26, 55)),
    ..sheet("3C020000002327101", "尿酸（UA）", "mg/dL", "mg/dL")
};
static POTASSIUM: Sheet =
    Sheet {
        places: 1, range: both(36, 48), ..sheet("3H015000002326101", "カリウム（K）", "mEq/L", "meq/L")
    };
static LEUKOCYTES: Sheet =
    Sheet { range: both(3300, 8600), ..sheet("2A010000001930101", "白血球数（WBC）", "/μL", "/uL") };
static HAEMOGLOBIN: Sheet = Sheet {
    places: 1,
    range: each((137, 168), (116, 148)),
    ..sheet("2A030000001930101", "ヘモグロビン（Hb）", "g/dL", "g/dL")
};
static PLATELETS: Sheet = Sheet {
    places: 1,
    range: both(158, 348),
    ..sheet("2A050000001930101", "血小板数（PLT）", "万/μL", "10*4/uL")
};
static CRP: Sheet =
    Sheet { places: 2, range: [(None, Some(14)); 2], ..sheet("5C070000002306201", "CRP", "mg/dL", "mg/dL") };
static URINE_PROTEIN: Sheet = sheet("1A010000000191111", "尿蛋白（定性）", "", "");

impl Analyte {
    /// How this analyte is written.
    pub(crate) fn sheet(self) -> &'static Sheet {
        match self {
            Self::HbA1c => &HBA1C,
            Self::Glucose => &GLUCOSE,
            Self::Ldl => &LDL,
            Self::Hdl => &HDL,
            Self::Triglycerides => &TRIGLYCERIDES,
            Self::Ast => &AST,
            Self::Alt => &ALT,
            Self::GammaGt => &GAMMA_GT,
            Self::Creatinine => &CREATININE,
            Self::Egfr => &EGFR,
            Self::UricAcid => &URIC_ACID,
            Self::Potassium => &POTASSIUM,
            Self::Leukocytes => &LEUKOCYTES,
            Self::Haemoglobin => &HAEMOGLOBIN,
            Self::Platelets => &PLATELETS,
            Self::Crp => &CRP,
            Self::UrineProtein => &URINE_PROTEIN,
        }
    }
}

impl Sheet {
    /// A value of this analyte.
    pub(crate) fn decimal(&self, units: i64) -> Decimal {
        Decimal::new(units, self.places)
    }
}

/// Results of a qualitative test, from none to much.
pub(crate) static GRADES: [&str; 4] = ["（－）", "（±）", "（１＋）", "（２＋）"];
