// Asks before the client is changed, where that clears what is chosen of the old one's.
(() => {
  const client = document.getElementById("id_client");
  const dialog = document.getElementById("change-client");
  if (!client || !dialog) return;
  const nameOf = (value) => [...client.options].find((option) => option.value === value)?.text || "";
  // As it was drawn: a person may have chosen another before this listened.
  let before = [...client.options].find((option) => option.defaultSelected)?.value || "";

  // The controls of what belongs to the client, as they are drawn at this moment.
  const theirs = () => [...document.querySelectorAll("#choices input, #choices select")];
  const isChosen = (control) =>
    control.type === "checkbox" ? control.checked : control.type !== "hidden" && control.value;
  const clear = (control) => {
    if (control.type === "checkbox") control.checked = false;
    else if (control.type !== "hidden") control.value = "";
  };

  document.addEventListener("htmx:confirm", (event) => {
    if (event.detail.elt !== client || client.value === before) return;
    if (!before || !theirs().some(isChosen)) {
      before = client.value;
      return;
    }
    event.preventDefault();
    for (const place of dialog.querySelectorAll("[data-client]")) place.textContent = nameOf(before);
    dialog.returnValue = "keep";
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue === "change") {
          theirs().forEach(clear);
          before = client.value;
          event.detail.issueRequest(true);
        } else client.value = before;
        client.focus();
      },
      { once: true },
    );
    dialog.showModal();
  });
})();
