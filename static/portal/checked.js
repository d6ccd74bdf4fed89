// Keeps what the builder says of a checked draft true while the draft saves itself.
(() => {
  const form = document.getElementById("builder");
  const saved = document.getElementById("saved");
  if (!form || !saved) return;

  // What a check has marked as wrong, and is fixed, is no longer marked.
  const unmark = (control) => {
    control.classList.remove("is-invalid");
    control.removeAttribute("aria-invalid");
    const described = (control.getAttribute("aria-describedby") || "").split(" ");
    const left = described.filter((id) => id && !id.endsWith("_error"));
    if (left.length) control.setAttribute("aria-describedby", left.join(" "));
    else control.removeAttribute("aria-describedby");
    for (const said of control.closest(".mb-3")?.querySelectorAll(".invalid-feedback") || [])
      said.remove();
  };
  saved.addEventListener("htmx:afterSwap", () => {
    const told = saved.querySelector("[data-wrong]");
    if (!told) return;
    const wrong = told.dataset.wrong.split(" ");
    for (const control of form.querySelectorAll(".is-invalid"))
      if (!wrong.includes(control.name)) unmark(control);
    for (const said of form.querySelectorAll("[data-errors-of]"))
      if (!wrong.includes(said.dataset.errorsOf)) said.remove();
  });

  // Beside the form, the list of what is wrong is unfolded; above it, it would push the form down.
  let isUnfolded = window.matchMedia("(min-width: 75rem)").matches;
  const fold = () => {
    const preflight = document.getElementById("preflight");
    if (preflight) preflight.open = isUnfolded;
  };
  // It doesn't bubble.
  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (target.id === "preflight") isUnfolded = target.open;
    },
    true,
  );
  fold();
  // At once: what comes unfolded says so in an event of its own, a moment later.
  saved.addEventListener("htmx:afterSwap", fold);
})();
