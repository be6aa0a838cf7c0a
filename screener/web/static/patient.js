// Small help for a patient on a bad phone. An addition only: every page works without it, and nothing is kept on the device.
//
// - Questions that an answer opens are put in at once (a peek: the same form, sent to its own address).
// - A form is sent in the background, so that a lost connection leaves the page as it is, with a button to try again.
// - Leaving with something changed and not sent is warned about; so is the end of the time that answers stay open here.
// - Where other people use the device, a page that nobody touches closes itself, after a warning.
//
// `patientWords` stands before this, in the page's language. Forms hold items of any name, and a form's properties are hidden
// by fields that are called like them: so attributes are read, never properties such as `form.action`.
"use strict";

(() => {
  const words = self.patientWords;
  const PATIENCE = 30_000; // how long an answer of the server is waited for
  const PEEK_PATIENCE = 10_000; // less: Continue waits for a peek that is on its way, and asks the same
  const MOST_KEPT_ALIVE = 60_000; // letters: browsers finish a request of a page that is left, up to 64 KiB
  const LEAVING = 3_000; // how long a form stays shut after it was sent, until the next page is there
  const GLANCE = 1_000; // how long a new question is in the middle of the screen before it counts as seen
  const SETTLE = 250; // several boxes ticked in a row are one peek
  const LAST_MINUTES = 300; // seconds before the end when the warning comes
  const IDLE_WARNING = 30; // seconds before a shared device closes the page: enough to read one sentence and press a key
  const CONTACT = 120; // seconds: while somebody reads on a shared device, the server hears of it this often

  const mainForm = () => document.getElementById("main-form");
  const urlOf = (form) => form.getAttribute("action") || location.href;
  const number = (name) => Number(document.body.getAttribute(name)) || 0;

  // ---- Sending -------------------------------------------------------------------------------

  const fieldsOf = (form, submitter) => {
    const fields = new URLSearchParams(new FormData(form));
    const name = submitter?.getAttribute("name");
    if (name) fields.append(name, submitter.getAttribute("value") ?? "");
    return fields;
  };

  // What the server said: where to go on, or a page; and for how long answers are open now. Throws where it said nothing.
  const post = async (url, fields, patience = PATIENCE) => {
    const waiting = new AbortController();
    const timer = setTimeout(() => waiting.abort(), patience);
    try {
      const reply = await fetch(url, {
        method: "POST", body: fields, headers: { "X-Sent-By": "script" }, signal: waiting.signal,
        keepalive: String(fields).length < MOST_KEPT_ALIVE,
      });
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      lastContact = Date.now();
      if (reply.headers.has("X-Left")) setLeft(Number(reply.headers.get("X-Left")));
      return { next: reply.headers.get("X-Next"), page };
    } finally {
      clearTimeout(timer);
    }
  };

  const isOurs = (page) => page.body.classList.contains("patient");
  const saysError = (page) => page.body.classList.contains("page-error");

  let isSending = false;
  const send = async (form, submitter) => {
    if (isSending) return;
    isSending = true;
    clearTimeout(settling);
    const focused = document.activeElement;
    // What is written while it is on its way would be lost with the page. Attributes: see above.
    form.setAttribute("inert", "");
    // The browser shows nothing of a request in the background, so a slow one has to be told of.
    const waiting = setTimeout(() => {
      form.after(element("p", "quiet still-sending", { role: "status" }, words.sending));
      document.querySelector(".still-sending").scrollIntoView({ block: "nearest" });
    }, 1500);
    let isLeaving = false;
    try {
      await peeking; // it renews the marks of this page
      form.querySelectorAll("[data-unseen]:not([data-touched])").forEach((block) => block.remove());
      const { next, page } = await post(urlOf(form), fieldsOf(form, submitter));
      isLeaving = next !== null;
      if (isLeaving) goTo(next);
      else if (isOurs(page) && !saysError(page)) show(page);
      else notSent(form, submitter, (isOurs(page) && page.querySelector("main .lead")?.textContent) || words.no_answer);
    } catch {
      distrustMarks(form);
      notSent(form, submitter, words.no_connection);
    } finally {
      clearTimeout(waiting);
      document.querySelector(".still-sending")?.remove();
      setTimeout(() => open(form, isLeaving ? null : focused), isLeaving ? LEAVING : 0);
    }
  };

  const open = (form, focused) => {
    isSending = false;
    form.removeAttribute("inert");
    if (form === mainForm()) focused?.focus({ preventScroll: true });
  };

  const goTo = (url) => {
    setChanged(false);
    const to = new URL(url, location.href);
    const isHere = to.pathname + to.search === location.pathname + location.search;
    location.assign(to);
    if (isHere && to.hash) location.reload(); // with a fragment it would only be scrolled to
  };

  // The answer to a form may be a page: the same one with errors, or another in its place.
  const show = (page) => {
    document.title = page.title;
    document.documentElement.lang = page.documentElement.lang;
    const first = page.querySelector("[autofocus]");
    first?.removeAttribute("autofocus"); // browsers heed it on a new page alone
    document.body.replaceWith(page.body);
    begin();
    scrollTo(0, 0);
    (first ?? document.getElementById("main")).focus();
  };

  // The page stays as it is. What was written stands in the page alone: not in the browser's storage, nor anywhere else.
  const notSent = (form, submitter, why) => {
    document.querySelector(".not-sent")?.remove();
    const notice = element("div", "not-sent", { role: "alert" });
    const again = element("button", "button", { type: "button" }, words.try_again);
    again.addEventListener("click", () => send(form, submitter));
    notice.append(element("p", "why", {}, why), element("p", "", {}, words.still_here), again);
    const buttons = [...form.querySelectorAll(".actions")].at(-1); // above them, where the finger is
    if (buttons) buttons.before(notice);
    else form.append(notice);
    notice.scrollIntoView({ block: "nearest" });
  };

  addEventListener("online", () => {
    const why = document.querySelector(".not-sent .why");
    if (why) why.textContent = words.connected;
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches(".leave")) setTimeout(blank);
    // The other language has another set of words, and buttons outside the form (leave, erase) mean to go.
    if (form !== mainForm() || event.submitter?.getAttribute("name") === "language") return setChanged(false);
    event.preventDefault();
    send(form, event.submitter);
  });

  // ---- What was changed and not sent ---------------------------------------------------------

  let changes = 0;
  let isChanged = false;
  const warnOfLoss = (event) => {
    event.preventDefault();
    event.returnValue = true; // what older browsers listen to
  };
  const setChanged = (changed) => {
    if (changed) changes += 1;
    isChanged = changed;
    // Only while it is needed: browsers keep no page at hand that listens to this.
    if (changed) addEventListener("beforeunload", warnOfLoss);
    else removeEventListener("beforeunload", warnOfLoss);
  };

  document.addEventListener("input", (event) => {
    if (!event.target.closest("#main-form")) return;
    setChanged(true);
    event.target.closest("[data-item]")?.setAttribute("data-touched", "");
  });

  // The way to help must not be asked whether it wants to leave the page. What stands on the page is saved on the way.
  document.addEventListener("click", (event) => {
    if (!isChanged || !event.target.closest("a[href^='tel:'], a[href^='sms:'], a[href^='mailto:'], .urgent-bar a")) return;
    if (event.target.closest(".urgent-bar")) peek();
    removeEventListener("beforeunload", warnOfLoss);
    setTimeout(() => isChanged && addEventListener("beforeunload", warnOfLoss), 1000);
  });

  // ---- Questions that an answer opens ---------------------------------------------------------

  let settling;
  document.addEventListener("change", (event) => {
    const gates = mainForm()?.getAttribute("data-gates")?.split(" ") ?? [];
    const item = event.target.getAttribute("name")?.split("-")[0]; // "pain-unknown" and "born-day" belong to their items
    if (!event.target.closest("#main-form") || !gates.includes(item)) return;
    clearTimeout(settling);
    settling = setTimeout(peek, SETTLE);
  });

  // Saves what stands on the page and puts in what is asked now. Where it fails, Continue will do the same.
  let peeks = 0;
  let peeking = Promise.resolve();
  const peek = () => (peeking = peekAfter(peeking));

  const peekAfter = async (earlier) => {
    const mine = (peeks += 1);
    await earlier; // each renews the marks that the next one sends
    const form = mainForm();
    if (mine !== peeks || !form?.hasAttribute("data-gates")) return;
    const before = changes;
    const sent = fieldsOf(form);
    const fields = new URLSearchParams(sent);
    fields.append("only-peek", "yes");
    try {
      const { page } = await post(urlOf(form), fields, PEEK_PATIENCE);
      const asked = page.querySelector("#main-form[data-gates]");
      if (page.querySelector(".kept-notice")) warnOfEnd();
      if (form !== mainForm() || !asked || page.querySelector(".error-summary")) return;
      renewMarks(form, asked, sent);
      if (mine === peeks && !isSending) putIn(form, asked, sent);
      if (before === changes) setChanged(false);
    } catch {
      distrustMarks(form);
    }
  };

  const blocksOf = (form) => new Map([...form.querySelectorAll("[data-item]")].map((block) => [block.dataset.item, block]));
  const markOf = (block) => block.querySelector("input[name=items-shown]");
  const saidOf = (fields, item) =>
    [...fields].filter(([name]) => name !== "items-shown" && name.split("-")[0] === item).map((pair) => pair.join("=")).sort().join("&");

  // What came in where nobody looked is not passed over: Continue takes it out again, and the server asks it on a screen of its own.
  const glances = new Map();
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      clearTimeout(glances.get(target));
      if (isIntersecting) glances.set(target, setTimeout(() => target.removeAttribute("data-unseen"), GLANCE));
    }
  }, { rootMargin: "-15% 0px" });
  const awaitGlance = (block) => {
    block.setAttribute("data-unseen", "");
    watch.observe(block);
  };

  // What comes back as it was sent is stored; its mark is that of the stored answer from now on.
  const renewMarks = (form, asked, sent) => {
    const [here, answers] = [blocksOf(form), fieldsOf(asked)];
    for (const [item, block] of blocksOf(asked)) {
      if (here.has(item) && saidOf(sent, item) === saidOf(answers, item)) markOf(here.get(item)).value = markOf(block).value;
    }
  };

  // Whether the server got it is not known, so the marks may be older than what it has. What was touched here shall count.
  const distrustMarks = (form) => {
    for (const mark of form.querySelectorAll("[data-touched] > input[name=items-shown]")) mark.value = mark.value.split(":")[0];
  };

  // Questions that stand here already stay as they are, with what was typed and the focus. One that comes back otherwise than
  // it was sent was answered in another tab meanwhile: then that answer is shown.
  const putIn = (form, asked, sent) => {
    const [here, wanted, answers] = [blocksOf(form), blocksOf(asked), fieldsOf(asked)];
    const gone = [...here].filter(([item, block]) => !wanted.has(item) && !block.contains(document.activeElement));
    const added = [...wanted].filter(([item]) => !here.has(item));
    gone.forEach(([, block]) => block.remove());
    let last = null;
    for (const [item, block] of wanted) {
      let present = here.get(item);
      const isSame = saidOf(sent, item) === saidOf(answers, item);
      if (!present || !(isSame || present.contains(document.activeElement))) {
        present?.remove();
        present = document.adoptNode(block);
        if (!here.has(item)) awaitGlance(present);
        if (last) last.after(present);
        else form.querySelector("[data-item], .actions").before(present);
      }
      last = present;
    }
    if (added.length) announce(words.questions_added.replace("{count}", added.length));
    else if (gone.length) announce(words.questions_gone.replace("{count}", gone.length));
  };

  // ---- How long answers stay open here --------------------------------------------------------

  let left = 0; // seconds, at the moment `leftSince`: the device's own clock may be wrong, but it runs
  let leftSince = 0;
  let lastContact = Date.now();
  let lastTouched = Date.now();
  const since = (moment) => (Date.now() - moment) / 1000;

  const setLeft = (seconds) => {
    left = seconds;
    leftSince = Date.now();
    if (document.querySelector(".stay")?.dataset.kind !== "idle") dropBar();
  };

  const stay = () => {
    lastTouched = Date.now();
    dropBar();
    return tellServer();
  };

  // A screen of questions is saved with it. Where nothing can be saved, or reached, the warning comes again.
  const tellServer = async () => {
    lastContact = Date.now();
    if (mainForm()?.hasAttribute("data-gates")) return peek();
    const url = document.body.getAttribute("data-stay");
    if (!url) return; // no draft stands behind this page
    const token = document.querySelector("input[name=csrf_token]").value;
    try {
      const { next } = await post(url, new URLSearchParams({ csrf_token: token }));
      if (next) warnOfEnd();
    } catch {
      // Nothing was to be saved.
    }
  };

  let bar = null;
  let beforeBar = null; // where the focus was
  const dropBar = () => {
    const hadFocus = bar?.contains(document.activeElement);
    bar?.remove();
    if (hadFocus && beforeBar?.isConnected) beforeBar.focus({ preventScroll: true });
    bar = null;
  };

  // Somebody who is just writing keeps the focus, and hears it between two words.
  const warn = (kind, text) => {
    if (bar?.isConnected && bar.dataset.kind === kind) return;
    dropBar();
    const isWriting = since(lastTouched) < 5 && document.activeElement.matches("input, textarea");
    const isTaken = kind !== "ended" && !isWriting;
    bar = element("div", "stay", { role: isTaken ? "alertdialog" : "alert", "aria-label": text, "data-kind": kind });
    bar.append(element("p", "", {}, text));
    document.body.append(bar);
    if (kind === "ended") return;
    const button = element("button", "button button-main", { type: "button" }, words.stay);
    button.addEventListener("click", stay);
    bar.append(button);
    if (!isTaken) return;
    beforeBar = document.activeElement;
    button.focus({ preventScroll: true });
  };

  const warnOfEnd = () => warn("ended", isChanged ? words.ended_unsent : words.ended);

  const look = () => {
    const idle = number("data-idle");
    const remaining = left - since(leftSince);
    if (idle && since(lastTouched) >= idle) close();
    else if (idle && since(lastTouched) >= idle - IDLE_WARNING) warn("idle", words.idle);
    else if (left && remaining <= 0) warnOfEnd();
    else if (left && remaining <= Math.min(LAST_MINUTES, left / 2)) warn("end", words.ends_soon);
    else if (left && idle && since(lastContact) >= CONTACT && lastTouched > lastContact) tellServer();
    else if (idle && since(lastTouched) >= 1 && bar?.dataset.kind === "idle") dropBar();
  };

  // A press on the warning itself must find it there; the next look takes it away.
  const touched = (event) => {
    lastTouched = Date.now();
    if (bar?.dataset.kind === "idle" && !bar.contains(event.target)) dropBar();
  };
  for (const kind of ["pointerdown", "keydown", "input", "scroll", "touchmove"]) {
    addEventListener(kind, touched, { passive: true, capture: true });
  }
  // A phone that slept sees the time at once when it wakes.
  document.addEventListener("visibilitychange", () => document.hidden || look());

  // Off the screen at once: the line may be slow, and the browser takes its time to forget.
  const blank = () => {
    document.title = "\u00a0";
    document.body.hidden = true;
  };

  const close = () => {
    const form = document.querySelector("form.leave");
    if (!form || document.body.hidden) return;
    setChanged(false);
    form.append(element("input", "", { type: "hidden", name: "idle", value: "yes" }));
    HTMLFormElement.prototype.submit.call(form);
    blank();
  };

  // ---- Small things ---------------------------------------------------------------------------

  function element(name, className, attributes, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text) made.textContent = text;
    return made;
  }

  // Read out politely: the place for news must stand in the page before the news.
  const announce = (text) => {
    document.getElementById("news").textContent = text;
  };

  const begin = () => {
    const news = element("p", "visually-hidden", { id: "news", role: "status" });
    document.body.append(news);
    setLeft(number("data-left"));
    lastTouched = Date.now();
    setChanged(document.querySelector(".error-summary, .kept-notice") !== null); // what stands there is not saved
    const print = document.querySelector("button[data-print]");
    if (print) {
      print.hidden = false;
      print.addEventListener("click", () => window.print());
    }
  };

  // A page from the browser's memory may be someone else's by now: ask the server.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  begin();
  setInterval(look, 1000);
})();
