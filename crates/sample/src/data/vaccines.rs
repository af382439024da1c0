//! Vaccines and when they are given (定期・任意接種).

/// A vaccine.
#[derive(Debug)]
pub(crate) struct Vaccine {
    pub(crate) cvx: &'static str,
    pub(crate) name: &'static str,
    pub(crate) target: &'static str,
    /// Hundredths of a millilitre.
    pub(crate) dose: i64,
    /// Given by mouth rather than by needle.
    pub(crate) oral: bool,
}

const fn vaccine(cvx: &'static str, name: &'static str, target: &'static str, dose: i64) -> Vaccine {
    Vaccine { cvx, name, target, dose, oral: false }
}

static COMBINED: Vaccine =
    vaccine("120", "五種混合ワクチン", "ジフテリア・百日せき・破傷風・ポリオ・Hib感染症", 50);
static PNEUMOCOCCUS_CHILD: Vaccine = vaccine("133", "沈降13価肺炎球菌結合型ワクチン", "肺炎球菌感染症", 50);
static ROTA: Vaccine = Vaccine {
    oral: true,
    ..vaccine("119", "経口弱毒生ヒトロタウイルスワクチン", "ロタウイルス胃腸炎", 150)
};
static HEPATITIS_B: Vaccine = vaccine("08", "組換え沈降B型肝炎ワクチン", "Ｂ型肝炎", 25);
static BCG: Vaccine = vaccine("19", "乾燥BCGワクチン", "結核", 15);
static MEASLES_RUBELLA: Vaccine = vaccine("04", "乾燥弱毒生麻しん風しん混合ワクチン", "麻疹・風疹", 50);
static VARICELLA: Vaccine = vaccine("21", "乾燥弱毒生水痘ワクチン", "水痘", 50);
static MUMPS: Vaccine = vaccine("07", "乾燥弱毒生おたふくかぜワクチン", "流行性耳下腺炎", 50);
static ENCEPHALITIS: Vaccine = vaccine("134", "乾燥細胞培養日本脳炎ワクチン", "日本脳炎", 50);
pub(crate) static INFLUENZA: Vaccine = vaccine("141", "インフルエンザHAワクチン", "インフルエンザ", 50);
pub(crate) static PNEUMOCOCCUS_OLD: Vaccine =
    vaccine("33", "23価肺炎球菌莢膜ポリサッカライドワクチン", "肺炎球菌感染症", 50);
pub(crate) static COVID: Vaccine = vaccine("213", "コロナウイルス（SARS-CoV-2）RNAワクチン", "COVID-19", 30);

/// A visit of the childhood schedule: age in months, vaccines with the number of the dose.
#[derive(Debug)]
pub(crate) struct Appointment {
    pub(crate) age_months: i32,
    pub(crate) shots: &'static [(&'static Vaccine, u32)],
}

pub(crate) static CHILDHOOD: &[Appointment] = &[
    Appointment {
        age_months: 2,
        shots: &[(&COMBINED, 1), (&PNEUMOCOCCUS_CHILD, 1), (&ROTA, 1), (&HEPATITIS_B, 1)],
    },
    Appointment {
        age_months: 3,
        shots: &[(&COMBINED, 2), (&PNEUMOCOCCUS_CHILD, 2), (&ROTA, 2), (&HEPATITIS_B, 2)],
    },
    Appointment { age_months: 4, shots: &[(&COMBINED, 3), (&PNEUMOCOCCUS_CHILD, 3)] },
    Appointment { age_months: 5, shots: &[(&BCG, 1)] },
    Appointment { age_months: 8, shots: &[(&HEPATITIS_B, 3)] },
    Appointment {
        age_months: 12,
        shots: &[(&MEASLES_RUBELLA, 1), (&VARICELLA, 1), (&MUMPS, 1), (&PNEUMOCOCCUS_CHILD, 4)],
    },
    Appointment { age_months: 15, shots: &[(&COMBINED, 4)] },
    Appointment { age_months: 18, shots: &[(&VARICELLA, 2)] },
    Appointment { age_months: 36, shots: &[(&ENCEPHALITIS, 1)] },
    Appointment { age_months: 37, shots: &[(&ENCEPHALITIS, 2)] },
    Appointment { age_months: 49, shots: &[(&ENCEPHALITIS, 3)] },
    Appointment { age_months: 66, shots: &[(&MEASLES_RUBELLA, 2), (&MUMPS, 2)] },
    Appointment { age_months: 110, shots: &[(&ENCEPHALITIS, 4)] },
];
