//! State of a part, and what is done when it changes: like Yew's hooks of the same names, which are compiled whole
//! for every type and every effect. Here that is little more than the place of the value (decision 0007).

use std::any::Any;
use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;

use yew::functional::{Hook, HookContext, TearDown, UseForceUpdateHandle, use_force_update, use_ref};

/// A value that a part keeps, as it was when the part was drawn.
pub struct State<T> {
    drawn: Rc<T>,
    place: Setter<T>,
}

impl<T> State<T> {
    /// Replaces the value.
    pub fn set(&self, value: T) {
        self.place.set(value);
    }

    /// For callbacks.
    pub fn setter(&self) -> Setter<T> {
        self.place.clone()
    }
}

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.drawn
    }
}

/// Where a part keeps a value.
pub struct Setter<T>(Rc<Place<T>>);

struct Place<T> {
    now: RefCell<Rc<T>>,
    differs: fn(&T, &T) -> bool,
    redraw: UseForceUpdateHandle,
}

impl<T> Clone for Setter<T> {
    // Not inlined: the places are many.
    #[inline(never)]
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> Setter<T> {
    /// Replaces the value.
    pub fn set(&self, value: T) {
        let before = self.0.now.replace(Rc::new(value));
        if (self.0.differs)(&before, &self.now()) {
            self.0.redraw.force_update();
        }
    }

    /// The value as it is, whatever was drawn.
    pub fn now(&self) -> Rc<T> {
        Rc::clone(&self.0.now.borrow())
    }
}

impl Setter<u32> {
    /// Counts on, for what is done anew at every number.
    pub fn next(&self) {
        self.set(self.now().wrapping_add(1));
    }
}

struct Stating<T, F> {
    first: F,
    differs: fn(&T, &T) -> bool,
}

impl<T: 'static, F: FnOnce() -> T> Hook for Stating<T, F> {
    type Output = State<T>;

    fn run(self, hooks: &mut HookContext) -> State<T> {
        let redraw = use_force_update().run(hooks);
        let place =
            use_ref(|| Place { now: RefCell::new(Rc::new((self.first)())), differs: self.differs, redraw });
        let place = Setter(place.run(hooks));
        State { drawn: place.now(), place }
    }
}

/// Keeps a value. Every one that is set draws the part again.
pub fn use_state<T: 'static>(first: impl FnOnce() -> T) -> impl Hook<Output = State<T>> {
    Stating { first, differs: |_, _| true }
}

/// Keeps a value. One that differs draws the part again.
pub fn use_state_eq<T: PartialEq + 'static>(first: impl FnOnce() -> T) -> impl Hook<Output = State<T>> {
    Stating { first, differs: |before, now| before != now }
}

/// What an effect depends on.
trait Cause {
    fn equals(&self, other: &dyn Cause) -> bool;
    fn any(&self) -> &dyn Any;
}

impl<D: PartialEq + 'static> Cause for D {
    fn equals(&self, other: &dyn Cause) -> bool {
        other.any().downcast_ref() == Some(self)
    }

    fn any(&self) -> &dyn Any {
        self
    }
}

struct Causes(Rc<dyn Cause>);

impl PartialEq for Causes {
    fn eq(&self, other: &Self) -> bool {
        self.0.equals(&*other.0)
    }
}

/// Undoes an effect.
type Undo = Box<dyn FnOnce()>;

/// Once the part is on the page, and again when what the effect depends on has changed.
/// What the effect returns is run before the next time, and when the part goes.
pub fn use_effect_with<D, U>(on: D, effect: impl FnOnce(&D) -> U + 'static) -> impl Hook<Output = ()>
where
    D: PartialEq + 'static,
    U: TearDown,
{
    let on = Rc::new(on);
    let causes = Causes(on.clone());
    follow(
        causes,
        Box::new(move || {
            let done = effect(&on);
            Box::new(move || done.tear_down())
        }),
    )
}

fn follow(on: Causes, effect: Box<dyn FnOnce() -> Undo>) -> impl Hook<Output = ()> {
    yew::functional::use_effect_with(on, move |_| effect())
}
