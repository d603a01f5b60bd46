// The ballot in the rater's hands: one object a screen or all at once, what is missing, a look before it is cast.
// It needs no network until then; how it gets into the box is in rate.js.
"use strict";

// What is kept of a ballot that is not cast yet: the choices, under a name that only the code leads to. They go with the tab,
// because a computer may be anybody's; only who says that the device is the own one finds them there later.
const DAY = 86400000;
const drafts = {
  name: (draft) => "ballot:" + draft,
  own(draft) { return localStorage.getItem(this.name(draft)) !== null; },
  read(draft) { return JSON.parse(sessionStorage.getItem(this.name(draft)) || localStorage.getItem(this.name(draft)) || "null"); },
  write(draft, kept, until, own) {
    const latest = Date.now() + 3 * DAY;
    (own ? sessionStorage : localStorage).removeItem(this.name(draft));
    (own ? localStorage : sessionStorage).setItem(this.name(draft), JSON.stringify({ ...kept, until: Math.min(latest, Date.parse(until) || latest) }));
  },
  drop(draft) { for (const place of [sessionStorage, localStorage]) place.removeItem(this.name(draft)); },
  sweep() {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith("ballot:") && !((JSON.parse(localStorage.getItem(name)) || {}).until > Date.now())) localStorage.removeItem(name);
    }
  },
};

// By this the box knows a ballot that is sent again; without it nobody is given a receipt a second time.
function nonce() {
  return [...crypto.getRandomValues(new Uint8Array(24))].map((one) => one.toString(16).padStart(2, "0")).join("");
}

// `send` hands the ballot in: null while there is no network, the sentence of a refusal, "" once it is in the box.
function openBallot(element, words, kiosk, send) {
  const form = element.querySelector("form");
  const part = (name) => element.querySelector(`[data-${name}]`);
  const screens = [...element.querySelectorAll("[data-screen]")];
  const cells = screens.map((screen) => [...screen.querySelectorAll("fieldset")].map((one) => one.querySelector("input").name));
  const name = (place) => screens[place].querySelector("h2").textContent;
  const said = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const draft = (!kiosk && drafts.read(element.dataset.ballot)) || { chosen: {}, waiting: false };
  const own = part("own"); // the own device, ticked; not there on a shared one
  let at = 0, grid = false, busy = false, timer = 0, pause = 4000, since = false;

  const done = (place) => cells[place].every((cell) => draft.chosen[cell]);
  const missing = () => screens.map((_, place) => place).filter((place) => !done(place));
  function keep() { if (!kiosk) drafts.write(element.dataset.ballot, draft, element.dataset.until, own.checked); }

  function links(list, places) {
    list.replaceChildren(...places.map((place) => {
      const row = document.createElement("li"), link = document.createElement("button");
      link.type = "button";
      link.className = "link";
      link.textContent = name(place);
      link.addEventListener("click", () => leaveLook(place));
      row.append(link);
      return row;
    }));
  }
  function tell() {
    const open = missing(), list = part("missing");
    element.querySelector("progress").value = screens.length - open.length;
    part("answered").textContent = said(words.answered, { done: screens.length - open.length, all: screens.length });
    list.hidden = !open.length || screens.length === 1;
    list.querySelector("summary").textContent = said(words.missing, { count: open.length });
    if (list.open) links(list.querySelector("ul"), open);
    part("at").textContent = grid || screens.length === 1 ? "" : `${at + 1} / ${screens.length}`;
  }
  function show(to, focus) {
    at = Math.max(0, Math.min(to, screens.length - 1));
    screens.forEach((screen, place) => screen.classList.toggle("now", place === at));
    const last = grid || at === screens.length - 1;
    part("back").hidden = grid || screens.length === 1;
    part("back").disabled = at === 0;
    part("next").hidden = last;
    part("review").classList.toggle("primary", last);
    tell();
    if (!focus) return;
    screens[at].querySelector("h2").focus({ preventScroll: true });
    if (grid) screens[at].scrollIntoView({ block: "center" }); else part("progress").scrollIntoView();
  }
  function shape(wanted) {
    grid = wanted;
    element.classList.toggle("grid", grid);
    element.classList.toggle("stepping", !grid);
    part("shape").hidden = screens.length === 1;
    part("shape").textContent = part("shape").dataset[grid ? "one" : "grid"];
    show(at, false);
  }

  function look(focus) {
    const open = missing();
    part("look-lead").textContent = said(words.answered, { done: screens.length - open.length, all: screens.length });
    part("look-missing").hidden = !open.length;
    links(part("look-missing").querySelector("ul"), open);
    const heads = [...part("look-table").querySelectorAll("thead th")].slice(1).map((one) => one.textContent);
    part("look-table").querySelector("tbody").replaceChildren(...screens.map((screen, place) => {
      const row = document.createElement("tr"), head = document.createElement("th"), list = document.createElement("ul");
      head.scope = "row";
      links(list, [place]);
      head.append(list.querySelector("button"));
      row.append(head, ...[...screen.querySelectorAll("fieldset")].map((set, number) => {
        const cell = document.createElement("td"), chosen = set.querySelector("input:checked");
        cell.dataset.head = heads[number];
        cell.textContent = chosen ? chosen.parentElement.textContent : words.none;
        return cell;
      }));
      return row;
    }));
    element.classList.add("looking");
    part("look").hidden = false;
    if (focus) { part("look").querySelector("h2").focus({ preventScroll: true }); scrollTo(0, 0); }
  }
  function leaveLook(place) {
    element.classList.remove("looking");
    part("look").hidden = true;
    show(place, true);
  }
  function note(sentence, kind) {
    const place = part("sending");
    place.hidden = !sentence;
    place.className = "notice " + kind;
    place.replaceChildren(Object.assign(document.createElement("p"), { textContent: sentence }));
    element.classList.toggle("waiting-to-send", draft.waiting);
    if (sentence) place.scrollIntoView({ block: "center" });
  }

  // Others queue behind a shared device: whoever waits too long is sent to the desk, where the same code counts once.
  function late() {
    if (!draft.waiting || !element.isConnected) return;
    note(words.paper, "bad");
    part("clear").hidden = false;
  }

  // The same ballot under the same code and nonce counts once, however often it is sent: trying again is safe. `after` stays as
  // it was when the rater cast it, so that it never takes the place of one cast elsewhere meanwhile.
  async function cast() {
    if (busy || !element.isConnected) return;
    clearTimeout(timer);
    busy = true;
    const again = draft.waiting;
    if (!again || !draft.nonce) Object.assign(draft, { nonce: nonce(), after: form.elements.after.value });
    draft.waiting = true;
    keep();
    part("cast").disabled = true;
    if (!since) note(again ? words.pending : words.sending, again ? "warn" : "");
    const refused = await send(draft);
    busy = false;
    part("cast").disabled = false;
    if (refused === "") return drafts.drop(element.dataset.ballot);
    if (refused === null) {
      if (!since) note(words.pending, "warn");
      if (!since && kiosk) setTimeout(late, 1000 * kiosk.paper);
      since = true;
      timer = setTimeout(cast, pause);
      pause = Math.min(2 * pause, 60000);
      return;
    }
    draft.waiting = since = false;
    keep();
    note(refused, "bad");
  }

  for (const one of form.querySelectorAll("input[type=radio]")) {
    if (draft.chosen[one.name] === one.value) one.checked = true;
    if (one.checked) draft.chosen[one.name] = one.value;
  }
  form.addEventListener("change", (event) => {
    if (event.target.type !== "radio") return;
    draft.chosen[event.target.name] = event.target.value;
    keep();
    part("state").textContent = kiosk ? "" : own.checked ? words.kept : words.here;
    tell();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter === part("cast")) cast(); else look(true);
  });
  part("back").addEventListener("click", () => show(at - 1, true));
  part("next").addEventListener("click", () => show(at + 1, true));
  part("change").addEventListener("click", () => leaveLook(at));
  part("missing").addEventListener("toggle", tell);
  part("shape").addEventListener("click", () => {
    shape(!grid);
    if (!kiosk) localStorage.setItem("ballot-shape", grid ? "grid" : "one");
    show(at, true);
  });
  if (own) {
    part("tab").hidden = false;
    own.checked = drafts.own(element.dataset.ballot);
    own.addEventListener("change", keep);
  }
  addEventListener("online", () => { if (draft.waiting) cast(); });

  part("progress").hidden = false;
  const first = missing()[0];
  at = first === undefined ? 0 : first;
  const liked = kiosk ? null : localStorage.getItem("ballot-shape");
  shape(screens.length > 1 && (liked ? liked === "grid" : matchMedia("(min-width: 900px)").matches));
  if (Object.keys(draft.chosen).length && !kiosk) part("state").textContent = words.restored;
  if (draft.waiting) { look(true); cast(); }
  return { waiting: () => draft.waiting };
}
