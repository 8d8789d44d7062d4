// The desk's own script: keys, undo, selection, and lines that change by themselves.
// Every page works without it.
"use strict";
(() => {
  const $ = (s, e = document) => e.querySelector(s);
  const rows = () => [...document.querySelectorAll("article.story")];
  const now = () => $("article.story.now");
  const wishes = new Map(); // verdicts given while one on the same story is on its way
  let chord = "", lastPick = null, undoing = false;

  function current(row, focus = true) {
    if (!row) return;
    for (const r of rows()) {
      const here = r === row;
      r.classList.toggle("now", here);
      here ? r.setAttribute("aria-current", "true") : r.removeAttribute("aria-current");
    }
    if (focus) row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = rows(), at = all.indexOf(now());
    const more = $("#more:not([hidden]) a");
    if (more && by > 0 && at === all.length - 1) more.click();
    else current(all[Math.max(0, Math.min(all.length - 1, at + by))] || all[0]);
  }

  // The story before or behind the one that is open.
  function beside(rel) {
    const a = $(`a[rel=${rel}]`);
    if (a) a.click();
  }

  // The next story is current at once: who judges need not wait for the answer.
  function judge(says) {
    const row = now(), b = $(`[data-says="${says}"]`, row || document);
    if (!b) return;
    if (row && row.dataset.sent) wishes.set(row.id, says);
    else b.click();
    if (row) current(rows()[rows().indexOf(row) + 1] || row);
  }

  function undo() {
    const b = $("#toast button");
    undoing = !!$("article[data-sent]");
    if (b && !undoing) b.click();
  }

  // A story is silenced where it stands; without <dialog> on a page of its own.
  function silence(row) {
    const a = $("a.silence", row || document), d = $("#silence");
    if (!a) return;
    if (!d || !d.showModal) { location.href = a.href; return; }
    const title = row ? $("h2", row) : $("h1"), shown = $("[data-title]", d);
    if (row) current(row);
    $("[name=stories]", d).value = new URL(a.href).searchParams.get("story");
    shown.textContent = title.textContent;
    shown.lang = title.lang;
    $("output", d).textContent = "";
    d.showModal();
  }

  // When all on the page is judged, there may be more behind it.
  function cleared() {
    const more = $("#more");
    if (more) more.hidden = rows().some(r => !r.classList.contains("done"));
  }

  function pick(row, upTo) {
    const box = row && $(".pick input", row);
    if (!box) return;
    box.checked = !box.checked;
    if (upTo && lastPick) {
      const all = rows(), a = all.indexOf(lastPick), b = all.indexOf(row);
      for (const r of all.slice(Math.min(a, b), Math.max(a, b) + 1)) { const b = $(".pick input", r); if (b) b.checked = box.checked; }
    }
    lastPick = row;
    picked();
  }

  function pickAll(on) {
    for (const r of rows()) { const b = $(".pick input", r); if (b) b.checked = on; }
    picked();
  }

  function picked() {
    const boxes = [...document.querySelectorAll(".pick input")], n = boxes.filter(b => b.checked).length;
    const all = $("#all"), bar = $("#picked");
    for (const b of boxes) b.closest("article").toggleAttribute("data-picked", b.checked);
    if (all) { all.checked = n > 0 && n === boxes.length; all.indeterminate = n > 0 && n < boxes.length; }
    if (bar) for (const b of bar.querySelectorAll("button")) b.disabled = n === 0;
    const word = bar && $(".muted", bar);
    if (word) { word.dataset.word ||= word.textContent; word.textContent = n ? word.dataset.word + " " + n : word.dataset.word; }
  }

  const keys = {
    j: () => rows().length ? step(1) : beside("next"),
    k: () => rows().length ? step(-1) : beside("prev"),
    o: () => { const a = $("a.open", now() || document) || $("a.back"); if (a) a.click(); },
    r: () => judge("relevant"),
    n: () => judge("irrelevant"),
    u: () => judge("unsure"),
    s: () => silence(now()),
    x: () => pick(now(), false),
    X: () => pick(now(), true),
    z: undo,
    "*": () => pickAll(true),
    "/": () => { const f = $("input[type=search]"); if (f) { f.focus(); f.select(); } },
    "?": () => { const d = $("#keys"); if (d && d.showModal) d.showModal(); else location.href = "/inbox/keys"; },
    Escape: () => { pickAll(false); for (const d of document.querySelectorAll("details.facet[open]")) d.open = false; },
  };
  const places = { i: "/inbox", d: "/drift" };

  document.addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || document.body.dataset.keys === "off") return;
    if (e.target.closest && e.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return;
    if (chord === "g" && places[e.key]) { chord = ""; location.href = places[e.key]; e.preventDefault(); return; }
    chord = e.key === "g" ? "g" : "";
    if (keys[e.key]) { keys[e.key](); if (e.key !== "Escape") e.preventDefault(); }
  });

  document.addEventListener("click", e => {
    const row = e.target.closest("article.story");
    if (row && !e.target.closest("a, button, input")) current(row);
    if (row && e.target.closest("[hx-post]")) row.dataset.sent = "1";
    if (e.target.closest("a.silence") && $("#silence") && !(e.ctrlKey || e.metaKey || e.shiftKey)) { e.preventDefault(); silence(row); }
    if (e.target.closest("[data-closes]")) e.target.closest("dialog").close();
  });
  document.addEventListener("htmx:afterRequest", e => {
    const d = e.target.closest("dialog");
    if (!d || !e.detail.successful) return;
    const row = document.getElementById("s" + $("[name=stories]", d).value);
    d.close();
    $("form", d).reset();
    current(row);
  });
  // A fault leads to its place in the text.
  document.addEventListener("click", e => {
    const a = e.target.closest("a[data-line]"), text = a && $("textarea.code");
    if (!text) return;
    const before = text.value.split("\n").slice(0, a.dataset.line - 1), at = before.join("\n").length + (before.length && 1) + Number(a.dataset.column) - 1;
    setTimeout(() => { text.focus({ preventScroll: true }); text.setSelectionRange(at, at); });
  });
  document.addEventListener("change", e => {
    if (e.target.id === "all") pickAll(e.target.checked);
    else if (e.target.name === "pick") { lastPick = e.target.closest("article"); picked(); }
    else if (e.target.form && e.target.form.id === "f" && (e.target.name === "sort" || e.target.closest(".seg"))) e.target.form.requestSubmit();
  });

  // A line that was put in anew stays the current one, or doesn't become it.
  const beat = new Map();
  const remember = t => { if (t && t.matches("article.story")) beat.set(t.id, t.classList.contains("now")); };
  document.addEventListener("htmx:oobBeforeSwap", e => remember(e.detail.target));
  document.addEventListener("htmx:beforeSwap", e => {
    const t = e.detail.target;
    remember(t);
    const html = e.detail.xhr.getResponseHeader("Content-Type") || "";
    if (e.detail.xhr.status >= 400 && html.startsWith("text/html")) {
      e.detail.shouldSwap = false;
      failed(t);
      const says = new DOMParser().parseFromString(e.detail.serverResponse, "text/html").querySelector(".empty p");
      fault(says ? says.textContent : "");
    }
  });
  document.addEventListener("htmx:sendError", e => { failed(e.target.closest("article.story")); fault(""); });
  function failed(row) {
    if (!row || !row.dataset.sent) return;
    delete row.dataset.sent;
    wishes.delete(row.id);
    current(row);
  }
  function fault(says) {
    const t = $("dialog[open] output") || $("#toast");
    if (!t) return;
    const p = document.createElement("p");
    p.className = "say bad";
    p.textContent = says || "✕";
    t.replaceChildren(p);
  }
  document.addEventListener("htmx:afterSettle", e => {
    const row = e.target.closest && e.target.closest("article.story");
    if (!row) return;
    picked();
    // Who has gone on to another line while this one was put in stays there.
    const was = beat.get(row.id), gone = rows().some(r => r !== row && r.classList.contains("now"));
    beat.delete(row.id);
    if (was && !gone) current(row, false);
    else if (row.classList.contains("now")) {
      row.classList.remove("now");
      row.removeAttribute("aria-current");
    }
    const wish = wishes.get(row.id);
    if (wishes.delete(row.id)) $(`[data-says="${wish}"]`, row)?.click();
    cleared();
    if (undoing) undo();
  });

  // Fields that are left empty stay out of the address.
  document.addEventListener("formdata", e => {
    if (e.target.method !== "get") return;
    for (const name of new Set(e.formData.keys())) {
      const set = e.formData.getAll(name).filter(v => v !== "");
      e.formData.delete(name);
      for (const v of set) e.formData.append(name, v);
    }
  });

  // What takes a while says so.
  document.addEventListener("submit", e => {
    const b = e.submitter;
    if (b && !b.closest("[hx-post], [data-stays]")) setTimeout(() => b.setAttribute("aria-busy", "true"));
  });
  addEventListener("pageshow", () => { for (const b of document.querySelectorAll("[aria-busy]")) b.removeAttribute("aria-busy"); });

  // What others do shows by itself.
  async function renew(id) {
    const res = await fetch("/inbox/rows/" + id, { headers: { "HX-Request": "true" } });
    const row = document.getElementById("s" + id);
    if (!res.ok || !row || row.dataset.sent) return;
    const fresh = new DOMParser().parseFromString(await res.text(), "text/html").querySelector("article");
    const old = document.getElementById("s" + id);
    if (!fresh || !old || old.dataset.sent) return;
    const note = $(".note", old); // what was told of another's verdict stays while it holds
    if (note && $(".differs", fresh)) fresh.append(note);
    const here = old.classList.contains("now"), box = $(".pick input", old), had = old.contains(document.activeElement);
    const picks = box && box.checked;
    old.replaceWith(fresh);
    if (window.htmx) htmx.process(fresh);
    if (picks && $(".pick input", fresh)) $(".pick input", fresh).checked = true;
    if (here) current(fresh, had);
    picked();
  }
  const list = $("#list"), fresh = new Set();
  if (list && window.EventSource) {
    const source = new EventSource("/inbox/events?since=" + list.dataset.since);
    source.addEventListener("stories", e => {
      for (const id of JSON.parse(e.data)) {
        const row = document.getElementById("s" + id);
        if (row) renew(id);
        else fresh.add(id);
      }
      const tag = $("#fresh");
      if (tag && fresh.size) {
        $("span", tag).textContent = (fresh.size === 1 ? tag.dataset.single : tag.dataset.many).replace("%d", fresh.size);
        tag.hidden = false;
      }
    });
    addEventListener("pagehide", () => source.close());
  }

  // What others say of the story that is open shows by itself.
  const said = $("#said[data-since]");
  if (said && window.EventSource) {
    const source = new EventSource("/inbox/events?since=" + said.dataset.since);
    source.addEventListener("stories", async e => {
      if (!JSON.parse(e.data).includes(Number(said.dataset.story))) return;
      const res = await fetch("/stories/" + said.dataset.story + "/said", { headers: { "HX-Request": "true" } });
      if (!res.ok) return;
      const fresh = new DOMParser().parseFromString(await res.text(), "text/html");
      for (const id of ["differ", "said"]) {
        const old = document.getElementById(id), now = fresh.getElementById(id);
        if (old && now) old.replaceChildren(...now.childNodes);
      }
    });
    addEventListener("pagehide", () => source.close());
  }
  picked();
  const look = $("[data-light]");
  if (look && matchMedia("(prefers-color-scheme: dark)").matches) { look.value = "light"; look.textContent = look.dataset.light; }
  $(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
})();
