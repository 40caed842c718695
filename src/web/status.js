// Keeps the page up to date: asks every few seconds whether something changed, and only then fetches it anew. Parts
// are exchanged in place, so that focus, what is being typed and the scroll stay. Without it the page is the same,
// only older.
"use strict";
(() => {
  const EVERY_MS = 5000;
  const live = document.getElementById("live");
  const news = document.getElementById("news");
  let mark = null;

  const connected = (yes) => {
    live.textContent = yes ? "● " + live.dataset.on : "○ " + live.dataset.off;
  };

  const keepFocus = (part, exchange) => {
    const held = part.contains(document.activeElement) ? document.activeElement : null;
    const href = held && held.getAttribute("href");
    const open = [...part.querySelectorAll("details")].map((one) => one.open);
    exchange();
    part.querySelectorAll("details").forEach((one, i) => { one.open = open[i] === true; });
    if (held && href)
      [...part.querySelectorAll("a")].find((one) => one.getAttribute("href") === href)?.focus({ preventScroll: true });
  };

  const exchange = (fresh) => {
    const before = document.getElementById("headline")?.textContent;
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = fresh.getElementById(part.id);
      if (!other || other.innerHTML === part.innerHTML)
        continue;
      keepFocus(part, () => { part.className = other.className; part.innerHTML = other.innerHTML; });
    }
    const after = document.getElementById("headline")?.textContent;
    if (after !== before) {
      document.title = fresh.title;
      news.textContent = live.dataset.updated + " " + after;
    }
  };

  const look = async () => {
    try {
      const answer = await fetch("/live.json", { cache: "no-store" });
      const now = await answer.json();
      if (mark !== now.mark) {
        const page = await fetch(location.href, { cache: "no-store" });
        if (page.ok)
          exchange(new DOMParser().parseFromString(await page.text(), "text/html"));
        mark = now.mark;
      }
      connected(true);
    } catch {
      connected(false);
    }
  };

  const again = async () => {
    if (!document.hidden)
      await look();
    setTimeout(again, EVERY_MS);
  };

  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName || "");
    const search = document.getElementById("search");
    if (event.key === "/" && search && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
    }
  });
  connected(true);
  setTimeout(again, EVERY_MS);
})();
