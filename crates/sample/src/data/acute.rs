//! Short illnesses: whom they strike and when, how they look, how they are treated.

use super::chronic::{Disease, disease};
use super::laboratory::Analyte;
use super::medicines as m;
use super::medicines::{Line, by_age, child, line};
use super::procedures as p;
use super::procedures::Procedure;

/// Whom an illness can strike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sex {
    Male,
    Female,
}

impl Sex {
    /// The place of this sex in pairs of the data lists.
    pub(crate) fn of<T: Copy>(self, pair: [T; 2]) -> T {
        let [male, female] = pair;
        match self {
            Self::Male => male,
            Self::Female => female,
        }
    }

    /// The FHIR code of administrative gender.
    pub(crate) fn code(self) -> &'static str {
        self.of(["male", "female"])
    }
}

/// A short illness.
#[derive(Debug)]
pub(crate) struct Acute {
    pub(crate) disease: Disease,
    /// From this age in years to that, both included.
    pub(crate) ages: (i32, i32),
    /// Women only.
    pub(crate) women_only: bool,
    /// Months of the year; empty means all.
    pub(crate) months: &'static [i32],
    pub(crate) weight: u32,
    pub(crate) complaint: &'static str,
    /// Body temperature in tenths of a degree, lowest and highest.
    pub(crate) temperature: (i64, i64),
    /// Left or right is part of the diagnosis.
    pub(crate) sided: bool,
    pub(crate) adult: &'static [Line],
    pub(crate) child: &'static [Line],
    pub(crate) procedure: Option<&'static Procedure>,
    /// Measured in adults, sometimes.
    pub(crate) analytes: &'static [Analyte],
    /// Days until it is over.
    pub(crate) days: (i32, i32),
}

const INFLAMMATION: &[Analyte] =
    &[Analyte::Leukocytes, Analyte::Haemoglobin, Analyte::Platelets, Analyte::Crp];

const fn acute(disease: Disease, ages: (i32, i32), weight: u32, complaint: &'static str) -> Acute {
    Acute {
        disease,
        ages,
        women_only: false,
        months: &[],
        weight,
        complaint,
        temperature: (361, 369),
        sided: false,
        adult: &[],
        child: &[],
        procedure: None,
        analytes: &[],
        days: (5, 10),
    }
}

pub(crate) static ACUTE: &[Acute] = &[
    Acute {
        temperature: (366, 383),
        adult: &[
            line(&m::CARBOCISTEINE_500, 1, &m::THRICE, 5),
            line(&m::DEXTROMETHORPHAN, 1, &m::THRICE, 5),
            line(&m::LOXOPROFEN, 1, &m::IN_PAIN, 10),
        ],
        child: &[
            child(&m::CARBOCISTEINE_DS, 2, 10, &m::THRICE, 5),
            child(&m::ACETAMINOPHEN_FINE, 5, 25, &m::IN_FEVER, 6),
        ],
        ..acute(disease("急性上気道炎", "4659007", "J069"), (0, 99), 34, "発熱、鼻汁、咽頭痛")
    },
    Acute {
        temperature: (367, 382),
        adult: &[
            line(&m::CLARITHROMYCIN_200, 1, &m::TWICE, 5),
            line(&m::MUCODYNE_250, 2, &m::THRICE, 7),
            line(&m::TULOBUTEROL_2, 1, &m::PATCH_NIGHT, 7),
        ],
        child: &[
            child(&m::CLARITHROMYCIN_DS, 5, 20, &m::TWICE, 5),
            child(&m::CARBOCISTEINE_DS, 2, 10, &m::THRICE, 7),
        ],
        analytes: INFLAMMATION,
        days: (9, 18),
        ..acute(disease("急性気管支炎", "4660009", "J209"), (1, 99), 13, "咳嗽、喀痰、微熱")
    },
    Acute {
        months: &[12, 1, 2, 3],
        temperature: (382, 396),
        adult: &[line(&m::OSELTAMIVIR_75, 1, &m::TWICE, 5), line(&m::ACETAMINOPHEN_500, 1, &m::IN_FEVER, 10)],
        child: &[
            child(&m::OSELTAMIVIR_DS, 7, 25, &m::TWICE, 5),
            child(&m::ACETAMINOPHEN_FINE, 5, 25, &m::IN_FEVER, 6),
        ],
        procedure: Some(&p::INFLUENZA_TEST),
        days: (6, 8),
        ..acute(disease("インフルエンザＡ型", "8842080", "J101"), (1, 90), 22, "高熱、関節痛、全身倦怠感")
    },
    Acute {
        temperature: (371, 389),
        adult: &[
            line(&m::ACETAMINOPHEN_500, 1, &m::IN_FEVER, 10),
            line(&m::TRANEXAMIC_250, 1, &m::THRICE, 5),
        ],
        child: &[child(&m::ACETAMINOPHEN_FINE, 5, 25, &m::IN_FEVER, 6)],
        procedure: Some(&p::COVID_TEST),
        days: (7, 12),
        ..acute(disease("ＣＯＶＩＤ－１９", "8850104", "U071"), (0, 99), 8, "発熱、咽頭痛、倦怠感")
    },
    Acute {
        temperature: (365, 379),
        adult: &[line(&m::BIFIDOBACTERIA, 1, &m::THRICE, 5), line(&m::ACETAMINOPHEN_500, 1, &m::IN_PAIN, 6)],
        child: &[child(&m::ACETAMINOPHEN_FINE, 5, 25, &m::IN_FEVER, 4)],
        days: (3, 7),
        ..acute(disease("感染性胃腸炎", "0090001", "A090"), (0, 99), 14, "嘔吐、水様下痢、腹痛")
    },
    Acute {
        temperature: (367, 384),
        adult: &[line(&m::TRANEXAMIC_250, 1, &m::THRICE, 5), line(&m::LOXOPROFEN, 1, &m::IN_PAIN, 10)],
        child: &[child(&m::ACETAMINOPHEN_FINE, 5, 25, &m::IN_FEVER, 6)],
        ..acute(disease("急性咽頭炎", "8832280", "J029"), (2, 99), 14, "咽頭痛、嚥下時痛")
    },
    Acute {
        temperature: (375, 391),
        adult: &[
            line(&m::AMOXICILLIN_250, 2, &m::THRICE, 10),
            line(&m::ACETAMINOPHEN_500, 1, &m::IN_FEVER, 6),
        ],
        child: &[
            child(&m::AMOXICILLIN_FINE, 10, 50, &m::THRICE, 10),
            child(&m::ACETAMINOPHEN_FINE, 5, 25, &m::IN_FEVER, 6),
        ],
        procedure: Some(&p::STREP_TEST),
        days: (10, 14),
        ..acute(disease("溶連菌性咽頭炎", "0340006", "J020"), (3, 40), 7, "咽頭痛、発熱、頚部リンパ節腫脹")
    },
    Acute {
        months: &[2, 3, 4],
        adult: &[
            line(&m::FEXOFENADINE_60, 1, &m::TWICE, 28),
            line(&m::MOMETASONE, 1, &m::NOSE, 2),
            line(&m::EPINASTINE, 1, &m::EYES, 1),
        ],
        child: &[by_age(&m::FEXOFENADINE_DS, [6, 12], &m::TWICE, 28)],
        days: (50, 70),
        ..acute(disease("スギ花粉症", "8848069", "J301"), (5, 75), 34, "くしゃみ、水様性鼻汁、眼のかゆみ")
    },
    Acute {
        adult: &[line(&m::LOXOPROFEN, 1, &m::THRICE, 7), line(&m::LOXOPROFEN_TAPE, 1, &m::PATCH, 14)],
        days: (10, 30),
        ..acute(disease("腰痛症", "8840829", "M545"), (20, 90), 12, "腰痛（下肢のしびれなし）")
    },
    Acute {
        adult: &[line(&m::FEXOFENADINE_60, 1, &m::TWICE, 7)],
        child: &[by_age(&m::FEXOFENADINE_DS, [6, 12], &m::TWICE, 7)],
        days: (4, 10),
        ..acute(disease("じんま疹", "8841304", "L509"), (2, 85), 8, "体幹・四肢の膨疹、かゆみ")
    },
    Acute {
        women_only: true,
        adult: &[line(&m::CEFCAPENE_100, 1, &m::THRICE, 5)],
        days: (4, 7),
        ..acute(disease("急性膀胱炎", "5950005", "N300"), (18, 90), 10, "排尿時痛、頻尿、残尿感")
    },
    Acute {
        adult: &[
            line(&m::VALACICLOVIR_500, 2, &m::THRICE, 7),
            line(&m::ACETAMINOPHEN_500, 1, &m::IN_PAIN, 14),
        ],
        days: (18, 35),
        ..acute(disease("帯状疱疹", "0539013", "B029"), (45, 95), 4, "片側胸背部の痛みと水疱")
    },
    Acute {
        temperature: (370, 388),
        child: &[
            child(&m::AMOXICILLIN_FINE, 10, 50, &m::THRICE, 5),
            child(&m::ACETAMINOPHEN_FINE, 5, 25, &m::IN_FEVER, 6),
        ],
        sided: true,
        days: (7, 14),
        ..acute(disease("急性中耳炎", "3829027", "H669"), (0, 9), 14, "耳痛、発熱、鼻汁")
    },
    Acute {
        months: &[6, 7, 8, 9],
        temperature: (367, 381),
        days: (5, 8),
        ..acute(disease("手足口病", "0743002", "B084"), (0, 6), 18, "口腔内・手足の水疱、食欲低下")
    },
    Acute {
        months: &[6, 7, 8],
        temperature: (382, 395),
        child: &[child(&m::ACETAMINOPHEN_FINE, 5, 25, &m::IN_FEVER, 6)],
        days: (4, 6),
        ..acute(disease("ヘルパンギーナ", "0740004", "B085"), (0, 6), 14, "高熱、咽頭痛、口腔内の小水疱")
    },
    Acute {
        adult: &[line(&m::LOXOPROFEN, 1, &m::IN_PAIN, 10)],
        days: (7, 30),
        ..acute(disease("緊張型頭痛", "3078015", "G442"), (16, 70), 9, "後頭部の締めつけられる頭痛、肩こり")
    },
    Acute {
        sided: true,
        procedure: Some(&p::WOUND_CARE),
        days: (7, 12),
        ..acute(disease("手指切創", "8834599", "S610"), (5, 85), 5, "包丁等による手指の切創")
    },
    Acute {
        sided: true,
        adult: &[line(&m::LOXOPROFEN_TAPE, 1, &m::PATCH, 14)],
        days: (14, 28),
        ..acute(disease("足関節捻挫", "8450012", "S934"), (8, 70), 6, "足関節外側の疼痛、腫脹")
    },
    Acute {
        adult: &[line(&m::REBAMIPIDE_100, 1, &m::THRICE, 7), line(&m::FAMOTIDINE_20, 1, &m::TWICE, 7)],
        days: (7, 14),
        ..acute(disease("急性胃炎", "5350004", "K291"), (16, 90), 9, "心窩部痛、嘔気")
    },
    Acute {
        women_only: true,
        adult: &[line(&m::LOXOPROFEN, 1, &m::IN_PAIN, 10)],
        days: (3, 5),
        ..acute(disease("月経困難症", "8833259", "N946"), (15, 45), 6, "月経時の下腹部痛")
    },
];
