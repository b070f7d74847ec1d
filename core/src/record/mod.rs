//! The completion record: its exact bytes, and what a verifier says of it.
//!
//! Signing and checking a signature are the caller's effects: here are the bytes
//! to sign, the bytes to check, and the judgement. `docs/formats/record.md` has the
//! field table and the codes.

mod bundle;
mod code;
mod jws;
mod key;
mod parts;
mod payload;
mod policy;
mod receipt;
mod sheet;
mod verify;

pub use bundle::{BUNDLE_MAX, Bundle};
pub use code::Code;
pub use jws::{Compact, JwsError, header, signing_input};
pub use key::{Jwk, PublicKey};
pub use payload::{
    Activities, Assurance, Attestation, ClaimRecord, FrontMatterRecord, Incomplete, LogRecord, Payload,
    Place, RECORD_FORMAT, RECORD_TYP, Sheets, Signing, payload,
};
pub use policy::{Handling, VerifyPolicy};
pub use receipt::{
    CreditEarned, NOTICE_FORMAT, NOTICE_TYP, Notice, NoticeKind, RECEIPT_FORMAT, RECEIPT_TYP, Receipt,
    RecordRef, Standing, TICKET_FORMAT, TICKET_TYP, Ticket,
};
pub use sheet::{
    Birthday, ConsentAnswer, ConsentSheet, EvaluationAnswer, EvaluationReply, EvaluationSheet, Given,
    IdentifierValue, LearnerSheet, SheetText, is_line, is_somebody,
};
pub use verify::{
    Check, Decision, Enrolment, Evidence, Integrity, Opened, Outcome, PackTrust, Report, SignatureCheck,
    judge, open,
};
