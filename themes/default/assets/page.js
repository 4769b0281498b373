// What makes a page handier, and nothing that it needs: copying code, filtering tables, following the
// contents, keeping tabs and the navigation as they were.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  };
  const decoded = (text) => {
    try { return decodeURIComponent(text); } catch { return text; }
  };
  const kept = (key, value) => {
    try {
      if (value === undefined) return sessionStorage.getItem(key);
      sessionStorage.setItem(key, value);
    } catch { return null; }
  };

  // Copies the code without its prompts and the marks of notes; line numbers are no text.
  if (navigator.clipboard) for (const block of all(".cb-code")) {
    const code = block.querySelector("pre code");
    if (!code) continue;
    const button = element("button", "copy", "Copy");
    button.type = "button";
    button.addEventListener("click", async () => {
      const isSession = /language-(console|shell-session|terminal|pycon)/.test(code.className);
      const copy = code.cloneNode(true);
      all(".cb-note", copy).forEach((note) => note.remove());
      const text = isSession ? copy.textContent.replace(/^(\$|#|>>>|\.\.\.) /gm, "") : copy.textContent;
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
      button.classList.add("done");
      setTimeout(() => { button.textContent = "Copy"; button.classList.remove("done"); }, 1600);
    });
    block.append(button);
  }

  // A filter over the rows that the page has.
  for (const section of all("[data-filter]")) {
    const rows = all("tbody tr", section);
    const title = section.querySelector(".card-title");
    if (rows.length < 8 || !title) continue;
    const input = element("input", "filter", "");
    input.type = "search";
    input.placeholder = "Filter this page";
    input.setAttribute("aria-label", input.placeholder);
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/);
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
      }
    });
    title.append(input);
  }

  // Tabs of one name go together, on this page and on the next.
  const tabKey = "callboard-tabs";
  const tabs = new Map();
  for (const set of all(".tabbed-set")) {
    const inputs = all(":scope > input", set);
    all(":scope > .tabbed-labels > label", set).forEach((label, idx) => {
      const name = label.textContent.trim();
      if (inputs[idx]) tabs.set(inputs[idx], name);
    });
  }
  const choose = (name) => tabs.forEach((of, input) => { if (of === name) input.checked = true; });
  let chosen = [];
  try { chosen = JSON.parse(localStorage.getItem(tabKey)) || []; } catch { chosen = []; }
  if (Array.isArray(chosen)) chosen.forEach(choose); else chosen = [];
  tabs.forEach((name, input) => input.addEventListener("change", () => {
    const top = input.closest(".tabbed-set").getBoundingClientRect().top;
    choose(name);
    scrollBy({ top: input.closest(".tabbed-set").getBoundingClientRect().top - top, behavior: "instant" });
    chosen = [...chosen.filter((other) => other !== name), name].slice(-20);
    try { localStorage.setItem(tabKey, JSON.stringify(chosen)); } catch { /* It holds for this page. */ }
  }));

  // What an address leads to may lie in a tab or be folded up.
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decoded(location.hash.slice(1)));
    if (!target) return;
    let hidden = false;
    const open = (input) => { if (input && !input.checked) hidden = input.checked = true; };
    if (tabs.has(target)) open(target);
    for (let at = target; at; at = at.parentElement) {
      if (at.localName === "details" && at !== target && !at.open) hidden = at.open = true;
      if (!at.matches(".tabbed-block")) continue;
      const idx = [...at.parentElement.children].indexOf(at);
      open(all(":scope > input", at.closest(".tabbed-set"))[idx]);
    }
    const seen = tabs.has(target) ? target.closest(".tabbed-set") : target;
    if (hidden || seen !== target) seen.scrollIntoView({ behavior: "instant" });
  };
  reveal();
  addEventListener("hashchange", reveal);

  // On a phone the bar at the top is longer than the screen.
  const bar = document.querySelector(".top-nav"), here = bar?.querySelector("[aria-current]");
  if (here && bar.scrollWidth > bar.clientWidth) bar.scrollLeft = here.offsetLeft - bar.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;

  // The navigation stays where it was; the current page is in sight.
  const side = document.querySelector("[data-keep-scroll]");
  if (side) {
    const key = "callboard-nav " + (side.querySelector(".docs-title") || side).href;
    side.scrollTop = Number(kept(key)) || 0;
    const current = side.querySelector("[aria-current=page]");
    if (current && side.scrollHeight > side.clientHeight) {
      const seen = side.getBoundingClientRect(), at = current.getBoundingClientRect();
      if (at.top < seen.top + 40 || at.bottom > seen.bottom - 40) {
        side.scrollTop += at.top - seen.top - side.clientHeight / 2;
      }
    }
    addEventListener("pagehide", () => kept(key, side.scrollTop));
  }

  // The contents show which heading is being read.
  const contents = document.querySelector("[data-toc]");
  if (contents && "IntersectionObserver" in window) {
    const links = new Map();
    for (const link of all("a", contents)) {
      const heading = document.getElementById(decoded(link.hash.slice(1)));
      if (heading) links.set(heading, link);
    }
    const headings = [...links.keys()];
    const mark = () => {
      const read = headings.filter((heading) => heading.getBoundingClientRect().top < 140).pop();
      links.forEach((link, heading) => {
        if (heading === read) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    };
    const observer = new IntersectionObserver(mark, { rootMargin: "-130px 0px -40% 0px", threshold: [0, 1] });
    headings.forEach((heading) => observer.observe(heading));
    const toggle = document.querySelector("[data-toggle-toc]");
    contents.addEventListener("click", (event) => { if (toggle && event.target.closest("a")) toggle.checked = false; });
  }
})();
