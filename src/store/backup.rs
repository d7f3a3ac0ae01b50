//! The whole database as one file, and back.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::{Store, migrate, statement::statement};

/// Writes everything to a file, as SurrealQL. Only the owner may read it: it holds people's memories.
pub async fn write(store: &Store, file: &Path) -> Result<()> {
    ensure!(!file.exists(), "{} is there already; a backup never replaces one", file.display());
    let failed = || format!("the backup could not be written to {}", file.display());
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Made beside it first, so that a file with the name is whole. It is the owner's alone from its first byte (mode 0600), has
    // a name that no other file has, and goes if it does not become the backup.
    let part = tempfile::Builder::new().prefix(".backup-").suffix(".part").tempfile_in(folder).with_context(failed)?;
    store.session().export(part.path()).await.with_context(failed)?;
    part.persist_noclobber(file).map(drop).with_context(failed)
}

/// Fills an empty database from a backup, also from one that an older version wrote.
pub async fn read(url: &str, file: &Path) -> Result<Store> {
    ensure!(file.is_file(), "{} is no file", file.display());
    let store = Store::open_as_it_is(url).await?;
    let people: Vec<surrealdb::types::Value> =
        statement("SELECT VALUE id FROM user LIMIT 1").rows(&store).await.unwrap_or_default();
    ensure!(people.is_empty(), "this database has accounts in it: restore into a new one (set FLOWERY_DATA to an empty folder)");
    store.session().import(file).await.with_context(|| format!("{} is no backup of Flowery", file.display()))?;
    migrate::run(&store).await?;
    Ok(store)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::ids::UserId,
        store::{export, user},
    };

    #[tokio::test]
    async fn what_is_backed_up_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup.surql");
        let store = Store::in_memory().await.unwrap();
        let ada: UserId = user::insert(&store, "ada@example.org", "Ada", "hash").await.unwrap().id;
        statement(
            "CREATE scent_memory:one SET user = $user, title = 'A “title”', content = 'It\\'s; -- DROP\\n🌸', memory_type = 'text',
                 status = 'ready', suggested = { people: [] }, valence = 0.5f;
             RELATE $user->remembers->scent_memory:one;",
        )
        .bind("user", ada.clone())
        .execute(&store)
        .await
        .unwrap();
        write(&store, &file).await.unwrap();
        assert!(write(&store, &file).await.is_err(), "a backup never replaces one");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");

        let again = read("mem://", &file).await.unwrap();
        let archive = |store: Store, ada: UserId| async move { export::archive(&store, &ada).await.unwrap() };
        assert_eq!(archive(again, ada.clone()).await, archive(store, ada).await);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_else_reads_a_backup_while_it_is_written() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_owned();
        let store = Store::in_memory().await.unwrap();
        for number in 0..300 {
            user::insert(&store, &format!("p{number}@example.org"), "Ada", "hash").await.unwrap();
        }
        let writing = tokio::spawn(async move { write(&store, &path.join("backup.surql")).await });
        let (mut seen, mut looks) = (0, 0);
        while !writing.is_finished() || looks == 0 {
            for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
                // It may have got its last name in between.
                let Ok(about) = file.metadata() else { continue };
                assert_eq!(about.permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
                seen += 1;
            }
            looks += 1;
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        writing.await.unwrap().unwrap();
        assert!(seen > 0);
    }

    #[tokio::test]
    async fn a_backup_that_fails_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_as_it_is("mem://").await.unwrap();
        let nowhere = folder.path().join("no/such/folder.surql");
        assert!(write(&store, &nowhere).await.is_err());
        // A folder that has the name by now is not replaced either.
        let taken = folder.path().join("taken");
        std::fs::create_dir(&taken).unwrap();
        assert!(write(&store, &taken).await.is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn a_database_in_use_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("backup.surql");
        let url = format!("surrealkv://{}", folder.path().join("db").display());
        let store = Store::open(&url).await.unwrap();
        user::insert(&store, "ada@example.org", "Ada", "hash").await.unwrap();
        write(&store, &file).await.unwrap();
        drop(store);
        let error = loop {
            let error = read(&url, &file).await.err().unwrap();
            // The engine lets go of its folder some time after the last connection has gone.
            if !format!("{error:#}").contains("locked") {
                break error;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        };
        assert!(error.to_string().contains("has accounts"), "{error:#}");
        assert!(read("mem://", &folder.path().join("none")).await.is_err());
    }
}
