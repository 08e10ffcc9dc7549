"use strict";

function clock(id) {
  const section = document.getElementById(id);
  const set = (state, text) => {
    if (section.dataset.state === state) return;
    section.dataset.state = state;
    section.querySelector(".state").textContent = text;
  };
  return {
    tick(time) {
      section.querySelector(".time").textContent = time;
      set("open", "open");
    },
    end(why) {
      set("ended", why);
      document.getElementById("again").hidden = false;
    },
  };
}

const bySocket = clock("socket");
const socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/clock/socket");
socket.onmessage = message => bySocket.tick(message.data);
socket.onclose = close => bySocket.end(close.reason ? `${close.reason} (${close.code})` : `code ${close.code}`);

const byEvents = clock("events");
const events = new EventSource("/clock/events");
events.onmessage = message => byEvents.tick(message.data);
events.addEventListener("doorward-revoked", message => {
  const told = JSON.parse(message.data);
  byEvents.end(`${told.message} (${told.error})`);
  events.close();
});
events.onerror = () => {
  if (events.readyState === EventSource.CLOSED) byEvents.end("the server closed it");
};
