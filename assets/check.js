/* check.js: <form data-check="/contacts/beside" data-into="beside"> shows there what the server thinks of the fields while one types. Without script it says so after sending. */
const PAUSE = 400; // ms after the last key

for (const form of document.querySelectorAll("form[data-check]")) {
  const into = document.getElementById(form.dataset.into);
  const touched = new Set();
  let timer = 0, asked = 0;

  const look = async () => {
    const all = new URLSearchParams(), mine = ++asked;
    for (const [name, value] of new FormData(form)) if (value && name !== "csrf") all.set(name, value);
    const lang = new URLSearchParams(location.search).get("lang");
    if (lang) all.set("lang", lang);
    try {
      const answer = await fetch(`${form.dataset.check.split("?")[0]}?${all}`, { headers: { Accept: "text/html" }, redirect: "error", cache: "no-store" });
      if (!answer.ok || mine !== asked) return;
      into.innerHTML = await answer.text(); // from our own server, made by a template
      // Nobody is told off for a field not yet reached.
      for (const link of into.querySelectorAll('a[href^="#"]')) if (!touched.has(link.hash.slice(1))) link.closest("li").remove();
    } catch { /* the server says it when the form is sent */ }
  };
  form.addEventListener("input", (event) => { touched.add(event.target.name); clearTimeout(timer); timer = setTimeout(look, PAUSE); });
  form.addEventListener("focusout", (event) => { if (event.target.value) touched.add(event.target.name); });
}
