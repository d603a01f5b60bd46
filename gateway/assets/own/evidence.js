// How far an upload is. Without this file the form is sent all the same; the browser then shows the progress itself.
"use strict";

for (const form of document.querySelectorAll("form[data-upload]")) {
  const input = form.querySelector("input[type=file]");
  const bar = form.querySelector("progress");
  const told = form.querySelector("[data-told]");
  const words = form.dataset;
  const tooLarge = () => [...input.files].filter((file) => file.size > Number(words.largest));
  input.addEventListener("change", () => {
    const large = tooLarge();
    input.setCustomValidity(large.length ? words.tooLarge + large.map((file) => file.name).join("、") : "");
    told.textContent = input.validationMessage;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    const request = new XMLHttpRequest();
    const failed = () => { told.textContent = words.broken; bar.hidden = true; button.disabled = false; };
    request.upload.addEventListener("progress", (at) => {
      if (!at.lengthComputable) return;
      const share = Math.floor((at.loaded / at.total) * 100);
      bar.value = share;
      told.textContent = share < 100 ? words.sending + " " + share + "%" : words.looking;
    });
    request.addEventListener("load", () => {
      if (!request.responseText) { failed(); return; }
      document.open();
      document.write(request.responseText);
      document.close();
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
