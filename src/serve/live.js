// Reloads a served page when its site has changed, and shows what went
// wrong. It runs in the head, before any content, and keeps what it needs
// from the document: no element of a page can stand in its way. All text
// goes through textContent.
"use strict";
(() => {
  const doc = document;
  const root = doc.documentElement;
  const create = doc.createElement.bind(doc);
  const own = doc.currentScript.dataset.generation;
  const style = new URL("live.css", doc.currentScript.src).href;
  const events = new URL("events", doc.currentScript.src).href;
  const place = "callboard-scroll";
  let stream = null;
  let host = null;
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
  };

  const show = (state) => {
    const text = JSON.stringify(state.problems);
    if (state.problems.length === 0 || text === closed) {
      hide();
      if (state.problems.length === 0) closed = "";
      return;
    }
    hide();
    host = element("div", "callboard-live");
    const shadow = host.attachShadow({ mode: "closed" });
    const link = element("link");
    link.rel = "stylesheet";
    link.href = style;
    const dialog = element("dialog");
    dialog.setAttribute("aria-labelledby", "title");
    const n = state.n_problems;
    const title = state.stale
      ? "The last change could not be built. This page is older."
      : n === 1 ? "1 new problem" : `${n} new problems`;
    const heading = element("h2", "", title);
    heading.id = "title";
    const list = element("ul");
    list.append(...state.problems.map(item));
    const button = element("button", "", "Close");
    button.type = "button";
    button.addEventListener("click", () => {
      closed = text;
      hide();
    });
    dialog.append(heading, list, button);
    shadow.append(link, dialog);
    root.append(host);
    dialog.show();
  };

  const heard = (event) => {
    const state = JSON.parse(event.data);
    if (state.generation !== own) reload();
    else show(state);
  };

  // A browser opens six connections to a host at most, so a page that
  // nobody sees gives its own back. It learns of changes when it is seen.
  const open = () => {
    if (stream || doc.visibilityState === "hidden") return;
    stream = new EventSource(events);
    stream.addEventListener("message", heard);
    stream.addEventListener("full", close);
  };

  const close = () => {
    if (stream) stream.close();
    stream = null;
  };

  addEventListener("load", restore, { once: true });
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  doc.addEventListener("visibilitychange", () => (doc.visibilityState === "hidden" ? close() : open()));
  open();
})();
