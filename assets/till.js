/* till.js: at the counter, what is due by the way it is paid and sent, and what to give back, while one types. Without script the page says so after the sale. */
const form = document.querySelector("form[data-till]");

if (form) {
  const due = form.querySelector("[data-due]"), back = form.querySelector("[data-back]"), given = form.elements.given;
  const shown = (cents) => `${form.dataset.currency}\u00a0${(cents / 100).toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, "’")}`;
  const typed = () => {
    const text = given.value.replace(/['’\s]/g, "").replace(",", ".");
    return /^\d+(\.\d{0,2})?$/.test(text) ? Math.round(Number(text) * 100) : 0;
  };
  const tell = () => {
    const isCash = form.elements.payment.value === "cash";
    const total = Number(form.dataset.till) + Number(form.elements.shipment_mode.selectedOptions[0]?.dataset.fee ?? 0);
    const cents = isCash ? Math.round(total / 5) * 5 : total; // to 0.05, as the house rounds
    due.textContent = shown(cents);
    given.disabled = !isCash;
    back.hidden = !isCash || typed() <= cents;
    back.querySelector("b").textContent = shown(typed() - cents);
  };
  form.addEventListener("input", tell);
  tell();
}
