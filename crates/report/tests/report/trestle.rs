//! compliance-trestle, the tool of the OSCAL community, reads what we write.
