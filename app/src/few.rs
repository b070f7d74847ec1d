//! A few values by key.

use std::borrow::Borrow;

/// Tens of values by key, in the order in which they came: a list costs the player
/// a tenth of a map of the standard library.
#[derive(Clone, Debug, PartialEq)]
pub struct Few<K, V>(Vec<(K, V)>);

impl<K, V> Default for Few<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq, V> Few<K, V> {
    pub fn get<Q: PartialEq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.0.iter().find(|(known, _)| known.borrow() == key).map(|(_, value)| value)
    }

    /// Puts a value in, in the place of what had its key.
    pub fn insert(&mut self, key: K, value: V) {
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = value,
            None => self.0.push((key, value)),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K, V> IntoIterator for Few<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_its_latest_value_in_its_first_place() {
        let mut few: Few<String, u8> = Few::default();
        assert!(few.is_empty());
        for (key, value) in [("a", 1), ("b", 2), ("a", 3)] {
            few.insert(key.to_owned(), value);
        }
        assert_eq!((few.get("a"), few.get("b"), few.get("c")), (Some(&3), Some(&2), None));
        assert_eq!(few.into_iter().map(|(_, value)| value).collect::<Vec<_>>(), [3, 2]);
    }
}
