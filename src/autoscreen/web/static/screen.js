// The screening page by keys: the next record is there at once, and a decision counts as saved only
// when the server has said that it is on disk. What it has not said waits in this browser.

import { ask, setSetting, speak, tell } from "./app.js";

const place = document.getElementById("place");
const deck = document.getElementById("deck");
const line = document.getElementById("saved");

// ------------------------------------------------------------------------- records at hand

let current = document.getElementById("record");
let ahead = []; // records that are at hand after this one
const AHEAD = 2; // enough to go on reading while the net is away for a moment
const behind = []; // decided at this page: { card, key }, oldest first
const gone = new Set(); // decided or skipped at this page: an answer under way may still bring them
const newer = new Map(); // what the server has said of records since their cards were made

function cardFrom(text) {
  return new DOMParser().parseFromString(text, "text/html").querySelector("article.record");
}

/** What the server must not send: the record shown first, those at hand, those not yet sent. */
function held() {
  const here = [current, ...ahead].filter(Boolean).map((card) => card.dataset.id);
  return [...new Set([...here, ...waiting().map((act) => act.fields.record)])].filter(Boolean).join(",");
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
  speak(card.querySelector(".record__title").textContent);
}

function showNext() {
  const card = ahead.shift();
  if (card) show(card);
  else place.classList.add("record--gone"); // until the server has answered
}

/** Take in what the server sends along: the record after those at hand. */
function takeIn(text) {
  const card = text && cardFrom(text);
  if (!card) return;
  if (gone.has(card.dataset.id) || [current, ...ahead].some((one) => one?.dataset.id === card.dataset.id)) return;
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
      const { card } = JSON.parse(await ask(`/screen/next?held=${encodeURIComponent(held())}`));
      if (!card) break;
      takeIn(card);
    }
  } catch {
    // The answer to the next decision brings one.
  } finally {
    fetching = false;
  }
}

// ---------------------------------------------------- what is not yet known to be on disk

// By reader: who signs in after somebody else must not send what that one decided.
const STORE = `autoscreen-unsaved:${location.host}:${deck?.dataset.who}`;
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

function submit(act) {
  keep((all) => [...all, act]);
  clearTimeout(retry);
  pause = 0;
  pump();
}

async function pump() {
  if (sending) return;
  const act = waiting()[0];
  if (!act) return;
  sending = true;
  state("saving", act.say);
  try {
    const fields = { ...act.fields, held: held(), who: deck.dataset.who };
    if (act.path === "/screen/decide") fields.seen = newer.get(fields.record) ?? fields.seen;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    const text = await ask(act.path, {
      method: "POST",
      body: new URLSearchParams(fields),
      signal: stop.signal,
    });
    clearTimeout(timer);
    done(act);
    heard(act, JSON.parse(text));
  } catch (error) {
    sending = false;
    if (error.status === undefined || error.status >= 500 || error.status === 429) return later(act, error);
    if (error.status === 401) return; // it waits here until somebody has signed in
    done(act);
    refused(act, error);
  }
  sending = false;
  pause = 0;
  if (waiting().length) pump();
}

function done(act) {
  keep((all) => all.filter((one) => one.fields.key !== act.fields.key));
}

function later(act, error) {
  pause = Math.min(15, pause ? pause * 2 : 1);
  const count = waiting().length;
  state("waiting", `${count === 1 ? act.say : `${count} decisions`}: not saved, trying again`);
  line.title = error.message;
  const now = document.createElement("button");
  now.type = "button";
  now.textContent = "now";
  now.addEventListener("click", () => { clearTimeout(retry); pump(); });
  line.append(now);
  retry = setTimeout(pump, pause * 1000);
}

function heard(act, told) {
  state("saved", told.said);
  if (act.path === "/screen/decide") localStorage.removeItem(draftOf(act.fields.record));
  if (told.progress) {
    document.getElementById("progress")?.replaceWith(
      document.adoptNode(new DOMParser().parseFromString(told.progress, "text/html").getElementById("progress")),
    );
  }
  if (told.again) shownAgain(cardFrom(told.again));
  takeIn(told.card);
  if (told.card) fetchAhead();
  if (!told.card && !current?.isConnected && !ahead.length) location.reload();
  if (!told.card && place.classList.contains("record--gone")) location.reload();
}

/** A record came back by undo: its card is fresh, and takes the place of the one shown already. */
function shownAgain(card) {
  newer.set(card.dataset.id, card.dataset.seen);
  gone.delete(card.dataset.id);
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

function refused(act, error) {
  const at = behind.findIndex((one) => one.key === act.fields.key);
  if (at >= 0) behind.splice(at, 1);
  if (error.told?.ask) return askAbout(act, error.told.ask);
  if (act.path === "/screen/undo") {
    state("", "");
    return tell(error.message, "problem");
  }
  state("waiting", `${act.say}: not saved`);
  tell(`${act.say} was not saved: ${error.message}`, "problem");
}

// A page that was closed, or whose server was stopped, left something behind: it is sent first.
addEventListener("beforeunload", (event) => {
  if (waiting().length) event.preventDefault();
});
addEventListener("online", () => { clearTimeout(retry); pump(); });

function state(kind, text) {
  line.dataset.state = kind;
  line.removeAttribute("title");
  line.textContent = kind === "saving" ? `${text}: saving…` : text;
}

// ------------------------------------------------------------------- decided meanwhile

const asking = document.getElementById("ask");
let asked = null;

function askAbout(act, text) {
  state("waiting", `${act.say}: not saved`);
  document.getElementById("ask-body").innerHTML = "";
  const parts = new DOMParser().parseFromString(text, "text/html").body.childNodes;
  document.getElementById("ask-body").append(...[...parts].map((one) => document.adoptNode(one)));
  asked = act;
  asking.showModal();
}
asking?.addEventListener("submit", (event) => {
  if (event.target.id !== "ask-form") return;
  event.preventDefault();
  const told = Object.fromEntries(new FormData(event.target, event.submitter));
  const act = { ...asked, fields: { ...asked.fields, ...told } };
  asking.close();
  submit(act);
});
asking?.addEventListener("click", (event) => {
  if (!event.target.closest("[data-keep]")) return;
  event.preventDefault();
  asking.close();
});
asking?.addEventListener("close", () => {
  if (line.dataset.state === "waiting" && !waiting().length) state("", "");
});

// ----------------------------------------------------------------------------- what one does

function freshKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
}

function decide(choice, words) {
  if (!current || place.classList.contains("record--gone")) return;
  const card = current;
  const { id, seen, key } = card.dataset;
  const note = card.querySelector("#note")?.value ?? "";
  behind.push({ card, key, id });
  gone.add(id);
  showNext();
  submit({ path: "/screen/decide", say: `${id}: ${words}`, fields: { record: id, seen, key, choice, note } });
}

function undo() {
  const last = behind.pop();
  const unsent = last && waiting().find((act) => act.fields.key === last.key);
  if (unsent && !sending) {
    done(unsent);
    gone.delete(last.id);
    if (current?.isConnected && !place.classList.contains("record--gone")) ahead.unshift(current);
    place.classList.remove("record--gone");
    show(last.card);
    state("", `${last.id}: undone, nothing was sent`);
    return;
  }
  const say = last ? `${last.id}: undo` : "undo";
  submit({ path: "/screen/undo", say, fields: { key: freshKey(), of: last ? last.key : "" } });
}

function skip() {
  if (!current || place.classList.contains("record--gone")) return;
  const { id } = current.dataset;
  gone.add(id);
  showNext();
  submit({ path: "/screen/skip", say: `${id}: skipped`, fields: { record: id, key: freshKey() } });
}

deck?.addEventListener("submit", (event) => {
  event.preventDefault();
  const pressed = event.submitter;
  if (!pressed) return;
  if (pressed.name === "undo") undo();
  else if (pressed.name === "skip") skip();
  else decide(pressed.value, pressed.getAttribute("aria-label") ?? pressed.value);
});

// -------------------------------------------------------------------------------- notes, marks

function draftOf(id) {
  return `autoscreen-note:${location.host}:${deck?.dataset.who}:${id}`;
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
  a: () => {
    const panel = document.getElementById("advice");
    panel.open = !panel.open;
    if (panel.open) panel.scrollIntoView({ block: "nearest" });
  },
  "?": () => document.getElementById("help").showModal(),
};

document.addEventListener("keydown", (event) => {
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
  if (!record || behind.some((one) => one.id === record)) return;
  ahead = ahead.filter((card) => card.dataset.id !== record);
  if (current?.dataset.id === record) speak(`${by || "Somebody"} has just decided about this record.`);
  fetchAhead();
});

if (current && deck) {
  show(current);
  fetchAhead();
  pump();
}
