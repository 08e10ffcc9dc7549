"use strict";

document.getElementById("plain").hidden = location.protocol !== "http:";
