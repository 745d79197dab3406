/* show.js: "Show what I type". <input type="checkbox" data-show="ID ID"> shows the passwords of these fields; its label is rendered hidden. */
for (const box of document.querySelectorAll("[data-show]")) {
  const fields = box.dataset.show.split(" ").map((id) => document.getElementById(id)).filter(Boolean);
  const show = (on) => { for (const field of fields) field.type = on ? "text" : "password"; };
  box.addEventListener("change", () => show(box.checked));
  box.form?.addEventListener("submit", () => show(false)); // or browsers would keep what was typed as a plain text
  box.closest("[hidden]")?.removeAttribute("hidden");
}
