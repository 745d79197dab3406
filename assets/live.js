/* live.js: results as one types. <form data-live="/contacts/rows" data-into="rows"> puts the fragment of its own fields there; arrows walk its links, Enter opens one.
 * Without script the form is sent by its button. */
const PAUSE = 120; // ms after the last key: a quick typist's next one

for (const form of document.querySelectorAll("form[data-live]")) {
  const into = document.getElementById(form.dataset.into);
  const field = form.querySelector("input[type=search]");
  let timer = 0, asked = 0, shown = location.search;

  const query = () => {
    const all = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) all.set(name, value);
    const lang = new URLSearchParams(location.search).get("lang");
    if (lang) all.set("lang", lang);
    return all.size ? `?${all}` : "";
  };
  const look = async () => {
    const now = query();
    if (now === shown) return;
    const mine = ++asked;
    into.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.live.split("?")[0] + now, { headers: { Accept: "text/html" }, redirect: "error" });
      if (answer.ok && mine === asked) {
        into.innerHTML = await answer.text(); // from our own server, made by a template
        shown = now;
        history.replaceState(null, "", form.action.split("?")[0] + now);
      }
    } catch { /* the button still works */ }
    if (mine === asked) into.removeAttribute("aria-busy");
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });

  const links = () => [...into.querySelectorAll("tbody th a, .pick a")];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const at = links().indexOf(document.activeElement), step = event.key === "ArrowDown" ? 1 : -1;
    if (at < 0 && (document.activeElement !== field || step < 0)) return;
    event.preventDefault();
    if (at + step < 0) field.focus();
    else links()[Math.min(at + step, links().length - 1)]?.focus();
  });
}
