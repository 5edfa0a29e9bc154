//! Walks a graph: what is on a cycle, and how far a way can lead.

/// What a walk over all nodes found.
pub(super) struct Walk {
    /// The cycle that a node is on, if it is on one.
    pub(super) cycle: Vec<Option<usize>>,
    /// At least the weight of the heaviest way that begins at a node and meets no node twice: all nodes of a cycle
    /// count.
    pub(super) weight: Vec<usize>,
}

/// The number of the cycle that each node is on, by Tarjan's algorithm, without recursion: documents may
/// nest deeper than a stack.
pub(super) fn cycles(edges: &[Vec<usize>]) -> Vec<Option<usize>> {
    walk(edges, &vec![1; edges.len()]).cycle
}

/// Walks over all nodes; `weights` are theirs.
pub(super) fn walk(edges: &[Vec<usize>], weights: &[usize]) -> Walk {
    let mut walk = Tarjan {
        edges,
        weights,
        number: vec![None; edges.len()],
        low: vec![0; edges.len()],
        open: vec![false; edges.len()],
        stack: Vec::new(),
        next: 0,
        found: Walk {
            cycle: vec![None; edges.len()],
            weight: vec![0; edges.len()],
        },
    };
    for node in 0..edges.len() {
        if walk.number[node].is_none() {
            walk.from(node);
        }
    }
    walk.found
}

struct Tarjan<'a> {
    edges: &'a [Vec<usize>],
    weights: &'a [usize],
    number: Vec<Option<usize>>,
    low: Vec<usize>,
    open: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    found: Walk,
}

impl Tarjan<'_> {
    fn from(&mut self, root: usize) {
        let mut work = vec![(root, 0)];
        self.enter(root);
        while let Some((node, edge)) = work.pop() {
            let Some(&to) = self.edges[node].get(edge) else {
                self.leave(node);
                if let Some((parent, _)) = work.last() {
                    self.low[*parent] = self.low[*parent].min(self.low[node]);
                }
                continue;
            };
            work.push((node, edge + 1));
            match self.number[to] {
                None => {
                    self.enter(to);
                    work.push((to, 0));
                }
                Some(number) if self.open[to] => self.low[node] = self.low[node].min(number),
                Some(_) => {}
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.number[node] = Some(self.next);
        self.low[node] = self.next;
        self.next += 1;
        self.stack.push(node);
        self.open[node] = true;
    }

    /// Closes the component that `node` is the root of, if it is one.
    fn leave(&mut self, node: usize) {
        if Some(self.low[node]) != self.number[node] {
            return;
        }
        let start = self
            .stack
            .iter()
            .rposition(|open| *open == node)
            .expect("an open node is on the stack");
        let members = self.stack.split_off(start);
        let cyclic = members.len() > 1 || self.edges[node].contains(&node);
        let ways = members.iter().flat_map(|member| &self.edges[*member]);
        // what is closed already stands outside
        let beyond = ways.map(|to| self.found.weight[*to]).max().unwrap_or(0);
        let own: usize = members.iter().map(|member| self.weights[*member]).sum();
        for member in members {
            self.open[member] = false;
            self.found.cycle[member] = cyclic.then_some(node);
            self.found.weight[member] = own.saturating_add(beyond);
        }
    }
}
