// What pages do beyond what they do without it: they keep themselves fresh by the stream of events, and warn before a session is
// idle. Nothing here decides anything: each page is made by the server.
"use strict";

(() => {
  const WARN_SECONDS = 180;
  const GATHER_MILLISECONDS = 300;
  const RECONNECT_MILLISECONDS = 15000;

  // Moves the reader to what is wrong with a form that was sent.
  const summary = document.getElementById("summary");
  if (summary) summary.focus();

  // The session is about to be idle.
  const idle = document.getElementById("idle");
  const seconds = Number(document.body.dataset.idleSeconds);
  if (idle && seconds > WARN_SECONDS) {
    let timer;
    const wait = () => {
      idle.hidden = true;
      clearTimeout(timer);
      timer = setTimeout(() => { idle.hidden = false; }, (seconds - WARN_SECONDS) * 1000);
    };
    idle.addEventListener("submit", async (event) => {
      event.preventDefault();
      const form = event.target;
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
      if (answer && answer.status === 204) wait();
      else form.submit();
    });
    wait();
  }

  // The worklist changes by itself. An alert only says that it has changed: who has opened one is recorded, and a page that is
  // left open has been opened by nobody.
  const parts = () => document.querySelectorAll("[data-live]");
  const changed = document.getElementById("changed");
  const stopped = document.getElementById("stopped");
  if ((parts().length === 0 && !changed) || !window.EventSource) return;

  const stop = (is) => { if (stopped) stopped.hidden = !is; };

  const refresh = async () => {
    const headers = { "x-holdfast-live": "1" };
    const answer = await fetch(location.pathname, { headers, redirect: "manual", cache: "no-store" }).catch(() => null);
    if (!answer || !answer.ok) { stop(true); return; }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts()) {
      const other = fresh.getElementById(part.id);
      // Somebody at work in a part is not disturbed; the next change brings it up to date.
      if (other && !part.contains(document.activeElement)) part.replaceWith(document.adoptNode(other));
    }
    stop(false);
  };

  let gathering;
  const soon = () => {
    clearTimeout(gathering);
    gathering = setTimeout(refresh, GATHER_MILLISECONDS);
  };
  const isOfThisPage = (event) => {
    const reference = JSON.parse(event.data).reference;
    return event.type === "stream.reset" || (reference && location.pathname.endsWith(`/${reference}`));
  };
  const hear = (event) => {
    if (!changed) soon();
    else if (isOfThisPage(event)) changed.hidden = false;
  };
  const events = new EventSource("/portal/events");
  for (const name of ["alert.raised", "alert.changed", "alert.closed", "alert.reopened", "task.made", "programme_task.made", "stream.reset"]) {
    events.addEventListener(name, hear);
  }
  // A stream that was refused does not come back by itself; one that broke off does, where the network lets it.
  const look = () => { if (events.readyState !== EventSource.OPEN) stop(true); };
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) look();
    else setTimeout(look, RECONNECT_MILLISECONDS);
  });
  events.addEventListener("open", () => stop(false));
})();
