//! Health insurers that do not exist, of the three kinds: employees', municipal, and for the very old.

/// The kind of health insurance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// 社保: of employees and their families.
    Employees,
    /// 国保: of the municipality.
    Municipal,
    /// 後期高齢者医療: from 75.
    Elderly,
}

/// An insurer.
#[derive(Debug)]
pub(crate) struct Insurer {
    pub(crate) id: &'static str,
    /// Eight digits (保険者番号); the block 999 is given to nobody.
    pub(crate) number: &'static str,
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

pub(crate) static INSURERS: &[Insurer] = &[
    Insurer {
        id: "payer-1", number: "01139991", name: "見本健康保険協会 東京支部", kind: Kind::Employees
    },
    Insurer {
        id: "payer-2", number: "06139994", name: "見本電機健康保険組合", kind: Kind::Employees
    },
    Insurer {
        id: "payer-3", number: "06139996", name: "見本運輸健康保険組合", kind: Kind::Employees
    },
    Insurer { id: "payer-4", number: "00139998", name: "見本区国民健康保険", kind: Kind::Municipal },
    Insurer {
        id: "payer-5", number: "39139995", name: "見本都後期高齢者医療広域連合", kind: Kind::Elderly
    },
];
