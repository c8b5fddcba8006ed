// The desk's search boxes (select2) stand in for selects and do not carry their labels along: whoever hears the page
// instead of seeing it would not know what is asked for. Each box gets the words of its field's label.
"use strict";

function nameOf(select) {
  const label = select.labels && select.labels[0];
  return (label ? label.textContent : select.name).trim().replace(/:$/, "");
}

function nameBoxes(root) {
  for (const select of root.querySelectorAll("select.select2-hidden-accessible")) {
    const box = select.nextElementSibling;
    const field = box && box.querySelector(".select2-selection--single, .select2-search__field");
    if (field && !field.hasAttribute("aria-label")) {
      field.setAttribute("aria-label", nameOf(select));
      // It names the box by what is chosen, and by nothing while nothing is.
      field.removeAttribute("aria-labelledby");
    }
    const shown = box && box.querySelector("[role=textbox]");
    if (shown && !shown.hasAttribute("aria-label")) {
      shown.setAttribute("aria-label", nameOf(select));
    }
  }
}

// Boxes come when the admin's own script has run, and with each row that is added.
new MutationObserver(() => nameBoxes(document)).observe(document.documentElement, { childList: true, subtree: true });
