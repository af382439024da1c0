//! Every bound of the system, named with its unit. A breach has a code of its own; see `docs/limits.md`.

/// Longest request body, in bytes.
pub const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Longest single resource as stored, in bytes.
pub const RESOURCE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Deepest nesting of arrays and objects in JSON.
pub const JSON_DEPTH_MAX: usize = 64;
/// Most values (numbers, strings, literals, arrays, objects) in one JSON document.
pub const JSON_VALUES_MAX: usize = 1_000_000;
/// Longest number in JSON, in characters (FHIR decimals carry at most 18 digits; some files carry more).
pub const JSON_NUMBER_CHARS_MAX: usize = 64;
/// Most entries in one batch or transaction.
pub const BUNDLE_ENTRIES_MAX: usize = 5_000;
/// Most operations in one JSON Patch.
pub const PATCH_OPERATIONS_MAX: usize = 1_000;
/// Most resources on one page of a search or a history.
pub const PAGE_ENTRIES_MAX: usize = 1_000;
/// Most records of a patient in one chart (`$chart`).
pub const CHART_RECORDS_MAX: usize = 10_000;
/// Most accounts that sign one content beside who answers for it (`$cosign`).
pub const COSIGNERS_MAX: usize = 50;
/// Resources on a page when the caller does not say (`_count`).
pub const PAGE_ENTRIES_DEFAULT: usize = 50;
/// Most resources shown beside the results of one page (`_include`, `_revinclude`).
pub const INCLUDED_MAX: usize = 2_000;
/// Most parameters in one search, alternatives separated by commas counted one by one.
pub const SEARCH_TERMS_MAX: usize = 64;
/// Most index entries that one search looks at, counted over everything it needs for a page.
pub const SEARCH_ROWS_MAX: u64 = 1_000_000;
/// Most records that one search sorts when no index is in the order asked for.
pub const SORTED_RECORDS_MAX: usize = 100_000;
/// Most records without a patient that one batch of writes looks at, to see whose they are by what they are tied to.
pub const TIED_RECORDS_MAX: usize = 5_000;
/// Most patients who may be one person by being merged.
pub const MERGED_PATIENTS_MAX: usize = 50;
/// Most records that are looked through before a merge is undone, to see that none ties the two patients together.
pub const UNMERGED_RECORDS_MAX: usize = 50_000;
/// Most patients of one name, one birth date, one telephone and so on that a patient is compared with.
pub const MATCH_BLOCK_MAX: usize = 200;
/// Patients that one page of the list of duplicates looks at (`$duplicates`).
pub const DUPLICATES_PAGE_MAX: usize = 200;
/// Most links that one parameter of a search may follow (`subject.organization.name` has two).
pub const SEARCH_CHAIN_DEPTH_MAX: usize = 4;
/// Most types that the chains of one search may lead to, counted at every link (a link that may lead anywhere has 146).
pub const SEARCH_CHAIN_TYPES_MAX: usize = 1_024;
/// Longest request target (path and query), in bytes.
pub const TARGET_BYTES_MAX: usize = 8 * 1024;
/// Longest request header section, in bytes.
pub const HEADER_BYTES_MAX: usize = 32 * 1024;
/// Most header fields in one request.
pub const HEADER_FIELDS_MAX: usize = 100;
/// Time for one request, body included, in seconds.
pub const REQUEST_SECONDS_MAX: u64 = 60;
/// Time for the TLS handshake, in seconds.
pub const HANDSHAKE_SECONDS_MAX: u64 = 10;
/// Time for the header section of a request, in seconds; also the idle time of a kept connection.
pub const HEADER_SECONDS_MAX: u64 = 10;
/// Most open connections.
pub const CONNECTIONS_MAX: usize = 4_096;
/// Most pages of one account that listen to news at the same time.
pub const NEWS_LISTENERS_PER_ACCOUNT_MAX: usize = 8;
/// Most pages that listen to news of one facility at the same time.
pub const NEWS_LISTENERS_MAX: usize = 512;
/// Time between two pieces of news on one page at least, in seconds.
pub const NEWS_SECONDS_MIN: u64 = 1;
/// Most open connections of one client: an IPv4 address, or a /64 network of IPv6. A hospital may have one address.
pub const CONNECTIONS_PER_ADDRESS_MAX: usize = 256;
/// Fewest bytes in a second by which a request body must arrive, and an answer be taken.
pub const BODY_BYTES_PER_SECOND_MIN: u64 = 1_024;
/// Longest pause of a body or an answer, in seconds; also the time before the least rate counts.
pub const BODY_PAUSE_SECONDS_MAX: u64 = 5;
/// Longest journal entry, in bytes: entry bundles carry a 16-bit length (C2SP tlog-tiles).
pub const ENTRY_BYTES_MAX: usize = 65_535;
/// Most writes joined in one commit of the journal.
pub const COMMIT_WRITES_MAX: usize = 2_048;
/// Most writes waiting for the writer; beyond it the answer is 503 with a time to come back.
pub const WRITES_WAITING_MAX: usize = 8_192;
/// Most requests of one facility, in a minute; the default of a setting.
pub const FACILITY_REQUESTS_PER_MINUTE_MAX: usize = 600_000;
/// Most requests of one account, in a minute; the default of a setting.
pub const ACCOUNT_REQUESTS_PER_MINUTE_MAX: usize = 60_000;
/// Most requests of one address (IPv6: one /64), in a minute; a whole hospital may stand behind one. The default of a setting.
pub const ADDRESS_REQUESTS_PER_MINUTE_MAX: usize = 120_000;
/// Most tries to log in from one address (IPv6: one /64), in a minute, whatever the accounts. The default of a setting.
pub const ADDRESS_LOGINS_PER_MINUTE_MAX: usize = 120;
/// Most sessions of one account; a further login ends the one unused for longest.
pub const SESSIONS_PER_ACCOUNT_MAX: usize = 20;
/// Most one-time steps under way (passkey challenges, SMS codes, enrolments) for one account or address; a further one replaces the oldest.
pub const PENDING_PER_OWNER_MAX: usize = 1_000;
/// Most one-time steps under way in all; a further one replaces the oldest.
pub const PENDING_MAX: usize = 10_000;

/// Most passwords waiting to be checked; beyond it the answer is 503.
pub const PASSWORDS_WAITING_MAX: usize = 64;
/// Most good client certificates of a facility whose judgement is remembered.
pub const CERTIFICATES_REMEMBERED_MAX: usize = 4_096;

/// One row of the limits page: name, value, unit.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Name of the constant.
    pub name: &'static str,
    /// Its value.
    pub value: u64,
    /// Unit of the value.
    pub unit: &'static str,
}

const fn row(name: &'static str, value: usize, unit: &'static str) -> Limit {
    Limit { name, value: value as u64, unit }
}

/// All limits, for the manual and for tests that go through every one of them.
pub const ALL: &[Limit] = &[
    row("BODY_BYTES_MAX", BODY_BYTES_MAX, "bytes"),
    row("RESOURCE_BYTES_MAX", RESOURCE_BYTES_MAX, "bytes"),
    row("JSON_DEPTH_MAX", JSON_DEPTH_MAX, "levels"),
    row("JSON_VALUES_MAX", JSON_VALUES_MAX, "values"),
    row("JSON_NUMBER_CHARS_MAX", JSON_NUMBER_CHARS_MAX, "characters"),
    row("BUNDLE_ENTRIES_MAX", BUNDLE_ENTRIES_MAX, "entries"),
    row("PATCH_OPERATIONS_MAX", PATCH_OPERATIONS_MAX, "operations"),
    row("PAGE_ENTRIES_MAX", PAGE_ENTRIES_MAX, "resources"),
    row("CHART_RECORDS_MAX", CHART_RECORDS_MAX, "records"),
    row("COSIGNERS_MAX", COSIGNERS_MAX, "accounts"),
    row("PAGE_ENTRIES_DEFAULT", PAGE_ENTRIES_DEFAULT, "resources"),
    row("INCLUDED_MAX", INCLUDED_MAX, "resources"),
    row("SEARCH_TERMS_MAX", SEARCH_TERMS_MAX, "terms"),
    Limit { name: "SEARCH_ROWS_MAX", value: SEARCH_ROWS_MAX, unit: "entries" },
    row("SORTED_RECORDS_MAX", SORTED_RECORDS_MAX, "records"),
    row("TIED_RECORDS_MAX", TIED_RECORDS_MAX, "records"),
    row("MERGED_PATIENTS_MAX", MERGED_PATIENTS_MAX, "patients"),
    row("UNMERGED_RECORDS_MAX", UNMERGED_RECORDS_MAX, "records"),
    row("MATCH_BLOCK_MAX", MATCH_BLOCK_MAX, "patients"),
    row("DUPLICATES_PAGE_MAX", DUPLICATES_PAGE_MAX, "patients"),
    row("SEARCH_CHAIN_DEPTH_MAX", SEARCH_CHAIN_DEPTH_MAX, "links"),
    row("SEARCH_CHAIN_TYPES_MAX", SEARCH_CHAIN_TYPES_MAX, "types"),
    row("TARGET_BYTES_MAX", TARGET_BYTES_MAX, "bytes"),
    row("HEADER_BYTES_MAX", HEADER_BYTES_MAX, "bytes"),
    row("HEADER_FIELDS_MAX", HEADER_FIELDS_MAX, "fields"),
    Limit { name: "REQUEST_SECONDS_MAX", value: REQUEST_SECONDS_MAX, unit: "seconds" },
    Limit { name: "HANDSHAKE_SECONDS_MAX", value: HANDSHAKE_SECONDS_MAX, unit: "seconds" },
    Limit { name: "HEADER_SECONDS_MAX", value: HEADER_SECONDS_MAX, unit: "seconds" },
    row("CONNECTIONS_MAX", CONNECTIONS_MAX, "connections"),
    row("CONNECTIONS_PER_ADDRESS_MAX", CONNECTIONS_PER_ADDRESS_MAX, "connections"),
    row("NEWS_LISTENERS_PER_ACCOUNT_MAX", NEWS_LISTENERS_PER_ACCOUNT_MAX, "pages"),
    row("NEWS_LISTENERS_MAX", NEWS_LISTENERS_MAX, "pages"),
    Limit { name: "NEWS_SECONDS_MIN", value: NEWS_SECONDS_MIN, unit: "seconds" },
    Limit { name: "BODY_BYTES_PER_SECOND_MIN", value: BODY_BYTES_PER_SECOND_MIN, unit: "bytes" },
    Limit { name: "BODY_PAUSE_SECONDS_MAX", value: BODY_PAUSE_SECONDS_MAX, unit: "seconds" },
    row("ENTRY_BYTES_MAX", ENTRY_BYTES_MAX, "bytes"),
    row("COMMIT_WRITES_MAX", COMMIT_WRITES_MAX, "writes"),
    row("WRITES_WAITING_MAX", WRITES_WAITING_MAX, "writes"),
    row("FACILITY_REQUESTS_PER_MINUTE_MAX", FACILITY_REQUESTS_PER_MINUTE_MAX, "requests"),
    row("ACCOUNT_REQUESTS_PER_MINUTE_MAX", ACCOUNT_REQUESTS_PER_MINUTE_MAX, "requests"),
    row("ADDRESS_REQUESTS_PER_MINUTE_MAX", ADDRESS_REQUESTS_PER_MINUTE_MAX, "requests"),
    row("ADDRESS_LOGINS_PER_MINUTE_MAX", ADDRESS_LOGINS_PER_MINUTE_MAX, "tries"),
    row("SESSIONS_PER_ACCOUNT_MAX", SESSIONS_PER_ACCOUNT_MAX, "sessions"),
    row("PENDING_PER_OWNER_MAX", PENDING_PER_OWNER_MAX, "steps"),
    row("PENDING_MAX", PENDING_MAX, "steps"),
    row("PASSWORDS_WAITING_MAX", PASSWORDS_WAITING_MAX, "passwords"),
    row("CERTIFICATES_REMEMBERED_MAX", CERTIFICATES_REMEMBERED_MAX, "certificates"),
];
