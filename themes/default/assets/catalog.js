// The table of a kind: facets with counts, a text filter, sorting, pages, "Owned" and "Starred", and exports of what
// is shown. All of it stands in the address. Without this script the table is a plain one, page by page.
(() => {
  "use strict";
  const section = document.querySelector("section[data-rows]");
  const side = document.querySelector("form[data-facets]");
  if (!section || !side) return;
  const root = document.documentElement.dataset.root || "./";
  const { stars, store } = window.callboardEntities;
  const el = (tag, className, ...children) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

  // What can be chosen: the name in the address, the words' list, the row's field, and whether all must fit.
  const FACETS = [
    { key: "type", title: "Type", words: "types", field: "type" },
    { key: "owners", title: "Owner", words: "owners", field: "owners" },
    { key: "lifecycles", title: "Lifecycle", words: "lifecycles", field: "lifecycle" },
    { key: "tags", title: "Tags", words: "tags", field: "tags", isAll: true },
    { key: "systems", title: "System", words: "systems", field: "systems" },
    { key: "namespaces", title: "Namespace", words: "namespaces", field: "namespace" },
    { key: "status", title: "Processing status", words: "statuses", field: "statuses" },
  ];
  const STATUSES = [["Is orphan", "orphan", 1], ["Has error", "error", 2], ["Has warning", "warning", 4], ["Has dangling relation", "dangling", 8], ["Has inferred owner", "inferred", 32]];
  const INFERRED = 32;
  const SIZES = [20, 50, 100];
  const PAGE_SIZE = 100;
  const SCREENFUL = 30;
  const SHORT = 7;
  const isWide = matchMedia("(min-width: 60.01rem)").matches;
  const LONG = 250;

  const table = section.querySelector("table.rows");
  const columns = [...table.tHead.rows[0].cells].map((cell) => cell.dataset.col);
  const own = [...table.tBodies[0].rows];
  const titleOf = section.querySelector("[data-table-title]");
  const countOf = section.querySelector("[data-table-count]");
  const ownPages = document.querySelector("nav.pages");
  let data, rows, order, sorted = {}, isTaken = false, view = [];

  // The address.
  const fromAddress = () => {
    const state = { text: "", user: "all", sort: "name", down: false, page: 1, size: PAGE_SIZE, chosen: {} };
    for (const [name, value] of new URLSearchParams(location.search)) {
      const key = (/^filters\[(\w+)\]/.exec(name) || [])[1];
      if (key === "text") state.text = value;
      else if (key === "user" && ["all", "owned", "starred"].includes(value)) state.user = value;
      else if (key === "orphan" || key === "error") (state.chosen.status ||= new Set()).add(key);
      else if (FACETS.some((facet) => facet.key === key) && value) (state.chosen[key] ||= new Set()).add(value);
      else if (name === "sort" && columns.includes(value)) state.sort = value;
      else if (name === "order") state.down = value === "desc";
      else if (name === "page") state.page = Math.max(1, parseInt(value, 10) || 1);
      else if (name === "limit" && SIZES.includes(Number(value))) state.size = Number(value);
    }
    return state;
  };
  const state = fromAddress();
  const chosenOf = (key) => state.chosen[key] || new Set();
  const isPlain = () => !state.text && state.user === "all" && state.sort === "name" && !state.down && state.page === 1 &&
    state.size === PAGE_SIZE && FACETS.every((facet) => !chosenOf(facet.key).size);
  let addressTimer;
  const toAddress = () => {
    clearTimeout(addressTimer);
    addressTimer = setTimeout(() => {
      const query = new URLSearchParams();
      if (state.user !== "all") query.append("filters[user]", state.user);
      for (const { key } of FACETS) for (const value of chosenOf(key)) query.append(`filters[${key}]`, value);
      if (state.text) query.append("filters[text]", state.text);
      if (state.sort !== "name" || state.down) query.append("sort", state.sort);
      if (state.down) query.append("order", "desc");
      if (state.page > 1) query.append("page", state.page);
      if (state.size !== PAGE_SIZE) query.append("limit", state.size);
      const text = query.toString().replace(/%5B/g, "[").replace(/%5D/g, "]");
      history.replaceState(history.state, "", location.pathname + (text && "?" + text) + location.hash);
    }, 150);
  };

  // A link from Backstage may name another kind than the page that it leads to.
  const kind = (new URLSearchParams(location.search).get("filters[kind]") || "").toLowerCase();
  if (/^[a-z0-9]+$/.test(kind) && kind !== section.dataset.kind && document.querySelector(`.kinds a[href$="/${kind}/"], .kinds a[href="${kind}/"]`)) {
    const query = location.search.replace(/([?&])filters(\[|%5B)kind(\]|%5D)=[^&]*&?/i, "$1");
    location.replace(root + "catalog/" + kind + "/" + query);
    return;
  }

  // Rows as the file has them, with what filtering asks for made ready.
  const listed = (value) => (Array.isArray(value) ? value : value ? [value] : []);
  const read = (loaded) => {
    data = loaded;
    data.statuses = STATUSES.map(([title, name]) => [title, name]);
    rows = data.rows.map((row, idx) => {
      const [name, title, folder, namespace, type, lifecycle, owners, systems, tags, description, status, targets] = row;
      const tagNames = listed(tags).map((tag) => data.tags[tag - 1]);
      const space = data.namespaces[(namespace || 1) - 1];
      const shown = title || name;
      return {
        idx, name, title: shown, space,
        folder: folder || ["catalog", space, data.kind, name.toLowerCase()].join("/"),
        namespace: listed(namespace || 1), type: listed(type), lifecycle: listed(lifecycle), owners: listed(owners),
        systems: listed(systems), tags: listed(tags), tagNames, description: description || "", status: status || 0,
        statuses: STATUSES.flatMap(([, , bit], at) => (status & bit ? [at + 1] : [])), targets: targets || [],
        text: [name, title || "", ...(targets || [])].join("\n").toLowerCase(),
      };
    });
    order = rows;
    for (const facet of FACETS) {
      facet.list = data[facet.words];
      facet.ids = facet.list.map((word) => (Array.isArray(word) ? (facet.field === "lifecycle" ? word[0] : word[1]) : word));
      facet.names = facet.list.map((word) => (Array.isArray(word) ? word[0] : word));
      // Comparing names is slow, so their order is found once.
      facet.ranks = new Uint32Array(facet.names.length + 1);
      facet.names.map((name, at) => [name, at + 1]).sort(([a], [b]) => collator.compare(a, b)).forEach(([, n], rank) => { facet.ranks[n] = rank; });
      facet.numbers = new Map(facet.ids.map((id, at) => [id.toLowerCase(), at + 1]));
    }
  };
  const refOf = (row) => `${data.kind}:${row.space}/${row.name.toLowerCase()}`;

  // Filtering: a row that one facet alone refuses still counts in that facet.
  const filtered = () => {
    const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
    const me = store.me();
    const mine = me && new Set(FACETS[1].ids.flatMap((id, at) => (me.refs.includes(id) ? [at + 1] : [])));
    const marked = state.user === "starred" && new Set(stars.all());
    const wanted = FACETS.map((facet) => [...chosenOf(facet.key)].map((id) => facet.numbers.get(id.toLowerCase()) || -1));
    const counts = FACETS.map((facet) => new Uint32Array(facet.list.length + 1));
    const found = [];
    for (const row of order) {
      if (words.length && !words.every((word) => row.text.includes(word) || row.tagNames.includes(word))) continue;
      if (state.user === "owned" && !(mine && row.owners.some((owner) => mine.has(owner)))) continue;
      if (marked && !marked.has(row.folder)) continue;
      let refused = -1, n = 0;
      for (let at = 0; at < FACETS.length && n < 2; at++) {
        const want = wanted[at];
        if (!want.length) continue;
        const has = row[FACETS[at].field];
        const fits = FACETS[at].isAll ? want.every((id) => has.includes(id)) : want.some((id) => has.includes(id));
        if (!fits) { refused = at; n++; }
      }
      if (n === 0) found.push(row);
      for (let at = 0; at < FACETS.length; at++) {
        if (n === 0 || (n === 1 && refused === at && !FACETS[at].isAll)) for (const id of row[FACETS[at].field]) counts[at][id]++;
      }
    }
    return { found, counts };
  };

  const sortKey = {
    name: (row) => row.title, kind: () => "", system: (row) => FACETS[4].names[row.systems[0] - 1] || "",
    owner: (row) => FACETS[1].names[row.owners[0] - 1] || "", type: (row) => FACETS[0].names[row.type[0] - 1] || "",
    lifecycle: (row) => FACETS[2].names[row.lifecycle[0] - 1] || "", namespace: (row) => row.space,
    targets: (row) => row.targets[0] || "", description: (row) => row.description, tags: (row) => row.tagNames.join(" "),
  };
  const sort = () => {
    if (!sorted[state.sort]) {
      const key = sortKey[state.sort];
      sorted[state.sort] = state.sort === "name" ? rows : rows.map((row) => [key(row), row])
        // Nothing comes last.
        .sort(([a, x], [b, y]) => !a - !b || collator.compare(a, b) || x.idx - y.idx).map(([, row]) => row);
    }
    order = state.down ? [...sorted[state.sort]].reverse() : sorted[state.sort];
  };

  // Drawing.
  const icon = (name) => { const made = el("span", "icon icon-" + name); made.setAttribute("aria-hidden", "true"); return made; };
  const entityLink = (title, folder, iconName) => {
    if (!folder) return el("span", "entity missing", icon(iconName), el("span", "", title + " ", el("span", "missing-mark", "not found")));
    const link = el("a", "entity", icon(iconName), el("span", "", title));
    link.href = root + folder + "/";
    return link;
  };
  const words = (ids, facet, iconName) => el("span", "entities", ...ids.map((id) => {
    const [title, ref, folder] = facet.list[id - 1];
    return entityLink(title, folder, iconName || ref.split(":")[0]);
  }));
  const cells = {
    kind: () => data.kind,
    system: (row) => words(row.systems, FACETS[4], "system"),
    owner: (row) => {
      const owners = words(row.owners, FACETS[1]);
      if (row.status & INFERRED) owners.append(el("span", "guess-mark", "inferred"));
      return owners;
    },
    type: (row) => row.type.map((id) => FACETS[0].names[id - 1]).join(""),
    lifecycle: (row) => (row.lifecycle.length ? el("span", "chip tone-" + data.lifecycles[row.lifecycle[0] - 1][1], data.lifecycles[row.lifecycle[0] - 1][0]) : ""),
    namespace: (row) => row.space,
    targets: (row) => el("span", "", ...row.targets.slice(0, 8).flatMap((target) => [el("code", "", target), " "])),
    description: (row) => row.description,
    tags: (row) => (row.tagNames.length ? el("span", "tags", ...row.tagNames.slice(0, 8).map((tag) => el("span", "tag", tag))) : ""),
    definition: (row) => {
      if (!(row.status & 16)) return "";
      const link = el("a", "button small", "Definition", el("span", "hidden", " of " + row.title));
      link.href = root + row.folder + "/#definition";
      return link;
    },
  };
  const isShown = (column) => column !== "type" || !chosenOf("type").size;
  const drawn = (row) => {
    const line = el("tr", "");
    for (const column of columns) {
      if (column === "name") {
        const name = el("th", "", entityLink(row.title, row.folder, section.dataset.icon), stars.button(row.folder, row.title));
        name.scope = "row";
        line.append(name);
      } else if (isShown(column)) line.append(el("td", column === "description" ? "description" : "", cells[column](row)));
    }
    return line;
  };
  const heading = () => ({ all: "All", owned: "Owned", starred: "Starred" })[state.user] + " " + data.plural;
  let restTimer;
  const draw = () => {
    const { found, counts } = filtered();
    view = found;
    drawFacets(counts, found.length);
    drawChips(found.length);
    if (!isTaken && isPlain()) return;
    isTaken = true;
    const nPages = Math.max(1, Math.ceil(found.length / state.size));
    state.page = Math.min(state.page, nPages);
    const start = (state.page - 1) * state.size;
    const onPage = found.slice(start, start + state.size), body = table.tBodies[0];
    body.replaceChildren(...onPage.slice(0, SCREENFUL).map(drawn));
    // What is below the screen must not keep a key waiting.
    clearTimeout(restTimer);
    if (onPage.length > SCREENFUL) restTimer = setTimeout(() => body.append(...onPage.slice(SCREENFUL).map(drawn)));
    if (!found.length) {
      const cell = el("td", "empty", emptyText());
      cell.colSpan = columns.length;
      table.tBodies[0].append(el("tr", "empty-row", cell));
    }
    [...table.tHead.rows[0].cells].forEach((cell) => {
      cell.hidden = !isShown(cell.dataset.col);
      if (!sortKey[cell.dataset.col]) return;
      if (cell.dataset.col === state.sort) cell.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
    titleOf.textContent = heading();
    countOf.textContent = found.length.toLocaleString();
    if (ownPages) ownPages.hidden = true;
    drawPages(nPages, start, found.length);
  };
  const emptyText = () => {
    if (state.user === "owned" && !store.me()) return "Say who you are to see what you own.";
    if (state.user === "starred" && !stars.all().length) return "Nothing is starred yet. The star stands beside each name.";
    return "Nothing fits. Take a filter away to see more.";
  };

  // Pages.
  const pager = el("nav", "pages table-pages");
  pager.setAttribute("aria-label", "Pages of the table");
  const size = el("select", "");
  size.setAttribute("aria-label", "Rows on a page");
  size.append(...SIZES.map((n) => { const option = el("option", "", `${n} rows`); option.value = n; return option; }));
  size.addEventListener("change", () => change(() => { state.size = Number(size.value); }));
  const range = el("span", "page-range");
  const step = (text, by) => {
    const button = el("button", "page-step", text);
    button.type = "button";
    button.addEventListener("click", () => {
      state.page += by;
      draw();
      toAddress();
      section.scrollIntoView({ block: "start" });
    });
    return button;
  };
  const [before, after] = [step("Previous", -1), step("Next", 1)];
  pager.append(before, range, after, size);
  const drawPages = (nPages, start, n) => {
    pager.hidden = n <= SIZES[0];
    before.disabled = state.page <= 1;
    after.disabled = state.page >= nPages;
    size.value = state.size;
    range.textContent = `${(start + 1).toLocaleString()}–${Math.min(start + state.size, n).toLocaleString()} of ${n.toLocaleString()}`;
    if (!pager.isConnected) section.after(pager);
  };

  // Facets.
  const user = el("fieldset", "facet");
  const userInputs = {};
  const people = el("button", "me", "");
  const makeUser = () => {
    user.append(el("legend", "", "Show"));
    for (const [value, title] of [["owned", "Owned"], ["starred", "Starred"], ["all", "All"]]) {
      if (value === "owned" && !columns.includes("owner") && section.dataset.kind !== "template") continue;
      const input = el("input", "");
      input.type = "radio";
      input.name = "user";
      input.addEventListener("change", () => {
        change(() => { state.user = value; });
        if (value === "owned" && !store.me()) store.choose(section.dataset.people, personChosen);
      });
      userInputs[value] = input;
      user.append(el("label", "facet-value", input, el("span", "", title)));
    }
    people.type = "button";
    people.addEventListener("click", () => store.choose(section.dataset.people, personChosen));
    if (userInputs.owned) user.append(people);
  };
  const personChosen = () => change(() => {});
  const drawUser = () => {
    for (const [value, input] of Object.entries(userInputs)) input.checked = state.user === value;
    const me = store.me();
    people.replaceChildren(...(me ? ["I am ", el("b", "", me.title), " · change"] : ["I am …"]));
  };
  const makeFacet = (facet) => {
    facet.box = el("details", "facet");
    facet.box.open = isWide && ["type", "owners", "lifecycles", "tags"].includes(facet.key);
    facet.some = el("span", "count", "");
    facet.values = el("ul", "");
    facet.more = el("button", "facet-more", "");
    facet.more.type = "button";
    facet.more.addEventListener("click", () => { facet.isLong = !facet.isLong; draw(); facet.find.focus(); });
    facet.find = el("input", "filter");
    facet.find.type = "search";
    facet.find.placeholder = "Find";
    facet.find.setAttribute("aria-label", "Find in " + facet.title);
    facet.find.addEventListener("input", draw);
    facet.items = new Map();
    facet.box.append(el("summary", "", facet.title, facet.some), facet.find, facet.values, facet.more);
  };
  const itemOf = (facet, number) => {
    let item = facet.items.get(number);
    if (item) return item;
    const input = el("input", ""), count = el("span", "count", "");
    input.type = "checkbox";
    const id = facet.ids[number - 1];
    input.addEventListener("change", () => change(() => {
      const chosen = (state.chosen[facet.key] ||= new Set());
      if (input.checked) chosen.add(id); else chosen.delete(id);
    }));
    item = { line: el("li", "", el("label", "facet-value", input, el("span", "", facet.names[number - 1]), count)), input, count };
    facet.items.set(number, item);
    return item;
  };
  const drawFacets = (counts) => {
    const focused = side.contains(document.activeElement) && document.activeElement;
    drawUser();
    FACETS.forEach((facet, at) => {
      const chosen = new Set([...chosenOf(facet.key)].map((id) => facet.numbers.get(id.toLowerCase())));
      facet.box.hidden = facet.list.length === 0 || (facet.key === "namespaces" && facet.list.length < 2) || (facet.key === "status" && !rows.some((row) => row.statuses.length));
      if (facet.box.hidden) return;
      const sought = facet.find.value.trim().toLowerCase();
      const numbers = facet.ids.map((_, idx) => idx + 1)
        .filter((n) => (counts[at][n] || chosen.has(n)) && (!sought || facet.names[n - 1].toLowerCase().includes(sought)))
        .sort((a, b) => chosen.has(b) - chosen.has(a) || counts[at][b] - counts[at][a] || facet.ranks[a] - facet.ranks[b]);
      const most = facet.isLong || sought ? LONG : Math.max(SHORT, chosen.size);
      const shown = numbers.slice(0, most);
      facet.values.replaceChildren(...shown.map((n) => {
        const item = itemOf(facet, n);
        item.input.checked = chosen.has(n);
        item.count.textContent = counts[at][n].toLocaleString();
        return item.line;
      }));
      facet.find.hidden = facet.list.length <= SHORT * 2;
      facet.more.hidden = numbers.length <= SHORT || Boolean(sought);
      facet.more.textContent = facet.isLong ? "Fewer" : `${(numbers.length - shown.length).toLocaleString()} more`;
      if (!facet.isLong && numbers.length === shown.length) facet.more.hidden = true;
      facet.some.textContent = chosen.size || "";
      facet.some.hidden = !chosen.size;
    });
    if (focused && document.activeElement !== focused) focused.focus({ preventScroll: true });
  };

  // What is chosen, above the table, each with a way to take it away.
  const chips = el("p", "chips");
  const status = el("span", "hidden");
  status.setAttribute("role", "status");
  let statusTimer;
  const drawChips = (n) => {
    const made = FACETS.flatMap((facet) => [...chosenOf(facet.key)].map((id) => {
      const number = facet.numbers.get(id.toLowerCase());
      const button = el("button", "chip-off", `${facet.title}: ${number ? facet.names[number - 1] : id}`, el("span", "", "×"));
      button.type = "button";
      button.setAttribute("aria-label", `Take away ${facet.title} ${number ? facet.names[number - 1] : id}`);
      button.addEventListener("click", () => change(() => state.chosen[facet.key].delete(id)));
      return button;
    }));
    if (made.length > 1 || (made.length && state.text)) {
      const clear = el("button", "chip-off clear", "Clear all");
      clear.type = "button";
      clear.addEventListener("click", () => change(() => { state.chosen = {}; state.text = input.value = ""; }));
      made.push(clear);
    }
    chips.replaceChildren(...made);
    chips.hidden = !made.length;
    clearTimeout(statusTimer);
    statusTimer = setTimeout(() => { status.textContent = `${n} found`; }, 600);
  };

  const change = (how) => {
    how();
    isTaken = true;
    state.page = 1;
    sort();
    draw();
    toAddress();
  };

  // The text filter.
  const input = el("input", "filter");
  input.type = "search";
  input.placeholder = "Filter by name or tag";
  input.setAttribute("aria-label", input.placeholder);
  input.value = state.text;
  input.addEventListener("input", () => change(() => { state.text = input.value; }));

  // Exports hold what the table shows; while it shows all, the files do.
  const cell = (text) => (/^[=+\-@\t\r]/.test(text) || /[",\n\r]/.test(text) ? `"${/^[=+\-@\t\r]/.test(text) ? "'" : ""}${text.replace(/"/g, '""')}"` : text);
  const exported = () => view.map((row) => ({
    name: row.title, type: cells.type(row), owner: row.owners.map((id) => FACETS[1].ids[id - 1]).join(" "), description: row.description,
    system: row.systems.map((id) => FACETS[4].ids[id - 1]).join(" "), lifecycle: row.lifecycle.map((id) => FACETS[2].names[id - 1]).join(""),
    namespace: row.space, tags: row.tagNames.join(" "), reference: refOf(row),
  }));
  const save = (text, type, name) => {
    const link = el("a", "");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  for (const link of section.querySelectorAll("a[data-export]")) link.addEventListener("click", (event) => {
    if (!rows || view.length === rows.length) return;
    event.preventDefault();
    const list = exported();
    if (link.dataset.export === "json") return save(JSON.stringify(list, null, 1), "application/json", link.download);
    const names = ["name", "type", "owner", "description", "system", "lifecycle", "namespace", "tags", "reference"];
    const head = names.map((name) => name[0].toUpperCase() + name.slice(1));
    save([head, ...list.map((row) => names.map((name) => cell(row[name])))].map((line) => line.join(",")).join("\r\n") + "\r\n", "text/csv", link.download);
  });

  const sortable = () => [...table.tHead.rows[0].cells].forEach((cell) => {
    const column = cell.dataset.col;
    if (!sortKey[column]) return;
    const button = el("button", "sort", cell.textContent);
    button.type = "button";
    button.addEventListener("click", () => change(() => {
      state.down = state.sort === column && !state.down;
      state.sort = column;
    }));
    cell.replaceChildren(button);
    if (column === state.sort) cell.setAttribute("aria-sort", state.down ? "descending" : "ascending");
  });

  const start = (loaded) => {
    read(loaded);
    makeUser();
    side.append(user);
    FACETS.forEach((facet) => { makeFacet(facet); side.append(facet.box); });
    side.hidden = false;
    side.addEventListener("submit", (event) => event.preventDefault());
    section.querySelector(".card-title").querySelector(".card-tools").before(input);
    section.querySelector(".card-title").after(chips, status);
    sortable();
    sort();
    draw();
    stars.onChange(() => { if (state.user === "starred") draw(); });
    section.dataset.ready = "true";
    for (const row of own) {
      const link = row.querySelector("th a.entity");
      if (link && row.isConnected) link.after(stars.button(stars.folderOf(link), link.textContent.trim()));
    }
  };
  fetch(section.dataset.rows).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status))).then(start).catch((error) => {
    console.warn("the table cannot be filtered: " + error);
  });
})();
