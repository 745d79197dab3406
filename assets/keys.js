/* keys.js: one key leads to a field. <input data-key="/"> is focused when / is pressed and nothing is being typed. */
const types = (at) => at.isContentEditable || ["TEXTAREA", "SELECT"].includes(at.tagName) || (at.tagName === "INPUT" && !["checkbox", "radio", "submit", "button"].includes(at.type));
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || types(event.target)) return;
  const field = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select?.();
});
