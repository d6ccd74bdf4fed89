// A press of a button or a link is about what the page will hold once the portal has answered what was
// changed before: parameters, for example, are filled in by then. So it waits for that answer, but not
// for one that doesn't come.
(() => {
  const form = document.getElementById("builder");
  const saved = document.getElementById("saved");
  if (!form || !saved) return;
  // Milliseconds from the press on. A busy portal answers within it; what is copied sooner lacks what
  // would be filled in.
  const LONGEST_WAIT = 15000;
  // Which element has made each request that is under way.
  const underWay = new Map();
  // In the order in which they were made.
  let held = [];
  let isLettingGo = false;

  // The form is posted after what it saves by itself, since the later of the two stays. Other presses
  // are saved before by themselves.
  const isAwaited = (element, press) => element !== saved || press.posts;
  const hasToWait = (press) =>
    !press.isOverdue && [...underWay.values()].some((element) => isAwaited(element, press));

  // autosave.js may make it wait further: for one press both have the same time.
  const pressedAt = () => Number(form.dataset.pressedAt) || Date.now();

  const letGo = (press) => {
    isLettingGo = true;
    form.dataset.pressedAt = press.at;
    try {
      press.go();
    } finally {
      isLettingGo = false;
      delete form.dataset.pressedAt;
    }
  };

  const goOn = () => {
    while (held.length && !hasToWait(held[0])) {
      const press = held.shift();
      // What was pressed after it is of a page that is left.
      if (press.leaves) held = [];
      letGo(press);
    }
  };

  const stop = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  const hold = (event, press) => {
    if (isLettingGo) return;
    press.at = pressedAt();
    const left = LONGEST_WAIT - (Date.now() - press.at);
    press.isOverdue = left <= 0;
    // As a browser has it: of two ways to leave the page, the later goes.
    if (press.leaves) held = held.filter((other) => !other.leaves);
    if (!held.length && !hasToWait(press)) return;
    stop(event);
    held.push(press);
    setTimeout(() => {
      press.isOverdue = true;
      goOn();
    }, left);
  };

  document.addEventListener("htmx:beforeSend", ({ detail: { elt, xhr } }) => {
    // What else is drawn, such as the dial plan, holds nothing that is posted.
    if (elt !== saved && elt.form !== form) return;
    underWay.set(xhr, elt);
    const end = () => {
      underWay.delete(xhr);
      goOn();
    };
    // htmx ends a drawing after this delay too, and has begun to wait before.
    xhr.addEventListener("loadend", () => setTimeout(end, htmx.config.defaultSettleDelay));
  });

  // What was pressed may have been drawn anew: what it said when it was pressed counts.
  const present = (element, parent) => {
    if (!element || element.isConnected) return element;
    const standIn = element.cloneNode();
    standIn.removeAttribute("id");
    standIn.hidden = true;
    parent.append(standIn);
    return standIn;
  };

  document.addEventListener(
    "submit",
    (event) => {
      const { target, submitter } = event;
      if (target.method === "dialog") return;
      const go = () => target.requestSubmit(present(submitter, target));
      hold(event, { go, leaves: true, posts: target === form });
    },
    true,
  );

  // Where a row is taken away, those after it move up: the same button is another row's then.
  const removes = (element) => (element?.value || "").startsWith("remove-");
  const isRemoving = () => [...underWay.values(), ...held.map(({ button }) => button)].some(removes);
  const holdDrawing = (event, button) => {
    if (!isLettingGo && removes(button) && isRemoving()) stop(event);
    else hold(event, { button, go: () => document.getElementById(button.id)?.click() });
  };

  document.addEventListener(
    "click",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const button = event.target.closest("button[hx-post]");
      const link = event.target.closest("a[href]");
      if (button) holdDrawing(event, button);
      if (link && !link.target && !link.hash)
        hold(event, { go: () => present(link, document.body).click(), leaves: true });
    },
    true,
  );
})();
