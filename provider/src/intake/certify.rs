//! Certificates of records in the ledger, and the lists of those that were revoked.

use std::collections::BTreeSet;

use enduring_core::id::Digest;
use enduring_core::json;
use enduring_core::record::{Compact, RECEIPT_TYP, RECORD_TYP, Receipt, RecordRef, Standing};
use serde::Deserialize;

use super::{AnswerStanding, Intake, IntakeError, Taken};
use crate::certificate::{
    CertificateError, Facts, Issued, STATUS_LIST_LEAST, Settings, StatusEntry, issue, signed, status_list,
};
use crate::key::Signer;
use crate::ledger::Fact;
use crate::time;
use crate::verify::packs::Found;

/// What the certificate says of the format.
const FORMAT: &str = "Enduring material";

/// What a certificate takes from the record.
#[derive(Deserialize)]
struct Told {
    profession: enduring_core::id::ProfessionId,
}

/// What a certificate is made of.
struct Certified {
    facts: Facts,
    status: Option<StatusEntry>,
}

impl Intake {
    /// The certificate of a record, for whoever has it; `None` where there is none.
    ///
    /// # Errors
    /// [`IntakeError::Proof`] when the record is another's, [`IntakeError::PackAway`] while the
    /// pack is not at hand, [`IntakeError::Certificate`] when it cannot be made of these facts.
    pub async fn certificate(&self, record: RecordRef, proof: Digest) -> Result<Option<Issued>, IntakeError> {
        let Some(certified) = self.certified(record, proof).await? else { return Ok(None) };
        self.make(move |settings, signer| {
            issue(&certified.facts, settings, signer, certified.status.as_ref())
        })
        .await
    }

    /// The credential of a certificate alone, which there is also where no font has the letters of a name.
    ///
    /// # Errors
    /// As [`Intake::certificate`].
    pub async fn credential(&self, record: RecordRef, proof: Digest) -> Result<Option<String>, IntakeError> {
        let Some(certified) = self.certified(record, proof).await? else { return Ok(None) };
        self.make(move |settings, signer| {
            signed(&certified.facts, settings, signer, certified.status.as_ref())
        })
        .await
    }

    /// Makes something of a certificate: fonts and a QR code are work, not waiting.
    async fn make<T: Send + 'static>(
        &self,
        make: impl FnOnce(&Settings, &Signer) -> Result<T, CertificateError> + Send + 'static,
    ) -> Result<Option<T>, IntakeError> {
        let (settings, signer) = (self.certificates.clone(), self.signer.clone());
        let made = tokio::task::spawn_blocking(move || make(&settings, &signer));
        made.await.map_err(|_| IntakeError::Busy)?.map(Some).map_err(IntakeError::Certificate)
    }

    /// What the certificate of a record says, for whoever has it.
    async fn certified(&self, record: RecordRef, proof: Digest) -> Result<Option<Certified>, IntakeError> {
        let Some(kept) = self.ledger.proof(&record).await? else { return Ok(None) };
        if Digest::of(&[kept.jws.as_bytes()]) != proof {
            return Err(IntakeError::Proof);
        }
        match self.taken(&record).await? {
            Some(taken) if taken.answer().standing == AnswerStanding::Credited => {
                self.certified_of(&taken, &kept.jws).await
            }
            Some(_) | None => Ok(None),
        }
    }

    async fn certified_of(&self, taken: &Taken, jws: &str) -> Result<Option<Certified>, IntakeError> {
        let Some((_, receipt)) = &taken.receipt else { return Ok(None) };
        let receipt = Compact::parse(receipt, RECEIPT_TYP).ok();
        let Some(receipt) = receipt.and_then(|receipt| Receipt::read(&receipt.payload)) else {
            return Ok(None);
        };
        let told = Compact::parse(jws, RECORD_TYP).ok();
        let told =
            told.and_then(|record| json::read_part::<Told>(std::str::from_utf8(&record.payload).ok()?).ok());
        let person = self.ledger.person(&taken.learner()).await?;
        let (title, profession) = match self.packs().get(receipt.activity.digest) {
            Some(Found::Whole(pack)) => {
                let activity = pack.0.activity();
                let named = activity.front.professions.iter();
                let named =
                    named.filter(|known| told.as_ref().is_some_and(|told| told.profession == known.id));
                (activity.title.clone(), named.map(|known| known.label.clone()).next())
            }
            // A certificate is for good: one without its title is not made.
            Some(Found::Broken(_)) | None => return Err(IntakeError::PackAway),
        };
        let facts = Facts {
            receipt,
            learner: person.map(|person| format!("{} {}", person.first_name, person.last_name)),
            profession,
            title,
            format: FORMAT.to_owned(),
        };
        Ok(Some(Certified { facts, status: self.status_entry(taken) }))
    }

    /// Where a certificate's bit is: by the number of its first receipt.
    fn status_entry(&self, taken: &Taken) -> Option<StatusEntry> {
        let number = u64::try_from(taken.certificate?).ok()?;
        let least = u64::from(STATUS_LIST_LEAST);
        Some(StatusEntry {
            index: u32::try_from(number % least).ok()?,
            list: self.list_address(number / least)?,
        })
    }

    fn list_address(&self, list: u64) -> Option<String> {
        Some(format!("{}status/{list}", self.address.as_deref()?))
    }

    /// The signed list of revoked certificates of that number; `None` where this place has
    /// no public address, or no such list yet.
    ///
    /// # Errors
    /// [`IntakeError`].
    pub async fn status_list(&self, list: u64) -> Result<Option<String>, IntakeError> {
        let least = u64::from(STATUS_LIST_LEAST);
        let Some(address) = self.list_address(list) else { return Ok(None) };
        if list > self.ledger.rows_taken().await? / least {
            return Ok(None);
        }
        let mut revoked = BTreeSet::new();
        for row in self.ledger.of_mark("standing:reversed").await? {
            let Fact::Receipted { record, standing: Standing::Reversed, .. } = row.entry.fact else {
                continue;
            };
            let Some(taken) = self.taken(&record).await? else { continue };
            let number = taken.certificate.and_then(|number| u64::try_from(number).ok());
            if let Some(number) = number.filter(|number| number / least == list)
                // An appeal does not give a certificate back.
                && matches!(taken.receipt, Some((Standing::Reversed, _)))
            {
                revoked.extend(u32::try_from(number % least).ok());
            }
        }
        let signed = status_list(&address, &revoked, &self.certificates, &self.signer, time::now());
        signed.map(Some).map_err(IntakeError::Status)
    }
}
