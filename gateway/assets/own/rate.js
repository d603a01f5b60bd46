// From the code to the receipt in one page, so that a lost connection, a reload and a shared device are no trouble.
// Without this file the same forms work, one page after another.
"use strict";

const rate = document.querySelector("[data-rate]");
const TAB = "rate"; // what this tab needs to go on after a reload: the code and the ballot's page, gone once it is cast
const PATIENCE = 20000;

if (rate) {
  const path = rate.dataset.rate;
  const kiosk = "kiosk" in rate.dataset ? { paper: Number(rate.dataset.paper) } : null;
  const words = Object.fromEntries(
    Object.entries(rate.dataset).filter(([key]) => key.startsWith("word")).map(([key, text]) => [key.slice(4).toLowerCase(), text]),
  );
  const tab = {
    read: () => (kiosk ? null : JSON.parse(sessionStorage.getItem(TAB) || "null")),
    drop: () => sessionStorage.removeItem(TAB),
    write(kept) { if (!kiosk) try { sessionStorage.setItem(TAB, JSON.stringify(kept)); } catch { tab.drop(); } },
  };
  let ballot = null;

  // What came back, as a page; null if nothing did, or nothing of ours (the log-in of a foreign network, for example).
  async function post(fields) {
    try {
      const stop = AbortSignal.timeout(PATIENCE);
      const answer = await fetch(path, { method: "POST", body: new URLSearchParams(fields), signal: stop });
      if (answer.status >= 500 || answer.status === 429) return null;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      return page.querySelector("[data-rate]") ? page : null;
    } catch {
      return null;
    }
  }
  function put(page) {
    rate.replaceChildren(...page.querySelector("[data-rate]").childNodes);
    document.getElementById("main").className = page.getElementById("main").className;
    document.title = page.title;
    begin();
    for (const one of rate.querySelectorAll("[data-print]")) one.addEventListener("click", () => window.print());
    const first = rate.querySelector("#faults") || rate.querySelector("h1");
    if (first && !rate.querySelector("[data-ballot]")) first.focus();
    scrollTo(0, 0);
  }

  async function enter(fields) {
    const page = await post(fields);
    if (!page) {
      const fault = rate.querySelector("[data-fault]");
      fault.hidden = false;
      fault.replaceChildren(Object.assign(document.createElement("p"), { textContent: words.offline }));
      return;
    }
    if (page.querySelector("[data-ballot]")) tab.write({ code: fields.code, page: page.documentElement.outerHTML });
    put(page);
  }
  const cast = (draft) => ({ step: "cast", ballot: JSON.stringify(draft.chosen), nonce: draft.nonce, after: draft.after });
  async function send(draft) {
    const form = rate.querySelector("form");
    const fields = Object.fromEntries([...new FormData(form)].filter(([key]) => key === "code" || key === "csrf"));
    const page = await post({ ...fields, ...cast(draft) });
    if (!page) return null;
    const refused = page.querySelector("[role=alert]:not([hidden])");
    if (refused && refused.dataset.since) form.elements.after.value = refused.dataset.since;
    if (refused) return refused.textContent.trim();
    tab.drop();
    receipts.write(rate.querySelector("[data-ballot]").dataset.ballot, page);
    put(page);
    return "";
  }

  // A receipt leads to the ballot once the box is published: it stays only on a device that its holder says is the own one.
  const receipts = {
    name: (draft) => "ballot:receipt:" + draft,
    read: (draft) => (JSON.parse(localStorage.getItem(receipts.name(draft)) || "null") || {}).page,
    write(draft, page) {
      if (kiosk || !drafts.own(draft) || !page.querySelector("[data-receipt]")) return;
      localStorage.setItem(receipts.name(draft), JSON.stringify({ page: page.documentElement.outerHTML, until: Date.now() + 3 * DAY }));
    },
  };
  // A used code: the receipt, if it is here; or its answer was lost, and the same ballot sent again is given it.
  async function used(form) {
    const name = form.dataset.used, kept = receipts.read(name), draft = drafts.read(name);
    if (kept) return put(new DOMParser().parseFromString(kept, "text/html"));
    if (!draft || !draft.waiting || !draft.nonce) return;
    const page = await post({ ...Object.fromEntries(new FormData(form)), ...cast(draft) });
    if (!page) return;
    receipts.write(name, page);
    drafts.drop(name);
    if (page.querySelector("[data-receipt]")) put(page);
  }

  // -- the parts of the way ------------------------------------------------------------------------------------------

  function begin() {
    ballot = null;
    const form = rate.querySelector("form[data-code]");
    if (form) form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector("button");
      button.disabled = true;
      document.body.classList.add("waiting");
      await enter(Object.fromEntries(new FormData(form)));
      document.body.classList.remove("waiting");
      button.disabled = false;
    });
    const element = rate.querySelector("[data-ballot]");
    if (element) ballot = openBallot(element, words, kiosk, send);
    const receipt = rate.querySelector("[data-receipt]");
    if (receipt) shown(receipt);
    const again = rate.querySelector("form[data-used]");
    if (again) used(again);
    const forget = rate.querySelector("[data-forget]");
    if (forget) forget.addEventListener("click", () => {
      if (!confirm(forget.dataset.forget)) return;
      drafts.drop(element.dataset.ballot);
      tab.drop();
      location.replace(path);
    });
  }
  function shown(receipt) {
    const button = rate.querySelector("[data-picture]");
    if (button) {
      button.hidden = false;
      button.addEventListener("click", () => picture(receipt, button.dataset.picture));
    }
    const next = rate.querySelector("[data-next-rater]");
    if (kiosk && next) countdown(Number(rate.dataset.receiptSeconds), next, words.next);
  }
  function countdown(seconds, place, sentence) {
    place.textContent = sentence.replace("{seconds}", seconds);
    if (seconds <= 0) location.replace(path);
    else setTimeout(() => { if (place.isConnected) countdown(seconds - 1, place, sentence); }, 1000);
  }

  // The receipt drawn as a picture: its lines, then its code.
  async function picture(receipt, name) {
    const lines = [document.querySelector("[data-receipt-title]").textContent, ...receipt.innerText.split("\n").filter((line) => line.trim())];
    const svg = receipt.querySelector("svg").cloneNode(true);
    svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    const code = new Image();
    code.src = "data:image/svg+xml," + encodeURIComponent(new XMLSerializer().serializeToString(svg));
    await code.decode();
    const canvas = document.createElement("canvas");
    const draw = canvas.getContext("2d");
    const font = "28px " + getComputedStyle(document.body).fontFamily;
    draw.font = font;
    const wrapped = lines.flatMap((line) => broken(draw, line, 640));
    canvas.width = 720;
    canvas.height = 80 + 44 * wrapped.length + 400;
    draw.fillStyle = "#fff";
    draw.fillRect(0, 0, canvas.width, canvas.height);
    draw.fillStyle = "#000";
    draw.font = font;
    wrapped.forEach((line, place) => draw.fillText(line, 40, 60 + 44 * place));
    draw.imageSmoothingEnabled = false;
    draw.drawImage(code, 180, canvas.height - 400, 360, 360);
    const link = document.createElement("a");
    link.href = canvas.toDataURL("image/png");
    link.download = name + ".png";
    link.click();
  }
  function broken(draw, line, width) {
    const rows = [""];
    for (const sign of line) {
      if (draw.measureText(rows[rows.length - 1] + sign).width > width) rows.push("");
      rows[rows.length - 1] += sign;
    }
    return rows;
  }

  // -- a shared device forgets whoever walked away; a ballot on its way into the box is waited for ---------------------

  if (kiosk) {
    let left = Number(rate.dataset.idle);
    const told = () => rate.querySelector("[data-idle-left]");
    const touched = () => { left = Number(rate.dataset.idle); if (told()) told().hidden = true; };
    for (const kind of ["pointerdown", "keydown", "scroll", "change"]) addEventListener(kind, touched, { passive: true });
    setInterval(() => {
      const code = rate.querySelector("form[data-code] input[name=code]");
      if ((code && !code.value) || (ballot && ballot.waiting())) return;
      left -= 1;
      if (left <= 0) return location.replace(path);
      if (left <= Number(rate.dataset.warning) && told()) {
        told().hidden = false;
        told().textContent = words.idle.replace("{seconds}", left);
      }
    }, 1000);
  }

  // -- larger letters and the other language, without losing the page ---------------------------------------------------

  const large = document.querySelector("form[action='/large']");
  if (large) large.addEventListener("submit", (event) => {
    event.preventDefault();
    const on = document.documentElement.classList.toggle("large");
    large.querySelector("button").setAttribute("aria-pressed", on);
    fetch("/large", { method: "POST", body: new URLSearchParams(new FormData(large)), redirect: "manual" }).catch(() => {});
  });
  const language = document.querySelector(".tools a[lang]");
  if (language) language.addEventListener("click", () => {
    const kept = tab.read();
    if (kept) tab.write({ code: kept.code, page: "" });
  });

  // -- at the beginning: a code from a letter's picture, or the ballot this tab was at ----------------------------------

  drafts.sweep();
  begin();
  const scanned = new URLSearchParams(location.hash.slice(1)).get("code");
  const field = rate.querySelector("form[data-code] input[name=code]");
  const kept = tab.read();
  if (scanned && field) {
    tab.drop();
    field.value = scanned;
    history.replaceState(null, "", location.pathname);
    rate.querySelector("form[data-code] button").focus();
  } else if (kept && field && !rate.querySelector("#faults")) {
    if (kept.page) put(new DOMParser().parseFromString(kept.page, "text/html"));
    else enter({ ...Object.fromEntries(new FormData(field.form)), code: kept.code });
  }
  if (!kiosk && "serviceWorker" in navigator && !document.querySelector(".head.signed")) {
    const files = [...document.querySelectorAll("script[src], link[href]")].map((one) => one.src || one.href);
    navigator.serviceWorker.register("/rate-worker.js", { scope: path });
    caches.open("rate").then((kept) => kept.addAll([path, ...files])).catch(() => {});
  }
}
