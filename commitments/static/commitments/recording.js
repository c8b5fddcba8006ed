/* Recording an assessment: the promise follows the chosen commitment, and the verdict follows what is written.
   Everything is computed by the server; without this script the button "Check" shows the same. */
"use strict";

django.jQuery(function ($) {
  const form = document.getElementById("assessment_form");
  const verdict = document.getElementById("desk-verdict");
  if (!form || !verdict) return;
  const promise = document.getElementById("desk-promise");
  const PAUSE = 400;
  let timer, running, checked;

  const written = () => new URLSearchParams(new FormData(form)).toString();

  function fail(place) {
    const sentence = document.createElement("p");
    sentence.className = "errornote";
    sentence.textContent = place.dataset.failed;
    place.replaceChildren(sentence);
  }

  async function fetchPart(address, options) {
    // Whoever has been logged out would be sent to another page.
    const answer = await fetch(address, { credentials: "same-origin", redirect: "manual", ...options });
    if (!answer.ok) throw new Error(answer.status);
    return answer.text();
  }

  // A part that says the same again stays as it is, so that nothing is read out twice.
  function show(html) {
    for (const part of new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-part]")) {
      const place = document.getElementById(part.dataset.part);
      if (place && place.innerHTML.trim() !== part.innerHTML.trim()) place.innerHTML = part.innerHTML;
    }
  }

  async function check() {
    clearTimeout(timer);
    const now = written();
    if (now === checked) return;
    checked = now;
    if (running) running.abort();
    const mine = (running = new AbortController());
    try {
      const html = await fetchPart(verdict.dataset.address, {
        method: "POST", body: new FormData(form), signal: mine.signal,
      });
      if (running === mine) show(html);
    } catch (error) {
      if (running !== mine || error.name === "AbortError") return;
      checked = null;
      fail(verdict);
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE);
  }

  async function follow(chosen) {
    if (!chosen) return;
    const asked = new URLSearchParams({ commitment: chosen, draft: promise.dataset.draft || "" });
    promise.dataset.chosen = chosen;
    try {
      const html = await fetchPart(`${promise.dataset.address}?${asked}`);
      if (promise.dataset.chosen === chosen) promise.innerHTML = html;
    } catch {
      fail(promise);
    }
  }

  form.addEventListener("input", later);
  // A day chosen from the calendar tells nobody; the next step of the keyboard or the mouse does.
  form.addEventListener("focusin", () => { if (checked !== undefined && written() !== checked) later(); });
  // A search field stands for a list that nobody sees; whoever comes to the list means the field.
  function forward(list) {
    if (list.classList.contains("select2-hidden-accessible")) {
      list.nextElementSibling.querySelector(".select2-selection").focus();
    }
  }
  form.addEventListener("focusin", (event) => forward(event.target));
  // The admin puts the focus there of its own accord, before or after the search fields are made.
  window.addEventListener("load", () => forward(document.activeElement));
  // The search fields speak through jQuery only.
  $(form).on("change", later);
  $("#id_commitment").on("change", function () { follow(this.value); });
  document.addEventListener("formset:removed", later);
  document.addEventListener("formset:added", (event) => {
    const first = event.target.querySelector(".select2-selection, input:not([type=hidden]), select, textarea");
    if (first) first.focus();
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    if (running) running.abort();
  });
  verdict.closest("section").querySelector("[name=_check]").addEventListener("click", (event) => {
    event.preventDefault();
    checked = null;
    check();
  });
  checked = written();
});
