// Saves a draft while a person fills it in: soon after a field is left, a row is added or taken away, or
// the page is turned away from. What came of it stands beside the buttons.
(() => {
  const form = document.getElementById("builder");
  const saved = document.getElementById("saved");
  if (!form || !saved) return;
  const SOON = 300;
  const AGAIN = 5000;
  let timer;
  let failed = false;
  let isRenewed = false;

  const save = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => htmx.trigger(saved, "autosave"), wait);
  };

  const fail = (template) => {
    failed = true;
    saved.replaceChildren(document.getElementById(template).content.cloneNode(true));
  };

  // A choice of client is saved when what follows from it has been drawn.
  form.addEventListener("change", ({ target }) => {
    if (target.name && target.id !== "id_client") save(SOON);
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (["choices", "parameters", "runover", "attempt"].includes(detail.target.id)) save(SOON);
  });
  document.addEventListener("visibilitychange", () => {
    const typed = document.activeElement;
    const isTyping = document.hidden && form.contains(typed) && typed.value !== typed.defaultValue;
    if (isTyping || (failed && !document.hidden)) save(0);
  });
  // A press of a button saves all of it.
  form.addEventListener("submit", () => clearTimeout(timer));

  // A token of a session that has ended is no good for the one that followed it.
  const renewToken = async () => {
    const answer = await fetch(window.location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const name = "input[name=csrfmiddlewaretoken]";
    const fresh = page.querySelector(`#builder ${name}`);
    if (fresh) form.querySelector(name).value = fresh.value;
    return Boolean(fresh);
  };

  saved.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    event.preventDefault();
    fail("signed-out");
  });
  saved.addEventListener("htmx:sendError", () => {
    fail("unreachable");
    save(AGAIN);
  });
  saved.addEventListener("htmx:responseError", async ({ detail }) => {
    const mayRenew = detail.xhr.status === 403 && !isRenewed;
    isRenewed = mayRenew;
    if (mayRenew && (await renewToken())) save(0);
    else {
      fail("unreachable");
      save(AGAIN);
    }
  });

  // What a check has marked as wrong, and is mended, is not marked any more.
  const unmark = (control) => {
    control.classList.remove("is-invalid");
    control.removeAttribute("aria-invalid");
    const described = (control.getAttribute("aria-describedby") || "").split(" ");
    const left = described.filter((id) => id && !id.startsWith("error_"));
    if (left.length) control.setAttribute("aria-describedby", left.join(" "));
    else control.removeAttribute("aria-describedby");
    for (const said of control.closest(".mb-3")?.querySelectorAll(".invalid-feedback") || [])
      said.remove();
  };

  // Beside the form, the list of what is wrong is unfolded; above it, it would push the form down.
  let isUnfolded = window.matchMedia("(min-width: 75rem)").matches;
  const fold = () => {
    const preflight = document.getElementById("preflight");
    if (!preflight) return;
    preflight.open = isUnfolded;
    preflight.addEventListener("toggle", () => (isUnfolded = preflight.open));
  };
  fold();
  saved.addEventListener("htmx:afterSettle", fold);

  saved.addEventListener("htmx:afterSwap", () => {
    const told = saved.querySelector("[data-wrong]");
    if (!told) return;
    failed = isRenewed = false;
    const wrong = told.dataset.wrong.split(" ");
    for (const control of form.querySelectorAll(".is-invalid"))
      if (!wrong.includes(control.name)) unmark(control);
  });
})();
