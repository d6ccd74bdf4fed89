// A button with data-listen reads its text with the browser's own speech, where there is one; pressed
// again it stops. Some browsers can speak and have no voice: then there is no button.
(() => {
  if (!("speechSynthesis" in window)) return;
  const lookForVoices = () =>
    document.documentElement.classList.toggle("can-speak", window.speechSynthesis.getVoices().length > 0);
  lookForVoices();
  // They come some time after the page.
  window.speechSynthesis.addEventListener("voiceschanged", lookForVoices);
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-listen]");
    if (!button) return;
    const label = button.textContent;
    const speaks = window.speechSynthesis.speaking;
    window.speechSynthesis.cancel();
    if (speaks) return;
    const speech = new SpeechSynthesisUtterance(button.dataset.listen);
    speech.lang = document.documentElement.lang;
    speech.onend = speech.onerror = () => {
      button.textContent = label;
    };
    button.textContent = "Stop";
    window.speechSynthesis.speak(speech);
  });
})();
