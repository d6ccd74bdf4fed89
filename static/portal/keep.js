// htmx draws a part of a form anew from what was in it when it asked. What a person typed or chose
// there meanwhile is put back into the new part, so that it isn't lost.
(() => {
  const asked = new WeakMap();
  const besides = new WeakMap();
  const changed = new WeakMap();
  const restored = new WeakMap();
  const places = new WeakMap();

  const isBox = (control) => ["checkbox", "radio"].includes(control.type);

  const controls = (part) =>
    new Map(
      [...part.querySelectorAll("input:not([type=hidden]), select, textarea")].map((control) => [
        isBox(control) ? `${control.name}=${control.value}` : control.name,
        control,
      ]),
    );

  // What an answer draws: its target, and the parts that its request names beside it.
  const controlsDrawn = (xhr, target) =>
    new Map(
      [target.id, ...besides.get(xhr)]
        .map((id) => document.getElementById(id))
        .flatMap((part) => (part ? [...controls(part)] : [])),
    );

  const state = (control) => (isBox(control) ? control.checked : control.value);

  const putBack = (control, value) => {
    if (isBox(control)) control.checked = value;
    else if (!control.options || [...control.options].some((offered) => offered.value === value))
      control.value = value;
  };

  // Where a person is: what is folded out, and the field with the focus.
  const placeIn = (part) => {
    const { id, selectionStart, selectionEnd } = document.activeElement;
    return {
      open: [...part.querySelectorAll("details[open][id]")].map((details) => details.id),
      id: part.contains(document.activeElement) && id,
      selection: Number.isInteger(selectionStart) && [selectionStart, selectionEnd],
    };
  };

  // htmx gives the focus back itself, but not to a field that shows only once its choice is put back.
  const goBack = ({ open, id, selection }) => {
    for (const details of open) document.getElementById(details)?.setAttribute("open", "");
    const control = id && document.getElementById(id);
    if (!control || control === document.activeElement) return;
    control.focus({ preventScroll: true });
    if (selection) control.setSelectionRange(...selection);
  };

  const isTyped = (control) => {
    if (isBox(control)) return control.checked !== control.defaultChecked;
    if (!control.options) return control.value !== control.defaultValue;
    const wasChosen = [...control.options].find((option) => option.defaultSelected) || control.options[0];
    return Boolean(wasChosen) && control.value !== wasChosen.value;
  };

  const announce = (control) => control.dispatchEvent(new Event("change", { bubbles: true }));

  // Where a session has ended, a part that is drawn again leads to the sign-in, but not away from what
  // is typed: pressing its button does that, and takes it along.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const typed = [...controls(document.getElementById("main")).values()].some(isTyped);
    if (typed && event.detail.xhr.getResponseHeader("HX-Redirect")) event.preventDefault();
  });

  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    const form = detail.elt.closest("form");
    // Where a row is taken away, those after it move up: a name means another row then.
    if (!form || (detail.elt.value || "").startsWith("remove-")) return;
    const before = [...controls(form)].map(([name, control]) => [name, state(control)]);
    asked.set(detail.xhr, new Map(before));
    const others = detail.elt.getAttribute("hx-select-oob") || "";
    besides.set(detail.xhr, others.split(",").map((other) => other.replace("#", "").split(":")[0]).filter(Boolean));
  });

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const before = asked.get(detail.xhr);
    if (!before) return;
    places.set(detail.xhr, placeIn(detail.target));
    const drawn = [...controlsDrawn(detail.xhr, detail.target)];
    const since = drawn.map(([name, control]) => [name, state(control)]);
    changed.set(
      detail.xhr,
      since.filter(([name, value]) => before.has(name) && before.get(name) !== value),
    );
  });

  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    const values = changed.get(detail.xhr);
    if (!values || !detail.target.id) return;
    changed.delete(detail.xhr);
    const drawn = controlsDrawn(detail.xhr, detail.target);
    const differing = values.filter(([name, value]) => drawn.has(name) && state(drawn.get(name)) !== value);
    for (const [name, value] of differing) putBack(drawn.get(name), value);
    goBack(places.get(detail.xhr));
    restored.set(
      detail.xhr,
      differing.map(([name]) => drawn.get(name)),
    );
  });

  // Only now does htmx listen to the new part: what follows from such a choice is drawn next.
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const these = restored.get(detail.xhr) || [];
    restored.delete(detail.xhr);
    these.forEach(announce);
  });

  // A page is seen, and may be filled in, before its scripts listen: what follows from a choice that
  // was made by then is drawn and saved now.
  document.addEventListener(
    "htmx:load",
    () => [...controls(document.getElementById("main")).values()].filter(isTyped).forEach(announce),
    { once: true },
  );
})();
