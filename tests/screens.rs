//! Screens as text and style plane, at the sizes people use.

use crate::support::screen::Person;

fn show(name: &str, person: &Person, width: u16, height: u16) {
    insta::with_settings!({ snapshot_path => "screens", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(format!("{name}-{width}x{height}"), person.picture(width, height));
    });
}

const SIZES: [(u16, u16); 4] = [(120, 40), (80, 24), (200, 60), (40, 12)];

#[test]
fn review() {
    for (width, height) in SIZES {
        show("review", &Person::on_sample(width, height), width, height);
    }
}
