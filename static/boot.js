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

  function bytesOf(base64) {
    if (Uint8Array.fromBase64) {
      return Uint8Array.fromBase64(base64);
    }
    var text = atob(base64);
    var bytes = new Uint8Array(text.length);
    for (var i = 0; i < text.length; i++) {
      bytes[i] = text.charCodeAt(i);
    }
    return bytes;
  }

  function compile(packed) {
    var stream = new Blob([bytesOf(packed)]).stream().pipeThrough(new DecompressionStream("gzip"));
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
    resolve(compile(program.textContent));
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
