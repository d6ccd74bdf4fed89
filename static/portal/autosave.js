// Saves a draft while a person fills it in, and whenever the page is left. The bar beside the buttons
// says how it stands: "Saving…" from the first difference on, "Saved" only when nothing is left to save.
(() => {
  const form = document.getElementById("builder");
  const saved = document.getElementById("saved");
  if (!form || !saved) return;
  const SOON = 300;
  const TYPING = 800;
  // Milliseconds until it is tried again, where that can help.
  const AGAIN = { unreachable: 5000, failed: 30000 };
  // Milliseconds from a press on. A busy portal answers within it; what is copied sooner is not what is
  // on the page.
  const LONGEST_WAIT = 15000;
  const LONGEST_POSTING = 30000;
  const counter = form.elements.edit;

  // `edit` counts what the person has changed, and is posted, so that a late saving undoes no later one.
  let edit = Number(counter.value) || 0;
  let savedEdit = edit;
  let counted;
  let timer;
  // Why the last saving came to nothing: "" if it didn't.
  let trouble = saved.querySelector("[data-unsaved]") ? "refused" : "";
  if (trouble) savedEdit -= 1;
  let isRenewed = false;
  let isPosting = false;
  let endOfPosting;
  let isGoingOn = false;
  const waiting = [];
  const unfinished = new Set();

  const isUnsaved = () => edit > savedEdit;
  const letGo = () => waiting.splice(0).forEach((go) => go());

  const say = (template) =>
    saved.replaceChildren(document.getElementById(template).content.cloneNode(true));

  const save = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => htmx.trigger(saved, "autosave"), wait);
  };

  const differ = () => {
    edit += 1;
    counter.value = edit;
    if (!trouble) say("saving");
  };

  // A press that presses.js has made wait was made before it comes here.
  const pressedAt = () => Number(form.dataset.pressedAt) || Date.now();

  // Resolves when all is saved, or known not to be, or the time of the press is over.
  const settled = (at) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      setTimeout(resolve, LONGEST_WAIT - (Date.now() - at));
      // What is pressed now goes instead of what was posted before.
      isPosting = false;
      save(0);
    });

  const fail = (template) => {
    trouble = template;
    say(template);
    if (AGAIN[template]) save(AGAIN[template]);
    letGo();
  };

  // A choice of client is saved when what follows from it has been drawn.
  const isSavedAtOnce = ({ name, id }) => name && id !== "id_client";
  form.addEventListener("input", ({ target }) => {
    if (!isSavedAtOnce(target)) return;
    counted = target;
    differ();
    save(TYPING);
  });
  form.addEventListener("change", ({ target }) => {
    if (!isSavedAtOnce(target)) return;
    if (counted !== target) differ();
    counted = undefined;
    if (isUnsaved()) save(SOON);
  });
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.elt.id === "id_client") differ();
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (!["choices", "parameters", "runover", "attempt"].includes(detail.target.id)) return;
    differ();
    save(SOON);
  });

  // What is posted is the last of this page: a later saving would be newer than the page that follows.
  const post = () => {
    clearTimeout(timer);
    clearTimeout(endOfPosting);
    isPosting = true;
    endOfPosting = setTimeout(stay, LONGEST_POSTING);
  };
  // Whoever is still here has stopped it.
  const stay = () => {
    isPosting = false;
    if (isUnsaved()) save(0);
  };
  saved.addEventListener("htmx:beforeRequest", (event) => {
    if (isPosting) event.preventDefault();
  });

  // --- What came of it ---

  saved.addEventListener("htmx:afterSwap", () => {
    const told = saved.querySelector("[data-edit]");
    isRenewed = false;
    if (!told) {
      trouble = "refused";
      letGo();
      return;
    }
    trouble = "";
    savedEdit = Number(told.dataset.edit);
    if (isUnsaved()) say("saving");
    else letGo();
    dropGone();
    finish();
  });

  // A list that was deleted can't be chosen; what was drawn from it is drawn again.
  const dropGone = () => {
    for (const { dataset } of document.querySelectorAll("[data-gone]")) {
      const box = form.querySelector(`input[name=contact_lists][value="${dataset.gone}"]`);
      if (!box) continue;
      box.checked = false;
      box.dispatchEvent(new Event("change", { bubbles: true }));
      box.disabled = true;
    }
  };

  const leadsToSignIn = (xhr) => xhr.getResponseHeader("HX-Redirect");
  const isOurs = (element) => element === saved || form.contains(element);

  // What could not be drawn is drawn when the draft can be saved again.
  const finish = () => {
    for (const element of unfinished)
      if (element.isConnected) htmx.trigger(element, element.matches("button") ? "click" : "change");
    unfinished.clear();
  };
  const leaveUnfinished = (element) => {
    if (element === saved) return;
    unfinished.add(element);
    differ();
  };

  // A token of a session that has ended is no good for the one that followed it.
  const renewToken = async () => {
    const answer = await fetch(window.location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const name = "input[name=csrfmiddlewaretoken]";
    const fresh = page.querySelector(`form.who ${name}`);
    if (fresh) for (const old of document.querySelectorAll(name)) old.value = fresh.value;
    return Boolean(fresh);
  };

  const refuse = async (status) => {
    if (status === 404) return fail("gone");
    if (status !== 403) return fail("failed");
    if (isRenewed) return fail("forbidden");
    isRenewed = true;
    try {
      if (await renewToken()) return save(0);
      isRenewed = false;
      return fail("signed-out");
    } catch {
      isRenewed = false;
      return fail("unreachable");
    }
  };

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { elt, xhr } = event.detail;
    if (!isOurs(elt) || !leadsToSignIn(xhr)) return;
    event.preventDefault();
    leaveUnfinished(elt);
    fail("signed-out");
  });
  document.addEventListener("htmx:sendError", ({ detail }) => {
    if (!isOurs(detail.elt)) return;
    leaveUnfinished(detail.elt);
    fail("unreachable");
  });
  document.addEventListener("htmx:responseError", ({ detail }) => {
    if (!isOurs(detail.elt)) return;
    leaveUnfinished(detail.elt);
    refuse(detail.xhr.status);
  });

  // --- Leaving the page ---

  const goesElsewhere = (link) =>
    link && link.href && !(link.hash && link.href.split("#")[0] === window.location.href.split("#")[0]);

  // Links save first, so that what they lead to is made from what is on the page.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (event.defaultPrevented || !goesElsewhere(link) || !isUnsaved()) return;
    if (!isPlain || link.target) {
      save(0);
      return;
    }
    event.preventDefault();
    await settled(pressedAt());
    window.location.assign(link.href);
  });

  // The form's own buttons save all of it. Those of other forms, such as Sign out, save first.
  document.addEventListener("submit", async (event) => {
    const { target, submitter } = event;
    if (target.method === "dialog") return;
    const isOwn = target === form;
    if (isOwn && !["unreachable", "failed", "forbidden", "gone"].includes(trouble)) {
      post();
      return;
    }
    if (isGoingOn || !isUnsaved()) return;
    event.preventDefault();
    const at = pressedAt();
    await settled(at);
    if (isOwn && trouble) return;
    // No answer in time is trouble too: a session that ends takes with it what would be saved in leaving.
    if (!isOwn && isUnsaved() && !trouble) fail("unreachable");
    // The submit event comes before this returns. What is still unsaved is asked about as the page is left.
    isGoingOn = true;
    form.dataset.pressedAt = at;
    target.requestSubmit(submitter);
    delete form.dataset.pressedAt;
    isGoingOn = false;
  });

  window.addEventListener("beforeunload", (event) => {
    if (isUnsaved() && trouble && !isPosting) event.preventDefault();
  });
  window.addEventListener("pagehide", () => {
    if (!isUnsaved() || isPosting) return;
    clearTimeout(timer);
    const body = new URLSearchParams(new FormData(form));
    fetch(saved.getAttribute("hx-post"), { method: "POST", body, keepalive: true });
  });
  window.addEventListener("pageshow", ({ persisted }) => {
    isPosting = false;
    if (persisted && isUnsaved()) save(0);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden ? isUnsaved() : trouble && trouble !== "refused") save(0);
  });
  window.addEventListener("focus", () => {
    if (trouble === "signed-out") save(0);
  });
})();
