//! An assessment as one page of HTML.
