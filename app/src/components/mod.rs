//! Pure views: props in, callbacks out. One component per file.
