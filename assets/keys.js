// keys.js: one key leads to a field or a page. <input data-key="/"> is focused when / is pressed and nothing is being typed, <a data-press="?"> is followed.
const types = (at) => at.isContentEditable || ["TEXTAREA", "SELECT"].includes(at.tagName) || (at.tagName === "INPUT" && !["checkbox", "radio", "submit", "button"].includes(at.type));
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || types(event.target)) return;
  const field = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const link = document.querySelector(`[data-press="${CSS.escape(event.key)}"]`);
  if (!field && !link) return;
  event.preventDefault();
  if (!field) return link.click();
  field.focus();
  field.select?.();
});
