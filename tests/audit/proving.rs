//! The tree: published vectors, all small proofs, and every class of wrong proof refused.

use rubric::store::chain::Digest;
use rubric::store::tree::{Frontier, Tree, check_consistency, check_inclusion, leaf_hash};
use rubric::store::{Proof, check_proof};

use super::support::{House, at, id, small_log};

fn hash(text: &str) -> Digest {
    Digest::from_hex(text).unwrap()
}

fn root(leaves: &[Digest]) -> Digest {
    Tree::new(leaves.to_vec()).root(leaves.len()).unwrap()
}

fn inclusion_proof(leaves: &[Digest], index: usize) -> Option<Vec<Digest>> {
    Tree::new(leaves.to_vec()).inclusion_proof(index, leaves.len())
}

fn consistency_proof(leaves: &[Digest], old: usize) -> Option<Vec<Digest>> {
    Tree::new(leaves.to_vec()).consistency_proof(old, leaves.len())
}

fn published_leaves() -> Vec<Digest> {
    let leaves: [&[u8]; 8] = [
        &[],
        &[0x00],
        &[0x10],
        &[0x20, 0x21],
        &[0x30, 0x31],
        &[0x40, 0x41, 0x42, 0x43],
        &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        &[
            0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d,
            0x6e, 0x6f,
        ],
    ];
    leaves.iter().map(|leaf| leaf_hash(leaf)).collect()
}

const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

#[test]
fn a07_roots_equal_the_published_vectors() {
    let leaves = published_leaves();
    let mut growing = Frontier::default();
    for (size, expected) in ROOTS.iter().enumerate() {
        assert_eq!(root(&leaves[..size]).to_string(), *expected);
        assert_eq!(growing.root().to_string(), *expected);
        if let Some(leaf) = leaves.get(size) {
            growing.push(*leaf);
        }
    }
}

#[test]
fn a07_inclusion_proofs_equal_the_published_vectors() {
    let leaves = published_leaves();
    let cases: [(usize, usize, &[&str]); 5] = [
        (0, 1, &[]),
        (
            0,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            &[
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
        (
            1,
            5,
            &[
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (index, size, expected) in cases {
        let expected: Vec<Digest> = expected.iter().map(|text| hash(text)).collect();
        assert_eq!(inclusion_proof(&leaves[..size], index), Some(expected), "{index} in {size}");
    }
}

#[test]
fn a07_consistency_proofs_equal_the_published_vectors() {
    let leaves = published_leaves();
    let cases: [(usize, usize, &[&str]); 6] = [
        (1, 1, &[]),
        (
            1,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            &[
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            &[
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
        (
            3,
            7,
            &[
                "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
                "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                "837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e",
            ],
        ),
        (4, 8, &["6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    ];
    for (old, new, expected) in cases {
        let expected: Vec<Digest> = expected.iter().map(|text| hash(text)).collect();
        assert_eq!(consistency_proof(&leaves[..new], old), Some(expected), "{old} to {new}");
    }
    assert_eq!(consistency_proof(&leaves, 0), None);
    assert_eq!(consistency_proof(&leaves, 9), None);
    assert_eq!(inclusion_proof(&leaves, 8), None);
}

#[test]
fn a07_every_proof_up_to_256_holds() {
    let leaves: Vec<Digest> = (0..256_u32).map(|i| leaf_hash(&i.to_be_bytes())).collect();
    let tree = Tree::new(leaves.clone());
    let roots: Vec<Digest> = (0..=256).map(|size| tree.root(size).unwrap()).collect();
    for size in 1..=256 {
        for (index, leaf) in leaves.iter().enumerate().take(size) {
            let proof = tree.inclusion_proof(index, size).unwrap();
            assert!(
                check_inclusion(*leaf, index as u64, size as u64, &proof, &roots[size]),
                "{index} in {size}"
            );
            let old = index + 1;
            let proof = tree.consistency_proof(old, size).unwrap();
            assert!(
                check_consistency(old as u64, size as u64, &proof, &roots[old], &roots[size]),
                "{old} to {size}"
            );
        }
    }
}

/// All ways in which a list of hashes is spoiled.
fn spoiled(proof: &[Digest], roots: [Digest; 2]) -> Vec<Vec<Digest>> {
    let mut wrong = Vec::new();
    for at in 0..proof.len() {
        for bit in 0..256 {
            let mut bytes = *proof[at].as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let mut flipped = proof.to_vec();
            flipped[at] = Digest::new(bytes);
            wrong.push(flipped);
        }
        let mut removed = proof.to_vec();
        removed.remove(at);
        wrong.push(removed);
        wrong.push(proof[..at].to_vec());
    }
    for extra in [Digest::new([0xab; 32]), roots[0], roots[1]] {
        for at in 0..=proof.len() {
            let mut inserted = proof.to_vec();
            inserted.insert(at, extra);
            wrong.push(inserted);
        }
    }
    wrong
}

/// Numbers near a number, and near its double and half.
fn near(number: u64) -> impl Iterator<Item = u64> {
    let all = [number.wrapping_sub(1), number + 1, number * 2, number / 2, number ^ 2];
    all.into_iter().filter(move |other| *other != number)
}

#[test]
fn a07_wrong_inclusion_proofs_are_refused() {
    let leaves = published_leaves();
    let empty = root(&[]);
    for size in 1..=8_u64 {
        let tree = &leaves[..usize::try_from(size).unwrap()];
        let right = root(tree);
        for index in 0..size {
            let leaf = tree[usize::try_from(index).unwrap()];
            let proof = inclusion_proof(tree, usize::try_from(index).unwrap()).unwrap();
            assert!(check_inclusion(leaf, index, size, &proof, &right));
            for wrong in spoiled(&proof, [right, leaf]) {
                assert!(!check_inclusion(leaf, index, size, &wrong, &right));
            }
            for wrong in near(index) {
                assert!(!check_inclusion(leaf, wrong, size, &proof, &right), "{index} {wrong}");
            }
            for wrong in near(size) {
                // A longer tree may have the same path; then only the root tells, and it does.
                let other = leaves.get(..usize::try_from(wrong).unwrap_or(99)).map(root);
                let wrong_root = other.unwrap_or(Digest::ZERO);
                assert!(
                    !check_inclusion(leaf, index, wrong, &proof, &wrong_root)
                        || wrong_root == right
                );
            }
            for wrong in [leaf_hash(b"another"), Digest::ZERO, right] {
                assert!(wrong == leaf || !check_inclusion(wrong, index, size, &proof, &right));
            }
            for wrong in [empty, Digest::ZERO, leaf_hash(b"random")] {
                assert!(!check_inclusion(leaf, index, size, &proof, &wrong));
            }
            assert!(size == 1 || !check_inclusion(leaf, index, size, &[], &right));
        }
    }
}

#[test]
fn a07_wrong_consistency_proofs_are_refused() {
    let leaves = published_leaves();
    let at = |size: u64| root(&leaves[..usize::try_from(size).unwrap()]);
    for new in 1..=8_u64 {
        for old in 1..=new {
            let tree = &leaves[..usize::try_from(new).unwrap()];
            let proof = consistency_proof(tree, usize::try_from(old).unwrap()).unwrap();
            let (before, after) = (at(old), at(new));
            assert!(check_consistency(old, new, &proof, &before, &after));
            for wrong in spoiled(&proof, [before, after]) {
                assert!(!check_consistency(old, new, &wrong, &before, &after), "{old} to {new}");
            }
            if old < new {
                assert!(!check_consistency(old, new, &proof, &after, &before));
                assert!(!check_consistency(old, new, &[], &before, &after));
                assert!(!check_consistency(old, old, &proof, &before, &before));
            }
            assert!(!check_consistency(0, new, &proof, &root(&[]), &after));
            assert!(!check_consistency(new + 1, new, &proof, &before, &after));
            for wrong in [root(&[]), Digest::ZERO, leaf_hash(b"random")] {
                assert!(!check_consistency(old, new, &proof, &wrong, &after));
                assert!(!check_consistency(old, new, &proof, &before, &wrong));
            }
        }
    }
}

#[test]
fn a07_one_decision_is_proved_without_the_others() {
    let house = House::new();
    let events = small_log(&house);
    let mut log = house.open("anna");
    for seq in 1..=events {
        let proof = log.prove(seq).unwrap();
        assert!(check_proof(&proof), "{}", proof.text);
        assert!(proof.text.starts_with(&format!("c2sp.org/tlog-proof@v1\nindex {}\n", seq - 1)));
        let written = proof.to_string();
        assert_eq!(Proof::read(&written), Some(proof.clone()));
        assert_eq!(proof.claim().unwrap().size, events.unsigned_abs());
        let mut other = proof.clone();
        other.event.body = other.event.body.replace("anna", "anne");
        assert!(!check_proof(&other));
        let mut other = proof.clone();
        other.event.seq += 1;
        assert!(!check_proof(&other));
    }
    // No other spelling is read: each byte counts; size and origin are claims, which a head
    // from outside confirms.
    let written = log.prove(2).unwrap().to_string();
    for byte in 0..written.len() {
        let mut other = written.clone().into_bytes();
        other[byte] ^= 1;
        let Ok(other) = String::from_utf8(other) else { continue };
        let claim = Proof::read(&other).and_then(|proof| proof.claim());
        let whole = (log.origin(), events.unsigned_abs());
        let kept = claim.is_none_or(|claim| (claim.origin, claim.size) != whole);
        assert!(kept, "byte {byte}\n{other}");
    }
    assert!(log.prove(events + 1).is_err() && log.prove(0).is_err());
    let (recorded, text) = log.checkpoint(&id(50), at(50)).unwrap();
    let (again, same) = log.checkpoint(&id(50), at(51)).unwrap();
    assert_eq!((recorded.seq, &text), (again.seq, &same));
    assert!(text.starts_with(&format!("rubric/log/{}\n{events}\n", log.id())), "{text}");
    let growth = log.prove_growth(3, 7).unwrap().unwrap();
    assert!(!growth.is_empty());
    assert_eq!(log.prove_growth(3, 70).unwrap(), None);
}
