//! `views.toml` beside the person's settings: the views they made, with filter and order.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::review::{Filter, View};

use super::resolve::own_file;

/// What the file holds.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Views {
    view: Vec<View>,
}

fn path() -> anyhow::Result<PathBuf> {
    Ok(own_file()?.with_file_name("views.toml"))
}

/// Reads the views a person made, and what is wrong with the file; there may be none.
pub(in crate::cli) fn views() -> (Vec<View>, Option<String>) {
    match path() {
        Ok(path) => read(&path),
        // Without a folder of their own nobody has kept a view.
        Err(_) => (Vec::new(), None),
    }
}

fn read(path: &Path) -> (Vec<View>, Option<String>) {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return (Vec::new(), None),
        Err(error) => return (Vec::new(), Some(format!("{}: {error}", path.display()))),
    };
    let views: Views = match toml::from_str(&text) {
        Ok(views) => views,
        Err(error) => {
            let line = error.span().map_or(1, |at| text[..at.start].matches('\n').count() + 1);
            let why = error.message().trim().to_owned();
            return (Vec::new(), Some(format!("{}:{line}: {why}", path.display())));
        }
    };
    let (good, bad): (Vec<View>, Vec<View>) =
        views.view.into_iter().partition(|view| Filter::parse(&view.filter).is_ok());
    let fault = bad
        .first()
        .map(|view| format!("{}: the filter of `{}` cannot be read", path.display(), view.name));
    (good, fault)
}

/// Keeps the views a person made and names the file; without any the file goes.
pub(in crate::cli) fn keep_views(views: &[View]) -> anyhow::Result<PathBuf> {
    let path = path()?;
    if views.is_empty() {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| path.display().to_string());
            }
            _ => return Ok(path),
        }
    }
    let text = toml::to_string(&Views { view: views.to_vec() })?;
    super::write::write(
        &path,
        &format!("# Views of your own; `save view` on the screen adds one.\n\n{text}"),
    )?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_reads_back_and_a_broken_one_names_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("views.toml");
        assert_eq!(read(&path), (Vec::new(), None));
        let view = View { name: "mine, late".into(), filter: "mine age>3".into(), sort: None };
        let text = toml::to_string(&Views { view: vec![view.clone()] }).unwrap();
        std::fs::write(&path, text).unwrap();
        assert_eq!(read(&path), (vec![view], None));
        std::fs::write(&path, "[[view]]\nname = \"x\"\nfilter = 3\n").unwrap();
        assert!(read(&path).1.unwrap().contains("views.toml:3: "));
        std::fs::write(&path, "[[view]]\nname = \"x\"\nfilter = \"nosuch:1\"\n").unwrap();
        assert!(read(&path).1.unwrap().contains("the filter of `x` cannot be read"));
    }
}
