// Keeps a served page as its site is, and shows what went wrong. It runs
// in the head, before any content, and keeps what it needs from the
// document: no element of a page can stand in its way. All text goes
// through textContent.
"use strict";
(() => {
  const doc = document;
  const root = doc.documentElement;
  const create = doc.createElement.bind(doc);
  const find = doc.querySelectorAll.bind(doc);
  const isHidden = Object.getOwnPropertyDescriptor(Document.prototype, "hidden").get.bind(doc);
  const style = new URL("live.css", doc.currentScript.src).href;
  const events = new URL("events", doc.currentScript.src).href;
  const place = "callboard-scroll";
  const heardAt = "callboard-heard";
  // Two names: of all but the stylesheets, and of these.
  let [content, styles] = doc.currentScript.dataset.tag.split(".");
  // The generations that this page is known to agree with.
  let seen = "";
  let media = "";
  let last = "";
  let host = null;
  let shown = "";
  let closed = "";

  const element = (name, className, text) => {
    const made = create(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  const reload = () => {
    close();
    try {
      sessionStorage.setItem(place, JSON.stringify([location.pathname, scrollX, scrollY]));
    } catch {
      // Storage is switched off: the browser's own memory has to do.
    }
    location.reload();
  };

  const restore = () => {
    try {
      const [path, x, y] = JSON.parse(sessionStorage.getItem(place) || "[]");
      sessionStorage.removeItem(place);
      if (path === location.pathname) scrollTo(x, y);
    } catch {
      // As above.
    }
  };

  const item = (problem) => {
    const made = element("li", problem.severity);
    const file = problem.file || "";
    const where = problem.line ? `${file}:${problem.line}:${problem.column || 1}` : file;
    if (where) made.append(element("p", "where", where));
    made.append(element("p", "message", problem.message));
    if (problem.excerpt) made.append(element("pre", "excerpt", problem.excerpt));
    if (problem.help) made.append(element("p", "help", problem.help));
    if (problem.code) made.append(element("p", "code", `callboard explain ${problem.code}`));
    return made;
  };

  const hide = () => {
    if (host) host.remove();
    host = null;
    shown = "";
  };

  const show = (state) => {
    const text = JSON.stringify([state.stale, state.problems]);
    if (state.problems.length === 0 || text === closed) {
      hide();
      if (state.problems.length === 0) closed = "";
      return;
    }
    if (text === shown) return;
    hide();
    shown = text;
    host = element("div", "callboard-live");
    // Not before it has its look.
    const { style: look } = host;
    look.visibility = "hidden";
    const shadow = host.attachShadow({ mode: "closed" });
    const link = element("link");
    link.rel = "stylesheet";
    link.href = style;
    link.onload = link.onerror = () => (look.visibility = "");
    const n = state.n_problems;
    const title = state.stale
      ? "The last change could not be built. This page is older."
      : n === 1 ? "1 new problem" : `${n} new problems`;
    const heading = element("h2", "", title);
    heading.id = "title";
    const header = element("div");
    header.setAttribute("role", "alert");
    header.append(heading);
    const list = element("ul");
    list.append(...state.problems.map(item));
    const button = element("button", "", "Close");
    button.type = "button";
    const leave = () => {
      closed = text;
      hide();
    };
    button.addEventListener("click", leave);
    const dialog = element("dialog");
    dialog.setAttribute("aria-labelledby", "title");
    dialog.addEventListener("keydown", (event) => event.key === "Escape" && leave());
    dialog.append(header, list, button);
    // `show()` would take the focus from whoever is typing.
    dialog.setAttribute("open", "");
    shadow.append(link, dialog);
    root.append(host);
  };

  const attribute = (tag, name) => {
    const found = tag.match(new RegExp(`\\s${name}="([^"&]*)"`));
    return found ? found[1] : null;
  };

  // Puts other stylesheets in the place of ours; false if they do not
  // match one to one.
  const restyle = async () => {
    const page = await (await fetch(location.href, { cache: "no-store" })).text();
    const isStyle = (tag) => attribute(tag, "rel") === "stylesheet";
    const head = page.slice(0, page.indexOf("</head>"));
    const fresh = (head.match(/<link\b[^>]*>/g) || []).filter(isStyle);
    const old = [...find('head > link[rel="stylesheet"]')];
    if (fresh.length !== old.length || fresh.some((tag) => !attribute(tag, "href"))) return false;
    const swaps = old.map((link, n) => new Promise((done) => {
      const href = attribute(fresh[n], "href");
      if (href === link.getAttribute("href")) return done();
      const made = link.cloneNode();
      const integrity = attribute(fresh[n], "integrity");
      if (integrity) made.integrity = integrity;
      else made.removeAttribute("integrity");
      made.href = href;
      // The old one stays until the new one is there: nothing flashes.
      made.onload = made.onerror = () => {
        link.remove();
        done();
      };
      link.after(made);
    }));
    await Promise.all(swaps);
    return true;
  };

  // What lies in `_cb` has another name when it changes.
  const isByName = (made) => !(made.src || made.srcset || "").includes("/_cb/");

  // Goes to another page of the portal. True if that is not this one.
  const follows = (path) => {
    const url = new URL("../" + path.split("/").map(encodeURIComponent).join("/"), events);
    if (url.pathname === location.pathname) return false;
    close();
    location.assign(url);
    return true;
  };

  // Asks whether this page is another one now. True if it need not be
  // loaded again.
  const agrees = async (state) => {
    const response = await fetch(location.href, { method: "HEAD", cache: "no-store" });
    const [now, nowStyles] = (response.headers.get("etag") || "").replaceAll('"', "").split(".");
    if (now !== content) return false;
    const isOtherMedia = media !== "" && media !== state.media;
    if (isOtherMedia && [...find("img, video, audio, source")].some(isByName)) return false;
    if (nowStyles !== styles && !(await restyle())) return false;
    styles = nowStyles;
    return true;
  };

  // One message after the other, and of several the last.
  let turn = Promise.resolve();
  const heard = (text) => {
    last = text;
    turn = turn.then(async () => {
      if (text !== last) return;
      const state = JSON.parse(text);
      if (state.generation !== seen) {
        // Whoever has just opened a page wants to see that one.
        if (seen && state.navigate && follows(state.navigate)) return;
        if (!(await agrees(state))) return reload();
        seen = state.generation;
        media = state.media;
      }
      show(state);
      // The server may have gone in between; its return is a message.
    }).catch(() => {});
  };

  // A browser opens six connections to a host at most, so all its pages
  // share one stream: whoever holds the lock listens for the others. A
  // page that nobody sees lets go, and learns of changes when it is seen.
  // The others read what it hears in the storage of the browser. (A
  // `BroadcastChannel` would do, but Chromium crashes now and then when
  // it brings a message to a page that is being loaded again.) Without
  // locks, which need a safe origin, each page has a stream of its own.
  const canStore = () => {
    try {
      return Boolean(localStorage);
    } catch {
      return false;
    }
  };
  const isShared = Boolean(navigator.locks) && canStore();
  let leave = null;

  const listen = () => {
    const stream = new EventSource(events);
    stream.addEventListener("message", ({ data }) => {
      heard(data);
      try {
        localStorage.setItem(heardAt, data);
      } catch {
        // The others find out when they are loaded again.
      }
    });
    stream.addEventListener("full", () => stream.close());
    return stream;
  };

  const lead = (signal) => new Promise((release) => {
    if (signal.aborted) return release();
    const stream = listen();
    leave = () => {
      stream.close();
      release();
    };
  });

  const open = () => {
    if (leave || isHidden()) return;
    if (!isShared) {
      const stream = listen();
      leave = () => stream.close();
      return;
    }
    const waiting = new AbortController();
    const { signal } = waiting;
    const wait = () => waiting.abort();
    leave = wait;
    navigator.locks.request("callboard", { signal }, () => lead(signal)).catch(() => {});
    // Whoever has to wait has missed what the others have heard.
    setTimeout(() => {
      const missed = leave === wait && localStorage.getItem(heardAt);
      if (missed) heard(missed);
    }, 200);
  };

  const close = () => {
    if (leave) leave();
    leave = null;
  };

  addEventListener("storage", ({ key, newValue }) => {
    if (key === heardAt && newValue && leave) heard(newValue);
  });
  addEventListener("load", restore, { once: true });
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  doc.addEventListener("visibilitychange", () => (isHidden() ? close() : open()));
  open();
})();
