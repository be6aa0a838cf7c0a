// Keys on the list of submissions: j k Enter x a / ?
// An addition only: everything here can be done without it, and each person can switch it off (the list under "Keys").
"use strict";

(() => {
  const list = document.getElementById("list");
  const table = document.querySelector("table.worklist");
  const hasKeys = document.querySelector("table.has-keys") !== null;
  const boxes = list ? [...list.querySelectorAll("input[name=chosen]")] : [];
  const keys = document.getElementById("keys");
  const references = table ? [...table.querySelectorAll("a.reference")] : [];

  const rowOf = (element) => element?.closest("tbody tr:not(.urgent-line)") ?? null;
  const here = () => {
    const row = table?.contains(document.activeElement) ? rowOf(document.activeElement) : null;
    return row ? references.findIndex((link) => row.contains(link)) : -1;
  };
  const isTyping = (target) =>
    target instanceof Element && target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  const goTo = (place) => {
    const link = references[Math.max(0, Math.min(place, references.length - 1))];
    link?.focus();
    rowOf(link)?.scrollIntoView({ block: "nearest" });
  };
  const inRow = (selector) => rowOf(references[here()])?.querySelector(selector);

  const acts = {
    j: () => goTo(here() + 1),
    k: () => goTo(here() === -1 ? 0 : here() - 1),
    x: () => inRow("input[type=checkbox]")?.click(),
    a: () => inRow("button[form=take]")?.click(),
    "/": () => document.getElementById("sought")?.focus(),
    "?": () => {
      if (!keys) return;
      keys.open = !keys.open;
      keys.querySelector("summary").focus();
      if (keys.open) keys.scrollIntoView({ block: "nearest" });
    },
  };

  document.addEventListener("keydown", (event) => {
    if (!hasKeys || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  if (list && boxes.length > 1) addChooseAll(list.dataset.chooseAll);

  // One box over the boxes of this page.
  function addChooseAll(label) {
    const all = document.createElement("input");
    const wrap = document.createElement("label");
    all.type = "checkbox";
    all.setAttribute("aria-label", label);
    wrap.className = "box";
    wrap.append(all);
    list.querySelector("thead th").append(wrap);
    const show = () => {
      const number = boxes.filter((box) => box.checked).length;
      all.checked = number === boxes.length;
      all.indeterminate = number > 0 && number < boxes.length;
    };
    all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
    list.addEventListener("change", show);
    show();
  }
})();
