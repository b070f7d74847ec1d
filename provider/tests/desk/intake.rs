//! Taking records in.
