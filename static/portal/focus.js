// Where the focus goes when a page, or what had the focus, is gone: never to nowhere.
(() => {
  const CONTROLS =
    "a[href], button:not([tabindex='-1']), input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const followers = new WeakMap();

  const controls = (part) =>
    [...part.querySelectorAll(CONTROLS)].filter((control) => !control.disabled && control.checkVisibility());

  const focusOn = (element) => {
    if (!element.matches(CONTROLS)) element.setAttribute("tabindex", "-1");
    element.focus();
  };

  // A form that was refused: to what is wrong, as a list, or else to the first field that is.
  const refused = () => {
    const main = document.getElementById("main");
    const isNowhere = [document.body, null].includes(document.activeElement);
    const wrong =
      main.querySelector(".mends[role=alert], form .alert-danger, [data-refused]") ||
      main.querySelector("[aria-invalid=true], .is-invalid");
    if (isNowhere && !window.location.hash && wrong) focusOn(wrong);
  };
  refused();

  // A part that htmx draws anew may have lost what had the focus, such as the row that was removed. Then what
  // came next gets it: after the last row that is the button that adds one.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { activeElement } = document;
    if (!detail.target.contains(activeElement)) return;
    const before = controls(detail.target);
    followers.set(detail.xhr, before.length - 1 - before.indexOf(activeElement));
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const following = followers.get(detail.xhr);
    if (following === undefined || document.activeElement !== document.body) return;
    const part = document.getElementById(detail.target.id);
    if (!part) return;
    // Nobody pressed anything where a page follows what happens: what is nearest by then does something else.
    const isFollowed = detail.requestConfig?.elt.id === "poll";
    const left = isFollowed ? [] : controls(part);
    focusOn(left.at(-Math.max(following, 1)) || left.at(-1) || part);
  });
})();
