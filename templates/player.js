// Times on the page seek in its own player. Without this script they open the audio at that time.
"use strict";
{
  const audio = document.querySelector("audio");
  const links = [...document.querySelectorAll("a[data-t]")];
  const chapters = links.filter((link) => link.closest(".chapters"));

  const seek = (seconds, play) => {
    const go = () => { audio.currentTime = seconds; };
    if (audio.readyState > 0) go();
    else {
      audio.addEventListener("loadedmetadata", go, { once: true });
      if (!play) audio.preload = "metadata";
      audio.load();
    }
    if (play) audio.play();
  };

  const mark = () => {
    const current = chapters.filter((link) => Number(link.dataset.t) <= audio.currentTime + 0.05).pop();
    for (const link of chapters) {
      if (link === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };

  for (const link of links) {
    link.addEventListener("click", (event) => {
      if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      seek(Number(link.dataset.t), true);
    });
  }
  if (chapters.length) audio.addEventListener("timeupdate", mark);

  // <page>#t=70 shares a moment.
  const moment = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
  if (moment) seek(Number(moment[1]), false);
}
