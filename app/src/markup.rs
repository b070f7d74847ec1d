//! `html!` for the player: the notation of Yew's macro of the same name, for
//! elements, text, blocks and conditions, as calls on one builder.
//!
//! Yew's own macro writes out the making of every element in place, which was a
//! third of the wasm (decision 0007). What is made is the same virtual DOM.
//! Components are not tags here: see [`crate::components::part`].

use std::rc::Rc;

use yew::prelude::*;
use yew::virtual_dom::{Key, Listener, VList, VNode, VTag, VText};

/// An element, or a group without one, and what it holds so far.
struct Open {
    /// None for a group.
    tag: Option<VTag>,
    key: Option<Key>,
    children: Vec<VNode>,
}

/// What [`html!`] builds on: elements are opened, given attributes and children, and closed.
pub struct Markup {
    done: Vec<VNode>,
    open: Vec<Open>,
}

impl Markup {
    /// Nothing yet.
    #[inline(never)]
    pub fn new() -> Self {
        Self { done: Vec::new(), open: Vec::new() }
    }

    /// Opens an element.
    #[inline(never)]
    pub fn open(&mut self, tag: &'static str) {
        let tag = VTag::new(AttrValue::Static(tag));
        self.open.push(Open { tag: Some(tag), key: None, children: Vec::new() });
    }

    /// Opens an element with a class.
    #[inline(never)]
    pub fn open_class(&mut self, tag: &'static str, class: &'static str) {
        self.open(tag);
        self.set("class", AttrValue::Static(class));
    }

    /// Opens a group without an element of its own: one node, whatever it holds.
    #[inline(never)]
    pub fn group(&mut self) {
        self.open.push(Open { tag: None, key: None, children: Vec::new() });
    }

    /// Closes what was opened last.
    #[inline(never)]
    pub fn close(&mut self) {
        let Some(Open { tag, key, children }) = self.open.pop() else { return };
        let node = match tag {
            Some(mut tag) => {
                tag.key = key;
                if !children.is_empty() {
                    tag.add_children(children);
                }
                VNode::from(tag)
            }
            None => VNode::from(VList::with_children(children, key)),
        };
        self.child(node);
    }

    /// The one node that was made, or all of them as a list.
    #[inline(never)]
    pub fn done(self) -> Html {
        let mut done = self.done;
        match (done.pop(), done.is_empty()) {
            (None, _) => Html::default(),
            (Some(only), true) => only,
            (Some(last), false) => {
                done.push(last);
                VNode::from(VList::with_children(done, None))
            }
        }
    }

    /// A node in its place.
    #[inline(never)]
    pub fn child(&mut self, node: VNode) {
        match self.open.last_mut() {
            Some(open) => open.children.push(node),
            None => self.done.push(node),
        }
    }

    /// Text in its place.
    #[inline(never)]
    pub fn text(&mut self, text: AttrValue) {
        self.child(VNode::from(VText::new(text)));
    }

    /// Whatever a block evaluates to, as one node.
    pub fn add(&mut self, child: impl Child) {
        child.add(self);
    }

    /// Everything that comes, as one node.
    pub fn each<T: Into<VNode>>(&mut self, children: impl IntoIterator<Item = T>) {
        self.group();
        for child in children {
            self.child(child.into());
        }
        self.close();
    }

    /// An attribute; what is absent or false is left out.
    pub fn attr(&mut self, name: &'static str, value: impl Attr) {
        value.set(name, self);
    }

    #[inline(never)]
    fn set(&mut self, name: &'static str, value: AttrValue) {
        if let Some(tag) = self.tag() {
            // What stands in a field is a property; elsewhere it is an attribute like any other.
            if name == "value" && matches!(tag.tag(), "input" | "textarea") {
                tag.set_value(Some(value));
            } else {
                tag.add_attribute(name, value);
            }
        }
    }

    /// Whether a box is ticked.
    #[inline(never)]
    #[expect(clippy::fn_params_excessive_bools, reason = "what the attribute takes")]
    pub fn checked(&mut self, checked: bool) {
        if let Some(tag) = self.tag() {
            tag.set_checked(checked);
        }
    }

    /// Where the element can be found later.
    #[inline(never)]
    pub fn at(&mut self, node: NodeRef) {
        if let Some(tag) = self.tag() {
            tag.node_ref = node;
        }
    }

    /// Tells the element from its neighbors of the same kind.
    #[inline(never)]
    pub fn key(&mut self, key: impl Into<Key>) {
        if let Some(open) = self.open.last_mut() {
            open.key = Some(key.into());
        }
    }

    /// A listener.
    #[inline(never)]
    pub fn listen(&mut self, listener: Rc<dyn Listener>) {
        if let Some(tag) = self.tag() {
            tag.add_listener(listener);
        }
    }

    fn tag(&mut self) -> Option<&mut VTag> {
        self.open.last_mut()?.tag.as_mut()
    }
}

/// What can be the value of an attribute. None of it is inlined: the places are many.
pub trait Attr {
    /// Gives the open element the attribute, unless it is absent or false.
    fn set(self, name: &'static str, on: &mut Markup);
}

impl Attr for AttrValue {
    #[inline(never)]
    fn set(self, name: &'static str, on: &mut Markup) {
        on.set(name, self);
    }
}

impl Attr for &'static str {
    #[inline(never)]
    fn set(self, name: &'static str, on: &mut Markup) {
        on.set(name, AttrValue::Static(self));
    }
}

impl Attr for String {
    #[inline(never)]
    fn set(self, name: &'static str, on: &mut Markup) {
        on.set(name, self.into());
    }
}

impl Attr for bool {
    #[inline(never)]
    fn set(self, name: &'static str, on: &mut Markup) {
        if self {
            on.set(name, AttrValue::Static(""));
        }
    }
}

impl<T: Attr> Attr for Option<T> {
    #[inline(never)]
    fn set(self, name: &'static str, on: &mut Markup) {
        if let Some(value) = self {
            value.set(name, on);
        }
    }
}

/// What a block in the markup can evaluate to.
pub trait Child {
    /// Adds it, as one node.
    fn add(self, to: &mut Markup);
}

impl Child for VNode {
    fn add(self, to: &mut Markup) {
        to.child(self);
    }
}

impl Child for Vec<VNode> {
    fn add(self, to: &mut Markup) {
        to.each(self);
    }
}

impl<T: Child> Child for Option<T> {
    #[inline(never)]
    fn add(self, to: &mut Markup) {
        match self {
            Some(child) => child.add(to),
            None => to.child(VNode::default()),
        }
    }
}

impl Child for AttrValue {
    fn add(self, to: &mut Markup) {
        to.text(self);
    }
}

impl Child for &AttrValue {
    #[inline(never)]
    fn add(self, to: &mut Markup) {
        to.text(self.clone());
    }
}

impl Child for String {
    #[inline(never)]
    fn add(self, to: &mut Markup) {
        to.text(self.into());
    }
}

impl Child for &String {
    #[inline(never)]
    fn add(self, to: &mut Markup) {
        to.text(self.as_str().into());
    }
}

impl Child for &str {
    #[inline(never)]
    fn add(self, to: &mut Markup) {
        to.text(self.into());
    }
}

macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl Child for $number {
            #[inline(never)]
            fn add(self, to: &mut Markup) {
                to.text(self.to_string().into());
            }
        }
    )+};
}
numbers!(u8, u16, u32, i32, usize);

/// Elements in the notation of Yew's macro; see the module.
macro_rules! html {
    ($($nodes:tt)*) => {{
        let mut markup = $crate::markup::Markup::new();
        $crate::markup::nodes!(markup $($nodes)*);
        markup.done()
    }};
}

/// The nodes of [`html!`], one after the other.
macro_rules! nodes {
    ($m:ident) => {};
    ($m:ident < / > $($rest:tt)*) => { $m.close(); $crate::markup::nodes!($m $($rest)*); };
    ($m:ident < / @ > $($rest:tt)*) => { $m.close(); $crate::markup::nodes!($m $($rest)*); };
    ($m:ident < / $tag:ident > $($rest:tt)*) => { $m.close(); $crate::markup::nodes!($m $($rest)*); };
    ($m:ident < > $($rest:tt)*) => { $m.group(); $crate::markup::nodes!($m $($rest)*); };
    ($m:ident < key = $key:tt > $($rest:tt)*) => {
        $m.group();
        $m.key($key);
        $crate::markup::nodes!($m $($rest)*);
    };
    ($m:ident < @ $tag:tt $($rest:tt)*) => { $m.open($tag); $crate::markup::attributes!($m $($rest)*); };
    ($m:ident < $tag:ident class = $class:literal $($rest:tt)*) => {
        $m.open_class(stringify!($tag), $class);
        $crate::markup::attributes!($m $($rest)*);
    };
    ($m:ident < $tag:ident $($rest:tt)*) => {
        $m.open(stringify!($tag));
        $crate::markup::attributes!($m $($rest)*);
    };
    ($m:ident { for $($each:tt)* } $($rest:tt)*) => {
        $m.each($($each)*);
        $crate::markup::nodes!($m $($rest)*);
    };
    ($m:ident { $($block:tt)* } $($rest:tt)*) => {
        $m.add({ $($block)* });
        $crate::markup::nodes!($m $($rest)*);
    };
    ($m:ident if $($rest:tt)*) => { $crate::markup::branch!($m [] [if] $($rest)*); };
    ($m:ident $text:literal $($rest:tt)*) => { $m.add($text); $crate::markup::nodes!($m $($rest)*); };
}

/// `if … { nodes } else if … { nodes } else { nodes }`: one node, so that those after it keep their places.
macro_rules! branch {
    // The braces of a pattern are not those of the nodes.
    ($m:ident [$($done:tt)*] [if] let $pattern:pat = $($rest:tt)*) => {
        $crate::markup::branch!($m [$($done)*] [if let $pattern =] $($rest)*);
    };
    ($m:ident [$($done:tt)*] [$($head:tt)*] { $($body:tt)* } else if $($rest:tt)*) => {
        $crate::markup::branch!($m [$($done)* $($head)* { $crate::markup::nodes!($m $($body)*); } else] [if] $($rest)*);
    };
    ($m:ident [$($done:tt)*] [$($head:tt)*] { $($body:tt)* } else { $($other:tt)* } $($rest:tt)*) => {
        $m.group();
        $($done)* $($head)* { $crate::markup::nodes!($m $($body)*); } else { $crate::markup::nodes!($m $($other)*); }
        $m.close();
        $crate::markup::nodes!($m $($rest)*);
    };
    ($m:ident [$($done:tt)*] [$($head:tt)*] { $($body:tt)* } $($rest:tt)*) => {
        $m.group();
        $($done)* $($head)* { $crate::markup::nodes!($m $($body)*); }
        $m.close();
        $crate::markup::nodes!($m $($rest)*);
    };
    ($m:ident [$($done:tt)*] [$($head:tt)*] $next:tt $($rest:tt)*) => {
        $crate::markup::branch!($m [$($done)*] [$($head)* $next] $($rest)*);
    };
}

/// The attributes of an element that was opened, up to its `>` or `/>`.
macro_rules! attributes {
    ($m:ident / > $($rest:tt)*) => { $m.close(); $crate::markup::nodes!($m $($rest)*); };
    ($m:ident > $($rest:tt)*) => { $crate::markup::nodes!($m $($rest)*); };
    ($m:ident { $name:ident } $($rest:tt)*) => { $crate::markup::attributes!($m $name = $name $($rest)*); };
    ($m:ident ref = $node:tt $($rest:tt)*) => { $m.at($node); $crate::markup::attributes!($m $($rest)*); };
    ($m:ident key = $key:tt $($rest:tt)*) => { $m.key($key); $crate::markup::attributes!($m $($rest)*); };
    ($m:ident checked = $is:tt $($rest:tt)*) => { $m.checked($is); $crate::markup::attributes!($m $($rest)*); };
    ($m:ident onclick = $do:tt $($rest:tt)*) => { $crate::markup::listener!($m onclick $do $($rest)*); };
    ($m:ident onchange = $do:tt $($rest:tt)*) => { $crate::markup::listener!($m onchange $do $($rest)*); };
    ($m:ident oninput = $do:tt $($rest:tt)*) => { $crate::markup::listener!($m oninput $do $($rest)*); };
    ($m:ident onsubmit = $do:tt $($rest:tt)*) => { $crate::markup::listener!($m onsubmit $do $($rest)*); };
    ($m:ident onkeydown = $do:tt $($rest:tt)*) => { $crate::markup::listener!($m onkeydown $do $($rest)*); };
    ($m:ident onclose = $do:tt $($rest:tt)*) => { $crate::markup::listener!($m onclose $do $($rest)*); };
    ($m:ident ontoggle = $do:tt $($rest:tt)*) => { $crate::markup::listener!($m ontoggle $do $($rest)*); };
    ($m:ident $first:ident $(- $next:ident)* = $value:tt $($rest:tt)*) => {
        $m.attr(concat!(stringify!($first) $(, "-", stringify!($next))*), $value);
        $crate::markup::attributes!($m $($rest)*);
    };
}

macro_rules! listener {
    ($m:ident $event:ident $do:tt $($rest:tt)*) => {
        $m.listen(std::rc::Rc::new(yew::html::$event::Wrapper::new(yew::Callback::from($do))));
        $crate::markup::attributes!($m $($rest)*);
    };
}

pub(crate) use {attributes, branch, html, listener, nodes};
