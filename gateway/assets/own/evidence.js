// How far an upload is. Without this file the form is sent all the same; the browser then shows the progress itself.
"use strict";

function watchUploads() {
  for (const form of document.querySelectorAll("form[data-upload]")) {
    const input = form.querySelector("input[type=file]");
    const bar = form.querySelector("progress");
    const button = form.querySelector("button");
    const told = form.querySelector("[data-told]");
    const words = form.dataset;
    const failed = () => { told.textContent = words.broken; bar.hidden = true; button.disabled = false; };
    input.addEventListener("change", () => {
      const large = [...input.files].filter((file) => file.size > Number(words.largest));
      input.setCustomValidity(large.length ? words.tooLarge + large.map((file) => file.name).join("、") : "");
      told.textContent = input.validationMessage;
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const request = new XMLHttpRequest();
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
        document.querySelector("main").replaceWith(main);
        watchUploads();
        (document.getElementById("faults") || main).focus();
        window.scrollTo(0, 0);
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
