// The screening page by keys: the next record is there at once, and a decision counts as saved only
// when the server has said that it is on disk. What it has not said waits in this browser.

import { ROOT, ask, setSetting, announce, showMessage } from "./app.js";

const place = document.getElementById("place");
const deck = document.getElementById("deck");
const statusLine = document.getElementById("saved");

// ------------------------------------------------------------------------- loaded records

let current = document.getElementById("record");
let ahead = []; // the next records, already loaded
const AHEAD = 2; // enough to continue during a short network interruption
const decided = []; // decided at this page: { card, key }, oldest first
const handled = new Set(); // decided or skipped at this page: an answer on its way may still contain them
const newer = new Map(); // what the server has said of records since their cards were made

function cardFrom(text) {
  return new DOMParser().parseFromString(text, "text/html").querySelector("article.record");
}

/** What the server must not send: the record shown first, those loaded already, those not yet sent. */
function held() {
  const here = [current, ...ahead].filter(Boolean).map((card) => card.dataset.id);
  return [...new Set([...here, ...waiting().map((action) => action.fields.record)])].filter(Boolean).join(",");
}

function show(card) {
  current = card;
  place.replaceChildren(document.adoptNode(card));
  for (const name of ["record", "seen", "key"]) {
    deck.elements[name].value = card.dataset[name === "record" ? "id" : name];
  }
  const note = card.querySelector("textarea[data-draft]");
  const draft = note && localStorage.getItem(draftOf(card.dataset.id));
  if (draft) note.value = draft;
  scrollTo(0, 0);
  announce(card.querySelector(".record__title").textContent);
  if (card.dataset.pending) explainLater(card);
}

/** A server that has just started explains a score after some seconds: the words come by themselves. */
async function explainLater(card, pause = 500) {
  await new Promise((resume) => { setTimeout(resume, pause); });
  if (current !== card) return;
  try {
    const fresh = cardFrom(await ask(`${ROOT}/screen/${card.dataset.id}`));
    if (fresh && !fresh.dataset.pending) {
      delete card.dataset.pending;
      for (const part of [".why", ".record__title", ".record__abstract"]) {
        const [from, to] = [fresh, card].map((one) => one.querySelector(part));
        to?.replaceChildren(...[...from.childNodes].map((one) => document.adoptNode(one)));
      }
      return;
    }
  } catch {
    // It is asked again.
  }
  explainLater(card, Math.min(2 * pause, 4000));
}

function showNext() {
  const card = ahead.shift();
  if (card) show(card);
  else place.classList.add("record--gone"); // until the server has answered
}

/** Use what the server sends along: the record after those loaded already. */
function addNext(text) {
  const card = text && cardFrom(text);
  if (!card) return;
  if (handled.has(card.dataset.id) || [current, ...ahead].some((one) => one?.dataset.id === card.dataset.id)) return;
  ahead.push(card);
  if (place.classList.contains("record--gone")) {
    place.classList.remove("record--gone");
    showNext();
  }
}

let fetching = false;
async function fetchAhead() {
  if (fetching) return;
  fetching = true;
  try {
    for (let tries = 0; tries < AHEAD && ahead.length < AHEAD; tries += 1) {
      const { card } = JSON.parse(await ask(`${ROOT}/screen/next?held=${encodeURIComponent(held())}`));
      if (!card) break;
      addNext(card);
    }
  } catch {
    // The answer to the next decision contains one.
  } finally {
    fetching = false;
  }
}

// ---------------------------------------------------- unsaved decisions

// By reader: who signs in after somebody else must not send what that one decided.
const STORE = `autoscreen-unsaved:${location.host}${ROOT}:${deck?.dataset.reviewer}`;
const PATIENCE = 15000;
let sending = false;
let pause = 0;
let retry = null;

function waiting() {
  try {
    return JSON.parse(localStorage.getItem(STORE)) ?? [];
  } catch {
    return [];
  }
}

function keep(change) {
  localStorage.setItem(STORE, JSON.stringify(change(waiting())));
}

function submit(action) {
  keep((all) => [...all, action]);
  clearTimeout(retry);
  pause = 0;
  pump();
}

async function pump() {
  if (sending) return;
  const action = waiting()[0];
  if (!action) return;
  sending = true;
  setStatus("saving", action.summary);
  try {
    const fields = { ...action.fields, held: held(), reviewer: deck.dataset.reviewer };
    if (action.path === "/screen/decide") fields.seen = newer.get(fields.record) ?? fields.seen;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    const text = await ask(ROOT + action.path, {
      method: "POST",
      body: new URLSearchParams(fields),
      signal: stop.signal,
    });
    clearTimeout(timer);
    done(action);
    accepted(action, JSON.parse(text));
  } catch (error) {
    sending = false;
    if (error.status === undefined || error.status >= 500 || error.status === 429) return later(action, error);
    if (error.status === 401) return; // it waits here until somebody has signed in
    done(action);
    rejected(action, error);
  }
  sending = false;
  pause = 0;
  if (waiting().length) pump();
}

function done(action) {
  keep((all) => all.filter((one) => one.fields.key !== action.fields.key));
}

function later(action, error) {
  pause = Math.min(15, pause ? pause * 2 : 1);
  const count = waiting().length;
  setStatus("waiting", `${count === 1 ? action.summary : `${count} decisions`}: not saved, trying again`);
  statusLine.title = error.message;
  const now = document.createElement("button");
  now.type = "button";
  now.textContent = "now";
  now.addEventListener("click", () => { clearTimeout(retry); pump(); });
  statusLine.append(now);
  retry = setTimeout(pump, pause * 1000);
}

function accepted(action, result) {
  setStatus("saved", `Saved: ${result.message}`);
  if (action.path === "/screen/decide") localStorage.removeItem(draftOf(action.fields.record));
  if (result.progress) {
    document.getElementById("progress")?.replaceWith(
      document.adoptNode(new DOMParser().parseFromString(result.progress, "text/html").getElementById("progress")),
    );
  }
  if (result.again) restore(cardFrom(result.again));
  addNext(result.card);
  if (result.card) fetchAhead();
  const shown = current?.isConnected && !place.classList.contains("record--gone");
  // The page that says that nothing is left has to wait for the decisions on their way.
  if (!result.card && !shown && !ahead.length && !waiting().length) location.reload();
}

/** A record came back by undo: its card is fresh, and takes the place of the one shown already. */
function restore(card) {
  newer.set(card.dataset.id, card.dataset.seen);
  handled.delete(card.dataset.id);
  if (current?.dataset.id === card.dataset.id) {
    const note = current.querySelector("#note")?.value;
    show(card);
    if (note) card.querySelector("#note").value = note;
  } else {
    if (current) ahead.unshift(current);
    place.classList.remove("record--gone");
    show(card);
  }
}

function rejected(action, error) {
  const at = decided.findIndex((one) => one.key === action.fields.key);
  if (at >= 0) decided.splice(at, 1);
  if (error.data?.ask) return askAbout(action, error.data.ask);
  if (action.path === "/screen/undo") {
    setStatus("", "");
    return showMessage(error.message, "problem");
  }
  setStatus("waiting", `${action.summary}: not saved`);
  showMessage(`${action.summary} was not saved: ${error.message}`, "problem");
}

// A page that was closed, or whose server was stopped, left something decided: it is sent first.
addEventListener("beforeunload", (event) => {
  if (waiting().length) event.preventDefault();
});
addEventListener("online", () => { clearTimeout(retry); pump(); });

function setStatus(kind, text) {
  statusLine.dataset.state = kind;
  statusLine.removeAttribute("title");
  statusLine.textContent = kind === "saving" ? `${text}: saving…` : text;
}

// ------------------------------------------------------------------- conflicting decisions

const asking = document.getElementById("ask");
let asked = null;

function askAbout(action, text) {
  setStatus("waiting", `${action.summary}: not saved`);
  document.getElementById("ask-body").innerHTML = "";
  const parts = new DOMParser().parseFromString(text, "text/html").body.childNodes;
  document.getElementById("ask-body").append(...[...parts].map((one) => document.adoptNode(one)));
  asked = action;
  asking.showModal();
}
asking?.addEventListener("submit", (event) => {
  if (event.target.id !== "ask-form") return;
  event.preventDefault();
  const values = Object.fromEntries(new FormData(event.target, event.submitter));
  const action = { ...asked, fields: { ...asked.fields, ...values } };
  asking.close();
  submit(action);
});
asking?.addEventListener("click", (event) => {
  if (!event.target.closest("[data-keep]")) return;
  event.preventDefault();
  asking.close();
});
asking?.addEventListener("close", () => {
  if (statusLine.dataset.state === "waiting" && !waiting().length) setStatus("", "");
});

// ----------------------------------------------------------------------------- actions

function freshKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
}

function decide(choice, words) {
  if (!current || place.classList.contains("record--gone")) return;
  const card = current;
  const { id, seen, key } = card.dataset;
  const note = card.querySelector("#note")?.value ?? "";
  decided.push({ card, key, id });
  handled.add(id);
  showNext();
  submit({ path: "/screen/decide", summary: `${id}: ${words}`, fields: { record: id, seen, key, choice, note } });
}

function undo() {
  const last = decided.pop();
  const unsent = last && waiting().find((action) => action.fields.key === last.key);
  if (unsent && !sending) {
    done(unsent);
    handled.delete(last.id);
    if (current?.isConnected && !place.classList.contains("record--gone")) ahead.unshift(current);
    place.classList.remove("record--gone");
    show(last.card);
    setStatus("", `${last.id} undone; nothing was sent`);
    return;
  }
  const summary = last ? `${last.id}: undo` : "undo";
  submit({ path: "/screen/undo", summary, fields: { key: freshKey(), of: last ? last.key : "" } });
}

function skip() {
  if (!current || place.classList.contains("record--gone")) return;
  const { id } = current.dataset;
  handled.add(id);
  showNext();
  submit({ path: "/screen/skip", summary: `${id}: skipped`, fields: { record: id, key: freshKey() } });
}

deck?.addEventListener("submit", (event) => {
  event.preventDefault();
  const pressed = event.submitter;
  if (!pressed) return;
  if (pressed.name === "undo") undo();
  else if (pressed.name === "skip") skip();
  else decide(pressed.value, pressed.getAttribute("aria-label") ?? pressed.value);
});

// -------------------------------------------------------------------------------- notes, highlights

function draftOf(id) {
  return `autoscreen-note:${location.host}${ROOT}:${deck?.dataset.reviewer}:${id}`;
}
document.addEventListener("input", (event) => {
  const draft = event.target.dataset?.draft;
  if (!draft) return;
  if (event.target.value) localStorage.setItem(draftOf(draft), event.target.value);
  else localStorage.removeItem(draftOf(draft));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-switch]");
  if (!button) return;
  event.preventDefault();
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  setSetting(button.dataset.switch, on ? "on" : "off");
});

for (const panel of document.querySelectorAll("details[data-remember]")) {
  panel.addEventListener("toggle", () => {
    setSetting(panel.dataset.remember, panel.open ? "open" : "closed");
    load(panel);
  });
  load(panel);
}

async function load(panel) {
  if (!panel.dataset.load || !panel.open || panel.dataset.loaded) return;
  panel.dataset.loaded = "1";
  try {
    const body = new DOMParser().parseFromString(await ask(panel.dataset.load), "text/html").body;
    panel.querySelector(".panel__body").replaceChildren(...[...body.childNodes].map((one) => document.adoptNode(one)));
  } catch (error) {
    delete panel.dataset.loaded;
    panel.querySelector(".panel__body").textContent = error.message;
  }
}

// ---------------------------------------------------------------------------------------- keys

const KEYS = {
  n: () => document.getElementById("note")?.focus(),
  t: () => document.getElementById("tag")?.focus(),
  "@": () => document.getElementById("comment")?.focus(),
  a: () => {
    const panel = document.getElementById("advice");
    panel.open = !panel.open;
    if (panel.open) panel.scrollIntoView({ block: "nearest" });
  },
  "?": () => document.getElementById("help").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (document.documentElement.dataset.keys === "off" && event.key.length === 1) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  const typing = event.target.closest("input:not([type=radio]), textarea, select, [contenteditable]");
  if (event.key === "Escape" && typing) {
    typing.blur();
    document.querySelector(".record__title")?.focus();
    return;
  }
  if (typing || document.querySelector("dialog[open]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const button = [...document.querySelectorAll("[data-key]:not(article)")].find((one) => one.dataset.key === key);
  if (button) button.click();
  else if (KEYS[key]) KEYS[key]();
  else return;
  event.preventDefault();
});

document.addEventListener("news:label", (event) => {
  const { record, by } = event.detail;
  if (!record || decided.some((one) => one.id === record)) return;
  ahead = ahead.filter((card) => card.dataset.id !== record);
  if (current?.dataset.id === record) announce(`${by || "Someone"} has just saved a decision on this record.`);
  fetchAhead();
});

if (current && deck) {
  show(current);
  fetchAhead();
  pump();
}
