/* The page that waits for a booklet: it asks now and then whether it is made, and shows it then. Without script a link
   does the same. */

const EVERY = 2500;
const place = document.querySelector("[data-waits]");

async function isMaking() {
  const answer = await fetch(place.dataset.waits, { headers: { Accept: "application/json" } });
  return answer.ok ? (await answer.json()).making : false;
}

function wait() {
  setTimeout(async () => {
    try {
      if (document.hidden || (await isMaking())) wait();
      else location.reload();
    } catch {
      // The connection broke off for a moment.
      wait();
    }
  }, EVERY);
}

if (place) wait();
