//! Towns around the clinic. The block numbers drawn for them do not exist, so that an address is nobody's.

/// A town with its postal code.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) postal_code: &'static str,
    pub(crate) prefecture: &'static str,
    pub(crate) city: &'static str,
    pub(crate) town: &'static str,
    /// Share of the clinic's patients.
    pub(crate) weight: u32,
}

const fn tokyo(postal_code: &'static str, city: &'static str, town: &'static str, weight: u32) -> Place {
    Place { postal_code, prefecture: "東京都", city, town, weight }
}

pub(crate) static PLACES: &[Place] = &[
    tokyo("112-0011", "文京区", "千石", 20),
    tokyo("113-0021", "文京区", "本駒込", 18),
    tokyo("112-0012", "文京区", "大塚", 12),
    tokyo("113-0001", "文京区", "白山", 12),
    tokyo("113-0022", "文京区", "千駄木", 10),
    tokyo("112-0002", "文京区", "小石川", 8),
    tokyo("113-0033", "文京区", "本郷", 6),
    tokyo("170-0002", "豊島区", "巣鴨", 14),
    tokyo("170-0005", "豊島区", "南大塚", 10),
    tokyo("170-0003", "豊島区", "駒込", 10),
    tokyo("114-0024", "北区", "西ケ原", 6),
    tokyo("115-0045", "北区", "赤羽", 3),
    tokyo("110-0001", "台東区", "谷中", 4),
    tokyo("175-0094", "板橋区", "成増", 2),
    tokyo("177-0041", "練馬区", "石神井町", 2),
    Place {
        postal_code: "330-0063",
        prefecture: "埼玉県",
        city: "さいたま市浦和区",
        town: "高砂",
        weight: 2,
    },
    Place { postal_code: "332-0012", prefecture: "埼玉県", city: "川口市", town: "本町", weight: 2 },
    Place { postal_code: "272-0021", prefecture: "千葉県", city: "市川市", town: "八幡", weight: 1 },
];

/// Blocks of flats, named as in every town.
pub(crate) static BUILDINGS: &[&str] =
    &["コーポ見本", "見本ハイツ", "メゾン見本", "第二見本荘", "グランデ見本"];
