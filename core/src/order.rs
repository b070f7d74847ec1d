//! Putting short lists in order, compiled once instead of anew for every type:
//! the sorts of the standard library cost the player 57 KB, and its lists have
//! tens of entries.

use std::cmp::Ordering;

/// Sorts a list; what is equal stays in its order.
pub fn sort_by<T>(list: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = {
        let list = &*list;
        permutation(list.len(), &|one, other| match (list.get(one), list.get(other)) {
            (Some(one), Some(other)) => compare(one, other),
            (_, _) => Ordering::Equal,
        })
    };
    let mut places: Vec<Option<T>> = std::mem::take(list).into_iter().map(Some).collect();
    list.extend(order.into_iter().filter_map(|at| places.get_mut(at)?.take()));
}

/// The places of `len` entries in their order: a merge sort from the bottom up.
#[must_use]
pub fn permutation(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    let mut width = 1;
    while width < len {
        let mut merged = Vec::with_capacity(len);
        for pair in order.chunks(width * 2) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let (&[one, ref left_rest @ ..], &[other, ref right_rest @ ..]) = (left, right) {
                if compare(other, one) == Ordering::Less {
                    merged.push(other);
                    right = right_rest;
                } else {
                    merged.push(one);
                    left = left_rest;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        order = merged;
        width *= 2;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_sorts_as_the_standard_library_does_for_every_length() {
        let mut seed = 7u32;
        for len in 0..200 {
            let list: Vec<(u32, usize)> = (0..len)
                .map(|at| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 28, at)
                })
                .collect();
            let (mut ours, mut theirs) = (list.clone(), list);
            sort_by(&mut ours, |one, other| one.0.cmp(&other.0));
            theirs.sort_by_key(|(key, _)| *key);
            assert_eq!(ours, theirs, "of {len}, equal ones in their order");
        }
    }
}
