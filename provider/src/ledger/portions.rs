//! Many rows with few statements. A statement takes a power of two of them, so that there
//! are few texts, which the database prepares once and keeps.

/// Most rows of one statement: with their columns far fewer values than either database binds.
pub(super) const MOST: usize = 64;

/// The first rows, for one statement, and those after them; `None` where there are none.
pub(super) fn portion<T>(rows: &[T]) -> Option<(&[T], &[T])> {
    let power = rows.len().min(MOST).checked_ilog2()?;
    rows.split_at_checked(1 << power)
}

/// Inserts rows on a transaction, in their order:
/// `fill!(tx, "INSERT INTO deed (seq, staff) ", rows, (seq, staff) => [seq, staff])`.
macro_rules! fill {
    ($tx:expr, $into:expr, $rows:expr, $row:pat_param => [$($value:expr),+ $(,)?] $(, $end:expr)?) => {{
        let mut rows = $rows.as_slice();
        while let Some((now, later)) = $crate::ledger::portions::portion(rows) {
            let mut insert = sqlx::QueryBuilder::new($into);
            insert.push_values(now, |mut values, $row| { $(values.push_bind($value);)+ });
            $(insert.push($end);)?
            insert.build().execute(&mut *$tx).await?;
            rows = later;
        }
    }};
}
pub(super) use fill;

/// Deletes the rows of keys on a transaction:
/// `clear!(tx, "DELETE FROM identifier WHERE learner IN (", learners)`.
macro_rules! clear {
    ($tx:expr, $delete:expr, $keys:expr) => {{
        let mut keys = $keys.as_slice();
        while let Some((now, later)) = $crate::ledger::portions::portion(keys) {
            let mut delete = sqlx::QueryBuilder::new($delete);
            let mut list = delete.separated(", ");
            for key in now {
                list.push_bind(key);
            }
            list.push_unseparated(")");
            delete.build().execute(&mut *$tx).await?;
            keys = later;
        }
    }};
}
pub(super) use clear;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_taken_in_order_by_powers_of_two() {
        let rows: Vec<usize> = (0..203).collect();
        let (mut rest, mut sizes, mut taken) = (rows.as_slice(), Vec::new(), Vec::<usize>::new());
        while let Some((now, later)) = portion(rest) {
            sizes.push(now.len());
            taken.extend(now);
            rest = later;
        }
        assert_eq!(sizes, [64, 64, 64, 8, 2, 1]);
        assert_eq!(taken, rows);
    }
}
