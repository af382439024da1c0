//! Medicines: what is prescribed, how it is taken, and who must not have it.
//!
//! Most prescriptions name the ingredient (一般名処方): nine digits of the drug price list, then `ZZZ`.

use crate::json::Decimal;
use crate::systems::{HOT9, YJ, mhlw};

/// A medicine.
#[derive(Debug)]
pub(crate) struct Medicine {
    pub(crate) system: &'static str,
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) unit: Unit,
    pub(crate) group: Group,
    /// Most days it may be prescribed for at once.
    pub(crate) days_max: u32,
}

/// Groups of medicines that an allergy or an illness forbids together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// Anti-inflammatory painkillers.
    Nsaid,
    /// Penicillins.
    Penicillin,
    /// Antihistamines: one at a time is enough.
    Antihistamine,
    /// Everything without a rule here.
    Free,
}

/// Unit and its MERIT-9 code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unit {
    pub(crate) text: &'static str,
    pub(crate) code: &'static str,
}

const TABLET: Unit = Unit { text: "錠", code: "TAB" };
const CAPSULE: Unit = Unit { text: "カプセル", code: "CAP" };
const GRAM: Unit = Unit { text: "g", code: "G" };
const SHEET: Unit = Unit { text: "枚", code: "SHT" };
const PIECE: Unit = Unit { text: "本", code: "HON" };

const GENERIC: &str = mhlw!("MedicationGeneralOrderCode");
const LONG: u32 = 91;

const fn generic(code: &'static str, name: &'static str, unit: Unit, group: Group) -> Medicine {
    Medicine { system: GENERIC, code, name, unit, group, days_max: LONG }
}

const fn brand(system: &'static str, code: &'static str, name: &'static str, unit: Unit) -> Medicine {
    Medicine { system, code, name, unit, group: Group::Free, days_max: LONG }
}

/// When a medicine is taken: words, code of the JAMI usage standard, times a day.
#[derive(Debug)]
pub(crate) struct Usage {
    pub(crate) text: &'static str,
    pub(crate) code: Option<&'static str>,
    pub(crate) times: i64,
    pub(crate) way: Way,
}

/// How a medicine gets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Swallowed,
    /// Swallowed when needed; prescribed by number of doses.
    WhenNeeded,
    Inhaled,
    OnSkin,
    InNose,
    InEyes,
}

const fn usage(text: &'static str, code: Option<&'static str>, times: i64, way: Way) -> Usage {
    Usage { text, code, times, way }
}

pub(crate) static BREAKFAST: Usage =
    usage("内服・経口・１日１回朝食後", Some("1011000400000000"), 1, Way::Swallowed);
pub(crate) static SUPPER: Usage =
    usage("内服・経口・１日１回夕食後", Some("1011040000000000"), 1, Way::Swallowed);
pub(crate) static BEDTIME: Usage =
    usage("内服・経口・１日１回就寝前", Some("1011100000000000"), 1, Way::Swallowed);
pub(crate) static TWICE: Usage =
    usage("内服・経口・１日２回朝夕食後", Some("1012040400000000"), 2, Way::Swallowed);
pub(crate) static THRICE: Usage =
    usage("内服・経口・１日３回朝昼夕食後", Some("1013044400000000"), 3, Way::Swallowed);
pub(crate) static IN_PAIN: Usage = usage("内服・経口・疼痛時", Some("1050110000000000"), 1, Way::WhenNeeded);
pub(crate) static IN_FEVER: Usage = usage("内服・経口・発熱時（６時間以上あける）", None, 1, Way::WhenNeeded);
pub(crate) static INHALE: Usage = usage("外用・吸入・１日２回朝夕 １回２吸入", None, 2, Way::Inhaled);
pub(crate) static PATCH: Usage = usage("外用・貼付・１日１回 患部", None, 1, Way::OnSkin);
pub(crate) static PATCH_NIGHT: Usage =
    usage("外用・貼付・１日１回就寝前 胸部または背部", None, 1, Way::OnSkin);
pub(crate) static NOSE: Usage = usage("外用・点鼻・１日１回 両鼻 １回各２噴霧", None, 1, Way::InNose);
pub(crate) static EYES: Usage = usage("外用・点眼・１日４回 両眼 １回１滴", None, 4, Way::InEyes);

pub(crate) static AMLODIPINE_5: Medicine =
    generic("2171022F2ZZZ", "【般】アムロジピン錠５ｍｇ", TABLET, Group::Free);
pub(crate) static AMLODIPINE_2: Medicine =
    generic("2171022F1ZZZ", "【般】アムロジピン錠２．５ｍｇ", TABLET, Group::Free);
pub(crate) static NORVASC_5: Medicine = brand(HOT9, "103299401", "ノルバスク錠５ｍｇ", TABLET);
pub(crate) static TELMISARTAN_40: Medicine =
    generic("2149042F2ZZZ", "【般】テルミサルタン錠４０ｍｇ", TABLET, Group::Free);
pub(crate) static CANDESARTAN_8: Medicine =
    generic("2149040F3ZZZ", "【般】カンデサルタン錠８ｍｇ", TABLET, Group::Free);
pub(crate) static METFORMIN_250: Medicine =
    generic("3962002F2ZZZ", "【般】メトホルミン塩酸塩錠２５０ｍｇ：ＭＴ", TABLET, Group::Free);
pub(crate) static METFORMIN_500: Medicine =
    generic("3962002F3ZZZ", "【般】メトホルミン塩酸塩錠５００ｍｇ：ＭＴ", TABLET, Group::Free);
pub(crate) static DAPAGLIFLOZIN_5: Medicine = brand(YJ, "3969019F1027", "フォシーガ錠５ｍｇ", TABLET);
pub(crate) static GLIMEPIRIDE_1: Medicine =
    generic("3961008F1ZZZ", "【般】グリメピリド錠１ｍｇ", TABLET, Group::Free);
pub(crate) static ROSUVASTATIN_2: Medicine =
    generic("2189017F1ZZZ", "【般】ロスバスタチン錠２．５ｍｇ", TABLET, Group::Free);
pub(crate) static ATORVASTATIN_10: Medicine =
    generic("2189015F2ZZZ", "【般】アトルバスタチン錠１０ｍｇ", TABLET, Group::Free);
pub(crate) static PITAVASTATIN_1: Medicine =
    generic("2189016F1ZZZ", "【般】ピタバスタチンＣａ錠１ｍｇ", TABLET, Group::Free);
pub(crate) static FEBUXOSTAT_10: Medicine =
    generic("3949003F1ZZZ", "【般】フェブキソスタット錠１０ｍｇ", TABLET, Group::Free);
pub(crate) static ALLOPURINOL_100: Medicine =
    generic("3943001F1ZZZ", "【般】アロプリノール錠１００ｍｇ", TABLET, Group::Free);
pub(crate) static LANSOPRAZOLE_15: Medicine =
    generic("2329023F1ZZZ", "【般】ランソプラゾール口腔内崩壊錠１５ｍｇ", TABLET, Group::Free);
pub(crate) static SYMBICORT: Medicine =
    brand(YJ, "2290801G2025", "シムビコートタービュヘイラー６０吸入", PIECE);
pub(crate) static PRANLUKAST: Medicine =
    generic("4490017R1ZZZ", "【般】プランルカストシロップ用１０％", GRAM, Group::Free);
pub(crate) static TAMSULOSIN: Medicine =
    generic("2590008F2ZZZ", "【般】タムスロシン塩酸塩口腔内崩壊錠０．２ｍｇ", TABLET, Group::Free);
pub(crate) static APIXABAN_2: Medicine = brand(YJ, "3339004F1029", "エリキュース錠２．５ｍｇ", TABLET);
pub(crate) static ELDECALCITOL: Medicine =
    generic("3112006M2ZZZ", "【般】エルデカルシトールカプセル０．７５μｇ", CAPSULE, Group::Free);
pub(crate) static IRON: Medicine =
    generic("3222013F1ZZZ", "【般】クエン酸第一鉄Ｎａ錠５０ｍｇ", TABLET, Group::Free);
pub(crate) static MAGNESIUM_330: Medicine =
    generic("2344009F2ZZZ", "【般】酸化マグネシウム錠３３０ｍｇ", TABLET, Group::Free);
pub(crate) static ZOLPIDEM_5: Medicine = Medicine {
    days_max: 30,
    ..generic("1129009F1ZZZ", "【般】ゾルピデム酒石酸塩錠５ｍｇ", TABLET, Group::Free)
};

pub(crate) static LOXOPROFEN: Medicine =
    generic("1149019F1ZZZ", "【般】ロキソプロフェンＮａ錠６０ｍｇ", TABLET, Group::Nsaid);
pub(crate) static LOXOPROFEN_TAPE: Medicine =
    generic("2649735S2ZZZ", "【般】ロキソプロフェンＮａテープ１００ｍｇ", SHEET, Group::Nsaid);
pub(crate) static ACETAMINOPHEN_500: Medicine =
    generic("1141007F3ZZZ", "【般】アセトアミノフェン錠５００ｍｇ", TABLET, Group::Free);
pub(crate) static ACETAMINOPHEN_FINE: Medicine =
    generic("1141007C1ZZZ", "【般】アセトアミノフェン細粒２０％", GRAM, Group::Free);
pub(crate) static CARBOCISTEINE_500: Medicine =
    generic("2233002F2ZZZ", "【般】カルボシステイン錠５００ｍｇ", TABLET, Group::Free);
pub(crate) static MUCODYNE_250: Medicine = brand(HOT9, "103835401", "ムコダイン錠２５０ｍｇ", TABLET);
pub(crate) static CARBOCISTEINE_DS: Medicine =
    generic("2233002R2ZZZ", "【般】カルボシステインシロップ用５０％", GRAM, Group::Free);
pub(crate) static TRANEXAMIC_250: Medicine =
    generic("3327002F1ZZZ", "【般】トラネキサム酸錠２５０ｍｇ", TABLET, Group::Free);
pub(crate) static DEXTROMETHORPHAN: Medicine =
    generic("2223001F1ZZZ", "【般】デキストロメトルファン臭化水素酸塩錠１５ｍｇ", TABLET, Group::Free);
pub(crate) static CLARITHROMYCIN_200: Medicine =
    generic("6149003F2ZZZ", "【般】クラリスロマイシン錠２００ｍｇ", TABLET, Group::Free);
pub(crate) static CLARITHROMYCIN_DS: Medicine =
    generic("6149003R1ZZZ", "【般】クラリスロマイシンシロップ用１０％", GRAM, Group::Free);
pub(crate) static AMOXICILLIN_250: Medicine =
    generic("6131001M2ZZZ", "【般】アモキシシリンカプセル２５０ｍｇ", CAPSULE, Group::Penicillin);
pub(crate) static AMOXICILLIN_FINE: Medicine =
    generic("6131001C1ZZZ", "【般】アモキシシリン細粒１０％", GRAM, Group::Penicillin);
pub(crate) static CEFCAPENE_100: Medicine =
    generic("6132016F2ZZZ", "【般】セフカペンピボキシル塩酸塩錠１００ｍｇ", TABLET, Group::Free);
pub(crate) static VALACICLOVIR_500: Medicine =
    generic("6250019F1ZZZ", "【般】バラシクロビル錠５００ｍｇ", TABLET, Group::Free);
pub(crate) static OSELTAMIVIR_75: Medicine =
    generic("6250021M1ZZZ", "【般】オセルタミビルカプセル７５ｍｇ", CAPSULE, Group::Free);
pub(crate) static OSELTAMIVIR_DS: Medicine =
    generic("6250021R1ZZZ", "【般】オセルタミビルシロップ用３％", GRAM, Group::Free);
pub(crate) static TULOBUTEROL_2: Medicine = generic(
    "2259707S3ZZZ",
    "【般】ツロブテロール経皮吸収型テープ２ｍｇ：１２～２４時間持続",
    SHEET,
    Group::Free,
);
pub(crate) static FEXOFENADINE_60: Medicine =
    generic("4490023F1ZZZ", "【般】フェキソフェナジン塩酸塩錠６０ｍｇ", TABLET, Group::Antihistamine);
pub(crate) static FEXOFENADINE_DS: Medicine =
    generic("4490023R2ZZZ", "【般】フェキソフェナジン塩酸塩シロップ用５％", GRAM, Group::Antihistamine);
pub(crate) static OLOPATADINE_5: Medicine =
    generic("4490025F4ZZZ", "【般】オロパタジン塩酸塩口腔内崩壊錠５ｍｇ", TABLET, Group::Antihistamine);
pub(crate) static MOMETASONE: Medicine =
    generic("1329710Q1ZZZ", "【般】モメタゾン点鼻液５０μｇ５６噴霧用", PIECE, Group::Free);
pub(crate) static EPINASTINE: Medicine =
    generic("1319762Q2ZZZ", "【般】エピナスチン塩酸塩点眼液０．１％", PIECE, Group::Free);
pub(crate) static REBAMIPIDE_100: Medicine =
    generic("2329021F1ZZZ", "【般】レバミピド錠１００ｍｇ", TABLET, Group::Free);
pub(crate) static FAMOTIDINE_20: Medicine =
    generic("2325003F2ZZZ", "【般】ファモチジン錠２０ｍｇ", TABLET, Group::Free);
pub(crate) static BIFIDOBACTERIA: Medicine =
    generic("2316020F1ZZZ", "【般】ビフィズス菌錠１２ｍｇ", TABLET, Group::Free);

/// How much is taken at once.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Dose {
    Fixed(Decimal),
    /// Grams of the product for 100 kg of body weight, and the most grams.
    ByWeight {
        grams_per_100_kilograms: i64,
        tenths_of_gram_max: i64,
    },
    /// Tenths of a gram of the product up to 6 years, and from 7.
    ByAge([i64; 2]),
}

/// A line of a prescription.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) medicine: &'static Medicine,
    pub(crate) dose: Dose,
    pub(crate) usage: &'static Usage,
    /// Days; doses for what is taken when needed; sheets or pieces for what is applied.
    pub(crate) amount: u32,
}

pub(crate) const fn line(medicine: &'static Medicine, dose: i64, usage: &'static Usage, amount: u32) -> Line {
    Line { medicine, dose: Dose::Fixed(Decimal::whole(dose)), usage, amount }
}

/// A line for a child: grams of the product for 100 kg, at most so many tenths of a gram.
pub(crate) const fn child(
    medicine: &'static Medicine,
    grams_per_100_kilograms: i64,
    tenths_of_gram_max: i64,
    usage: &'static Usage,
    amount: u32,
) -> Line {
    Line { medicine, dose: Dose::ByWeight { grams_per_100_kilograms, tenths_of_gram_max }, usage, amount }
}

/// A line for a child: tenths of a gram up to 6 years, and from 7.
pub(crate) const fn by_age(
    medicine: &'static Medicine,
    tenths: [i64; 2],
    usage: &'static Usage,
    amount: u32,
) -> Line {
    Line { medicine, dose: Dose::ByAge(tenths), usage, amount }
}
