// A page is seen, and may be filled in, before its scripts listen. And a session may end while somebody types.
(() => {
  const CONTROLS = "#main :is(input:not([type=hidden]), select, textarea)";

  const isTyped = (control) => {
    if (["checkbox", "radio"].includes(control.type)) return control.checked !== control.defaultChecked;
    if (!control.options) return control.value !== control.defaultValue;
    const wasChosen = [...control.options].find((option) => option.defaultSelected) || control.options[0];
    return Boolean(wasChosen) && control.value !== wasChosen.value;
  };
  const typed = () => [...document.querySelectorAll(CONTROLS)].filter(isTyped);

  // Where a session has ended, a part that is drawn again leads to the sign-in, but not away from what
  // is typed: pressing its button does that, and takes it along.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (typed().length && event.detail.xhr.getResponseHeader("HX-Redirect")) event.preventDefault();
  });

  // What follows from a choice that was made before anything listened is drawn and saved now.
  document.addEventListener(
    "htmx:load",
    () => typed().forEach((control) => control.dispatchEvent(new Event("change", { bubbles: true }))),
    { once: true },
  );
})();
