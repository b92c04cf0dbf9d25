// Starts the page: unpacks the program that this file carries, compiles it once and runs it.
//
// Inlined behind the glue that wasm-bindgen wrote, and named by its hash in the page's policy. It is written in the
// oldest JavaScript there is, so that a browser which is too old still says so instead of showing a blank page.
(function () {
  "use strict";

  var NEEDS = "Doublehop needs Chrome or Edge 96, Firefox 113, Safari 16.4, or a newer version of one of them.";

  function refuse(why) {
    var app = document.getElementById("app");
    var says = document.createElement("p");
    says.setAttribute("role", "alert");
    says.textContent = "Doublehop could not start in this browser: " + why + " " + NEEDS;
    app.textContent = "";
    app.appendChild(says);
    document.body.setAttribute("data-state", "failed");
  }

  // Two characters carry 13 bits; the characters are # to ~ without < (xtask/src/dense.rs writes them).
  function bytesOf(text, length) {
    var bytes = new Uint8Array(length);
    var codes = new TextEncoder().encode(text);
    var held = 0, bits = 0, at = 0;
    for (var i = 1; i < codes.length; i += 2) {
      var low = codes[i - 1], high = codes[i];
      held |= (low - (low > 60 ? 36 : 35) + 91 * (high - (high > 60 ? 36 : 35))) << bits;
      bytes[at++] = held;
      held >>>= 8;
      bits += 5;
      if (bits >= 8) {
        bytes[at++] = held;
        held >>>= 8;
        bits -= 8;
      }
    }
    return bytes;
  }

  function compile(packed, length) {
    var stream = new Blob([bytesOf(packed, length)]).stream().pipeThrough(new DecompressionStream("gzip"));
    // Compiled while it is unpacked.
    return WebAssembly.compileStreaming(new Response(stream, { headers: { "Content-Type": "application/wasm" } }));
  }

  if (typeof WebAssembly !== "object" || typeof WebAssembly.compileStreaming !== "function") {
    refuse("it has no WebAssembly, or WebAssembly is switched off.");
    return;
  }
  if (typeof DecompressionStream !== "function" || typeof globalThis !== "object") {
    refuse("it can't unpack the program (there is no DecompressionStream).");
    return;
  }

  var program = document.getElementById("program");
  new Promise(function (resolve) {
    resolve(compile(program.textContent, Number(program.getAttribute("data-length"))));
  })
    .then(function (module) {
      // The page makes its worker of these two: compiled once, and the same glue.
      globalThis.doublehop = { module: module, glue: document.getElementById("glue").textContent };
      program.remove();
      wasm_bindgen.initSync({ module: module });
    })
    .catch(function (error) {
      console.error(error);
      refuse("starting the program failed (" + error + ").");
    });
})();
