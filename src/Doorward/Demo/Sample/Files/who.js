"use strict";

function list(id, entries) {
  const section = document.getElementById(id);
  const terms = section.querySelector("dl");
  for (const [name, value] of entries) {
    const term = document.createElement("dt");
    term.textContent = name;
    // An app is told no more of a person than the policy of its route asks about.
    if (name === "groups") term.append(Object.assign(document.createElement("small"), { textContent: "only those that this route's policy asks about" }));
    const text = document.createElement("dd");
    text.textContent = Array.isArray(value) ? value.join(", ") || "none" : String(value);
    terms.append(term, text);
  }
  section.hidden = entries.length === 0;
}

async function show() {
  const { visitor, headers } = await (await fetch("/who")).json();
  const claims = visitor.claims ?? {};
  const texts = {
    "verified": ["Hello, " + (claims.name ?? claims.email ?? claims.sub), "The app checked Doorward's signed word about you, and believes it."],
    "nobody": ["Hello, stranger", "The request brought no word about you: this route is open to everybody."],
    "not believed": ["Hello?", "The request brought a word about you that the app does not believe: " + visitor.why + "."],
  };
  const [greeting, verdict] = texts[visitor.verdict];
  document.getElementById("greeting").textContent = greeting;
  document.getElementById("verdict").textContent = verdict;
  document.body.dataset.verdict = visitor.verdict;
  list("claims", Object.entries(claims));
  list("headers", Object.entries(headers).filter(([, value]) => value));
}

show().catch(() => { document.getElementById("verdict").textContent = "The app did not answer. Reload to try again."; });
