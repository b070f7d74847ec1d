//! Work on all cores, results in the order of the input, memory bounded.

use std::sync::mpsc::sync_channel;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// Something that takes room while it waits for its turn.
pub trait Weighed {
    /// About how many bytes.
    fn size(&self) -> usize;
}

/// A batch is handed to the cores when it has so many things, or bytes: few enough for their caches.
const BATCH: usize = 256;
const BATCH_BYTES: usize = 1024 * 1024;

/// Takes things from `input` on a thread of its own, works on them on all cores, and
/// hands the results to `emit` in order. At most three batches exist at any time.
///
/// # Errors
/// The first error of `emit`, after which nothing further is done.
pub fn in_order<I, O, E>(
    input: impl Iterator<Item = I> + Send,
    work: impl Fn(I) -> O + Sync,
    mut emit: impl FnMut(O) -> Result<(), E>,
) -> Result<(), E>
where
    I: Send + Weighed,
    O: Send,
{
    std::thread::scope(|scope| {
        let (sender, batches) = sync_channel::<Vec<I>>(1);
        scope.spawn(move || {
            let mut batch = Vec::new();
            let mut bytes = 0;
            for item in input {
                bytes += item.size();
                batch.push(item);
                if batch.len() >= BATCH || bytes >= BATCH_BYTES {
                    bytes = 0;
                    // The other end is gone once `emit` has failed.
                    if sender.send(std::mem::take(&mut batch)).is_err() {
                        return;
                    }
                }
            }
            let _gone = sender.send(batch);
        });
        for batch in batches {
            let results: Vec<O> = batch.into_par_iter().map(&work).collect();
            results.into_iter().try_for_each(&mut emit)?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Weighed for usize {
        fn size(&self) -> usize {
            1
        }
    }

    #[test]
    fn results_come_in_order_and_an_error_ends_it() {
        let mut seen = Vec::new();
        let all: Result<(), ()> = in_order(
            0..10_000,
            |n| n * 2,
            |n| {
                seen.push(n);
                Ok(())
            },
        );
        assert_eq!(all, Ok(()));
        assert!(seen.iter().copied().eq((0..10_000).map(|n| n * 2)));
        let ended = in_order(0.., |n| n, |n| if n == 1_000 { Err(n) } else { Ok(()) });
        assert_eq!(ended, Err(1_000));
    }
}
