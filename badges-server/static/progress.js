// <progress data-progress="URL" data-next="URL" aria-describedby="id of a live region"></progress>
// The first URL answers {"done": 12, "total": 40, "finished": false, "text": "12 of 40 awarded"}.

for (const bar of document.querySelectorAll("[data-progress]")) {
  const region = document.getElementById(bar.getAttribute("aria-describedby"));
  const look = async () => {
    try {
      const answer = await fetch(bar.dataset.progress, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const { done, total, finished, text } = await answer.json();
        bar.max = Math.max(total, 1);
        bar.value = done;
        if (region && region.textContent !== text) region.textContent = text;
        if (finished) {
          if (bar.dataset.next) location.replace(bar.dataset.next);
          return;
        }
      }
    } catch {
      // The connection is gone for the moment; the work goes on without us.
    }
    setTimeout(look, 1000);
  };
  look();
}
