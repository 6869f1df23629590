//! Words that must not stand anywhere in the tree: places of one machine, and licensed descriptors.

use std::collections::HashSet;

use regex::Regex;
use sha2::{Digest, Sha256};

use super::{files, none};

/// First eight bytes of SHA-256 over five lower-case words of a CPT descriptor, joined by blanks.
///
/// The American Medical Association licenses the descriptors, so not even this test holds them.
const DESCRIPTORS: [u64; 31] = [
    0x053b_df70_11aa_b053,
    0x1397_a0be_43e0_f7fd,
    0x2187_a05a_c0d1_7694,
    0x3bc7_9501_a0ae_ece2,
    0x3eb8_c03e_9dcf_23f0,
    0x47f9_b507_1852_ea36,
    0x4e31_fd23_6389_35bd,
    0x524f_8422_a1f1_9ca0,
    0x5d44_93b0_be1c_beca,
    0x6cea_255a_4480_685d,
    0x7ac9_f983_fb23_f7fa,
    0x7adf_679a_41d5_a7d7,
    0x7f06_d2e7_c9b0_7796,
    0x81ed_bb39_9634_a887,
    0x84ff_0f72_c68e_c03f,
    0x95bb_6a06_abdd_2694,
    0x9b02_02cd_f8e2_ec2a,
    0xa3f1_b594_f64b_e675,
    0xa686_89c1_e6cc_1851,
    0xa6e7_f6c9_224d_99b6,
    0xa7be_91b6_d397_fe05,
    0xb321_c6df_868b_4b30,
    0xbc22_6b49_ca2a_b2f8,
    0xc3cf_b73f_a0ba_e5cf,
    0xc5f9_cae9_90e9_844f,
    0xcdb1_949d_c0a2_d6c7,
    0xce7d_e7b2_b6e6_e8b1,
    0xd332_c738_e411_d6fd,
    0xf78a_e2e9_88bf_e579,
    0xfd54_9f54_dca0_aa1a,
    0xffd3_3b7b_bc23_5265,
];

/// Words hashed together.
const WINDOW: usize = 5;

/// Returns the windows of a text that are part of a descriptor, as word numbers.
fn descriptors(text: &str, known: &HashSet<u64>) -> Vec<usize> {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let hash = |window: &[&str]| {
        let digest = Sha256::digest(window.join(" "));
        u64::from_be_bytes(digest[..8].try_into().unwrap())
    };
    words
        .windows(WINDOW)
        .enumerate()
        .filter(|(_, window)| known.contains(&hash(window)))
        .map(|(at, _)| at + 1)
        .collect()
}

#[test]
fn no_descriptor_is_in_the_tree() {
    let known: HashSet<u64> = DESCRIPTORS.into_iter().collect();
    let faults: Vec<String> = files("")
        .iter()
        .flat_map(|file| {
            descriptors(&file.text, &known)
                .into_iter()
                .map(|word| format!("{}: from word {word} on", file.path))
        })
        .collect();
    none(&faults, "these words are a licensed CPT descriptor; write our own");
}

#[test]
fn no_place_of_one_machine_is_in_the_tree() {
    // Put together here, or the test would find itself.
    let roots = ["work", "root", "home", "Users"].join("|");
    let place = Regex::new(&format!(r"(?:^|[^\w./-])/(?:{roots})/\w")).unwrap();
    let mut faults = Vec::new();
    for file in files("") {
        for (at, line) in file.text.lines().enumerate() {
            if place.is_match(line) {
                faults.push(format!("{}:{}", file.path, at + 1));
            }
        }
    }
    none(&faults, "paths of one machine mean nothing elsewhere; write them relative");
}

#[test]
fn the_check_itself_hashes_words_whatever_stands_between_them() {
    let window = Sha256::digest("one two three four five");
    let known = HashSet::from([u64::from_be_bytes(window[..8].try_into().unwrap())]);
    assert_eq!(descriptors("zero One, two\n// three (four) five.", &known), [2]);
    assert!(descriptors("one two three and four five", &known).is_empty());
}
