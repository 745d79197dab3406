/* poll.js: keeps what moves up to date. <div data-poll="/mailbox/list"> gets the fragment at that address every two seconds, while the page is seen.
 * Without script the page is right when it is loaded again. */
const EVERY = 2000;

function put(place, text) {
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  place.innerHTML = text; // from our own server, made by a template; scripts in it would not run
  if (focused) document.getElementById(focused)?.focus();
}

for (const place of document.querySelectorAll("[data-poll]")) {
  let last = place.innerHTML.trim();
  const look = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(place.dataset.poll, { headers: { Accept: "text/html" }, redirect: "error", cache: "no-store" });
        if (answer.status >= 400 && answer.status < 500) return; // gone, or signed out: stop asking
        const text = answer.status === 200 ? (await answer.text()).trim() : last;
        if (text !== last) put(place, last = text);
      } catch { /* the server is away for a moment: ask again */ }
    }
    setTimeout(look, EVERY);
  };
  setTimeout(look, EVERY);
}
