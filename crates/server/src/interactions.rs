//! What can be asked for: the interactions of FHIR, the operations, and what else stands in the route table.

/// What a request on a route asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interaction {
    /// Whether the server can do its work.
    Health,
    /// FHIR `capabilities`.
    Capabilities,
    /// FHIR `batch` and `transaction`.
    Bundle,
    /// FHIR `history-system`.
    HistoryFacility,
    /// FHIR `search-system` by query.
    SearchFacility,
    /// FHIR `search-system` by form.
    SearchFacilityForm,
    /// FHIR `search-type` by query.
    Search,
    /// FHIR `search-type` by form.
    SearchForm,
    /// FHIR `search-type` within a compartment, by query.
    SearchCompartment,
    /// FHIR `search-type` within a compartment, by form.
    SearchCompartmentForm,
    /// FHIR `create`.
    Create,
    /// FHIR `history-type`.
    HistoryKind,
    /// FHIR `read`.
    Read,
    /// FHIR `update`.
    Update,
    /// FHIR `update` of the only record that fulfils criteria.
    UpdateOnly,
    /// FHIR `patch`.
    Patch,
    /// FHIR `patch` of the only record that fulfils criteria.
    PatchOnly,
    /// FHIR `delete`.
    Delete,
    /// FHIR `delete` of the only record that fulfils criteria.
    DeleteOnly,
    /// FHIR `history-instance`.
    HistoryRecord,
    /// FHIR `vread`.
    VersionRead,
    /// The operation `$everything`, parameters in the query.
    Everything,
    /// The operation `$everything`, parameters in the body.
    EverythingForm,
    /// The operation `$validate` on a type.
    Validate,
    /// The operation `$validate` on a record.
    ValidateRecord,
    /// The operation `$proof`, of the current version or of a given one.
    Proof,
    /// The operation `$finalize`.
    Finalize,
    /// The operation `$amend`.
    Amend,
    /// The operation `$withdraw`.
    Withdraw,
    /// The operation `$approve`.
    Approve,
    /// The operation `$return`.
    Return,
    /// The operation `$assign`.
    Assign,
    /// The operation `$cosign`.
    Cosign,
    /// The operation `$match`.
    Match,
    /// The operation `$duplicates`.
    Duplicates,
    /// The operation `$merge`.
    Merge,
    /// The operation `$unmerge`.
    Unmerge,
    /// The operation `$distinct`.
    Distinct,
    /// The operation `$lookers`.
    Lookers,
    /// The operation `$chart`.
    Chart,
    /// The operation `$history-diff`.
    HistoryDiff,
    /// The operation `$document`.
    Document,
    /// A file of the journal in the `tlog-tiles` layout.
    Log,
    /// Something about identities.
    Identity(IdentityCall),
    /// Something of the console.
    Console(ConsoleCall),
}

/// What a request asks of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsoleCall {
    /// A file that pages load.
    Asset,
    /// The page on which people sign in.
    Arrive,
    /// The language of the pages.
    Language,
    /// The end of a session.
    Leave,
    /// Whether writing is stopped, until when the journal is whole, and what to do meanwhile.
    Emergency,
    /// What is known of a patient while writing is stopped.
    EmergencyLook,
    /// A page for whoever has signed in.
    Page,
    /// That something has changed, told to an open page.
    News,
}

/// What a request asks of the door of identities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityCall {
    /// Begin a session.
    Login,
    /// Say who is calling.
    Session,
    /// End the session.
    Logout,
    /// Show a factor once more.
    StepUp,
    /// Be challenged to show a passkey.
    PasskeyChallenge,
    /// Be sent a code by SMS.
    SendCode,
    /// List one's own sessions.
    Sessions,
    /// End one of them.
    SessionEnd,
    /// List one's own factors.
    Factors,
    /// Set a factor, or begin to.
    FactorBegin,
    /// Set the factor that was begun.
    FactorConfirm,
    /// Take a factor away.
    FactorRemove,
    /// Break the glass for a restricted patient.
    BreakGlass,
    /// List one's own breakings of the glass.
    BrokenGlass,
    /// Look at an invitation.
    InvitationOpen,
    /// Use it.
    InvitationAccept,
    /// See the page of an invitation.
    InvitationPage,
    /// Send its form.
    InvitationForm,
    /// Fetch the certificate file of a new device.
    CertificateFile,
    /// Give a command.
    Admin,
    /// Something of OAuth 2.0.
    OAuth(OAuthCall),
}

/// What apps, services and the people who use them ask for by OAuth 2.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OAuthCall {
    /// The SMART configuration.
    Configuration,
    /// A request of an app, brought by a person's browser.
    Authorize,
    /// The page on which the person logs in or decides.
    Page,
    /// What the person sends from it.
    Decide,
    /// Tokens for a code, a refresh token or an assertion.
    Token,
    /// The end of a token.
    Revoke,
    /// What a token stands for.
    Introspect,
}

impl Interaction {
    /// Whether it can answer with a page for people.
    pub(crate) fn shows_page(self) -> bool {
        matches!(self, Self::Chart | Self::HistoryDiff)
    }

    /// Whether it searches.
    pub fn searches(self) -> bool {
        matches!(
            self,
            Self::Search
                | Self::SearchForm
                | Self::SearchFacility
                | Self::SearchFacilityForm
                | Self::SearchCompartment
                | Self::SearchCompartmentForm
        )
    }
}

/// An operation beside the interactions of FHIR.
#[derive(Debug)]
pub struct Operation {
    /// The name without its `$`.
    pub name: &'static str,
    /// The canonical address of its definition for a type.
    pub definition: fn(kind: &str) -> String,
    /// The interactions by which it is called.
    pub interactions: &'static [Interaction],
    /// The types that take it; empty: all.
    pub kinds: &'static [&'static str],
}

/// The operations that are served.
pub static OPERATIONS: &[Operation] = &[
    Operation {
        name: "amend",
        definition: |_| "urn:akashi:operation:amend".to_owned(),
        interactions: &[Interaction::Amend],
        kinds: &fhir::definitions::STATED_TYPES,
    },
    Operation {
        name: "approve",
        definition: |_| "urn:akashi:operation:approve".to_owned(),
        interactions: &[Interaction::Approve],
        kinds: &fhir::definitions::STATED_TYPES,
    },
    Operation {
        name: "assign",
        definition: |_| "urn:akashi:operation:assign".to_owned(),
        interactions: &[Interaction::Assign],
        kinds: &fhir::definitions::STATED_TYPES,
    },
    Operation {
        name: "chart",
        definition: |_| "urn:akashi:operation:chart".to_owned(),
        interactions: &[Interaction::Chart],
        kinds: &records::CHART,
    },
    Operation {
        name: "cosign",
        definition: |_| "urn:akashi:operation:cosign".to_owned(),
        interactions: &[Interaction::Cosign],
        kinds: &fhir::definitions::STATED_TYPES,
    },
    Operation {
        name: "distinct",
        definition: |_| "urn:akashi:operation:distinct".to_owned(),
        interactions: &[Interaction::Distinct],
        kinds: &records::PATIENTS,
    },
    Operation {
        name: "document",
        // R4 defines it for Compositions; of a patient it is the whole record.
        definition: |kind| match kind {
            "Composition" => "http://hl7.org/fhir/OperationDefinition/Composition-document".to_owned(),
            _ => "urn:akashi:operation:document".to_owned(),
        },
        interactions: &[Interaction::Document],
        kinds: &records::DOCUMENT,
    },
    Operation {
        name: "duplicates",
        definition: |_| "urn:akashi:operation:duplicates".to_owned(),
        interactions: &[Interaction::Duplicates],
        kinds: &records::PATIENTS,
    },
    Operation {
        name: "everything",
        definition: |kind| format!("http://hl7.org/fhir/OperationDefinition/{kind}-everything"),
        interactions: &[Interaction::Everything, Interaction::EverythingForm],
        kinds: &records::EVERYTHING,
    },
    Operation {
        name: "finalize",
        definition: |_| "urn:akashi:operation:finalize".to_owned(),
        interactions: &[Interaction::Finalize],
        kinds: &fhir::definitions::STATED_TYPES,
    },
    Operation {
        name: "history-diff",
        definition: |_| "urn:akashi:operation:history-diff".to_owned(),
        interactions: &[Interaction::HistoryDiff],
        kinds: &[],
    },
    Operation {
        name: "lookers",
        definition: |_| "urn:akashi:operation:lookers".to_owned(),
        interactions: &[Interaction::Lookers],
        kinds: &["Patient"],
    },
    Operation {
        name: "match",
        definition: |_| "http://hl7.org/fhir/OperationDefinition/Patient-match".to_owned(),
        interactions: &[Interaction::Match],
        kinds: &records::PATIENTS,
    },
    Operation {
        name: "merge",
        definition: |_| "urn:akashi:operation:merge".to_owned(),
        interactions: &[Interaction::Merge],
        kinds: &records::PATIENTS,
    },
    Operation {
        name: "proof",
        definition: |_| "urn:akashi:operation:proof".to_owned(),
        interactions: &[Interaction::Proof],
        kinds: &[],
    },
    Operation {
        name: "return",
        definition: |_| "urn:akashi:operation:return".to_owned(),
        interactions: &[Interaction::Return],
        kinds: &fhir::definitions::STATED_TYPES,
    },
    Operation {
        name: "unmerge",
        definition: |_| "urn:akashi:operation:unmerge".to_owned(),
        interactions: &[Interaction::Unmerge],
        kinds: &records::PATIENTS,
    },
    Operation {
        name: "validate",
        definition: |_| "http://hl7.org/fhir/OperationDefinition/Resource-validate".to_owned(),
        interactions: &[Interaction::Validate, Interaction::ValidateRecord],
        kinds: &[],
    },
    Operation {
        name: "withdraw",
        definition: |_| "urn:akashi:operation:withdraw".to_owned(),
        interactions: &[Interaction::Withdraw],
        kinds: &fhir::definitions::STATED_TYPES,
    },
];
