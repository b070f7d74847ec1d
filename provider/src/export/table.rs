//! A table as a Parquet file: rows are gathered to a group, then written column by column.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use super::EXPORT_FORMAT;
use crate::private;

/// Rows of a group: what is held in memory, and what an engine reads at once.
const GROUP: usize = 64 * 1024;
/// Bytes of texts of a group, since a row has no bound of its own.
const GROUP_BYTES: usize = 64 * 1024 * 1024;

/// A group of a file.
pub(super) type Group<'f> = SerializedRowGroupWriter<'f, BufWriter<File>>;

/// A column, as the documentation has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name. Stored; never reuse.
    pub name: &'static str,
    /// Its type in DuckDB's words, with `NULL` where it may be absent.
    pub kind: &'static str,
    /// What it is, with its unit.
    pub about: &'static str,
}

/// A row of a table.
pub trait Row: Sized {
    /// The name of the table, and of its file without the ending.
    const TABLE: &'static str;
    /// Its columns.
    const COLUMNS: &'static [Column];

    /// The schema in Parquet's words.
    fn schema() -> String;
    /// About how many bytes its texts have.
    fn size(&self) -> usize;
    /// Writes rows as a group.
    ///
    /// # Errors
    /// What the file says.
    fn write(rows: &[Self], group: &mut Group<'_>) -> Result<(), ParquetError>;
}

/// A value of a column.
pub(super) trait Value: Sized {
    /// The type in DuckDB's words.
    const KIND: &'static str;
    /// The column in Parquet's words.
    fn schema(name: &str) -> String;
    /// Bytes of its text.
    fn size(&self) -> usize {
        0
    }
    /// Writes a column.
    fn write<'v>(
        values: impl Iterator<Item = &'v Self>,
        column: &mut SerializedColumnWriter<'_>,
    ) -> Result<(), ParquetError>
    where
        Self: 'v;
}

/// A moment in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant(pub i64);

/// A date in days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(pub i32);

/// A type that is one value of Parquet's.
trait Plain {
    type Parquet: DataType;
    const KIND: &'static str;
    const OPTIONAL: &'static str;
    const PHYSICAL: &'static str;
    const LOGICAL: &'static str;
    fn plain(&self) -> <Self::Parquet as DataType>::T;
    fn bytes(&self) -> usize {
        0
    }
}

macro_rules! plain {
    ($($type:ty: $parquet:ty, $kind:literal, $physical:literal, $logical:literal, $plain:expr;)+) => {$(
        impl Plain for $type {
            type Parquet = $parquet;
            const KIND: &'static str = $kind;
            const OPTIONAL: &'static str = concat!($kind, " NULL");
            const PHYSICAL: &'static str = $physical;
            const LOGICAL: &'static str = $logical;
            fn plain(&self) -> <$parquet as DataType>::T {
                let plain: fn(&Self) -> <$parquet as DataType>::T = $plain;
                plain(self)
            }
        }
    )+};
}

plain! {
    i32: Int32Type, "INTEGER", "INT32", "", |value| *value;
    i64: Int64Type, "BIGINT", "INT64", "", |value| *value;
    bool: BoolType, "BOOLEAN", "BOOLEAN", "", |value| *value;
    Instant: Int64Type, "TIMESTAMP WITH TIME ZONE", "INT64", "(TIMESTAMP(MILLIS,true))", |value| value.0;
    Day: Int32Type, "DATE", "INT32", "(DATE)", |value| value.0;
}

impl Plain for String {
    type Parquet = ByteArrayType;
    const KIND: &'static str = "VARCHAR";
    const OPTIONAL: &'static str = "VARCHAR NULL";
    const PHYSICAL: &'static str = "BYTE_ARRAY";
    const LOGICAL: &'static str = "(STRING)";
    fn plain(&self) -> ByteArray {
        ByteArray::from(self.as_str())
    }
    fn bytes(&self) -> usize {
        self.len()
    }
}

impl<P: Plain> Value for P {
    const KIND: &'static str = P::KIND;

    fn schema(name: &str) -> String {
        format!("REQUIRED {} {name} {};", P::PHYSICAL, P::LOGICAL)
    }

    fn size(&self) -> usize {
        self.bytes()
    }

    fn write<'v>(
        values: impl Iterator<Item = &'v Self>,
        column: &mut SerializedColumnWriter<'_>,
    ) -> Result<(), ParquetError>
    where
        Self: 'v,
    {
        let plain: Vec<_> = values.map(Plain::plain).collect();
        column.typed::<P::Parquet>().write_batch(&plain, None, None).map(drop)
    }
}

impl<P: Plain> Value for Option<P> {
    const KIND: &'static str = P::OPTIONAL;

    fn schema(name: &str) -> String {
        format!("OPTIONAL {} {name} {};", P::PHYSICAL, P::LOGICAL)
    }

    fn size(&self) -> usize {
        self.as_ref().map_or(0, Plain::bytes)
    }

    fn write<'v>(
        values: impl Iterator<Item = &'v Self>,
        column: &mut SerializedColumnWriter<'_>,
    ) -> Result<(), ParquetError>
    where
        Self: 'v,
    {
        let (mut plain, mut there) = (Vec::new(), Vec::new());
        for value in values {
            there.push(i16::from(value.is_some()));
            plain.extend(value.as_ref().map(Plain::plain));
        }
        column.typed::<P::Parquet>().write_batch(&plain, Some(&there), None).map(drop)
    }
}

impl Value for Vec<String> {
    const KIND: &'static str = "VARCHAR[]";

    fn schema(name: &str) -> String {
        format!(
            "REQUIRED group {name} (LIST) {{ REPEATED group list {{ REQUIRED BYTE_ARRAY element (STRING); }} }}"
        )
    }

    fn size(&self) -> usize {
        self.iter().map(String::len).sum()
    }

    fn write<'v>(
        values: impl Iterator<Item = &'v Self>,
        column: &mut SerializedColumnWriter<'_>,
    ) -> Result<(), ParquetError> {
        let (mut plain, mut there, mut further) = (Vec::new(), Vec::new(), Vec::new());
        for list in values {
            if list.is_empty() {
                there.push(0i16);
                further.push(0i16);
            }
            for (place, text) in list.iter().enumerate() {
                there.push(1);
                further.push(i16::from(place > 0));
                plain.push(text.plain());
            }
        }
        column.typed::<ByteArrayType>().write_batch(&plain, Some(&there), Some(&further)).map(drop)
    }
}

/// Makes the row of a table: the words over a member are what the documentation says.
macro_rules! table {
    ($(#[doc = $about:literal])+ $row:ident = $table:literal; $(#[doc = $said:literal] $name:ident: $type:ty,)+) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $row {
            $(#[doc = $said] pub $name: $type,)+
        }

        impl $crate::export::table::Row for $row {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [$crate::export::table::Column] = &[$($crate::export::table::Column {
                name: stringify!($name),
                kind: <$type as $crate::export::table::Value>::KIND,
                about: $said.trim_ascii(),
            },)+];

            fn schema() -> String {
                let columns = [$(<$type as $crate::export::table::Value>::schema(stringify!($name)),)+];
                format!("message {} {{ {} }}", $table, columns.join(" "))
            }

            fn size(&self) -> usize {
                0 $(+ $crate::export::table::Value::size(&self.$name))+
            }

            fn write(
                rows: &[Self],
                group: &mut $crate::export::table::Group<'_>,
            ) -> Result<(), parquet::errors::ParquetError> {
                $(if let Some(mut column) = group.next_column()? {
                    $crate::export::table::Value::write(rows.iter().map(|row| &row.$name), &mut column)?;
                    column.close()?;
                })+
                Ok(())
            }
        }
    };
}
pub(super) use table;

/// A file that is written; it is removed unless it is finished.
pub(super) struct Table<R: Row> {
    path: PathBuf,
    file: Option<SerializedFileWriter<BufWriter<File>>>,
    waiting: Vec<R>,
    bytes: usize,
    rows: u64,
}

impl<R: Row> Table<R> {
    /// Begins the file of a table in a folder, under another name until it is whole.
    pub fn begin(folder: &Path) -> Result<Self, ParquetError> {
        let path = folder.join(format!("{}.parquet", R::TABLE));
        let about: serde_json::Map<String, serde_json::Value> =
            R::COLUMNS.iter().map(|column| (column.name.to_owned(), column.about.into())).collect();
        let said = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("enduring {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(vec![
                said("format", EXPORT_FORMAT.to_owned()),
                said("table", R::TABLE.to_owned()),
                said("columns", serde_json::Value::Object(about).to_string()),
            ]))
            .build();
        let schema = Arc::new(parse_message_type(&R::schema())?);
        let file = BufWriter::new(private::create_again(&part(&path))?);
        let file = Some(SerializedFileWriter::new(file, schema, Arc::new(properties))?);
        Ok(Self { path, file, waiting: Vec::new(), bytes: 0, rows: 0 })
    }

    /// Adds a row.
    pub fn push(&mut self, row: R) -> Result<(), ParquetError> {
        self.bytes += row.size();
        self.rows += 1;
        self.waiting.push(row);
        if self.waiting.len() >= GROUP || self.bytes >= GROUP_BYTES { self.group() } else { Ok(()) }
    }

    fn group(&mut self) -> Result<(), ParquetError> {
        let Some(file) = self.file.as_mut().filter(|_| !self.waiting.is_empty()) else { return Ok(()) };
        let mut group = file.next_row_group()?;
        R::write(&self.waiting, &mut group)?;
        group.close()?;
        self.waiting.clear();
        self.bytes = 0;
        Ok(())
    }

    /// Ends the file, durably, still under its other name.
    pub fn end(&mut self) -> Result<(), ParquetError> {
        self.group()?;
        if let Some(file) = &mut self.file {
            file.finish()?;
            file.inner_mut().get_ref().sync_all()?;
        }
        Ok(())
    }

    /// Gives an ended file its name, and says where it is and how many rows it has.
    pub fn name(mut self) -> Result<(PathBuf, u64), ParquetError> {
        self.file = None;
        fs::rename(part(&self.path), &self.path)?;
        Ok((self.path.clone(), self.rows))
    }
}

impl<R: Row> Drop for Table<R> {
    fn drop(&mut self) {
        // Named by now, or half a file, which nobody should find.
        let _ = fs::remove_file(part(&self.path));
    }
}

fn part(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}
