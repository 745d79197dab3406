/* popup.js: <a data-popup href="…"> opens that page's form in a dialog over this one. Without script it is a page of its own. */
document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-popup]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" }, redirect: "error", cache: "no-store" });
    const part = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("popup");
    if (!part) throw 0;
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-labelledby", "popup-title");
    dialog.append(document.importNode(part, true));
    document.body.append(dialog);
    dialog.querySelector("[data-close]")?.addEventListener("click", (e) => { e.preventDefault(); dialog.close(); });
    dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
    dialog.showModal();
  } catch { location.assign(link.href); }
});
