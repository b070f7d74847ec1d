//! Small groups: their figures are withheld, and those by which they could be computed.

use std::collections::BTreeSet;

/// Groups of fewer than so many learners are not shown.
pub const GROUP_MIN: usize = 5;

/// A learner in a report, by place. It is never printed.
pub type Who = usize;

/// A figure of a group, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown<T> {
    /// The group is large enough.
    Figure(T),
    /// The group has one to four learners.
    Fewer,
    /// With it a smaller group could be computed.
    Withheld,
}

/// What may be said of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Shown,
    Fewer,
    Withheld,
}

impl<T> Shown<T> {
    /// The figure of a group that stands alone: nothing is computed from it and others.
    pub fn alone(learners: usize, figure: impl FnOnce() -> T) -> Self {
        if is_small(learners) { Self::Fewer } else { Self::Figure(figure()) }
    }

    /// The figure, where it is shown.
    pub fn figure(&self) -> Option<&T> {
        match self {
            Self::Figure(figure) => Some(figure),
            Self::Fewer | Self::Withheld => None,
        }
    }

    /// What stands in the place of a figure that is not shown.
    pub fn instead(&self) -> &'static str {
        match self {
            Self::Figure(_) => "",
            Self::Fewer => "fewer than 5",
            Self::Withheld => "withheld",
        }
    }
}

fn is_small(learners: usize) -> bool {
    (1..GROUP_MIN).contains(&learners)
}

/// The figures of groups that make up a whole whose figures are shown too. As long as
/// what is hidden is a single group, or concerns fewer than five learners together, the
/// next smallest is hidden with it.
pub fn parts<T>(groups: Vec<(BTreeSet<Who>, T)>) -> Vec<Shown<T>> {
    let mut fates: Vec<Fate> = groups
        .iter()
        .map(|(learners, _)| if is_small(learners.len()) { Fate::Fewer } else { Fate::Shown })
        .collect();
    loop {
        let hidden = || groups.iter().zip(&fates).filter(|(_, fate)| **fate != Fate::Shown);
        let learners: BTreeSet<Who> = hidden().flat_map(|((learners, _), _)| learners).copied().collect();
        let count = hidden().count();
        if count == 0 || count > 1 && learners.len() >= GROUP_MIN {
            break;
        }
        let next = groups
            .iter()
            .zip(fates.iter_mut())
            .filter(|((learners, _), fate)| **fate == Fate::Shown && !learners.is_empty())
            .min_by_key(|((learners, _), _)| learners.len());
        match next {
            Some((_, fate)) => *fate = Fate::Withheld,
            None => break,
        }
    }
    groups
        .into_iter()
        .zip(fates)
        .map(|((_, figure), fate)| match fate {
            Fate::Shown => Shown::Figure(figure),
            Fate::Fewer => Shown::Fewer,
            Fate::Withheld => Shown::Withheld,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(groups: &[std::ops::Range<usize>]) -> Vec<&'static str> {
        let groups = groups.iter().map(|range| (range.clone().collect(), ())).collect();
        parts(groups).iter().map(Shown::instead).collect()
    }

    #[test]
    fn a_group_of_four_is_hidden_and_one_of_five_is_not() {
        assert_eq!(Shown::alone(4, || 1), Shown::Fewer);
        assert_eq!(Shown::alone(5, || 1), Shown::Figure(1));
        assert_eq!(Shown::alone(0, || 0), Shown::Figure(0), "nobody is no group");
    }

    #[test]
    fn a_hidden_group_cannot_be_subtracted_from_the_whole() {
        assert_eq!(told(&[0..20, 20..23, 23..30]), ["", "fewer than 5", "withheld"]);
        assert_eq!(told(&[0..20, 20..30]), ["", ""]);
        assert_eq!(told(&[0..2, 2..40, 0..0]), ["fewer than 5", "withheld", ""]);
    }

    #[test]
    fn two_hidden_groups_of_the_same_few_hide_a_third() {
        // Eight items that the same three learners had: together still three.
        assert_eq!(told(&[0..3, 0..3, 3..60]), ["fewer than 5", "fewer than 5", "withheld"]);
        assert_eq!(told(&[0..3, 3..6, 6..60]), ["fewer than 5", "fewer than 5", ""]);
    }

    #[test]
    fn where_nothing_is_left_to_hide_it_ends() {
        assert_eq!(told(&[0..3, 0..0]), ["fewer than 5", ""]);
        assert!(told(&[]).is_empty());
    }
}
