// hx-swap="only-changes" puts an answer into the page by changing only what differs: texts, attributes, and
// what came or went. So a button keeps the focus, what is folded out stays so, and a live region stays where
// it is and says only what is new.
(() => {
  // Two elements that differ in one of these, or in what htmx does with them, are not the same one: whoever
  // is about to press a button never presses another.
  const TRAITS = ["id", "action", "formaction", "name", "href", "type", "role"];
  // What the person at the page has done.
  const THEIRS = ["open"];

  const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;

  const traits = (element) => {
    const told = element.getAttributeNames().filter((name) => TRAITS.includes(name) || name.startsWith("hx-"));
    if (element.matches("button")) told.push("value");
    return told
      .sort()
      .map((name) => `${name}=${element.getAttribute(name)}`)
      .join(" ");
  };

  const isSame = (old, fresh) =>
    old.nodeName === fresh.nodeName && (!isElement(old) || traits(old) === traits(fresh));

  // Which of the nodes from `old` on is `fresh`. Only what is told from others by its traits is looked for
  // further on.
  const counterpart = (old, fresh) => {
    if (!old) return null;
    if (!isElement(fresh)) return isSame(old, fresh) ? old : null;
    let element = isElement(old) ? old : old.nextElementSibling;
    if (element && isSame(element, fresh)) return element;
    if (!traits(fresh)) return null;
    while (element && !isSame(element, fresh)) element = element.nextElementSibling;
    return element;
  };

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
      node.remove();
      node = next;
    }
  };

  // Makes `old` like `fresh`, and adds to `added` what is new in it.
  const take = (old, fresh, added) => {
    if (!isElement(old)) {
      if (old.data !== fresh.data) old.data = fresh.data;
      return;
    }
    takeAttributes(old, fresh);
    const ids = [...fresh.children].map(({ id }) => id);
    for (const child of [...old.children]) if (child.id && !ids.includes(child.id)) child.remove();
    let at = old.firstChild;
    for (const wanted of [...fresh.childNodes]) {
      const same = counterpart(at, wanted);
      if (same) {
        removeUntil(at, same);
        take(same, wanted, added);
        at = same.nextSibling;
      } else {
        old.insertBefore(wanted, at);
        added.push(wanted);
      }
    }
    removeUntil(at, null);
  };

  htmx.defineExtension("only-changes", {
    handleSwap: (style, target, fragment) => {
      const fresh = style === "only-changes" && fragment.querySelector(`#${target.id}`);
      if (!fresh) return false;
      const added = [];
      take(target, fresh, added);
      return added;
    },
  });
})();
