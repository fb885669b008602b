// <button type="button" data-share="URL" data-title="Name of the badge" hidden>Share</button>

for (const button of document.querySelectorAll("[data-share]")) {
  const shared = { url: new URL(button.dataset.share, location.href).href, title: button.dataset.title };
  if (!navigator.share) continue;
  button.hidden = false;
  // Closing the system's dialog rejects; there is nothing to say about it.
  button.addEventListener("click", () => navigator.share(shared).catch(() => {}));
}
