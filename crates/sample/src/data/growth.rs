//! How tall and heavy Japanese children are at each age: about the middle of the national curves.

/// One point of the curves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) age_months: i32,
    pub(crate) height_millimetres: [i64; 2],
    pub(crate) weight_grams: [i64; 2],
}

const fn point(age_months: i32, height_millimetres: [i64; 2], weight_grams: [i64; 2]) -> Point {
    Point { age_months, height_millimetres, weight_grams }
}

/// Boys first, girls second.
pub(crate) static CURVES: &[Point] = &[
    point(0, [490, 485], [3_000, 2_900]),
    point(3, [612, 599], [6_400, 5_900]),
    point(6, [673, 658], [7_950, 7_400]),
    point(12, [748, 734], [9_300, 8_700]),
    point(24, [863, 852], [11_900, 11_300]),
    point(36, [946, 937], [14_100, 13_600]),
    point(48, [1_016, 1_008], [16_100, 15_700]),
    point(60, [1_082, 1_076], [18_300, 18_000]),
    point(72, [1_148, 1_142], [20_800, 20_300]),
    point(96, [1_270, 1_262], [26_400, 25_800]),
    point(120, [1_378, 1_388], [33_100, 33_100]),
    point(132, [1_440, 1_455], [37_300, 37_900]),
    point(144, [1_512, 1_513], [42_900, 43_000]),
    point(156, [1_590, 1_546], [48_300, 46_700]),
    point(168, [1_647, 1_562], [53_300, 49_500]),
    point(180, [1_680, 1_569], [57_900, 51_200]),
    point(216, [1_706, 1_578], [62_400, 52_800]),
];
