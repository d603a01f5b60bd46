// Choosing files and how far an upload is. Without this file the form is sent all the same; the browser then shows the
// progress itself, and a second choice replaces the first.
"use strict";

const megabytes = (size) => (Math.max(size, 104858) / 1048576).toFixed(1) + "\u00a0MB";
const KINDS = /^(image|audio|video)\/|^application\/pdf$/;

// Files chosen one after another stay; each can be taken out again. What cannot be taken is said at once, with its name.
function watchChoice(form, input) {
  const list = form.querySelector("[data-chosen-files]");
  const words = form.dataset;
  let chosen = [];
  const refusal = (file) => {
    if (file.size > Number(words.largest)) return words.tooLarge;
    if (file.type && !KINDS.test(file.type)) return words.noKind;
    return chosen.length >= Number(words.files) ? words.tooMany : "";
  };
  const row = (file, said) => {
    const line = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = said ? file.name + " — " + said : file.name + " · " + megabytes(file.size);
    if (said) name.className = "fault";
    line.append(name);
    if (!said) {
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "button";
      remove.textContent = words.remove;
      remove.setAttribute("aria-label", words.remove + " " + file.name);
      remove.addEventListener("click", () => { chosen = chosen.filter((one) => one !== file); show([]); input.focus(); });
      line.append(remove);
    }
    return line;
  };
  function show(refused) {
    const held = new DataTransfer();
    for (const file of chosen) held.items.add(file);
    input.files = held.files;
    list.replaceChildren(...chosen.map((file) => row(file, "")), ...refused.map(([file, said]) => row(file, said)));
  }
  function add(files) {
    const refused = [];
    for (const file of files) {
      if (chosen.some((one) => one.name === file.name && one.size === file.size && one.lastModified === file.lastModified)) continue;
      const said = refusal(file);
      if (said) refused.push([file, said]);
      else chosen.push(file);
    }
    show(refused);
  }
  input.closest(".upload").classList.add("scripted");
  input.addEventListener("change", () => add([...input.files]));
  return add;
}

function watchUploads(held = []) {
  for (const form of document.querySelectorAll("form[data-upload]")) {
    const input = form.querySelector("input[type=file]");
    const bar = form.querySelector("progress");
    const button = form.querySelector("button:not([type=button])");
    const told = form.querySelector("[data-told]");
    const words = form.dataset;
    const add = watchChoice(form, input);
    if (held.length && form.dataset.draft) {
      add(held);  // the words were refused, not the files
      for (const note of form.querySelectorAll("[data-again]")) note.remove();
    }
    const failed = () => {
      told.textContent = words.broken;
      bar.hidden = true;
      button.disabled = false;
      document.body.classList.remove("waiting");
      form.dispatchEvent(new Event("input", { bubbles: true }));  // the draft is kept for another try
    };
    form.addEventListener("submit", (event) => {
      if (!input.files.length) return;
      event.preventDefault();
      const request = new XMLHttpRequest();
      const files = [...input.files];
      request.responseType = "document";
      request.upload.addEventListener("progress", (at) => {
        if (!at.lengthComputable) return;
        const share = Math.floor((at.loaded / at.total) * 100);
        bar.value = share;
        told.textContent = share < 100 ? words.sending + " " + share + "%" : words.looking;
      });
      request.addEventListener("load", () => {
        const main = request.response && request.response.querySelector("main");
        if (!main) { failed(); return; }
        document.title = request.response.title;
        document.querySelector("main").replaceWith(main);
        document.dispatchEvent(new Event("replaced"));
        watchUploads(files);
        window.scrollTo(0, 0);
        (document.getElementById("faults") || main).focus();
      });
      request.addEventListener("error", failed);
      request.addEventListener("abort", failed);
      bar.hidden = false;
      button.disabled = true;
      told.textContent = words.sending;
      request.open("POST", form.action);
      request.send(new FormData(form));
    });
  }
}
watchUploads();
