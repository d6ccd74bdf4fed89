// Above a long choice (data-find="call flow"), a field that narrows it to what has all the words typed.
// Whatever is chosen stays. Without JavaScript the choice is just long.
(() => {
  const MOST_WITHOUT = 10;
  const LONGEST_NAMED = 3;
  const finders = new Map();

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  // Numbers are written with spaces and typed without.
  const has = (text, words) => {
    const closed = text.replace(/\s/g, "");
    return words.every((word) => text.includes(word) || closed.includes(word));
  };

  // What there is to choose from, and how to show only some of it.
  const ofSelect = (select) => {
    const options = [...select.options];
    return {
      control: select,
      choices: options.filter((option) => option.value),
      text: (option) => option.textContent.trim(),
      // Safari shows options that are hidden, so they are taken out.
      show: (found) => {
        const { value } = select;
        const stays = (option) => !option.value || option.value === value || found.has(option);
        select.replaceChildren(...options.filter(stays));
        select.value = value;
      },
      choose: (option) => {
        if (option.selected) return;
        select.value = option.value;
        select.dispatchEvent(new Event("change", { bubbles: true }));
      },
      focus: () => select.focus(),
    };
  };

  const ofBoxes = (group) => {
    const rows = [...group.querySelectorAll(".form-check")];
    const box = (row) => row.querySelector("input");
    const stays = (row) => box(row).checked;
    return {
      control: rows[0] && rows[0].parentElement,
      choices: rows,
      text: (row) => row.querySelector("label").textContent.trim(),
      show: (found) => {
        for (const row of rows) row.hidden = !found.has(row) && !stays(row);
      },
      choose: () => {},
      focus: () => {
        const row = rows.find((one) => !one.hidden);
        if (row) box(row).focus();
      },
    };
  };

  const said = (noun, found, choices, text) => {
    if (!found.length) return `No ${noun} matches.`;
    const names = found.length <= LONGEST_NAMED ? `: ${found.map(text).join("; ")}` : "";
    return `${found.length} of ${choices.length} ${noun}s${names}.`;
  };

  const finder = (noun, name) => {
    const box = document.createElement("div");
    box.className = "finder";
    box.dataset.addedHere = "";
    const label = document.createElement("label");
    label.className = "visually-hidden";
    label.htmlFor = `find-${name}`;
    label.textContent = `Find a ${noun}`;
    const input = document.createElement("input");
    Object.assign(input, { type: "search", id: `find-${name}`, name: `find-${name}`, autocomplete: "off" });
    input.className = "form-control";
    input.placeholder = label.textContent;
    // It belongs to no form: it is not posted, and Enter in it saves nothing.
    input.setAttribute("form", "");
    const status = document.createElement("p");
    status.className = "found-count";
    status.dataset.addedHere = "";
    status.setAttribute("role", "status");
    box.append(label, input);
    return { box, input, status };
  };

  const enhance = (element) => {
    if (element.closest("fieldset:disabled")) return;
    const isSelect = element.matches("select");
    const look = () => (isSelect ? ofSelect : ofBoxes)(element);
    let offer = look();
    if (offer.choices.length <= MOST_WITHOUT) return;
    const noun = element.dataset.find;
    const { box, input, status } = finder(noun, isSelect ? element.name : element.id);
    const { control } = offer;
    if (control.id) input.setAttribute("aria-controls", control.id);
    control.before(box);
    (isSelect ? control : box).after(status);

    let found = offer.choices;
    const narrow = () => {
      const { choices, text, show } = offer;
      const words = plain(input.value).split(/\s+/).filter(Boolean);
      found = choices.filter((choice) => has(plain(text(choice)), words));
      show(new Set(found));
      const saying = words.length ? said(noun, found, choices, text) : "";
      // A status that is set to the same is read out again.
      if (status.textContent !== saying) status.textContent = saying;
    };
    // The form looks at what changes in it, and this is nothing of its own.
    for (const event of ["input", "change"])
      input.addEventListener(event, (happened) => {
        happened.stopPropagation();
        narrow();
      });
    input.addEventListener("keydown", (pressed) => {
      if (pressed.isComposing || !["Enter", "ArrowDown"].includes(pressed.key)) return;
      pressed.preventDefault();
      if (!found.length) return;
      if (pressed.key === "Enter" && found.length === 1) offer.choose(found[0]);
      offer.focus();
    });
    finders.set(element, {
      isIn: (part) => !control.isConnected || part.contains(control),
      showAll: () => input.value && offer.show(new Set(offer.choices)),
      // What there is to choose from may have been drawn anew.
      renew: () => {
        offer = look();
        if (!control.isConnected || offer.control !== control || offer.choices.length <= MOST_WITHOUT) {
          [box, status].forEach((part) => part.remove());
          finders.delete(element);
        } else if (input.value) narrow();
      },
    });
  };

  // The finders in a part that is drawn anew.
  const findersIn = (part) => [...finders.values()].filter(({ isIn }) => isIn(part));
  const look = (part = document) => {
    findersIn(part).forEach(({ renew }) => renew());
    for (const element of document.querySelectorAll("[data-find]")) if (!finders.has(element)) enhance(element);
  };
  look();
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.shouldSwap) findersIn(detail.target).forEach(({ showAll }) => showAll());
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => look(detail.target));
})();
