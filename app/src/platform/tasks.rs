//! The one wrapper of `spawn_local`: a task ends with its owner, in the middle of whatever it awaits.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

use wasm_bindgen_futures::spawn_local;

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// Tasks that run as long as this, or a clone of it, is there and not stopped.
#[derive(Default)]
pub struct Tasks(Rc<RefCell<Running>>);

#[derive(Default)]
struct Running {
    last: u32,
    /// By number; a handful at a time.
    tasks: Vec<(u32, Option<Task>)>,
}

impl Running {
    fn place(&mut self, id: u32) -> Option<&mut Option<Task>> {
        self.tasks.iter_mut().find(|(of, _)| *of == id).map(|(_, task)| task)
    }
}

impl std::fmt::Debug for Tasks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tasks")
    }
}

impl Clone for Tasks {
    // Not inlined: the places are many.
    #[inline(never)]
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl PartialEq for Tasks {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Tasks {
    /// Runs a future to its end, or until the owner stops.
    pub fn spawn(&self, future: impl Future<Output = ()> + 'static) {
        self.run(Box::pin(future));
    }

    fn run(&self, task: Task) {
        let id = {
            let mut running = self.0.borrow_mut();
            running.last = running.last.wrapping_add(1);
            let id = running.last;
            running.tasks.push((id, Some(task)));
            id
        };
        let owner = Rc::downgrade(&self.0);
        spawn_local(poll_fn(move |context| {
            let Some(owner) = owner.upgrade() else { return Poll::Ready(()) };
            // Taken out while it is polled, since it may spawn or stop tasks itself.
            let task = owner.borrow_mut().place(id).and_then(Option::take);
            let Some(mut task) = task else { return Poll::Ready(()) };
            let poll = task.as_mut().poll(context);
            let mut running = owner.borrow_mut();
            match poll {
                Poll::Ready(()) => {
                    running.tasks.retain(|(of, _)| *of != id);
                }
                Poll::Pending => {
                    if let Some(place) = running.place(id) {
                        *place = Some(task);
                    }
                }
            }
            poll
        }));
    }

    /// Ends all tasks where they stand.
    pub fn stop(&self) {
        let tasks = std::mem::take(&mut self.0.borrow_mut().tasks);
        drop(tasks);
    }
}
