// Keeps an open page up to date. Everything is readable without this script; it only adds what comes later.

const maximumLines = 2000;
const main = document.querySelector("main");
const status = document.querySelector("[data-live-status]");
const log = document.querySelector("[data-log]");
const lines = document.querySelector("[data-lines]");
const pauseButton = document.querySelector("[data-pause]");
const newestButton = document.querySelector("[data-newest]");

// The server renders with the same templates as the page and encodes everything, so its fragments are taken as they are.
const parse = (html) => {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
};

const live = (root) => new Map([...root.querySelectorAll("[data-live]")].map((element) => [element.dataset.live, element]));

const openDetails = (root) =>
  [...root.querySelectorAll("details[open]")].map((details) => details.closest("[data-live]")?.dataset.live);

const openAgain = (keys) => {
  for (const key of keys.filter(Boolean)) {
    document.querySelector(`[data-live="${CSS.escape(key)}"] details`)?.setAttribute("open", "");
  }
};

// Only what differs is replaced: focus and selection elsewhere stay.
const showPage = (html) => {
  const next = parse(html);
  const root = document.querySelector("[data-live-root]");
  const before = live(root ?? document);
  const after = live(next);
  announce(before, after);
  if (root && [...before.keys()].join("\n") !== [...after.keys()].join("\n")) {
    const open = openDetails(root);
    root.replaceWith(next);
    openAgain(open);
  } else {
    for (const [key, element] of after) {
      const shown = before.get(key);
      // An opened details element differs by its attribute only, which is the reader's.
      if (shown && shown.innerHTML.replaceAll(' open=""', "") !== element.innerHTML) {
        const open = openDetails(shown);
        shown.replaceWith(element);
        openAgain(open);
      }
    }
  }
  showDurations();
};

const announce = (before, after) => {
  const news = [...after]
    .filter(([key, element]) => element.dataset.announce && element.dataset.announce !== before.get(key)?.dataset.announce)
    .map(([, element]) => element.dataset.announce);
  if (news.length > 0) {
    document.querySelector("[data-announcements]").textContent = news.join(", ");
  }
};

// The same words as the server's Wording.Duration.
const duration = (seconds) => {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes < 1) {
    return `${Math.max(0, Math.floor(seconds))} s`;
  }
  if (hours < 1) {
    return `${minutes} min`;
  }
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
};

const showDurations = () => {
  for (const element of document.querySelectorAll("[data-since]")) {
    const text = duration((Date.now() - Number(element.dataset.since)) / 1000);
    if (element.textContent !== text) {
      element.textContent = text;
    }
  }
};

// Log lines. The terminal is laid out from its end, so a scroll position of 0 shows the newest line and stays there.
let paused = false;
let held = [];

const isAtEnd = () => Math.abs(log.scrollTop) < 4;

const appendLines = (elements) => {
  const follow = isAtEnd();
  const height = log.scrollHeight;
  lines.append(...elements);
  const grown = log.scrollHeight - height;
  while (lines.childElementCount > maximumLines) {
    lines.firstElementChild.remove();
  }
  if (!follow) {
    log.scrollTop -= grown;
  }
};

const showLines = (html) => {
  const elements = [...parse(html).children];
  if (!paused) {
    appendLines(elements);
    return;
  }
  held = [...held, ...elements].slice(-maximumLines);
  showPause();
};

const showPause = () => {
  pauseButton.setAttribute("aria-pressed", String(paused));
  pauseButton.textContent = paused && held.length > 0 ? `Paused, ${held.length} new` : paused ? "Paused" : "Pause";
};

const togglePause = () => {
  paused = !paused;
  if (!paused) {
    appendLines(held);
    held = [];
  }
  showPause();
};

// The connection. Closed while nobody looks: a browser opens only six of them to one server.
let source;
let lastId;
let retry;

const setStatus = (text, lost) => {
  status.hidden = false;
  status.classList.toggle("lost", lost);
  status.querySelector("[data-live-text]").textContent = text;
};

const connect = () => {
  clearTimeout(retry);
  const url = new URL(main.dataset.liveUrl, location.href);
  if (lastId) {
    url.searchParams.set("after", lastId);
  }
  source = new EventSource(url);
  source.addEventListener("open", () => setStatus("Live", false));
  source.addEventListener("page", (event) => showPage(event.data));
  source.addEventListener("log", (event) => {
    lastId = event.lastEventId;
    showLines(event.data);
  });
  source.addEventListener("error", () => {
    setStatus("Connection lost", true);
    if (source.readyState === EventSource.CLOSED) {
      retry = setTimeout(connect, 3000);
    }
  });
};

const disconnect = () => {
  clearTimeout(retry);
  source?.close();
};

if (main.dataset.liveUrl) {
  connect();
  setInterval(showDurations, 1000);
  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  addEventListener("pagehide", disconnect);
  // Back from the browser's page cache: everything is as it was, except for the connection.
  addEventListener("pageshow", (event) => event.persisted && connect());
}

if (log) {
  pauseButton.hidden = false;
  pauseButton.addEventListener("click", togglePause);
  newestButton.addEventListener("click", () => (log.scrollTop = 0));
  log.addEventListener("scroll", () => (newestButton.hidden = isAtEnd()), { passive: true });
}
