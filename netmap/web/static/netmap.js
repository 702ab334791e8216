// The pages work without this file; it adds comfort: menus that fold, summaries that take the focus.
import { initAll } from "./vendor/govuk.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A picture that is wider than the window begins with its largest town, its centre, or its providers.
for (const box of document.querySelectorAll(".nm-picture")) {
  const first = box.querySelector(".nm-land__area, .nm-walk__node--centre, .nm-graph__node--provider");
  const beyond = box.scrollWidth - box.clientWidth;
  if (beyond > 0) {
    const spot = first && first.getBoundingClientRect();
    const middle = spot ? spot.left + spot.width / 2 - box.getBoundingClientRect().left : box.scrollWidth / 2;
    box.scrollLeft = middle - box.clientWidth / 2;
  }
}
