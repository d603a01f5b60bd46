// Scans: files chosen or dropped go one by one, each with what became of it; stopping and going on loses nothing, because the
// same file again changes nothing. Figures of reading come anew every few seconds until somebody holds them.
"use strict";

const EVERY = 3000;
const form = document.querySelector("form[data-scans]");

function watchReading() {
  const place = document.querySelector("[data-reading]");
  const hold = document.querySelector("[data-hold]");
  let held = false;
  hold.hidden = false;
  hold.addEventListener("click", () => {
    held = !held;
    hold.textContent = held ? hold.dataset.runWord : hold.dataset.holdWord;
  });
  const anew = async () => {
    if (!held && !document.hidden) {
      try {
        const answer = await fetch(place.dataset.reading);
        if (answer.ok && !answer.redirected) place.innerHTML = await answer.text();
      } catch (_) { /* the next time */ }
    }
    setTimeout(anew, EVERY);
  };
  setTimeout(anew, EVERY);
}

function watchSending() {
  const find = (name) => form.querySelector(`[data-${name}]`);
  const [begin, stop, go, bar, told, list] = ["begin", "stop", "go", "bar", "told", "list"].map(find);
  const input = form.elements.scans;
  const words = form.dataset;
  const files = [];  // {file, line, state}
  let request = null, stopped = false;

  const mark = (one, text, bad) => { one.said.textContent = text; one.said.className = bad ? "fault" : "soft"; };
  function add(chosen) {
    for (const file of chosen) {
      const line = document.createElement("li");
      const [name, said] = [document.createElement("span"), document.createElement("span")];
      name.textContent = file.name;
      line.append(name, said);
      list.append(line);
      const one = { file, said, state: "waits" };
      mark(one, words.waits);
      files.push(one);
    }
    input.value = "";
    input.required = false;
    stopped = false;
    next();
  }
  function show() {
    const left = files.some((one) => one.state === "waits");
    stop.hidden = !request;
    go.hidden = Boolean(request) || !left;
    bar.hidden = !request;
    const sent = files.filter((one) => one.state === "sent").length;
    const refused = files.filter((one) => one.state === "refused").length;
    const rest = stopped ? words.stopped : left || request ? "" : words.done;
    told.textContent = files.length ? `${words.sent} ${sent} / ${files.length} · ${words.refused} ${refused}${rest ? " · " + rest : ""}` : "";
  }
  function next() {
    const one = stopped || request ? null : files.find((each) => each.state === "waits");
    if (one) send(one);
    show();
  }
  function broken(one, text) {
    request = null;
    stopped = true;
    mark(one, text, true);
    show();
  }
  function ended(one, answer) {
    const [result] = answer.files;
    request = null;
    if (answer.stop) { broken(one, result.sentence); return; }
    one.state = result.sentence ? "refused" : "sent";
    mark(one, result.sentence || words.sent, Boolean(result.sentence));
    next();
  }
  function send(one) {
    const body = new FormData();
    body.set("csrf", form.elements.csrf.value);
    body.set("scans", one.file);
    request = new XMLHttpRequest();
    request.responseType = "json";
    request.upload.addEventListener("progress", (at) => { if (at.lengthComputable) bar.value = (at.loaded / at.total) * 100; });
    request.addEventListener("load", (event) => {
      const answer = event.target.response;
      if (answer && answer.files && answer.files.length) ended(one, answer);
      else broken(one, words.broken);
    });
    request.addEventListener("error", () => broken(one, words.broken));
    request.addEventListener("abort", () => { request = null; mark(one, words.waits); show(); });
    mark(one, words.sending);
    request.open("POST", form.getAttribute("action") || location.pathname);
    request.setRequestHeader("accept", "application/json");
    request.send(body);
  }
  begin.hidden = true;
  input.addEventListener("change", () => add([...input.files]));
  form.addEventListener("submit", (event) => event.preventDefault());
  stop.addEventListener("click", () => { stopped = true; if (request) request.abort(); show(); });
  go.addEventListener("click", () => { stopped = false; next(); });
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over"); });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    add([...event.dataTransfer.files]);
  });
}

watchReading();
if (form) watchSending();
