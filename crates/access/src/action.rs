//! What can be done: one action per FHIR interaction and operation, and those beside them.

/// What actions have in common, so that a policy can name them together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActionGroup {
    /// Seeing records.
    Look,
    /// Writing records.
    Write,
    /// Seeing the journal and who did what.
    Oversee,
    /// Commands of those who run the facility. The action's name is that of the command.
    Administer,
    /// Coming in, and what concerns nobody but oneself.
    ComeIn,
}

/// An action, by the name that policies, access entries and the role matrix use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Action {
    name: &'static str,
    group: ActionGroup,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $constant:ident = $name:literal in $group:ident;)*) => {
        impl Action {
            $($(#[$doc])* pub const $constant: Self = Self { name: $name, group: ActionGroup::$group };)*

            /// All actions but the commands, which [`Action::command`] names.
            pub const ALL: &'static [Self] = &[$(Self::$constant),*];
        }
    };
}

actions! {
    /// FHIR `read`.
    READ = "read" in Look;
    /// FHIR `vread`.
    VERSION_READ = "vread" in Look;
    /// FHIR `history-instance`, `history-type` and `history-system`.
    HISTORY = "history" in Look;
    /// FHIR `search-type`, also within a compartment, and as criteria of conditional interactions and references.
    SEARCH = "search" in Look;
    /// The operation `$everything`.
    EVERYTHING = "everything" in Look;
    /// The operation `$validate` on a stored record.
    VALIDATE = "validate" in Look;
    /// The operation `$proof`.
    PROOF = "proof" in Look;
    /// Export of all records.
    EXPORT = "export" in Look;
    /// FHIR `create`.
    CREATE = "create" in Write;
    /// FHIR `update`.
    UPDATE = "update" in Write;
    /// FHIR `patch`.
    PATCH = "patch" in Write;
    /// FHIR `delete`.
    DELETE = "delete" in Write;
    /// Import from files.
    IMPORT = "import" in Write;
    /// Finalising a record, by the operation `$finalize` or by a status that says so.
    FINALIZE = "finalize" in Write;
    /// The operation `$amend`: correcting what is final.
    AMEND = "amend" in Write;
    /// The operation `$withdraw`: taking back what is wrong.
    WITHDRAW = "withdraw" in Write;
    /// The operation `$approve`: answering for what another has entered for one.
    APPROVE = "approve" in Write;
    /// The operation `$return`: giving it back to who entered it.
    RETURN = "return" in Write;
    /// The operation `$assign`: handing it to another responsible person.
    ASSIGN = "assign" in Write;
    /// The operation `$cosign`: signing what somebody else answers for.
    COSIGN = "cosign" in Write;
    /// The operation `$merge`: two patients are one person. Also the decision that they are two (`$distinct`).
    MERGE = "merge" in Write;
    /// The operation `$unmerge`: they are two after all.
    UNMERGE = "unmerge" in Write;
    /// Finalising a draft whose deadline is over, by the system itself, as the facility has laid down.
    LAPSE = "lapse" in Write;
    /// FHIR `batch` and `transaction`: sending one. Each of its entries is decided upon for itself.
    BUNDLE = "bundle" in ComeIn;
    /// The operation `$validate` on what is sent.
    CHECK = "check" in ComeIn;
    /// FHIR `capabilities` and SMART configuration.
    CAPABILITIES = "capabilities" in ComeIn;
    /// Logging in, and what leads there: challenges, codes, invitations, tokens of apps.
    LOGIN = "login" in ComeIn;
    /// One's own session, factors and devices.
    OWN = "own" in ComeIn;
    /// Breaking the glass: access to a restricted patient for a while, for a reason.
    BREAK_GLASS = "break-glass" in ComeIn;
    /// Reading access entries: FHIR `AuditEvent`.
    AUDIT = "audit" in Oversee;
    /// Files of the journal: checkpoint, tiles, entries.
    LOG = "log" in Oversee;
}

impl Action {
    /// The action of a command of those who run the facility.
    pub const fn command(name: &'static str) -> Self {
        Self { name, group: ActionGroup::Administer }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// What it has in common with others.
    pub const fn group(self) -> ActionGroup {
        self.group
    }
}
