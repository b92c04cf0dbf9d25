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
    var held = 0, bits = 0, at = 0;
    for (var i = 0; i + 1 < text.length; i += 2) {
      var low = text.charCodeAt(i) - 35;
      var high = text.charCodeAt(i + 1) - 35;
      if (low > 25) { low -= 1; }
      if (high > 25) { high -= 1; }
      held |= (low + 91 * high) << bits;
      bits += 13;
      while (bits >= 8 && at < length) {
        bytes[at++] = held & 255;
        held >>>= 8;
        bits -= 8;
      }
    }
    return bytes;
  }

  function compile(packed, length) {
    var stream = new Blob([bytesOf(packed, length)]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).arrayBuffer().then(function (program) {
      return WebAssembly.compile(program);
    });
  }

  if (typeof WebAssembly !== "object" || typeof WebAssembly.compile !== "function") {
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
