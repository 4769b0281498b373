//! A layered layout: every arrow points to the right, layers are put in
//! an order with few crossings, and boxes stand near what they belong
//! to. Whole numbers throughout, and no step depends on anything but
//! the graph.

/// Between two layers, and between two boxes of a layer.
const LAYER_GAP: i32 = 64;
const NODE_GAP: i32 = 14;
const MARGIN: i32 = 8;
/// How often the layers are put in order.
const N_SWEEPS: usize = 8;
const N_PLACINGS: usize = 6;
/// A long arrow takes this much room in the layers that it passes.
const LANE_HEIGHT: i32 = 10;

/// Where everything stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    pub width: i32,
    pub height: i32,
    /// The upper left corner of each box.
    pub corners: Vec<(i32, i32)>,
    /// The boxes of a layer are as wide as the widest of them.
    pub sizes: Vec<(i32, i32)>,
    /// The points that each arrow passes, from its tail to its head.
    pub paths: Vec<Vec<(i32, i32)>>,
}

/// A box, or the place where a long arrow passes a layer.
#[derive(Debug, Clone, Copy)]
struct Item {
    layer: usize,
    height: i32,
    /// The middle.
    y: i32,
}

/// Lays out boxes of the given sizes. `edges` are pairs of indices;
/// those from a box to itself are given no path.
pub fn layered(sizes: &[(i32, i32)], edges: &[(usize, usize)]) -> Layout {
    if sizes.is_empty() {
        return Layout::default();
    }
    let forward = acyclic(sizes.len(), edges);
    let layers_of = layers(sizes.len(), &forward);
    let mut items: Vec<Item> = sizes
        .iter()
        .zip(&layers_of)
        .map(|((_, height), layer)| Item { layer: *layer, height: *height, y: 0 })
        .collect();
    let chains = chains(&forward, &mut items);
    let mut layers = vec![Vec::new(); items.iter().map(|item| item.layer + 1).max().unwrap_or(1)];
    for (idx, item) in items.iter().enumerate() {
        layers[item.layer].push(idx);
    }
    let neighbours = neighbours(items.len(), &chains);
    order(&mut layers, &neighbours, items.len());
    place(&layers, &neighbours, &mut items);
    drawn(sizes, edges, &forward, &chains, &layers, &mut items)
}

/// Turns arrows round until there is no cycle. Loops are left as they
/// are, and nothing else looks at them.
fn acyclic(n_nodes: usize, edges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut next = vec![Vec::new(); n_nodes];
    let mut n_before = vec![0; n_nodes];
    for (edge_idx, (from, to)) in edges.iter().enumerate() {
        if from != to {
            next[*from].push(edge_idx);
            n_before[*to] += 1;
        }
    }
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; n_nodes];
    let mut forward = edges.to_vec();
    let mut roots: Vec<usize> = (0..n_nodes).collect();
    roots.sort_by_key(|node| (n_before[*node] > 0, *node));
    for root in roots {
        if states[root] != State::New {
            continue;
        }
        states[root] = State::Open;
        let mut stack = vec![(root, 0)];
        while let Some((node, at)) = stack.pop() {
            let Some(edge_idx) = next[node].get(at) else {
                states[node] = State::Done;
                continue;
            };
            stack.push((node, at + 1));
            let to = edges[*edge_idx].1;
            match states[to] {
                State::New => {
                    states[to] = State::Open;
                    stack.push((to, 0));
                }
                State::Open => forward[*edge_idx] = (to, node),
                State::Done => {}
            }
        }
    }
    forward
}

/// Returns the layer of each box: one more than the last of those that
/// point to it. What nothing points to stands close to what it points to.
fn layers(n_nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut next = vec![Vec::new(); n_nodes];
    let mut n_before = vec![0; n_nodes];
    for (from, to) in edges.iter().filter(|(from, to)| from != to) {
        next[*from].push(*to);
        n_before[*to] += 1;
    }
    let is_source: Vec<bool> = n_before.iter().map(|n| *n == 0).collect();
    let mut layers = vec![0; n_nodes];
    let mut ready: Vec<usize> = (0..n_nodes).filter(|node| is_source[*node]).collect();
    while let Some(node) = ready.pop() {
        for to in &next[node] {
            layers[*to] = layers[*to].max(layers[node] + 1);
            n_before[*to] -= 1;
            if n_before[*to] == 0 {
                ready.push(*to);
            }
        }
    }
    for node in 0..n_nodes {
        if is_source[node] {
            layers[node] = next[node].iter().map(|to| layers[*to]).min().map_or(0, |layer| layer - 1);
        }
    }
    layers
}

/// Returns the items that each arrow passes, with new ones in the layers
/// between its ends.
fn chains(edges: &[(usize, usize)], items: &mut Vec<Item>) -> Vec<Vec<usize>> {
    let mut chains = Vec::with_capacity(edges.len());
    for (from, to) in edges {
        let mut chain = vec![*from];
        if from != to {
            for layer in items[*from].layer + 1..items[*to].layer {
                chain.push(items.len());
                items.push(Item { layer, height: LANE_HEIGHT, y: 0 });
            }
            chain.push(*to);
        }
        chains.push(chain);
    }
    chains
}

/// The items to the left and to the right of each.
type Neighbours = Vec<[Vec<usize>; 2]>;

fn neighbours(n_items: usize, chains: &[Vec<usize>]) -> Neighbours {
    let mut neighbours: Neighbours = vec![Default::default(); n_items];
    for pair in chains.iter().flat_map(|chain| chain.windows(2)) {
        neighbours[pair[0]][1].push(pair[1]);
        neighbours[pair[1]][0].push(pair[0]);
    }
    neighbours
}

/// Puts each layer in the order of what its items hang on, to and fro,
/// and keeps the order with the fewest crossings.
fn order(layers: &mut Vec<Vec<usize>>, neighbours: &Neighbours, n_items: usize) {
    let mut positions = vec![0_i64; n_items];
    let note = |layer: &[usize], positions: &mut Vec<i64>| {
        for (position, item) in layer.iter().enumerate() {
            positions[*item] = position as i64;
        }
    };
    for layer in layers.iter() {
        note(layer, &mut positions);
    }
    let mut best = (crossings(layers, neighbours, &positions), layers.clone());
    for sweep in 0..N_SWEEPS {
        let side = sweep % 2;
        let n_layers = layers.len();
        for step in 1..n_layers {
            let layer_idx = if side == 0 { step } else { n_layers - 1 - step };
            let centre = |item: &usize| {
                let of = &neighbours[*item][side];
                match of.is_empty() {
                    true => positions[*item] * 1024,
                    false => of.iter().map(|other| positions[*other] * 1024).sum::<i64>() / of.len() as i64,
                }
            };
            layers[layer_idx].sort_by_cached_key(|item| (centre(item), positions[*item]));
            note(&layers[layer_idx], &mut positions);
        }
        let n_crossings = crossings(layers, neighbours, &positions);
        if n_crossings < best.0 {
            best = (n_crossings, layers.clone());
        }
    }
    *layers = best.1;
}

fn crossings(layers: &[Vec<usize>], neighbours: &Neighbours, positions: &[i64]) -> usize {
    let mut n_crossings = 0;
    for layer in layers {
        // Arrows by their tails; a crossing is a pair whose heads are in
        // the other order.
        let mut heads: Vec<i64> = Vec::new();
        for item in layer {
            let mut of_item: Vec<i64> = neighbours[*item][1].iter().map(|to| positions[*to]).collect();
            of_item.sort_unstable();
            for head in &of_item {
                n_crossings += heads.iter().filter(|other| *other > head).count();
            }
            heads.extend(of_item);
        }
    }
    n_crossings
}

/// Gives each item a height on the page: near the middle of what it
/// hangs on, and clear of those above and below.
fn place(layers: &[Vec<usize>], neighbours: &Neighbours, items: &mut [Item]) {
    for layer in layers {
        let mut y = 0;
        for item in layer {
            items[*item].y = y + items[*item].height / 2;
            y += items[*item].height + NODE_GAP;
        }
    }
    for round in 0..N_PLACINGS {
        let n_layers = layers.len();
        for step in 0..n_layers {
            let (layer_idx, side) = match round % 2 {
                0 => (step, 0),
                _ => (n_layers - 1 - step, 1),
            };
            let wanted: Vec<i32> = layers[layer_idx]
                .iter()
                .map(|item| {
                    let mut of = &neighbours[*item][side];
                    // In the last round both sides count.
                    if of.is_empty() {
                        of = &neighbours[*item][1 - side];
                    }
                    match of.len() as i32 {
                        0 => items[*item].y,
                        n => of.iter().map(|other| items[*other].y).sum::<i32>() / n,
                    }
                })
                .collect();
            spread(&layers[layer_idx], &wanted, items);
        }
    }
}

/// Puts the items of a layer as near to where they want to be as their
/// order and their heights allow: those that get in each other's way
/// form a block, which stands where its items want to be on average.
fn spread(layer: &[usize], wanted: &[i32], items: &mut [Item]) {
    let mut offsets = Vec::with_capacity(layer.len());
    let mut offset = 0;
    for (idx, item) in layer.iter().enumerate() {
        if idx > 0 {
            offset += (items[layer[idx - 1]].height + items[*item].height) / 2 + NODE_GAP;
        }
        offsets.push(offset);
    }
    // Sum of what is wanted, and how many, of each block.
    let mut blocks: Vec<(i64, i64)> = Vec::new();
    for (want, offset) in wanted.iter().zip(&offsets) {
        blocks.push((i64::from(want - offset), 1));
        while let [.., above, below] = blocks[..] {
            if above.0 * below.1 <= below.0 * above.1 {
                break;
            }
            blocks.truncate(blocks.len() - 2);
            blocks.push((above.0 + below.0, above.1 + below.1));
        }
    }
    let starts = blocks.iter().flat_map(|(sum, n)| {
        let start = sum.div_euclid(*n) as i32;
        (0..*n).map(move |_| start)
    });
    for ((item, offset), start) in layer.iter().zip(&offsets).zip(starts) {
        items[*item].y = start + offset;
    }
}

fn drawn(
    sizes: &[(i32, i32)],
    edges: &[(usize, usize)],
    forward: &[(usize, usize)],
    chains: &[Vec<usize>],
    layers: &[Vec<usize>],
    items: &mut [Item],
) -> Layout {
    let top = items.iter().map(|item| item.y - item.height / 2).min().unwrap_or(0) - MARGIN;
    for item in items.iter_mut() {
        item.y -= top;
    }
    let height = items.iter().map(|item| item.y + item.height / 2).max().unwrap_or(0) + MARGIN;
    // Left and right of each layer.
    let mut columns = Vec::with_capacity(layers.len());
    let mut x = MARGIN;
    for layer in layers {
        let widths = layer.iter().filter_map(|item| sizes.get(*item)).map(|(width, _)| *width);
        let width = widths.max().unwrap_or(0);
        columns.push((x, x + width));
        x += width + LAYER_GAP;
    }
    let size = |(item, (_, height)): (&Item, &(i32, i32))| {
        let (left, right) = columns[item.layer];
        (right - left, *height)
    };
    let sizes: Vec<(i32, i32)> = items.iter().zip(sizes).map(size).collect();
    let corner = |idx: usize| (columns[items[idx].layer].0, items[idx].y - sizes[idx].1 / 2);
    let corners: Vec<(i32, i32)> = (0..sizes.len()).map(corner).collect();
    let path = |edge_idx: usize| {
        let (chain, (from, to)) = (&chains[edge_idx], forward[edge_idx]);
        if from == to {
            return Vec::new();
        }
        let mut path = vec![(corners[from].0 + sizes[from].0, items[from].y)];
        for lane in &chain[1..chain.len() - 1] {
            let (left, right) = columns[items[*lane].layer];
            path.push((left, items[*lane].y));
            path.push((right, items[*lane].y));
        }
        path.push((corners[to].0, items[to].y));
        if (from, to) != edges[edge_idx] {
            path.reverse();
        }
        path
    };
    let paths = (0..edges.len()).map(path).collect();
    Layout { width: x - LAYER_GAP + MARGIN, height, paths, corners, sizes }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxes(n: usize) -> Vec<(i32, i32)> {
        vec![(100, 40); n]
    }

    /// Fails when two boxes touch.
    #[track_caller]
    fn assert_apart(sizes: &[(i32, i32)], layout: &Layout) {
        for (a, (ax, ay)) in layout.corners.iter().enumerate() {
            assert!(*ax >= 0 && *ay >= 0, "{a} is outside");
            assert!(
                ax + layout.sizes[a].0 <= layout.width && ay + sizes[a].1 <= layout.height,
                "{a} is outside"
            );
            for (b, (bx, by)) in layout.corners.iter().enumerate().skip(a + 1) {
                let is_beside = ax + layout.sizes[a].0 <= *bx || bx + layout.sizes[b].0 <= *ax;
                let is_above = ay + sizes[a].1 <= *by || by + sizes[b].1 <= *ay;
                assert!(is_beside || is_above, "{a} and {b} overlap: {layout:?}");
            }
        }
    }

    #[test]
    fn a_chain_is_a_line() {
        let layout = layered(&boxes(3), &[(0, 1), (1, 2)]);
        assert_eq!(layout.corners, [(8, 8), (172, 8), (336, 8)]);
        assert_eq!((layout.width, layout.height), (444, 56));
        assert_eq!(layout.paths[0], [(108, 28), (172, 28)]);
    }

    #[test]
    fn children_stand_around_their_parent() {
        let layout = layered(&boxes(4), &[(0, 1), (0, 2), (0, 3)]);
        assert_eq!(layout.corners[0].1, layout.corners[2].1);
        assert_apart(&boxes(4), &layout);
    }

    #[test]
    fn crossings_are_untangled() {
        let layout = layered(&boxes(4), &[(0, 3), (1, 2)]);
        let is_above = |a: usize, b: usize| layout.corners[a].1 < layout.corners[b].1;
        assert_eq!(is_above(0, 1), is_above(3, 2), "{layout:?}");
    }

    #[test]
    fn cycles_and_loops_end() {
        let layout = layered(&boxes(3), &[(0, 1), (1, 2), (2, 0), (1, 1)]);
        assert_apart(&boxes(3), &layout);
        assert!(layout.paths[3].is_empty());
        // The arrow that was turned round still ends at its head.
        let head = *layout.paths[2].last().unwrap();
        assert_eq!(head.1, layout.corners[0].1 + 20);
    }

    #[test]
    fn nothing_overlaps_in_a_thicket() {
        let sizes: Vec<(i32, i32)> = (0..60).map(|n| (100 + n * 7 % 90, 40)).collect();
        let edges: Vec<(usize, usize)> = (0..180).map(|n| (n * 7 % 60, n * n * 13 % 60)).collect();
        let layout = layered(&sizes, &edges);
        assert_apart(&sizes, &layout);
        assert_eq!(layout, layered(&sizes, &edges));
        assert!(layered(&[], &[]).corners.is_empty());
    }
}
