//! Which tiles a tree has, how they are named, and the bytes of entry bundles (C2SP `tlog-tiles`).

use crate::tile::{Bundle, Tile, bundles_for, decode_bundle, encode_bundle, tiles_for};

fn tile(level: u8, index: u64, width: u16) -> Tile {
    Tile { level, index, width }
}

#[test]
fn a_tree_of_70000_has_the_tiles_the_specification_counts() {
    let tiles: Vec<_> = tiles_for(70_000).collect();
    let mut expected: Vec<_> = (0..273).map(|index| tile(0, index, 256)).collect();
    expected.extend([tile(0, 273, 112), tile(1, 0, 256), tile(1, 1, 17), tile(2, 0, 1)]);
    assert_eq!(tiles, expected);
}

#[test]
fn a_full_tile_begins_one_on_the_level_above() {
    assert_eq!(tiles_for(0).count(), 0);
    assert_eq!(tiles_for(255).collect::<Vec<_>>(), [tile(0, 0, 255)]);
    assert_eq!(tiles_for(256).collect::<Vec<_>>(), [tile(0, 0, 256), tile(1, 0, 1)]);
    assert_eq!(tiles_for(257).collect::<Vec<_>>(), [tile(0, 0, 256), tile(0, 1, 1), tile(1, 0, 1)]);
}

#[test]
fn bundles_are_those_of_the_level_0_tiles() {
    for size in [0, 1, 255, 256, 257, 70_000] {
        let of_tiles = tiles_for(size).filter(|tile| tile.level == 0);
        let expected: Vec<_> = of_tiles.map(|tile| Bundle { index: tile.index, width: tile.width }).collect();
        assert_eq!(bundles_for(size).collect::<Vec<_>>(), expected, "size {size}");
    }
}

#[test]
fn the_tiles_of_the_largest_tree_can_be_walked() {
    let first = tiles_for(u64::MAX).next().unwrap();
    assert_eq!(first, tile(0, 0, 256));
    assert_eq!(Tile { index: u64::MAX, ..first }.first(), None);
    assert_eq!(Tile { index: 3, ..first }.first(), Some(768));
    assert_eq!(Bundle { index: 3, width: 1 }.first(), Some(768));
}

#[test]
fn a_path_comes_back_as_the_same_tile() {
    let paths = [
        (tile(0, 0, 256), "tile/0/000"),
        (tile(0, 999, 1), "tile/0/999.p/1"),
        (tile(1, 1000, 256), "tile/1/x001/000"),
        (tile(0, 1067, 3), "tile/0/x001/067.p/3"),
        (tile(63, 1_234_067, 255), "tile/63/x001/x234/067.p/255"),
        (tile(7, u64::MAX, 256), "tile/7/x018/x446/x744/x073/x709/x551/615"),
    ];
    for (tile, path) in paths {
        assert_eq!((tile.path().as_str(), Tile::parse(path)), (path, Some(tile)));
    }
    let bundle = Bundle { index: 1_234_067, width: 17 };
    assert_eq!(bundle.path(), "tile/entries/x001/x234/067.p/17");
    assert_eq!(Bundle::parse(&bundle.path()), Some(bundle));
    assert_eq!(Bundle::parse("tile/entries/005"), Some(Bundle { index: 5, width: 256 }));
}

#[test]
fn a_path_has_one_spelling() {
    let places = [
        "",
        "0",
        "00",
        "0000",
        "x000",
        "x000/001",
        "x001",
        "001/002",
        "x001/x002",
        "x1/001",
        "X001/001",
        "xx01/001",
        "+01",
        "-01",
        " 01",
        "001 ",
        "001/",
        "/001",
        "x001//001",
        "001.p",
        "001.p/",
        "001.p/0",
        "001.p/00",
        "001.p/01",
        "001.p/256",
        "001.p/257",
        "001.p/65537",
        "001.p/+1",
        "001.p/1/",
        "001.p/1.p/1",
        "００1",
        "x018/x446/x744/x073/x709/x551/616",
        "x999/x999/x999/x999/x999/x999/x999/999",
    ];
    for place in places {
        assert_eq!(Tile::parse(&format!("tile/0/{place}")), None, "{place}");
        assert_eq!(Bundle::parse(&format!("tile/entries/{place}")), None, "{place}");
    }
    for path in
        ["tile/64/000", "tile/00/000", "tile/+0/000", "tile//000", "tile/0", "/tile/0/000", "tile/x/000"]
    {
        assert_eq!(Tile::parse(path), None, "{path}");
    }
    assert_eq!(Tile::parse("tile/entries/000"), None);
    assert_eq!(Bundle::parse("tile/0/000"), None);
}

#[test]
fn a_bundle_comes_back_as_its_entries() {
    let longest = vec![7; 65_535];
    let entries: [&[u8]; 4] = [b"", b"a", &longest, b"\x00\x01"];
    let bytes = encode_bundle(entries).unwrap();
    assert_eq!(bytes[..5], [0, 0, 0, 1, b'a']);
    assert_eq!(decode_bundle(&bytes).unwrap(), entries);
    let full = vec![b"entry"; 256];
    assert_eq!(decode_bundle(&encode_bundle(&full).unwrap()).unwrap(), full);
}

#[test]
fn a_bundle_that_is_cut_short_or_too_long_is_refused() {
    let bytes = encode_bundle([b"one", b"two"]).unwrap();
    for length in 0..bytes.len() {
        // Cut between the entries it is the bundle of the first.
        assert_eq!(decode_bundle(&bytes[..length]).is_some(), length == 5, "{length}");
    }
    assert_eq!(decode_bundle(&[&bytes[..], &[0]].concat()), None);
    assert_eq!(decode_bundle(&[0; 2 * 257]), None);
    assert_eq!(encode_bundle(vec![b""; 257]), None);
    assert_eq!(encode_bundle([vec![0; 65_536]]), None);
    assert_eq!(encode_bundle::<[&[u8]; 0]>([]), None);
}
