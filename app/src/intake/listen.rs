//! Word between the pages and the courier: something came from a provider, or
//! something is to be sent at once.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Called when there is something new.
type Listener = Rc<dyn Fn()>;

/// Those who want to hear. Cheap to clone.
#[derive(Clone, Default)]
pub struct Listeners {
    next: Rc<Cell<u32>>,
    all: Rc<RefCell<Vec<(u32, Listener)>>>,
}

/// Hears until it is dropped.
pub struct Hearing {
    listeners: Listeners,
    number: u32,
}

impl Listeners {
    /// Calls from now on, until what is returned is dropped.
    #[must_use]
    pub fn add(&self, hear: impl Fn() + 'static) -> Hearing {
        let number = self.next.get();
        self.next.set(number.wrapping_add(1));
        self.all.borrow_mut().push((number, Rc::new(hear)));
        Hearing { listeners: self.clone(), number }
    }

    /// Tells all of them.
    pub fn tell(&self) {
        // Whoever hears may add or drop listeners.
        let all: Vec<Listener> = self.all.borrow().iter().map(|(_, hear)| Rc::clone(hear)).collect();
        for hear in all {
            hear();
        }
    }
}

impl Drop for Hearing {
    fn drop(&mut self) {
        self.listeners.all.borrow_mut().retain(|(number, _)| *number != self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_those_who_still_listen_are_told() {
        let listeners = Listeners::default();
        let heard = Rc::new(Cell::new(0));
        let hear = |by: i32| {
            let heard = Rc::clone(&heard);
            listeners.add(move || heard.set(heard.get() + by))
        };
        let (first, second) = (hear(1), hear(10));
        listeners.tell();
        drop(first);
        listeners.tell();
        assert_eq!(heard.get(), 21);
        drop(second);
        listeners.tell();
        assert_eq!(heard.get(), 21);
    }
}
