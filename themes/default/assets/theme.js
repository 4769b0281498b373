// Light or dark, before the page is drawn. "auto" follows the system.
(() => {
  "use strict";
  const root = document.documentElement;
  const key = "callboard-theme";
  const order = ["auto", "light", "dark"];
  const names = { auto: "as the system", light: "light", dark: "dark" };
  const stored = () => {
    try { return localStorage.getItem(key); } catch { return null; }
  };
  let theme = order.includes(stored()) ? stored() : "auto";
  const apply = () => {
    if (theme === "auto") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme);
  };
  apply();
  addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("button[data-theme-switch]");
    if (!button) return;
    const icon = button.querySelector(".icon");
    const label = () => {
      icon.className = "icon icon-" + theme;
      button.title = "Colours: " + names[theme];
      button.setAttribute("aria-label", button.title);
    };
    label();
    button.hidden = false;
    button.addEventListener("click", () => {
      theme = order[(order.indexOf(theme) + 1) % order.length];
      try { localStorage.setItem(key, theme); } catch { /* Private windows: it holds for this page. */ }
      apply();
      label();
    });
  });
})();
