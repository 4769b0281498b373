// The explorer of the whole graph: what hangs together with some entities, as far as is asked for. The state stands in
// the address, with Backstage's names. Without this script the page lists relations.
(() => {
  "use strict";
  const explorer = document.querySelector("div[data-explorer]");
  if (!explorer) return;
  const root = document.documentElement.dataset.root || "./";
  const SVG = "http://www.w3.org/2000/svg";
  const el = (tag, className, ...children) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };
  const svg = (tag, attributes, ...children) => {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const part = (name) => explorer.querySelector(`[data-explorer-${name}]`);
  const form = part("form"), status = part("status"), frame = part("graph");
  const MAX_NODES = 220, MAX_FAN = 24, DEPTHS = ["1", "2", "3", "4", "5", "∞"];
  let graph, nodes, out, into, byRef;

  // State and address.
  const query = new URLSearchParams(location.search);
  const listOf = (name) => [...query].filter(([key]) => key.replace(/\[\d*\]$/, "") === name).map(([, value]) => value);
  const state = {
    roots: listOf("rootEntityRefs").map((ref) => ref.toLowerCase()),
    depth: /^\d+$/.test(query.get("maxDepth")) ? Number(query.get("maxDepth")) : query.get("maxDepth") ? Infinity : 2,
    kinds: new Set(listOf("selectedKinds").map((kind) => kind.toLowerCase())),
    relations: new Set(listOf("selectedRelations")),
    direction: ["LR", "RL", "TB", "BT"].includes(query.get("direction")) ? query.get("direction") : "LR",
    merge: query.get("mergeRelations") !== "false",
    oneWay: query.get("unidirectional") !== "false",
  };
  const toAddress = (push) => {
    const to = new URLSearchParams();
    state.roots.forEach((ref) => to.append("rootEntityRefs", ref));
    if (state.depth !== 2) to.set("maxDepth", state.depth === Infinity ? "all" : state.depth);
    state.kinds.forEach((kind) => to.append("selectedKinds", kind));
    state.relations.forEach((name) => to.append("selectedRelations", name));
    if (state.direction !== "LR") to.set("direction", state.direction);
    if (!state.merge) to.set("mergeRelations", "false");
    if (!state.oneWay) to.set("unidirectional", "false");
    const text = to.toString().replace(/%3A/g, ":").replace(/%2F/g, "/");
    history[push ? "pushState" : "replaceState"]([...state.roots], "", location.pathname + (text && "?" + text));
  };

  const read = (loaded) => {
    graph = loaded;
    nodes = graph.nodes.map(([kind, namespace, name, folder, title, type], idx) => {
      const space = namespace || "default", kindName = graph.kinds[kind][0];
      return {
        idx, kind, kindName, title: title || name, type: type || "", missing: folder === 1,
        ref: `${kindName}:${space}/${name}`, folder: typeof folder === "string" ? folder : `catalog/${space}/${kindName}/${name}`,
      };
    });
    byRef = new Map(nodes.map((node) => [node.ref, node.idx]));
    out = nodes.map(() => []);
    into = nodes.map(() => []);
    for (let at = 0; at < graph.edges.length; at += 3) {
      const [from, relation, to] = graph.edges.slice(at, at + 3);
      out[from].push([relation, to]);
      into[to].push([relation, from]);
    }
  };

  // What is shown: roots, and what is reached from them; entities that have too many neighbours keep the first ones,
  // and one box stands for the rest.
  const shown = () => {
    const roots = state.roots.map((ref) => byRef.get(ref)).filter((idx) => idx !== undefined);
    const allows = (relation) => !state.relations.size || graph.relations[relation].some((name) => state.relations.has(name));
    const allowsKind = (idx) => !state.kinds.size || state.kinds.has(nodes[idx].kindName);
    const depths = new Map(roots.map((idx) => [idx, 0]));
    const edges = new Map(), more = [];
    let queue = roots, isCut = false;
    for (let depth = 0; queue.length; depth++) {
      const next = [];
      for (const idx of queue) {
        const found = [...out[idx].map(([relation, other]) => [idx, relation, other, other]), ...into[idx].map(([relation, other]) => [other, relation, idx, other])]
          .filter(([, relation, , other]) => other !== idx && allows(relation) && (allowsKind(other) || depths.has(other)));
        let fan = 0, rest = 0;
        for (const [from, relation, to, other] of found) {
          if (!depths.has(other)) {
            if (depth >= state.depth) continue;
            if (fan >= MAX_FAN || depths.size >= MAX_NODES) { rest++; isCut = true; continue; }
            depths.set(other, depth + 1);
            next.push(other);
            fan++;
          }
          // Arrows back to what is nearer are left out when each relation shall lead away from the root.
          const key = state.merge ? `${from} ${to}` : `${from} ${to} ${relation}`;
          const edge = edges.get(key);
          if (edge) { if (!edge.relations.includes(relation)) edge.relations.push(relation); }
          else edges.set(key, { from, to, relations: [relation] });
        }
        if (rest) more.push({ of: idx, n: rest });
      }
      queue = next;
    }
    let list = [...edges.values()];
    if (state.oneWay) list = list.filter(({ from, to }) => depths.get(from) !== depths.get(to) || depths.get(from) === 0 || from < to || !edges.has(`${to} ${from}`));
    return { ids: [...depths.keys()], roots: new Set(roots), edges: list, more, isCut };
  };

  // The same layered layout as in the pages: arrows to the right, few crossings, everything near what it hangs on.
  const layout = (sizes, links, grows) => {
    const n = sizes.length, next = sizes.map(() => []), state = new Uint8Array(n);
    const forward = links.map((link) => [...link]);
    links.forEach(([from, to], idx) => { if (from !== to) next[from].push(idx); });
    const before = new Int32Array(n);
    links.forEach(([from, to]) => { if (from !== to) before[to]++; });
    const order = [...sizes.keys()].sort((a, b) => (before[a] > 0) - (before[b] > 0) || a - b);
    for (const start of order) {
      if (state[start]) continue;
      const stack = [[start, 0]];
      state[start] = 1;
      while (stack.length) {
        const top = stack[stack.length - 1];
        const idx = next[top[0]][top[1]++];
        if (idx === undefined) { state[top[0]] = 2; stack.pop(); continue; }
        const to = links[idx][1];
        if (state[to] === 0) { state[to] = 1; stack.push([to, 0]); } else if (state[to] === 1) forward[idx].reverse();
      }
    }
    const after = sizes.map(() => []), left = new Int32Array(n), layer = new Int32Array(n);
    forward.forEach(([from, to]) => { if (from !== to) { after[from].push(to); left[to]++; } });
    const source = [...left].map((count) => !count);
    const ready = [...sizes.keys()].filter((idx) => source[idx]);
    while (ready.length) {
      const node = ready.pop();
      for (const to of after[node]) { layer[to] = Math.max(layer[to], layer[node] + 1); if (!--left[to]) ready.push(to); }
    }
    source.forEach((is, idx) => { if (is && after[idx].length) layer[idx] = Math.min(...after[idx].map((to) => layer[to])) - 1; });
    const items = sizes.map(([, height], idx) => ({ layer: layer[idx], height, y: 0 }));
    const chains = forward.map(([from, to]) => {
      const chain = [from];
      if (from !== to) {
        for (let at = layer[from] + 1; at < layer[to]; at++) { chain.push(items.length); items.push({ layer: at, height: 10, y: 0 }); }
        chain.push(to);
      }
      return chain;
    });
    const near = items.map(() => [[], []]), layers = [];
    chains.forEach((chain) => { for (let at = 1; at < chain.length; at++) { near[chain[at - 1]][1].push(chain[at]); near[chain[at]][0].push(chain[at - 1]); } });
    items.forEach((item, idx) => (layers[item.layer] ||= []).push(idx));
    const place = new Float64Array(items.length);
    const note = (of) => of.forEach((item, at) => { place[item] = at; });
    layers.forEach(note);
    for (let sweep = 0; sweep < 10; sweep++) {
      const side = sweep % 2;
      for (let at = 1; at < layers.length; at++) {
        const idx = side ? layers.length - 1 - at : at;
        const centre = new Map(layers[idx].map((item) => {
          const of = near[item][side];
          return [item, of.length ? of.reduce((sum, other) => sum + place[other], 0) / of.length : place[item]];
        }));
        layers[idx].sort((a, b) => centre.get(a) - centre.get(b) || place[a] - place[b]);
        note(layers[idx]);
      }
    }
    const GAP = 14;
    layers.forEach((of) => { let y = 0; of.forEach((item) => { items[item].y = y + items[item].height / 2; y += items[item].height + GAP; }); });
    for (let round = 0; round < 8; round++) for (let at = 0; at < layers.length; at++) {
      const side = round % 2, of = layers[side ? layers.length - 1 - at : at];
      const blocks = [];
      let offset = 0;
      of.forEach((item, idx) => {
        if (idx) offset += (items[of[idx - 1]].height + items[item].height) / 2 + GAP;
        const hangs = near[item][side].length ? near[item][side] : near[item][1 - side];
        const want = hangs.length ? hangs.reduce((sum, other) => sum + items[other].y, 0) / hangs.length : items[item].y;
        blocks.push({ sum: want - offset, n: 1, list: [[item, offset]] });
        while (blocks.length > 1) {
          const [above, below] = blocks.slice(-2);
          if (above.sum / above.n <= below.sum / below.n) break;
          blocks.splice(-2, 2, { sum: above.sum + below.sum, n: above.n + below.n, list: [...above.list, ...below.list] });
        }
      });
      for (const block of blocks) for (const [item, down] of block.list) items[item].y = block.sum / block.n + down;
    }
    const top = Math.min(...items.map((item) => item.y - item.height / 2)) - 10;
    const columns = [];
    let x = 10;
    layers.forEach((of, idx) => {
      const width = Math.max(0, ...of.filter((item) => item < n).map((item) => sizes[item][0]));
      columns[idx] = [x, x + width];
      x += width + 72;
    });
    // The boxes of a layer are as wide as the widest of them.
    sizes.forEach((size, idx) => { const [a, b] = columns[items[idx].layer]; if (grows) size[0] = b - a; });
    const at = (idx) => { const [a, b] = columns[items[idx].layer]; return [grows ? a : (a + b - sizes[idx][0]) / 2, items[idx].y - top - sizes[idx][1] / 2]; };
    const corners = sizes.map((_, idx) => at(idx));
    const paths = chains.map((chain, idx) => {
      const [from, to] = forward[idx];
      if (from === to) return [];
      const path = [[corners[from][0] + sizes[from][0], items[from].y - top]];
      chain.slice(1, -1).forEach((lane) => columns[items[lane].layer].forEach((x) => path.push([x, items[lane].y - top])));
      path.push([corners[to][0], items[to].y - top]);
      return from === links[idx][0] ? path : path.reverse();
    });
    return { width: x - 72 + 10, height: Math.max(...items.map((item) => item.y + item.height / 2)) - top + 10, corners, paths };
  };

  const fitted = (text) => (text.length > 26 ? text.slice(0, 25) + "…" : text);
  const draw = () => {
    const started = performance.now();
    const { ids, roots, edges, more, isCut } = shown();
    const boxes = ids.map((idx) => {
      const node = nodes[idx];
      return { idx, label: node.title, note: [graph.kinds[node.kind][0], node.type].filter(Boolean).join(" · "), look: roots.has(idx) ? "focus" : node.missing ? "missing" : "" };
    });
    const at = new Map(ids.map((idx, box) => [idx, box]));
    const links = edges.map(({ from, to }) => [at.get(from), at.get(to)]);
    more.forEach(({ of, n }) => {
      boxes.push({ label: `${n.toLocaleString()} more`, note: "", look: "more", of });
      links.push([at.get(of), boxes.length - 1]);
    });
    form.classList.toggle("no-roots", !state.roots.length);
    if (!boxes.length) {
      frame.replaceChildren(el("p", "empty", state.roots.length ? "There is no such entity." : "Choose an entity to begin with."));
      status.textContent = "";
      return;
    }
    const isUpright = state.direction === "TB" || state.direction === "BT";
    const widths = boxes.map((box) => Math.max(112, Math.min(250, Math.max(fitted(box.label).length * 8, fitted(box.note).length * 6.5) + 46)));
    // Upright, the layout is made lying down and then turned.
    const sizes = widths.map((width) => (isUpright ? [44, width] : [width, 44]));
    const found = layout(sizes, links, !isUpright);
    if (!isUpright) sizes.forEach(([width], idx) => { widths[idx] = width; });
    const turn = ([x, y], width = 0, height = 0) => {
      if (state.direction === "RL") return [found.width - x - width, y];
      if (state.direction === "TB") return [y, x];
      if (state.direction === "BT") return [y, found.width - x - height];
      return [x, y];
    };
    const size = isUpright ? [found.height, found.width] : [found.width, found.height];
    const picture = svg("svg", { class: "graph-svg", width: Math.ceil(size[0]), height: Math.ceil(size[1]), viewBox: `0 0 ${Math.ceil(size[0])} ${Math.ceil(size[1])}`, role: "group", "aria-label": "Graph" });
    const lines = svg("g", { class: "edges", "aria-hidden": "true" });
    const labelled = edges.length <= 40;
    found.paths.forEach((path, idx) => {
      if (path.length < 2) return;
      const points = path.map((point) => turn(point).map(Math.round));
      let d = `M${points[0]}`;
      for (let at = 1; at < points.length; at++) {
        const [[x, y], [toX, toY]] = [points[at - 1], points[at]];
        d += isUpright ? `C${x} ${(y + toY) / 2} ${toX} ${(y + toY) / 2} ${toX} ${toY}` : `C${(x + toX) / 2} ${y} ${(x + toX) / 2} ${toY} ${toX} ${toY}`;
      }
      const edge = edges[idx];
      const text = edge ? edge.relations.map((relation) => (state.merge ? graph.relations[relation][0] : graph.relations[relation].join(" / "))).join(", ") : "";
      lines.append(svg("path", { class: "edge", d }, ...(text ? [svg("title", {}, text)] : [])));
      const [[px, py], [ex, ey]] = points.slice(-2);
      const head = isUpright ? (ey > py ? "l-4 -7h8z" : "l-4 7h8z") : ex > px ? "l-7 -4v8z" : "l7 -4v8z";
      lines.append(svg("path", { class: "head", d: `M${ex} ${ey}${head}` }));
      if (labelled && text) {
        const [a, b] = [points[Math.floor((points.length - 1) / 2)], points[Math.floor((points.length - 1) / 2) + 1]];
        lines.append(svg("text", { class: "edge-label", x: (a[0] + b[0]) / 2, y: (a[1] + b[1]) / 2 - 3, "text-anchor": "middle" }, text));
      }
    });
    picture.append(lines);
    boxes.forEach((box, idx) => {
      const [x, y] = turn(found.corners[idx], widths[idx], 44).map(Math.round);
      const node = nodes[box.idx];
      const made = svg(node && !node.missing ? "a" : "g", { class: `node ${box.look}` });
      if (node && !node.missing) made.setAttribute("href", root + node.folder + "/");
      if (node) made.append(svg("title", {}, `${node.ref} (${box.note})`));
      made.append(svg("rect", { x, y, width: widths[idx], height: 44, rx: 8 }));
      if (node) made.append(svg("path", { class: "node-icon", transform: `translate(${x + 10} ${y + 13}) scale(.75)`, d: graph.kinds[node.kind][2] }));
      made.append(svg("text", { x: x + (node ? 36 : 14), y: y + (box.note ? 20 : 27) }, fitted(box.label)));
      if (box.note) made.append(svg("text", { class: "note", x: x + 36, y: y + 35 }, fitted(box.note)));
      // As in Backstage: a click begins there, with shift it opens the page. A link that is opened elsewhere stays one.
      made.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) { if (event.shiftKey && made.href) { event.preventDefault(); location.href = made.href.baseVal; } return; }
        event.preventDefault();
        const idxOf = node ? box.idx : box.of;
        if (state.roots.length === 1 && state.roots[0] === nodes[idxOf].ref && node && !node.missing) { location.href = made.href.baseVal; return; }
        change(() => { state.roots = [nodes[idxOf].ref]; }, true);
      });
      picture.append(made);
    });
    frame.replaceChildren(picture);
    const focus = boxes.findIndex((box) => box.look === "focus");
    if (focus >= 0) {
      const [x, y] = turn(found.corners[focus], widths[focus], 44);
      frame.scrollTo(x - frame.clientWidth / 2 + widths[focus] / 2, y - frame.clientHeight / 2 + 22);
    }
    status.textContent = `${ids.length.toLocaleString()} entities, ${edges.length.toLocaleString()} relations` + (isCut ? "; the rest is rolled up" : "");
    explorer.dataset.drawnMs = Math.round(performance.now() - started);
  };

  // Controls.
  const rootList = el("ul", "explorer-roots"), search = el("input", "filter"), hits = el("ul", "explorer-hits");
  const change = (how, push) => { how(); toAddress(push); drawRoots(); draw(); };
  const drawRoots = () => {
    rootList.replaceChildren(...state.roots.map((ref) => {
      const idx = byRef.get(ref), node = nodes[idx];
      const off = el("button", "", "×");
      off.type = "button";
      off.setAttribute("aria-label", `Take ${ref} away`);
      off.addEventListener("click", () => change(() => { state.roots = state.roots.filter((other) => other !== ref); }));
      const name = node && !node.missing ? el("a", "entity", node.title) : el("span", "", ref);
      if (name.tagName === "A") name.href = root + node.folder + "/";
      return el("li", "", name, off);
    }));
  };
  const labelled = (title, control) => el("label", "explorer-field", el("span", "", title), control);
  const select = (values, value, onChange) => {
    const made = el("select", "");
    made.append(...values.map(([text, of]) => { const option = el("option", "", text); option.value = of; return option; }));
    made.value = value;
    made.addEventListener("change", () => onChange(made.value));
    return made;
  };
  const checks = (title, list, isOn, onChange) => {
    const box = el("details", "facet", el("summary", "", title), el("ul", "", ...list.map(([text, value]) => {
      const input = el("input", "");
      input.type = "checkbox";
      input.checked = isOn(value);
      input.addEventListener("change", () => onChange(value, input.checked));
      return el("li", "", el("label", "facet-value", input, el("span", "", text)));
    })));
    return box;
  };
  const makeForm = () => {
    search.type = "search";
    search.placeholder = "Add an entity";
    search.setAttribute("aria-label", search.placeholder);
    search.addEventListener("input", () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const found = words.length ? nodes.filter((node) => words.every((word) => node.title.toLowerCase().includes(word) || node.ref.includes(word))).slice(0, 8) : [];
      hits.replaceChildren(...found.map((node) => {
        const button = el("button", "", node.title, el("small", "", " " + node.ref));
        button.type = "button";
        button.addEventListener("click", () => { search.value = ""; hits.replaceChildren(); change(() => { state.roots = [...new Set([...state.roots, node.ref])]; }, true); });
        return el("li", "", button);
      }));
    });
    const kinds = graph.kinds.map(([name, plural]) => [plural, name]);
    const relations = graph.relations.map((pair) => [pair.join(" / "), pair[0]]);
    const toggle = (set, all) => (value, on) => change(() => {
      // Nothing chosen means everything.
      if (!set.size) all.forEach(([, other]) => set.add(other));
      if (on) set.add(value); else set.delete(value);
      if (set.size === all.length) set.clear();
    });
    const check = (text, key) => {
      const input = el("input", "");
      input.type = "checkbox";
      input.checked = state[key];
      input.addEventListener("change", () => change(() => { state[key] = input.checked; }));
      return el("label", "facet-value", input, el("span", "", text));
    };
    form.append(
      el("p", "side-title", "Begins at"), rootList, search, hits,
      labelled("Depth", select(DEPTHS.map((text) => [text, text]), state.depth === Infinity ? "∞" : String(Math.min(5, state.depth)), (value) => change(() => { state.depth = value === "∞" ? Infinity : Number(value); }))),
      labelled("Direction", select([["Left to right", "LR"], ["Right to left", "RL"], ["Top to bottom", "TB"], ["Bottom to top", "BT"]], state.direction, (value) => change(() => { state.direction = value; }))),
      check("Merge relations", "merge"), check("Simplified", "oneWay"),
      checks("Kinds", kinds, (kind) => !state.kinds.size || state.kinds.has(kind), toggle(state.kinds, kinds)),
      checks("Relations", relations, (name) => !state.relations.size || [name, (graph.relations.find(([of]) => of === name) || [])[1]].some((of) => state.relations.has(of)), toggle(state.relations, relations)),
      el("p", "explorer-note", "A click begins at a box, with Shift it opens the page."),
    );
    form.addEventListener("submit", (event) => event.preventDefault());
  };
  addEventListener("popstate", (event) => { if (Array.isArray(event.state)) { state.roots = event.state; drawRoots(); draw(); } });
  fetch(explorer.dataset.graph).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status))).then((loaded) => {
    read(loaded);
    if (!state.roots.length && nodes.length) {
      // Something to look at: the domain, or the system, or whatever has the most relations.
      const rank = { domain: 2, system: 1 };
      const best = nodes.filter((node) => !node.missing && !["user", "group", "location"].includes(node.kindName))
        .sort((a, b) => (rank[b.kindName] || 0) - (rank[a.kindName] || 0) || out[b.idx].length + into[b.idx].length - out[a.idx].length - into[a.idx].length)[0];
      if (best) state.roots = [best.ref];
    }
    explorer.hidden = false;
    for (const name of ["list", "pages"]) document.querySelector(`[data-explorer-${name}]`).hidden = true;
    makeForm();
    drawRoots();
    draw();
    history.replaceState([...state.roots], "", location.href);
    explorer.dataset.ready = "true";
  }).catch((error) => console.warn("the graph could not be loaded: " + error));
})();
