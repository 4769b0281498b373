// What belongs to entities on every page: a card on pointing at a link to one, stars, and who the reader is.
// `window.callboardEntities` is for our other scripts.
(() => {
  "use strict";
  const root = document.documentElement.dataset.root || "./";
  const el = (tag, className, ...children) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };
  const icon = (name) => { const made = el("span", "icon icon-" + name); made.setAttribute("aria-hidden", "true"); return made; };
  const kept = (key, value) => {
    try {
      if (value === undefined) return JSON.parse(localStorage.getItem(key));
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch { /* Private windows: it holds for this page. */ }
    return null;
  };

  // The folder of an entity's page is its name here: `catalog/default/component/payments`.
  const base = new URL(root, location.href).pathname;
  const folderOf = (link) => {
    const href = typeof link.href === "string" ? link.href : link.href.baseVal;
    const url = new URL(href, location.href);
    if (url.origin !== location.origin || !url.pathname.startsWith(base)) return null;
    const folder = url.pathname.slice(base.length).replace(/\/(index\.html)?$/, "");
    return /^catalog\/[^/]+\/[^/]+\/[^/]+$/.test(folder) && !/^catalog\/[^/]+\/page\//.test(folder) ? folder : null;
  };

  // Stars.
  let starred = kept("callboard-starred");
  if (!Array.isArray(starred)) starred = [];
  const listeners = [];
  const mark = (button) => {
    const is = starred.includes(button.dataset.star);
    button.setAttribute("aria-pressed", is);
    button.title = is ? "Take the star away" : "Star";
  };
  const stars = {
    all: () => starred,
    folderOf,
    onChange: (listener) => listeners.push(listener),
    button(folder, name) {
      const button = el("button", "star", icon("star"));
      button.type = "button";
      button.dataset.star = folder || "";
      button.setAttribute("aria-label", "Star " + name);
      mark(button);
      button.addEventListener("click", () => {
        starred = starred.includes(folder) ? starred.filter((other) => other !== folder) : [...starred, folder].slice(-500);
        kept("callboard-starred", starred);
        document.querySelectorAll("button[data-star]").forEach(mark);
        listeners.forEach((listener) => listener());
      });
      return button;
    },
  };
  const place = document.querySelector("[data-star-place]");
  if (place) place.append(stars.button(place.dataset.starPlace, place.dataset.name));

  // Who the reader is: one user or group, and the groups of the user.
  const store = {
    me() {
      const me = kept("callboard-me");
      return me && Array.isArray(me.refs) && typeof me.title === "string" ? me : null;
    },
    async choose(url, done) {
      const dialog = el("dialog", "me-dialog");
      dialog.setAttribute("aria-label", "Who are you?");
      const input = el("input", "filter"), list = el("ul", "me-list"), note = el("p", "empty", "Loading …");
      input.type = "search";
      input.placeholder = "Your name, or your team’s";
      input.setAttribute("aria-label", input.placeholder);
      const close = el("button", "button small", "Close");
      close.type = "button";
      close.addEventListener("click", () => dialog.close());
      const forget = el("button", "button small", "I am nobody");
      forget.type = "button";
      forget.hidden = !store.me();
      forget.addEventListener("click", () => { kept("callboard-me", null); dialog.close(); done(); });
      dialog.append(el("h2", "", "Who are you?"), el("p", "me-note", "It is kept in this browser, and nowhere else."), input, list, note, el("p", "me-foot", forget, close));
      dialog.addEventListener("close", () => dialog.remove());
      document.body.append(dialog);
      dialog.showModal();
      let people;
      try { people = await (await fetch(url)).json(); } catch { note.textContent = "The list of people could not be loaded."; return; }
      const all = [
        ...people.users.map(([ref, title, ...groups]) => ({ ref, title, icon: "user", refs: [ref, ...groups.map((idx) => people.groups[idx][0])] })),
        ...people.groups.map(([ref, title]) => ({ ref, title, icon: "group", refs: [ref] })),
      ];
      const draw = () => {
        const sought = input.value.trim().toLowerCase();
        const found = all.filter((one) => !sought || one.title.toLowerCase().includes(sought) || one.ref.includes(sought));
        list.replaceChildren(...found.slice(0, 12).map((one) => {
          const button = el("button", "list-item", icon(one.icon), el("span", "list-text", el("span", "list-title", one.title), el("span", "list-note", one.ref)));
          button.type = "button";
          button.addEventListener("click", () => { kept("callboard-me", { ref: one.ref, title: one.title, refs: one.refs }); dialog.close(); done(); });
          return el("li", "", button);
        }));
        note.textContent = found.length ? (found.length > 12 ? `and ${(found.length - 12).toLocaleString()} more` : "") : "Nobody has this name.";
      };
      input.addEventListener("input", draw);
      draw();
    },
  };
  window.callboardEntities = { stars, store, folderOf };

  // Cards. They open after a moment of pointing, or with Alt and the arrow down on a link that has the focus.
  const card = el("div", "peek");
  card.id = "cb:peek";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  const loaded = new Map();
  const load = (folder) => {
    if (!loaded.has(folder)) {
      const [, namespace, kind, name] = folder.split("/");
      const url = kind === "api" ? `${root}${folder}/peek.json` : `${root}api/catalog/entities/by-name/${kind}/${namespace}/${name}.json`;
      loaded.set(folder, fetch(url).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null));
    }
    return loaded.get(folder);
  };
  const text = (value) => (typeof value === "string" || typeof value === "number" ? String(value) : "");
  const short = (ref) => ref.replace(/^[^:]*:/, "").replace(/^default\//, "");
  const fill = (entity) => {
    const { metadata = {}, spec = {}, relations = [] } = entity;
    const profile = spec.profile || {};
    const owners = relations.filter((relation) => relation.type === "ownedBy").map((relation) => short(relation.targetRef));
    const title = text(profile.displayName) || text(metadata.title) || text(metadata.name);
    const description = text(metadata.description).replace(/\s+/g, " ").replace(/[*_`#]|\[([^\]]*)\]\([^)]*\)/g, "$1");
    const guess = metadata.annotations?.["callboard.dev/owner-inferred-from"] ? " (inferred)" : "";
    const facts = [["Owner", owners.length ? owners.slice(0, 3).join(", ") + guess : ""], ["Lifecycle", text(spec.lifecycle)], ["System", short(text(spec.system))], ["Email", text(profile.email)]];
    const tags = Array.isArray(metadata.tags) ? metadata.tags.slice(0, 8).map(text) : [];
    card.replaceChildren(
      el("p", "peek-kind", [entity.kind, text(spec.type)].filter(Boolean).join(" — ") + (metadata.namespace && metadata.namespace !== "default" ? ` · ${metadata.namespace}` : "")),
      el("p", "peek-title", title),
      ...(description ? [el("p", "peek-text", description.length > 220 ? description.slice(0, 220) + "…" : description)] : []),
      el("dl", "peek-facts", ...facts.filter(([, value]) => value).map(([name, value]) => el("div", "", el("dt", "", name), el("dd", "", value)))),
      ...(tags.length ? [el("p", "tags", ...tags.map((tag) => el("span", "tag", tag)))] : []),
    );
  };
  let of = null, timer;
  const hide = () => {
    clearTimeout(timer);
    if (of) of.removeAttribute("aria-describedby");
    of = null;
    card.hidden = true;
  };
  const show = async (link, folder) => {
    const entity = await load(folder);
    if (of !== link || !entity || typeof entity !== "object") return;
    fill(entity);
    document.body.append(card);
    card.hidden = false;
    const at = link.getBoundingClientRect(), own = card.getBoundingClientRect();
    const below = at.bottom + 8 + own.height < innerHeight || at.top < own.height + 8;
    // Positions are set by the object model, which the policy allows.
    card.style.left = Math.max(8, Math.min(at.left, innerWidth - own.width - 8)) + scrollX + "px";
    card.style.top = (below ? at.bottom + 8 : at.top - own.height - 8) + scrollY + "px";
    link.setAttribute("aria-describedby", card.id);
  };
  const linkOf = (target) => target instanceof Element && target.closest("a.entity, a.node, .crumbs a, a.list-item");
  const plan = (link, delay) => {
    if (link === of) return;
    hide();
    const folder = folderOf(link);
    if (!folder || new URL(typeof link.href === "string" ? link.href : link.href.baseVal, location.href).pathname === location.pathname) return;
    of = link;
    // The card says it all, and would lie below the browser's own.
    for (const titled of [link, ...link.querySelectorAll("[title]")]) titled.removeAttribute("title");
    timer = setTimeout(() => show(link, folder), delay);
  };
  const canPoint = matchMedia("(hover: hover)").matches;
  if (canPoint) document.addEventListener("pointerover", (event) => {
    const link = linkOf(event.target);
    if (link) plan(link, 320);
    else if (of && !card.contains(event.target)) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && of) hide();
    const link = event.altKey && event.key === "ArrowDown" && linkOf(document.activeElement);
    if (link) { event.preventDefault(); plan(link, 0); }
  });
  document.addEventListener("focusout", hide);
  addEventListener("scroll", hide, { passive: true });

  // A picture that is wider than its frame shows what it is about.
  for (const frame of document.querySelectorAll(".graph")) {
    const focus = frame.querySelector(".node.focus rect");
    if (!focus || (frame.scrollWidth <= frame.clientWidth && frame.scrollHeight <= frame.clientHeight)) continue;
    const at = focus.getBoundingClientRect(), seen = frame.getBoundingClientRect();
    frame.scrollTo({ left: at.left - seen.left - (seen.width - at.width) / 2, top: at.top - seen.top - (seen.height - at.height) / 2, behavior: "instant" });
  }

  // Inspect: JSON on request, and copying.
  const json = document.querySelector("[data-json]");
  if (json) json.addEventListener("toggle", async () => {
    const code = json.querySelector("code");
    if (!json.open || code.dataset.done) return;
    code.dataset.done = "true";
    try {
      const answer = await fetch(json.dataset.json);
      const text = await answer.text();
      code.textContent = text.length > 300000 ? "The file is large; open it from the link above." : JSON.stringify(JSON.parse(text), null, 2);
    } catch { code.textContent = "It could not be loaded."; }
  });
  const copy = document.querySelector("[data-copy-url]");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(location.href.replace(/[?#].*/, ""));
      copy.lastElementChild.textContent = "Copied";
      setTimeout(() => { copy.lastElementChild.textContent = "Copy URL"; }, 1600);
    });
  }
})();
