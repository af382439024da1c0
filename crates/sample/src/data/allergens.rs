//! What patients are allergic to.

use super::medicines::Group;
use crate::systems::jp_core;

/// Something a patient must not have.
#[derive(Debug)]
pub(crate) struct Allergen {
    /// Code system, code and its name, where JP Core's examples give one.
    pub(crate) code: Option<(&'static str, &'static str, &'static str)>,
    pub(crate) text: &'static str,
    pub(crate) category: &'static str,
    pub(crate) criticality: &'static str,
    pub(crate) reaction: &'static str,
    pub(crate) severity: &'static str,
    /// Medicines that must not be prescribed.
    pub(crate) forbids: Option<Group>,
    pub(crate) weight: u32,
}

const FOOD: &str = jp_core!("JP_JfagyFoodAllergen_CS");

const fn food(text: &'static str, reaction: &'static str, weight: u32) -> Allergen {
    Allergen {
        code: None,
        text,
        category: "food",
        criticality: "low",
        reaction,
        severity: "mild",
        forbids: None,
        weight,
    }
}

const fn medicine(
    text: &'static str,
    reaction: &'static str,
    forbids: Option<Group>,
    weight: u32,
) -> Allergen {
    Allergen {
        code: None,
        text,
        category: "medication",
        criticality: "high",
        reaction,
        severity: "moderate",
        forbids,
        weight,
    }
}

pub(crate) static ALLERGENS: &[Allergen] = &[
    Allergen { code: Some((FOOD, "J9FC11310000", "さば類")), ..food("さば", "じんま疹", 5) },
    Allergen {
        code: Some((FOOD, "J9FA32540000", "キウイフルーツ")), ..food("キウイ", "口腔内の違和感", 4)
    },
    Allergen {
        code: Some((FOOD, "J9FA15000016", "小麦粉")),
        criticality: "high",
        severity: "moderate",
        ..food("小麦", "じんま疹、喘鳴", 2)
    },
    Allergen { severity: "moderate", ..food("鶏卵", "じんま疹", 5) },
    Allergen { criticality: "high", severity: "severe", ..food("そば", "アナフィラキシー", 2) },
    food("えび・かに", "口唇のかゆみ", 4),
    medicine("ペニシリン系抗菌薬", "全身の発疹", Some(Group::Penicillin), 5),
    medicine("非ステロイド性抗炎症薬（NSAIDs）", "じんま疹、顔面の腫れ", Some(Group::Nsaid), 5),
    medicine("ヨード造影剤", "じんま疹、嘔気", None, 3),
];
