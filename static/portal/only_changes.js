// hx-swap="only-changes" puts an answer into the page by changing only what differs: texts, attributes, and
// what came or went. So a button keeps the focus, a choice goes on with the letters that are typed in it, what
// is folded out stays so, and a live region stays where it is and says only what is new. In a form, what a
// person typed or chose after it was asked stays too.
(() => {
  // Two elements that differ in one of these, or in what htmx does with them, are not the same one: whoever
  // is about to press a button never presses another.
  const TRAITS = ["id", "action", "formaction", "name", "href", "type", "role"];
  // What the person at the page has done.
  const THEIRS = ["open"];
  // What a script has added to the page, and looks after itself.
  const ADDED_HERE = "[data-added-here]";

  // Whether the answer that is being put in is one to a form.
  let isOfForm = false;

  // --- What is the same ---

  const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;

  const traits = (element) => {
    const told = element.getAttributeNames().filter((name) => TRAITS.includes(name) || name.startsWith("hx-"));
    if (element.matches("button")) told.push("value");
    return told
      .sort()
      .map((name) => `${name}=${element.getAttribute(name)}`)
      .join(" ");
  };

  // What a person has asked for and is refused again is said again: a poll's answer is not.
  const isSaidAnew = (fresh) => isOfForm && fresh.matches("[role=alert]");

  const isSame = (old, fresh) => {
    if (old.nodeName !== fresh.nodeName) return false;
    return !isElement(old) || (traits(old) === traits(fresh) && !isSaidAnew(fresh));
  };

  const isAddedHere = (node) => isElement(node) && node.matches(ADDED_HERE);

  // Which of the nodes from `old` on is `fresh`. Only what is told from others by its traits is looked for
  // further on.
  const counterpart = (old, fresh) => {
    if (!old) return null;
    if (!isElement(fresh)) return isSame(old, fresh) ? old : null;
    let element = isElement(old) ? old : old.nextElementSibling;
    while (element && isAddedHere(element)) element = element.nextElementSibling;
    if (element && isSame(element, fresh)) return element;
    if (!traits(fresh)) return null;
    while (element && !isSame(element, fresh)) element = element.nextElementSibling;
    return element;
  };

  // --- What was typed or chosen since ---

  const CONTROLS = "input:not([type=hidden]), select, textarea";
  // Of each request of a form: what was in its controls when it was made.
  const asked = new WeakMap();
  // Of each answer that was put in: the controls that it would have shown otherwise.
  const differing = new WeakMap();
  // The answer that is being put in.
  let typedSince = new Map();
  let outOfDate = [];
  let focused;

  const isBox = (control) => ["checkbox", "radio"].includes(control.type);
  const key = (control) => (isBox(control) ? `${control.name}=${control.value}` : control.name);
  const state = (control) => (isBox(control) ? control.checked : control.value);
  const statesIn = (part) => new Map([...part.querySelectorAll(CONTROLS)].map((one) => [key(one), state(one)]));
  const offers = (control, value) => !control.options || [...control.options].some((one) => one.value === value);

  // Setting what is there already would move the caret.
  const put = (control, value) => {
    if (state(control) === value) return;
    if (isBox(control)) control.checked = value;
    else control.value = value;
  };

  const takeState = (control, shown) => {
    if (!isOfForm) return;
    const typed = typedSince.get(key(control));
    if (typed === undefined || !offers(control, typed)) {
      put(control, shown);
      return;
    }
    if (typed !== shown) outOfDate.push(control);
    put(control, typed);
  };

  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    const form = detail.elt.closest("form");
    if (!form) return;
    // Where a row is taken away, those after it move up: a name means another row then.
    const isRemoving = (detail.elt.value || "").startsWith("remove-");
    asked.set(detail.xhr, { form, states: isRemoving ? new Map() : statesIn(form) });
  });

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    // An answer to what another answer has taken away meanwhile is about a page that is no more.
    if (!detail.requestConfig.elt.isConnected) {
      detail.shouldSwap = false;
      return;
    }
    const before = asked.get(detail.xhr);
    isOfForm = Boolean(before);
    const isTyped = ([name, value]) => before.states.has(name) && before.states.get(name) !== value;
    typedSince = isOfForm ? new Map([...statesIn(before.form)].filter(isTyped)) : new Map();
    outOfDate = [];
    focused = document.activeElement;
  });

  // htmx gives the focus back itself, but not to a field that shows only once its choice is put back.
  const keepFocus = () => {
    const control = !focused.isConnected && focused.id && document.getElementById(focused.id);
    if (!control || control === document.activeElement) return;
    control.focus({ preventScroll: true });
    if (Number.isInteger(focused.selectionStart))
      control.setSelectionRange(focused.selectionStart, focused.selectionEnd);
  };

  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (focused) keepFocus();
    differing.set(detail.xhr, outOfDate);
    focused = undefined;
  });

  // Only now does htmx listen to what is new: what follows from such a choice is drawn next.
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const controls = differing.get(detail.xhr) || [];
    differing.delete(detail.xhr);
    for (const control of controls) control.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // --- Putting it in ---

  const takeAttributes = (old, fresh) => {
    const isOurs = (name) => !THEIRS.includes(name);
    for (const name of fresh.getAttributeNames().filter(isOurs)) {
      const value = fresh.getAttribute(name);
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    for (const name of old.getAttributeNames().filter(isOurs))
      if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  };

  const removeUntil = (node, end) => {
    while (node && node !== end) {
      const next = node.nextSibling;
      if (!isAddedHere(node)) node.remove();
      node = next;
    }
  };

  const add = (parent, fresh, before, added) => {
    parent.insertBefore(fresh, before);
    added.push(fresh);
    if (!isElement(fresh)) return;
    const controls = fresh.matches(CONTROLS) ? [fresh] : fresh.querySelectorAll(CONTROLS);
    for (const control of controls) takeState(control, state(control));
  };

  const takeChildren = (old, fresh, added) => {
    const ids = [...fresh.children].map(({ id }) => id);
    const isGone = (child) => child.id && !ids.includes(child.id) && !isAddedHere(child);
    [...old.children].filter(isGone).forEach((child) => child.remove());
    let at = old.firstChild;
    for (const wanted of [...fresh.childNodes]) {
      const same = counterpart(at, wanted);
      if (same) {
        removeUntil(at, same);
        take(same, wanted, added);
        at = same.nextSibling;
      } else add(old, wanted, at, added);
    }
    removeUntil(at, null);
  };

  // Makes `old` like `fresh`, and adds to `added` what is new in it.
  const take = (old, fresh, added) => {
    if (!isElement(old)) {
      if (old.data !== fresh.data) old.data = fresh.data;
      return;
    }
    takeAttributes(old, fresh);
    if (old.matches(CONTROLS)) {
      const shown = state(fresh);
      takeChildren(old, fresh, added);
      takeState(old, shown);
    } else takeChildren(old, fresh, added);
  };

  htmx.defineExtension("only-changes", {
    // The whole element comes with its own tag, not its content alone.
    isInlineSwap: (style) => style === "only-changes",
    handleSwap: (style, target, fragment) => {
      const fresh = style === "only-changes" && fragment.querySelector(`#${target.id}`);
      if (!fresh) return false;
      const added = [];
      take(target, fresh, added);
      return added;
    },
  });
})();
