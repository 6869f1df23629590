//! Writing the person's file of settings: whole or not at all, comments kept.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;

use super::file::{self, Owner};
use super::resolve::own_file;
use super::table::{nearest, setting};

pub(super) fn init(out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let path = own_file()?;
    if path.exists() {
        anyhow::bail!(
            "{} is there already\nchange it with `rubric config set NAME VALUE`, or move it away",
            path.display()
        );
    }
    write(&path, &file::template())?;
    writeln!(out, "written: {}", path.display())?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn set(name: &str, value: &str, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let kept = keep(&[(name, value)])?;
    writeln!(out, "{name} = {value}   in {}", kept.display())?;
    let variable = setting(name).map(super::table::Setting::variable).unwrap_or_default();
    if std::env::var_os(&variable).is_some_and(|value| !value.is_empty()) {
        writeln!(std::io::stderr(), "{variable} is set and wins over the file")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Sets values in the person's file, which is made if it is not there; all or none.
pub(in crate::cli) fn keep(values: &[(&str, &str)]) -> anyhow::Result<PathBuf> {
    let path = own_file()?;
    let mut text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => file::template(),
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };
    let before = file::read(&path, &text, Owner::Person);
    for (name, value) in values {
        let setting = setting(name).with_context(|| {
            let near = nearest(name).map_or_else(
                || "`rubric config` lists all".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            format!("there is no setting `{name}`\n{near}")
        })?;
        if !setting.takes(value) {
            anyhow::bail!(
                "`{name}` cannot be `{}`\nset it to {}",
                value.escape_debug(),
                setting.allowed()
            );
        }
        if !before.faults.is_empty() && !before.values.contains_key(setting.name) {
            anyhow::bail!(
                "{}\nmend that first, so that nothing is lost in the file",
                before.faults[0]
            );
        }
        text = file::with(&text, setting, value);
    }
    write(&path, &text)?;
    Ok(path)
}

/// Writes the file whole, beside its target first.
pub(super) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    // A link stays a link: what it leads to is written.
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let mut file = tempfile::NamedTempFile::new_in(folder)
        .with_context(|| format!("{} cannot be written to", folder.display()))?;
    file.write_all(text.as_bytes())?;
    file.persist(&path).map_err(|lost| lost.error).with_context(|| path.display().to_string())?;
    Ok(())
}
