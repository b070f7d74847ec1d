//! Putting short lists in order, compiled once instead of anew for every type:
//! the sorts and trees of the standard library cost the player 80 KB, and its lists
//! have tens of entries.

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

/// Texts in their order, to be searched by halves.
#[must_use]
pub fn sorted<'a>(texts: &[&'a str]) -> Vec<&'a str> {
    let places = permutation(texts.len(), &|one, other| texts.get(one).cmp(&texts.get(other)));
    places.into_iter().filter_map(|at| texts.get(at).copied()).collect()
}

/// Of each text, whether it is among those before it.
#[must_use]
pub fn repeated(texts: &[&str]) -> Vec<bool> {
    let places = permutation(texts.len(), &|one, other| texts.get(one).cmp(&texts.get(other)));
    let mut repeated = vec![false; texts.len()];
    for pair in places.windows(2) {
        if let &[before, at] = pair
            && texts.get(before) == texts.get(at)
            && let Some(found) = repeated.get_mut(at)
        {
            *found = true;
        }
    }
    repeated
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

    #[test]
    fn what_is_repeated_is_told_of_all_but_the_first() {
        let texts = ["b", "a", "b", "", "c", "b", ""];
        assert_eq!(repeated(&texts), [false, false, true, false, false, true, true]);
        assert_eq!(sorted(&texts), ["", "", "a", "b", "b", "b", "c"]);
        assert_eq!((repeated(&[]), sorted(&[])), (vec![], vec![]));
    }
}
