/* copy.js: <button data-copy="98…" hidden> puts a number on the clipboard. Without it the number can be marked by hand. */
for (const button of document.querySelectorAll("[data-copy]")) {
	if (!navigator.clipboard) continue;
	button.hidden = false;
	button.addEventListener("click", async () => {
		await navigator.clipboard.writeText(button.dataset.copy);
		button.classList.add("done");
	});
}
