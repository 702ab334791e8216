// The pages work without this file; it adds comfort: menus that fold, summaries that take the focus.
import { initAll } from "./vendor/govuk.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
