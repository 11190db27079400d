//! Stored files: bytes by content hash in a folder, rows that name them in the database.
//!
//! What must stay true: a client's file name never becomes part of a path, and bytes are on disk before a row names them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use database::{Query, Row, Tx, Value, hex, in_list};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::context::RequestContext;
use crate::error::Result;
use crate::history::each_row;
use crate::query::load::MAX_IN_LIST;

/// A stored file.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredFile {
    /// Id in the API.
    pub id: String,
    /// SHA-256 of the bytes, hexadecimal.
    pub hash: String,
    /// As the client named it.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// For display only; downloads are always attachments.
    pub media_type: String,
    /// Who uploaded it.
    pub user_id: Option<i64>,
    /// Of a picture that the program made itself ([`crate::pictures`]): width and height in pixels.
    pub pixels: Option<(i64, i64)>,
}

impl StoredFile {
    /// As clients read it: `{id, name, size, media_type}`, and `width` and `height` of a picture.
    pub fn to_json(&self) -> Json {
        let mut json = json!({ "id": self.id, "name": self.name, "size": self.size, "media_type": self.media_type });
        if let (Some(members), Some((width, height))) = (json.as_object_mut(), self.pixels) {
            members.insert("width".into(), width.into());
            members.insert("height".into(), height.into());
        }
        json
    }
}

/// The folder of the files.
#[derive(Clone, Debug)]
pub struct FileStore {
    root: PathBuf,
}

impl FileStore {
    /// A store below `root`; the folder is made when it is missing.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn new(root: &Path) -> Result<FileStore> {
        fs::create_dir_all(root.join("incoming"))?;
        Ok(FileStore { root: root.to_owned() })
    }

    /// The path of an upload in progress.
    pub fn incoming_path(&self, name: &str) -> PathBuf {
        self.root.join("incoming").join(name)
    }

    /// A file beside the folder of the files, in that of the installation: what must not be copied or restored together with them.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.root.parent().unwrap_or(&self.root).join(name)
    }

    /// A path below `incoming` that no other run has, in this process or another.
    pub fn fresh_path(&self, purpose: &str) -> PathBuf {
        // Each hasher has random keys of its own.
        let mark = RandomState::new().hash_one(std::process::id());
        self.incoming_path(&format!("{purpose}-{mark:016x}"))
    }

    /// Moves a complete upload to its place; answers its hash and size.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn keep(&self, incoming: &Path) -> Result<(String, i64)> {
        let mut file = File::open(incoming)?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0_u8; 64 * 1024];
        let mut size: i64 = 0;
        loop {
            let count = file.read(&mut buffer)?;
            let Some(part) = buffer.get(..count).filter(|part| !part.is_empty()) else { break };
            hasher.update(part);
            size += i64::try_from(count).unwrap_or_default();
        }
        file.sync_all()?;
        let hash = hexadecimal(hasher);
        let target = self.path(&hash);
        if let Some(folder) = target.parent() {
            // What is made or renamed lasts through a power cut only when the folder above is synchronised too.
            if !folder.is_dir() {
                fs::create_dir_all(folder)?;
                File::open(&self.root)?.sync_all()?;
            }
            fs::rename(incoming, &target)?;
            File::open(folder)?.sync_all()?;
        }
        Ok((hash, size))
    }

    /// Keeps bytes made by the program itself; `purpose` is for whoever finds what a broken run has left below `incoming`.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn keep_bytes(&self, purpose: &str, bytes: &[u8]) -> Result<(String, i64)> {
        let incoming = self.fresh_path(purpose);
        File::create(&incoming)?.write_all(bytes)?;
        self.keep(&incoming)
    }

    /// The hash under which bytes are kept.
    pub fn hash_of(bytes: &[u8]) -> String {
        hexadecimal(Sha256::new_with_prefix(bytes))
    }

    /// Where the bytes of a hash lie.
    pub fn path(&self, hash: &str) -> PathBuf {
        self.root.join(hash.get(..2).unwrap_or("00")).join(hash)
    }
}

fn hexadecimal(hasher: Sha256) -> String {
    hex(&hasher.finalize())
}

/// Records a kept file.
///
/// # Errors
/// Those of the database.
pub fn insert(tx: &mut Tx, context: &RequestContext, file: &StoredFile) -> Result<()> {
    tx.insert_many(
        "files",
        &["id", "hash", "name", "size", "media_type", "user_id", "created_at", "width", "height"],
        &[vec![
            file.id.as_str().into(),
            file.hash.as_str().into(),
            file.name.as_str().into(),
            file.size.into(),
            file.media_type.as_str().into(),
            file.user_id.into(),
            context.now_ms.into(),
            file.pixels.map(|(width, _)| width).into(),
            file.pixels.map(|(_, height)| height).into(),
        ]],
    )?;
    Ok(())
}

/// A file by id.
///
/// # Errors
/// Those of the database.
pub fn find(tx: &mut dyn Query, id: &str) -> Result<Option<StoredFile>> {
    Ok(find_all(tx, [id])?.remove(id))
}

/// The files among some ids, by id.
///
/// # Errors
/// Those of the database.
pub fn find_all<'a>(
    tx: &mut dyn Query,
    ids: impl IntoIterator<Item = &'a str>,
) -> Result<BTreeMap<String, StoredFile>> {
    // No other id was ever given out, and PostgreSQL takes not every text.
    let is_possible = |id: &&str| id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let ids: Vec<Value> = ids.into_iter().filter(is_possible).map(Value::from).collect();
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(MAX_IN_LIST) {
        let sql = format!(
            "SELECT id, hash, name, size, media_type, user_id, width, height FROM files WHERE id IN {}",
            in_list(chunk.len())
        );
        for row in tx.query(&sql, chunk)? {
            let file = read(&row)?;
            found.insert(file.id.clone(), file);
        }
    }
    Ok(found)
}

/// Hands every stored file to `each`, with the moment of its upload, until that breaks off.
///
/// # Errors
/// `Forbidden` for all but administrators; those of the database and of `each`.
pub fn each_file(
    tx: &mut dyn Query,
    context: &RequestContext,
    each: &mut dyn FnMut(StoredFile, i64) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let sql = "SELECT id, hash, name, size, media_type, user_id, width, height, created_at FROM files ORDER BY id";
    each_row(tx, context, sql, &mut |row| each(read(&row)?, row.integer(8)?))
}

fn read(row: &Row) -> Result<StoredFile> {
    Ok(StoredFile {
        id: row.text(0)?,
        hash: row.text(1)?,
        name: row.text(2)?,
        size: row.integer(3)?,
        media_type: row.text(4)?,
        user_id: row.optional_integer(5)?,
        pixels: row.optional_integer(6)?.zip(row.optional_integer(7)?),
    })
}
