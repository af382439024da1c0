//! What is done at the clinic besides examining: codes of the fee schedule where one is sure.

/// A procedure.
#[derive(Debug)]
pub(crate) struct Procedure {
    /// Fee schedule code (医科診療行為).
    pub(crate) code: Option<&'static str>,
    pub(crate) name: &'static str,
    pub(crate) category: Category,
}

/// Category by JP Core.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Category {
    Education,
    Surgical,
    Diagnostic,
}

pub(crate) static ECG: Procedure =
    Procedure {
        code: Some("160068410"), name: "１２誘導心電図検査", category: Category::Diagnostic
    };
pub(crate) static INFLUENZA_TEST: Procedure = Procedure {
    code: Some("160169450"),
    name: "インフルエンザウイルス抗原定性",
    category: Category::Diagnostic,
};
pub(crate) static COVID_TEST: Procedure = Procedure {
    code: Some("160229850"),
    name: "ＳＡＲＳ－ＣｏＶ－２抗原検出（定性）",
    category: Category::Diagnostic,
};
pub(crate) static STREP_TEST: Procedure =
    Procedure {
        code: Some("160044110"), name: "Ａ群β溶連菌迅速試験定性", category: Category::Diagnostic
    };
pub(crate) static WOUND_CARE: Procedure =
    Procedure {
        code: Some("140000610"), name: "創傷処置（１００ｃｍ２未満）", category: Category::Surgical
    };
pub(crate) static COUNSELLING: Procedure =
    Procedure { code: None, name: "食事・運動療法の指導", category: Category::Education };
