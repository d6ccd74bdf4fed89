// Bootstrap's colours follow an attribute; it follows the system's setting, also while a page is open.
(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () =>
    document.documentElement.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  dark.addEventListener("change", follow);
  follow();
})();
