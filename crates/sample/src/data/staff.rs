//! The people and rooms of the clinic.

use super::names::{Name, name};

/// Somebody who works at the clinic.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) id: &'static str,
    pub(crate) role_id: &'static str,
    pub(crate) family: Name,
    pub(crate) given: Name,
    pub(crate) gender: &'static str,
    pub(crate) job: Job,
    pub(crate) department: &'static Department,
    pub(crate) since: &'static str,
}

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    Physician { registration: &'static str },
    Nurse,
    Technologist,
}

/// A department of the clinic.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Department {
    pub(crate) id: &'static str,
    /// SS-MIX2 code of clinical departments.
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) room_id: &'static str,
    pub(crate) room: &'static str,
}

pub(crate) const CLINIC_ID: &str = "clinic";
pub(crate) const CLINIC_NAME: &str = "見本坂クリニック";

pub(crate) static INTERNAL: Department =
    Department {
        id: "dept-internal", code: "01", name: "内科", room_id: "room-1", room: "第１診察室"
    };
pub(crate) static PAEDIATRICS: Department =
    Department {
        id: "dept-paediatrics", code: "09", name: "小児科", room_id: "room-2", room: "第２診察室"
    };

pub(crate) static STAFF: [Member; 6] = [
    Member {
        id: "staff-1",
        role_id: "role-1",
        family: name("見本", "ミホン"),
        given: name("和子", "カズコ"),
        gender: "female",
        job: Job::Physician { registration: "999999-00001" },
        department: &INTERNAL,
        since: "2011-04-01",
    },
    Member {
        id: "staff-2",
        role_id: "role-2",
        family: name("例示", "レイジ"),
        given: name("修平", "シュウヘイ"),
        gender: "male",
        job: Job::Physician { registration: "999999-00002" },
        department: &INTERNAL,
        since: "2016-04-01",
    },
    Member {
        id: "staff-3",
        role_id: "role-3",
        family: name("仮野", "カリノ"),
        given: name("真理", "マリ"),
        gender: "female",
        job: Job::Physician { registration: "999999-00003" },
        department: &PAEDIATRICS,
        since: "2014-10-01",
    },
    Member {
        id: "staff-4",
        role_id: "role-4",
        family: name("試田", "タメシダ"),
        given: name("由紀", "ユキ"),
        gender: "female",
        job: Job::Nurse,
        department: &INTERNAL,
        since: "2013-04-01",
    },
    Member {
        id: "staff-5",
        role_id: "role-5",
        family: name("架空", "カクウ"),
        given: name("翼", "ツバサ"),
        gender: "male",
        job: Job::Nurse,
        department: &PAEDIATRICS,
        since: "2019-04-01",
    },
    Member {
        id: "staff-6",
        role_id: "role-6",
        family: name("見坂", "ミサカ"),
        given: name("千夏", "チナツ"),
        gender: "female",
        job: Job::Technologist,
        department: &INTERNAL,
        since: "2018-04-01",
    },
];
