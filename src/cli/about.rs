//! What shells, `man` and other programs learn of sortie: `completions`, `man`, `schema`. Asks nobody.

use std::io;

use super::{complete, exit::Exit, man, print::Outlet, schema};
use crate::{args::About, config::Env, guard::clean};

pub(super) fn run(about: &About, env: &Env<'_>, outlet: &mut Outlet<'_>) -> io::Result<Exit> {
    match about {
        About::Completions { shell } => {
            outlet.out.write_all(complete::script(*shell).as_bytes())?;
            Ok(Exit::Ok)
        }
        About::Complete {
            shell,
            line,
            breaks,
            listed,
        } => {
            let asked = complete::Asked {
                shell: *shell,
                line,
                breaks,
                listed: *listed,
            };
            // A shell that asks has no place for errors.
            let _ = complete::write(asked, env, outlet.out);
            Ok(Exit::Ok)
        }
        About::Man { folder: None } => {
            outlet.out.write_all(man::page(&[]).as_bytes())?;
            Ok(Exit::Ok)
        }
        About::Man {
            folder: Some(folder),
        } => match man::write(folder) {
            Ok(names) => {
                let last = names.last().map(String::as_str).unwrap_or_default();
                writeln!(
                    outlet.out,
                    "Wrote {} pages into {}, from sortie.1 to {last}.",
                    names.len(),
                    folder.display()
                )?;
                Ok(Exit::Ok)
            }
            Err(fault) => {
                let told = format!("{} could not be written: {fault}", folder.display());
                writeln!(outlet.err, "sortie: {}", clean::text(&told))?;
                Ok(Exit::Usage)
            }
        },
        About::Schema { name } => schema::run(name.as_deref(), outlet),
    }
}
